//! The comparison as it goes on: the two documents, the operation it is at, and what it has found.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use serde_json::Value;

use super::change::{Change, Changes, Class, Effect, Kind};
use super::document::{Document, Located, Object, object};
use super::schemas::Definition;
use crate::codegen::json_path::member;
use crate::spec::REMOVED_IN;

/// Members that tell people something, or other generators, and that ours puts into rustdoc or leaves alone.
const DOCUMENTATION: [&str; 10] = [
    "description",
    "externalDocs",
    "summary",
    "tags",
    "title",
    "x-codegen-request-body-name",
    "x-enumDescriptions",
    "x-okta-ignore-redocly-rules-for-sdk",
    "x-release",
    "xml",
];

/// Members of a document that are not about the operations of the Session API, or are compared from there.
const ELSEWHERE: [&str; 10] =
    ["openapi", "info", "paths", "components", "security", "servers", "tags", "webhooks", "x-tagGroups", "x-webhooks"];

/// A comparison.
pub(super) struct Comparison<'a> {
    pub(super) old: Document<'a>,
    pub(super) new: Document<'a>,
    /// The operation that the next change concerns.
    operation: Option<String>,
    /// Pairs of schemas that have been compared for the present operation.
    pub(super) compared: HashSet<(*const Object, *const Object, bool)>,
    /// Types that are yet to be compared for the present operation.
    pub(super) pending: VecDeque<Definition<'a>>,
    /// All schemas that have been compared for some operation.
    pub(super) seen: HashSet<*const Object>,
    /// The names of schemas that have taken the place of each other.
    pub(super) renamed: HashSet<&'a str>,
    changes: Vec<Change>,
    /// The changes by place: one that is found again, from another operation, is the same change for both.
    by_place: BTreeMap<(String, &'static str), Vec<usize>>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: Document<'a>, new: Document<'a>) -> Self {
        let (compared, seen, renamed) = (HashSet::new(), HashSet::new(), HashSet::new());
        let (pending, changes, by_place) = (VecDeque::new(), Vec::new(), BTreeMap::new());
        Self { old, new, operation: None, compared, pending, seen, renamed, changes, by_place }
    }

    /// The changes, by what they concern, the worst first.
    pub(super) fn finish(self) -> Changes {
        let mut list = self.changes;
        let mut groups: Vec<Vec<String>> = Vec::new();
        for change in &list {
            if !groups.contains(&change.operations) {
                groups.push(change.operations.clone());
            }
        }
        let group = |change: &Change| groups.iter().position(|operations| *operations == change.operations);
        list.sort_by_key(|change| (group(change), Reverse((change.warning, change.class))));
        Changes { list }
    }

    /// What the documents say of themselves.
    pub(super) fn document(&mut self) {
        self.leave();
        let root = (Located::new("$", self.old.root), Located::new("$", self.new.root));
        let versions = (self.old.root.get("openapi"), self.new.root.get("openapi"));
        let patch =
            |version: Option<&Value>| version.and_then(Value::as_str).is_some_and(|text| text.starts_with("3.0."));
        let class = if patch(versions.0) && patch(versions.1) { Class::Documentation } else { Class::Breaking };
        let effect = Effect::nothing("the generator takes OpenAPI 3.0 only");
        self.changed(class, "OpenAPI version changed", "$.openapi".to_owned(), versions, effect);
        self.rest(&root.0, &root.1, &ELSEWHERE);
        let info = (object(root.0.value.get("info")), object(root.1.value.get("info")));
        for key in union(info.0, info.1) {
            let effect = Effect::nothing("nothing: the crates have their own name and version");
            let values = (info.0.get(key), info.1.get(key));
            self.changed(Class::Documentation, "document information changed", member("$.info", key), values, effect);
        }
    }

    /// From now on, changes concern this operation.
    pub(super) fn enter(&mut self, operation: &str) {
        self.operation = Some(operation.to_owned());
        self.compared.clear();
    }

    /// From now on, changes concern no operation.
    pub(super) fn leave(&mut self) {
        self.operation = None;
        self.compared.clear();
    }

    /// Records a change if the two differ.
    pub(super) fn changed(
        &mut self,
        class: Class,
        what: &'static str,
        place: String,
        (old, new): (Option<&Value>, Option<&Value>),
        effect: Effect,
    ) {
        if old != new {
            self.record(class, what, place, old.cloned(), new.cloned(), effect);
        }
    }

    /// Records a change.
    pub(super) fn record(
        &mut self,
        class: Class,
        what: &'static str,
        place: String,
        old: Option<Value>,
        new: Option<Value>,
        effect: Effect,
    ) {
        let operations = self.operation.iter().cloned().collect();
        self.add(Change { class, what, place, operations, old, new, effect, warning: false });
    }

    /// Marks the last change as one that can do harm unnoticed.
    pub(super) fn warn(&mut self) {
        if let Some(change) = self.changes.last_mut() {
            change.warning = true;
        }
    }

    fn add(&mut self, change: Change) {
        let at_place = self.by_place.entry((change.place.clone(), change.what)).or_default();
        let changes = &mut self.changes;
        let known = at_place.iter().find(|known| {
            changes.get(**known).is_some_and(|known| (&known.old, &known.new) == (&change.old, &change.new))
        });
        let Some(known) = known.and_then(|known| changes.get_mut(*known)) else {
            at_place.push(changes.len());
            changes.push(change);
            return;
        };
        for operation in change.operations {
            if !known.operations.contains(&operation) {
                known.operations.push(operation);
            }
        }
        known.warning |= change.warning;
        if change.class > known.class {
            known.class = change.class;
            known.effect = change.effect;
        }
    }

    /// Compares the members that no rule has taken: what is known to be documentation is that, and anything else has to
    /// be read by somebody.
    pub(super) fn rest(&mut self, old: &Located<'a>, new: &Located<'a>, handled: &[&str]) {
        if old.value.is_object() != new.value.is_object() || !old.value.is_object() {
            let effect = Effect::nothing("unknown: OpenAPI wants an object here; read it");
            let values = (Some(old.value), Some(new.value));
            self.changed(Class::Unclear, "not an object", new.place.clone(), values, effect);
            return;
        }
        for key in union(old.object(), new.object()) {
            if !handled.contains(&key) {
                self.other(key, old.member(key), new.member(key));
            }
        }
    }

    /// Whether the member has a form that OpenAPI does not allow, in one of the documents. No rule can tell then what a
    /// change means.
    pub(super) fn is_malformed(&mut self, key: &str, old: Option<&Located<'a>>, new: Option<&Located<'a>>) -> bool {
        let fits = |located: Option<&Located<'a>>| located.is_none_or(|located| is_well_formed(key, located.value));
        if fits(old) && fits(new) {
            return false;
        }
        if let Some(located) = new.or(old) {
            let effect = Effect::nothing("unknown: OpenAPI wants another form here; read it");
            let values = (old.map(|old| old.value), new.map(|new| new.value));
            self.changed(Class::Unclear, "malformed member changed", located.place.clone(), values, effect);
        }
        true
    }

    /// A member that no rule has taken.
    pub(super) fn other(&mut self, key: &str, old: Option<Located<'a>>, new: Option<Located<'a>>) {
        let Some(place) = new.as_ref().or(old.as_ref()).map(|located| located.place.clone()) else { return };
        if matches!(key, "examples" | "x-enumDescriptions") {
            self.texts(key, &place, old.as_ref(), new.as_ref());
            return;
        }
        let values = (old.map(|old| old.value), new.map(|new| new.value));
        if key == "tags" && sorted(values.0) == sorted(values.1) {
            return;
        }
        let (class, what, effect) = match key {
            "deprecated" => {
                let effect = Effect::nothing("nothing is generated of it; Okta may drop it later");
                (Class::Documentation, "deprecation changed", effect)
            }
            "example" => (Class::Documentation, "example changed", Effect::nothing("examples are not generated")),
            "x-okta-lifecycle" => {
                (Class::Documentation, "lifecycle changed", Effect::nothing("nothing is generated of it"))
            }
            key if key == REMOVED_IN => {
                let text = "the method stays; its documentation tells whether Okta still publishes the operation";
                (Class::Documentation, "publication changed", Effect::new(Kind::Documentation, "", text))
            }
            key if DOCUMENTATION.contains(&key) => {
                (Class::Documentation, "documentation changed", Effect::documentation())
            }
            _ => (Class::Unclear, "unknown member changed", Effect::nothing("unknown: no rule tells; read it")),
        };
        self.changed(class, what, place, values, effect);
    }

    /// Examples or texts by their names, with the references of examples followed.
    fn texts(&mut self, key: &str, place: &str, old: Option<&Located<'a>>, new: Option<&Located<'a>>) {
        let members = |located: Option<&Located<'a>>| object(located.map(|located| located.value));
        for name in union(members(old), members(new)) {
            let old = old.and_then(|old| old.member(name)).map(|text| self.old.resolve(text).value);
            let new = new.and_then(|new| new.member(name)).map(|text| self.new.resolve(text).value);
            let (what, effect) = match key {
                "examples" => ("example changed", Effect::nothing("examples are not generated")),
                _ => ("documentation changed", Effect::documentation()),
            };
            self.changed(Class::Documentation, what, member(place, name), (old, new), effect);
        }
    }
}

