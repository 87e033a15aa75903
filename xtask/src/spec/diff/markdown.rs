//! Changes for a pull request.

use super::change::{Change, Changes};
use super::printable::{printable, values};

impl Changes {
    /// The changes as Markdown: the verdict, then a table for each group of operations.
    #[must_use]
    pub fn markdown(&self) -> String {
        let tables = self.groups().map(|(operations, changes)| {
            let head = "| class | change | where | old | new | in Rust |\n|---|---|---|---|---|---|";
            let rows: String = changes.iter().map(row).collect();
            format!("\n\n### {}\n\n{head}{rows}", heading(operations))
        });
        format!("**{}**", self.verdict()) + &tables.collect::<String>()
    }
}

fn heading(operations: &[String]) -> String {
    match operations {
        [] => "The document".to_owned(),
        operations => operations.iter().map(|name| code(&printable(name))).collect::<Vec<_>>().join(", "),
    }
}

fn row(change: &Change) -> String {
    let class = if change.warning { format!("**{}**, warning", change.class) } else { change.class.to_string() };
    let [old, new] = values(change.old.as_ref(), change.new.as_ref());
    let shown = |value: &Option<_>, text: &str| if value.is_some() { code(text) } else { text.to_owned() };
    let cells = [
        class,
        change.what.to_owned(),
        code(&printable(&change.place)),
        shown(&change.old, &old),
        shown(&change.new, &new),
        escaped(&printable(&change.effect.text)),
    ];
    format!("\n| {} |", cells.join(" | "))
}

/// The text as code, in which nothing but the end of a table's cell means anything.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{}{space}{fence}", text.replace('|', "\\|"))
}

/// Prose of ours, with names from the document in it as code.
fn escaped(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts
        .map(|(index, part)| if index % 2 == 1 { code(part) } else { part.replace(['|', '<', '>', '@', '['], " ") });
    parts.collect()
}
