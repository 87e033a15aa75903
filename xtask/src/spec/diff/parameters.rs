//! Parameters: those of the path item and those of the operation, as one list.

use serde_json::{Value, json};

use super::change::{Class, Effect, Kind};
use super::comparison::Comparison;
use super::document::{Document, Located, Operation, path_parameters};
use super::schemas::{Direction, Position, Wrap};
use crate::codegen::json_path::member;
use crate::codegen::names;

/// One parameter.
struct Parameter<'a> {
    located: Located<'a>,
    location: &'a str,
    name: &'a str,
    /// Which of the path's parameters it is.
    index: Option<usize>,
}

impl<'a> Comparison<'a> {
    /// What a call takes beside the body.
    pub(super) fn parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let (before, mut after) = (parameters(self.old, old), parameters(self.new, new));
        let mut gone = Vec::new();
        for parameter in before {
            match after.iter().position(|other| other.is(&parameter)) {
                Some(index) => {
                    let other = after.remove(index);
                    self.parameter(&parameter, &other);
                }
                None => gone.push(parameter),
            }
        }
        for parameter in gone {
            let same_name = |other: &Parameter<'a>| other.name == parameter.name;
            if let Some(index) = after.iter().position(same_name) {
                let other = after.remove(index);
                let text = format!("the value goes into the {} instead of the {}", other.location, parameter.location);
                let effect = Effect::new(Kind::Argument, other.argument(), text);
                let (place, values) =
                    (member(&other.located.place, "in"), (json!(parameter.location), json!(other.location)));
                self.record(Class::Breaking, "parameter moved", place, Some(values.0), Some(values.1), effect);
                self.parameter(&parameter, &other);
                continue;
            }
            let text = format!("the argument `{}` goes", parameter.argument());
            let effect = Effect::new(Kind::Argument, parameter.argument(), text);
            let (place, old) = (parameter.located.place.clone(), Some(parameter.located.value.clone()));
            self.record(Class::Breaking, "parameter removed", place, old, None, effect);
        }
        for parameter in after {
            let text = if parameter.required() {
                format!("calls have to give another argument, `{}`", parameter.argument())
            } else {
                format!("calls have another argument, `{}`, which may be `None`", parameter.argument())
            };
            let effect = Effect::new(Kind::Argument, parameter.argument(), text);
            let (place, new) = (parameter.located.place.clone(), Some(parameter.located.value.clone()));
            self.record(Class::Breaking, "parameter added", place, None, new, effect);
        }
    }

    fn parameter(&mut self, old: &Parameter<'a>, new: &Parameter<'a>) {
        let argument = new.argument();
        let place = |key: &str| member(&new.located.place, key);
        if !old.same_name(new) {
            let text =
                format!("the argument `{}` is called `{argument}`, and so is the mock's expectation", old.argument());
            let effect = Effect::new(Kind::Argument, old.argument(), text);
            self.record(
                Class::Breaking,
                "parameter renamed",
                place("name"),
                Some(json!(old.name)),
                Some(json!(new.name)),
                effect,
            );
        }
        let required = (old.required(), new.required());
        if required.0 != required.1 {
            let text = if required.1 {
                format!("the argument `{argument}` is no `Option` any more")
            } else {
                format!("the argument `{argument}` becomes an `Option`")
            };
            let effect = Effect::new(Kind::Argument, &argument, text);
            let values = (Some(json!(required.0)), Some(json!(required.1)));
            self.record(Class::Breaking, "required changed", place("required"), values.0, values.1, effect);
        }
        for (key, default) in [("style", style(new.location)), ("explode", json!(style(new.location) == json!("form")))]
        {
            let value =
                |parameter: &Parameter<'a>| parameter.located.value.get(key).cloned().unwrap_or(default.clone());
            let (before, after) = (value(old), value(new));
            let effect = Effect::new(Kind::Argument, &argument, "the value is written into the request in another way");
            self.changed(Class::Breaking, "parameter style changed", place(key), (Some(&before), Some(&after)), effect);
        }
        let position = Position {
            direction: Direction::Request,
            kind: Kind::Argument,
            item: argument.clone(),
            subject: format!("the argument `{argument}`"),
            type_name: names::pascal(new.name),
            wrap: Wrap::Argument { required: new.required() },
        };
        self.optional_schema(&position, &old.located, &new.located);
        let handled = ["name", "in", "required", "style", "explode", "schema"];
        self.rest(&old.located, &new.located, &handled);
    }
}

impl Parameter<'_> {
    /// Whether the two are the same parameter. Those of a path are told apart by where they stand in it.
    fn is(&self, other: &Parameter) -> bool {
        self.location == other.location
            && match self.index.zip(other.index) {
                Some((index, other)) => index == other,
                None => self.same_name(other),
            }
    }

    fn same_name(&self, other: &Parameter) -> bool {
        match self.location {
            "header" => self.name.eq_ignore_ascii_case(other.name),
            _ => self.name == other.name,
        }
    }

    fn argument(&self) -> String {
        names::snake(self.name)
    }

    fn required(&self) -> bool {
        self.located.value.get("required") == Some(&Value::Bool(true))
    }
}

fn style(location: &str) -> Value {
    json!(if matches!(location, "query" | "cookie") { "form" } else { "simple" })
}

/// The parameters of the path item and the operation's own, which go before those of the same name.
fn parameters<'a>(document: Document<'a>, operation: &Operation<'a>) -> Vec<Parameter<'a>> {
    let in_path = path_parameters(operation.path);
    let mut found: Vec<Parameter<'a>> = Vec::new();
    for owner in [&operation.item, &operation.located] {
        for parameter in owner.member("parameters").iter().flat_map(Located::elements) {
            let located = document.resolve(parameter);
            let text = |key: &str| located.value.get(key).and_then(Value::as_str).unwrap_or_default();
            let (location, name) = (text("in"), text("name"));
            let index = in_path.iter().position(|other| location == "path" && *other == name);
            found.retain(|other| (other.location, other.name) != (location, name));
            found.push(Parameter { located, location, name, index });
        }
    }
    found
}
