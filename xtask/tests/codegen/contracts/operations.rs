use serde_json::{Value, json};

use super::{assert_refused, create, get, remove};

fn move_path(document: &mut Value, to: &str) {
    let paths = document["paths"].as_object_mut().unwrap();
    let item = paths.remove("/api/v1/sessions/{sessionId}").unwrap();
    paths.insert(to.to_owned(), item);
}

#[test]
fn a_path_that_makes_no_url_is_refused() {
    assert_refused(&[
        ("no slash", |d| move_path(d, "a/{sessionId}"), "$.paths['a/{sessionId}']", "has to begin with `/`"),
        ("an empty path", |d| move_path(d, ""), "$.paths['']", "has to begin with `/`"),
        ("an open brace", |d| move_path(d, "/a/{sessionId"), "$.paths['/a/{sessionId']", "is not closed"),
        ("a closing brace", |d| move_path(d, "/a}/{sessionId}"), "$.paths['/a}/{sessionId}']", "the character `}`"),
        ("no name", |d| move_path(d, "/a/{}/{sessionId}"), "$.paths['/a/{}/{sessionId}']", "`{}` is no parameter"),
        ("two braces", |d| move_path(d, "/{{sessionId}}"), "$.paths['/{{sessionId}}']", "is no parameter"),
        ("a slash in a name", |d| move_path(d, "/{a/b}"), "$.paths['/{a/b}']", "`{a/b}` is no parameter"),
        (
            "a parameter twice",
            |d| move_path(d, "/{sessionId}/{sessionId}"),
            "$.paths['/{sessionId}/{sessionId}']",
            "occurs twice",
        ),
        (
            "a regular expression",
            |d| move_path(d, "/a(b/{sessionId}"),
            "$.paths['/a(b/{sessionId}']",
            "the character `(`",
        ),
        ("a query", |d| move_path(d, "/{sessionId}?a=b"), "$.paths['/{sessionId}?a=b']", "the character `?`"),
        ("a percent sign", |d| move_path(d, "/%2e/{sessionId}"), "$.paths['/%2e/{sessionId}']", "the character `%`"),
        ("a line break", |d| move_path(d, "/a\n/{sessionId}"), r"$.paths['/a\n/{sessionId}']", r"the character `\n`"),
        ("an empty segment", |d| move_path(d, "/a//{sessionId}"), "$.paths['/a//{sessionId}']", "empty segments"),
        ("dots", |d| move_path(d, "/a/../{sessionId}"), "$.paths['/a/../{sessionId}']", "`.` or `..`"),
        ("a path item that is null", |d| d["paths"]["/x"] = Value::Null, "$.paths['/x']", "has to be an object"),
        ("a path item that is text", |d| d["paths"]["/x"] = json!("x"), "$.paths['/x']", "has to be an object"),
    ]);
}

#[test]
fn an_operation_without_a_method_name_of_its_own_is_refused() {
    assert_refused(&[
        ("null", |d| *get(d) = Value::Null, "{GET}", "has to be an object"),
        ("text", |d| *get(d) = json!("x"), "{GET}", "has to be an object"),
        ("no id", |d| remove(get(d), "operationId"), "{GET}", "no `operationId`"),
        ("a number", |d| get(d)["operationId"] = json!(1), "{GET}", "no `operationId`"),
        ("an empty id", |d| get(d)["operationId"] = json!(""), "{GET}.operationId", "makes no name in Rust"),
        ("a digit first", |d| get(d)["operationId"] = json!("2fa"), "{GET}.operationId", "`2fa` makes no name in Rust"),
        ("a keyword", |d| get(d)["operationId"] = json!("match"), "{GET}.operationId", "`match` makes no name in Rust"),
        ("a new keyword", |d| get(d)["operationId"] = json!("gen"), "{GET}.operationId", "`gen` makes no name in Rust"),
        ("an underscore", |d| get(d)["operationId"] = json!("_"), "{GET}.operationId", "`_` makes no name in Rust"),
        ("a space", |d| get(d)["operationId"] = json!("get it"), "{GET}.operationId", "makes no name in Rust"),
        ("no letters", |d| get(d)["operationId"] = json!("🦀"), "{GET}.operationId", "makes no name in Rust"),
        (
            "a method of the client",
            |d| get(d)["operationId"] = json!("builder"),
            "{GET}.operationId",
            "has a method `builder`",
        ),
        ("a constant of the table", |d| get(d)["operationId"] = json!("all"), "{GET}.operationId", "constant `ALL`"),
        (
            "an id twice",
            |d| create(d)["operationId"] = json!("getSession"),
            "{GET}",
            "`get_session`, which $.paths['/api/v1/sessions'].post has already",
        ),
        ("ids of one Rust name", |d| create(d)["operationId"] = json!("get_session"), "{GET}", "`get_session`, which"),
    ]);
}

