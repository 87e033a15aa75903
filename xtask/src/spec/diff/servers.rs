//! Servers: what stands before the path of an operation.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::change::{Class, Effect};
use super::comparison::{Comparison, union};
use super::document::{Document, Located, Operation, object};
use crate::codegen::json_path::member;

impl<'a> Comparison<'a> {
    /// The servers of an operation: its own, those of its path, or those of the document.
    pub(super) fn servers(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let (old, new) = (servers(self.old, old), servers(self.new, new));
        let (before, after) = (by_url(&old), by_url(&new));
        let effect =
            || Effect::nothing("callers configure the org's URL; a path in the server's URL would be missing there");
        for (url, server) in &before {
            if let Some(other) = after.get(url) {
                self.server(server, other);
            } else {
                let url = Some(json!(url));
                self.record(Class::Breaking, "server removed", new.place.clone(), url, None, effect());
            }
        }
        for url in after.keys().filter(|url| !before.contains_key(*url)) {
            let url = Some(json!(url));
            self.record(Class::Additive, "server added", new.place.clone(), None, url, effect());
        }
    }

    fn server(&mut self, old: &Located<'a>, new: &Located<'a>) {
        self.rest(old, new, &["url", "variables"]);
        let (before, after) = (object(old.value.get("variables")), object(new.value.get("variables")));
        for name in union(before, after) {
            let place = member(&member(&new.place, "variables"), name);
            let (before, after) = (before.get(name), after.get(name));
            if let (Some(before), Some(after)) = (before, after) {
                self.variable(&Located::new(&place, before), &Located::new(place, after));
            } else {
                let effect = Effect::nothing("callers configure the whole URL");
                self.changed(Class::Documentation, "server variable changed", place, (before, after), effect);
            }
        }
    }

    fn variable(&mut self, old: &Located<'a>, new: &Located<'a>) {
        let effect = || Effect::nothing("callers configure the whole URL");
        let values = (old.value.get("default"), new.value.get("default"));
        let place = member(&new.place, "default");
        self.changed(Class::Documentation, "server variable changed", place, values, effect());
        let hosts = |variable: &Located<'a>| variable.value.get("enum").and_then(Value::as_array);
        let place = member(&new.place, "enum");
        let (before, after) = (hosts(old), hosts(new));
        let narrower = |wide: Option<&Vec<Value>>, narrow: Option<&Vec<Value>>| match (wide, narrow) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(wide), Some(narrow)) => wide.iter().any(|host| !narrow.contains(host)),
        };
        let class = if narrower(before, after) { Class::Breaking } else { Class::Additive };
        if narrower(before, after) || narrower(after, before) {
            let values = (old.value.get("enum"), new.value.get("enum"));
            self.changed(class, "server variable changed", place, values, effect());
        }
        self.rest(old, new, &["default", "enum"]);
    }
}

fn servers<'a>(document: Document<'a>, operation: &Operation<'a>) -> Located<'a> {
    let own = operation.located.member("servers").or_else(|| operation.item.member("servers"));
    own.or_else(|| document.member("servers")).unwrap_or_else(|| Located::new("$.servers", &Value::Null))
}

/// The servers by their URLs; their order is a matter of taste.
fn by_url<'a>(servers: &Located<'a>) -> BTreeMap<&'a str, Located<'a>> {
    let url = |server: &Located<'a>| server.value.get("url").and_then(Value::as_str).unwrap_or_default();
    servers.elements().map(|server| (url(&server), server)).collect()
}
