//! Schemas: walks two of them in step, and knows at each place which Rust type it is about.

mod bounds;
mod composition;
mod keywords;
mod named;
mod node;
mod objects;
mod rust_type;
mod values;

use serde_json::{Value, json};

use self::node::{Layer, Node};
use super::change::{Class, Effect, Kind};
use super::comparison::Comparison;
use super::document::Located;
use crate::codegen::json_path::member;
use crate::codegen::{HAND_WRITTEN, names};

/// Which way the value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// The client sends it: what it may be must not get narrower.
    Request,
    /// The client reads it: what it may be must not get wider.
    Response,
}

/// What the type of a schema is put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrap {
    Plain,
    Argument {
        required: bool,
    },
    Field {
        required: bool,
    },
    /// The schema is the definition of a type with a name.
    Definition,
    /// There is no Rust type for it.
    Untyped,
}

/// What a schema is in Rust.
#[derive(Debug, Clone)]
pub(super) struct Position {
    pub(super) direction: Direction,
    pub(super) kind: Kind,
    /// Its name, such as `Session::user_id`.
    pub(super) item: String,
    /// What people call it, such as ``the field `Session::user_id` ``.
    pub(super) subject: String,
    /// The name of the type that the generator would make of a schema here that has no name of its own.
    pub(super) type_name: String,
    pub(super) wrap: Wrap,
}

/// The Rust types of the two schemas at a place.
#[derive(Clone)]
struct Types {
    old: String,
    new: String,
}

/// Two schemas of one name, yet to be compared.
pub(super) struct Definition<'a> {
    position: Position,
    old: Vec<Layer<'a>>,
    new: Vec<Layer<'a>>,
}

/// The members of one layer of a schema, or of several with the outer ones first.
#[derive(Clone, Copy)]
struct View<'v, 'a>(&'v [Layer<'a>]);

/// The two schemas at a place, as far as they are compared there.
struct Pair<'v, 'a> {
    position: &'v Position,
    types: Types,
    old: View<'v, 'a>,
    new: View<'v, 'a>,
    /// The two with all that they refer to.
    whole: (View<'v, 'a>, View<'v, 'a>),
}

impl<'a> Comparison<'a> {
    /// Two schemas.
    pub(super) fn schema(&mut self, position: &Position, old: &Located<'a>, new: &Located<'a>) {
        let (before, after) = (Node::new(self.old, old), Node::new(self.new, new));
        if !old.value.is_object() || !new.value.is_object() {
            let effect = position.effect(format!("{} is no schema that can be read", position.subject));
            self.changed(
                Class::Unclear,
                "schema changed",
                new.place.clone(),
                (Some(old.value), Some(new.value)),
                effect,
            );
            return;
        }
        self.seen.extend(before.layers.iter().chain(&after.layers).map(|layer| std::ptr::from_ref(layer.members)));
        if self.dangling(position, &before, &after, new) || self.retargeted(position, &before, &after, new) {
            return;
        }
        if before.names().is_empty() != after.names().is_empty() {
            let types = rust_type::structural(self, position, &before, &after);
            let (old, new) = (View(&before.layers), View(&after.layers));
            self.facts(&Pair { position, types, old, new, whole: (old, new) });
            return;
        }
        // What stands beside a reference is about the place of use; the rest is about the type.
        let types = rust_type::types(self, position, &before.layers, &after.layers);
        let whole = (View(&before.layers), View(&after.layers));
        let (old, new) = (before.beside(), after.beside());
        if old.len() == new.len() {
            for (old, new) in old.chunks(1).zip(new.chunks(1)) {
                self.facts(&Pair { position, types: types.clone(), old: View(old), new: View(new), whole });
            }
        } else {
            self.facts(&Pair { position, types, old: View(old), new: View(new), whole });
        }
        if let Some(name) = after.names().first() {
            let position = position.definition(name);
            self.pending.push_back(Definition { position, old: before.definition(), new: after.definition() });
        }
    }

    /// The types that the schemas so far have named. They wait for their turn, so that a chain of types of any length is
    /// no danger.
    pub(super) fn definitions(&mut self) {
        while let Some(Definition { position, old, new }) = self.pending.pop_front() {
            let (Some(first), Some(other)) = (old.first(), new.first()) else { continue };
            let key = |layer: &Layer<'a>| std::ptr::from_ref(layer.members);
            if !self.compared.insert((key(first), key(other), position.direction == Direction::Request)) {
                continue;
            }
            if old.iter().map(|layer| layer.entered.len()).eq(new.iter().map(|layer| layer.entered.len())) {
                self.layers(position, &old, &new);
            } else {
                let types = rust_type::types(self, &position, &old, &new);
                let (old, new) = (View(&old), View(&new));
                self.facts(&Pair { position: &position, types, old, new, whole: (old, new) });
            }
        }
    }

    /// A definition layer by layer: it may be but another name of a type.
    fn layers(&mut self, mut position: Position, old: &[Layer<'a>], new: &[Layer<'a>]) {
        for index in 0..old.len() {
            let (old, new) = (&old[index..], &new[index..]);
            if let Some(name) = new[0].entered.first() {
                position = position.definition(name);
            }
            let types = rust_type::types(self, &position, old, new);
            let whole = (View(old), View(new));
            self.facts(&Pair { position: &position, types, old: View(&old[..1]), new: View(&new[..1]), whole });
        }
    }

