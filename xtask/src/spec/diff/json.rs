//! Changes for programs.

use serde_json::{Value, json};

use super::change::{Change, Changes, Class};
use super::printable;

impl Changes {
    /// The changes as JSON. Members are added to it, never removed or given another meaning while `format` is 1:
    ///
    /// | member | what it holds |
    /// |---|---|
    /// | `format` | 1 |
    /// | `verdict` | the line for people |
    /// | `step` | `none`, `patch`, `minor` or `major` |
    /// | `next_version` | the version to publish |
    /// | `counts` | how many changes there are of each class |
    /// | `changes` | the changes |
    ///
    /// and of each change:
    ///
    /// | member | what it holds |
    /// |---|---|
    /// | `class` | `breaking`, `unclear`, `additive` or `documentation` |
    /// | `warning` | whether it can do harm unnoticed |
    /// | `what` | what happened, such as `property removed` |
    /// | `where` | a JSON path in the new document, or in the old one if the new one has no such place |
    /// | `operations` | the operations it concerns; none for what concerns the document |
    /// | `old`, `new` | what the documents have there, null where they have nothing |
    /// | `rust` | `kind`, `item` and `effect`: what it does to the generated Rust |
    #[must_use]
    pub fn json(&self) -> String {
        let counts: serde_json::Map<String, Value> =
            Class::ALL.into_iter().map(|class| (class.name().to_owned(), json!(self.count(class)))).collect();
        let document = json!({
            "format": 1,
            "verdict": self.verdict(),
            "step": self.step().name(),
            "next_version": self.step().next(),
            "counts": counts,
            "changes": self.list().iter().map(change).collect::<Vec<_>>(),
        });
        printable::json(&format!("{document:#}"))
    }
}

fn change(change: &Change) -> Value {
    json!({
        "class": change.class.name(),
        "warning": change.warning,
        "what": change.what,
        "where": change.place,
        "operations": change.operations,
        "old": change.old,
        "new": change.new,
        "rust": {
            "kind": change.effect.kind.name(),
            "item": change.effect.item,
            "effect": change.effect.text,
        },
    })
}
