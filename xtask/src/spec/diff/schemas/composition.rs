//! Schemas that are composed of others.

use super::super::change::Class;
use super::super::comparison::Comparison;
use super::super::document::Located;
use super::{Direction, Pair};

impl<'a> Comparison<'a> {
    /// `allOf`, `anyOf` or `oneOf`: their order means nothing.
    pub(super) fn composition(&mut self, pair: &Pair<'_, 'a>, key: &str) {
        let subject = &pair.position.subject;
        let (Some(before), Some(after)) = (pair.old.get(key), pair.new.get(key)) else {
            let effect = || pair.position.effect(format!("{subject} is composed in another way"));
            return self.keyword(pair, (key, "composition changed"), Class::Breaking, effect);
        };
        let (before, mut after): (Vec<_>, Vec<_>) = (before.elements().collect(), after.elements().collect());
        let inside = |index: usize| {
            let subject = format!("a part of {subject}");
            pair.position.inside(subject, format!("{}Variant{index}", pair.position.type_name))
        };
        let mut gone = Vec::new();
        let mut rest = Vec::new();
        // Equal ones and those of one name first; what is left is compared in the order in which it stands.
        for (index, part) in before.into_iter().enumerate() {
            match after.iter().position(|other| other.value == part.value) {
                Some(partner) => self.schema(&inside(index), &part, &after.remove(partner)),
                None => rest.push((index, part)),
            }
        }
        for (index, part) in rest {
            let is_reference = |part: &Located<'a>| part.value.get("$ref").is_some();
            match after.iter().position(|other| !is_reference(other) && !is_reference(&part)) {
                Some(partner) => self.schema(&inside(index), &part, &after.remove(partner)),
                None => gone.push(part),
            }
        }
        for part in gone {
            let effect = pair.position.effect(format!("{subject} loses a part"));
            self.record(Class::Breaking, "part removed", part.place, Some(part.value.clone()), None, effect);
        }
        for part in after {
            let class = match (key, pair.position.direction) {
                ("oneOf" | "anyOf", Direction::Request) => Class::Additive,
                _ => Class::Breaking,
            };
            let effect = pair.position.effect(format!("{subject} gains a part"));
            self.record(class, "part added", part.place, None, Some(part.value.clone()), effect);
        }
    }
}