    /// A reference that leads nowhere in one of the documents only.
    fn dangling(&mut self, position: &Position, old: &Node<'a>, new: &Node<'a>, place: &Located<'a>) -> bool {
        let (old, new) = (old.dangling(), new.dangling());
        let effect = position.effect(format!("{} refers to what is not there", position.subject));
        self.changed(Class::Breaking, "reference changed", member(&place.place, "$ref"), (old, new), effect);
        old != new
    }

    /// References that lead to schemas of other names. Whether the schemas differ is another question only if one
    /// replaced the other.
    fn retargeted(&mut self, position: &Position, old: &Node<'a>, new: &Node<'a>, place: &Located<'a>) -> bool {
        let (before, after) = (old.names(), new.names());
        let by_hand = |names: &[&str]| names.first().is_some_and(|name| HAND_WRITTEN.contains(name));
        let is_inlined = before.is_empty() != after.is_empty();
        for (before, after) in before.iter().zip(&after).filter(|(before, after)| before != after) {
            if self.old.has_schema(after) || self.new.has_schema(before) {
                self.changes_type(position, old, new, place);
                return true;
            }
            self.schema_renamed(before, after);
        }
        if is_inlined && (by_hand(&before) || by_hand(&after)) {
            self.changes_type(position, old, new, place);
            return true;
        }
        false
    }

    fn changes_type(&mut self, position: &Position, old: &Node<'a>, new: &Node<'a>, place: &Located<'a>) {
        let shown = |node: &Node<'a>| match node.names().as_slice() {
            [] => node.layers.last().and_then(|layer| layer.members.get("type").cloned()),
            names => Some(json!(names.join(" → "))),
        };
        let effect = position.changes_type(&rust_type::types(self, position, &old.layers, &new.layers));
        self.record(Class::Breaking, "schema changed", place.place.clone(), shown(old), shown(new), effect);
    }

    fn schema_renamed(&mut self, old: &'a str, new: &'a str) {
        self.renamed.extend([old, new]);
        let (old_type, new_type) = (names::pascal(old), names::pascal(new));
        let effect = Effect::new(Kind::Type, &old_type, format!("the type `{old_type}` becomes `{new_type}`"));
        let (place, values) = (member("$.components.schemas", new), (Some(json!(old)), Some(json!(new))));
        self.record(Class::Breaking, "schema renamed", place, values.0, values.1, effect);
    }
}

impl Position {
    fn effect(&self, text: impl Into<String>) -> Effect {
        Effect::new(self.kind, &self.item, text)
    }

    fn changes_type(&self, types: &Types) -> Effect {
        let verb = if self.subject.starts_with("the elements") { "change" } else { "changes" };
        self.effect(format!("{} {verb} from {} to {}", self.subject, types.old, types.new))
    }

    /// The definition of the type of that name.
    fn definition(&self, name: &str) -> Self {
        let type_name = names::pascal(name);
        let written = if HAND_WRITTEN.contains(&name) { ", which is written by hand," } else { "" };
        Self {
            direction: self.direction,
            kind: Kind::Type,
            item: type_name.clone(),
            subject: format!("the type `{type_name}`{written}"),
            type_name,
            wrap: Wrap::Definition,
        }
    }

    /// What stands inside, under the same name in Rust.
    fn inside(&self, subject: String, type_name: String) -> Self {
        Self { subject, type_name, wrap: Wrap::Plain, ..self.clone() }
    }
}

impl<'v, 'a> View<'v, 'a> {
    /// The member, and where it stands.
    fn get(self, key: &str) -> Option<Located<'a>> {
        let layers = self.0.iter().filter(|layer| key != "allOf" || !layer.is_outer);
        layers.into_iter().find_map(|layer| Some(Located::new(member(&layer.place, key), layer.members.get(key)?)))
    }

    fn value(self, key: &str) -> Option<&'a Value> {
        self.get(key).map(|located| located.value)
    }

    /// Where the member stands, or would.
    fn place(self, key: &str) -> String {
        let inner = || self.0.last().map_or_else(String::new, |layer| member(&layer.place, key));
        self.get(key).map_or_else(inner, |located| located.place)
    }

    fn keys(self) -> impl Iterator<Item = &'a String> + use<'v, 'a> {
        self.0.iter().flat_map(|layer| layer.members.keys())
    }

    /// Whether it is only what stands beside a reference.
    fn is_outer(self) -> bool {
        self.0.last().is_some_and(|layer| layer.is_outer)
    }
}

impl Types {
    fn differ(&self) -> bool {
        self.old != self.new
    }
}

impl Pair<'_, '_> {
    /// Where the member stands: in the new document, or in the old one if the new one no longer has it.
    fn place(&self, key: &str) -> String {
        if self.new.get(key).is_none() && self.old.get(key).is_some() {
            self.old.place(key)
        } else {
            self.new.place(key)
        }
    }
}
