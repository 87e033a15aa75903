//! The members of an object: those with names, which of them have to be there, and all others.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::change::{Class, Effect, Kind};
use super::super::comparison::Comparison;
use super::super::document::{Located, object};
use super::node::Node;
use super::{Direction, Pair, Position, View, Wrap, rust_type};
use crate::codegen::json_path::member;
use crate::codegen::names;

/// What becomes of members without a name of their own.
enum Others<'a> {
    /// They are not kept. `additionalProperties: true` is what holds without the keyword.
    Dropped,
    Refused,
    Kept(Located<'a>),
}

/// A property of the old schema, of the new one, or of both.
struct Property<'s, 'a> {
    name: &'s str,
    old: Option<(Located<'a>, bool)>,
    new: Option<(Located<'a>, bool)>,
}

impl<'a> Comparison<'a> {
    /// `properties` and `required`.
    pub(super) fn properties(&mut self, pair: &Pair<'_, 'a>) {
        let (old, new) = (declared(pair.old), declared(pair.new));
        for name in old.iter().chain(&new).copied().collect::<BTreeSet<_>>() {
            let of = |view: View<'_, 'a>, known: &BTreeSet<&str>| {
                known.contains(name).then(|| (property(view, name), requires(view, name)))
            };
            let property = Property { name, old: of(pair.old, &old), new: of(pair.new, &new) };
            self.property(pair, &property);
        }
    }

    fn property(&mut self, pair: &Pair<'_, 'a>, property: &Property<'_, 'a>) {
        let ty = &pair.position.type_name;
        let field = format!("{ty}::{}", names::snake(property.name));
        let position = |required: bool| Position {
            direction: pair.position.direction,
            kind: Kind::Field,
            item: field.clone(),
            subject: format!("the field `{field}`"),
            type_name: names::pascal(&format!("{ty}_{}", property.name)),
            wrap: Wrap::Field { required },
        };
        match (&property.old, &property.new) {
            (Some((old, _)), None) => {
                let kept = matches!(others(pair.new), Others::Kept(_));
                let text = if kept {
                    format!("the field `{field}` goes; a member that still comes is in `extra`")
                } else {
                    format!("the field `{field}` goes")
                };
                let effect = Effect::new(Kind::Field, &field, text);
                self.record(
                    Class::Breaking,
                    "property removed",
                    old.place.clone(),
                    Some(old.value.clone()),
                    None,
                    effect,
                );
            }
            (None, Some((new, required))) => self.property_added(pair, &position(*required), new, *required),
            (Some((old, was_required)), Some((new, is_required))) => {
                if was_required != is_required {
                    let types = [*was_required, *is_required].map(|required| {
                        let node = Node::new(self.new, new);
                        rust_type::types(self, &position(required), &node.layers, &node.layers).new
                    });
                    self.required(pair, &field, property.name, *is_required, &types);
                }
                self.schema(&position(*is_required), old, new);
            }
            (None, None) => {}
        }
    }

    fn property_added(&mut self, pair: &Pair<'_, 'a>, position: &Position, new: &Located<'a>, required: bool) {
        let node = Node::new(self.new, new);
        let field_type = rust_type::types(self, position, &node.layers, &node.layers).new;
        let ty = &pair.position.type_name;
        let field = &position.item;
        let (class, text) = match pair.position.direction {
            Direction::Request if required => {
                (Class::Breaking, format!("a new field `{field}` of the type {field_type}, and `{ty}::new` takes it"))
            }
            _ if matches!(others(pair.old), Others::Kept(_)) => (
                Class::Additive,
                format!("a new field `{field}` of the type {field_type}; before, the member was in `extra`"),
            ),
            _ => (Class::Additive, format!("a new field `{field}` of the type {field_type}")),
        };
        let effect = Effect::new(Kind::Field, field, text);
        self.record(class, "property added", new.place.clone(), None, Some(new.value.clone()), effect);
    }

    fn required(&mut self, pair: &Pair<'_, 'a>, field: &str, name: &str, is_required: bool, types: &[String; 2]) {
        let [before, after] = types;
        let (class, text) = match (pair.position.direction, before == after) {
            (_, false) => (Class::Breaking, format!("the field `{field}` changes from {before} to {after}")),
            (Direction::Request, true) => {
                (Class::Breaking, format!("`{}::new` takes other arguments", pair.position.type_name))
            }
            (Direction::Response, true) if is_required => {
                (Class::Additive, format!("the field `{field}` stays {after}"))
            }
            (Direction::Response, true) => {
                (Class::Breaking, format!("the field `{field}` stays {after}, empty where the member is missing"))
            }
        };
        let place = member(&pair.new.place("required"), name);
        let values = (Some(json!(!is_required)), Some(json!(is_required)));
        self.record(class, "required changed", place, values.0, values.1, Effect::new(Kind::Field, field, text));
    }

    /// Members that have no name in the document.
    pub(super) fn additional_properties(&mut self, pair: &Pair<'_, 'a>) {
        let (old, new) = (others(pair.old), others(pair.new));
        let is_struct = has_properties(pair.whole.0) || has_properties(pair.whole.1);
        let ty = &pair.position.type_name;
        let extra = |text: String| Effect::new(Kind::Field, format!("{ty}::extra"), text);
        let is_response = pair.position.direction == Direction::Response;
        let (class, effect) = match (&old, &new) {
            (Others::Kept(old), Others::Kept(new)) => {
                let mut position =
                    pair.position.inside(format!("another member of {}", pair.position.subject), format!("{ty}Value"));
                if is_struct {
                    // Whatever they are, they are kept as they came.
                    position.wrap = Wrap::Untyped;
                }
                return self.schema(&position, old, new);
            }
            (Others::Dropped, Others::Dropped) | (Others::Refused, Others::Refused) => return,
            (_, Others::Refused) if is_response => (
                Class::Breaking,
                pair.position.effect(format!("{} refuses an answer with any other member", pair.position.subject)),
            ),
            (Others::Kept(_), _) if is_struct => (Class::Breaking, extra(format!("the field `{ty}::extra` goes"))),
            (_, Others::Kept(_)) if is_struct => {
                (Class::Additive, extra(format!("a new field `{ty}::extra` keeps the other members")))
            }
            (Others::Dropped, Others::Refused) => {
                (Class::Breaking, pair.position.effect("the server refuses other members"))
            }
            _ => (Class::Additive, pair.position.effect(format!("{} takes other members", pair.position.subject))),
        };
        let (key, what) = ("additionalProperties", "additional properties changed");
        if is_struct {
            self.keyword_as_is(pair, (key, what), class, effect);
        } else {
            self.keyword(pair, (key, what), class, || effect);
        }
    }
}

/// The names of the properties; one that is required without being described can be anything.
fn declared<'a>(schema: View<'_, 'a>) -> BTreeSet<&'a str> {
    let properties = object(schema.value("properties")).keys().map(String::as_str);
    let required = schema.value("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    properties.chain(required).collect()
}

fn has_properties(schema: View) -> bool {
    !declared(schema).is_empty()
}

fn property<'a>(schema: View<'_, 'a>, name: &str) -> Located<'a> {
    static ANYTHING: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| json!({}));
    let described = schema.get("properties").and_then(|properties| properties.member(name));
    described.unwrap_or_else(|| Located::new(member(&schema.place("properties"), name), &ANYTHING))
}

fn requires(schema: View, name: &str) -> bool {
    schema
        .value("required")
        .and_then(Value::as_array)
        .is_some_and(|required| required.iter().any(|other| other == name))
}

fn others<'a>(schema: View<'_, 'a>) -> Others<'a> {
    match schema.get("additionalProperties") {
        Some(Located { value: Value::Bool(false), .. }) => Others::Refused,
        Some(located) if located.value.is_object() => Others::Kept(located),
        _ => Others::Dropped,
    }
}
