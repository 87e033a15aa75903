//! Operations that a release no longer has.

use std::fs;

use serde_json::{Value, json};
use xtask::codegen::UPSTREAM;

use crate::support::{ME, ONE, RELEASE, SESSIONS, Workspace, facts, published, reference, refusal, remove, schemas};

/// A release without three operations.
fn without_current() -> Value {
    let mut document = published();
    remove(&mut document["paths"], ME);
    remove(&mut document["paths"], "/api/v1/sessions/me/lifecycle/refresh");
    document
}

fn upstream(workspace: &Workspace) -> Value {
    serde_saphyr::from_str(&workspace.upstream()).unwrap()
}

/// A workspace whose slice has all operations as published.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.import(&published(), false).unwrap();
    workspace
}

#[test]
fn an_operation_that_is_gone_is_named_and_nothing_is_written() {
    let failure = refusal(&without_current()).to_string();

    assert!(
        failure.ends_with(
            "spec.json: release 2027.01.0 has no getCurrentSession, closeCurrentSession, refreshCurrentSession, so \
             nothing was written; `--keep-removed` keeps the last known definition"
        ),
        "{failure}"
    );
}

#[test]
fn what_is_kept_is_the_last_known_definition_with_the_release_that_dropped_it() {
    let workspace = workspace();

    let report = workspace.import(&without_current(), true).unwrap();

    let mut expected = facts();
    for (path, method) in [(ME, "get"), (ME, "delete"), ("/api/v1/sessions/me/lifecycle/refresh", "post")] {
        expected["paths"][path][method]["x-removed-in"] = json!(RELEASE);
    }
    assert_eq!(upstream(&workspace), expected);
    assert_eq!(
        report.text.lines().next().unwrap(),
        "openapi/upstream.yaml: release 2027.01.0, 4 operations, and kept though no longer published: \
         getCurrentSession, closeCurrentSession, refreshCurrentSession"
    );
}

#[test]
fn what_only_the_replaced_definition_of_a_kept_schema_needs_is_not_kept() {
    let workspace = workspace();
    let mut document = without_current();
    let session = &mut schemas(&mut document)["Session"];
    remove(&mut session["properties"], "idp");

    workspace.import(&document, true).unwrap();

    let mut upstream = upstream(&workspace);
    assert!(!schemas(&mut upstream).contains_key("SessionIdentityProvider"), "{upstream}");
    assert!(schemas(&mut upstream).contains_key("SessionStatus"), "{upstream}");
}

#[test]
fn a_later_release_without_it_keeps_the_first_release_that_dropped_it() {
    let workspace = workspace();
    workspace.import(&without_current(), true).unwrap();
    let mut later = without_current();
    later["info"]["version"] = json!("2027.02.0");

    workspace.import(&later, true).unwrap();

    assert_eq!(upstream(&workspace)["paths"][ME]["get"]["x-removed-in"], RELEASE);
    assert_eq!(upstream(&workspace)["info"]["x-release"], "2027.02.0");
}

#[test]
fn an_operation_that_comes_back_is_published_again() {
    let workspace = workspace();
    workspace.import(&without_current(), true).unwrap();

    workspace.import(&published(), true).unwrap();

    assert_eq!(upstream(&workspace), facts());
}

#[test]
fn nothing_is_kept_of_a_document_that_has_everything() {
    let workspace = Workspace::new();

    workspace.import(&published(), true).unwrap();

    assert_eq!(upstream(&workspace), facts());
}

#[test]
fn a_kept_operation_brings_what_only_it_needs() {
    let workspace = workspace();
    let mut document = published();
    remove(&mut document["paths"], SESSIONS);
    schemas(&mut document).remove("CreateSessionRequest");
    let schemes = &mut document["components"]["securitySchemes"];
    let token = remove(schemes, "apiToken");
    schemes["newToken"] = token;
    let text = document.to_string().replace("\"apiToken\"", "\"newToken\"");

    workspace.import(&serde_json::from_str(&text).unwrap(), true).unwrap();

    let slice = upstream(&workspace);
    assert_eq!(
        slice["components"]["schemas"]["CreateSessionRequest"],
        facts()["components"]["schemas"]["CreateSessionRequest"]
    );
    let schemes: Vec<_> = slice["components"]["securitySchemes"].as_object().unwrap().keys().collect();
    assert_eq!(schemes, ["apiToken", "newToken", "oauth2"]);
}

#[test]
fn a_kept_operation_keeps_its_scopes() {
    let workspace = workspace();
    let mut document = published();
    remove(&mut document["paths"][ONE], "get");

    workspace.import(&document, true).unwrap();

    let scopes =
        upstream(&workspace)["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"]["scopes"].clone();
    assert_eq!(scopes, json!({"okta.sessions.manage": "", "okta.sessions.read": ""}));
}

#[test]
fn a_kept_operation_uses_the_new_definition_of_what_others_use_too_and_the_report_names_it() {
    let workspace = workspace();
    let mut document = without_current();
    schemas(&mut document)["Session"]["properties"]["place"] = json!({"type": "string"});
    schemas(&mut document)["SessionStatus"]["enum"] = json!(["ACTIVE"]);

    let report = workspace.import(&document, true).unwrap();

    let slice = upstream(&workspace);
    assert_eq!(slice["components"]["schemas"]["Session"]["properties"]["place"], json!({"type": "string"}));
    let success = &slice["paths"][ME]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(*success, reference("Session"));
    let note = "note: the kept operations use the new definition of Session, SessionStatus";
    assert_eq!(report.text.lines().nth(1), Some(note));
}

#[test]
fn an_operation_without_a_last_known_definition_cannot_be_kept() {
    let workspace = workspace();
    workspace.write(
        UPSTREAM,
        workspace.upstream().replace("getCurrentSession", "other").replace("/sessions/me:", "/sessions/other:"),
    );
    let before = workspace.upstream();

    let failure = workspace.import(&without_current(), true).unwrap_err().to_string();

    assert!(failure.starts_with("openapi/upstream.yaml: has no `getCurrentSession` either, so "), "{failure}");
    assert_eq!(workspace.upstream(), before);
}

#[test]
fn without_a_slice_there_is_nothing_to_keep_from() {
    let workspace = Workspace::new();
    fs::remove_file(workspace.path(UPSTREAM)).unwrap();

    let failure = workspace.import(&without_current(), true).unwrap_err().to_string();

    assert!(failure.starts_with("openapi/upstream.yaml: the file is missing, so "), "{failure}");
    assert!(!workspace.path(UPSTREAM).exists());
}
