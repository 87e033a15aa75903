use serde_json::{Value, json};

use super::{assert_refused, assert_taken, remove, schemas};

const SESSION: &str = "$.components.schemas.Session";
const NEW: &str = "$.components.schemas.Session.properties.new";

/// Adds the property `new` to `Session`.
fn property(document: &mut Value, schema: Value) {
    schemas(document)["Session"]["properties"]["new"] = schema;
}

fn status_enum(document: &mut Value, values: Value) {
    schemas(document)["SessionStatus"]["enum"] = values;
}

#[test]
fn enums_that_cannot_stay_open_are_refused() {
    const ENUM: &str = "$.components.schemas.SessionStatus.enum";
    const SECOND: &str = "$.components.schemas.SessionStatus.enum[1]";
    assert_refused(&[
        (
            "inside a schema",
            |d| property(d, json!({"type": "string", "enum": ["a"]})),
            NEW,
            "name it under `components.schemas`",
        ),
        (
            "of numbers",
            |d| schemas(d)["E"] = json!({"type": "integer", "enum": [1]}),
            "$.components.schemas.E",
            "`type: string`",
        ),
        ("without a type", |d| schemas(d)["E"] = json!({"enum": ["a"]}), "$.components.schemas.E", "`type: string`"),
        ("with a number", |d| status_enum(d, json!(["a", 1])), SECOND, "has to be a string"),
        ("with null", |d| status_enum(d, json!(["a", null])), SECOND, "has to be a string"),
        (
            "nullable",
            |d| schemas(d)["SessionStatus"]["nullable"] = json!(true),
            "$.components.schemas.SessionStatus.nullable",
            "null is no value",
        ),
        ("no list", |d| status_enum(d, json!("a")), ENUM, "has to be a list"),
        ("empty", |d| status_enum(d, json!([])), ENUM, "has to be a list"),
        (
            "two of one Rust name",
            |d| status_enum(d, json!(["a-b", "a_b"])),
            SECOND,
            "`a_b` gets the Rust name `AB`, which `a-b` has already",
        ),
        ("a value twice", |d| status_enum(d, json!(["a", "a"])), SECOND, "which `a` has already"),
        (
            "a value Unknown",
            |d| status_enum(d, json!(["a", "UNKNOWN"])),
            SECOND,
            "which the variant for all other values has already",
        ),
        ("no name", |d| status_enum(d, json!(["a", "+"])), SECOND, "`+` has no name in Rust"),
        ("a digit first", |d| status_enum(d, json!(["a", "2fa"])), SECOND, "`2fa` has no name in Rust"),
        ("a keyword", |d| status_enum(d, json!(["a", "self"])), SECOND, "`self` has no name in Rust"),
    ]);
}

#[test]
fn names_that_collide_in_rust_are_refused() {
    assert_refused(&[
        (
            "a property extra",
            |d| schemas(d)["Session"]["properties"]["extra"] = json!({}),
            "$.components.schemas.Session.properties.extra",
            "collides with the field `extra`",
        ),
        (
            "a property _extra",
            |d| schemas(d)["Session"]["properties"]["_extra"] = json!({}),
            "$.components.schemas.Session.properties._extra",
            "collides with the field `extra`",
        ),
        (
            "a merged property extra",
            |d| schemas(d)["A"] = json!({"allOf": [{"$ref": "#/components/schemas/ErrorCause"}, {"type": "object", "properties": {"extra": {"type": "string"}}}]}),
            "$.components.schemas.A",
            "two properties get the name `extra`",
        ),
        (
            "two properties",
            |d| schemas(d)["Session"]["properties"]["user_id"] = json!({}),
            "$.components.schemas.Session.properties.user_id",
            "`user_id`, which $.components.schemas.Session.properties.userId has already",
        ),
        (
            "two properties of signs",
            |d| {
                schemas(d)["Session"]["properties"]["+"] = json!({});
                schemas(d)["Session"]["properties"]["-"] = json!({});
            },
            "$.components.schemas.Session.properties['-']",
            "has already",
        ),
        (
            "two schemas",
            |d| schemas(d)["session"] = json!({}),
            "$.components.schemas.session",
            "`Session`, which $.components.schemas.Session has already",
        ),
        (
            "a schema and the object in a property",
            |d| {
                schemas(d)["SessionNew"] = json!({"type": "object", "properties": {"a": {}}});
                property(d, json!({"type": "object", "properties": {"b": {}}}));
            },
            "$.components.schemas.SessionNew",
            "two types get this name",
        ),
        (
            "an enum and the object in a property",
            |d| schemas(d)["Session"]["properties"]["status"] = json!({"type": "object", "properties": {"a": {}}}),
            "$.components.schemas.SessionStatus",
            "two types get this name",
        ),
        (
            "a type of Rust",
            |d| schemas(d)["Option"] = json!({}),
            "$.components.schemas.Option",
            "would hide Rust's own",
        ),
        ("a digit first", |d| schemas(d)["1a"] = json!({}), "$.components.schemas['1a']", "makes no name in Rust"),
        ("a keyword", |d| schemas(d)["self"] = json!({}), "$.components.schemas.self", "makes no name in Rust"),
        ("a space", |d| schemas(d)["a b"] = json!({}), "$.components.schemas['a b']", "makes no name in Rust"),
        ("no letters", |d| schemas(d)["🦀"] = json!({}), "$.components.schemas['🦀']", "makes no name in Rust"),
    ]);
}

