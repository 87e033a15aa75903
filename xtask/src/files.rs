//! Writes files of the workspace whole, or not at all.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Result};

/// Puts the text in the place of the file, by way of a temporary file beside it: a full disk or a Ctrl-C leaves the old
/// file as it was.
pub(crate) fn replace(root: &Path, file: &str, text: &str) -> Result<()> {
    let path = root.join(file);
    let temporary = path.with_extension("tmp");
    fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, &path)).map_err(|error| {
        // It may not even be there.
        let _ = fs::remove_file(&temporary);
        Failure::in_file(file, format!("cannot be written: {error}"))
    })
}
