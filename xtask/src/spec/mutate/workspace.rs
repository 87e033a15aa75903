//! A copy of the workspace, in which mutants are compiled and the contract tests run.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs::{self, File, TryLockError};
use std::io;
use std::iter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wait_timeout::ChildExt as _;

use crate::codegen::Output;
use crate::failure::{Failure, Result};

/// What the contract tests make of a mutant, the page of facts aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// They do not compile; the first error.
    DoesNotCompile(String),
    /// Some fail; their names. None, where the test program breaks off.
    Fails(Vec<String>),
    /// They do not come to an end.
    Hangs,
    /// They pass.
    Passes,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoesNotCompile(error) => write!(f, "does not compile: {error}"),
            Self::Fails(tests) if tests.is_empty() => f.write_str("the test program breaks off"),
            Self::Fails(tests) => {
                write!(
                    f,
                    "{} tests fail: {}",
                    tests.len(),
                    tests.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
                )
            }
            Self::Hangs => f.write_str("the tests do not end"),
            Self::Passes => f.write_str("the tests pass"),
        }
    }
}

/// The tests take some seconds. A mutant can make one of them wait for an answer that does not come.
const PATIENCE: Duration = Duration::from_mins(5);

/// The test of the page of facts: its verdict is known without a compiler, and the question is what else there is.
const WITHOUT_FACTS: [&str; 2] = ["--skip", "contract_facts"];

/// A copy of the workspace.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    /// Locked while the copy is in use; two runs in one copy would judge each other's mutants.
    _lock: File,
}

impl Workspace {
    /// Brings the copy at `to` in line with the workspace at `from`. What is equal is left alone, so that a second run
    /// compiles little.
    ///
    /// # Errors
    /// One line with the file that cannot be read or written, or that says that the copy is in use.
    pub fn copy(from: &Path, to: &Path) -> Result<Self> {
        let lock = locked(&to.with_extension("lock"))?;
        let (wanted, present) = (files(from)?, files(to)?);
        for relative in present.keys().filter(|relative| !wanted.contains_key(*relative)) {
            let path = to.join(relative);
            fs::remove_file(&path).map_err(|error| failure(&path, &error))?;
        }
        for (relative, path) in &wanted {
            let text = fs::read(path).map_err(|error| failure(path, &error))?;
            write(&to.join(relative), &text)?;
        }
        Ok(Self { root: to.to_owned(), _lock: lock })
    }

    /// A hash of all files.
    ///
    /// # Errors
    /// One line with the file that cannot be read.
    pub fn fingerprint(&self) -> Result<String> {
        let mut hash = Sha256::new();
        for (relative, path) in files(&self.root)? {
            let text = fs::read(&path).map_err(|error| failure(&path, &error))?;
            hash.update(format!("{} {}\n", relative.display(), text.len()));
            hash.update(&text);
        }
        Ok(hash.finalize().iter().take(8).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }))
    }

    /// Puts generated files in place.
    ///
    /// # Errors
    /// One line with the file that cannot be written.
    pub fn install(&self, outputs: &[Output]) -> Result<()> {
        outputs.iter().try_for_each(|output| write(&self.root.join(output.path), output.text.as_bytes()))
    }

    /// Compiles the contract tests and runs them, but for that of the page of facts.
    ///
    /// # Errors
    /// One line: cargo cannot be started, or fails for another reason than the code.
    pub fn test(&self) -> Result<Outcome> {
        let compiled = Command::new(cargo())
            .args(["test", "--package", "contract-tests", "--no-run", "--offline", "--message-format", "json"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.with_extension("target"))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Failure::in_file("cargo", error))?;
        let messages = String::from_utf8_lossy(&compiled.stdout);
        let messages: Vec<Value> = messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        if !compiled.status.success() {
            return match messages.iter().find_map(compile_error) {
                Some(error) => Ok(Outcome::DoesNotCompile(error)),
                None => Err(Failure::in_file("cargo", String::from_utf8_lossy(&compiled.stderr))),
            };
        }
        let program = messages.iter().find_map(|message| message["executable"].as_str());
        let program = program.ok_or_else(|| Failure::in_file("cargo", "names no test program"))?;
        match self.run(Path::new(program), &WITHOUT_FACTS)? {
            // A test that fails because the machine is busy has noticed nothing: it is asked again, alone.
            Outcome::Fails(tests) if !tests.is_empty() => {
                let again: Vec<_> = iter::once("--exact").chain(tests.iter().map(String::as_str)).collect();
                self.run(Path::new(program), &again)
            }
            outcome => Ok(outcome),
        }
    }

    /// Runs the test program itself: a cargo around it could be stopped, but would leave it running.
    fn run(&self, program: &Path, arguments: &[&str]) -> Result<Outcome> {
        let path = self.root.with_extension("output");
        let output = File::create(&path).map_err(|error| failure(&path, &error))?;
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(self.root.join("tests"))
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failure(program, &error))?;
        let status = child.wait_timeout(PATIENCE).map_err(|error| failure(program, &error))?;
        match status {
            Some(status) if status.success() => Ok(Outcome::Passes),
            Some(_) => {
                let output = fs::read(&path).map_err(|error| failure(&path, &error))?;
                Ok(Outcome::Fails(failed_tests(&String::from_utf8_lossy(&output))))
            }
            None => {
                child.kill().and_then(|()| child.wait()).map_err(|error| failure(program, &error))?;
                Ok(Outcome::Hangs)
            }
        }
    }
}

