//! The JSON Schema of the generated types, held against the schemas of the contract.

use std::collections::{BTreeMap, BTreeSet};

use schemars::schema_for;
use serde_json::{Map, Value, json};
use session_client::types::{ApiError, CreateSessionRequest, Session};

use crate::contract::{DOCUMENT, members, schema};

/// Types by hand: their rules live in their code, and so do their descriptions.
const BY_HAND: [&str; 4] = ["ErrorSummary", "Links", "SessionId", "SessionToken"];

/// The schemas of the types and of all that they refer to, by name.
fn generated() -> BTreeMap<String, Value> {
    let mut schemas = BTreeMap::new();
    for root in [schema_for!(Session), schema_for!(ApiError), schema_for!(CreateSessionRequest)] {
        let Value::Object(mut root) = root.to_value() else { panic!("a schema is an object") };
        // What schemars says of the document that a schema is, not of the type.
        root.remove("$schema");
        if let Some(Value::Object(parts)) = root.remove("$defs") {
            schemas.extend(parts);
        }
        let Some(Value::String(name)) = root.remove("title") else { panic!("schemars names a type in its title") };
        schemas.insert(name, Value::Object(root));
    }
    schemas
}

/// A schema of the contract as schemars writes it. Each step is a difference between the two languages.
fn translated(contract: &Value) -> Value {
    let Value::Object(mut schema) = contract.clone() else { panic!("{contract} is a schema") };
    // Annotations that a Rust type has no place for. `nullable` follows from being optional, see `optional`.
    for annotation in ["example", "nullable", "readOnly", "x-enumDescriptions"] {
        schema.remove(annotation);
    }
    // OpenAPI 3.0 allows nothing beside `$ref`, so the contract wraps it.
    if let Some(Value::Array(wrapped)) = schema.remove("allOf") {
        schema.extend(wrapped.into_iter().filter_map(|one| one.as_object().cloned()).flatten());
    }
    if let Some(Value::String(reference)) = schema.get_mut("$ref") {
        *reference = reference.replace("#/components/schemas/", "#/$defs/");
    }
    // The enums are open: the known values are examples.
    if let Some(known) = schema.remove("enum") {
        schema.insert("examples".to_owned(), known);
    }
    // The same statement in two forms.
    if schema.get("additionalProperties") == Some(&json!({})) {
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
    if let Some(items) = schema.get_mut("items") {
        *items = translated(items);
    }
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| required.as_array().is_some_and(|names| names.iter().any(|it| it == name));
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, property) in properties {
            let translation = translated(property);
            *property = if is_required(name) { translation } else { optional(translation) };
        }
    }
    Value::Object(schema)
}

/// What may be missing is an `Option`, and that takes null too.
fn optional(property: Value) -> Value {
    let Value::Object(mut property) = property else { panic!("{property} is a schema") };
    if let Some(reference) = property.remove("$ref") {
        property.insert("anyOf".to_owned(), json!([{"$ref": reference}, {"type": "null"}]));
    } else if let Some(kind) = property.remove("type") {
        property.insert("type".to_owned(), json!([kind, "null"]));
    }
    Value::Object(property)
}

fn without_description(schema: &Value) -> Map<String, Value> {
    let mut members = schema.as_object().expect("a schema is an object").clone();
    members.remove("description");
    members
}

#[test]
fn every_schema_of_the_contract_but_the_cookie_is_one_of_the_types() {
    let types: BTreeSet<_> = generated().into_keys().chain(["SessionCookie".to_owned()]).collect();
    let contract: BTreeSet<_> = members(&DOCUMENT["components"]["schemas"]).map(|(name, _)| name.to_owned()).collect();

    assert_eq!(types, contract);
}

#[test]
fn the_schema_of_a_generated_type_is_that_of_the_contract() {
    for (name, generated) in generated().iter().filter(|(name, _)| !BY_HAND.contains(&name.as_str())) {
        assert_eq!(*generated, translated(schema(name)), "{name}");
    }
}

#[test]
fn the_schema_of_a_type_by_hand_is_that_of_the_contract_but_for_its_words() {
    let generated = generated();
    for name in BY_HAND {
        assert_eq!(without_description(&generated[name]), without_description(&translated(schema(name))), "{name}");
    }
}