/// The keys of both objects, by name.
pub(super) fn union<'k>(old: &'k Object, new: &'k Object) -> BTreeSet<&'k str> {
    old.keys().chain(new.keys()).map(String::as_str).collect()
}

fn is_well_formed(key: &str, value: &Value) -> bool {
    match key {
        "content" | "discriminator" | "headers" | "items" | "properties" | "requestBody" | "responses" | "schema" => {
            value.is_object()
        }
        "allOf" | "anyOf" | "enum" | "oneOf" | "parameters" | "required properties" | "security" | "servers" => {
            value.is_array()
        }
        "format" | "operationId" | "pattern" | "title" | "type" => value.is_string(),
        "exclusiveMaximum" | "exclusiveMinimum" | "explode" | "nullable" | "readOnly" | "required" | "uniqueItems"
        | "writeOnly" | "x-anonymous" | "x-repeat-safe" => value.is_boolean(),
        "additionalProperties" => value.is_object() || value.is_boolean(),
        "maxItems" | "maxLength" | "maxProperties" | "maximum" | "minItems" | "minLength" | "minProperties"
        | "minimum" | "multipleOf" => value.is_number(),
        _ => true,
    }
}

/// A list whose order means nothing.
fn sorted(list: Option<&Value>) -> Option<BTreeSet<String>> {
    Some(list?.as_array()?.iter().map(Value::to_string).collect())
}
