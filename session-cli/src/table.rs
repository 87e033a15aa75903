//! Tables for people.

use anstyle::Style;
use session_client::redact::printable;
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::{Padding, Style as Borders};

/// What stands before the values.
pub(crate) const LABEL: Style = Style::new().bold();

/// Lines of a label and a value.
pub(crate) fn pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut builder = Builder::new();
    for (label, value) in pairs {
        builder.push_record([format!("{LABEL}{label}{LABEL:#}"), printable(&value).into_owned()]);
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
}
