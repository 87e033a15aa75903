//! How far a run has come, in numbers.

use serde::Serialize;

use super::outcome::Outcome;

/// How it ended, with how many ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(super) struct Counts {
    pub(super) done: u64,
    pub(super) not_found: u64,
    pub(super) failed: u64,
    pub(super) in_doubt: u64,
}

impl Counts {
    pub(super) fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Done => &mut self.done,
            Outcome::NotFound => &mut self.not_found,
            Outcome::Failed => &mut self.failed,
            Outcome::InDoubt => &mut self.in_doubt,
        };
        *count += 1;
    }

    pub(super) fn all(&self) -> u64 {
        self.done + self.not_found + self.failed + self.in_doubt
    }
}

/// What is known of all ids of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    /// How many ids there are, each counted once.
    pub(super) total: u64,
    /// What earlier runs have settled: done or not found.
    pub(super) earlier: Counts,
    /// How it ended in this run.
    pub(super) now: Counts,
    /// Not found now, and perhaps ended by the earlier run as it was broken off.
    pub(super) perhaps_earlier: u64,
}

impl Tally {
    /// How it ended so far, in all runs.
    pub(super) fn counts(&self) -> Counts {
        Counts {
            done: self.earlier.done + self.now.done,
            not_found: self.earlier.not_found + self.now.not_found,
            ..self.now
        }
    }

    /// How many ids were not dealt with yet.
    pub(super) fn left(&self) -> u64 {
        self.total.saturating_sub(self.earlier.all() + self.now.all())
    }

    /// How many ids another run would send.
    pub(super) fn resumable(&self) -> u64 {
        self.left() + self.now.failed + self.now.in_doubt
    }
}
