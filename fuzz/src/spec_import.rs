//! A published document of anybody's making: it gives a slice that is its own slice, or one line that says what is wrong.

use std::path::Path;
use std::sync::LazyLock;

use xtask::spec::file::{self, Source};
use xtask::spec::import::{self, Options};

/// The slice of the release before, which has the definitions of operations that the document lacks.
static BEFORE: LazyLock<Source> = LazyLock::new(|| {
    let bytes = include_bytes!("../../openapi/upstream.yaml").to_vec();
    file::from_bytes("openapi/upstream.yaml", bytes).expect("the slice can be read")
});

/// Checks what an import of these bytes gives.
pub fn check(data: &[u8]) {
    let Some(text) = import(data, "published.yaml") else { return };
    let again = import(text.as_bytes(), "slice.yaml").expect("a slice can be imported");
    assert_eq!(facts(&again), facts(&text), "a slice is its own slice");
}

fn import(data: &[u8], name: &str) -> Option<String> {
    let options = Options { file: Path::new(name), release: Some("2026.01.0"), keep_removed: true };
    match file::from_bytes(name, data.to_vec()).and_then(|source| import::text(&source, Some(&BEFORE), options)) {
        Ok(text) => Some(text),
        Err(failure) => {
            let message = failure.to_string();
            assert_eq!(message.lines().count(), 1, "{message}");
            assert!(message.starts_with(name) || message.starts_with("openapi/"), "{message}");
            assert!(!message.contains(char::is_control), "{message:?}");
            None
        }
    }
}

/// Without the comments, which hold the hash of what was imported.
fn facts(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.starts_with('#')).collect()
}
