//! Limits of parameters.

use std::iter;

use openapiv3::{Parameter, ReferenceOr};
use serde_json::Value;

use super::super::contract::{Contract, Operation};
use super::super::json_path::member;
use super::super::names;
use super::super::progenitor_input::HAND_WRITTEN;
use super::{check_names, check_shape, schemas};
use crate::failure::Result;

/// What the generated method calls things itself, and the methods of the mock server's expectations.
const TAKEN: [&str; 8] =
    ["header_map", "header_value", "into_inner", "new", "operation", "path_segment", "request", "url"];

/// Header parameters that OpenAPI tells tools to ignore, and one that progenitor adds itself.
const OTHER_HEADERS: [&str; 4] = ["accept", "api-version", "authorization", "content-type"];

/// Hand-written types that know how to stand in a path or a header.
const CREDENTIALS: [&str; 2] = ["SessionCookie", "SessionId"];

/// Checks the parameters of an operation.
pub(super) fn check_all(contract: &Contract, operation: &Operation) -> Result<()> {
    for (path, parameter) in &operation.parameters {
        check(contract, operation, path, parameter)?;
    }
    let body = operation.object.get("requestBody").map(|_| member(&operation.json_path, "requestBody"));
    let body = body.into_iter().map(|path| (path, "body".to_owned()));
    let parameters = operation.parameters.iter().map(|(path, parameter)| (path.clone(), names::snake(name(parameter))));
    check_names(contract, body.chain(parameters))
}

fn name(parameter: &Value) -> &str {
    parameter["name"].as_str().unwrap_or_default()
}

fn check(contract: &Contract, operation: &Operation, path: &str, parameter: &Value) -> Result<()> {
    let failure = |message: &str| Err(contract.failure(path, message));
    let name = name(parameter);
    let style = parameter["style"].as_str();
    if name.is_empty() {
        return failure("a parameter needs a `name`");
    }
    if TAKEN.contains(&names::snake(name).as_str()) {
        return failure("the generated method needs this name itself");
    }
    match parameter["in"].as_str().unwrap_or_default() {
        "path" if parameter["required"] != true => failure("a path parameter has to be `required: true`"),
        "path" if !operation.path.contains(&format!("{{{name}}}")) => failure("the path has no such parameter"),
        "path" | "header" if style.is_some_and(|style| style != "simple") => {
            failure("only the style `simple` can be generated here")
        }
        "query" if style.is_some_and(|style| style != "form") => failure("only the style `form` can be generated here"),
        "header" if !is_header_name(name) => failure("the name is none of a header"),
        "header" if OTHER_HEADERS.contains(&name.to_ascii_lowercase().as_str()) => {
            failure("the client sets this header itself")
        }
        "path" | "query" | "header" => check_type(contract, path, parameter),
        "cookie" => failure("cookie parameters cannot be generated; declare the header `Cookie` instead"),
        _ => failure("`in` has to be path, query or header"),
    }?;
    check_shape::<ReferenceOr<Parameter>>(contract, path, parameter)
}

/// The token of RFC 9110.
fn is_header_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// A value has to have one way to be written in the request.
fn check_type(contract: &Contract, path: &str, parameter: &Value) -> Result<()> {
    let Some(schema) = parameter.get("schema") else {
        return Err(contract.failure(path, "a parameter needs a `schema`"));
    };
    let path = member(path, "schema");
    let hand_written = |name: &&str| schema["$ref"] == format!("#/components/schemas/{name}");
    if let Some(name) = HAND_WRITTEN.iter().find(|name| hand_written(name)) {
        return if parameter["in"] == "query" {
            Err(contract.failure(&path, "a credential in a query ends up in logs"))
        } else if CREDENTIALS.contains(name) {
            Ok(())
        } else {
            Err(contract.failure(&path, format!("`{name}` cannot be generated as a parameter")))
        };
    }
    schemas::check(contract, &path, schema)?;
    let (_, resolved) = contract.resolve("schemas", path.clone(), schema)?;
    if !matches!(resolved["type"].as_str(), Some("string" | "integer" | "number" | "boolean")) {
        return Err(contract.failure(&path, "only strings, numbers and booleans can be generated as parameters"));
    }
    if resolved["nullable"] == true {
        return Err(contract.failure(&path, "a parameter cannot be null; leave it out instead"));
    }
    // Display of a time is not RFC 3339, and of a type with constraints there is none.
    let unwritten = iter::once("format").filter(|key| resolved[*key] == "date-time");
    let constrained = ["minLength", "maxLength"].into_iter().filter(|key| resolved.get(*key).is_some());
    match unwritten.chain(constrained).next() {
        None => Ok(()),
        Some(key) => Err(contract.failure(&path, format!("`{key}` cannot be generated for a parameter; remove it"))),
    }
}
