//! Sends the ids of a list: so many at the same time, as fast as the rate limit allows, until the end or a reason to stop.

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufReader;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use session_client::{Client, Error, SessionId};
use tokio::time::{MissedTickBehavior, interval, sleep_until};

use super::entries::{Entries, Entry};
use super::ids::{Claim, IdHash, Ids, Refused};
use super::interrupt::Interrupts;
use super::operation::{Answered, Operation};
use super::outcome::{self, Outcome};
use super::pace::{Pace, Told};
use super::progress::{Progress, State};
use super::report::Report;
use super::source::Source;
use super::tally::Tally;
use crate::failure::Failure;

/// So many ids that are not found stop the run, as long as none was found.
pub(super) const MISSING_AT_START: u64 = 20;

/// How often an id is tried again that the rate limit had no place for, beyond what the client does by itself.
const RATE_LIMIT_TRIES: u32 = 5;

/// How often the progress is shown while nothing happens.
const TICK: Duration = Duration::from_millis(500);

/// Why a run ended before its list did.
#[derive(Debug)]
pub(super) enum Stop {
    Interrupted,
    /// The second Ctrl-C: so many requests were under way.
    AtOnce(u64),
    /// The first ids are all unknown to the org.
    NothingFound,
    /// The org takes nothing from this client.
    Refused(Error),
    /// The list or the report failed.
    Failed(Failure),
}

/// What a run works with.
pub(super) struct Run<'a> {
    pub(super) operation: Operation,
    pub(super) client: &'a Client,
    pub(super) source: &'a Source,
    pub(super) ids: &'a mut Ids,
    pub(super) report: &'a mut Report,
    pub(super) tally: &'a mut Tally,
    pub(super) progress: Progress<'a>,
    pub(super) pace: Pace,
    pub(super) concurrency: usize,
    pub(super) accept_missing: bool,
    /// How many of the first ids an earlier run may have been sending when it was broken off.
    pub(super) perhaps_sent: usize,
    /// Whether the org has answered.
    pub(super) answered: bool,
}

/// An id to send.
struct Job {
    line: u64,
    id: SessionId,
    hash: IdHash,
    claim: Claim,
    perhaps_sent: bool,
    tries: u32,
}

/// The ids that are still to be sent, in the order of the list.
struct Queue<'a> {
    entries: Entries<BufReader<&'a File>>,
    /// Ids that come again.
    again: VecDeque<Job>,
    ended: bool,
}

