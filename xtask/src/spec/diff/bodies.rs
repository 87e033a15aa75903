//! Bodies: what a request carries, and what comes back with each status.

use http::StatusCode;
use serde_json::{Value, json};

use super::change::{Class, Effect, Kind};
use super::comparison::{Comparison, union};
use super::document::{Document, Located, Operation};
use super::media::Body;
use super::schemas::{Direction, Position, Wrap};
use crate::codegen::json_path::member;
use crate::codegen::names;

impl<'a> Comparison<'a> {
    /// What a call sends.
    pub(super) fn request_body(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let before = old.located.member("requestBody").map(|body| self.old.resolve(body));
        let after = new.located.member("requestBody").map(|body| self.new.resolve(body));
        let argument = |text: &str| Effect::new(Kind::Argument, "body", text);
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => (before, after),
            (Some(body), None) => {
                let effect = argument("the argument `body` goes");
                return self.record(
                    Class::Breaking,
                    "request body removed",
                    body.place,
                    Some(body.value.clone()),
                    None,
                    effect,
                );
            }
            (None, Some(body)) => {
                let effect = argument("calls have to give another argument, `body`");
                return self.record(
                    Class::Breaking,
                    "request body added",
                    body.place,
                    None,
                    Some(body.value.clone()),
                    effect,
                );
            }
            (None, None) => return,
        };
        let required = |body: &Located<'a>| body.value.get("required") == Some(&Value::Bool(true));
        if required(&before) != required(&after) {
            let class = if required(&after) { Class::Breaking } else { Class::Additive };
            let effect = argument("the argument stays; the method always sends a body");
            let values = (Some(json!(required(&before))), Some(json!(required(&after))));
            self.record(class, "required changed", member(&after.place, "required"), values.0, values.1, effect);
        }
        self.content(&Body::Request { operation: &new.label }, &before, &after);
        self.rest(&before, &after, &["required", "content"]);
    }

    /// What comes back.
    pub(super) fn responses(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let responses = |operation: &Operation<'a>| {
            let none = || Located::new(member(&operation.place(), "responses"), &Value::Null);
            operation.located.member("responses").unwrap_or_else(none)
        };
        let (before, after) = (responses(old), responses(new));
        for status in union(before.object(), after.object()) {
            let (old, new) = (before.member(status), after.member(status));
            if status.starts_with("x-") {
                self.other(status, old, new);
                continue;
            }
            let old = old.map(|response| self.old.resolve(response));
            let new = new.map(|response| self.new.resolve(response));
            match (old, new) {
                (Some(old), Some(new)) => self.response(status, &old, &new),
                (Some(_), None) => self.status_removed(status, &before),
                (None, Some(_)) => self.status_added(status, &before, &after),
                (None, None) => {}
            }
        }
    }

    fn status_removed(&mut self, status: &str, responses: &Located<'a>) {
        let text = format!("the mock's `{}` goes; the client reads the status as before", mock(status));
        let effect = Effect::new(Kind::Mock, mock(status), text);
        let (place, old) = (member(&responses.place, status), responses.value.get(status).cloned());
        self.record(Class::Breaking, "status removed", place, old, None, effect);
    }

    fn status_added(&mut self, status: &str, old: &Located<'a>, new: &Located<'a>) {
        let schema = |document: Document<'a>, responses: &Located<'a>, status: &str| {
            let response = document.resolve(responses.member(status)?);
            response.value.pointer("/content/application~1json/schema").cloned()
        };
        let other_success = old.object().keys().find(|other| other.starts_with('2') && status.starts_with('2'));
        let differs = other_success.is_some_and(|other| schema(self.old, old, other) != schema(self.new, new, status));
        let (class, text) = if differs {
            (Class::Breaking, "the generator refuses it: a method returns one type".to_owned())
        } else {
            (Class::Additive, format!("the mock gains `{}`; the client reads the status as before", mock(status)))
        };
        let effect = Effect::new(Kind::Mock, mock(status), text);
        self.record(class, "status added", member(&new.place, status), None, new.value.get(status).cloned(), effect);
    }

    fn response(&mut self, status: &str, old: &Located<'a>, new: &Located<'a>) {
        self.content(&Body::Response { status }, old, new);
        self.is_malformed("headers", old.member("headers").as_ref(), new.member("headers").as_ref());
        self.headers(old, new);
        self.rest(old, new, &["content", "headers"]);
    }

    fn headers(&mut self, old: &Located<'a>, new: &Located<'a>) {
        let (before, after) = (headers(old), headers(new));
        for (name, header) in &before {
            let Some((_, other)) = after.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)) else {
                let effect = Effect::nothing("nothing is generated of headers; who reads it finds none");
                self.record(
                    Class::Breaking,
                    "header removed",
                    header.place.clone(),
                    Some(header.value.clone()),
                    None,
                    effect,
                );
                continue;
            };
            let (old, new) = (self.old.resolve(header.clone()), self.new.resolve(other.clone()));
            self.header(name, &old, &new);
        }
        for (name, header) in after {
            if !before.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
                let effect = Effect::nothing("nothing is generated of headers");
                self.record(Class::Additive, "header added", header.place, None, Some(header.value.clone()), effect);
            }
        }
    }

    fn header(&mut self, name: &str, old: &Located<'a>, new: &Located<'a>) {
        let required = |header: &Located<'a>| header.value.get("required") == Some(&Value::Bool(true));
        if required(old) != required(new) {
            let class = if required(new) { Class::Additive } else { Class::Breaking };
            let effect = Effect::nothing("nothing is generated of headers");
            let values = (Some(json!(required(old))), Some(json!(required(new))));
            self.record(class, "required changed", member(&new.place, "required"), values.0, values.1, effect);
        }
        let position = Position {
            direction: Direction::Response,
            kind: Kind::Nothing,
            item: String::new(),
            subject: format!("the header `{name}`"),
            type_name: names::pascal(name),
            wrap: Wrap::Untyped,
        };
        self.optional_schema(&position, old, new);
        self.rest(old, new, &["required", "schema"]);
    }
}

fn headers<'a>(response: &Located<'a>) -> Vec<(&'a str, Located<'a>)> {
    let headers = response.member("headers");
    headers.iter().flat_map(Located::members).map(|(name, header)| (name.as_str(), header)).collect()
}

/// The mock server's expectation of the status, as the generator calls it.
pub(super) fn mock(status: &str) -> String {
    let range = match status {
        "1XX" => Some("informational"),
        "2XX" => Some("success"),
        "3XX" => Some("redirect"),
        "4XX" => Some("client_error"),
        "5XX" => Some("server_error"),
        "default" => Some("default_response"),
        _ => None,
    };
    let reason = || StatusCode::from_bytes(status.as_bytes()).ok()?.canonical_reason();
    let name = range.map(str::to_owned).or_else(|| reason().map(names::snake)).unwrap_or_else(|| status.to_owned());
    format!("then.{name}")
}
