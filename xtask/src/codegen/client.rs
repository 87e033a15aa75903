//! session-client/src/generated.rs: progenitor's types and methods, grafted onto the hand-written client.

use std::collections::BTreeSet;

use quote::{ToTokens, format_ident};
use syn::{File, ImplItem, ImplItemFn, Item, parse_quote};

use super::contract::Contract;
use super::dependencies;
use super::graft::graft;
use super::progenitor_input::{Responses, generate, unexpected};
use super::types;
use crate::failure::Result;

/// What the crate session-client depends on, of what generated code may call.
const CRATES: [&str; 6] = ["chrono", "reqwest", "schemars", "serde", "serde_json", "std"];

/// The file's items.
pub(super) fn items(contract: &Contract) -> Result<File> {
    let tokens = generate(contract, "crate", Responses::Success, progenitor::Generator::generate_tokens)?;
    let output: File = syn::parse2(tokens).map_err(|error| unexpected(contract, "$", error))?;
    let methods = methods(contract, &output)?;
    let types = types::module(contract, &output, &methods)?;
    let called: BTreeSet<String> = methods.iter().flat_map(types::mentions).collect();
    let functions = ["header_value", "path_segment"].into_iter().filter(|name| called.contains(*name));
    let functions: Vec<_> = functions.map(|name| format_ident!("{name}")).collect();
    let imports: Option<Item> = (!functions.is_empty()).then(|| parse_quote!(use crate::parameter::{#(#functions),*};));
    let file = parse_quote! {
        #imports
        use crate::{Client, Error, Response};

        #types

        impl Client {
            #(#methods)*
        }
    };
    dependencies::check(contract, &file, &CRATES)?;
    Ok(file)
}

/// The methods of the operations. Of each, what builds the request stays; the rest is `Client::call`.
fn methods(contract: &Contract, output: &File) -> Result<Vec<ImplItemFn>> {
    let operations = contract.operations()?;
    let mut methods: Vec<_> = output
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Impl(block) if block.trait_.is_none() && block.self_ty.to_token_stream().to_string() == "Client" => {
                Some(&block.items)
            }
            _ => None,
        })
        .flatten()
        .filter_map(|item| match item {
            ImplItem::Fn(method) if method.sig.asyncness.is_some() => Some(method.clone()),
            _ => None,
        })
        .collect();
    if methods.len() != operations.len() {
        let message = format!("{} methods, not {}", methods.len(), operations.len());
        return Err(unexpected(contract, "$.paths", message));
    }
    for method in &mut methods {
        let operation = operations
            .iter()
            .find(|operation| method.sig.ident == operation.method_name())
            .ok_or_else(|| unexpected(contract, "$.paths", format!("`{}` is no operation", method.sig.ident)))?;
        graft(contract, operation, method)?;
    }
    Ok(methods)
}
