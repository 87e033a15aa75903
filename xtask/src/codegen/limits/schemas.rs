//! Limits of schemas.

use std::collections::BTreeSet;

use openapiv3::{ReferenceOr, Schema};
use serde_json::{Map, Value};

use super::super::contract::Contract;
use super::super::json_path::{element, member};
use super::super::progenitor_input::HAND_WRITTEN;
use super::super::{names, open_enums};
use super::{check_name, check_names, check_shape};
use crate::failure::Result;

/// Names that generated code takes from Rust's prelude; a type of that name would stand in their way.
const RUST_TYPES: [&str; 10] =
    ["Box", "Default", "Err", "From", "Into", "Option", "Result", "String", "ToString", "Vec"];

/// The hand-written type that neither reads nor writes JSON.
const HEADER_ONLY: &str = "SessionCookie";

/// Checks the component schemas.
pub(super) fn check_all(contract: &Contract) -> Result<()> {
    for (name, schema) in contract.schemas() {
        let path = member("$.components.schemas", name);
        check_name(contract, &path, name, &names::pascal(name))?;
        if RUST_TYPES.contains(&names::pascal(name).as_str()) {
            return Err(contract.failure(&path, format!("`{name}` would hide Rust's own; rename the schema")));
        }
        if HAND_WRITTEN.contains(&name.as_str()) {
            check_shape::<ReferenceOr<Schema>>(contract, &path, schema)?;
        } else {
            check_schema(contract, &path, schema, true)?;
        }
    }
    check_circles(contract)?;
    check_names(
        contract,
        contract.schemas().map(|(name, _)| (member("$.components.schemas", name), names::pascal(name))),
    )
}

/// Checks a schema that stands inside something else.
pub(super) fn check(contract: &Contract, path: &str, schema: &Value) -> Result<()> {
    check_schema(contract, path, schema, false)
}

fn check_schema(contract: &Contract, path: &str, schema: &Value, named: bool) -> Result<()> {
    let Some(members) = schema.as_object() else {
        return Err(contract.failure(path, "a schema has to be an object"));
    };
    if members.contains_key("$ref") {
        return check_reference(contract, path, members);
    }
    if members.contains_key("enum") {
        if !named {
            return Err(contract.failure(
                path,
                "an enum inside another schema would refuse values that are added later; name it under `components.schemas`",
            ));
        }
        open_enums::check(contract, path, schema)?;
    }
    if let Some(properties) = members.get("properties").and_then(Value::as_object) {
        let path = member(path, "properties");
        check_properties(contract, &path, properties, keeps_unknown_members(members))?;
        for (name, property) in properties {
            check(contract, &member(&path, name), property)?;
        }
    }
    for key in ["items", "not"] {
        if let Some(inner) = members.get(key) {
            check(contract, &member(path, key), inner)?;
        }
    }
    if let Some(inner) = members.get("additionalProperties").filter(|inner| inner.is_object()) {
        check(contract, &member(path, "additionalProperties"), inner)?;
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let path = member(path, key);
        for (index, inner) in members.get(key).and_then(Value::as_array).into_iter().flatten().enumerate() {
            check(contract, &element(&path, index), inner)?;
        }
    }
    check_dependencies(contract, path, members)?;
    check_shape::<ReferenceOr<Schema>>(contract, path, schema)
}

fn check_reference(contract: &Contract, path: &str, members: &Map<String, Value>) -> Result<()> {
    let place = member(path, "$ref");
    let Some(reference) = members["$ref"].as_str() else {
        return Err(contract.failure(&place, "a reference has to be a string"));
    };
    let name = reference.strip_prefix("#/components/schemas/");
    if name.is_none_or(|name| contract.component("schemas", name).is_none()) {
        return Err(contract.failure(&place, format!("`{reference}` is no schema under `components.schemas`")));
    }
    if name == Some(HEADER_ONLY) {
        return Err(contract.failure(&place, format!("`{HEADER_ONLY}` is the type of a header, not of JSON")));
    }
    Ok(())
}

/// A schema can have itself as a property, but not as a part: typify would merge it for ever.
fn check_circles(contract: &Contract) -> Result<()> {
    for (name, schema) in contract.schemas() {
        let mut parts = BTreeSet::new();
        collect_parts(contract, schema, &mut parts);
        if parts.contains(name.as_str()) {
            let message = "the schema consists of itself, by `allOf`, `anyOf` or `oneOf`";
            return Err(contract.failure(&member("$.components.schemas", name), message));
        }
    }
    Ok(())
}

/// The names of the schemas that the schema is composed of.
fn collect_parts<'a>(contract: &Contract<'a>, schema: &'a Value, found: &mut BTreeSet<&'a str>) {
    let name = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components/schemas/"));
    if let Some((name, part)) = name.and_then(|name| Some((name, contract.component("schemas", name)?)))
        && found.insert(name)
    {
        collect_parts(contract, part, found);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        schema[key].as_array().into_iter().flatten().for_each(|part| collect_parts(contract, part, found));
    }
}

/// Some keywords make typify call crates that session-client does not depend on.
fn check_dependencies(contract: &Contract, path: &str, schema: &Map<String, Value>) -> Result<()> {
    if schema.contains_key("enum") {
        return Ok(());
    }
    let (key, needed) = if schema.contains_key("pattern") {
        ("pattern", "regress")
    } else if schema.get("format").is_some_and(|format| format == "uuid") {
        ("format", "uuid")
    } else {
        return Ok(());
    };
    let message = format!("needs the crate `{needed}`, which session-client does without; remove it by the overlay");
    Err(contract.failure(&member(path, key), message))
}

/// `additionalProperties: {}` makes the generator add the field `extra`.
fn keeps_unknown_members(schema: &Map<String, Value>) -> bool {
    schema.get("additionalProperties").is_some_and(Value::is_object)
}

fn check_properties(
    contract: &Contract,
    path: &str,
    properties: &Map<String, Value>,
    keeps_unknown_members: bool,
) -> Result<()> {
    let extra = properties.keys().find(|name| keeps_unknown_members && names::snake(name) == "extra");
    if let Some(name) = extra {
        let message = "collides with the field `extra`, which keeps the members that the contract does not name; \
                       remove `additionalProperties` from the schema, or the property, by an action of the overlay";
        return Err(contract.failure(&member(path, name), message));
    }
    check_names(contract, properties.keys().map(|name| (member(path, name), names::snake(name))))
}
