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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_replaced_stays_and_nothing_is_left_beside_it() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a.yaml/inside")).unwrap();

        let failure = replace(root.path(), "a.yaml", "text").unwrap_err().to_string();

        assert!(failure.starts_with("a.yaml: cannot be written: "), "{failure}");
        let left: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["a.yaml"]);
    }

    #[test]
    fn a_file_is_written_anew_whether_it_was_there_or_not() {
        let root = tempfile::tempdir().unwrap();
        for text in ["first", "second"] {
            replace(root.path(), "a.yaml", text).unwrap();

            assert_eq!(fs::read_to_string(root.path().join("a.yaml")).unwrap(), text);
        }
    }
}
