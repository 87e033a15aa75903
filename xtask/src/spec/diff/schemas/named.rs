//! Schemas with a name. The generator makes types of all that a slice has, used or not.

use super::super::change::{Class, Effect, Kind};
use super::super::comparison::{Comparison, union};
use super::super::document::{Located, object};
use super::{Direction, Position, Wrap};
use crate::codegen::names;

impl<'a> Comparison<'a> {
    /// Types that come and go with the names of two slices, and schemas that no operation has led to.
    pub(in super::super) fn named_schemas(&mut self) {
        if !self.old.is_slice() || !self.new.is_slice() {
            return;
        }
        self.leave();
        let (old, new) = (self.old.schemas(), self.new.schemas());
        let members = |schemas: &Option<Located<'a>>| object(schemas.as_ref().map(|schemas| schemas.value));
        for name in union(members(&old), members(&new)) {
            let seen = |schema: &Option<Located<'a>>| {
                schema.as_ref().is_some_and(|schema| self.seen.contains(&std::ptr::from_ref(schema.object())))
            };
            let (old, new) =
                (old.as_ref().and_then(|old| old.member(name)), new.as_ref().and_then(|new| new.member(name)));
            let is_compared = seen(&old) || seen(&new);
            let type_name = names::pascal(name);
            let effect = |what: &str| Effect::new(Kind::Type, &type_name, format!("the type `{type_name}` {what}"));
            match (old, new) {
                (Some(old), None) if !self.renamed.contains(name) => {
                    self.record(
                        Class::Breaking,
                        "schema removed",
                        old.place,
                        Some(old.value.clone()),
                        None,
                        effect("goes"),
                    );
                }
                (None, Some(new)) if !self.renamed.contains(name) => {
                    self.record(
                        Class::Additive,
                        "schema added",
                        new.place,
                        None,
                        Some(new.value.clone()),
                        effect("appears"),
                    );
                }
                (Some(old), Some(new)) if !is_compared => {
                    let position = Position {
                        direction: Direction::Response,
                        kind: Kind::Type,
                        item: type_name.clone(),
                        subject: format!("the type `{type_name}`"),
                        type_name,
                        wrap: Wrap::Definition,
                    };
                    self.schema(&position, &old, &new);
                    self.definitions();
                }
                _ => {}
            }
        }
    }
}
