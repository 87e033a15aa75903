//! Gives a schema that is written out in place its name back: a document in which references were replaced by what
//! they refer to is still the same document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::parts::{Holds, Part, is_empty, is_own_type, members, prose, set};
use super::references::Document;
use crate::failure::Result;

/// Keywords that a reference may have carried beside it; what replaced it can have them, or not.
const BESIDE_REFERENCES: [&str; 3] = ["deprecated", "readOnly", "writeOnly"];

/// How many parts may be compared. A document of Okta's with every reference replaced takes about 30 000.
const MAX_STEPS: usize = 200_000;

/// How deep a comparison goes; deeper schemas count as different.
const MAX_DEPTH: usize = 40;

/// Where names come from.
pub(super) struct Names<'a> {
    document: Document<'a>,
    /// The slice of the release before.
    before: Option<Document<'a>>,
    /// What was found for which schema; a part that is repeated by references is looked for once.
    found: BTreeMap<*const Value, Option<String>>,
    /// How many parts may still be compared.
    steps: usize,
}

impl<'a> Names<'a> {
    pub(super) fn new(document: Document<'a>, before: Option<Document<'a>>) -> Self {
        Self { document, before, found: BTreeMap::new(), steps: MAX_STEPS }
    }

    /// The name of the schema that is equal to this one: prose included or, if it is a name of the release before, in
    /// its facts. None if there is no such name, or more than one.
    pub(super) fn find(&mut self, schema: &'a Value, place: &str) -> Result<Option<String>> {
        if let Some(found) = self.found.get(&std::ptr::from_ref(schema)) {
            return Ok(found.clone());
        }
        let found = self.search(schema, place)?;
        self.found.insert(schema, found.clone());
        Ok(found)
    }

    fn search(&mut self, schema: &'a Value, place: &str) -> Result<Option<String>> {
        let mut equal = Vec::new();
        for (name, candidate) in self.document.components("schemas").filter(|(_, candidate)| is_own_type(candidate)) {
            if self.same(Wanted::Everything, schema, self.document, candidate, place)? {
                equal.push(name);
            }
        }
        if let [name] = *equal {
            return Ok(Some(name.to_owned()));
        }
        let Some(before) = self.before else { return Ok(None) };
        let mut same = Vec::new();
        for (name, known) in before.components("schemas") {
            let (document, candidate) = match self.document.component("schemas", name) {
                Some(candidate) => (self.document, candidate),
                None => (before, known),
            };
            if is_own_type(candidate) && self.same(Wanted::Facts, schema, document, candidate, place)? {
                same.push(name);
            }
        }
        Ok(if let [name] = *same { Some(name.to_owned()) } else { None })
    }

    /// Whether a schema of the document is the same as the candidate.
    fn same(
        &mut self,
        wanted: Wanted,
        schema: &'a Value,
        other: Document<'a>,
        candidate: &'a Value,
        place: &str,
    ) -> Result<bool> {
        let mut comparison = Comparison {
            left: self.document,
            right: other,
            wanted,
            assumed: BTreeSet::new(),
            depth: MAX_DEPTH,
            steps: self.steps,
        };
        let same = comparison.equal(Part::Schema, schema, candidate, Beside::Ignored);
        self.steps = comparison.steps;
        if self.steps == 0 {
            let message = "too many schemas written out in place; import a document that refers to them";
            return Err(self.document.failure(place, message));
        }
        Ok(same)
    }
}

/// What has to be equal.
#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Everything,
    Facts,
}

/// What to do about the keywords that a reference may have carried beside it.
#[derive(Clone, Copy, PartialEq)]
enum Beside {
    Compared,
    Ignored,
}

struct Comparison<'a> {
    left: Document<'a>,
    right: Document<'a>,
    wanted: Wanted,
    /// Pairs that were met before. They are equal unless a difference is found elsewhere, which ends the comparison.
    assumed: BTreeSet<(*const Value, *const Value)>,
    /// How much deeper it may go, and how many parts it may still look at.
    depth: usize,
    steps: usize,
}

impl<'a> Comparison<'a> {
    fn part(&mut self, part: Part, left: &'a Value, right: &'a Value) -> bool {
        self.equal(part, left, right, Beside::Compared)
    }

    fn equal(&mut self, part: Part, left: &'a Value, right: &'a Value, beside: Beside) -> bool {
        let Some(steps) = self.steps.checked_sub(1) else { return false };
        self.steps = steps;
        let (Ok(left), Ok(right)) = (self.left.follow(left, "$"), self.right.follow(right, "$")) else { return false };
        if !self.assumed.insert((left.value, right.value)) {
            return true;
        }
        let (Some(left_object), Some(right_object)) = (left.value.as_object(), right.value.as_object()) else {
            return false;
        };
        if self.wanted == Wanted::Everything && !prose(part, left_object).eq(prose(part, right_object)) {
            return false;
        }
        let (mut left_members, mut right_members) = (members(part, left_object), members(part, right_object));
        if beside == Beside::Ignored || left.pointer.is_some() != right.pointer.is_some() {
            for key in BESIDE_REFERENCES {
                left_members.remove(key);
                right_members.remove(key);
            }
        }
        let Some(deeper) = self.depth.checked_sub(1) else { return false };
        let here = std::mem::replace(&mut self.depth, deeper);
        let same = left_members.len() == right_members.len()
            && left_members.into_iter().zip(right_members).all(|((left_key, left), (right_key, right))| {
                left_key == right_key && left.0 == right.0 && self.held(left.0, left.1, right.1)
            });
        self.depth = here;
        same
    }

    fn held(&mut self, holds: Holds, left: &'a Value, right: &'a Value) -> bool {
        match (holds, left, right) {
            (Holds::One(part), left, right) => self.part(part, left, right),
            (Holds::List(part), Value::Array(left), Value::Array(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| self.part(part, left, right))
            }
            (Holds::AllOf, Value::Array(left), Value::Array(right)) => {
                let [left, right] = [left, right].map(|list| list.iter().filter(|schema| !is_empty(schema)));
                left.clone().count() == right.clone().count()
                    && left.zip(right).all(|(left, right)| self.part(Part::Schema, left, right))
            }
            (Holds::Map(part), Value::Object(left), Value::Object(right)) => {
                left.len() == right.len()
                    && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| self.part(part, left, right)))
            }
            (Holds::Set, Value::Array(left), Value::Array(right)) => set(left) == set(right),
            (_, left, right) => left == right,
        }
    }
}
