//! Finds the seven session operations in a document: by method and path, or by their id if they have moved.

use serde_json::{Map, Value};

use super::references::Document;
use crate::codegen::json_path::member;
use crate::failure::Result;

/// A session operation as everybody knows it.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::spec) struct Known {
    pub(in crate::spec) id: &'static str,
    pub(in crate::spec) method: &'static str,
    pub(in crate::spec) path: &'static str,
}

/// The seven session operations.
pub(in crate::spec) static KNOWN: [Known; 7] = [
    Known { id: "createSession", method: "post", path: "/api/v1/sessions" },
    Known { id: "getCurrentSession", method: "get", path: "/api/v1/sessions/me" },
    Known { id: "closeCurrentSession", method: "delete", path: "/api/v1/sessions/me" },
    Known { id: "refreshCurrentSession", method: "post", path: "/api/v1/sessions/me/lifecycle/refresh" },
    Known { id: "getSession", method: "get", path: "/api/v1/sessions/{sessionId}" },
    Known { id: "revokeSession", method: "delete", path: "/api/v1/sessions/{sessionId}" },
    Known { id: "refreshSession", method: "post", path: "/api/v1/sessions/{sessionId}/lifecycle/refresh" },
];

/// Where a document has an operation.
pub(super) struct Found<'a> {
    pub(super) known: &'static Known,
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    /// The place of the path item.
    pub(super) item_place: String,
    pub(super) item: &'a Map<String, Value>,
    /// The place of the operation.
    pub(super) place: String,
    pub(super) object: &'a Map<String, Value>,
}

impl Found<'_> {
    /// The path in the slice. The names of its parameters are ours, as long as it is the path that we know.
    pub(super) fn slice_path(&self) -> String {
        let ours = template(self.path).eq(template(self.known.path));
        if ours { self.known.path.to_owned() } else { self.path.to_owned() }
    }

    /// The name of a path parameter in the slice.
    pub(super) fn slice_parameter<'s>(&'s self, name: &'s str) -> &'s str {
        if !template(self.path).eq(template(self.known.path)) {
            return name;
        }
        let names = parameters(self.path).zip(parameters(self.known.path));
        names.into_iter().find(|(theirs, _)| *theirs == name).map_or(name, |(_, ours)| ours)
    }
}

/// The operations that the document has.
pub(super) fn find<'a>(document: Document<'a>, wanted: &[&'static Known]) -> Result<Vec<Found<'a>>> {
    let paths = document.root.get("paths").and_then(Value::as_object);
    let paths = paths.ok_or_else(|| document.failure("$.paths", "missing, or not an object"))?;
    let mut found = Vec::new();
    for known in wanted {
        let mut place = None;
        for (path, item) in paths.iter().filter(|(path, _)| template(path).eq(template(known.path))) {
            place = place.or(at(document, known, path, item, known.method)?);
        }
        found.extend(place.or(moved(document, known, paths)?));
    }
    Ok(found)
}

/// The operation with the id, at a path where none of the seven is known to be.
fn moved<'a>(
    document: Document<'a>,
    known: &'static Known,
    paths: &'a Map<String, Value>,
) -> Result<Option<Found<'a>>> {
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let taken = KNOWN.iter().any(|other| other.method == method && template(other.path).eq(template(path)));
            if !taken && operation.get("operationId").is_some_and(|id| id == known.id) {
                return at(document, known, path, item, method);
            }
        }
    }
    Ok(None)
}

fn at<'a>(
    document: Document<'a>,
    known: &'static Known,
    path: &'a str,
    item: &'a Value,
    method: &'a str,
) -> Result<Option<Found<'a>>> {
    let target = document.follow(item, &member("$.paths", path))?;
    let Some(item) = target.value.as_object() else {
        return Err(document.failure(&target.place, "has to be an object"));
    };
    let Some(operation) = item.get(method) else { return Ok(None) };
    let place = member(&target.place, method);
    let Some(object) = operation.as_object() else {
        return Err(document.failure(&place, "has to be an object"));
    };
    Ok(Some(Found { known, path, method, item_place: target.place, item, place, object }))
}

/// The segments of a path, without the names of its parameters.
fn template(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').map(|segment| if parameter(segment).is_some() { "{}" } else { segment })
}

fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(parameter)
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}
