//! The contract as the generator sees it: sessions.yaml with its references followed, and its operations as a table.

use serde_json::{Map, Value};

use super::json_path::{element, member};
use super::names;
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

    /// Follows a `$ref` at `json_path`, if there is one, to where it ends. It has to lead to a component of this kind.
    pub(super) fn resolve(&self, kind: &str, json_path: String, value: &'a Value) -> Result<(String, &'a Value)> {
        let (mut json_path, mut value) = (json_path, value);
        for _ in 0..32 {
            let Some(reference) = value.get("$ref") else { return Ok((json_path, value)) };
            let place = member(&json_path, "$ref");
            let reference = reference.as_str().ok_or_else(|| self.failure(&place, "a reference has to be a string"))?;
            let name = reference.strip_prefix(&format!("#/components/{kind}/")).filter(|name| !name.contains('/'));
            let name = name.ok_or_else(|| {
                self.failure(&place, format!("`{reference}` has to be a reference to `#/components/{kind}/…`"))
            })?;
            let name = name.replace("~1", "/").replace("~0", "~");
            value = self
                .component(kind, &name)
                .ok_or_else(|| self.failure(&place, format!("`{reference}` is not in the document")))?;
            json_path = member(&format!("$.components.{kind}"), &name);
        }
        Err(self.failure(&json_path, "the references go round in a circle"))
    }

    /// A component by its kind (`schemas`, `parameters`, …) and name.
    pub(super) fn component(&self, kind: &str, name: &str) -> Option<&'a Value> {
        self.document.get("components")?.get(kind)?.get(name)
    }

    /// All operations, in the order of paths and methods.
    pub(super) fn operations(&self) -> Result<Vec<Operation<'a>>> {
        let mut operations = Vec::new();
        let paths = self.document.get("paths").and_then(Value::as_object);
        let paths = paths.ok_or_else(|| self.failure("$.paths", "missing, or not an object"))?;
        for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
            let item_path = member("$.paths", path);
            if !item.is_object() {
                return Err(self.failure(&item_path, "has to be an object"));
            }
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
        for (list, owner) in [(item.get("parameters"), item_path), (object.get("parameters"), &json_path)] {
            let list_path = member(owner, "parameters");
            let list = match list {
                None => &[],
                Some(Value::Array(list)) => list.as_slice(),
                Some(_) => return Err(self.failure(&list_path, "has to be a list")),
            };
            for (index, parameter) in list.iter().enumerate() {
                let resolved = self.resolve("parameters", element(&list_path, index), parameter)?;
                let same = |other: &Value| other["name"] == resolved.1["name"] && other["in"] == resolved.1["in"];
                parameters.retain(|(_, other)| !same(other));
                parameters.push(resolved);
            }
        }
        let mut responses = Vec::new();
        let responses_path = member(&json_path, "responses");
        let statuses = object.get("responses").and_then(Value::as_object);
        let statuses = statuses.ok_or_else(|| self.failure(&responses_path, "missing, or not an object"))?;
        for (status, response) in statuses.iter().filter(|(status, _)| !status.starts_with("x-")) {
            let (place, response) = self.resolve("responses", member(&responses_path, status), response)?;
            responses.push((status.as_str(), place, response));
        }
        Ok(Operation { json_path, path, method, object, id, parameters, responses })
    }

    /// The component schemas, by name.
    pub(super) fn schemas(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
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
        names::snake(self.id)
    }

    /// The name of its constant in the table of operations.
    pub(super) fn constant_name(&self) -> String {
        heck::ToShoutySnakeCase::to_shouty_snake_case(self.id)
    }
}
