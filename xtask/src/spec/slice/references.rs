//! Follows `$ref` inside one document.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::super::file::Source;
use crate::codegen::json_path::{element, member};
use crate::failure::{Failure, Result, shown};

/// A document whose references are followed.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) file: &'a str,
    pub(super) root: &'a Value,
}

/// Where a value stands after its references were followed.
pub(super) struct Target<'a> {
    pub(super) value: &'a Value,
    /// Its place, for messages.
    pub(super) place: String,
    /// The last reference on the way, as a JSON pointer; none if the value was written out in place.
    pub(super) pointer: Option<Vec<String>>,
}

/// References to references; more than anybody writes.
const MAX_STEPS: usize = 32;

impl<'a> Document<'a> {
    pub(super) fn of(source: &'a Source) -> Self {
        Self { file: &source.name, root: &source.document }
    }

    /// A failure at a place in the document.
    pub(super) fn failure(&self, place: &str, message: impl std::fmt::Display) -> Failure {
        Failure::at(self.file, shown(place), message)
    }

    /// The value at `place`, or what its `$ref` leads to in the end.
    pub(super) fn follow(&self, value: &'a Value, place: &str) -> Result<Target<'a>> {
        let mut target = Target { value, place: place.to_owned(), pointer: None };
        for _ in 0..MAX_STEPS {
            let Some(reference) = reference(target.value) else { return Ok(target) };
            let place = member(&target.place, "$ref");
            target = self.resolve(reference, &place)?;
        }
        Err(self.failure(place, "a circular reference: it leads from `$ref` to `$ref` and never to a value"))
    }

    /// The value that the text of a reference at `place` leads to.
    pub(super) fn resolve(&self, reference: &str, place: &str) -> Result<Target<'a>> {
        let name = shown(reference);
        let Some(pointer) = reference.strip_prefix("#/") else {
            let message = format!("refers to another file, `{name}`; import a document that holds everything itself");
            return Err(self.failure(place, message));
        };
        let dangling = || self.failure(place, format!("a dangling reference: `{name}` is not in the document"));
        let tokens: Vec<String> = pointer.split('/').map(token).collect::<Option<_>>().ok_or_else(dangling)?;
        let (mut value, mut path) = (self.root, "$".to_owned());
        for token in &tokens {
            (value, path) = match value {
                Value::Object(members) => (members.get(token).ok_or_else(dangling)?, member(&path, token)),
                Value::Array(elements) => {
                    let index: usize = token.parse().map_err(|_| dangling())?;
                    (elements.get(index).ok_or_else(dangling)?, element(&path, index))
                }
                _ => return Err(dangling()),
            };
        }
        Ok(Target { value, place: path, pointer: Some(tokens) })
    }

    /// The components of a kind (`schemas`, `securitySchemes`), by name.
    pub(super) fn components(&self, kind: &str) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        let components = self.root.get("components").and_then(|components| components.get(kind));
        components.and_then(Value::as_object).into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    /// The component of a kind with this name.
    pub(super) fn component(&self, kind: &str, name: &str) -> Option<&'a Value> {
        self.root.get("components")?.get(kind)?.get(name)
    }
}

impl Target<'_> {
    /// The name of the schema, if the reference leads to one under `components.schemas`.
    pub(super) fn schema_name(&self) -> Option<&str> {
        match self.pointer.as_deref()? {
            [components, schemas, name] if components == "components" && schemas == "schemas" => Some(name),
            _ => None,
        }
    }
}

/// The reference to a schema under `components.schemas`.
pub(in crate::spec) fn to_schema(name: &str) -> String {
    format!("#/components/schemas/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The text of `$ref`. A property that is named so has a schema there, not a text.
fn reference(value: &Value) -> Option<&str> {
    value.get("$ref").and_then(Value::as_str)
}

/// A token of a JSON pointer in a URI fragment.
fn token(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    Some(text.replace("~1", "/").replace("~0", "~"))
}
