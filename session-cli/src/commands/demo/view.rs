//! How the demonstration is shown: a table that fits into 80 columns.

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};
use tabled::builder::Builder;
use tabled::settings::object::Columns;
use tabled::settings::style::HorizontalLine;
use tabled::settings::{Modify, Padding, Width};

use super::story::{Outcome, Step};
use crate::failure::Failure;
use crate::output::{Output, printable_lines};
use crate::table::LABEL;

const HEAD: [&str; 3] = ["operation", "request", "answer"];
/// The widths of the columns, two spaces between them; the longest operation has 21 characters.
const WIDTHS: [usize; 3] = [21, 32, 23];

const DIM: Style = Style::new().dimmed();

/// Writes the steps to standard output.
pub(super) fn show(steps: &[Step], output: &Output) -> Result<(), Failure> {
    if output.is_json() {
        return output.json(&steps.iter().map(to_json).collect::<Vec<_>>());
    }
    output.line(table(steps))
}

fn to_json(step: &Step) -> Value {
    let status = match step.outcome {
        Outcome::Done(status) | Outcome::Gone(status) => Some(status),
        Outcome::Failed(status) => status,
    };
    json!({
        "operation": step.operation.id,
        "method": step.operation.method.as_str(),
        "path": step.path,
        "status": status,
        "request_id": step.request_id,
        "attempts": step.attempts,
        "changed": step.changed.replace('\n', " "),
        "session": step.session,
    })
}

fn table(steps: &[Step]) -> String {
    let mut builder = Builder::new();
    builder.push_record(HEAD.map(|name| styled(LABEL, name)));
    for step in steps {
        // With space before the next step.
        builder.push_record([step.operation.id.to_owned(), request(step) + "\n", answer(step) + "\n"]);
    }
    let mut table = builder.build();
    let line = HorizontalLine::empty().horizontal('─');
    table.with(tabled::settings::Style::empty().horizontals([(1, line)]));
    for (column, width) in WIDTHS.into_iter().enumerate() {
        let column = Modify::new(Columns::one(column));
        table.with(column.with(Padding::zero()).with(Width::wrap(width)).with(Width::increase(width)));
    }
    table.modify(Columns::new(..WIDTHS.len() - 1), Padding::new(0, 2, 0, 0));
    let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n").trim_end().to_owned()
}

/// The method and path, and what the request carries.
fn request(step: &Step) -> String {
    let method = step.operation.method.as_str();
    let mut lines = Vec::new();
    match step.path.split_once("/lifecycle/") {
        Some((session, action)) => {
            lines.push(format!("{method} {session}"));
            lines.push(format!("{:width$} /lifecycle/{action}", "", width = method.len()));
        }
        None => lines.push(format!("{method} {}", step.path)),
    }
    lines.extend(step.carries.iter().map(|line| styled(DIM, line)));
    lines.join("\n")
}

/// The status, and what changed.
fn answer(step: &Step) -> String {
    let (colour, status) = match step.outcome {
        Outcome::Done(status) => (AnsiColor::Green, Some(status)),
        Outcome::Gone(status) => (AnsiColor::Magenta, Some(status)),
        Outcome::Failed(status) => (AnsiColor::Red, status),
    };
    let status = status.map_or_else(|| "no answer".to_owned(), reason);
    let attempts = if step.attempts > 1 { format!(" (attempt {})", step.attempts) } else { String::new() };
    format!("{}{attempts}\n{}", styled(colour.on_default(), &status), printable_lines(&step.changed))
}

/// `200 OK`
fn reason(status: u16) -> String {
    let known = match status {
        200 => " OK",
        204 => " No Content",
        404 => " Not Found",
        _ => "",
    };
    format!("{status}{known}")
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
