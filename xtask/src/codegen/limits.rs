//! What the generator cannot take, found before it is asked: progenitor panics on some of it, and drops some silently.

mod operations;
mod parameters;
mod schemas;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::contract::Contract;
use super::json_path::{element, member};
use super::names;
use crate::failure::Result;

/// Fails at the first thing in the contract that the generator cannot take.
pub(super) fn check(contract: &Contract) -> Result<()> {
    let version = contract.document["openapi"].as_str().unwrap_or_default();
    if version.strip_prefix("3.0.").is_none_or(|patch| patch.parse::<u32>().is_err()) {
        return Err(contract.failure("$.openapi", format!("OpenAPI 3.0 is needed, not `{version}`")));
    }
    check_components(contract)?;
    let operations = contract.operations()?;
    if operations.is_empty() {
        return Err(contract.failure("$.paths", "there is no operation to generate"));
    }
    check_references(contract, "$", contract.document)?;
    schemas::check_all(contract)?;
    check_names(contract, operations.iter().map(|operation| (operation.json_path.clone(), operation.method_name())))?;
    operations.iter().try_for_each(|operation| operations::check(contract, operation))?;
    check_shape::<openapiv3::Info>(contract, "$.info", &contract.document["info"])?;
    check_shape::<openapiv3::OpenAPI>(contract, "$", contract.document)
}

/// The kinds of components are objects; everything below relies on it.
fn check_components(contract: &Contract) -> Result<()> {
    let Some(components) = contract.document.get("components") else { return Ok(()) };
    let kinds = components.as_object();
    for (kind, named) in kinds.ok_or_else(|| contract.failure("$.components", "has to be an object"))? {
        if !kind.starts_with("x-") && !named.is_object() {
            return Err(contract.failure(&member("$.components", kind), "has to be an object"));
        }
    }
    Ok(())
}

/// Every reference has to lead to a component of the document.
fn check_references<'a>(contract: &Contract<'a>, path: &str, value: &'a Value) -> Result<()> {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let kind = reference.strip_prefix("#/components/").and_then(|rest| rest.split_once('/'));
                let Some((kind, _)) = kind else {
                    let message = format!("`{reference}` is no reference to `#/components/…` of this document");
                    return Err(contract.failure(&member(path, "$ref"), message));
                };
                contract.resolve(kind, path.to_owned(), value)?;
            }
            // An example is data: what looks like a reference there is none.
            let examples = |key: &str| key == "example" || key == "value";
            members
                .iter()
                .filter(|(key, _)| !examples(key))
                .try_for_each(|(key, value)| check_references(contract, &member(path, key), value))
        }
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| check_references(contract, &element(path, index), value)),
        _ => Ok(()),
    }
}

/// Two things of the document must not get one name in Rust.
fn check_names(contract: &Contract, names: impl Iterator<Item = (String, String)>) -> Result<()> {
    let mut seen = BTreeMap::new();
    for (path, name) in names {
        if let Some(other) = seen.insert(name.clone(), path.clone()) {
            return Err(contract.failure(&path, format!("gets the Rust name `{name}`, which {other} has already")));
        }
    }
    Ok(())
}

/// A name of the document has to be one in Rust, but for its case.
fn check_name(contract: &Contract, path: &str, name: &str, in_rust: &str) -> Result<()> {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        && name.contains(|c: char| c.is_ascii_alphabetic());
    if plain && names::is_identifier(in_rust) && !in_rust.starts_with('_') && !in_rust.ends_with('_') {
        Ok(())
    } else {
        Err(contract.failure(path, format!("`{name}` makes no name in Rust")))
    }
}

/// progenitor's model of OpenAPI has to be able to hold the value. It loses the place of what it cannot hold, so this is
/// called for the parts before the whole.
fn check_shape<T: DeserializeOwned>(contract: &Contract, path: &str, value: &Value) -> Result<()> {
    let read: std::result::Result<T, _> = serde_path_to_error::deserialize(value);
    read.map(drop).map_err(|error| {
        let place = error.path().iter().fold(path.to_owned(), |place, segment| match segment {
            serde_path_to_error::Segment::Map { key } => member(&place, key),
            serde_path_to_error::Segment::Seq { index } => element(&place, *index),
            _ => place,
        });
        contract.failure(&place, error.inner())
    })
}
