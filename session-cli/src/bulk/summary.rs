//! What a run came to: for people, for programs, and as the command's end.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use session_client::ErrorKind;

use super::entries::BadLine;
use super::list::List;
use super::operation::Operation;
use super::report::shown;
use super::run::Stop;
use super::tally::{Counts, Tally};
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::{advice, table};

/// What a run came to.
pub(super) struct Summary<'a> {
    pub(super) operation: Operation,
    pub(super) tally: Tally,
    pub(super) list: &'a List,
    pub(super) stop: Option<Stop>,
    pub(super) report: &'a Path,
    /// What to call the list, as an argument.
    pub(super) from: &'a Path,
    pub(super) accept_missing: bool,
    pub(super) elapsed: Duration,
}

/// The summary for programs.
#[derive(Serialize)]
struct Json<'a> {
    operation: Operation,
    total: u64,
    #[serde(flatten)]
    counts: Counts,
    left: u64,
    duplicates: u64,
    bad_lines: BadLines<'a>,
    /// How much of it was settled by earlier runs.
    earlier: Earlier,
    stopped: Option<&'static str>,
    report: String,
    elapsed_s: f64,
}

#[derive(Serialize)]
struct Earlier {
    done: u64,
    not_found: u64,
}

/// The bad lines, of which only the first are named.
#[derive(Serialize)]
pub(super) struct BadLines<'a> {
    count: u64,
    first: &'a [BadLine],
}

impl<'a> BadLines<'a> {
    pub(super) fn of(list: &'a List) -> Self {
        Self { count: list.bad, first: &list.first_bad }
    }
}

