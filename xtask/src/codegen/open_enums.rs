//! String enums that keep values which the contract does not know: Okta adds values without notice.

use std::collections::BTreeMap;

use heck::ToPascalCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::contract::Contract;
use super::json_path::{element, member};
use super::names;
use super::progenitor_input::HAND_WRITTEN;
use crate::failure::Result;

/// The variant for all other values.
const UNKNOWN: &str = "Unknown";

/// The named string enums of the contract.
pub(super) fn schemas<'a>(contract: &Contract<'a>) -> impl Iterator<Item = (&'a String, &'a Value)> {
    contract.schemas().filter(|(name, schema)| schema.get("enum").is_some() && !HAND_WRITTEN.contains(&name.as_str()))
}

/// An enum has to be of strings, with a Rust name for each.
pub(super) fn check(contract: &Contract, path: &str, schema: &Value) -> Result<()> {
    if schema["type"] != "string" {
        return Err(contract.failure(path, "only an enum of `type: string` can be generated"));
    }
    if schema["nullable"] == true {
        return Err(
            contract.failure(&member(path, "nullable"), "null is no value of the enum; it belongs to the property")
        );
    }
    let path = member(path, "enum");
    let values = schema["enum"].as_array().filter(|values| !values.is_empty());
    let values = values.ok_or_else(|| contract.failure(&path, "has to be a list of values"))?;
    let mut seen = BTreeMap::from([(UNKNOWN.to_owned(), "the variant for all other values".to_owned())]);
    for (index, value) in values.iter().enumerate() {
        let path = element(&path, index);
        let Some(value) = value.as_str() else {
            return Err(contract.failure(&path, "every value of the enum has to be a string"));
        };
        let name = value.to_pascal_case();
        if !names::is_identifier(&name) {
            return Err(contract.failure(&path, format!("`{value}` has no name in Rust")));
        }
        if let Some(other) = seen.insert(name.clone(), format!("`{value}`")) {
            return Err(
                contract.failure(&path, format!("`{value}` gets the Rust name `{name}`, which {other} has already"))
            );
        }
    }
    Ok(())
}

/// The enum's Rust items.
pub(super) fn items(name: &str, schema: &Value) -> TokenStream {
    let ident = format_ident!("{}", names::pascal(name));
    let values: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let variants: Vec<_> = values.iter().map(|value| format_ident!("{}", value.to_pascal_case())).collect();
    let documentation = schema["description"].as_str().unwrap_or(name).trim();
    let meanings = values.iter().map(|value| {
        let meaning =
            schema["x-enumDescriptions"][value].as_str().map_or(String::new(), |text| format!(": {}", text.trim()));
        format!("`{value}`{meaning}")
    });
    let unknown = format_ident!("{UNKNOWN}");
    quote! {
        #[doc = #documentation]
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #ident {
            #(#[doc = #meanings] #variants,)*
            /// A value that this version of the crate does not know, as it came.
            #unknown(::std::string::String),
        }

        impl #ident {
            /// The values that this version of the crate knows.
            pub const KNOWN: &'static [&'static str] = &[#(#values),*];

            /// The value as it is written in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#unknown(value) => value,
                }
            }
        }

        impl ::std::convert::From<&str> for #ident {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::#unknown(other.to_owned()),
                }
            }
        }

        impl ::std::str::FromStr for #ident {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                crate::open_enum::display(self.as_str(), f)
            }
        }

        impl ::serde::Serialize for #ident {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #ident {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                crate::open_enum::deserialize(deserializer)
            }
        }

        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for #ident {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                #name.into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                crate::open_enum::json_schema(#documentation, Self::KNOWN)
            }
        }
    }
}
