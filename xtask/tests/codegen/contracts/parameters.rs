use serde_json::{Value, json};

use super::{assert_refused, assert_taken, create, get, remove};

/// Where [`with`] and its kin put the parameter.
const PLACE: &str = "{GET}.parameters[1]";
const SCHEMA: &str = "{GET}.parameters[1].schema";
/// The parameter of the path.
const ID: &str = "{GET}.parameters[0]";

fn with(document: &mut Value, parameter: Value) {
    let id = id(document).clone();
    get(document)["parameters"] = Value::Array(vec![id, parameter]);
}

fn query(document: &mut Value, name: &str, schema: Value) {
    with(document, json!({"name": name, "in": "query"}));
    get(document)["parameters"][1]["schema"] = schema;
}

fn header(document: &mut Value, name: &str, schema: Value) {
    with(document, json!({"name": name, "in": "header"}));
    get(document)["parameters"][1]["schema"] = schema;
}

fn string() -> Value {
    json!({"type": "string"})
}

fn id(document: &mut Value) -> &mut Value {
    &mut get(document)["parameters"][0]
}

#[test]
fn a_parameter_that_has_no_place_in_the_request_is_refused() {
    assert_refused(&[
        (
            "a cookie",
            |d| with(d, json!({"name": "sid", "in": "cookie", "schema": string()})),
            PLACE,
            "cookie parameters",
        ),
        ("no place", |d| with(d, json!({"name": "q", "schema": string()})), PLACE, "`in` has to be"),
        ("another place", |d| with(d, json!({"name": "q", "in": "body", "schema": string()})), PLACE, "`in` has to be"),
        ("no name", |d| with(d, json!({"in": "query", "schema": string()})), PLACE, "needs a `name`"),
        ("text", |d| with(d, json!("q")), PLACE, "needs a `name`"),
        ("no list", |d| get(d)["parameters"] = json!({"a": 1}), "{GET}.parameters", "has to be a list"),
        (
            "dangling",
            |d| with(d, json!({"$ref": "#/components/parameters/nope"})),
            "{GET}.parameters[1]['$ref']",
            "not in the document",
        ),
        (
            "a schema as parameter",
            |d| with(d, json!({"$ref": "#/components/schemas/Session"})),
            "{GET}.parameters[1]['$ref']",
            "`#/components/parameters/…`",
        ),
        ("path, optional", |d| remove(id(d), "required"), ID, "`required: true`"),
        (
            "path, not in the path",
            |d| with(d, json!({"name": "other", "in": "path", "required": true, "schema": string()})),
            PLACE,
            "no such parameter",
        ),
        ("path, not declared", |d| remove(get(d), "parameters"), "{GET}", "`sessionId` is not declared"),
        ("path, style", |d| id(d)["style"] = json!("matrix"), ID, "style `simple`"),
        (
            "query, style",
            |d| with(d, json!({"name": "q", "in": "query", "style": "deepObject", "schema": string()})),
            PLACE,
            "style `form`",
        ),
        (
            "query, unknown style",
            |d| with(d, json!({"name": "q", "in": "query", "style": "zig", "schema": string()})),
            PLACE,
            "style `form`",
        ),
        (
            "query, style that is no text",
            |d| with(d, json!({"name": "q", "in": "query", "style": 1, "schema": string()})),
            PLACE,
            "invalid type",
        ),
        (
            "a description that is no text",
            |d| with(d, json!({"name": "q", "in": "query", "description": 1, "schema": string()})),
            PLACE,
            "invalid type",
        ),
    ]);
}

#[test]
fn a_header_that_is_none_or_that_the_client_sets_is_refused() {
    assert_refused(&[
        ("a space", |d| header(d, "a b", string()), PLACE, "none of a header"),
        ("a line break", |d| header(d, "a\r\nb", string()), PLACE, "none of a header"),
        ("Authorization", |d| header(d, "authorization", string()), PLACE, "sets this header itself"),
        ("Accept", |d| header(d, "Accept", string()), PLACE, "sets this header itself"),
        ("Content-Type", |d| header(d, "Content-Type", string()), PLACE, "sets this header itself"),
        ("api-version", |d| header(d, "api-version", string()), PLACE, "sets this header itself"),
    ]);
}

