//! A generated file that somebody edited is not overwritten.

use std::fs;

use xtask::codegen::{self, Mode, SESSIONS};

use crate::support::{CLIENT, HTTPMOCK, OPERATIONS};
use crate::workspace::{change, read, written};

/// File, what is edited into what, and the place that the failure names.
const EDITS: [(&str, &str, &str, &str); 8] = [
    (
        SESSIONS,
        "operationId: getSession",
        "operationId: readSession",
        "$.paths['/api/v1/sessions/{sessionId}'].get.operationId",
    ),
    (SESSIONS, "  title: Okta Session API\n", "  title: Okta Session API\n  x-new: 1\n", "$.info['x-new']"),
    (SESSIONS, "  title: Okta Session API\n", "", "$.info.title"),
    (SESSIONS, "  title: Okta Session API\n", "  # the title\n  title: Okta Session API\n", "line 9"),
    (SESSIONS, "info:\n", "info: [\n", "line 8"),
    (CLIENT, "use crate::{Client, Error, Response};", "use crate::{Client, Error, Response, Extra};", "line 7"),
    (OPERATIONS, "anonymous: true,", "anonymous: false,", "line 14"),
    (HTTPMOCK, "pub mod operations {", "// here\npub mod operations {", "line 6"),
];

#[test]
fn an_edit_is_refused_with_its_place_and_where_it_belongs() {
    for (file, from, to, place) in EDITS {
        let root = written();
        change(root.path(), file, from, to);
        let edited = read(root.path(), file);

        for mode in [Mode::Write, Mode::Check] {
            let failure = codegen::run(root.path(), mode).unwrap_err();
            assert_eq!(
                failure.to_string(),
                format!(
                    "{file}: {place}: was edited by hand; edits belong in openapi/overlay.yaml. \
                     To drop the edit, delete the file and run `cargo xtask codegen`"
                )
            );
            assert_eq!(read(root.path(), file), edited);
        }
    }
}

#[test]
fn an_edit_is_refused_even_if_the_inputs_changed_too() {
    let root = written();
    change(root.path(), "openapi/overlay.yaml", "title: Okta Session API\n", "title: Sessions\n");
    change(root.path(), CLIENT, "self.call(operation, request).await", "todo!()");
    let sessions = read(root.path(), SESSIONS);

    let failure = codegen::run(root.path(), Mode::Write).unwrap_err().to_string();

    let line = read(root.path(), CLIENT).lines().position(|line| line.contains("todo!()")).unwrap() + 1;
    assert!(failure.starts_with(&format!("{CLIENT}: line {line}: ")), "{failure}");
    assert_eq!(read(root.path(), SESSIONS), sessions, "nothing is written beside an edited file");
}

#[test]
fn text_after_the_end_is_an_edit_with_its_line() {
    let root = written();
    let text = read(root.path(), OPERATIONS);
    fs::write(root.path().join(OPERATIONS), format!("{text}// more\n")).unwrap();

    let failure = codegen::run(root.path(), Mode::Write).unwrap_err().to_string();

    assert!(failure.starts_with(&format!("{OPERATIONS}: line {}: was edited", text.lines().count() + 1)), "{failure}");
}

#[test]
fn a_text_that_was_never_generated_is_an_edit() {
    let root = written();
    fs::write(root.path().join(CLIENT), "").unwrap();

    let failure = codegen::run(root.path(), Mode::Write).unwrap_err().to_string();

    assert!(failure.starts_with(&format!("{CLIENT}: line 1: was edited by hand")), "{failure}");
    assert_eq!(read(root.path(), CLIENT), "");
}

#[test]
fn a_merge_conflict_is_named_with_its_line_and_how_to_end_it() {
    for (file, line) in [(SESSIONS, 3), (CLIENT, 3), (OPERATIONS, 3), (HTTPMOCK, 3)] {
        let root = written();
        let text = read(root.path(), file);
        let lines: Vec<_> = text.split_inclusive('\n').collect();
        let (head, rest) = (lines[..line - 1].concat(), lines[line - 1..].concat());
        let conflict = format!("{head}<<<<<<< ours\n{rest}=======\n{rest}>>>>>>> theirs\n");
        fs::write(root.path().join(file), &conflict).unwrap();

        let failure = codegen::run(root.path(), Mode::Write).unwrap_err();

        assert_eq!(
            failure.to_string(),
            format!(
                "{file}: line {line}: has a merge conflict; merge openapi/upstream.yaml and openapi/overlay.yaml, \
                 then delete the file and run `cargo xtask codegen`"
            )
        );
        assert_eq!(read(root.path(), file), conflict);
        fs::remove_file(root.path().join(file)).unwrap();
        codegen::run(root.path(), Mode::Write).unwrap();
        assert_eq!(read(root.path(), file), text);
    }
}
