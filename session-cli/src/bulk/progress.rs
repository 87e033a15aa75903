//! How a run is going: a bar on a terminal, else a line every few seconds.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::operation::Operation;
use super::tally::Tally;
use crate::output::Output;

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows how a run is going, on standard error.
pub(super) struct Progress<'a> {
    output: &'a Output,
    operation: Operation,
    bar: ProgressBar,
    begin: Instant,
    last_line: Instant,
}

/// What is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct State<'a> {
    pub(super) tally: &'a Tally,
    /// How long the rate limit lets nothing pass.
    pub(super) waiting: Option<Duration>,
    /// How long the rest takes at least, by the rate limit.
    pub(super) at_least: Option<Duration>,
}

impl<'a> Progress<'a> {
    /// Begins with so many ids to send.
    pub(super) fn new(output: &'a Output, operation: Operation, ids: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(ids), ProgressDrawTarget::stderr());
        // Not filled up to the edge of the terminal: the `^C` that it shows itself would break the line.
        if let Ok(style) = ProgressStyle::with_template("{bar:16} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        let now = Instant::now();
        Self { output, operation, bar, begin: now, last_line: now }
    }

    /// Shows the state.
    pub(super) fn show(&mut self, state: State<'_>) {
        let now = Instant::now();
        let elapsed = now - self.begin;
        if !self.bar.is_hidden() {
            self.bar.set_position(state.tally.now.all());
            self.bar.set_message(rest_of_line(state, elapsed));
        } else if now - self.last_line >= LINE_EVERY {
            self.last_line = now;
            self.output.note(line(self.operation, state, elapsed));
        }
    }

    /// Writes a line beside the bar.
    pub(super) fn say(&self, text: &str) {
        self.bar.suspend(|| self.output.note(text));
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn line(operation: Operation, state: State<'_>, elapsed: Duration) -> String {
    let Tally { total, .. } = state.tally;
    let (counts, settled) = (state.tally.counts(), total - state.tally.left());
    // Not all that is settled is done: ids that are not found may make up the whole list.
    format!("{settled} of {total}, {} {}, {}", counts.done, operation.done(), rest_of_line(state, elapsed))
}

/// `7.5/s, 2m 5s left, 3 not found, 1 failed, rate limit opens in 12s`.
fn rest_of_line(state: State<'_>, elapsed: Duration) -> String {
    let now = state.tally.now;
    let rate = if elapsed.is_zero() { 0.0 } else { lossy(now.all()) / elapsed.as_secs_f64() };
    let mut text = format!("{rate:.1}/s");
    if let Some(left) = time_left(state, rate) {
        let _ = write!(text, ", {} left", time(left));
    }
    for (count, what) in [(now.not_found, "not found"), (now.failed, "failed"), (now.in_doubt, "in doubt")] {
        if count > 0 {
            let _ = write!(text, ", {count} {what}");
        }
    }
    if let Some(wait) = state.waiting {
        let _ = write!(text, ", rate limit opens in {}", time(wait));
    }
    text
}

/// How long the rest takes: as long as it took so far, and not less than the rate limit says.
fn time_left(state: State<'_>, rate: f64) -> Option<Duration> {
    let left = lossy(state.tally.left());
    let by_rate = (rate > 0.0).then(|| Duration::try_from_secs_f64(left / rate).ok()).flatten();
    by_rate.map(|by_rate| by_rate.max(state.at_least.unwrap_or_default()))
}

/// The time in whole seconds, rounded up: `2m 5s`.
pub(super) fn time(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    humantime::format_duration(Duration::from_secs(seconds)).to_string()
}

#[expect(clippy::cast_precision_loss, reason = "it is shown with one digit behind the point")]
fn lossy(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::super::tally::Counts;
    use super::*;

    #[test]
    fn a_line_tells_rate_and_time_left_and_what_went_wrong() {
        let earlier = Counts { done: 10, ..Counts::default() };
        let now = Counts { done: 15, not_found: 3, failed: 1, in_doubt: 1 };
        let tally = Tally { total: 130, earlier, now, ..Tally::default() };
        let at = |waiting, at_least| {
            let state = State { tally: &tally, waiting, at_least };
            line(Operation::Revoke, state, Duration::from_secs(10))
        };
        let trouble = "3 not found, 1 failed, 1 in doubt";
        assert_eq!(at(None, None), format!("30 of 130, 25 revoked, 2.0/s, 50s left, {trouble}"));
        let (wait, least) = (Duration::from_millis(11_500), Duration::from_secs(125));
        let expected = format!("30 of 130, 25 revoked, 2.0/s, 2m 5s left, {trouble}, rate limit opens in 12s");
        assert_eq!(at(Some(wait), Some(least)), expected);
    }

    #[test]
    fn ids_that_are_not_found_are_settled_though_not_done() {
        let tally = Tally { total: 40, now: Counts { not_found: 10, ..Counts::default() }, ..Tally::default() };
        let state = State { tally: &tally, waiting: None, at_least: None };
        let shown = line(Operation::Revoke, state, Duration::from_secs(10));
        assert_eq!(shown, "10 of 40, 0 revoked, 1.0/s, 30s left, 10 not found");
    }

    #[test]
    fn nothing_is_foretold_before_the_first_outcome() {
        let tally = Tally { total: u64::MAX, ..Tally::default() };
        let state = State { tally: &tally, waiting: None, at_least: None };
        assert_eq!(rest_of_line(state, Duration::ZERO), "0.0/s");
        assert_eq!(rest_of_line(state, Duration::from_secs(9)), "0.0/s");
    }
}
