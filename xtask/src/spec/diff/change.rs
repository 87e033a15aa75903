//! What a comparison finds: changes, each with its class and its effect on the Rust API.

use std::fmt;

use serde_json::Value;

use super::version::Step;
use crate::failure::Failure;

/// What a change means to those who use the operation, from the least to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Only the text changes, or what no caller can notice.
    Documentation,
    /// Something is new, and nothing that worked stops working.
    Additive,
    /// No rule tells what it means. It has to be read, and counts as breaking until somebody has.
    Unclear,
    /// Callers, or code written against the generated types, can stop working.
    Breaking,
}

impl Class {
    /// All classes, the worst first.
    pub const ALL: [Self; 4] = [Self::Breaking, Self::Unclear, Self::Additive, Self::Documentation];

    /// The class as it is written in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Additive => "additive",
            Self::Unclear => "unclear",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What kind of thing in Rust a change concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A method of the client.
    Method,
    /// An argument of a method.
    Argument,
    /// A type.
    Type,
    /// A field of a type.
    Field,
    /// A variant of an enum.
    Variant,
    /// An entry of the table of operations: path, credentials, whether a repeat is harmless.
    Operation,
    /// An expectation of the mock server in session-testkit.
    Mock,
    /// Rustdoc alone.
    Documentation,
    /// Nothing that is generated.
    Nothing,
}

impl Kind {
    /// The kind as it is written in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Argument => "argument",
            Self::Type => "type",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Operation => "operation",
            Self::Mock => "mock",
            Self::Documentation => "documentation",
            Self::Nothing => "nothing",
        }
    }
}

/// What a change does to the Rust API.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Effect {
    /// The kind of thing it concerns.
    pub kind: Kind,
    /// Its name in Rust, such as `Session::user_id`; empty if nothing that is generated changes.
    pub item: String,
    /// What becomes of it, for people.
    pub text: String,
}

impl Effect {
    pub(super) fn new(kind: Kind, item: impl Into<String>, text: impl Into<String>) -> Self {
        Self { kind, item: item.into(), text: text.into() }
    }

    pub(super) fn nothing(text: impl Into<String>) -> Self {
        Self::new(Kind::Nothing, "", text)
    }

    pub(super) fn documentation() -> Self {
        Self::new(Kind::Documentation, "", "nothing but documentation")
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What it means to callers.
    pub class: Class,
    /// What happened, such as `property removed`.
    pub what: &'static str,
    /// Where, as a JSON path: in the new document, or in the old one if the new one no longer has the place.
    pub place: String,
    /// The operations it concerns, by `operationId`.
    pub operations: Vec<String>,
    /// What the old document has there.
    pub old: Option<Value>,
    /// What the new document has there.
    pub new: Option<Value>,
    /// What it does to the Rust API.
    pub effect: Effect,
    /// Whether it can do harm that no compiler and no failing call would show.
    pub warning: bool,
}

/// All changes between two documents, in the order of operations and places.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    pub(super) list: Vec<Change>,
}

impl Changes {
    /// The changes.
    #[must_use]
    pub fn list(&self) -> &[Change] {
        &self.list
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many there are of a class.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        self.list.iter().filter(|change| change.class == class).count()
    }

    /// The worst class, if there is any change.
    #[must_use]
    pub fn worst(&self) -> Option<Class> {
        self.list.iter().map(|change| change.class).max()
    }

    /// The version step that the changes ask for.
    #[must_use]
    pub fn step(&self) -> Step {
        Step::of(self.worst())
    }

    /// One line: how many changes of each class, and which version to publish.
    #[must_use]
    pub fn verdict(&self) -> String {
        if self.is_empty() {
            return "no changes to the session operations".to_owned();
        }
        let counts: Vec<_> = Class::ALL
            .into_iter()
            .map(|class| (class, self.count(class)))
            .filter(|(_, count)| *count > 0)
            .map(|(class, count)| format!("{count} {class}"))
            .collect();
        format!("{}: {}", counts.join(", "), self.step())
    }

    /// Fails if there is a change of the class, or of a worse one.
    ///
    /// # Errors
    /// One line that names the document and counts the changes. Unclear changes are denied with the breaking ones.
    pub fn refuse(&self, document: &str, denied: Class) -> Result<(), Failure> {
        let denied = if denied == Class::Breaking { Class::Unclear } else { denied };
        let worst: Vec<_> = self.list.iter().filter(|change| change.class >= denied).collect();
        let Some(first) = worst.first() else { return Ok(()) };
        let others = worst.len() - 1;
        let who = if others == 0 { "this change is".to_owned() } else { format!("this change and {others} more are") };
        let message = format!("{who} denied; {}", self.verdict());
        Err(Failure::at(document, &first.place, message))
    }
}