impl Run<'_> {
    /// Runs. None: to the end.
    pub(super) async fn drive(mut self) -> Result<Option<Stop>, Failure> {
        let mut interrupts = Interrupts::new()?;
        let mut queue = Queue { entries: self.source.entries()?, again: VecDeque::new(), ended: false };
        let mut calls = FuturesUnordered::new();
        let mut stop = None;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let mut opens = None;
            while stop.is_none() && calls.len() < self.places() {
                opens = self.pace.wait(calls.len(), Instant::now());
                if opens.is_some() {
                    break;
                }
                match self.next(&mut queue) {
                    Ok(Some(job)) => calls.push(call(self.operation, self.client, job)),
                    Ok(None) => break,
                    Err(failure) => stop = Some(Stop::Failed(failure)),
                }
            }
            if calls.is_empty() && (stop.is_some() || queue.is_empty()) {
                // Ctrl-C that came with the last id has stopped nothing.
                let too_late = matches!(stop, Some(Stop::Interrupted)) && self.tally.left() == 0;
                return Ok(stop.filter(|_| !too_late));
            }
            tokio::select! {
                biased;
                () = interrupts.next() => match stop {
                    None => {
                        stop = Some(Stop::Interrupted);
                        if !calls.is_empty() {
                            self.progress.say(&format!(
                                "stopping after the {} under way; Ctrl-C again stops at once", calls.len()
                            ));
                        }
                    }
                    Some(_) => return Ok(Some(Stop::AtOnce(calls.len() as u64))),
                },
                Some((job, result)) = calls.next(), if !calls.is_empty() => {
                    if let Err(reason) = self.settle(job, result, stop.is_some(), &mut queue) {
                        stop.get_or_insert(reason);
                    }
                }
                () = until(opens), if opens.is_some() => {}
                _ = tick.tick() => {}
            }
            let now = Instant::now();
            let waiting = opens.filter(|_| stop.is_none()).map(|opens| opens.saturating_duration_since(now));
            let at_least = self.pace.time_for(self.tally.left(), now);
            self.progress.show(State { tally: self.tally, waiting, at_least });
        }
    }

    /// How many requests may be under way.
    fn places(&self) -> usize {
        if !self.answered {
            // The first answer tells whether the token is taken, and how much is left of the rate limit.
            return 1;
        }
        if self.nothing_found_yet() {
            // Those under way may all be ids that the org does not know.
            let left = MISSING_AT_START.saturating_sub(self.tally.now.not_found);
            return self.concurrency.min(usize::try_from(left).unwrap_or(usize::MAX));
        }
        self.concurrency
    }

    fn nothing_found_yet(&self) -> bool {
        !self.accept_missing && self.tally.counts().done == 0
    }

    /// The next id that is still to be sent.
    fn next(&mut self, queue: &mut Queue<'_>) -> Result<Option<Job>, Failure> {
        if let Some(job) = queue.again.pop_front() {
            return Ok(Some(job));
        }
        while !queue.ended {
            match queue.entries.next().map_err(|error| self.source.unreadable(&error))? {
                None => queue.ended = true,
                Some(Entry::Bad(_)) => {}
                Some(Entry::Id { line, id }) => {
                    let hash = self.report.salt().hash(&id);
                    match self.ids.claim(hash) {
                        Ok(claim) => {
                            let perhaps_sent = self.perhaps_sent > 0;
                            self.perhaps_sent = self.perhaps_sent.saturating_sub(1);
                            return Ok(Some(Job { line, id, hash, claim, perhaps_sent, tries: 0 }));
                        }
                        // Unknown: the file was changed after it was read.
                        Err(Refused::Taken | Refused::Unknown) => {}
                    }
                }
            }
        }
        Ok(None)
    }

    /// Takes in how it ended with an id. An error is a reason to stop.
    fn settle(
        &mut self,
        mut job: Job,
        result: Result<Answered, Error>,
        stopping: bool,
        queue: &mut Queue<'_>,
    ) -> Result<(), Stop> {
        let now = Instant::now();
        self.answered = true;
        let told = match &result {
            Ok(answered) => answered.told,
            Err(error) => Told::by(error.rate_limit(), error.headers()),
        };
        if let Some(told) = told {
            self.pace.observe(told, now);
        }
        if let Err(error) = &result
            && outcome::is_rate_limit(error)
        {
            if stopping {
                // It is left for the next run.
                return Ok(());
            }
            if job.tries < RATE_LIMIT_TRIES {
                job.tries += 1;
                self.pace.hold(error.retry_after().unwrap_or_default(), now);
                queue.again.push_back(job);
                return Ok(());
            }
        }
        let outcome = Outcome::of(self.operation, &result, job.claim.was_in_doubt);
        self.tally.now.add(outcome);
        self.tally.perhaps_earlier += u64::from(outcome == Outcome::NotFound && job.perhaps_sent);
        let (status, request_id) = match &result {
            Ok(answered) => (Some(answered.status), answered.request_id.as_deref()),
            Err(error) => (error.status().map(|status| status.as_u16()), error.request_id()),
        };
        self.report.record(job.line, job.hash, outcome, status, request_id).map_err(Stop::Failed)?;
        match result {
            Err(error) if outcome::is_of_all(&error) => Err(Stop::Refused(error)),
            Err(_) if self.nothing_found_yet() && self.tally.now.not_found >= MISSING_AT_START => {
                Err(Stop::NothingFound)
            }
            _ => Ok(()),
        }
    }
}

impl Queue<'_> {
    fn is_empty(&self) -> bool {
        self.ended && self.again.is_empty()
    }
}

async fn call(operation: Operation, client: &Client, job: Job) -> (Job, Result<Answered, Error>) {
    let result = operation.call(client, &job.id).await;
    (job, result)
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}
