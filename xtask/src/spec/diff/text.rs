//! Changes for a terminal: a table for each group of operations, then the verdict.

use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Modify, Padding, Style, Width};

use super::change::{Change, Changes};
use super::printable::{printable, values};

/// The widths of the columns, two spaces between them: class, change, effect.
const WIDTHS: [usize; 3] = [13, 50, 33];

impl Changes {
    /// The changes as text for a terminal of 100 columns. The last line is the verdict.
    #[must_use]
    pub fn text(&self) -> String {
        let groups = self.groups().map(|(operations, changes)| {
            let heading = if operations.is_empty() { "The document".to_owned() } else { operations.join(", ") };
            format!("{}\n\n{}\n\n", printable(&heading), table(changes))
        });
        groups.collect::<String>() + &self.verdict()
    }

    /// The changes by the operations that they concern.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&[String], &[Change])> {
        self.list()
            .chunk_by(|one, other| one.operations == other.operations)
            .filter_map(|changes| Some((changes.first()?.operations.as_slice(), changes)))
    }
}

fn table(changes: &[Change]) -> String {
    let mut builder = Builder::new();
    for change in changes {
        let class = if change.warning { format!("{}\nWARNING", change.class) } else { change.class.to_string() };
        let [old, new] = values(change.old.as_ref(), change.new.as_ref());
        let pair = format!("{old} → {new}");
        let pair = if pair.chars().count() <= WIDTHS[1] { pair } else { format!("{old}\n→ {new}") };
        // With space before the next change.
        let what = format!("{}\n{}\n{pair}\n", change.what, printable(&change.place));
        let cells = [class, what, format!("{}\n", printable(&change.effect.text))];
        builder.push_record(cells.into_iter().zip(WIDTHS).map(|(cell, width)| wrapped(&cell, width)));
    }
    let mut table = builder.build();
    table.with(Style::empty());
    for (column, width) in WIDTHS.into_iter().enumerate() {
        table.with(Modify::new(Columns::one(column)).with(Padding::zero()).with(Width::increase(width)));
    }
    table.modify(Columns::new(..WIDTHS.len() - 1), Padding::new(0, 2, 0, 0));
    let lines: Vec<_> = table.to_string().lines().map(|line| format!("  {line}").trim_end().to_owned()).collect();
    lines.join("\n").trim_end().to_owned()
}

/// The lines of a cell. Paths have no spaces, so they are broken anywhere; what goes on in the next line is indented.
fn wrapped(cell: &str, width: usize) -> String {
    let options = textwrap::Options::new(width).subsequent_indent("  ");
    let lines = cell.split('\n').flat_map(|line| textwrap::wrap(line, &options));
    lines.collect::<Vec<_>>().join("\n")
}
