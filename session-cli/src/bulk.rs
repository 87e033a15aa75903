//! The same for many sessions: `get`, `refresh` and `revoke` with `--from`.
//!
//! | file | holds |
//! |---|---|
//! | `source`, `lines`, `csv`, `entries`, `list` | the list: where it comes from and what it holds |
//! | `ids` | what was done with which id, at sixteen bytes an id |
//! | `operation`, `outcome`, `tally` | what is done, and how it ends |
//! | `report` | the record of a run, from which the next one goes on |
//! | `pace`, `run`, `interrupt`, `progress` | the run |
//! | `summary` | what it came to |

mod csv;
mod entries;
mod ids;
mod interrupt;
mod lines;
mod list;
mod operation;
mod outcome;
mod pace;
mod progress;
mod report;
mod run;
mod source;
mod summary;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::json;
use session_client::Client;

use self::ids::Salt;
use self::list::{List, Size};
pub(crate) use self::operation::Operation;
use self::outcome::Outcome;
use self::pace::Pace;
use self::progress::Progress;
use self::report::{Earlier, Report, default_path, shown};
use self::run::Run;
use self::source::Source;
use self::summary::{BadLines, Summary};
use self::tally::Tally;
use crate::failure::Failure;
use crate::output::Output;
use crate::table;

/// The options of a run over many sessions.
///
/// Each of them refuses `id`, the argument for a single session: clap lets `requires` rest where what is required is ruled
/// out by another argument, and `revoke --dry-run ID` would revoke.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Many sessions")]
pub(crate) struct Args {
    /// Read the ids from a file, or from standard input as `-`: one a line, or the column or member `id` of CSV or NDJSON
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// How many requests may be under way at the same time
    #[arg(long, requires = "from", conflicts_with = "id", value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) concurrency: u16,
    /// The share of the org's rate limit to leave to its other clients
    #[arg(long, requires = "from", conflicts_with = "id", value_name = "SHARE", default_value = "25%", value_parser = share)]
    pub(crate) reserve: f64,
    /// Send nothing, and tell what would be done
    #[arg(long, requires = "from", conflicts_with = "id")]
    pub(crate) dry_run: bool,
    /// Write the report to this new file [default: COMMAND-TIME.ndjson]
    #[arg(long, requires = "from", value_name = "FILE", conflicts_with_all = ["id", "resume"])]
    pub(crate) report: Option<PathBuf>,
    /// Go on from the report of an earlier run over the same list
    #[arg(long, requires = "from", value_name = "REPORT")]
    pub(crate) resume: Option<PathBuf>,
    /// Take sessions that are not found for done
    #[arg(long, requires = "from", conflicts_with = "id")]
    pub(crate) accept_missing: bool,
}

/// A share, as `25%` or `0.25`.
fn share(text: &str) -> Result<f64, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    share.ok().filter(|share| (0.0..1.0).contains(share)).ok_or_else(|| "must be from 0% to below 100%".to_owned())
}

/// Does the operation with every session of the list.
pub(crate) async fn run(
    operation: Operation,
    client: &Client,
    args: &Args,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let Some(from) = &args.from else {
        return Err(Failure::usage("--from is missing"));
    };
    let begin = Instant::now();
    let source = Source::open(from)?;
    let size = list::size(&source)?;
    if size == Size::default() {
        output.note(format_args!("{} holds no ids", source.name()));
    }
    if args.dry_run {
        return dry_run(operation, client, args, &source, size, output);
    }

    let concurrency = usize::from(args.concurrency);
    let (mut report, is_new) = match (&args.resume, &args.report) {
        (Some(path), _) => (Report::resume(path, operation, client.org_url())?, false),
        (None, Some(path)) => (Report::create(path, operation, client.org_url(), concurrency)?, true),
        (None, None) => (Report::create(&default_path(operation), operation, client.org_url(), concurrency)?, true),
    };
    let mut list = list::read(&source, size, report.salt(), |bad| if is_new { report.bad_line(bad) } else { Ok(()) })?;
    tell_bad_lines(&list, output);
    let (mut tally, earlier) = take_over(&report, &mut list, is_new)?;
    if earlier.unreadable > 0 {
        let lines = earlier.unreadable;
        output.note(format_args!("{lines} lines of the report cannot be read; what they recorded is sent again"));
    }
    if !is_new {
        report.begin(concurrency)?;
    }

    let progress = Progress::new(output, operation, tally.left());
    let run = Run {
        operation,
        client,
        source: &source,
        ids: &mut list.ids,
        report: &mut report,
        tally: &mut tally,
        progress,
        pace: Pace::new(args.reserve),
        concurrency,
        accept_missing: args.accept_missing,
        perhaps_sent: earlier.concurrency,
        answered: false,
    };
    let stop = run.drive().await?;
    let summary = Summary {
        operation,
        tally,
        list: &list,
        stop,
        report: report.path(),
        from,
        accept_missing: args.accept_missing,
        elapsed: begin.elapsed(),
    };
    summary.conclude(output).map(|()| ExitCode::SUCCESS)
}

