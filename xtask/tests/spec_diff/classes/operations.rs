//! Changes of operations: name, method, path, parameters, bodies, statuses, credentials, servers.

use serde_json::json;
use xtask::spec::diff::Class::{Additive, Breaking, Documentation, Unclear};

use super::check;
use crate::support::{base, changes, edit, edited};

#[test]
fn operations() {
    check(&[
        ("/paths/~1api~1v1~1sessions/post", None, Breaking, "`Client::create_session` goes"),
        ("/paths/~1api~1v1~1sessions", None, Breaking, "`Client::find_sessions` goes"),
        (
            "/paths/~1api~1v1~1sessions/head",
            Some(json!({"operationId": "countSessions", "responses": {"204": {"description": ""}}})),
            Additive,
            "`Client::count_sessions` is new",
        ),
        (
            "get/operationId",
            Some(json!("readSession")),
            Breaking,
            "`Client::get_session` becomes `Client::read_session`",
        ),
        ("get/operationId", None, Breaking, "`Client::get_session` becomes"),
        ("get/x-repeat-safe", None, Breaking, "comes to the caller"),
        ("revoke/x-repeat-safe", Some(json!(true)), Additive, "again after a failure"),
        ("create/x-repeat-safe", Some(json!(true)), Breaking, "twice what may work once"),
        ("create/x-anonymous", None, Breaking, "may no longer call it"),
        ("get/x-anonymous", Some(json!(true)), Additive, "may call it"),
        ("get/deprecated", Some(json!(true)), Documentation, "may drop it later"),
        ("get/x-okta-lifecycle/lifecycle", Some(json!("BETA")), Documentation, "nothing is generated"),
        ("find/summary", Some(json!("Look for sessions")), Documentation, "nothing but documentation"),
        ("find/tags", Some(json!(["Session", "More"])), Documentation, "nothing but documentation"),
        ("find/x-page", Some(json!(true)), Unclear, "unknown"),
        ("find/callbacks", Some(json!({})), Unclear, "unknown"),
        ("/tags/0/description", Some(json!("All sessions")), Documentation, "nothing is generated"),
        ("/openapi", Some(json!("3.1.0")), Breaking, "OpenAPI 3.0 only"),
        ("/info/title", Some(json!("Other")), Documentation, "own name"),
        ("/x-new", Some(json!(1)), Unclear, "unknown"),
    ]);
}

#[test]
fn an_operation_is_known_by_its_id_or_its_place() {
    let moved = |from: &str, to: &str| {
        let mut document = base();
        let operation = document.pointer(from).unwrap().clone();
        edit(&mut document, from, None);
        edit(&mut document, to, Some(&operation));
        changes(&document)
    };

    let found = moved("/paths/~1api~1v1~1sessions/post", "/paths/~1api~1v1~1sessions/put");
    let path = moved("/paths/~1api~1v1~1sessions~1{sessionId}", "/paths/~1api~1v2~1sessions~1{sessionId}");

    assert_eq!(found.iter().map(|change| change.what).collect::<Vec<_>>(), ["method changed"]);
    assert_eq!(path.iter().map(|change| change.what).collect::<Vec<_>>(), ["path changed"]);
    assert_eq!(path[0].operations, ["getSession", "revokeSession"]);
}

#[test]
fn a_repeat_of_what_works_once_is_a_warning() {
    let found = changes(&edited("create/x-repeat-safe", Some(&json!(true))));
    assert!(found[0].warning);
    assert!(changes(&edited("create/x-anonymous", None)).iter().all(|change| !change.warning));
}

