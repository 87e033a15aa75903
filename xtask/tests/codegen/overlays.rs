//! An action of the overlay that does not do what it says stops the generation, and is named.

use xtask::codegen::{self, OVERLAY, UPSTREAM};

use crate::support::{assert_one_line, text};

/// Runs the real inputs with one more action at the end.
fn with_action(action: &str) -> String {
    let overlay = format!("{}\n  - description: Why it is there\n{action}", text(OVERLAY));
    let failure = codegen::generate(&text(UPSTREAM), &overlay).unwrap_err();
    assert_one_line(&failure);
    failure.to_string()
}

#[test]
fn a_broken_action_is_one_line_with_its_place_and_description() {
    let cases = [
        ("target: $.components.schemas.Nope\n    update: {a: 1}", "matched zero nodes"),
        ("target: $.paths.*.get\n    update: {a: 1}", "matched 2 places, not 1"),
        ("target: $.paths.*.get\n    x-matches: 7\n    update: {a: 1}", "matched 2 places, not 7"),
        ("target: $.paths.*.get\n    x-matches: 0\n    update: {a: 1}", "`x-matches` has to be a whole number"),
        ("target: $.paths.*.get\n    x-matches: two\n    update: {a: 1}", "`x-matches` has to be a whole number"),
        ("target: $.paths.*.get\n    x-matches: -2\n    update: {a: 1}", "`x-matches` has to be a whole number"),
        ("target: $.info.title\n    update: Another", "objects or arrays"),
        ("target: $.info.title\n    remove: true", "objects or arrays"),
        ("target: $.info\n    copy: $.nope", "`copy` source"),
        ("target: $.info\n    copy: $.paths.*", "`copy` source"),
        ("target: $.info", "must specify one of"),
        ("target: '$.info['\n    remove: true", "JSONPath"),
        ("target: info\n    remove: true", "JSONPath"),
        ("target: ''\n    remove: true", "target"),
    ];
    let count = text(OVERLAY).matches("\n  - description:").count();
    for (action, reason) in cases {
        let message = with_action(&format!("    {action}\n"));

        assert!(message.starts_with(&format!("{OVERLAY}: $.actions[{count}]: target ")), "{message}");
        assert!(message.ends_with("the action: \"Why it is there\""), "{message}");
        assert!(message.contains(reason), "{action}: {message}");
    }
}

#[test]
fn an_action_that_upstream_has_made_needless_is_named() {
    let upstream = text(UPSTREAM).replace("    Error:\n", "    ApiError:\n");

    let failure = codegen::generate(&upstream, &text(OVERLAY)).unwrap_err();

    assert_one_line(&failure);
    let message = failure.to_string();
    assert!(message.starts_with(&format!("{OVERLAY}: $.actions[")), "{message}");
    assert!(message.contains("A type named `Error` would clash"), "{message}");
}

#[test]
fn an_overlay_that_is_none_is_named_with_the_line() {
    let cases = [
        ("actions: [\n", "line 1"),
        ("overlay: 1.1.0\nactions: []\n", "line "),
        ("overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions: {}\n", "line 3"),
        ("overlay: 1.1.0\ninfo: {title: t, version: '1'}\nactions:\n- {description: d, remove: true}\n", "line 4"),
        ("overlay: 9.9.9\ninfo: {title: t, version: '1'}\nactions: []\n", ""),
        ("", ""),
    ];
    for (overlay, place) in cases {
        let failure = codegen::generate(&text(UPSTREAM), overlay).unwrap_err();

        assert_one_line(&failure);
        assert!(failure.to_string().starts_with(&format!("{OVERLAY}: {place}")), "{overlay}: {failure}");
    }
}

#[test]
fn a_broken_result_is_named_in_the_contract_not_in_the_overlay() {
    let overlay = text(OVERLAY).replace("operationId: getSession", "operationId: nothing");
    let overlay = format!(
        "{overlay}\n  - description: Too much\n    target: $.components.schemas.SessionStatus\n    remove: true\n"
    );

    let failure = codegen::generate(&text(UPSTREAM), &overlay).unwrap_err().to_string();

    assert!(failure.starts_with("openapi/sessions.yaml: $.components.schemas.Session.properties.status"), "{failure}");
    assert!(failure.contains("`#/components/schemas/SessionStatus` is not in the document"), "{failure}");
}