/// Takes over what the report says of earlier runs. What is done or not found is not sent again.
fn take_over(report: &Report, list: &mut List, is_new: bool) -> Result<(Tally, Earlier), Failure> {
    let mut tally = Tally { total: list.ids.len() as u64, ..Tally::default() };
    if is_new {
        return Ok((tally, Earlier::default()));
    }
    let earlier = report.earlier(|id, outcome| match outcome {
        // An id of another list, or one that was recorded before, counts for nothing.
        Outcome::Done | Outcome::NotFound => {
            if list.ids.claim(id).is_ok() {
                tally.earlier.add(outcome);
            }
        }
        Outcome::InDoubt => list.ids.doubt(id),
        Outcome::Failed => {}
    })?;
    Ok((tally, earlier))
}

fn tell_bad_lines(list: &List, output: &Output) {
    for bad in &list.first_bad {
        output.note(format_args!("line {} is passed over: {}", bad.line, bad.reason));
    }
    let more = list.bad - list.first_bad.len() as u64;
    if more > 0 {
        output.note(format_args!("{more} more lines are passed over"));
    }
}

/// A rate limit for the sake of example: an org tells its own only in its answers.
const EXAMPLE_LIMIT: u64 = 600;

/// Tells what a run would do.
fn dry_run(
    operation: Operation,
    client: &Client,
    args: &Args,
    source: &Source,
    size: Size,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let report = args.resume.as_ref().map(|path| Report::resume(path, operation, client.org_url())).transpose()?;
    let salt = report.as_ref().map_or_else(Salt::default, Report::salt);
    let mut list = list::read(source, size, salt, |_| Ok(()))?;
    tell_bad_lines(&list, output);
    let tally = match &report {
        Some(report) => take_over(report, &mut list, false)?.0,
        None => Tally { total: list.ids.len() as u64, ..Tally::default() },
    };
    let time = pace::time_at(tally.left(), EXAMPLE_LIMIT, args.reserve);
    if output.is_json() {
        output.json(&json!({
            "operation": operation,
            "dry_run": true,
            "total": tally.total,
            "would_send": tally.left(),
            "duplicates": list.duplicates,
            "bad_lines": BadLines::of(&list),
            "earlier": {"done": tally.earlier.done, "not_found": tally.earlier.not_found},
            "seconds_at_600_a_minute": time.as_secs(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut rows = vec![("would send", tally.left().to_string())];
    if let Some(path) = &args.resume {
        rows.push(("sent before", format!("{}, by {}", tally.earlier.all(), shown(path))));
    }
    rows.push(("duplicates", list.duplicates.to_string()));
    rows.push(("bad lines", list.bad.to_string()));
    let free = args.reserve * 100.0;
    let time = if time.is_zero() { "less than a minute".to_owned() } else { progress::time(time) };
    rows.push((
        "time",
        format!("{time}, if the rate limit is {EXAMPLE_LIMIT} a minute and {free:.0}% of it stay free"),
    ));
    output.line(table::pairs(rows))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_in_percent_or_as_a_number_below_one() {
        for (text, expected) in [("25%", 0.25), ("0.25", 0.25), ("0", 0.0), ("0%", 0.0), ("12.5 %", 0.125)] {
            assert_eq!(share(text), Ok(expected), "{text}");
        }
        for text in ["", "%", "25", "1", "100%", "-1%", "NaN", "inf", "a%"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