#[test]
fn parameters() {
    check(&[
        ("find/parameters/0", None, Breaking, "the argument `limit` goes"),
        (
            "find/parameters/-",
            Some(json!({"name": "q", "in": "query", "schema": {"type": "string"}})),
            Breaking,
            "another argument, `q`, which may be `None`",
        ),
        (
            "find/parameters/-",
            Some(json!({"name": "q", "in": "query", "required": true, "schema": {"type": "string"}})),
            Breaking,
            "calls have to give another argument, `q`",
        ),
        ("find/parameters/0/name", Some(json!("max")), Breaking, "the argument `limit` goes"),
        ("find/parameters/0/in", Some(json!("header")), Breaking, "into the header instead of the query"),
        ("find/parameters/0/required", Some(json!(true)), Breaking, "is no `Option` any more"),
        ("find/parameters/1/required", None, Breaking, "becomes an `Option`"),
        (
            "find/parameters/0/schema/type",
            Some(json!("string")),
            Breaking,
            "the argument `limit` changes from `Option<i32>` to `Option<String>`",
        ),
        (
            "find/parameters/0/schema/format",
            Some(json!("int64")),
            Breaking,
            "the argument `limit` changes from `Option<i32>` to `Option<i64>`",
        ),
        ("find/parameters/0/schema/default", Some(json!(50)), Breaking, "another value when it is left out"),
        ("find/parameters/0/schema/maximum", Some(json!(10)), Breaking, "may be less than before"),
        ("find/parameters/0/schema/maximum", Some(json!(1000)), Additive, "may be more than before"),
        (
            "find/parameters/0/schema",
            Some(json!({"$ref": "#/components/schemas/SessionId"})),
            Breaking,
            "the argument `limit` changes from `Option<i32>` to `Option<SessionId>`",
        ),
        ("find/parameters/0/style", Some(json!("spaceDelimited")), Breaking, "in another way"),
        ("find/parameters/0/explode", Some(json!(false)), Breaking, "in another way"),
        ("find/parameters/0/allowReserved", Some(json!(true)), Unclear, "unknown"),
        ("find/parameters/0/description", Some(json!("How many")), Documentation, "nothing but"),
        ("find/parameters/0/deprecated", Some(json!(true)), Documentation, "may drop it"),
        (
            "/components/parameters/sessionId/schema",
            Some(json!({"type": "string"})),
            Breaking,
            "the argument `session_id` changes from `SessionId` to `String`",
        ),
    ]);
}

#[test]
fn a_parameter_of_the_path_is_known_by_its_place() {
    let mut document = base();
    let item = document.pointer("/paths/~1api~1v1~1sessions~1{sessionId}").unwrap().clone();
    edit(&mut document, "/paths/~1api~1v1~1sessions~1{sessionId}", None);
    edit(&mut document, "/paths/~1api~1v1~1sessions~1{id}", Some(&item));
    edit(&mut document, "/components/parameters/sessionId/name", Some(&json!("id")));

    let found = changes(&document);

    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].what, "parameter renamed");
    assert_eq!(found[0].operations, ["getSession", "revokeSession"]);
}

