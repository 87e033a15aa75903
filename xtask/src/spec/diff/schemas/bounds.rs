//! Bounds of values: whether they get narrower or wider, and who notices.

use serde_json::Value;

use super::super::change::Class;
use super::super::comparison::Comparison;
use super::{Direction, Pair};

impl<'a> Comparison<'a> {
    /// A keyword that bounds the value.
    pub(super) fn bound(&mut self, pair: &Pair<'_, 'a>, key: &str) {
        let default = |value: &&Value| match key {
            "uniqueItems" | "exclusiveMinimum" | "exclusiveMaximum" => **value == Value::Bool(false),
            "minLength" | "minItems" | "minProperties" => value.as_u64() == Some(0),
            _ => false,
        };
        let values =
            (pair.old.value(key).filter(|value| !default(value)), pair.new.value(key).filter(|value| !default(value)));
        let subject = &pair.position.subject;
        // The generated types check strings only, when they read them as well.
        let is_checked = matches!(key, "minLength" | "maxLength" | "pattern");
        let (class, text) = match (is_narrower(key, values), pair.position.direction) {
            _ if values.0 == values.1 => return,
            (Some(true), Direction::Request) => (Class::Breaking, format!("{subject} may be less than before")),
            (Some(false), Direction::Request) => (Class::Additive, format!("{subject} may be more than before")),
            (None, Direction::Request) => (Class::Breaking, format!("{subject} has other bounds")),
            (Some(true), Direction::Response) => (Class::Additive, format!("{subject} stays {}", pair.types.new)),
            (_, Direction::Response) if is_checked => {
                (Class::Breaking, format!("{subject}: the type of before refuses what may come now"))
            }
            (_, Direction::Response) => {
                (Class::Additive, format!("{subject} stays {}, which checks no bounds", pair.types.new))
            }
        };
        self.keyword(pair, (key, "bound changed"), class, || pair.position.effect(text));
    }
}

/// Whether fewer values are allowed than before; nothing if that cannot be told.
fn is_narrower(key: &str, values: (Option<&Value>, Option<&Value>)) -> Option<bool> {
    let number = |value: &Value| value.as_f64();
    match (key, values) {
        (_, (None, _)) => Some(true),
        (_, (_, None)) => Some(false),
        ("minimum" | "minLength" | "minItems" | "minProperties", (Some(old), Some(new))) => {
            Some(number(new)? > number(old)?)
        }
        ("maximum" | "maxLength" | "maxItems" | "maxProperties", (Some(old), Some(new))) => {
            Some(number(new)? < number(old)?)
        }
        _ => None,
    }
}
