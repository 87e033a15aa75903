//! `cargo xtask spec import`: takes a whole published document, makes openapi/upstream.yaml of it and regenerates.

use std::fmt::Write as _;
use std::path::Path;

use super::file::{self, Source};
use super::slice::{KNOWN, Known, slice};
use super::{diff, keep, release};
use crate::codegen::{self, Mode, OVERLAY, UPSTREAM, document};
use crate::failure::{Failure, Result};
use crate::files;

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

/// An import that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was imported and what has changed, for people.
    pub text: String,
    /// What to do next, or why nothing was generated from the import.
    pub next: Result<String>,
}

/// Imports into the workspace at `root`.
///
/// # Errors
/// One line with the file and the place in it. Nothing was written then.
pub fn run(root: &Path, options: Options<'_>) -> Result<Report> {
    let source = file::read(options.file)?;
    let before = present(root)?;
    let upstream = upstream(&source, before.as_ref(), options)?;
    files::replace(root, UPSTREAM, &upstream.text)?;
    let next = codegen::run(root, Mode::Write).map(|summary| format!("{summary}\n\n{NEXT}")).map_err(|failure| {
        let message = format!(
            "imported, but not generated from: {failure}. Mend that and run `cargo xtask codegen`, or take the import \
             back with `git restore {UPSTREAM}`"
        );
        Failure::in_file(UPSTREAM, message)
    });
    Ok(Report { text: upstream.summary, next })
}

/// The text that openapi/upstream.yaml gets by an import of this document, after the slice `before`.
///
/// # Errors
/// One line with the file and the place in it.
pub fn text(source: &Source, before: Option<&Source>, options: Options<'_>) -> Result<String> {
    upstream(source, before, options).map(|upstream| upstream.text)
}

/// What to do after an import, in the order in which to do it.
const NEXT: &str = "\
Next:
1. Read what has changed. What is wrong or incomplete in it is put right in openapi/overlay.yaml, then `cargo xtask codegen`.
2. `npm ci --prefix openapi/tools`, then `npm run --prefix openapi/tools lint`.
3. `cargo test --workspace`.
4. Raise the version by the step that the changes ask for, and commit all of it together. openapi/README.md tells more.";

struct Upstream {
    text: String,
    summary: String,
}

/// What openapi/upstream.yaml becomes, and a few lines about it.
fn upstream(source: &Source, before: Option<&Source>, options: Options<'_>) -> Result<Upstream> {
    let release = release::of(source, options.release)?;
    let known: Vec<_> = KNOWN.iter().collect();
    let mut slice = slice(source, before, &known)?;
    let published = slice.operations.len();
    let missing: Vec<&'static Known> = known.into_iter().filter(|known| !slice.has(known)).collect();
    let names = missing.iter().map(|known| known.id).collect::<Vec<_>>().join(", ");
    let mut summary = format!("{UPSTREAM}: release {release}, {published} operations");
    if !missing.is_empty() {
        if !options.keep_removed {
            let message = format!(
                "release {release} has no {names}, so nothing was written; `--keep-removed` keeps the last known definition"
            );
            return Err(Failure::in_file(&source.name, message));
        }
        let before = before.ok_or_else(|| {
            Failure::in_file(UPSTREAM, format!("the file is missing, so there is no definition of {names} to keep"))
        })?;
        let changed = keep::keep(&mut slice, &release, &missing, before)?;
        let _ = write!(summary, ", and kept though no longer published: {names}");
        if !changed.is_empty() {
            let _ = write!(summary, "\nnote: the kept operations use the new definition of {}", changed.join(", "));
        }
    }
    let document = slice.into_document(&release)?;
    let text = format!(
        "# What Okta publishes for the seven session operations, release {release}: facts only, without prose and examples.\n\
         # Written by `cargo xtask spec import`. Do not edit: a change belongs in {OVERLAY}.\n\
         # The published document: sha256 {}\n\n{}",
        source.sha256,
        document::write(UPSTREAM, &document)?
    );
    if let Some(before) = before {
        let _ = write!(summary, "\n\n{}", diff::compare(&before.document, &document).text());
    }
    Ok(Upstream { text, summary })
}

/// The slice of the release before, if there is one.
fn present(root: &Path) -> Result<Option<Source>> {
    let path = root.join(UPSTREAM);
    if path.exists() { file::read_as(&path, UPSTREAM).map(Some) } else { Ok(None) }
}
