//! The facts of an OpenAPI document in a compact notation: everything that a program can depend on, none of the words.
//!
//! One line is one fact, so that a failure of a comparison names it. What the notation has no form for is written as the
//! JSON that it is: nothing of the document is left out because it is unknown.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Keywords that hold words, examples and order, wherever they stand.
const WORDS: [&str; 10] = [
    "description",
    "example",
    "examples",
    "externalDocs",
    "readOnly",
    "summary",
    "tags",
    "title",
    "x-enumDescriptions",
    "x-okta-lifecycle",
];

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// The facts of the document, each on its line.
pub(crate) fn facts(document: &Value) -> String {
    let mut lines = vec![format!("OpenAPI {}", plain(&document["openapi"]))];
    lines.extend(elements(&document["servers"]).map(|server| format!("server {}", plain(&server["url"]))));
    lines.extend(rest(document, &["components", "info", "openapi", "paths", "servers"]));
    let of_paths: Vec<_> = METHODS.into_iter().chain(["parameters"]).collect();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item).filter(|(method, _)| METHODS.contains(&method.as_str())) {
            let head = format!("{} {path} {}", method.to_uppercase(), plain(&operation["operationId"]));
            lines.extend(section(head, operation_facts(document, item, operation)));
        }
        lines.extend(rest(item, &of_paths).map(|fact| format!("{path} {fact}")));
    }
    for (name, scheme) in members(&document["components"]["securitySchemes"]) {
        lines.extend(section(format!("scheme {name}"), scheme_facts(scheme)));
    }
    for (name, schema) in members(&document["components"]["schemas"]) {
        lines.extend(section(format!("{name}: {}", type_of(schema)), property_facts(schema)));
    }
    lines.extend(rest(&document["components"], &["schemas", "parameters", "responses", "securitySchemes"]));
    lines.join("\n") + "\n"
}

/// An empty line, the head, and what stands below it.
fn section(head: String, facts: Vec<String>) -> impl Iterator<Item = String> {
    [String::new(), head].into_iter().chain(facts.into_iter().map(|fact| format!("  {fact}")))
}

fn operation_facts(document: &Value, item: &Value, operation: &Value) -> Vec<String> {
    let mut facts = vec![format!("security {}", security(operation.get("security").or(document.get("security"))))];
    for parameter in elements(&item["parameters"]).chain(elements(&operation["parameters"])) {
        let parameter = resolved(document, parameter);
        let presence = presence(parameter["required"] == true);
        let mut fact = format!("{} {} {presence}", plain(&parameter["in"]), plain(&parameter["name"]));
        let _ = write!(fact, " {}", type_of(&parameter["schema"]));
        fact.extend(rest(parameter, &["in", "name", "required", "schema"]).map(|more| format!(", {more}")));
        facts.push(fact);
    }
    if let Some(body) = operation.get("requestBody") {
        let body = resolved(document, body);
        facts.push(format!("body {} {}", presence(body["required"] == true), content(body)));
        facts.extend(rest(body, &["content", "required"]).map(|more| format!("body {more}")));
    }
    for (status, answer) in members(&operation["responses"]) {
        let answer = resolved(document, answer);
        facts.push(format!("{status} {}", content(answer)));
        facts.extend(rest(answer, &["content"]).map(|more| format!("{status} {more}")));
    }
    facts.extend(rest(operation, &["operationId", "parameters", "requestBody", "responses", "security"]));
    facts
}

