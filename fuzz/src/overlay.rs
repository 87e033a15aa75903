//! An overlay on the contract: it gives generated files, or one line that says what is wrong.

use xtask::codegen::{self, OVERLAY, SESSIONS};

/// The contract as it is; the overlay is one more on top of it.
const CONTRACT: &str = include_str!("../../openapi/sessions.yaml");

/// Checks what becomes of an overlay with this text.
pub fn check(data: &[u8]) {
    let Ok(overlay) = str::from_utf8(data) else { return };
    if let Err(failure) = codegen::generate(CONTRACT, overlay) {
        let message = failure.to_string();
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(message.starts_with(OVERLAY) || message.starts_with(SESSIONS), "{message}");
        assert!(!message.contains(char::is_control), "{message:?}");
    }
}
