//! The values of an enum. The generated enums are open: a value that they do not know is no error.

use heck::ToPascalCase;
use serde_json::Value;

use super::super::change::{Class, Effect, Kind};
use super::super::comparison::Comparison;
use super::{Direction, Pair};
use crate::codegen::json_path::member;

impl<'a> Comparison<'a> {
    /// The values that the two allow.
    pub(super) fn values(&mut self, pair: &Pair<'_, 'a>) {
        let list = |value: Option<&'a Value>| value.and_then(Value::as_array);
        let (Some(old), Some(new)) = (list(pair.old.value("enum")), list(pair.new.value("enum"))) else {
            let effect = || pair.position.effect(format!("{} is no longer what it was", pair.position.subject));
            return self.keyword(pair, ("enum", "enum changed"), Class::Breaking, effect);
        };
        let place = pair.new.place("enum");
        let variant = |value: &Value| {
            let name = value.as_str().map_or_else(|| value.to_string(), ToPascalCase::to_pascal_case);
            format!("{}::{name}", pair.position.type_name)
        };
        for value in old.iter().filter(|value| !new.contains(value)) {
            let item = variant(value);
            let text = match pair.position.direction {
                Direction::Response => format!("the variant `{item}` goes"),
                Direction::Request => format!("the variant `{item}` goes, and the value is no longer taken"),
            };
            let place = at(&place, value);
            self.record(
                Class::Breaking,
                "enum value removed",
                place,
                Some(value.clone()),
                None,
                Effect::new(Kind::Variant, item, text),
            );
        }
        for value in new.iter().filter(|value| !old.contains(value)) {
            let item = variant(value);
            let text = format!("a new variant `{item}`; before, the value was read as `Unknown`");
            let place = at(&place, value);
            self.record(
                Class::Additive,
                "enum value added",
                place,
                None,
                Some(value.clone()),
                Effect::new(Kind::Variant, item, text),
            );
        }
    }
}

/// Values have no order that means anything, so a value is named by itself.
fn at(place: &str, value: &Value) -> String {
    let name = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    member(place, &name)
}
