//! What the generator cannot take, found before it is asked: progenitor panics on some of it, and drops some silently.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value};

use super::contract::{Contract, Operation};
use super::json_path::{element, member};
use super::open_enums;
use crate::failure::Result;

/// Fails at the first thing in the contract that the generator cannot take.
pub(super) fn check(contract: &Contract) -> Result<()> {
    let version = contract.document["openapi"].as_str().unwrap_or_default();
    if !version.starts_with("3.0.") {
        return Err(contract.failure("$.openapi", format!("OpenAPI 3.0 is needed, not `{version}`")));
    }
    check_references(contract, "$", contract.document)?;
    for (name, schema) in contract.schemas() {
        check_schema(contract, &member("$.components.schemas", name), schema, true)?;
    }
    check_names(
        contract,
        contract.schemas().map(|(name, _)| (member("$.components.schemas", name), name.to_pascal_case())),
    )?;
    let operations = contract.operations()?;
    check_names(contract, operations.iter().map(|operation| (operation.json_path.clone(), operation.method_name())))?;
    operations.iter().try_for_each(|operation| check_operation(contract, operation))
}

/// Every reference has to lead somewhere in the document.
fn check_references<'a>(contract: &Contract<'a>, path: &str, value: &'a Value) -> Result<()> {
    match value {
        Value::Object(members) => {
            if members.get("$ref").is_some_and(Value::is_string) {
                contract.resolve(path.to_owned(), value)?;
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

fn check_schema(contract: &Contract, path: &str, schema: &Value, named: bool) -> Result<()> {
    let Some(members) = schema.as_object() else {
        return Err(contract.failure(path, "a schema has to be an object"));
    };
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
            check_schema(contract, &member(&path, name), property, false)?;
        }
    }
    for key in ["items", "not"] {
        if let Some(inner) = members.get(key) {
            check_schema(contract, &member(path, key), inner, false)?;
        }
    }
    if let Some(inner) = members.get("additionalProperties").filter(|inner| inner.is_object()) {
        check_schema(contract, &member(path, "additionalProperties"), inner, false)?;
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        let path = member(path, key);
        for (index, inner) in members.get(key).and_then(Value::as_array).into_iter().flatten().enumerate() {
            check_schema(contract, &element(&path, index), inner, false)?;
        }
    }
    Ok(())
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
    let extra = properties.keys().find(|name| keeps_unknown_members && name.to_snake_case() == "extra");
    if let Some(name) = extra {
        let message = "collides with the field `extra`, which keeps the members that the contract does not name; \
                       remove `additionalProperties` from the schema, or the property, by an action of the overlay";
        return Err(contract.failure(&member(path, name), message));
    }
    check_names(contract, properties.keys().map(|name| (member(path, name), name.to_snake_case())))
}

fn check_operation(contract: &Contract, operation: &Operation) -> Result<()> {
    for (path, parameter) in &operation.parameters {
        check_parameter(contract, operation, path, parameter)?;
    }
    for name in operation.path.split(['{', '}']).skip(1).step_by(2) {
        let declared = |(_, parameter): &(String, &Value)| parameter["in"] == "path" && parameter["name"] == name;
        if !operation.parameters.iter().any(declared) {
            return Err(contract.failure(&operation.json_path, format!("the path parameter `{name}` is not declared")));
        }
    }
    if let Some(body) = operation.object.get("requestBody") {
        let (path, body) = contract.resolve(member(&operation.json_path, "requestBody"), body)?;
        let path = member(&path, "content");
        let content = body.get("content").and_then(Value::as_object);
        let Some((media, content)) =
            content.filter(|content| content.len() == 1).and_then(|content| content.iter().next())
        else {
            return Err(contract.failure(&path, "a request body needs exactly one media type"));
        };
        check_media_type(contract, &path, media, content)?;
    }
    check_success(contract, operation)
}

fn check_parameter(contract: &Contract, operation: &Operation, path: &str, parameter: &Value) -> Result<()> {
    let location = parameter["in"].as_str().unwrap_or_default();
    let name = parameter["name"].as_str().unwrap_or_default();
    let style = parameter["style"].as_str();
    let Some(schema) = parameter.get("schema") else {
        return Err(contract.failure(path, "a parameter needs a `schema`"));
    };
    let (_, resolved) = contract.resolve(member(path, "schema"), schema)?;
    let scalar = !matches!(resolved["type"].as_str(), Some("array" | "object"));
    let message = match location {
        "path" if parameter["required"] != true => "a path parameter has to be `required: true`",
        "path" if !operation.path.contains(&format!("{{{name}}}")) => "the path has no such parameter",
        "path" | "header" if style.is_some_and(|style| style != "simple") => {
            "only the style `simple` can be generated here"
        }
        "query" if style.is_some_and(|style| style != "form") => "only the style `form` can be generated here",
        "path" | "query" | "header" if !scalar => "only strings, numbers and booleans can be generated as parameters",
        "path" | "query" | "header" => return check_schema(contract, &member(path, "schema"), schema, false),
        "cookie" => "cookie parameters cannot be generated; declare the header `Cookie` instead",
        _ => "`in` has to be path, query or header",
    };
    Err(contract.failure(path, message))
}

fn check_media_type(contract: &Contract, path: &str, media: &str, content: &Value) -> Result<()> {
    let path = member(path, media);
    if media != "application/json" {
        return Err(contract.failure(&path, "only `application/json` can be generated"));
    }
    match content.get("schema") {
        Some(schema) => check_schema(contract, &member(&path, "schema"), schema, false),
        None => Err(contract.failure(&path, "a body needs a `schema`")),
    }
}

/// A method returns one type: all successes have to have the same body, or none.
fn check_success(contract: &Contract, operation: &Operation) -> Result<()> {
    let path = member(&operation.json_path, "responses");
    if operation.responses.iter().any(|(status, ..)| *status == "default") {
        let message = "`default` also stands for success; name the failures by status, `4XX` or `5XX`";
        return Err(contract.failure(&member(&path, "default"), message));
    }
    let mut first = None;
    for (status, place, response) in operation.success() {
        let content = response.get("content").and_then(Value::as_object).filter(|content| !content.is_empty());
        for (media, content) in content.into_iter().flatten() {
            check_media_type(contract, &member(place, "content"), media, content)?;
        }
        let schema = content.map(|content| &content["application/json"]["schema"]);
        match first {
            None => first = Some((*status, schema)),
            Some((other, expected)) if expected != schema => {
                let message = format!("has another body than `{other}`; a method returns one type");
                return Err(contract.failure(&member(&path, status), message));
            }
            Some(_) => {}
        }
    }
    match first {
        Some(_) => Ok(()),
        None => Err(contract.failure(&path, "the operation has no status of success")),
    }
}
