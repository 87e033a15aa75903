//! Operations: which of the one document is which of the other, and what they say of themselves.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::change::{Class, Effect, Kind};
use super::comparison::Comparison;
use super::document::{Document, Located, METHODS, Operation};
use crate::codegen::json_path::member;
use crate::codegen::names;

/// Members of an operation that other rules compare.
const HANDLED: [&str; 8] =
    ["operationId", "parameters", "requestBody", "responses", "security", "servers", "x-anonymous", "x-repeat-safe"];

impl<'a> Comparison<'a> {
    /// All operations.
    pub(super) fn operations(&mut self) {
        let (old, new) = (self.old.operations(), self.new.operations());
        let partners = partners(&old, &new);
        for (operation, partner) in old.iter().zip(&partners) {
            match partner.and_then(|index| new.get(index)) {
                Some(partner) => self.operation(operation, partner),
                None => self.removed(operation),
            }
        }
        for (index, operation) in new.iter().enumerate() {
            if !partners.contains(&Some(index)) {
                self.added(operation);
            }
        }
    }

    fn removed(&mut self, operation: &Operation) {
        self.enter(&operation.label);
        let method = rust_name(operation);
        let effect = Effect::new(Kind::Method, &method, format!("`{method}` goes"));
        let old = Some(request_line(operation));
        self.record(Class::Breaking, "operation removed", operation.place(), old, None, effect);
    }

    fn added(&mut self, operation: &Operation) {
        self.enter(&operation.label);
        let method = rust_name(operation);
        let effect = Effect::new(Kind::Method, &method, format!("`{method}` is new"));
        let new = Some(request_line(operation));
        self.record(Class::Additive, "operation added", operation.place(), None, new, effect);
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        self.enter(&old.label);
        for key in HANDLED {
            self.is_malformed(key, old.located.member(key).as_ref(), new.located.member(key).as_ref());
        }
        for key in ["parameters", "servers"] {
            self.is_malformed(key, old.item.member(key).as_ref(), new.item.member(key).as_ref());
        }
        self.identity(old, new);
        self.repeat_safe(old, new);
        self.anonymous(old, new);
        self.security(old, new);
        self.servers(old, new);
        self.parameters(old, new);
        self.request_body(old, new);
        self.responses(old, new);
        self.definitions();
        self.tags(old, new);
        self.rest(&old.located, &new.located, &HANDLED);
        let handled: Vec<_> = METHODS.into_iter().chain(["parameters", "servers"]).collect();
        self.rest(&old.item, &new.item, &handled);
    }

    /// The operation's name, method and path.
    fn identity(&mut self, old: &Operation, new: &Operation) {
        let place = member(&new.place(), "operationId");
        let (before, after) = (rust_name(old), rust_name(new));
        let effect = if before == after {
            Effect::new(Kind::Operation, "Operation::id", format!("`{after}` stays, its id in the table changes"))
        } else {
            Effect::new(Kind::Method, &before, format!("`{before}` becomes `{after}`"))
        };
        let ids = (old.id.map(Value::from), new.id.map(Value::from));
        self.changed(Class::Breaking, "operation renamed", place, (ids.0.as_ref(), ids.1.as_ref()), effect);

        let effect = |what: &str| {
            let item = format!("Operation::{what}");
            Effect::new(Kind::Operation, item, format!("the method stays, the request goes out with another {what}"))
        };
        let (before, after) = (old.key(), new.key());
        if before.0 != after.0 {
            let methods = (Some(json!(before.0.to_uppercase())), Some(json!(after.0.to_uppercase())));
            self.record(Class::Breaking, "method changed", new.place(), methods.0, methods.1, effect("method"));
        }
        if before.1 != after.1 {
            let (place, paths) = (member("$.paths", new.path), (Some(json!(old.path)), Some(json!(new.path))));
            self.record(Class::Breaking, "path changed", place, paths.0, paths.1, effect("path"));
        }
    }

    /// What the document says of the tags of the operation.
    fn tags(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let names = [old, new].map(|operation| operation.located.member("tags"));
        let names = names.iter().flatten().flat_map(Located::elements).filter_map(|tag| tag.value.as_str());
        for name in names.collect::<BTreeSet<_>>() {
            let place = member("$.tags", name);
            let values = (tag(self.old, name), tag(self.new, name));
            self.changed(
                Class::Documentation,
                "documentation changed",
                place,
                values,
                Effect::nothing("nothing is generated of it"),
            );
        }
    }

    /// Whether the client may send the request again by itself.
    fn repeat_safe(&mut self, old: &Operation, new: &Operation) {
        let key = "x-repeat-safe";
        let (before, after) = (flag(old, key), flag(new, key));
        let takes_body = new.located.value.get("requestBody").is_some();
        let (class, text) = match (before, after) {
            _ if before == after => return,
            // What a body asks for can be done once only, such as the exchange of a one-time token.
            (_, true) if takes_body => (
                Class::Breaking,
                "the client sends the request again after a failure, and does twice what may work once",
            ),
            (_, true) => (Class::Additive, "the client sends the request again after a failure"),
            _ => (Class::Breaking, "a failure that the client got over by itself comes to the caller"),
        };
        let effect = Effect::new(Kind::Operation, "Operation::repeat_safe", text);
        let values = (Some(json!(before)), Some(json!(after)));
        self.record(class, "repeat changed", member(&new.place(), key), values.0, values.1, effect);
        if after && takes_body {
            self.warn();
        }
    }

    /// Whether the operation also works without a credential.
    fn anonymous(&mut self, old: &Operation, new: &Operation) {
        let key = "x-anonymous";
        let (before, after) = (flag(old, key), flag(new, key));
        let (class, text) = match (before, after) {
            _ if before == after => return,
            (_, true) => (Class::Additive, "a client without a credential may call it"),
            _ => (Class::Breaking, "a client without a credential may no longer call it"),
        };
        let effect = Effect::new(Kind::Operation, "Operation::anonymous", text);
        let values = (Some(json!(before)), Some(json!(after)));
        self.record(class, "anonymous use changed", member(&new.place(), key), values.0, values.1, effect);
    }
}

fn tag<'a>(document: Document<'a>, name: &str) -> Option<&'a Value> {
    document.member("tags")?.elements().map(|tag| tag.value).find(|tag| tag["name"] == name)
}

fn flag(operation: &Operation, key: &str) -> bool {
    operation.located.value.get(key) == Some(&Value::Bool(true))
}

/// The method that the generator makes of the operation.
fn rust_name(operation: &Operation) -> String {
    format!("Client::{}", names::snake(&operation.label))
}

fn request_line(operation: &Operation) -> Value {
    json!(format!("{} {}", operation.method.to_uppercase(), operation.path))
}

/// For each old operation the index of the new one that it has become: first by id and path, then by id, then by path.
fn partners(old: &[Operation], new: &[Operation]) -> Vec<Option<usize>> {
    let same_id = |old: &Operation, new: &Operation| old.id.is_some() && old.id == new.id;
    let same_key = |old: &Operation, new: &Operation| old.key() == new.key();
    let mut partners = vec![None; old.len()];
    for pass in 0..3 {
        for (operation, partner) in old.iter().zip(0..) {
            let fits = |candidate: &Operation| match pass {
                0 => same_id(operation, candidate) && same_key(operation, candidate),
                1 => same_id(operation, candidate),
                _ => same_key(operation, candidate),
            };
            let partner: usize = partner;
            if partners[partner].is_none() {
                let free = |index: &usize| !partners.contains(&Some(*index));
                partners[partner] = (0..new.len()).filter(free).find(|index| fits(&new[*index]));
            }
        }
    }
    partners
}