fn presence(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// The alternatives: `apiToken or oauth2 with okta.sessions.read`.
fn security(alternatives: Option<&Value>) -> String {
    let mut texts: Vec<_> = alternatives.into_iter().flat_map(elements).map(alternative).collect();
    texts.sort();
    if texts.is_empty() { "none".to_owned() } else { texts.join(" or ") }
}

fn alternative(alternative: &Value) -> String {
    let schemes: Vec<_> = members(alternative)
        .map(|(name, scopes)| {
            let mut scopes: Vec<_> = elements(scopes).map(plain).collect();
            scopes.sort();
            if scopes.is_empty() { name.clone() } else { format!("{name} with {}", scopes.join(" and ")) }
        })
        .collect();
    if schemes.is_empty() { "nothing".to_owned() } else { schemes.join(" and ") }
}

/// The media types and their schemas.
fn content(body: &Value) -> String {
    let media_type = |(media_type, content): (&String, &Value)| {
        let mut text = format!("{media_type} {}", type_of(&content["schema"]));
        text.extend(rest(content, &["schema"]).map(|more| format!(", {more}")));
        text
    };
    let texts: Vec<_> = members(&body["content"]).map(media_type).collect();
    if texts.is_empty() { "without body".to_owned() } else { texts.join(" or ") }
}

fn scheme_facts(scheme: &Value) -> Vec<String> {
    let mut facts: Vec<_> = rest(scheme, &["flows"]).collect();
    for (name, flow) in members(&scheme["flows"]) {
        facts.extend(rest(flow, &["scopes"]).map(|fact| format!("{name} {fact}")));
        facts.extend(members(&flow["scopes"]).map(|(scope, _)| format!("{name} scope {scope}")));
    }
    facts
}

/// What a schema says of its value, but for the members of an object.
fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        // OpenAPI 3.0 ignores what stands beside a reference, so nothing should.
        let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
        return std::iter::once(name).chain(rest(schema, &["$ref"])).collect::<Vec<_>>().join(" ");
    }
    let mut parts = Vec::new();
    match (schema["type"].as_str(), schema.get("items")) {
        (Some("array"), Some(items)) => parts.push(format!("list of {}", type_of(items))),
        (Some(name), _) => parts.push(name.to_owned()),
        (None, _) if schema.get("allOf").is_none() => parts.push("anything".to_owned()),
        (None, _) => {}
    }
    parts.extend(schema["format"].as_str().map(str::to_owned));
    let composed: Vec<_> = elements(&schema["allOf"]).map(type_of).collect();
    parts.extend(Some(composed.join(" & ")).filter(|text| !text.is_empty()));
    if let Some(values) = schema["enum"].as_array() {
        let mut values: Vec<_> = values.iter().map(plain).collect();
        values.sort();
        parts.push(format!("of {}", values.join(" ")));
    }
    if schema["nullable"] == true {
        parts.push("or null".to_owned());
    }
    if schema.get("additionalProperties").is_some_and(|others| *others == serde_json::json!({})) {
        parts.push("with others".to_owned());
    }
    let known =
        ["additionalProperties", "allOf", "enum", "format", "items", "nullable", "properties", "required", "type"];
    parts.extend(rest(schema, &known));
    let others = schema.get("additionalProperties").filter(|others| **others != serde_json::json!({}));
    parts.extend(others.map(|others| format!("additionalProperties {others}")));
    parts.extend(schema.get("items").filter(|_| schema["type"] != "array").map(|items| format!("items {items}")));
    parts.join(" ")
}

fn property_facts(schema: &Value) -> Vec<String> {
    let required: Vec<_> = elements(&schema["required"]).map(plain).collect();
    let mut facts = Vec::new();
    for (name, property) in members(&schema["properties"]) {
        facts.push(format!("{name} {} {}", presence(required.contains(name)), type_of(property)));
        // A list of required names has no name twice; the overlay must not add what is published.
        facts.extend((1..required.iter().filter(|it| *it == name).count()).map(|_| format!("{name} required again")));
        facts.extend(property_facts(property).into_iter().map(|fact| format!("  {fact}")));
    }
    let unknown = required.iter().filter(|name| schema["properties"].get(name.as_str()).is_none());
    facts.extend(unknown.map(|name| format!("{name} required")));
    facts
}

/// The members that are no words and have no form of their own here.
fn rest(value: &Value, known: &[&str]) -> impl Iterator<Item = String> {
    let unknown = members(value).filter(|(key, _)| !WORDS.contains(&key.as_str()) && !known.contains(&key.as_str()));
    unknown.map(|(key, value)| format!("{key} {}", plain(value))).collect::<Vec<_>>().into_iter()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The value, or what its `$ref` points at.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    target.unwrap_or(value)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE).iter()
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map_or(&[] as &[Value], Vec::as_slice).iter()
}
