//! What an import says, and in which state it leaves the workspace.

use std::fs;

use xtask::codegen::{OVERLAY, UPSTREAM};

use crate::support::{ME, SESSIONS, Workspace, published, remove, schemas};

/// The release that the repository's overlay was written for: three operations are left.
fn three_operations() -> serde_json::Value {
    let mut document = published();
    for path in [SESSIONS, ME, "/api/v1/sessions/me/lifecycle/refresh"] {
        remove(&mut document["paths"], path);
    }
    document
}

#[test]
fn an_import_regenerates_and_says_what_to_do_next() {
    let workspace = Workspace::with_overlay();

    let report = workspace.import(&three_operations(), true).unwrap();

    // The document says what the repository has, as another release.
    assert!(report.text.contains("document information changed"), "{}", report.text);
    assert!(report.text.contains("2 documentation: a patch step"), "{}", report.text);
    let next = report.next.unwrap();
    let generated = "wrote openapi/sessions.yaml, session-client/src/generated.rs, session-client/src/operations.rs, session-testkit/src/generated.rs";
    assert!(next.starts_with(&format!("{generated}\n\nNext:\n1. ")), "{next}");
    for step in ["cargo test --workspace", "lint", "version", "openapi/README.md"] {
        assert!(next.contains(step), "{next}");
    }
    let client = fs::read_to_string(workspace.path("session-client/src/generated.rs")).unwrap();
    assert_eq!(client.matches("Okta's published specification no longer has this operation").count(), 4);
}

#[test]
fn an_overlay_that_no_longer_applies_leaves_the_import_and_says_what_to_do() {
    let workspace = Workspace::with_overlay();
    let mut document = three_operations();
    schemas(&mut document)["Session"]["properties"].as_object_mut().unwrap().remove("idp");

    let report = workspace.import(&document, true).unwrap();

    assert!(!workspace.upstream().contains("idp:"));
    assert!(!workspace.path("openapi/sessions.yaml").exists());
    let failure = report.next.unwrap_err().to_string();
    assert_eq!(failure.lines().count(), 1);
    assert!(
        failure
            .starts_with("openapi/upstream.yaml: imported, but not generated from: openapi/overlay.yaml: $.actions["),
        "{failure}"
    );
    assert!(
        failure.ends_with(
            "Mend that and run `cargo xtask codegen`, or take the import back with `git restore openapi/upstream.yaml`"
        ),
        "{failure}"
    );
}

#[test]
fn an_import_leaves_nothing_but_the_slice_behind() {
    let workspace = Workspace::new();
    workspace.write("spec.json", published().to_string());
    let before: Vec<_> = workspace.files().into_iter().map(|(path, _)| path).collect();

    workspace.import(&published(), false).unwrap();

    let after: Vec<_> = workspace.files().into_iter().map(|(path, _)| path).collect();
    assert_eq!(after, before);
}

#[test]
fn a_slice_that_cannot_be_written_is_named_and_the_old_one_stays() {
    let workspace = Workspace::new();
    let before = workspace.upstream();
    // Where the new slice would be written first.
    fs::create_dir(workspace.path("openapi/upstream.tmp")).unwrap();

    let failure = workspace.import(&published(), false).unwrap_err().to_string();

    assert!(failure.starts_with("openapi/upstream.yaml: cannot be written: "), "{failure}");
    assert_eq!(workspace.upstream(), before);
}

#[test]
fn a_present_slice_that_cannot_be_read_is_named_and_stays() {
    let workspace = Workspace::new();
    workspace.write(UPSTREAM, "openapi: [");

    let failure = workspace.import(&published(), false).unwrap_err().to_string();

    assert!(failure.starts_with("openapi/upstream.yaml: line "), "{failure}");
    assert_eq!(workspace.upstream(), "openapi: [");
}

#[test]
fn without_a_slice_the_first_one_is_written() {
    let workspace = Workspace::new();
    let expected = workspace.import(&published(), false).map(|_| workspace.upstream()).unwrap();
    fs::remove_file(workspace.path(UPSTREAM)).unwrap();

    workspace.import(&published(), false).unwrap();

    assert_eq!(workspace.upstream(), expected);
    assert!(!workspace.path(OVERLAY).exists());
}
