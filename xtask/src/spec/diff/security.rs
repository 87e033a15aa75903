//! Credentials: the alternatives of an operation, their scopes, and the schemes behind them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::change::{Class, Effect, Kind};
use super::comparison::{Comparison, union};
use super::document::{Document, Located, Operation, object};
use crate::codegen::json_path::member;

/// The schemes of an alternative, with their scopes.
type Alternative<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

impl<'a> Comparison<'a> {
    /// What an operation asks for.
    pub(super) fn security(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let (old_list, new_list) = (security(self.old, old), security(self.new, new));
        let place = new_list.place.clone();
        if !is_well_formed(&old_list) || !is_well_formed(&new_list) {
            let effect = Effect::nothing("unknown: OpenAPI wants lists of scopes here; read it");
            let values = (Some(old_list.value), Some(new_list.value));
            self.changed(Class::Unclear, "malformed member changed", place.clone(), values, effect);
        }
        let (before, mut after) = (alternatives(&old_list), alternatives(&new_list));
        // Equal ones first: there may be several of one scheme.
        let mut before: Vec<_> = before.iter().map(|alternative| (alternative, self.renamed(alternative))).collect();
        before.sort_by_key(|(_, renamed)| !after.contains(renamed));
        let mut gone = Vec::new();
        for (alternative, renamed) in &before {
            let equal = after.iter().position(|other| other == renamed);
            match equal.or_else(|| after.iter().position(|other| other.keys().eq(renamed.keys()))) {
                Some(index) => {
                    let other = after.remove(index);
                    self.scopes(&place, renamed, &other);
                    self.schemes(alternative, &other);
                }
                None => gone.push(alternative),
            }
        }
        let table = |text: &str| Effect::new(Kind::Operation, "Operation::security", text);
        for alternative in gone {
            let effect = table("the client sends this credential no longer; who has no other cannot call");
            self.record(Class::Breaking, "credential removed", place.clone(), Some(shown(alternative)), None, effect);
        }
        for alternative in after {
            let (class, text) = if before.is_empty() {
                (Class::Breaking, "the call needs a credential, and the client sends it where it sent none")
            } else if alternative.len() == 1 {
                (Class::Additive, "the client may send this credential as well")
            } else {
                (Class::Additive, "the generator takes alternatives of exactly one scheme; the overlay has to choose")
            };
            self.record(class, "credential added", place.clone(), None, Some(shown(&alternative)), table(text));
        }
    }