fn locked(path: &Path) -> Result<File> {
    let parent = path.parent().map_or(Ok(()), fs::create_dir_all);
    let file = parent.and_then(|()| File::create(path)).map_err(|error| failure(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Failure::in_file(path.display().to_string(), "another run is at work here; wait for its end"))
        }
        Err(TryLockError::Error(error)) => Err(failure(path, &error)),
    }
}

/// The cargo that runs this, or the one in the path.
fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// The error in a message of cargo's, with its place.
fn compile_error(message: &Value) -> Option<String> {
    let message = message.get("message").filter(|message| message["level"] == "error")?;
    let mut place = &message["spans"][0];
    // What a macro made stands where the macro was called.
    while place["expansion"]["span"].is_object() {
        place = &place["expansion"]["span"];
    }
    let file = place["file_name"].as_str().unwrap_or("?");
    Some(format!("{file}:{}: {}", place["line_start"], message["message"].as_str()?))
}

/// The names that the test program lists at its end.
fn failed_tests(output: &str) -> Vec<String> {
    let list = output.rsplit_once("\nfailures:\n").map_or("", |(_, list)| list);
    let names = list.lines().skip_while(|line| line.is_empty()).map_while(|line| line.strip_prefix("    "));
    names.map(str::to_owned).collect()
}

/// The files of a workspace by their relative paths: without what is built or installed, and hidden folders.
fn files(root: &Path) -> Result<BTreeMap<PathBuf, PathBuf>> {
    fn collect(root: &Path, directory: &Path, found: &mut BTreeMap<PathBuf, PathBuf>) -> io::Result<()> {
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            let is_hidden = name.to_string_lossy().starts_with('.');
            // Cargo marks what it builds by this file.
            let is_left_out = is_hidden || name == "node_modules" || path.join("CACHEDIR.TAG").exists();
            if entry.file_type()?.is_dir() {
                if !is_left_out {
                    collect(root, &path, found)?;
                }
            } else if let Ok(relative) = path.strip_prefix(root)
                && !is_hidden
            {
                found.insert(relative.to_owned(), path);
            }
        }
        Ok(())
    }
    let mut found = BTreeMap::new();
    if root.exists() {
        collect(root, root, &mut found).map_err(|error| failure(root, &error))?;
    }
    Ok(found)
}

/// Writes what differs: a file that is written anew is compiled anew.
fn write(path: &Path, text: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    let parent = path.parent().map_or(Ok(()), fs::create_dir_all);
    parent.and_then(|()| fs::write(path, text)).map_err(|error| failure(path, &error))
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    Failure::in_file(path.display().to_string(), error)
}