#[test]
fn what_the_http_client_or_the_table_of_operations_cannot_do_is_refused() {
    assert_refused(&[
        (
            "the method OPTIONS",
            |d| {
                let mut other = get(d).take();
                other["operationId"] = json!("ask");
                d["paths"]["/x"] = json!({"options": other});
                remove(&mut d["paths"]["/api/v1/sessions/{sessionId}"], "get");
            },
            "$.paths['/x'].options",
            "no such method",
        ),
        ("a web socket", |d| get(d)["x-dropshot-websocket"] = json!({}), "{GET}", "progenitor cannot take this: "),
        (
            "an unknown security scheme",
            |d| get(d)["security"] = json!([{"nope": []}]),
            "{GET}.security[0].nope",
            "not in the document",
        ),
        (
            "two schemes at once",
            |d| get(d)["security"] = json!([{"apiToken": [], "oauth2": []}]),
            "{GET}.security[0]",
            "exactly one security scheme",
        ),
        (
            "an empty alternative",
            |d| get(d)["security"] = json!([{}]),
            "{GET}.security[0]",
            "exactly one security scheme",
        ),
        (
            "an alternative that is text",
            |d| get(d)["security"] = json!(["oauth2"]),
            "{GET}.security[0]",
            "invalid type",
        ),
        (
            "security that is no list",
            |d| get(d)["security"] = json!({"apiToken": []}),
            "{GET}.security",
            "invalid type",
        ),
        (
            "a scope that is no text",
            |d| get(d)["security"] = json!([{"oauth2": [1]}]),
            "{GET}.security[0].oauth2[0]",
            "invalid type",
        ),
        (
            "a scheme that the client has not",
            |d| d["components"]["securitySchemes"]["oauth2"] = json!({"type": "http", "scheme": "basic"}),
            "{GET}.security[1].oauth2",
            "only OAuth 2.0",
        ),
        (
            "an API key in a query",
            |d| d["components"]["securitySchemes"]["apiToken"]["in"] = json!("query"),
            "$.paths['/api/v1/sessions'].post.security[0].apiToken",
            "an API key in `Authorization`",
        ),
        (
            "x-repeat-safe that is text",
            |d| get(d)["x-repeat-safe"] = json!("yes"),
            "{GET}['x-repeat-safe']",
            "true or false",
        ),
        (
            "x-repeat-safe that is null",
            |d| get(d)["x-repeat-safe"] = Value::Null,
            "{GET}['x-repeat-safe']",
            "true or false",
        ),
        ("x-anonymous that is a number", |d| get(d)["x-anonymous"] = json!(1), "{GET}['x-anonymous']", "true or false"),
        (
            "x-removed-in that is a number",
            |d| get(d)["x-removed-in"] = json!(2025.1),
            "{GET}['x-removed-in']",
            "has to be the name of a release",
        ),
        ("a description that is a number", |d| get(d)["description"] = json!(1), "{GET}.description", "invalid type"),
    ]);
}
