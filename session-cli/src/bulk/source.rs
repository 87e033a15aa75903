//! Where a list comes from. It is read several times, so that no id has to be kept in memory.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Seek};
use std::path::Path;

use session_client::redact::printable;

use super::entries::Entries;
use crate::failure::{Exit, Failure};

/// The name of standard input.
const STDIN: &str = "-";

/// A list that can be read again from its beginning.
#[derive(Debug)]
pub(super) struct Source {
    file: File,
    /// What to call it in messages.
    name: String,
}

impl Source {
    /// Opens a file, or standard input.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let is_stdin = path == Path::new(STDIN);
        let name = if is_stdin { "standard input".to_owned() } else { printable(&path.to_string_lossy()).into_owned() };
        let file = if is_stdin { spool(io::stdin().lock()) } else { reread(path) };
        match file {
            Ok(file) => Ok(Self { file, name }),
            // The command line names it, and nothing was sent.
            Err(error) => Err(Failure::new(Exit::Usage, "io", format!("cannot read {name}: {error}"))),
        }
    }

    /// The entries, from the first one.
    pub(super) fn entries(&self) -> Result<Entries<BufReader<&File>>, Failure> {
        (&self.file).rewind().map_err(|error| self.unreadable(&error))?;
        Ok(Entries::new(BufReader::new(&self.file)))
    }

    /// The failure to read on.
    pub(super) fn unreadable(&self, error: &io::Error) -> Failure {
        match error.kind() {
            ErrorKind::InvalidData => Failure::usage(format!("cannot read {}: {error}", self.name)),
            _ => Failure::io(format_args!("cannot read {}", self.name), error),
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

/// The file, or a copy of what comes out of a pipe.
fn reread(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if kind.is_file() { Ok(file) } else { spool(file) }
}

/// Copies what can be read only once into a temporary file that has no name and that nobody else can read.
fn spool(mut reader: impl io::Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    io::copy(&mut reader, &mut file)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_copy_is_for_its_owner_alone_and_has_no_name() {
        use std::os::unix::fs::MetadataExt;
        let mut file = spool(b"102a\n".as_slice()).unwrap();
        let metadata = file.metadata().unwrap();
        assert_eq!((metadata.mode() & 0o777, metadata.nlink()), (0o600, 0));
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "102a\n");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("none.txt")] {
            let failure = Source::open(&path).unwrap_err().to_string();
            assert!(failure.starts_with(&format!("cannot read {}", path.display())), "{failure}");
        }
    }
}
