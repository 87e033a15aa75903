//! The keywords of a schema, each by its rule.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::change::{Class, Effect, Kind};
use super::super::comparison::Comparison;
use super::{Direction, Pair, Wrap};

impl<'a> Comparison<'a> {
    /// All keywords of the two.
    pub(super) fn facts(&mut self, pair: &Pair<'_, 'a>) {
        let keys: BTreeSet<&str> = pair.old.keys().chain(pair.new.keys()).map(String::as_str).collect();
        for key in keys {
            let form = if key == "required" { "required properties" } else { key };
            if self.is_malformed(form, pair.old.get(key).as_ref(), pair.new.get(key).as_ref()) {
                continue;
            }
            match key {
                "type" => self.value_type(pair),
                "format" => self.format(pair),
                "nullable" => self.nullable(pair),
                "default" => self.default(pair),
                "readOnly" | "writeOnly" => self.one_way(pair, key),
                "enum" => self.values(pair),
                "items" => self.items(pair),
                "required" if pair.old.get("properties").is_none() && pair.new.get("properties").is_none() => {
                    self.properties(pair);
                }
                "properties" => self.properties(pair),
                "additionalProperties" => self.additional_properties(pair),
                "allOf" | "anyOf" | "oneOf" => self.composition(pair, key),
                "discriminator" => self.discriminator(pair),
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" | "minLength"
                | "maxLength" | "pattern" | "minItems" | "maxItems" | "uniqueItems" | "minProperties"
                | "maxProperties" => self.bound(pair, key),
                "title" => self.title(pair),
                // Compared with the properties, or before.
                "required" | "$ref" => {}
                _ => self.other(key, pair.old.get(key), pair.new.get(key)),
            }
        }
    }

    /// Records a change of the keyword, if it is one. A change of the Rust type is breaking whatever else it is.
    pub(super) fn keyword(
        &mut self,
        pair: &Pair<'_, 'a>,
        (key, what): (&str, &'static str),
        class: Class,
        effect: impl FnOnce() -> Effect,
    ) {
        let values = (pair.old.value(key), pair.new.value(key));
        if values.0 == values.1 {
            return;
        }
        let (class, effect) = if pair.types.differ() {
            (Class::Breaking, pair.position.changes_type(&pair.types))
        } else {
            (class, effect())
        };
        self.changed(class, what, pair.place(key), values, effect);
    }

    fn value_type(&mut self, pair: &Pair<'_, 'a>) {
        // Beside a reference, a type only repeats what the schema says that is referred to.
        let (old, new) = (pair.whole.0.value("type"), pair.whole.1.value("type"));
        if old != new || !(pair.old.is_outer() || pair.new.is_outer()) {
            let effect = || pair.position.effect(format!("{} can be another kind of value", pair.position.subject));
            self.keyword(pair, ("type", "type changed"), Class::Breaking, effect);
        }
    }

    fn format(&mut self, pair: &Pair<'_, 'a>) {
        let effect = || {
            let text =
                format!("{} stays {}; whether its values change has to be read", pair.position.subject, pair.types.new);
            pair.position.effect(text)
        };
        self.keyword(pair, ("format", "format changed"), Class::Unclear, effect);
    }

    fn nullable(&mut self, pair: &Pair<'_, 'a>) {
        let nullable = |value: Option<&Value>| value == Some(&Value::Bool(true));
        if nullable(pair.old.value("nullable")) != nullable(pair.new.value("nullable")) {
            let effect = || {
                pair.position
                    .effect(format!("{} stays {}, which reads null as none", pair.position.subject, pair.types.new))
            };
            self.keyword(pair, ("nullable", "nullable changed"), Class::Additive, effect);
        }
    }

    /// What a value is that is left out. The generator puts it into the type, so it also reads what it does not send.
    fn default(&mut self, pair: &Pair<'_, 'a>) {
        let class = if pair.old.get("default").is_none() { Class::Additive } else { Class::Breaking };
        let effect =
            || pair.position.effect(format!("{} has another value when it is left out", pair.position.subject));
        self.keyword(pair, ("default", "default changed"), class, effect);
    }

    /// `readOnly` is about requests only, and `writeOnly` about answers; the generator knows neither.
    fn one_way(&mut self, pair: &Pair<'_, 'a>, key: &str) {
        let flag = |value: Option<&Value>| value == Some(&Value::Bool(true));
        let (before, after) = (flag(pair.old.value(key)), flag(pair.new.value(key)));
        let matters = (key == "readOnly") == (pair.position.direction == Direction::Request);
        let (class, text) = match (before == after, matters, after) {
            (true, ..) => return,
            (_, false, _) => (Class::Documentation, "nothing is generated of it"),
            (_, true, true) => (Class::Breaking, "stays in the type, but the value no longer gets through"),
            (_, true, false) => (Class::Additive, "stays in the type, and the value now gets through"),
        };
        let what = if key == "readOnly" { "readOnly changed" } else { "writeOnly changed" };
        let effect = || {
            if matters {
                pair.position.effect(format!("{} {text}", pair.position.subject))
            } else {
                Effect::nothing(text)
            }
        };
        self.keyword_as_is(pair, (key, what), class, effect());
    }

    /// A keyword that has no say in the Rust type.
    pub(super) fn keyword_as_is(
        &mut self,
        pair: &Pair<'_, 'a>,
        (key, what): (&str, &'static str),
        class: Class,
        effect: Effect,
    ) {
        self.changed(class, what, pair.place(key), (pair.old.value(key), pair.new.value(key)), effect);
    }

    fn items(&mut self, pair: &Pair<'_, 'a>) {
        let (Some(old), Some(new)) = (pair.old.get("items"), pair.new.get("items")) else {
            let effect =
                || pair.position.effect(format!("the elements of {} change their type", pair.position.subject));
            return self.keyword(pair, ("items", "items changed"), Class::Breaking, effect);
        };
        let subject = format!("the elements of {}", pair.position.subject);
        let position = pair.position.inside(subject, format!("{}Item", pair.position.type_name));
        self.schema(&position, &old, &new);
    }

    /// The title of a schema that has no name is the name of its type.
    fn title(&mut self, pair: &Pair<'_, 'a>) {
        let inline = !matches!(pair.position.wrap, Wrap::Definition | Wrap::Untyped);
        let (class, effect) = if inline && pair.types.differ() {
            (Class::Breaking, pair.position.changes_type(&pair.types))
        } else {
            (Class::Documentation, Effect::new(Kind::Documentation, "", "nothing but documentation"))
        };
        self.keyword_as_is(pair, ("title", "title changed"), class, effect);
    }

    /// Which property tells the alternatives apart. The generator tries the alternatives one by one instead.
    fn discriminator(&mut self, pair: &Pair<'_, 'a>) {
        let part = |value: Option<&'a Value>, key: &str| value.and_then(|value| value.get(key)).cloned();
        let (old, new) = (pair.old.value("discriminator"), pair.new.value("discriminator"));
        let mapping = (part(old, "mapping").unwrap_or_default(), part(new, "mapping").unwrap_or_default());
        let entries = mapping.0.as_object().into_iter().flatten();
        let kept = entries.into_iter().all(|(name, target)| mapping.1.get(name) == Some(target));
        let same_property = part(old, "propertyName") == part(new, "propertyName");
        let class = if same_property && kept { Class::Additive } else { Class::Breaking };
        let effect = Effect::nothing("nothing is generated of it: the alternatives are tried one by one");
        self.keyword_as_is(pair, ("discriminator", "discriminator changed"), class, effect);
    }
}
