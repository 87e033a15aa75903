//! Files that are no published document, or a trap: one line, little memory, and nothing is written.

use std::fmt::Write as _;
use std::fs::File;

use xtask::spec::import::Options;

use crate::support::{Workspace, published};

/// What is said of a file with this content, after its name.
fn said_of(content: &[u8]) -> String {
    let workspace = Workspace::new();
    workspace.write("spec.yaml", content);
    said_in(&workspace, "spec.yaml")
}

fn said_in(workspace: &Workspace, file: &str) -> String {
    let before = workspace.path("").join("openapi");
    let before = (std::fs::read_dir(&before).unwrap().count(), workspace.upstream());
    let path = workspace.path(file);
    let failure = workspace.import_file(Options { file: &path, release: None, keep_removed: true }).unwrap_err();
    let message = failure.to_string();
    let after = (std::fs::read_dir(workspace.path("openapi")).unwrap().count(), workspace.upstream());
    assert_eq!(after, before, "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.len() < 700 && !message.contains(|c: char| c.is_control() || c == '\u{202e}'), "{message}");
    message.strip_prefix(&format!("{}: ", path.display())).unwrap().to_owned()
}

#[test]
fn what_is_no_yaml() {
    const NO_YAML: &str = "not YAML or JSON that can be read: ";
    for (text, place) in [
        ("openapi: 3.0.3\ninfo: [", "line 2: "),
        ("{\"openapi\": \"3.0.3\",", "line 1: "),
        ("openapi: 3.0.3\n  info: x\n", "line 2: "),
        ("openapi: 3.0.3\nopenapi: 3.0.3\n", "line 2: "),
        ("openapi: 3.0.3\ninfo: {a: 1, a: 2}\n", "line 2: "),
        ("openapi: 3.0.3\n---\nopenapi: 3.0.3\n", ""),
        ("openapi: *unknown\n", "line 1: "),
        ("<!DOCTYPE html>\n<html>\n<p>a: b: c</p></html>", "line "),
        ("openapi: \u{1}", "line 1: "),
        ("openapi: .nan", "line 1: "),
    ] {
        let said = said_of(text.as_bytes());
        assert!(said.starts_with(place) && said.contains(NO_YAML), "{text:?}: {said}");
    }
}

#[test]
fn what_is_no_text() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    assert_eq!(said_of(png), "byte 1: not UTF-8, so it is no OpenAPI document in YAML or JSON");
    assert!(said_of(b"openapi: \xff").starts_with("byte 10: not UTF-8"));
    let utf16: Vec<u8> = "openapi: 3.0.3".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(!said_of(&utf16).is_empty());
}

#[test]
fn what_is_no_openapi() {
    for text in
        ["", "- 1", "just text", "5", "null", "# only a comment", "a: 1", "openapi:\n", "openapi: {}", "openapi: [3]"]
    {
        assert_eq!(
            said_of(text.as_bytes()),
            "not an OpenAPI document: it has no `openapi: 3.0.x` at the top",
            "{text}"
        );
    }
}

#[test]
fn other_versions_of_openapi_are_named() {
    for (text, version) in [
        ("swagger: '2.0'", "2.0"),
        ("swagger: 2.0", "2.0"),
        ("openapi: 3.1.0", "3.1.0"),
        ("openapi: 3.1", "3.1"),
        ("openapi: 3.0", "3.0"),
        ("openapi: 4.0.0", "4.0.0"),
        ("openapi: '3.0'", "3.0"),
    ] {
        let expected = format!("OpenAPI {version} cannot be imported, only 3.0.x; take Okta's file of that version");
        assert_eq!(said_of(text.as_bytes()), expected);
    }
}

#[test]
fn what_is_no_file() {
    let workspace = Workspace::new();
    assert!(said_in(&workspace, "nope.yaml").starts_with("cannot be read: "));
    assert!(said_in(&workspace, "openapi/upstream.yaml/below").starts_with("cannot be read: "));
    assert!(said_in(&workspace, "openapi").starts_with("is no regular file"));
    assert!(said_in(&workspace, &"long".repeat(2000)[..20]).starts_with("cannot be read: "));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let workspace = Workspace::new();
    let made = std::process::Command::new("mkfifo").arg(workspace.path("pipe")).status().unwrap();
    assert!(made.success());

    assert!(said_in(&workspace, "pipe").starts_with("is no regular file"));
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let workspace = Workspace::new();
    // A sparse file takes no room on the disk.
    File::create(workspace.path("large.yaml")).unwrap().set_len(100 * 1024 * 1024).unwrap();

    assert_eq!(
        said_in(&workspace, "large.yaml"),
        "larger than 64 MiB, so it is not read; Okta's documents have less than 4"
    );
}

/// What is said of a file that would take too much memory or stack, whichever limit it meets first.
const TOO_MUCH: [&str; 4] =
    ["unfolding to too much", "alias replay limit exceeded", "recursive references", "recursion limit exceeded"];

#[test]
fn yaml_that_unfolds_to_more_than_it_is() {
    let mut laughs = "openapi: 3.0.3\na0: &a0 [ha, ha]\n".to_owned();
    for level in 1..40 {
        let _ = writeln!(laughs, "a{level}: &a{level} [*a{0}, *a{0}, *a{0}, *a{0}]", level - 1);
    }
    let many = format!("openapi: 3.0.3\na: &a [{}]\nb: [{}]\n", "1,".repeat(10_000), "*a,".repeat(40_000));
    let text = format!("openapi: 3.0.3\na: &a {}\nb: [{}]\n", "x".repeat(1_000_000), "*a,".repeat(40_000));
    let merge = format!("openapi: 3.0.3\na: &a {{b: 1}}\nc: {{<<: [{}]}}\n", "*a,".repeat(60_000));
    let itself = "openapi: &a\n- *a\n".to_owned();

    for bomb in [laughs, many, text, merge, itself] {
        let said = said_of(bomb.as_bytes());
        assert!(TOO_MUCH.iter().any(|reason| said.contains(reason)), "{said}");
    }
}

#[test]
fn yaml_that_is_nested_too_deep() {
    let mut block = "openapi: 3.0.3\n".to_owned();
    for depth in 0..2_000 {
        let _ = writeln!(block, "{}a:", " ".repeat(depth));
    }
    for text in [
        format!("openapi: {}", "[".repeat(100_000)),
        "{\"openapi\":".repeat(100_000),
        format!("openapi: 3.0.3\na:\n  {}\n", "- ".repeat(100_000)),
        block,
    ] {
        let said = said_of(text.as_bytes());
        assert!(TOO_MUCH.iter().any(|reason| said.contains(reason)), "{said}");
    }
}

#[test]
fn a_document_that_breaks_off() {
    let text = published().to_string();

    for end in [1, 10, text.len() / 2, text.len() - 1] {
        let said = said_of(&text.as_bytes()[..end]);
        assert!(said.contains("not YAML or JSON that can be read"), "{said}");
    }
}

#[test]
fn what_a_file_says_cannot_do_anything_to_a_terminal() {
    let escape = "\\u001b[2J\\u202e";
    let long = "x".repeat(100_000);
    for text in [
        format!("{{\"openapi\": \"{escape}\"}}"),
        format!("{{\"openapi\": \"{long}\"}}"),
        format!("{{\"{long}\": 1, \"{long}\": 2}}"),
        format!("{{\"{escape}\": 1, \"{escape}\": 2}}"),
    ] {
        said_of(text.as_bytes());
    }
}
