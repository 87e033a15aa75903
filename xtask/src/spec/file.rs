//! Reads an OpenAPI document that somebody else wrote: within bounds of size, depth and number, so that a wrong or
//! hostile file is one line on the screen and not a full memory.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::failure::{Failure, Result, shown};

/// The largest file that is read. Okta's documents have 3.5 MB.
const MAX_MEBIBYTES: u64 = 64;
const MAX_BYTES: u64 = MAX_MEBIBYTES << 20;

/// An OpenAPI 3.0 document and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The file, as messages name it.
    pub name: String,
    /// The hash of the file's bytes, in hexadecimal.
    pub sha256: String,
    /// What the file holds.
    pub document: Value,
}

/// Reads an OpenAPI 3.0 document, written as YAML or JSON.
///
/// # Errors
/// One line with the file and, if there is one, the line in it: a file that cannot be read, is no regular file or is
/// larger than 64 MiB; text that is no YAML, or YAML that unfolds to more than a document of that size can hold; a
/// document that is not OpenAPI 3.0.
pub fn read(path: &Path) -> Result<Source> {
    read_as(path, &path.display().to_string())
}

/// Reads the document, and calls the file by this name.
pub(super) fn read_as(path: &Path, name: &str) -> Result<Source> {
    let name = shown(name);
    let bytes = read_bounded(path, &name, MAX_BYTES)?;
    from_bytes(&name, bytes)
}

/// Reads the document from the bytes of the file with this name.
///
/// # Errors
/// As [`read`], but for those of the file system.
pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Source> {
    let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = format!("byte {}", error.utf8_error().valid_up_to() + 1);
        Failure::at(name, place, "not UTF-8, so it is no OpenAPI document in YAML or JSON")
    })?;
    let document = parse(name, &text)?;
    check_version(name, &document)?;
    Ok(Source { name: name.to_owned(), sha256, document })
}

fn read_bounded(path: &Path, name: &str, limit: u64) -> Result<Vec<u8>> {
    let failure = |error: std::io::Error| Failure::in_file(name, format!("cannot be read: {error}"));
    // Looked at before it is opened: opening a pipe would wait for its other end.
    let metadata = std::fs::metadata(path).map_err(failure)?;
    if !metadata.is_file() {
        return Err(Failure::in_file(name, "is no regular file; give the path of an OpenAPI document"));
    }
    let mut bytes = Vec::new();
    if metadata.len() <= limit {
        bytes.reserve_exact(usize::try_from(metadata.len()).unwrap_or_default());
        File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes)).map_err(failure)?;
    }
    if metadata.len().max(bytes.len() as u64) > limit {
        let message = format!("larger than {MAX_MEBIBYTES} MiB, so it is not read; Okta's documents have less than 4");
        return Err(Failure::in_file(name, message));
    }
    Ok(bytes)
}

/// JSON is YAML, so one parser reads both. Its budget is six times what Okta's documents need.
fn parse(name: &str, text: &str) -> Result<Value> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 40,
            max_events: 2_000_000,
            max_nodes: 1_000_000,
        },
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let reason = shown(&error.without_snippet().to_string());
        let message = match reason.strip_prefix("budget breached: ") {
            Some(breach) => format!("too deep, too long or unfolding to too much for a published document: {breach}"),
            None => format!("not YAML or JSON that can be read: {reason}"),
        };
        match error.location() {
            Some(location) => Failure::at(name, format!("line {}", location.line()), message),
            None => Failure::in_file(name, message),
        }
    })
}

fn check_version(name: &str, document: &Value) -> Result<()> {
    let version = ["openapi", "swagger"].into_iter().find_map(|key| document.get(key));
    match version {
        Some(Value::String(version)) if version.starts_with("3.0.") => Ok(()),
        Some(version @ (Value::String(_) | Value::Number(_))) => {
            let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
            let message =
                format!("OpenAPI {} cannot be imported, only 3.0.x; take Okta's file of that version", shown(&version));
            Err(Failure::in_file(name, message))
        }
        _ => Err(Failure::in_file(name, "not an OpenAPI document: it has no `openapi: 3.0.x` at the top")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_file_is_read_whole_and_a_larger_one_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.yaml");
        std::fs::write(&path, "a: 12").unwrap();

        assert_eq!(read_bounded(&path, "a.yaml", 5).unwrap(), b"a: 12");
        let failure = read_bounded(&path, "a.yaml", 4).unwrap_err().to_string();

        assert!(failure.starts_with("a.yaml: larger than 64 MiB"), "{failure}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_holds_more_than_it_says_is_not_taken_for_its_beginning() {
        // It says that it is empty.
        let path = Path::new("/proc/self/status");

        let failure = read_bounded(path, "a.yaml", 10).unwrap_err().to_string();

        assert!(failure.starts_with("a.yaml: larger than 64 MiB"), "{failure}");
    }
}
