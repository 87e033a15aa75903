//! What the contract tests said of each mutant, kept on disk: a run takes more than an hour, and may be interrupted.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::workspace::Outcome;
use crate::failure::{Failure, Result};

/// A file with one line of JSON for each mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    mutant: String,
    outcome: Outcome,
}

impl Journal {
    /// The journal of the workspace with this fingerprint. When anything in the workspace changes, it has another journal.
    ///
    /// # Errors
    /// One line, where the directory cannot be made.
    pub fn open(directory: &Path, fingerprint: &str) -> Result<Self> {
        fs::create_dir_all(directory).map_err(|error| failure(directory, &error))?;
        Ok(Self { path: directory.join(format!("journal-{fingerprint}.jsonl")) })
    }

    /// What is in it, by the names of the mutants. A line that was cut off by an interruption is left out.
    ///
    /// # Errors
    /// One line, where the file cannot be read.
    pub fn read(&self) -> Result<BTreeMap<String, Outcome>> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(failure(&self.path, &error)),
        };
        let entries = text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        Ok(entries.map(|entry| (entry.mutant, entry.outcome)).collect())
    }

    /// Adds a line. In front of it stands a line end, so that it does not grow onto a line that was cut off.
    ///
    /// # Errors
    /// One line, where the file cannot be written.
    pub fn write(&self, mutant: &str, outcome: &Outcome) -> Result<()> {
        let entry = Entry { mutant: mutant.to_owned(), outcome: outcome.clone() };
        let line = serde_json::to_string(&entry).map_err(|error| Failure::in_file("journal", error))?;
        let file = OpenOptions::new().create(true).append(true).open(&self.path);
        let written = file.and_then(|mut file| file.write_all(format!("\n{line}\n").as_bytes()));
        written.map_err(|error| failure(&self.path, &error))
    }
}

fn failure(path: &Path, error: &std::io::Error) -> Failure {
    Failure::in_file(path.display().to_string(), error)
}
