//! The slice: what a whole published document says about the seven session operations, in one canonical form.
//!
//! Facts only, so that the same facts give the same slice however the document writes them down:
//! * An operation stands for itself: parameters, servers and security that it has from its path or from the document
//!   are written into it, and of its parameters, bodies, responses and headers every reference is followed.
//! * A schema that is a type of its own (an object with properties, an enum, a composition) stands under its name and
//!   is referred to; every other schema (a string, a list) stands where it is used. A schema that the document has
//!   written out in place gets its name back from `components.schemas`, or from the slice of the release before.
//! * Keywords beside a `$ref` are ignored, as OpenAPI 3.0 says. What only repeats a default is left out. Sets such as
//!   `required` and `enum` are sorted.

mod circles;
mod facts;
mod find;
mod names;
mod parts;
mod references;
mod security;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use self::facts::Facts;
pub(super) use self::find::{KNOWN, Known};
use self::parts::Part;
use self::references::Document;
pub(super) use self::references::to_schema;
use super::file::Source;
use crate::failure::{Failure, Result};

/// What a document says about the session operations that it has.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Slice {
    /// `openapi`, `info` and `servers` of the document.
    pub(super) head: Map<String, Value>,
    /// The operations, each with its path and method.
    pub(super) operations: Vec<Operation>,
    /// The schemas that the operations need, by name.
    pub(super) schemas: BTreeMap<String, Value>,
    /// The security schemes that the operations name, with the scopes that they name.
    pub(super) security_schemes: BTreeMap<String, Value>,
}

/// An operation of the slice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Operation {
    pub(super) known: &'static Known,
    pub(super) path: String,
    pub(super) method: String,
    pub(super) object: Value,
}

/// Slices those of the operations `wanted` that the document has. Schemas without a name get the one they have in
/// `before`, if they are still the same.
pub(super) fn slice(source: &Source, before: Option<&Source>, wanted: &[&'static Known]) -> Result<Slice> {
    let document = Document::of(source);
    let found = find::find(document, wanted)?;
    let mut facts = Facts::new(document, before.map(Document::of));
    let mut operations = Vec::new();
    for place in &found {
        let object = facts.operation(place)?;
        operations.push(Operation {
            known: place.known,
            path: place.slice_path(),
            method: place.method.to_owned(),
            object,
        });
    }
    let mut slice = Slice { head: head(document, &mut facts)?, operations, ..Slice::default() };
    slice.security_schemes = security::schemes(document, &mut facts, &slice.operations)?;
    slice.schemas = facts.into_schemas()?;
    Ok(slice)
}

/// What describes the document as a whole.
fn head<'a>(document: Document<'a>, facts: &mut Facts<'a>) -> Result<Map<String, Value>> {
    let info = document.root.get("info").filter(|info| info.is_object());
    let info = info.ok_or_else(|| document.failure("$.info", "missing, or not an object"))?;
    let mut head = Map::new();
    head.insert("openapi".to_owned(), document.root["openapi"].clone());
    head.insert("info".to_owned(), facts.part(Part::Info, info, "$.info")?);
    if let Some(servers) = document.root.get("servers") {
        head.insert("servers".to_owned(), facts.list(Part::Server, servers, "$.servers", |_| true)?);
    }
    Ok(head)
}

impl Slice {
    /// Whether the operation is in the slice.
    pub(super) fn has(&self, known: &Known) -> bool {
        self.operations.iter().any(|operation| operation.known == known)
    }

    /// The slice as an OpenAPI document of this release.
    pub(super) fn into_document(mut self, release: &str) -> Result<Value> {
        self.head["info"]["x-release"] = json!(release);
        let mut paths: Map<String, Value> = Map::new();
        for Operation { path, method, object, known } in self.operations {
            let item = paths.entry(path.clone()).or_insert_with(|| json!({}));
            if item.get(&method).is_some() {
                let message = format!("`{}` and another session operation are both at {method} {path}", known.id);
                return Err(Failure::in_file(crate::codegen::UPSTREAM, message));
            }
            item[method] = object;
        }
        self.head.insert("paths".to_owned(), paths.into());
        let components = json!({"schemas": self.schemas, "securitySchemes": self.security_schemes});
        self.head.insert("components".to_owned(), components);
        Ok(self.head.into())
    }
}
