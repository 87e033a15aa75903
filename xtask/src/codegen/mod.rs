//! Code generation: upstream.yaml and overlay.yaml become sessions.yaml, and sessions.yaml becomes Rust.
//!
//! load → overlay → check → progenitor → graft → print → write. Every step fails with the file and the JSON path.

mod client;
mod contract;
mod culprit;
mod dependencies;
pub(crate) mod document;
mod graft;
mod httpmock;
pub(crate) mod json_path;
mod limits;
pub(crate) mod names;
mod open_enums;
mod operations;
mod overlay;
mod progenitor_input;
mod rust_file;
mod sealed;
mod types;

use std::path::Path;

use serde_json::Value;
use similar::TextDiff;

use self::contract::Contract;
pub(crate) use self::progenitor_input::HAND_WRITTEN;
use self::sealed::{Comment, Sealed};
use crate::failure::{Failure, Result};
use crate::files;

/// Facts that Okta publishes.
pub const UPSTREAM: &str = "openapi/upstream.yaml";
/// What we add and correct.
pub const OVERLAY: &str = "openapi/overlay.yaml";
/// The two together: the vendored contract.
pub const SESSIONS: &str = "openapi/sessions.yaml";

const CLIENT: &str = "session-client/src/generated.rs";
const OPERATIONS: &str = "session-client/src/operations.rs";
const HTTPMOCK: &str = "session-testkit/src/generated.rs";

const COMMAND: &str = "cargo xtask codegen";

/// Whether to write files, or only to say whether they are up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write what differs.
    Write,
    /// Write nothing; fail if anything differs.
    Check,
}

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its path, relative to the workspace.
    pub path: &'static str,
    /// Its content.
    pub text: String,
}

/// Brings the generated files of the workspace at `root` up to date, or checks that they are. The answer is a sentence
/// for people.
///
/// # Errors
/// One line with the file and the place in it: an input that cannot be generated from, a generated file that was edited
/// by hand or, in [`Mode::Check`], the files that are out of date.
pub fn run(root: &Path, mode: Mode) -> Result<String> {
    let upstream = read(root, UPSTREAM)?;
    let overlay = read(root, OVERLAY)?;
    let outputs = generate(&upstream, &overlay)?;
    let mut stale = Vec::new();
    for output in &outputs {
        let present = read_if_present(root, output.path)?;
        if let Some(present) = &present {
            refuse_edited(output, present)?;
        }
        if present.as_deref() != Some(output.text.as_str()) {
            stale.push((output, present.unwrap_or_default()));
        }
    }
    if mode == Mode::Check && !stale.is_empty() {
        let diffs: String = stale.iter().map(|(output, present)| diff(output, present)).collect();
        let names: Vec<_> = stale.iter().map(|(output, _)| output.path).collect();
        eprint!("{diffs}");
        return Err(Failure::in_file(names.join(", "), format!("out of date; run `{COMMAND}` and commit the result")));
    }
    for (output, _) in &stale {
        files::replace(root, output.path, &output.text)?;
    }
    Ok(match stale.as_slice() {
        [] => format!("{} generated files are up to date", outputs.len()),
        stale => format!("wrote {}", stale.iter().map(|(output, _)| output.path).collect::<Vec<_>>().join(", ")),
    })
}

/// All generated files, from the texts of the two inputs.
///
/// # Errors
/// One line with the file and the place in it.
pub fn generate(upstream: &str, overlay: &str) -> Result<Vec<Output>> {
    let document = contract(upstream, overlay)?;
    let contract = Contract { file: SESSIONS, document: &document };
    limits::check(&contract)?;

    let yaml = document::write(SESSIONS, &document)?;
    let from_inputs = Sealed { comment: Comment::Yaml, made_from: &[(UPSTREAM, upstream), (OVERLAY, overlay)] };
    let from_contract = Sealed { comment: Comment::Rust, made_from: &[(SESSIONS, &yaml)] };
    let rust = |path, file| Output { path, text: from_contract.seal(&rust_file::print(file)) };
    Ok(vec![
        Output { path: SESSIONS, text: from_inputs.seal(&yaml) },
        rust(CLIENT, client::items(&contract)?),
        rust(OPERATIONS, operations::items(&contract)?),
        rust(HTTPMOCK, httpmock::items(&contract)?),
    ])
}

/// The contract that the texts of the two inputs make, before anything is asked of it.
///
/// # Errors
/// One line with the file and the place in it: an input that is no YAML, or an action of the overlay that does not fit.
pub fn contract(upstream: &str, overlay: &str) -> Result<Value> {
    let mut document: Value = document::read(UPSTREAM, upstream)?;
    if !document.is_object() {
        return Err(Failure::at(UPSTREAM, "$", "has to be an object"));
    }
    overlay::apply(OVERLAY, overlay, &mut document)?;
    Ok(document)
}

/// A generated file that was edited by hand is not overwritten: the edit would be lost, and belongs elsewhere.
fn refuse_edited(output: &Output, present: &str) -> Result<()> {
    if sealed::is_intact(present) {
        return Ok(());
    }
    let again = format!("delete the file and run `{COMMAND}`");
    if let Some(line) = present.lines().position(|line| line.starts_with("<<<<<<< ")) {
        let message = format!("has a merge conflict; merge {UPSTREAM} and {OVERLAY}, then {again}");
        return Err(Failure::at(output.path, format!("line {}", line + 1), message));
    }
    let message = format!("was edited by hand; edits belong in {OVERLAY}. To drop the edit, {again}");
    Err(Failure::at(output.path, edited_place(output, present), message))
}

/// Where an edited file differs first from the generated one: its JSON path if it is YAML, or its line.
fn edited_place(output: &Output, present: &str) -> String {
    let documents = (document::read(output.path, &output.text), document::read(output.path, present));
    if let (SESSIONS, (Ok(generated), Ok(edited))) = (output.path, documents)
        && let Some(path) = json_path::first_difference(&generated, &edited)
    {
        return path;
    }
    let (present, generated) = (present.lines(), output.text.lines().map(Some).chain(std::iter::repeat(None)));
    let same = present.zip(generated).take_while(|(edited, generated)| {
        // The hashes in the header differ whenever the inputs do.
        Some(*edited) == *generated || edited.contains("sha256")
    });
    format!("line {}", same.count() + 1)
}

fn diff(output: &Output, present: &str) -> String {
    TextDiff::from_lines(present, &output.text)
        .unified_diff()
        .context_radius(2)
        .header(output.path, &format!("{} (as generated)", output.path))
        .to_string()
}

fn read(root: &Path, file: &str) -> Result<String> {
    read_if_present(root, file)?.ok_or_else(|| Failure::in_file(file, "the file is missing"))
}

fn read_if_present(root: &Path, file: &str) -> Result<Option<String>> {
    match std::fs::read_to_string(root.join(file)) {
        // A checkout may have changed the line ends.
        Ok(text) => Ok(Some(text.replace("\r\n", "\n"))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::in_file(file, error)),
    }
}
