//! Writing and checking the files of a workspace.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use xtask::codegen::{self, Mode, OVERLAY, SESSIONS, UPSTREAM};

use crate::support::{CLIENT, GENERATED, HTTPMOCK, assert_one_line, copy_of_inputs, generated};

/// A workspace whose files are up to date.
pub(crate) fn written() -> TempDir {
    let root = copy_of_inputs();
    codegen::run(root.path(), Mode::Write).unwrap();
    root
}

pub(crate) fn read(root: &Path, file: &str) -> String {
    fs::read_to_string(root.join(file)).unwrap()
}

pub(crate) fn change(root: &Path, file: &str, from: &str, to: &str) {
    let text = read(root, file);
    assert!(text.contains(from), "{file} does not contain {from}");
    fs::write(root.join(file), text.replacen(from, to, 1)).unwrap();
}

fn snapshot(root: &Path) -> Vec<Option<String>> {
    GENERATED.iter().map(|file| fs::read_to_string(root.join(file)).ok()).collect()
}

fn failure(root: &Path, mode: Mode) -> String {
    let failure = codegen::run(root, mode).unwrap_err();
    failure.to_string()
}

#[test]
fn write_writes_all_files_and_check_then_passes() {
    let root = copy_of_inputs();

    let summary = codegen::run(root.path(), Mode::Write).unwrap();

    assert_eq!(summary, format!("wrote {}", GENERATED.join(", ")));
    for output in generated() {
        assert_eq!(read(root.path(), output.path), output.text, "{}", output.path);
    }
    assert_eq!(codegen::run(root.path(), Mode::Check).unwrap(), "4 generated files are up to date");
    assert_eq!(codegen::run(root.path(), Mode::Write).unwrap(), "4 generated files are up to date");
}

#[test]
fn write_leaves_no_temporary_file() {
    let root = written();

    for directory in ["openapi", "session-client/src", "session-testkit/src"] {
        for entry in fs::read_dir(root.path().join(directory)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(["yaml", "rs"].iter().any(|kind| name.ends_with(kind)), "{directory}/{name}");
        }
    }
}

#[test]
fn check_writes_nothing_where_nothing_is_generated_yet() {
    let root = copy_of_inputs();

    let message = failure(root.path(), Mode::Check);

    assert_eq!(
        message,
        format!("{}: out of date; run `cargo xtask codegen` and commit the result", GENERATED.join(", "))
    );
    assert_eq!(snapshot(root.path()), [None, None, None, None]);
}

#[test]
fn after_a_change_of_the_overlay_check_names_the_stale_files_and_writes_nothing() {
    let root = written();
    let before = snapshot(root.path());
    change(root.path(), OVERLAY, "How far the sign-in has come", "How far it is");

    let message = failure(root.path(), Mode::Check);

    // Every generated file names the hash of what it was made from.
    assert_eq!(
        message,
        format!("{}: out of date; run `cargo xtask codegen` and commit the result", GENERATED.join(", "))
    );
    assert_eq!(snapshot(root.path()), before);
    codegen::run(root.path(), Mode::Write).unwrap();
    codegen::run(root.path(), Mode::Check).unwrap();
    assert!(read(root.path(), CLIENT).contains("/// How far it is"));
}

#[test]
fn after_an_action_is_deleted_check_names_the_stale_files() {
    let root = written();
    let text = read(root.path(), OVERLAY);
    let action = text.split("\n  - description:").find(|action| action.contains("target: $.servers[0]")).unwrap();
    change(root.path(), OVERLAY, &format!("\n  - description:{action}"), "");

    let message = failure(root.path(), Mode::Check);

    assert!(message.starts_with(&format!("{}: out of date;", GENERATED.join(", "))), "{message}");
}

#[test]
fn a_generated_file_that_is_missing_is_written_again_alone() {
    let root = written();
    fs::remove_file(root.path().join(HTTPMOCK)).unwrap();

    assert!(failure(root.path(), Mode::Check).starts_with(&format!("{HTTPMOCK}: out of date;")));
    assert_eq!(codegen::run(root.path(), Mode::Write).unwrap(), format!("wrote {HTTPMOCK}"));
}

#[test]
fn line_ends_of_a_windows_checkout_are_no_edit() {
    let root = written();
    for file in GENERATED.into_iter().chain([UPSTREAM, OVERLAY]) {
        let text = read(root.path(), file).replace('\n', "\r\n");
        fs::write(root.path().join(file), text).unwrap();
    }

    assert_eq!(codegen::run(root.path(), Mode::Check).unwrap(), "4 generated files are up to date");
    assert_eq!(codegen::run(root.path(), Mode::Write).unwrap(), "4 generated files are up to date");
}

#[test]
fn an_input_that_is_missing_or_unreadable_is_named() {
    for input in [UPSTREAM, OVERLAY] {
        let root = copy_of_inputs();
        let path = root.path().join(input);

        fs::remove_file(&path).unwrap();
        assert_eq!(failure(root.path(), Mode::Write), format!("{input}: the file is missing"));

        fs::create_dir(&path).unwrap();
        assert!(failure(root.path(), Mode::Write).starts_with(&format!("{input}: ")));

        fs::remove_dir(&path).unwrap();
        fs::write(&path, b"openapi: \xff").unwrap();
        let message = failure(root.path(), Mode::Write);
        assert!(message.starts_with(&format!("{input}: ")) && message.contains("UTF-8"), "{message}");
    }
}

#[test]
fn an_input_that_is_no_yaml_is_named_with_the_line() {
    for input in [UPSTREAM, OVERLAY] {
        let root = written();
        let text = read(root.path(), input);
        fs::write(root.path().join(input), format!("<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n")).unwrap();

        let failure = codegen::run(root.path(), Mode::Write).unwrap_err();

        assert_one_line(&failure);
        assert!(failure.to_string().starts_with(&format!("{input}: line ")), "{failure}");
    }
}

#[test]
fn an_upstream_that_is_no_object_is_named() {
    for text in ["", "- 1", "just text", "5"] {
        let root = copy_of_inputs();
        fs::write(root.path().join(UPSTREAM), text).unwrap();

        assert_eq!(failure(root.path(), Mode::Write), format!("{UPSTREAM}: $: has to be an object"), "{text:?}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let root = copy_of_inputs();
    fs::remove_dir(root.path().join("session-testkit/src")).unwrap();

    let message = failure(root.path(), Mode::Write);

    assert!(message.starts_with(&format!("{HTTPMOCK}: ")), "{message}");
    assert!(read(root.path(), SESSIONS).starts_with("# Generated by"));
}