    /// The alternative under the names that the new document gives its schemes.
    fn renamed(&self, alternative: &Alternative<'a>) -> Alternative<'a> {
        alternative.iter().map(|(name, scopes)| (self.new_name(name), scopes.clone())).collect()
    }

    /// The name of a scheme in the new document. Names of schemes are not in the Rust API: what they stand for counts.
    fn new_name(&self, name: &'a str) -> &'a str {
        let schemes = |document: Document<'a>| object(document.root.pointer("/components/securitySchemes"));
        let facts = |scheme: &Value| ["type", "in", "name", "scheme"].map(|key| scheme.get(key).cloned());
        let new = schemes(self.new);
        match schemes(self.old).get(name) {
            Some(scheme) if !new.contains_key(name) => {
                new.iter().find(|(_, other)| facts(other) == facts(scheme)).map_or(name, |(name, _)| name.as_str())
            }
            _ => name,
        }
    }

    fn scopes(&mut self, place: &str, old: &Alternative, new: &Alternative) {
        for (name, after) in new {
            let Some(before) = old.get(name) else { continue };
            let gone =
                before.difference(after).map(|scope| (Class::Additive, "scope removed", Some(json!(scope)), None));
            let added =
                after.difference(before).map(|scope| (Class::Breaking, "scope added", None, Some(json!(scope))));
            let changes: Vec<_> = gone.chain(added).collect();
            for (class, what, old, new) in changes {
                let text = match class {
                    Class::Additive => "a token without this scope may call it",
                    _ => "a token without this scope may no longer call it",
                };
                let effect = Effect::new(Kind::Operation, "Operation::security", text);
                self.record(class, what, member(place, name), old, new, effect);
            }
        }
    }

    /// The definitions of the schemes that an alternative names.
    fn schemes(&mut self, old: &Alternative<'a>, new: &Alternative<'a>) {
        let place = "$.components.securitySchemes";
        let members = ["type", "in", "name", "scheme", "openIdConnectUrl", "flows"];
        for (old_name, scopes) in old {
            let new_name = self.new_name(old_name);
            let (before, after) = (scheme(self.old, old_name), scheme(self.new, new_name));
            let (before, after) = match (before, after) {
                (Some(before), Some(after)) => (before, after),
                (None, None) => continue,
                (before, after) => {
                    let effect = Effect::nothing("the generator does not know the credential");
                    let values = (before.map(|before| before.value), after.map(|after| after.value));
                    self.changed(Class::Breaking, "security scheme changed", member(place, new_name), values, effect);
                    continue;
                }
            };
            for key in members.into_iter().filter(|key| *key != "flows") {
                let effect =
                    Effect::new(Kind::Operation, "Operation::security", "the credential is sent in another way");
                let values = (before.value.get(key), after.value.get(key));
                self.changed(Class::Breaking, "security scheme changed", member(&after.place, key), values, effect);
            }
            let used: BTreeSet<&str> = scopes.iter().chain(new.values().flatten()).copied().collect();
            self.flows(&before, &after, &used);
            self.rest(&before, &after, &members);
        }
    }

    /// How OAuth tokens are got. Only the scopes that the operation names are its facts.
    fn flows(&mut self, old: &Located<'a>, new: &Located<'a>, used: &BTreeSet<&str>) {
        let effect = || Effect::nothing("the client is told where to get tokens, or given one");
        let (before, after) = (object(old.value.get("flows")), object(new.value.get("flows")));
        let place = member(&new.place, "flows");
        for flow in union(before, after) {
            let place = member(&place, flow);
            let (before, after) = match (before.get(flow), after.get(flow)) {
                (Some(before), Some(after)) => (Located::new(&place, before), Located::new(&place, after)),
                (before, after) => {
                    let class = if after.is_some() { Class::Additive } else { Class::Breaking };
                    self.changed(class, "OAuth flow changed", place, (before, after), effect());
                    continue;
                }
            };
            for key in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
                let values = (before.value.get(key), after.value.get(key));
                self.changed(Class::Breaking, "OAuth flow changed", member(&place, key), values, effect());
            }
            self.rest(&before, &after, &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"]);
            let (before, after) = (object(before.value.get("scopes")), object(after.value.get("scopes")));
            for scope in used {
                let place = member(&member(&place, "scopes"), scope);
                let (class, what, effect) = match (before.get(*scope), after.get(*scope)) {
                    (None, Some(_)) => (Class::Additive, "scope added to the flow", effect()),
                    (Some(_), None) => (Class::Breaking, "scope removed from the flow", effect()),
                    _ => (Class::Documentation, "documentation changed", Effect::documentation()),
                };
                self.changed(class, what, place, (before.get(*scope), after.get(*scope)), effect);
            }
        }
    }
}

/// The operation's `security`, or the document's where it has none of its own.
fn security<'a>(document: Document<'a>, operation: &Operation<'a>) -> Located<'a> {
    let own = operation.located.member("security").or_else(|| document.member("security"));
    own.unwrap_or_else(|| Located::new(member(&operation.place(), "security"), &Value::Null))
}

fn is_well_formed(list: &Located) -> bool {
    list.elements().all(|alternative| alternative.members().all(|(_, scopes)| scopes.value.is_array()))
}

fn alternatives<'a>(list: &Located<'a>) -> Vec<Alternative<'a>> {
    let scopes = |scopes: &'a Value| scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut found = Vec::new();
    for alternative in list.value.as_array().into_iter().flatten() {
        let schemes = object(Some(alternative)).iter().map(|(name, list)| (name.as_str(), scopes(list))).collect();
        if !found.contains(&schemes) {
            found.push(schemes);
        }
    }
    found
}

fn shown(alternative: &Alternative) -> Value {
    json!(alternative)
}

fn scheme<'a>(document: Document<'a>, name: &str) -> Option<Located<'a>> {
    let schemes = document.member("components")?.member("securitySchemes")?;
    Some(document.resolve(schemes.member(name)?))
}
