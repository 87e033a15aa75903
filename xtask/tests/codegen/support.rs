//! What the tests share: the real inputs, documents to change, and what every failure has to look like.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;
use xtask::codegen::{self, OVERLAY, Output, SESSIONS, UPSTREAM};
use xtask::failure::Failure;

pub(crate) const CLIENT: &str = "session-client/src/generated.rs";
pub(crate) const OPERATIONS: &str = "session-client/src/operations.rs";
pub(crate) const HTTPMOCK: &str = "session-testkit/src/generated.rs";
pub(crate) const GENERATED: [&str; 4] = [SESSIONS, CLIENT, OPERATIONS, HTTPMOCK];

/// An overlay that changes nothing.
pub(crate) const NO_OVERLAY: &str = "overlay: 1.1.0\ninfo: {title: Nothing, version: '1'}\nactions: []\n";

pub(crate) fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A file of the repository.
pub(crate) fn text(file: &str) -> String {
    fs::read_to_string(repository().join(file)).unwrap().replace("\r\n", "\n")
}

/// The files that the real inputs give.
pub(crate) fn generated() -> Vec<Output> {
    codegen::generate(&text(UPSTREAM), &text(OVERLAY)).unwrap()
}

/// The text that is generated for the file.
pub(crate) fn output<'a>(outputs: &'a [Output], file: &str) -> &'a str {
    &outputs.iter().find(|output| output.path == file).unwrap().text
}

/// The contract that the real inputs give.
pub(crate) fn contract() -> Value {
    serde_saphyr::from_str(output(&generated(), SESSIONS)).unwrap()
}

/// Generates from the document as it is.
pub(crate) fn generate(document: &Value) -> Result<Vec<Output>, Failure> {
    codegen::generate(&document.to_string(), NO_OVERLAY)
}

/// A directory with the inputs of the repository, and room for what is made of them.
pub(crate) fn copy_of_inputs() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for directory in ["openapi", "session-client/src", "session-testkit/src"] {
        fs::create_dir_all(root.path().join(directory)).unwrap();
    }
    for file in [UPSTREAM, OVERLAY] {
        fs::write(root.path().join(file), text(file)).unwrap();
    }
    root
}

/// A failure is one line that begins with a file, and says something.
pub(crate) fn assert_one_line(failure: &Failure) {
    let message = failure.to_string();
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(message.starts_with("openapi/"), "{message}");
    assert!(message.len() < 400, "{message}");
}
