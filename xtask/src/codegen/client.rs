//! session-client/src/generated.rs: progenitor's types and methods, grafted onto the hand-written client.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{File, ImplItem, ImplItemFn, Item, ItemMod, parse_quote};

use super::contract::Contract;
use super::graft::graft;
use super::open_enums;
use super::progenitor_input::{Responses, generate, unexpected};
use crate::failure::Result;

/// The file's items.
pub(super) fn items(contract: &Contract) -> Result<File> {
    let tokens = generate(contract, "crate", Responses::Success, progenitor::Generator::generate_tokens)?;
    let output: File = syn::parse2(tokens).map_err(|error| unexpected(contract.file, error))?;
    let types = types(contract, &output)?;
    let methods = methods(contract, &output)?;
    Ok(parse_quote! {
        use crate::parameter::{header_value, path_segment};
        use crate::{Client, Error, Response};

        #types

        impl Client {
            #(#methods)*
        }
    })
}

/// The module `types`, with the open enums and the type of `extra`.
fn types(contract: &Contract, output: &File) -> Result<ItemMod> {
    let mut types = output
        .items
        .iter()
        .find_map(|item| match item {
            Item::Mod(module) if module.ident == "types" => Some(module.clone()),
            _ => None,
        })
        .ok_or_else(|| unexpected(contract.file, "there is no module `types`"))?;
    let mut pass = ExtraFields { changed: 0 };
    pass.visit_item_mod_mut(&mut types);
    let expected = contract.schemas().filter(|(_, schema)| keeps_unknown_members(schema)).count();
    expect(contract, "fields `extra`", pass.changed, expected)?;
    let enums: TokenStream =
        open_enums::names(contract).map(|(name, schema)| open_enums::items(name, schema)).collect();
    let enums: File = syn::parse2(enums).map_err(|error| unexpected(contract.file, error))?;
    types.attrs = vec![parse_quote!(#[doc = " The types of requests and responses."])];
    if let Some((_, items)) = &mut types.content {
        items.extend(enums.items);
    }
    Ok(types)
}

fn keeps_unknown_members(schema: &serde_json::Value) -> bool {
    schema.get("properties").is_some() && schema.get("additionalProperties").is_some_and(serde_json::Value::is_object)
}

/// Gives the fields `extra` a type that does not show what it holds.
struct ExtraFields {
    changed: usize,
}

impl VisitMut for ExtraFields {
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if field.ident.as_ref().is_some_and(|ident| ident == "extra") {
            field.ty = parse_quote!(crate::Extra);
            field.attrs.push(parse_quote!(#[doc = " The members that the specification does not name, as they came."]));
            self.changed += 1;
        }
    }
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
    expect(contract, "methods", methods.len(), operations.len())?;
    for method in &mut methods {
        let operation = operations
            .iter()
            .find(|operation| method.sig.ident == operation.method_name())
            .ok_or_else(|| unexpected(contract.file, format!("`{}` is no operation", method.sig.ident)))?;
        graft(contract, operation, method)?;
    }
    Ok(methods)
}

/// Two counts that have to be the same.
fn expect(contract: &Contract, what: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected { Ok(()) } else { Err(unexpected(contract.file, format!("{found} {what}, not {expected}"))) }
}