#[test]
fn bodies_and_answers() {
    check(&[
        ("create/requestBody", None, Breaking, "the argument `body` goes"),
        (
            "revoke/requestBody",
            Some(json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/CreateSession"}}}})),
            Breaking,
            "another argument, `body`",
        ),
        ("create/requestBody/required", None, Additive, "the method always sends a body"),
        ("create/requestBody/description", None, Documentation, "nothing but"),
        ("create/requestBody/content/application~1json", None, Breaking, "`body` changes its type, or goes"),
        (
            "create/requestBody/content/text~1plain",
            Some(json!({"schema": {"type": "string"}})),
            Additive,
            "takes JSON only",
        ),
        ("create/requestBody/content/application~1json/schema", None, Breaking, "changes its type"),
        ("create/requestBody/content/application~1json/encoding", Some(json!({})), Unclear, "unknown"),
        (
            "create/requestBody/content/application~1json/schema",
            Some(json!({"$ref": "#/components/schemas/Session"})),
            Breaking,
            "`body` changes from `CreateSession` to `Session`",
        ),
        ("get/responses/404", None, Breaking, "the mock's `then.not_found` goes"),
        ("get/responses/409", Some(json!({"description": "No"})), Additive, "the mock gains `then.conflict`"),
        (
            "get/responses/202",
            Some(json!({"$ref": "#/components/responses/Denied"})),
            Breaking,
            "a method returns one type",
        ),
        ("get/responses/5XX", None, Breaking, "`then.server_error` goes"),
        (
            "get/responses/404/content",
            Some(json!({"application/json": {"schema": {"$ref": "#/components/schemas/ApiError"}}})),
            Breaking,
            "`then.not_found` takes a body",
        ),
        ("/components/responses/Denied/content", None, Breaking, "takes no body any more"),
        ("answer/content", None, Breaking, "the method returns another type"),
        ("answer/content/text~1html", Some(json!({})), Additive, "takes JSON only"),
        (
            "answer/content/application~1json/schema",
            Some(json!({"$ref": "#/components/schemas/ApiError"})),
            Breaking,
            "what the method returns changes from `Session` to `ApiError`",
        ),
        (
            "answer/content/application~1json/schema",
            Some(json!({"type": "array", "items": {"$ref": "#/components/schemas/Session"}})),
            Breaking,
            "what the method returns",
        ),
        ("answer/description", Some(json!("It")), Documentation, "nothing but"),
        ("answer/links", Some(json!({})), Unclear, "unknown"),
        ("find/responses/200/headers/Link", None, Breaking, "finds none"),
        ("find/responses/200/headers/Link/required", None, Breaking, "nothing is generated of headers"),
        (
            "find/responses/200/headers/X-More",
            Some(json!({"schema": {"type": "string"}})),
            Additive,
            "nothing is generated",
        ),
        ("/components/headers/Total/schema/type", Some(json!("string")), Breaking, "the header `X-Total`"),
        ("/components/headers/Total/required", Some(json!(true)), Additive, "nothing is generated"),
        ("/components/examples/One/value/id", Some(json!("2")), Documentation, "examples are not generated"),
        ("create/responses/200/content/application~1json/examples", None, Documentation, "examples are not generated"),
        ("/components/responses/Denied", None, Breaking, "takes no body any more"),
    ]);
}

#[test]
fn credentials_and_servers() {
    let flow = "/components/securitySchemes/oauth2/flows/authorizationCode";
    let flow = |rest: &str| -> &'static str { format!("{flow}{rest}").leak() };
    check(&[
        ("get/security/1", None, Breaking, "sends this credential no longer"),
        ("get/security", None, Breaking, "sends this credential no longer"),
        ("revoke/security/0", None, Breaking, "sends this credential no longer"),
        (
            "create/security/-",
            Some(json!({"oauth2": ["okta.sessions.manage"]})),
            Additive,
            "may send this credential as well",
        ),
        ("find/security", Some(json!([{"apiToken": []}])), Breaking, "needs a credential"),
        ("create/security/-", Some(json!({})), Additive, "exactly one scheme"),
        ("get/security/1/oauth2/1", None, Additive, "a token without this scope may call it"),
        ("revoke/security/1/oauth2/0", None, Additive, "a token without this scope may call it"),
        ("get/security/1/oauth2/-", Some(json!("okta.more")), Breaking, "may no longer call it"),
        ("/components/securitySchemes/apiToken/name", Some(json!("X-Token")), Breaking, "in another way"),
        ("/components/securitySchemes/apiToken/in", Some(json!("query")), Breaking, "in another way"),
        ("/components/securitySchemes/apiToken", None, Breaking, "does not know the credential"),
        ("/components/securitySchemes/apiToken/description", Some(json!("A token")), Documentation, "nothing but"),
        (flow("/tokenUrl"), Some(json!("/other")), Breaking, "where to get tokens"),
        (flow("/scopes/okta.sessions.read"), None, Breaking, "where to get tokens"),
        (flow("/scopes/okta.sessions.read"), Some(json!("Look")), Documentation, "nothing but"),
        (flow(""), None, Breaking, "where to get tokens"),
        (
            "/components/securitySchemes/oauth2/flows/clientCredentials",
            Some(json!({"tokenUrl": "/t", "scopes": {}})),
            Additive,
            "where to get tokens",
        ),
        ("/servers/0/url", Some(json!("https://{domain}/v2")), Breaking, "callers configure"),
        ("/servers/-", Some(json!({"url": "https://b.example.com"})), Additive, "callers configure"),
        ("/servers", None, Breaking, "callers configure"),
        ("get/servers", Some(json!([{"url": "https://c.example.com"}])), Breaking, "callers configure"),
        (
            "/servers/0/variables/domain/default",
            Some(json!("other.example.com")),
            Documentation,
            "configure the whole URL",
        ),
        ("/servers/0/variables/domain/enum/1", None, Breaking, "configure the whole URL"),
        ("/servers/0/variables/domain/enum/-", Some(json!("third.example.com")), Additive, "configure the whole URL"),
        ("/servers/0/description", Some(json!("An org")), Documentation, "nothing but"),
    ]);
}
