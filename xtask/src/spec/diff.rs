//! `cargo xtask spec diff`: every change between two documents to the operations of the Session API, with its class and
//! what it does to the generated Rust.
//!
//! A whole document is read for the operations of the Session API only; of a slice (`openapi/upstream.yaml` or
//! `openapi/sessions.yaml`) every operation counts. Facts are compared with their references followed: how a document is
//! cut into components, the order of keys and the order of lists that are sets change nothing. A keyword that no rule
//! knows is a change as well, of the class [`Class::Unclear`].
//!
//! The names in Rust are those that the generator gives to what the document says; what `openapi/overlay.yaml` renames
//! has its new name only where the overlay has been applied, in `openapi/sessions.yaml`.

mod bodies;
mod change;
mod comparison;
mod document;
mod json;
mod markdown;
mod media;
mod operations;
mod parameters;
mod printable;
mod schemas;
mod security;
mod servers;
mod text;
mod version;

use std::borrow::Cow;

use serde_json::Value;

pub use self::change::{Change, Changes, Class, Effect, Kind};
use self::comparison::Comparison;
use self::document::Document;
pub use self::version::Step;
use super::file::Source;
use super::release;
use super::slice::{KNOWN, slice};
use crate::failure::Result;

/// Compares two OpenAPI 3.0 documents. What cannot be followed, such as a reference into nowhere, is compared as it is
/// written.
#[must_use]
pub fn compare(old: &Value, new: &Value) -> Changes {
    let mut comparison = Comparison::new(Document::new(old), Document::new(new));
    comparison.operations();
    comparison.named_schemas();
    comparison.document();
    comparison.finish()
}

/// Compares two documents that were read. If one of them is a slice, the other is cut to what a slice has: the texts and
/// examples that a slice leaves out are no changes.
///
/// # Errors
/// One line with the file and the place in it, if a whole document cannot be cut.
pub fn sources(old: &Source, new: &Source) -> Result<Changes> {
    let is_slice = |source: &Source| Document::new(&source.document).is_slice();
    let cut = |whole: &Source, other: &Source| {
        let known: Vec<_> = KNOWN.iter().collect();
        let release = release::of(whole, None).unwrap_or_else(|_| "unknown".to_owned());
        slice(whole, Some(other), &known)?.into_document(&release).map(Cow::Owned)
    };
    let (before, after) = match (is_slice(old), is_slice(new)) {
        (true, false) => (Cow::Borrowed(&old.document), cut(new, old)?),
        (false, true) => (cut(old, new)?, Cow::Borrowed(&new.document)),
        _ => (Cow::Borrowed(&old.document), Cow::Borrowed(&new.document)),
    };
    Ok(compare(&before, &after))
}
