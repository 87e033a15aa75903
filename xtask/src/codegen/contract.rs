//! The contract as the generator sees it: sessions.yaml with its references followed, and its operations as a table.

use serde_json::{Map, Value};

use super::json_path::{element, member};
use crate::failure::{Failure, Result};

/// An OpenAPI document and the name of its file, for messages.
pub(super) struct Contract<'a> {
    pub(super) file: &'a str,
    pub(super) document: &'a Value,
}

/// One operation: the path item's method and what the generator needs to know of it.
pub(super) struct Operation<'a> {
    /// Where it stands in the document.
    pub(super) json_path: String,
    /// The path template.
    pub(super) path: &'a str,
    /// The HTTP method, in lower case.
    pub(super) method: &'a str,
    /// The object itself.
    pub(super) object: &'a Map<String, Value>,
    /// The `operationId`.
    pub(super) id: &'a str,
    /// Path-level and own parameters, references followed; each with its place in the document.
    pub(super) parameters: Vec<(String, &'a Value)>,
    /// Status (as written) and response, references followed; each with its place in the document.
    pub(super) responses: Vec<(&'a str, String, &'a Value)>,
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl<'a> Contract<'a> {
    /// A failure at a place in the document.
    pub(super) fn failure(&self, json_path: &str, message: impl std::fmt::Display) -> Failure {
        Failure::at(self.file, json_path, message)
    }

    /// Follows a `$ref` at `json_path`, if there is one, to where it ends.
    pub(super) fn resolve(&self, json_path: String, value: &'a Value) -> Result<(String, &'a Value)> {
        let (mut json_path, mut value) = (json_path, value);
        for _ in 0..32 {
            let Some(reference) = value.get("$ref") else { return Ok((json_path, value)) };
            let place = member(&json_path, "$ref");
            let reference = reference.as_str().ok_or_else(|| self.failure(&place, "a reference has to be a string"))?;
            let Some(pointer) = reference.strip_prefix('#') else {
                return Err(self.failure(&place, format!("`{reference}` is in another file; bring it into this one")));
            };
            value = self
                .document
                .pointer(pointer)
                .ok_or_else(|| self.failure(&place, format!("`{reference}` is not in the document")))?;
            json_path = pointer
                .split('/')
                .skip(1)
                .fold("$".to_owned(), |path, key| member(&path, &key.replace("~1", "/").replace("~0", "~")));
        }
        Err(self.failure(&json_path, "the references go round in a circle"))
    }

    /// All operations, in the order of paths and methods.
    pub(super) fn operations(&self) -> Result<Vec<Operation<'a>>> {
        let mut operations = Vec::new();
        for (path, item) in self.object("$", "paths")? {
            let item_path = member("$.paths", path);
            if item.get("$ref").is_some() {
                return Err(self.failure(
                    &item_path,
                    "the generator does not follow references of whole paths; write the path out",
                ));
            }
            for method in METHODS {
                if let Some(object) = item.get(method) {
                    operations.push(self.operation(path, item, &item_path, method, object)?);
                }
            }
        }
        Ok(operations)
    }

    fn operation(
        &self,
        path: &'a str,
        item: &'a Value,
        item_path: &str,
        method: &'static str,
        object: &'a Value,
    ) -> Result<Operation<'a>> {
        let json_path = member(item_path, method);
        let object = object.as_object().ok_or_else(|| self.failure(&json_path, "an operation has to be an object"))?;
        let id = object.get("operationId").and_then(Value::as_str).ok_or_else(|| {
            self.failure(&json_path, "the operation has no `operationId`; the method is named after it")
        })?;
        let mut parameters: Vec<(String, &Value)> = Vec::new();
        for (owner, owner_path) in [(item.get("parameters"), item_path), (object.get("parameters"), json_path.as_str())]
        {
            let owner_path = member(owner_path, "parameters");
            for (index, parameter) in owner.and_then(Value::as_array).into_iter().flatten().enumerate() {
                let resolved = self.resolve(element(&owner_path, index), parameter)?;
                let same = |other: &Value| other["name"] == resolved.1["name"] && other["in"] == resolved.1["in"];
                parameters.retain(|(_, other)| !same(other));
                parameters.push(resolved);
            }
        }
        let mut responses = Vec::new();
        let responses_path = member(&json_path, "responses");
        for (status, response) in object.get("responses").and_then(Value::as_object).into_iter().flatten() {
            let (place, response) = self.resolve(member(&responses_path, status), response)?;
            responses.push((status.as_str(), place, response));
        }
        Ok(Operation { json_path, path, method, object, id, parameters, responses })
    }

    /// The component schemas, by name.
    pub(super) fn schemas(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
    }

    /// The object at `key` of the document's root.
    fn object(&self, parent: &str, key: &str) -> Result<&'a Map<String, Value>> {
        self.document
            .get(key)
            .and_then(Value::as_object)
            .ok_or_else(|| self.failure(&member(parent, key), "missing, or not an object"))
    }
}

impl<'a> Operation<'a> {
    /// The parameters that go into this part of the request: `path`, `query`, `header`.
    pub(super) fn parameters_in(&self, location: &str) -> usize {
        self.parameters.iter().filter(|(_, parameter)| parameter["in"] == location).count()
    }

    /// The statuses of success, with their responses.
    pub(super) fn success(&self) -> impl Iterator<Item = &(&'a str, String, &'a Value)> {
        self.responses.iter().filter(|(status, ..)| status.starts_with('2'))
    }

    /// The name of the method that progenitor makes of the operation.
    pub(super) fn method_name(&self) -> String {
        heck::ToSnakeCase::to_snake_case(self.id)
    }

    /// The name of its constant in the table of operations.
    pub(super) fn constant_name(&self) -> String {
        heck::ToShoutySnakeCase::to_shouty_snake_case(self.id)
    }
}
