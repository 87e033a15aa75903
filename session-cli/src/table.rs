//! Tables for people.

use anstyle::Style;
use session_client::redact::printable;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Padding, Style as Borders};

/// What stands before the values.
pub(crate) const LABEL: Style = Style::new().bold();

/// Lines of a label and a value.
pub(crate) fn pairs<L: AsRef<str>>(pairs: impl IntoIterator<Item = (L, String)>) -> String {
    let mut builder = Builder::new();
    for (label, value) in pairs {
        let label = label.as_ref();
        // A session may have members that this program does not know: the label comes from the network, too.
        builder.push_record([format!("{LABEL}{}{LABEL:#}", printable(label)), printable(&value).into_owned()]);
    }
    plain(builder)
}

/// Rows under a head.
pub(crate) fn rows<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut builder = Builder::new();
    builder.push_record(head.map(|name| format!("{LABEL}{name}{LABEL:#}")));
    for row in rows {
        builder.push_record(row.map(|cell| printable(&cell).into_owned()));
    }
    plain(builder)
}

/// Columns with two spaces between them, and no space at the ends of lines.
fn plain(builder: Builder) -> String {
    let mut table = builder.build();
    table.with(Borders::empty()).with(Padding::new(0, 2, 0, 0)).modify(Columns::last(), Padding::zero());
    let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_and_colours_take_no_place() {
        let table = pairs([("id", "102***Vw".to_owned()), ("status", "ACTIVE\u{1b}[2J".to_owned())]);
        let shown = anstream::adapter::strip_str(&table).to_string();
        assert_eq!(shown, "id      102***Vw\nstatus  ACTIVE\u{fffd}[2J");
    }

    #[test]
    fn a_label_reaches_the_terminal_as_text() {
        let table = pairs([("a\u{1b}[2J", "1".to_owned())]);
        assert_eq!(table, format!("{LABEL}a\u{fffd}[2J{LABEL:#}  1"));
    }
}
