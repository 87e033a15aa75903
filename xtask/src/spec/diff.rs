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

use serde_json::Value;

pub use self::change::{Change, Changes, Class, Effect, Kind};
use self::comparison::Comparison;
use self::document::Document;
pub use self::version::Step;

/// Compares two OpenAPI 3.0 documents. What cannot be followed, such as a reference into nowhere, is compared as it is
/// written.
#[must_use]
pub fn compare(old: &Value, new: &Value) -> Changes {
    let mut comparison = Comparison::new(Document::new(old), Document::new(new));
    comparison.operations();
    comparison.unused_schemas();
    comparison.document();
    comparison.finish()
}
