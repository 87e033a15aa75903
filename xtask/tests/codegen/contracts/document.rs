use serde_json::{Value, json};

use super::{assert_refused, assert_taken, remove};

#[test]
fn a_document_that_is_no_openapi_3_0_is_refused() {
    assert_refused(&[
        (
            "OpenAPI 2.0",
            |d| {
                remove(d, "openapi");
                d["swagger"] = json!("2.0");
            },
            "$.openapi",
            "OpenAPI 3.0 is needed",
        ),
        ("OpenAPI 3.1", |d| d["openapi"] = json!("3.1.0"), "$.openapi", "not `3.1.0`"),
        ("OpenAPI 3.0.x", |d| d["openapi"] = json!("3.0.x"), "$.openapi", "not `3.0.x`"),
        ("a number", |d| d["openapi"] = json!(3.0), "$.openapi", "OpenAPI 3.0 is needed"),
        ("no info", |d| remove(d, "info"), "$.info", "invalid type: null"),
        ("info that is text", |d| d["info"] = json!("x"), "$.info", "invalid type: string"),
        ("a version that is a number", |d| d["info"]["version"] = json!(1), "$.info.version", "expected a string"),
        ("servers that are no list", |d| d["servers"] = json!("x"), "$.servers", "expected a sequence"),
        ("no paths", |d| remove(d, "paths"), "$.paths", "missing"),
        ("paths that are a list", |d| d["paths"] = json!([]), "$.paths", "not an object"),
        ("paths without operations", |d| d["paths"] = json!({}), "$.paths", "there is no operation"),
        ("components that are null", |d| d["components"] = Value::Null, "$.components", "has to be an object"),
        (
            "schemas that are a list",
            |d| d["components"]["schemas"] = json!([]),
            "$.components.schemas",
            "has to be an object",
        ),
    ]);
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    assert_refused(&[
        (
            "a dangling reference",
            |d| {
                d["components"]["schemas"]["Session"]["properties"]["idp"] =
                    json!({"$ref": "#/components/schemas/Nope"});
            },
            "$.components.schemas.Session.properties.idp['$ref']",
            "`#/components/schemas/Nope` is not in the document",
        ),
        (
            "a reference to another file",
            |d| d["components"]["schemas"]["Session"]["properties"]["idp"] = json!({"$ref": "other.yaml#/a"}),
            "$.components.schemas.Session.properties.idp['$ref']",
            "`other.yaml#/a` is no reference to `#/components/…` of this document",
        ),
        (
            "a reference to the root",
            |d| d["components"]["schemas"]["Session"]["properties"]["idp"] = json!({"$ref": "#"}),
            "$.components.schemas.Session.properties.idp['$ref']",
            "`#` is no reference to",
        ),
        (
            "a reference that is a number",
            |d| d["components"]["schemas"]["Session"]["properties"]["idp"] = json!({"$ref": 5}),
            "$.components.schemas.Session.properties.idp['$ref']",
            "has to be a string",
        ),
        (
            "a reference to another kind of component",
            |d| {
                d["components"]["schemas"]["Session"]["properties"]["idp"] =
                    json!({"$ref": "#/components/responses/ErrorServer5XX"});
            },
            "$.components.schemas.Session.properties.idp['$ref']",
            "is no schema",
        ),
        (
            "a dangling example",
            |d| remove(&mut d["components"]["examples"], "Session"),
            "{GET}.responses['200'].content['application/json'].examples.Session['$ref']",
            "is not in the document",
        ),
        (
            "references in a circle",
            |d| {
                d["components"]["schemas"]["A"] = json!({"$ref": "#/components/schemas/B"});
                d["components"]["schemas"]["B"] = json!({"$ref": "#/components/schemas/A"});
            },
            "$.components.schemas.A",
            "in a circle",
        ),
        (
            "a path item by reference",
            |d| d["paths"]["/x"] = json!({"$ref": "#/paths/~1api~1v1~1sessions"}),
            "$.paths['/x']",
            "write the path out",
        ),
    ]);
}

#[test]
fn extensions_are_left_alone() {
    assert_taken(&[
        ("among the paths", |d| d["paths"]["x-note"] = json!(1)),
        ("among the responses", |d| d["paths"]["/api/v1/sessions"]["post"]["responses"]["x-note"] = json!([1])),
        ("among the components", |d| d["components"]["x-note"] = json!("text")),
        ("a reference in an example", |d| d["components"]["examples"]["X"] = json!({"value": {"$ref": "nowhere"}})),
    ]);
}
