//! Reads `openapi/sessions.yaml`, so that tests can hold the client against the document itself.

use std::sync::LazyLock;

use http::{Method, StatusCode};
use serde_json::Value;

/// The whole document.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_saphyr::from_str(include_str!("../../openapi/sessions.yaml")).expect("the contract is YAML")
});

/// An operation as the document describes it.
pub(crate) struct Described {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) value: &'static Value,
    /// Those of the path and the operation's own, references followed.
    pub(crate) parameters: Vec<&'static Value>,
}

/// All operations.
pub(crate) fn operations() -> Vec<Described> {
    let mut found = Vec::new();
    for (path, item) in members(&DOCUMENT["paths"]) {
        for (key, value) in members(item) {
            let Some(id) = value["operationId"].as_str() else { continue };
            let method = key.to_uppercase().parse().expect("an operation stands under its method");
            let parameters =
                elements(&item["parameters"]).chain(elements(&value["parameters"])).map(resolved).collect();
            found.push(Described { id, method, path, value, parameters });
        }
    }
    found
}

/// What the document says of this operation.
pub(crate) fn operation(id: &str) -> Described {
    let found = operations().into_iter().find(|described| described.id == id);
    found.unwrap_or_else(|| panic!("the contract has no operation {id}"))
}

impl Described {
    /// The statuses of this kind with the answers described for them. A range stands for the statuses that occur of it.
    fn answers(&self, kind: char) -> Vec<(StatusCode, &'static Value)> {
        let mut answers = Vec::new();
        for (key, answer) in members(&self.value["responses"]).filter(|(key, _)| key.starts_with(kind)) {
            let statuses = if key == "5XX" { vec!["500", "502", "503"] } else { vec![key] };
            for status in statuses {
                answers.push((status.parse().expect("a status has three digits"), resolved(answer)));
            }
        }
        answers
    }

    /// The one success, with its description.
    pub(crate) fn success(&self) -> (StatusCode, &'static Value) {
        let answers = self.answers('2');
        assert_eq!(answers.len(), 1, "{} has one success", self.id);
        answers[0]
    }

    /// Every failure, with the example of its body.
    pub(crate) fn failures(&self) -> Vec<(StatusCode, &'static Value)> {
        let failures: Vec<_> = [self.answers('4'), self.answers('5')].concat();
        assert!(!failures.is_empty(), "{} can fail", self.id);
        failures.into_iter().map(|(status, answer)| (status, &examples(json_content(answer))[0].1["value"])).collect()
    }

    pub(crate) fn request_content(&self) -> Option<&'static Value> {
        self.value.get("requestBody").map(json_content)
    }
}

/// The part of a request or an answer that describes its JSON.
pub(crate) fn json_content(described: &'static Value) -> &'static Value {
    &described["content"]["application/json"]
}

/// The examples of a content by the last part of their reference, which is their name among the components.
pub(crate) fn examples(content: &'static Value) -> Vec<(&'static str, &'static Value)> {
    let named = |example: &'static Value| (referenced_name(example), resolved(example));
    members(&content["examples"]).map(|(_, example)| named(example)).collect()
}

/// The name in `$ref`: `Session` of `#/components/schemas/Session`.
pub(crate) fn referenced_name(value: &'static Value) -> &'static str {
    let reference = value["$ref"].as_str().unwrap_or_else(|| panic!("{value} is a reference"));
    reference.rsplit('/').next().expect("a reference has parts")
}

pub(crate) fn schema(name: &str) -> &'static Value {
    let schema = &DOCUMENT["components"]["schemas"][name];
    assert!(schema.is_object(), "the contract has a schema {name}");
    schema
}

/// The value, or what its `$ref` points at.
fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            DOCUMENT.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference} is in the contract"))
        }
        None => value,
    }
}

pub(crate) fn members(value: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    value.as_object().into_iter().flatten().map(|(name, member)| (name.as_str(), member))
}

fn elements(value: &'static Value) -> impl Iterator<Item = &'static Value> {
    value.as_array().into_iter().flatten()
}