#[test]
fn a_parameter_whose_name_is_taken_in_the_generated_method_is_refused() {
    assert_refused(&[
        ("operation", |d| query(d, "operation", string()), PLACE, "needs this name itself"),
        ("request", |d| query(d, "request", string()), PLACE, "needs this name itself"),
        ("url", |d| query(d, "url", string()), PLACE, "needs this name itself"),
        ("header_map", |d| header(d, "Header-Map", string()), PLACE, "needs this name itself"),
        ("header_value", |d| query(d, "headerValue", string()), PLACE, "needs this name itself"),
        ("path_segment", |d| query(d, "path_segment", string()), PLACE, "needs this name itself"),
        ("new", |d| query(d, "new", string()), PLACE, "needs this name itself"),
        ("into_inner", |d| query(d, "intoInner", string()), PLACE, "needs this name itself"),
        ("a name in two places", |d| query(d, "sessionId", string()), PLACE, "gets the Rust name `session_id`"),
        ("two names of one Rust name", |d| query(d, "session-id", string()), PLACE, "gets the Rust name `session_id`"),
        (
            "body beside a body",
            |d| create(d)["parameters"] = json!([{"name": "body", "in": "query", "schema": string()}]),
            "$.paths['/api/v1/sessions'].post.parameters[0]",
            "gets the Rust name `body`",
        ),
    ]);
}

#[test]
fn a_parameter_whose_value_has_no_one_form_is_refused() {
    assert_refused(&[
        ("no schema", |d| with(d, json!({"name": "q", "in": "query"})), PLACE, "needs a `schema`"),
        (
            "content",
            |d| with(d, json!({"name": "q", "in": "query", "content": {"application/json": {"schema": {}}}})),
            PLACE,
            "needs a `schema`",
        ),
        ("a schema that is none", |d| query(d, "q", json!(true)), SCHEMA, "has to be an object"),
        (
            "a list",
            |d| query(d, "q", json!({"type": "array", "items": string()})),
            SCHEMA,
            "only strings, numbers and booleans",
        ),
        (
            "an object",
            |d| query(d, "q", json!({"$ref": "#/components/schemas/Session"})),
            SCHEMA,
            "only strings, numbers and booleans",
        ),
        ("anything", |d| query(d, "q", json!({})), SCHEMA, "only strings, numbers and booleans"),
        ("null", |d| header(d, "X-A", json!({"type": "string", "nullable": true})), SCHEMA, "cannot be null"),
        (
            "a time",
            |d| query(d, "q", json!({"type": "string", "format": "date-time"})),
            SCHEMA,
            "`format` cannot be generated",
        ),
        (
            "a length",
            |d| query(d, "q", json!({"type": "string", "minLength": 1})),
            SCHEMA,
            "`minLength` cannot be generated",
        ),
        (
            "a pattern",
            |d| query(d, "q", json!({"type": "string", "pattern": "^a$"})),
            "{GET}.parameters[1].schema.pattern",
            "the crate `regress`",
        ),
        (
            "an enum without a name",
            |d| query(d, "q", json!({"type": "string", "enum": ["a"]})),
            SCHEMA,
            "name it under `components.schemas`",
        ),
        (
            "a credential in a query",
            |d| query(d, "q", json!({"$ref": "#/components/schemas/SessionId"})),
            SCHEMA,
            "ends up in logs",
        ),
        (
            "links in a header",
            |d| header(d, "X-A", json!({"$ref": "#/components/schemas/Links"})),
            SCHEMA,
            "`Links` cannot be generated",
        ),
    ]);
}

#[test]
fn names_that_are_keywords_or_locals_of_the_generator_are_taken() {
    assert_taken(&[
        ("type", |d| query(d, "type", string())),
        ("self", |d| query(d, "self", string())),
        ("value", |d| header(d, "value", string())),
        ("info", |d| query(d, "info", string())),
        ("a named enum", |d| header(d, "X-Status", json!({"$ref": "#/components/schemas/SessionStatus"}))),
    ]);
}
