//! session-client/src/operations.rs: what the client has to know of each operation beside its types. progenitor ignores
//! `security` and the extensions.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::File;

use super::contract::{Contract, Operation};
use super::json_path::{element, member};
use super::progenitor_input::unexpected;
use crate::failure::Result;
use crate::spec::REMOVED_IN;

/// One alternative of an operation's `security`.
enum Scheme {
    ApiToken,
    OAuth2 { scopes: Vec<String> },
}

/// The file's items.
pub(super) fn items(contract: &Contract) -> Result<File> {
    let operations = contract.operations()?;
    let constants = operations.iter().map(|operation| constant(contract, operation)).collect::<Result<Vec<_>>>()?;
    let names = operations.iter().map(|operation| format_ident!("{}", operation.constant_name()));
    let tokens = quote! {
        use crate::operation::{Operation, Scheme};

        #(#constants)*

        /// All operations, in the order of the specification.
        pub const ALL: &[&Operation] = &[#(&#names),*];
    };
    syn::parse2(tokens).map_err(|error| unexpected(contract, "$.paths", error))
}

fn constant(contract: &Contract, operation: &Operation) -> Result<TokenStream> {
    let name = format_ident!("{}", operation.constant_name());
    let (id, path) = (operation.id, operation.path);
    let method = format_ident!("{}", operation.method.to_ascii_uppercase());
    let documentation = format!("`{id}`: `{method} {path}`");
    let schemes = schemes(contract, operation)?.into_iter().map(|scheme| match scheme {
        Scheme::ApiToken => quote!(Scheme::ApiToken),
        Scheme::OAuth2 { scopes } => quote!(Scheme::OAuth2 { scopes: &[#(#scopes),*] }),
    });
    let returns_body = operation.success().any(|(_, _, response)| has_body(response));
    let anonymous = flag(contract, operation, "x-anonymous")?;
    let repeat_safe = flag(contract, operation, "x-repeat-safe")?;
    Ok(quote! {
        #[doc = #documentation]
        pub const #name: Operation = Operation {
            id: #id,
            method: http::Method::#method,
            path: #path,
            returns_body: #returns_body,
            security: &[#(#schemes),*],
            anonymous: #anonymous,
            repeat_safe: #repeat_safe,
        };
    })
}

fn has_body(response: &Value) -> bool {
    response.get("content").and_then(Value::as_object).is_some_and(|content| !content.is_empty())
}

/// An extension that is true, false or missing.
fn flag(contract: &Contract, operation: &Operation, name: &str) -> Result<bool> {
    match operation.object.get(name) {
        None => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(contract.failure(&member(&operation.json_path, name), "has to be true or false")),
    }
}

/// The release that no longer published the operation, if there is one.
pub(super) fn removed_in<'a>(contract: &Contract, operation: &Operation<'a>) -> Result<Option<&'a str>> {
    match operation.object.get(REMOVED_IN) {
        None => Ok(None),
        Some(Value::String(release)) => Ok(Some(release)),
        Some(_) => {
            let message = "has to be the name of a release, in quotes where it looks like a number";
            Err(contract.failure(&member(&operation.json_path, REMOVED_IN), message))
        }
    }
}

/// What the operation's documentation says of credentials.
pub(super) fn credential(contract: &Contract, operation: &Operation) -> Result<String> {
    let mut alternatives: Vec<String> = schemes(contract, operation)?
        .into_iter()
        .map(|scheme| match scheme {
            Scheme::ApiToken => "an API token".to_owned(),
            Scheme::OAuth2 { scopes } => format!("OAuth 2.0 with the scope `{}`", scopes.join("` and `")),
        })
        .collect();
    if alternatives.is_empty() {
        return Ok("none of the client's; the cookie of the call is all that is sent".to_owned());
    }
    if flag(contract, operation, "x-anonymous")? {
        alternatives.push("none".to_owned());
    }
    Ok(alternatives.join(", or "))
}

/// The operation's `security`, or the document's where it has none of its own.
fn schemes(contract: &Contract, operation: &Operation) -> Result<Vec<Scheme>> {
    let (path, security) = match operation.object.get("security") {
        Some(security) => (member(&operation.json_path, "security"), Some(security)),
        None => ("$.security".to_owned(), contract.document.get("security")),
    };
    let alternatives = match security {
        None => &[],
        Some(Value::Array(alternatives)) => alternatives.as_slice(),
        Some(_) => return Err(contract.failure(&path, "has to be a list of alternatives")),
    };
    let alternatives = alternatives.iter().enumerate();
    alternatives.map(|(index, alternative)| scheme(contract, &element(&path, index), alternative)).collect()
}

fn scheme(contract: &Contract, path: &str, alternative: &Value) -> Result<Scheme> {
    let mut entries = alternative.as_object().into_iter().flatten();
    let (Some((name, scopes)), None) = (entries.next(), entries.next()) else {
        return Err(contract.failure(path, "only alternatives of exactly one security scheme can be generated"));
    };
    let Some(scheme) = contract.component("securitySchemes", name) else {
        return Err(contract.failure(&member(path, name), "the security scheme is not in the document"));
    };
    match (scheme["type"].as_str(), scheme["in"].as_str(), scheme["name"].as_str()) {
        (Some("oauth2"), ..) => {
            let scopes: Option<Vec<String>> = scopes
                .as_array()
                .and_then(|scopes| scopes.iter().map(|scope| scope.as_str().map(str::to_owned)).collect());
            let scopes = scopes.ok_or_else(|| contract.failure(&member(path, name), "has to be a list of scopes"))?;
            Ok(Scheme::OAuth2 { scopes })
        }
        (Some("apiKey"), Some("header"), Some("Authorization")) => Ok(Scheme::ApiToken),
        _ => {
            Err(contract
                .failure(&member(path, name), "only OAuth 2.0 and an API key in `Authorization` can be generated"))
        }
    }
}
