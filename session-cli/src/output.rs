//! What goes to standard output and standard error, and in which form.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;
use session_client::redact::{is_control, printable};

use crate::failure::Failure;
use crate::mask;

/// Whom the output is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// A table, for people.
    #[default]
    Table,
    /// JSON, for programs.
    Json,
}

/// How to write.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// Whether ids are shown; they are masked otherwise.
    pub(crate) show_ids: bool,
}

impl Output {
    pub(crate) fn new(format: Format, show_ids: bool) -> Self {
        Self { format, show_ids }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// The id as it may be shown.
    pub(crate) fn id<'a>(&self, id: &'a str) -> Cow<'a, str> {
        if self.show_ids { printable(id) } else { mask::id(id).into() }
    }

    /// Writes a line to standard output. Colours are for terminals, and not under `NO_COLOR`. A reader that has
    /// gone away is no failure: what is being done goes on, quietly.
    #[expect(clippy::unused_self, reason = "the output is where writing is found")]
    pub(crate) fn line(&self, text: impl fmt::Display) -> Result<(), Failure> {
        let mut stdout = anstream::stdout();
        quietly(writeln!(stdout, "{text}").and_then(|()| stdout.flush()))
            .map_err(|error| Failure::io("cannot write to standard output", &error))
    }

    /// Writes a file's content to standard output.
    #[expect(clippy::unused_self, reason = "the output is where writing is found")]
    pub(crate) fn bytes(&self, content: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout();
        quietly(stdout.write_all(content).and_then(|()| stdout.flush()))
            .map_err(|error| Failure::io("cannot write to standard output", &error))
    }

    /// Writes a value to standard output as JSON on one line.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = to_json(value).map_err(|error| Failure::io("cannot write JSON", &error.into()))?;
        self.line(text)
    }

    /// Writes a line for people to standard error. Programs get none: under `--output json` a failure is all that
    /// stands there.
    pub(crate) fn note(&self, text: impl fmt::Display) {
        if !self.is_json() {
            complain(text);
        }
    }

    /// Writes the failure to standard error.
    pub(crate) fn failure(&self, failure: &Failure) {
        match to_json(&failure.to_json()) {
            Ok(text) if self.is_json() => complain(text),
            _ => {
                let style = anstyle::AnsiColor::Red.on_default().bold();
                complain(format_args!("{style}error:{style:#} {failure}"));
            }
        }
    }
}

/// Writes a line to standard error, whether or not somebody reads it.
fn complain(text: impl fmt::Display) {
    let mut stderr = anstream::stderr();
    // There is nowhere left to tell that it failed.
    let _ = writeln!(stderr, "{text}").and_then(|()| stderr.flush());
}

fn quietly(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome,
    }
}

/// Lines of which some part may come from elsewhere, safe to show on a terminal.
pub(crate) fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

/// JSON on one line, safe to show on a terminal: what it would obey is escaped.
fn to_json(value: &impl Serialize) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    if !text.contains(is_control) {
        return Ok(text);
    }
    // They stand in strings only, and are below U+10000.
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(printable_lines("a\u{1b}[2Jb\u{202e}\nc"), "a\u{fffd}[2Jb\u{fffd}\nc");
        assert_eq!(to_json(&"a\u{1b}\u{9b}\u{202e}é").unwrap(), r#""a\u001b\u009b\u202eé""#);
    }

    #[test]
    fn a_reader_that_has_gone_away_is_no_failure() {
        assert!(quietly(Err(io::ErrorKind::BrokenPipe.into())).is_ok());
        assert!(quietly(Err(io::ErrorKind::StorageFull.into())).is_err());
    }
}
