use serde_json::{Value, json};

use super::{assert_refused, create, get, remove};

const RESPONSES: &str = "{GET}.responses";
const OK: &str = "{GET}.responses['200']";
const OK_JSON: &str = "{GET}.responses['200'].content['application/json']";
const BODY: &str = "$.paths['/api/v1/sessions'].post.requestBody";
const BODY_JSON: &str = "$.paths['/api/v1/sessions'].post.requestBody.content['application/json']";

fn ok(document: &mut Value) -> &mut Value {
    &mut get(document)["responses"]["200"]
}

fn answer(document: &mut Value, status: &str) {
    get(document)["responses"][status] = json!({"description": "An answer"});
}

fn not_found(document: &mut Value, content: Value) {
    answer(document, "404");
    get(document)["responses"]["404"]["content"] = content;
}

fn body(document: &mut Value) -> &mut Value {
    &mut create(document)["requestBody"]
}

#[test]
fn successes_that_make_no_one_type_are_refused() {
    assert_refused(&[
        ("no responses", |d| remove(get(d), "responses"), RESPONSES, "missing"),
        ("responses that are a list", |d| get(d)["responses"] = json!([]), RESPONSES, "not an object"),
        ("no success", |d| remove(&mut get(d)["responses"], "200"), RESPONSES, "no status of success"),
        ("default", |d| answer(d, "default"), "{GET}.responses.default", "`default` also stands for success"),
        ("a session or nothing", |d| answer(d, "204"), "{GET}.responses['204']", "has another body than `200`"),
        (
            "two types",
            |d| {
                get(d)["responses"]["201"] =
                    json!({"description": "x", "content": {"application/json": {"schema": {"type": "string"}}}});
            },
            "{GET}.responses['201']",
            "has another body than `200`",
        ),
        (
            "XML",
            |d| ok(d)["content"] = json!({"text/xml": {"schema": {}}}),
            "{GET}.responses['200'].content['text/xml']",
            "only `application/json`",
        ),
        (
            "JSON and XML",
            |d| ok(d)["content"]["text/xml"] = json!({"schema": {}}),
            "{GET}.responses['200'].content['text/xml']",
            "only `application/json`",
        ),
        (
            "content that is a list",
            |d| ok(d)["content"] = json!([1]),
            "{GET}.responses['200'].content",
            "has to be an object",
        ),
        ("no schema", |d| remove(&mut ok(d)["content"]["application/json"], "schema"), OK_JSON, "needs a `schema`"),
        (
            "a media type that is null",
            |d| ok(d)["content"]["application/json"] = Value::Null,
            OK_JSON,
            "needs a `schema`",
        ),
        (
            "encoding",
            |d| ok(d)["content"]["application/json"]["encoding"] = json!({"id": {}}),
            "{GET}.responses['200'].content['application/json'].encoding",
            "cannot be generated",
        ),
        ("null", |d| *ok(d) = Value::Null, OK, "invalid type: null"),
        ("no description", |d| remove(ok(d), "description"), OK, "missing field `description`"),
    ]);
}

#[test]
fn failures_that_the_mock_server_cannot_answer_are_refused() {
    assert_refused(&[
        ("null", |d| get(d)["responses"]["404"] = Value::Null, "{GET}.responses['404']", "invalid type: null"),
        (
            "no schema",
            |d| not_found(d, json!({"application/json": {}})),
            "{GET}.responses['404'].content['application/json']",
            "needs a `schema`",
        ),
        (
            "HTML",
            |d| not_found(d, json!({"text/html": {"schema": {}}})),
            "{GET}.responses['404'].content['text/html']",
            "only `application/json`",
        ),
        (
            "an enum",
            |d| not_found(d, json!({"application/json": {"schema": {"type": "string", "enum": ["a"]}}})),
            "{GET}.responses['404'].content['application/json'].schema",
            "an enum inside",
        ),
        (
            "encoding, by reference",
            |d| {
                d["components"]["responses"]["ErrorResourceNotFound404"]["content"]["application/json"]["encoding"] =
                    json!({"a": {}});
            },
            "$.components.responses.ErrorResourceNotFound404.content['application/json'].encoding",
            "cannot be generated",
        ),
        ("a status without a name", |d| answer(d, "420"), "{GET}.responses['420']", "has no name"),
        ("a status that is none", |d| answer(d, "abc"), "{GET}.responses.abc", "has no name"),
        ("a status too high", |d| answer(d, "999"), "{GET}.responses['999']", "has no name"),
        ("a status before the answer", |d| answer(d, "101"), "{GET}.responses['101']", "has no name"),
        ("a range too high", |d| answer(d, "9XX"), "{GET}.responses['9XX']", "has no name"),
        ("a range in lower case", |d| answer(d, "5xx"), "{GET}.responses['5xx']", "has no name"),
    ]);
}

#[test]
fn request_bodies_other_than_json_are_refused() {
    assert_refused(&[
        (
            "null",
            |d| *body(d) = Value::Null,
            "$.paths['/api/v1/sessions'].post.requestBody.content",
            "exactly one media type",
        ),
        (
            "nothing",
            |d| *body(d) = json!({}),
            "$.paths['/api/v1/sessions'].post.requestBody.content",
            "exactly one media type",
        ),
        (
            "two",
            |d| body(d)["content"]["text/plain"] = json!({"schema": {}}),
            "$.paths['/api/v1/sessions'].post.requestBody.content",
            "exactly one media type",
        ),
        (
            "a form",
            |d| body(d)["content"] = json!({"application/x-www-form-urlencoded": {"schema": {}}}),
            "$.paths['/api/v1/sessions'].post.requestBody.content['application/x-www-form-urlencoded']",
            "only `application/json`",
        ),
        ("no schema", |d| remove(&mut body(d)["content"]["application/json"], "schema"), BODY_JSON, "needs a `schema`"),
        (
            "encoding",
            |d| body(d)["content"]["application/json"]["encoding"] = json!({}),
            "$.paths['/api/v1/sessions'].post.requestBody.content['application/json'].encoding",
            "cannot be generated",
        ),
        (
            "a reference to all paths",
            |d| body(d)["content"]["application/json"]["schema"] = json!({"$ref": "#/paths"}),
            "$.paths['/api/v1/sessions'].post.requestBody.content['application/json'].schema['$ref']",
            "is no reference to",
        ),
        ("required that is text", |d| body(d)["required"] = json!("yes"), BODY, "invalid type"),
    ]);
}