#[test]
fn what_is_no_schema_is_refused() {
    assert_refused(&[
        (
            "a cookie in JSON",
            |d| property(d, json!({"$ref": "#/components/schemas/SessionCookie"})),
            "$.components.schemas.Session.properties.new['$ref']",
            "the type of a header",
        ),
        ("true", |d| schemas(d)["X"] = json!(true), "$.components.schemas.X", "has to be an object"),
        ("null", |d| schemas(d)["X"] = Value::Null, "$.components.schemas.X", "has to be an object"),
        (
            "a hand-written type that is null",
            |d| schemas(d)["SessionId"] = Value::Null,
            "$.components.schemas.SessionId",
            "invalid type: null",
        ),
        ("a property that is null", |d| property(d, Value::Null), NEW, "has to be an object"),
        (
            "items that are a list",
            |d| property(d, json!({"type": "array", "items": [{}]})),
            "$.components.schemas.Session.properties.new.items",
            "has to be an object",
        ),
        (
            "properties that are a list",
            |d| schemas(d)["Session"]["properties"] = json!([]),
            SESSION,
            "invalid type: sequence",
        ),
        ("required that is text", |d| schemas(d)["Session"]["required"] = json!("id"), SESSION, "invalid type: string"),
        ("a list of types", |d| property(d, json!({"type": ["string", "null"]})), NEW, "invalid type: sequence"),
        (
            "additional members that are text",
            |d| schemas(d)["Session"]["additionalProperties"] = json!("x"),
            SESSION,
            "AdditionalProperties",
        ),
    ]);
}

#[test]
fn what_progenitor_cannot_take_of_a_schema_is_found_inside_it() {
    assert_refused(&[
        (
            "an unknown type",
            |d| property(d, json!({"type": "thing"})),
            NEW,
            "progenitor cannot take this: not yet implemented: invalid type: thing",
        ),
        (
            "a bound without a number",
            |d| property(d, json!({"exclusiveMinimum": true})),
            NEW,
            "exclusive_minimum set without minimum",
        ),
        (
            "in a list",
            |d| property(d, json!({"type": "array", "items": {"type": "thing"}})),
            "$.components.schemas.Session.properties.new.items",
            "invalid type: thing",
        ),
        (
            "in a composition",
            |d| property(d, json!({"anyOf": [{"type": "string"}, {"type": "thing"}]})),
            "$.components.schemas.Session.properties.new.anyOf[1]",
            "invalid type: thing",
        ),
        (
            "two at once",
            |d| {
                property(d, json!({"type": "thing"}));
                schemas(d)["Z"] = json!({"type": "thing"});
            },
            NEW,
            "invalid type: thing",
        ),
        (
            "a default of another type",
            |d| property(d, json!({"type": "string", "default": 5})),
            NEW,
            "The default value",
        ),
        (
            "not",
            |d| property(d, json!({"type": "string", "not": {"type": "string", "maxLength": 1}})),
            "$.components.schemas.Session.properties.new.not",
            "progenitor cannot take this",
        ),
    ]);
}

#[test]
fn schemas_that_consist_of_themselves_are_refused() {
    assert_refused(&[
        (
            "one",
            |d| schemas(d)["A"] = json!({"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object"}]}),
            "$.components.schemas.A",
            "consists of itself",
        ),
        (
            "two",
            |d| {
                schemas(d)["A"] = json!({"allOf": [{"$ref": "#/components/schemas/B"}, {"type": "object"}]});
                schemas(d)["B"] =
                    json!({"allOf": [{"oneOf": [{"$ref": "#/components/schemas/A"}]}, {"type": "object"}]});
            },
            "$.components.schemas.A",
            "consists of itself",
        ),
    ]);
}

#[test]
fn what_needs_a_crate_that_the_client_has_not_is_refused() {
    assert_refused(&[
        (
            "a pattern",
            |d| property(d, json!({"type": "string", "pattern": "^a$"})),
            "$.components.schemas.Session.properties.new.pattern",
            "needs the crate `regress`",
        ),
        (
            "a UUID",
            |d| property(d, json!({"type": "string", "format": "uuid"})),
            "$.components.schemas.Session.properties.new.format",
            "needs the crate `uuid`",
        ),
        (
            "a date for the mock server",
            |d| d["paths"]["/api/v1/sessions"]["post"]["responses"]["404"] = json!({"description": "x", "content": {"application/json": {"schema": {"type": "string", "format": "date"}}}}),
            "$",
            "needs the crate `chrono`",
        ),
    ]);
}

#[test]
fn unusual_schemas_that_rust_can_express_are_taken() {
    assert_taken(&[
        ("a schema that has itself as a property", |d| property(d, json!({"$ref": "#/components/schemas/Session"}))),
        ("a pattern of a hand-written type", |d| schemas(d)["SessionId"]["pattern"] = json!("^[a-z]+$")),
        ("a property that is a keyword", |d| schemas(d)["Session"]["properties"]["match"] = json!({"type": "string"})),
        ("a property without letters", |d| schemas(d)["Session"]["properties"]["+"] = json!({"type": "string"})),
        ("an object without a type", |d| remove(&mut schemas(d)["Session"], "type")),
        ("no additional members", |d| schemas(d)["Session"]["additionalProperties"] = json!(false)),
    ]);
}
