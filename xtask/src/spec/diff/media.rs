//! Media types: in which form a body comes, and its schema.

use super::bodies::mock;
use super::change::{Class, Effect, Kind};
use super::comparison::{Comparison, union};
use super::document::{Located, object};
use super::schemas::{Direction, Position, Wrap};
use crate::codegen::json_path::member;
use crate::codegen::names;

/// The one form of bodies that the generator takes.
const JSON: &str = "application/json";

/// Which body it is.
pub(super) enum Body<'s> {
    Request { operation: &'s str },
    Response { status: &'s str },
}

impl<'a> Comparison<'a> {
    /// The media types of a body.
    pub(super) fn content(&mut self, body: &Body, old: &Located<'a>, new: &Located<'a>) {
        self.is_malformed("content", old.member("content").as_ref(), new.member("content").as_ref());
        let place = member(&new.place, "content");
        let (before, after) = (object(old.value.get("content")), object(new.value.get("content")));
        for media in union(before, after) {
            let place = member(&place, media);
            match (before.get(media), after.get(media)) {
                (Some(before), Some(after)) => {
                    let (old, new) = (Located::new(&place, before), Located::new(&place, after));
                    self.optional_schema(&body.position(), &old, &new);
                    self.rest(&old, &new, &["schema"]);
                }
                (before, after) => {
                    let (class, effect) = body.presence(media, after.is_some());
                    let what = if after.is_some() { "media type added" } else { "media type removed" };
                    self.changed(class, what, place, (before, after), effect);
                }
            }
        }
    }
}

impl Body<'_> {
    /// What it means that the body comes in another form, or no longer in this one.
    fn presence(&self, media: &str, added: bool) -> (Class, Effect) {
        match self {
            _ if media != JSON && added => (
                Class::Additive,
                Effect::nothing("the generator takes JSON only; the overlay has to remove it from requests"),
            ),
            Self::Request { .. } => {
                (Class::Breaking, Effect::new(Kind::Argument, "body", "the argument `body` changes its type, or goes"))
            }
            Self::Response { .. } if media != JSON => (Class::Breaking, Effect::nothing("the client reads JSON only")),
            Self::Response { status } if status.starts_with('2') => {
                (Class::Breaking, Effect::new(Kind::Method, "Response", "the method returns another type"))
            }
            Self::Response { status } => {
                let change = if added { "takes a body" } else { "takes no body any more" };
                let text = format!("the mock's `{}` {change}; the client reads the status as before", mock(status));
                (Class::Breaking, Effect::new(Kind::Mock, mock(status), text))
            }
        }
    }

    fn position(&self) -> Position {
        let (direction, kind, item, subject) = match self {
            Self::Request { .. } => {
                (Direction::Request, Kind::Argument, "body".to_owned(), "the argument `body`".to_owned())
            }
            Self::Response { status } if status.starts_with('2') => {
                (Direction::Response, Kind::Method, "Response".to_owned(), "what the method returns".to_owned())
            }
            Self::Response { status } => {
                (Direction::Response, Kind::Mock, mock(status), format!("what the mock's `{}` takes", mock(status)))
            }
        };
        let type_name = match self {
            Self::Request { operation } => names::pascal(&format!("{operation}-body")),
            Self::Response { .. } => "the response".to_owned(),
        };
        Position { direction, kind, item, subject, type_name, wrap: Wrap::Plain }
    }
}

impl<'a> Comparison<'a> {
    /// The member `schema` of the two, which may be missing.
    pub(super) fn optional_schema(&mut self, position: &Position, old: &Located<'a>, new: &Located<'a>) {
        match (old.member("schema"), new.member("schema")) {
            (old, new) if self.is_malformed("schema", old.as_ref(), new.as_ref()) => {}
            (Some(old), Some(new)) => self.schema(position, &old, &new),
            (old, new) => {
                let Some(place) = new.as_ref().or(old.as_ref()).map(|schema| schema.place.clone()) else { return };
                let effect =
                    Effect::new(position.kind, &position.item, format!("{} changes its type", position.subject));
                let values = (old.map(|old| old.value), new.map(|new| new.value));
                self.changed(Class::Breaking, "schema changed", place, values, effect);
            }
        }
    }
}