impl Summary<'_> {
    /// Writes the summary. The answer is how the command ends.
    pub(super) fn conclude(self, output: &Output) -> Result<(), Failure> {
        if output.is_json() {
            output.json(&self.json())?;
        } else {
            output.line(table::pairs(self.rows()))?;
        }
        self.end()
    }

    fn json(&self) -> Json<'_> {
        Json {
            operation: self.operation,
            total: self.tally.total,
            counts: self.tally.counts(),
            left: self.tally.left(),
            duplicates: self.list.duplicates,
            bad_lines: BadLines::of(self.list),
            earlier: Earlier { done: self.tally.earlier.done, not_found: self.tally.earlier.not_found },
            stopped: self.stop.as_ref().map(|stop| match stop {
                Stop::Interrupted | Stop::AtOnce(_) => "interrupted",
                Stop::NothingFound => "nothing_found",
                Stop::Refused(_) => "refused",
                Stop::Failed(_) => "failed",
            }),
            report: shown(self.report),
            elapsed_s: self.elapsed.as_secs_f64(),
        }
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let (counts, earlier) = (self.tally.counts(), self.tally.earlier);
        let with_earlier = |count: u64, earlier: u64| match earlier {
            0 => count.to_string(),
            earlier => format!("{count}, {earlier} of them by earlier runs"),
        };
        let mut rows = vec![(self.operation.done(), with_earlier(counts.done, earlier.done))];
        let mut add = |label, count: u64, text: String| {
            if count > 0 {
                rows.push((label, text));
            }
        };
        add("not found", counts.not_found, with_earlier(counts.not_found, earlier.not_found));
        add("failed", counts.failed, counts.failed.to_string());
        add("in doubt", counts.in_doubt, format!("{}, sent without a clear answer", counts.in_doubt));
        add("left", self.tally.left(), self.tally.left().to_string());
        add("bad lines", self.list.bad, self.list.bad.to_string());
        add("duplicates", self.list.duplicates, format!("{}, sent once", self.list.duplicates));
        rows.push(("report", shown(self.report)));
        rows
    }

    /// How the command ends: well only if every line was an id, and every id is done.
    fn end(self) -> Result<(), Failure> {
        let go_on = self.go_on();
        let (counts, left, total) = (self.tally.counts(), self.tally.left(), self.tally.total);
        let (done, api) = (self.operation.done(), self.operation.api().id);
        let progress = format!("{done} {} of {total}", counts.done);
        let failure = match self.stop {
            Some(Stop::Failed(failure)) => return Err(failure.with_hint(go_on)),
            Some(Stop::Interrupted) => Failure::interrupted(format!("interrupted: {progress}, {left} left")),
            Some(Stop::AtOnce(under_way)) => {
                Failure::interrupted(format!("interrupted: {progress}, {left} left, {under_way} of them perhaps sent"))
            }
            Some(Stop::Refused(error)) => {
                let message = format!("stopped, since it is no use to go on: {error}; {progress}, {left} left");
                let what = match error.status() {
                    _ if error.kind() == ErrorKind::Credential => advice::of(&error),
                    Some(_) => {
                        Some(format!("Check the token and its rights: {api} needs an API token of an administrator."))
                    }
                    None => None,
                };
                let what = what.unwrap_or_else(|| "Check the configuration with `okta-session config`.".to_owned());
                let hint = format!("{what}\n{go_on}");
                return Err(Failure::new(Exit::Partial, "refused", message).with_hint(hint));
            }
            Some(Stop::NothingFound) => {
                let message = format!(
                    "stopped, since none of the first {} ids is that of a session; {left} left",
                    self.tally.now.not_found
                );
                let hint = format!("{NOT_FOUND}\nTo send the others all the same, add --accept-missing. {go_on}");
                return Err(Failure::new(Exit::Partial, "nothing_found", message).with_hint(hint));
            }
            None => {
                let all = left == 0 && counts.failed == 0 && counts.in_doubt == 0 && self.list.bad == 0;
                if all && (counts.not_found == 0 || self.accept_missing) {
                    return Ok(());
                }
                let parts = [
                    (counts.not_found, "not found"),
                    (counts.failed, "failed"),
                    (counts.in_doubt, "in doubt"),
                    (left, "left, since the list was changed in between"),
                    (self.list.bad, "bad lines"),
                ];
                let parts = parts.into_iter().filter(|(count, _)| *count > 0);
                let parts: Vec<String> = parts.map(|(count, what)| format!("{count} {what}")).collect();
                Failure::new(Exit::Partial, "partial", format!("{progress}; {}", parts.join(", ")))
            }
        };
        let mut hints = Vec::new();
        if counts.not_found > 0 && !self.accept_missing {
            hints.push(NOT_FOUND.to_owned());
        }
        if self.tally.perhaps_earlier > 0 {
            hints.push(format!(
                "{} of those not found may have been {done} by the earlier run as it was broken off.",
                self.tally.perhaps_earlier
            ));
        }
        if self.tally.resumable() > 0 {
            hints.push(go_on);
        }
        Err(if hints.is_empty() { failure } else { failure.with_hint(hints.join("\n")) })
    }

    /// The command that goes on from here.
    fn go_on(&self) -> String {
        let command = self.operation.command();
        let (from, report) = (quoted(self.from), quoted(self.report));
        let again = if self.from == Path::new("-") { " with the same list" } else { "" };
        format!("To go on{again}:\nokta-session {command} --from {from} --resume {report}")
    }
}

const NOT_FOUND: &str = "Not found is no success: by id the org knows only sessions whose id is the value of a cookie \
                         `sid`. Sessions under other ids, as `/me` and the System Log show them, are alive. If they \
                         had ended before: --accept-missing.";

/// The path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = shown(path);
    let plain = |c: char| c.is_alphanumeric() || "-_./,:+@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_for_the_shell_where_it_has_to_be() {
        for (path, expected) in [("-", "-"), ("a/b-1.txt", "a/b-1.txt"), ("a b", "'a b'"), ("it's", r"'it'\''s'")] {
            assert_eq!(quoted(Path::new(path)), expected);
        }
    }
}
