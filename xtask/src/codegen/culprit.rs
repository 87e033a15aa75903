//! Finds the part of the contract that progenitor cannot take, when its own message does not say: everything beside the
//! part is left out, and it still fails.

use serde_json::{Value, json};

use super::json_path::{element, member};

/// The JSON path of the smallest part that makes `fails` true.
pub(super) fn find(document: &Value, fails: impl Fn(&Value) -> bool) -> String {
    let mut schemas_only = document.clone();
    schemas_only["paths"] = json!({});
    if fails(&schemas_only) {
        let root = Place { path: "$.components.schemas".to_owned(), pointer: "/components/schemas".to_owned() };
        let schemas = root.members(&schemas_only);
        return narrow(&schemas_only, root, schemas, &fails);
    }
    let paths = document["paths"].as_object().into_iter().flatten();
    let alone = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten().filter(|(_, operation)| operation.is_object());
        methods.map(move |(method, operation)| (path, item, method, operation))
    });
    let culprit = alone.into_iter().find(|(path, item, method, operation)| {
        let mut alone = schemas_only.clone();
        alone["paths"] = json!({path.as_str(): {method.as_str(): operation}});
        if let Some(parameters) = item.get("parameters") {
            alone["paths"][path]["parameters"] = parameters.clone();
        }
        fails(&alone)
    });
    match culprit {
        Some((path, _, method, _)) => member(&member("$.paths", path), method),
        None => "$.paths".to_owned(),
    }
}

/// A place in the document, for people and for [`Value::pointer`].
struct Place {
    path: String,
    pointer: String,
}

impl Place {
    fn member(&self, key: &str) -> Self {
        let pointer = format!("{}/{}", self.pointer, key.replace('~', "~0").replace('/', "~1"));
        Self { path: member(&self.path, key), pointer }
    }

    fn members(&self, document: &Value) -> Vec<Self> {
        let members = document.pointer(&self.pointer).and_then(Value::as_object);
        members.into_iter().flatten().map(|(key, _)| self.member(key)).collect()
    }

    /// The schemas inside the schema at this place.
    fn schemas(&self, document: &Value) -> Vec<Self> {
        let here = |key: &str| document.pointer(&self.pointer).and_then(|schema| schema.get(key));
        let mut schemas = self.member("properties").members(document);
        let single = ["items", "additionalProperties", "not"].into_iter();
        schemas.extend(single.filter(|key| here(key).is_some_and(Value::is_object)).map(|key| self.member(key)));
        for key in ["allOf", "anyOf", "oneOf"] {
            let list = self.member(key);
            let count = here(key).and_then(Value::as_array).map_or(0, Vec::len);
            schemas.extend(
                (0..count).map(|index| Self {
                    path: element(&list.path, index),
                    pointer: format!("{}/{index}", list.pointer),
                }),
            );
        }
        schemas
    }
}

/// Goes down from `place` to the one of its parts that fails while the others are schemas that take everything.
fn narrow(document: &Value, place: Place, parts: Vec<Place>, fails: &impl Fn(&Value) -> bool) -> String {
    let without = |kept: Option<usize>| {
        let mut rest = document.clone();
        for (_, part) in parts.iter().enumerate().filter(|(index, _)| Some(*index) != kept) {
            if let Some(schema) = rest.pointer_mut(&part.pointer) {
                *schema = json!({});
            }
        }
        rest
    };
    if fails(&without(None)) {
        return place.path;
    }
    let found = (0..parts.len()).map(|index| (index, without(Some(index)))).find(|(_, alone)| fails(alone));
    match found.and_then(|(index, alone)| Some((parts.into_iter().nth(index)?, alone))) {
        Some((part, alone)) => {
            let inner = part.schemas(&alone);
            narrow(&alone, part, inner, fails)
        }
        None => place.path,
    }
}
