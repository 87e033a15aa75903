//! Limits of operations: their names, paths, bodies and answers.

use openapiv3::{Operation as Model, ReferenceOr, RequestBody, Response};
use serde_json::{Map, Value};

use super::super::contract::{Contract, Operation};
use super::super::json_path::member;
use super::{check_name, check_shape, parameters, schemas};
use crate::failure::Result;

/// Methods that the hand-written client has already, and `clone`, which it derives.
const CLIENT_METHODS: [&str; 11] = [
    "builder",
    "call",
    "clone",
    "current_session_or_none",
    "from_env",
    "http",
    "new",
    "org_url",
    "session_cookie_redirect",
    "url",
    "with_credential",
];

/// Checks one operation.
pub(super) fn check(contract: &Contract, operation: &Operation) -> Result<()> {
    check_id(contract, operation)?;
    check_path(contract, operation)?;
    if matches!(operation.method, "options" | "trace") {
        return Err(contract.failure(&operation.json_path, "the HTTP client has no such method"));
    }
    parameters::check_all(contract, operation)?;
    check_request(contract, operation)?;
    for (status, place, response) in &operation.responses {
        check_status(contract, operation, status)?;
        check_response(contract, place, response)?;
    }
    check_success(contract, operation)?;
    check_shape::<Model>(contract, &operation.json_path, &Value::Object(operation.object.clone()))
}

fn check_id(contract: &Contract, operation: &Operation) -> Result<()> {
    let path = member(&operation.json_path, "operationId");
    let name = operation.method_name();
    check_name(contract, &path, operation.id, &name)?;
    if CLIENT_METHODS.contains(&name.as_str()) {
        return Err(contract.failure(&path, format!("the client has a method `{name}` already")));
    }
    if operation.constant_name() == "ALL" {
        return Err(contract.failure(&path, "the table of operations has a constant `ALL` already"));
    }
    Ok(())
}

/// A path is put into a URL and, by the mock server's expectations, into a regular expression.
fn check_path(contract: &Contract, operation: &Operation) -> Result<()> {
    let failure = |message: String| Err(contract.failure(&member("$.paths", operation.path), message));
    let Some(segments) = operation.path.strip_prefix('/') else {
        return failure("a path has to begin with `/`".to_owned());
    };
    if segments.split('/').any(|segment| matches!(segment, "." | "..")) || operation.path.contains("//") {
        return failure("a path must not have empty segments, `.` or `..`".to_owned());
    }
    let mut names = Vec::new();
    let mut rest = operation.path;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return failure("a `{` is not closed".to_owned());
        };
        check_literal(contract, operation, literal)?;
        if name.is_empty() || name.contains(['{', '/']) {
            return failure(format!("`{{{name}}}` is no parameter"));
        }
        if names.contains(&name) {
            return failure(format!("the parameter `{name}` occurs twice"));
        }
        let declared = |(_, parameter): &(String, &Value)| parameter["in"] == "path" && parameter["name"] == name;
        if !operation.parameters.iter().any(declared) {
            return Err(contract.failure(&operation.json_path, format!("the path parameter `{name}` is not declared")));
        }
        names.push(name);
        rest = after;
    }
    check_literal(contract, operation, rest)
}

fn check_literal(contract: &Contract, operation: &Operation, literal: &str) -> Result<()> {
    match literal.chars().find(|c| !c.is_ascii_alphanumeric() && !"/-_~.:@!,;=&".contains(*c)) {
        None => Ok(()),
        Some(other) => {
            let message = format!("the character `{}` cannot be generated in a path", other.escape_debug());
            Err(contract.failure(&member("$.paths", operation.path), message))
        }
    }
}

fn check_request(contract: &Contract, operation: &Operation) -> Result<()> {
    let Some(body) = operation.object.get("requestBody") else { return Ok(()) };
    let (path, body) = contract.resolve("requestBodies", member(&operation.json_path, "requestBody"), body)?;
    let content_path = member(&path, "content");
    let content = body.get("content").and_then(Value::as_object).filter(|content| content.len() == 1);
    let Some((media, content)) = content.and_then(|content| content.iter().next()) else {
        return Err(contract.failure(&content_path, "a request body needs exactly one media type"));
    };
    check_media_type(contract, &content_path, media, content)?;
    check_shape::<ReferenceOr<RequestBody>>(contract, &path, body)
}

fn check_media_type(contract: &Contract, path: &str, media: &str, content: &Value) -> Result<()> {
    let path = member(path, media);
    if media != "application/json" {
        return Err(contract.failure(&path, "only `application/json` can be generated"));
    }
    if content.get("encoding").is_some() {
        return Err(contract.failure(&member(&path, "encoding"), "`encoding` cannot be generated"));
    }
    match content.get("schema") {
        Some(schema) => schemas::check(contract, &member(&path, "schema"), schema),
        None => Err(contract.failure(&path, "a body needs a `schema`")),
    }
}

fn check_status(contract: &Contract, operation: &Operation, status: &str) -> Result<()> {
    let path = member(&member(&operation.json_path, "responses"), status);
    if status == "default" {
        let message = "`default` also stands for success; name the failures by status, `4XX` or `5XX`";
        return Err(contract.failure(&path, message));
    }
    let range = matches!(status, "2XX" | "3XX" | "4XX" | "5XX");
    // The mock server's expectations are named by the status.
    let code = status.parse::<u16>().ok().filter(|code| (200..600).contains(code));
    let named = code.and_then(|code| http::StatusCode::from_u16(code).ok()?.canonical_reason());
    if range || named.is_some() {
        Ok(())
    } else {
        let message =
            "the status has no name; only registered statuses from 200 on and `2XX` to `5XX` can be generated";
        Err(contract.failure(&path, message))
    }
}

fn check_response(contract: &Contract, path: &str, response: &Value) -> Result<()> {
    if let Some(content) = response.get("content") {
        let path = member(path, "content");
        let content = content.as_object().ok_or_else(|| contract.failure(&path, "has to be an object"))?;
        content.iter().try_for_each(|(media, content)| check_media_type(contract, &path, media, content))?;
    }
    check_shape::<ReferenceOr<Response>>(contract, path, response)
}

/// A method returns one type: all successes have to have the same body, or none.
fn check_success(contract: &Contract, operation: &Operation) -> Result<()> {
    let path = member(&operation.json_path, "responses");
    let schema = |response: &Value| response.get("content").and_then(Value::as_object).and_then(json_schema).cloned();
    let mut successes = operation.success().map(|(status, _, response)| (status, schema(response)));
    let Some((first, expected)) = successes.next() else {
        return Err(contract.failure(&path, "the operation has no status of success"));
    };
    match successes.find(|(_, schema)| *schema != expected) {
        None => Ok(()),
        Some((status, _)) => {
            let message = format!("has another body than `{first}`; a method returns one type");
            Err(contract.failure(&member(&path, status), message))
        }
    }
}

fn json_schema(content: &Map<String, Value>) -> Option<&Value> {
    content.get("application/json")?.get("schema")
}
