//! A mutant: one of the inputs with one small change.

use json_patch::Patch;
use serde_json::{Value, json};

use super::kinds::{Kind, Meaning};
use super::parts::Part;
use crate::codegen::json_path;

/// One small change of an input.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// The input: `openapi/upstream.yaml` or `openapi/overlay.yaml`.
    pub file: &'static str,
    /// The JSON path of what is changed.
    pub place: String,
    /// The kind of change.
    pub kind: Kind,
    /// What it becomes, in words; empty where the kind says it all.
    pub change: String,
    /// What it means: that of the kind, but for few changes of the overlay.
    pub meaning: Meaning,
    edit: Edit,
}

/// How the text of the mutant is made.
#[derive(Debug, Clone)]
enum Edit {
    /// RFC 6902, so that a mutant is a few lines and not a document.
    Patch(Patch),
    /// The same document with the keys of every object in the opposite order.
    ReverseKeys,
}

impl Mutant {
    /// A name that no other mutant has.
    #[must_use]
    pub fn name(&self) -> String {
        let change = if self.change.is_empty() { String::new() } else { format!(" ({})", self.change) };
        format!("{} {}: {}{change}", self.file, self.place, self.kind.words())
    }

    /// The changed document.
    ///
    /// # Errors
    /// The words of the patch library where the change does not fit the document.
    pub fn apply(&self, document: &Value) -> Result<Value, String> {
        let mut changed = document.clone();
        if let Edit::Patch(patch) = &self.edit {
            json_patch::patch(&mut changed, patch).map_err(|error| format!("{}: {error}", self.name()))?;
        }
        Ok(changed)
    }

    /// The text of the changed document: JSON, which is YAML.
    #[must_use]
    pub fn write(&self, changed: &Value) -> String {
        match self.edit {
            Edit::Patch(_) => changed.to_string(),
            Edit::ReverseKeys => with_reversed_keys(changed),
        }
    }

    /// The whole document, its keys in the opposite order.
    pub(super) fn with_reversed_keys(file: &'static str) -> Self {
        let kind = Kind::KeysReordered;
        let (place, change) = ("$".to_owned(), String::new());
        Self { file, place, kind, change, meaning: kind.meaning(), edit: Edit::ReverseKeys }
    }
}

fn with_reversed_keys(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev();
            let members: Vec<_> =
                members.map(|(key, value)| format!("{}:{}", json!(key), with_reversed_keys(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(with_reversed_keys).collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// A place in a document, from which mutants are made.
#[derive(Clone)]
pub(super) struct Spot<'a> {
    pub(super) file: &'static str,
    /// The whole document that the place is in.
    pub(super) document: &'a Value,
    /// The contract that the two inputs make, for what a fragment of the overlay does not say itself.
    pub(super) contract: &'a Value,
    /// RFC 6901, for the patch.
    pub(super) pointer: String,
    /// The JSON path, for people.
    pub(super) place: String,
    /// Where the value ends up in the contract, if that is one place.
    pub(super) in_contract: Option<String>,
    pub(super) part: Part,
    pub(super) parent: Part,
    /// The last step of the path.
    pub(super) key: String,
    pub(super) value: &'a Value,
    /// Whether the place is in an update of the overlay, which is merged into what is there.
    pub(super) is_update: bool,
}

impl<'a> Spot<'a> {
    /// The place of a member or an element.
    pub(super) fn child(&self, key: &str, value: &'a Value) -> Self {
        let step = escaped(key);
        let place = match key.parse() {
            Ok(index) if self.value.is_array() => json_path::element(&self.place, index),
            _ => json_path::member(&self.place, key),
        };
        Self {
            pointer: format!("{}/{step}", self.pointer),
            place,
            in_contract: self.in_contract.as_ref().map(|pointer| format!("{pointer}/{step}")),
            part: self.part.child(key),
            parent: self.part,
            key: key.to_owned(),
            value,
            ..self.clone()
        }
    }

    /// The members or elements.
    pub(super) fn children(&self) -> Vec<Self> {
        match self.value {
            Value::Object(members) => members.iter().map(|(key, value)| self.child(key, value)).collect(),
            Value::Array(elements) => {
                elements.iter().enumerate().map(|(index, value)| self.child(&index.to_string(), value)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The member, if the value has it.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.child(key, value))
    }

    /// The value with all that the other input says of it.
    pub(super) fn merged(&self) -> &'a Value {
        let merged = || self.contract.pointer(self.in_contract.as_ref()?);
        if self.is_update { merged().unwrap_or(self.value) } else { self.value }
    }

    /// The object around the one that the value is in, as [`Spot::merged`] tells it.
    pub(super) fn owner(&self) -> Option<&'a Value> {
        let (document, pointer) =
            if self.is_update { (self.contract, self.in_contract.as_ref()?) } else { (self.document, &self.pointer) };
        let (around, _) = pointer.rsplit_once('/')?;
        let (around, _) = around.rsplit_once('/')?;
        document.pointer(around)
    }

    /// Whether the value is all that is known of the thing: then it can be named otherwise, or added to.
    pub(super) fn is_whole(&self) -> bool {
        !self.is_update
            || self.in_contract.as_ref().is_some_and(|pointer| self.contract.pointer(pointer) == Some(self.value))
    }

    pub(super) fn drop(&self, kind: Kind) -> Mutant {
        self.patch(kind, "", json!([{"op": "remove", "path": self.pointer}]))
    }

    pub(super) fn set(&self, kind: Kind, value: &Value) -> Mutant {
        let change = short(value);
        self.patch(kind, &change, json!([{"op": "replace", "path": self.pointer, "value": value}]))
    }

    pub(super) fn rename(&self, kind: Kind, name: &str) -> Mutant {
        self.patch(kind, name, json!([self.renaming(name)]))
    }

    /// The operation of a patch that gives the member another key.
    pub(super) fn renaming(&self, name: &str) -> Value {
        let parent = self.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        json!({"op": "move", "from": self.pointer, "path": format!("{parent}/{}", escaped(name))})
    }

    /// Adds a member; to an array, an element at its end.
    pub(super) fn add(&self, kind: Kind, key: &str, value: &Value) -> Mutant {
        let (step, change) =
            if self.value.is_array() { ("-".to_owned(), short(value)) } else { (escaped(key), key.to_owned()) };
        self.patch(kind, &change, json!([{"op": "add", "path": format!("{}/{step}", self.pointer), "value": value}]))
    }

    /// A mutant by a patch of RFC 6902.
    pub(super) fn patch(&self, kind: Kind, change: &str, operations: Value) -> Mutant {
        let patch = serde_json::from_value(operations).unwrap_or_default();
        Mutant {
            file: self.file,
            place: self.place.clone(),
            kind,
            change: change.to_owned(),
            meaning: kind.meaning(),
            edit: Edit::Patch(patch),
        }
    }
}

/// A step of a JSON pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The value as part of a name.
fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().take(40).collect(),
        other => other.to_string().chars().take(40).collect(),
    }
}
