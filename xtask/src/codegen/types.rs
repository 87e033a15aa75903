//! The module `types` of session-client: progenitor's types with our attributes, and the open enums.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Fields, File, ImplItemFn, Item, ItemMod, ItemStruct, Type, parse_quote};

use super::contract::Contract;
use super::json_path::member;
use super::progenitor_input::{HAND_WRITTEN, unexpected};
use super::{names, open_enums};
use crate::failure::Result;

/// The module. What the methods take decides which types callers can build.
pub(super) fn module(contract: &Contract, output: &File, methods: &[ImplItemFn]) -> Result<ItemMod> {
    let mut items = progenitor_types(output)
        .ok_or_else(|| unexpected(contract, "$.components.schemas", "there is no module `types`"))?;
    drop_unused_errors(&mut items);
    type_extra_fields(contract, &mut items)?;
    let requests = reachable(&items, methods.iter().flat_map(|method| mentions(&method.sig.inputs)).collect());
    add_attributes(&mut items);
    let constructors: Vec<Item> = items.iter().filter_map(|item| constructor(item, &requests)).collect();
    items.extend(constructors);
    let enums: TokenStream =
        open_enums::schemas(contract).map(|(name, schema)| open_enums::items(name, schema)).collect();
    let enums: File = syn::parse2(enums).map_err(|error| unexpected(contract, "$.components.schemas", error))?;
    items.extend(enums.items);
    check_unique(contract, &items)?;
    Ok(parse_quote! {
        /// The types of requests and responses.
        pub mod types {
            #(#items)*
        }
    })
}

fn progenitor_types(output: &File) -> Option<Vec<Item>> {
    output.items.iter().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.clone().map(|(_, items)| items),
        _ => None,
    })
}

/// typify writes the module `error` whether a type needs it or not.
fn drop_unused_errors(items: &mut Vec<Item>) {
    let is_errors = |item: &Item| matches!(item, Item::Mod(module) if module.ident == "error");
    let used = items.iter().filter(|item| !is_errors(item)).any(|item| mentions(item).contains("ConversionError"));
    items.retain(|item| used || !is_errors(item));
}

/// Gives the fields `extra` a type that does not show what it holds.
fn type_extra_fields(contract: &Contract, items: &mut [Item]) -> Result<()> {
    let mut pass = ExtraFields::default();
    for item in items.iter_mut() {
        pass.visit_item_mut(item);
    }
    let missing = contract.schemas().find(|(name, schema)| {
        let expected = keeps_unknown_members(schema) && !HAND_WRITTEN.contains(&name.as_str());
        expected && !pass.structs.contains(&names::pascal(name))
    });
    match missing {
        None => Ok(()),
        Some((name, _)) => {
            Err(unexpected(contract, &member("$.components.schemas", name), "the type has no field `extra`"))
        }
    }
}

fn keeps_unknown_members(schema: &Value) -> bool {
    schema["properties"].as_object().is_some_and(|properties| !properties.is_empty())
        && schema["additionalProperties"].is_object()
}

#[derive(Default)]
struct ExtraFields {
    structs: BTreeSet<String>,
}

impl VisitMut for ExtraFields {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        for field in item.fields.iter_mut().filter(|field| is_extra(field)) {
            field.ty = parse_quote!(crate::Extra);
            field.attrs.push(parse_quote!(#[doc = " The members that the specification does not name, as they came."]));
            self.structs.insert(item.ident.to_string());
        }
        visit_mut::visit_item_struct_mut(self, item);
    }
}

fn is_extra(field: &Field) -> bool {
    let flattened =
        |attribute: &Attribute| attribute.path().is_ident("serde") && mentions(attribute).contains("flatten");
    field.ident.as_ref().is_some_and(|ident| ident == "extra") && field.attrs.iter().any(flattened)
}

/// Every type gets its JSON Schema. New members must break nobody: answers are only read, and of requests the
/// constructor fills in what is not required.
fn add_attributes(items: &mut [Item]) {
    for item in items {
        let attributes = match item {
            Item::Struct(item) => &mut item.attrs,
            Item::Enum(item) => &mut item.attrs,
            _ => continue,
        };
        let added: [Attribute; 2] = [
            parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]),
            parse_quote!(#[non_exhaustive]),
        ];
        let after_documentation = attributes.iter().take_while(|attribute| attribute.path().is_ident("doc")).count();
        attributes.splice(after_documentation..after_documentation, added);
    }
}

/// A request with what it needs. By hand it would have to follow each property that the contract gains.
fn constructor(item: &Item, requests: &BTreeSet<String>) -> Option<Item> {
    let Item::Struct(ItemStruct { ident, fields: Fields::Named(fields), .. }) = item else { return None };
    if !requests.contains(&ident.to_string()) {
        return None;
    }
    let (optional, required): (Vec<_>, Vec<_>) = fields.named.iter().partition(|field| is_optional(field));
    let parameters = required.iter().map(|Field { ident, ty, .. }| quote!(#ident: #ty));
    let names = required.iter().map(|field| &field.ident);
    let rest = optional.iter().map(|field| &field.ident);
    Some(parse_quote! {
        impl #ident {
            /// With what is required; everything else is left out.
            #[must_use]
            pub fn new(#(#parameters),*) -> Self {
                Self { #(#names,)* #(#rest: ::std::default::Default::default(),)* }
            }
        }
    })
}

/// Whether the field can be left out.
fn is_optional(field: &Field) -> bool {
    let defaults =
        |attribute: &Attribute| attribute.path().is_ident("serde") && mentions(attribute).contains("default");
    let is_option =
        matches!(&field.ty, Type::Path(ty) if ty.path.segments.last().is_some_and(|last| last.ident == "Option"));
    is_option || is_extra(field) || field.attrs.iter().any(defaults)
}

/// The names, and those that the types of these names consist of.
fn reachable(items: &[Item], names: BTreeSet<String>) -> BTreeSet<String> {
    let mut found = names;
    loop {
        let known = found.len();
        for item in items {
            match item {
                Item::Struct(item) if found.contains(&item.ident.to_string()) => found.extend(mentions(&item.fields)),
                Item::Enum(item) if found.contains(&item.ident.to_string()) => found.extend(mentions(&item.variants)),
                Item::Type(item) if found.contains(&item.ident.to_string()) => found.extend(mentions(&item.ty)),
                _ => {}
            }
        }
        if found.len() == known {
            return found;
        }
    }
}

/// The identifiers in the syntax.
pub(super) fn mentions(syntax: &impl ToTokens) -> BTreeSet<String> {
    fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => collect(group.stream(), found),
                TokenTree::Ident(ident) => {
                    found.insert(ident.to_string());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    collect(syntax.to_token_stream(), &mut found);
    found
}

/// A schema without a name of its own gets one from where it stands; that name must be free.
fn check_unique(contract: &Contract, items: &[Item]) -> Result<()> {
    let mut types = BTreeSet::new();
    for item in items {
        let (name, fields) = match item {
            Item::Struct(item) => (&item.ident, Some(&item.fields)),
            Item::Enum(item) => (&item.ident, None),
            Item::Type(item) => (&item.ident, None),
            _ => continue,
        };
        let path = member("$.components.schemas", &name.to_string());
        if !types.insert(name) {
            return Err(contract.failure(&path, "two types get this name in Rust; rename the schema"));
        }
        let mut members = BTreeSet::new();
        for field in fields.into_iter().flatten().filter_map(|field| field.ident.as_ref()) {
            if !members.insert(field) {
                return Err(contract.failure(&path, format!("two properties get the name `{field}` in Rust")));
            }
        }
    }
    Ok(())
}
