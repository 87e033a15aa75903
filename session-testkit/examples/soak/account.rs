//! The account: what callers were told against what the org has recorded.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use session_client::ErrorKind;
use session_testkit::fake::RecordedRequest;

use crate::life::{Call, Life, Outcome};

/// Of so many attempts, one may reach nobody: it went out on a connection that the org had just ended, as some of its
/// faults do.
const SEEN: u64 = 10_000;

/// A round that is over.
pub(crate) struct Round {
    pub(crate) lives: Vec<Life>,
    pub(crate) requests: Vec<RecordedRequest>,
}

#[derive(Default)]
pub(crate) struct Account {
    rounds: u64,
    sessions: usize,
    alive: usize,
    doubtful: usize,
    operations: BTreeMap<&'static str, Line>,
    findings: Vec<String>,
    not_told: usize,
    /// Requests whose callers have lost interest may come after their round.
    dropped: HashSet<Name>,
}

/// Operation, and what its request names the session by.
type Name = (&'static str, String);

/// Requests in their order: the attempts before, and the status of the answer.
type Requests = VecDeque<(u32, Option<u16>)>;

/// What became of the calls of an operation.
#[derive(Default)]
struct Line {
    calls: u64,
    done: u64,
    refused: u64,
    lost: u64,
    dropped: u64,
    attempts: u64,
    requests: u64,
    requests_of_dropped: u64,
}

impl Account {
    /// Something that does not add up.
    pub(crate) fn find(&mut self, finding: String) {
        // The first ones are enough to begin with.
        if self.findings.len() < 20 {
            self.findings.push(finding);
        } else {
            self.not_told += 1;
        }
    }

    pub(crate) fn sessions(&mut self, all: usize, alive: usize, doubtful: usize) {
        self.sessions += all;
        self.alive += alive;
        self.doubtful += doubtful;
    }

    /// Takes the round's calls and requests together, each call with the requests of its attempts.
    pub(crate) fn settle(&mut self, round: Round) {
        self.rounds += 1;
        let mut requests: HashMap<Name, Requests> = HashMap::new();
        for request in round.requests {
            if let Some(name) = name(&request) {
                requests.entry(name).or_default().push_back((attempts_before(&request), request.status));
            } else {
                self.find(format!("the org was asked what nobody asks for: {} {}", request.method, request.path));
            }
        }
        let mut dropped = HashSet::new();
        for life in round.lives {
            life.findings.into_iter().for_each(|finding| self.find(finding));
            for call in life.calls {
                let name = (call.operation, call.name.clone());
                if matches!(call.outcome, Outcome::Dropped) {
                    dropped.insert(name.clone());
                }
                self.settle_call(&call, requests.entry(name).or_default());
            }
        }
        for (name, left) in requests {
            if !left.is_empty() && !self.dropped.contains(&name) {
                self.find(format!("{} requests of {} belong to no call", left.len(), name.0));
            }
        }
        self.dropped = dropped;
    }

    fn settle_call(&mut self, call: &Call, requests: &mut Requests) {
        let line = self.operations.entry(call.operation).or_default();
        line.calls += 1;
        let attempts = match &call.outcome {
            Outcome::Done { attempts, .. } => {
                line.done += 1;
                *attempts
            }
            Outcome::Failed { kind, attempts, .. } => {
                *(if *kind == ErrorKind::Status { &mut line.refused } else { &mut line.lost }) += 1;
                *attempts
            }
            Outcome::Dropped => {
                line.dropped += 1;
                // The last call of its session, with whatever it came to.
                line.requests_of_dropped += requests.len() as u64;
                requests.clear();
                return;
            }
            Outcome::Endless => return self.find(format!("{} did not end", call.operation)),
        };
        let recorded = take_requests(requests, attempts);
        line.attempts += u64::from(attempts);
        line.requests += recorded.len() as u64;
        let last = recorded.last().copied().flatten();
        let same = match &call.outcome {
            // Of what was answered, the org has the request; attempts before it may have reached nobody.
            Outcome::Done { status, .. } => last == Some(*status),
            Outcome::Failed { kind: ErrorKind::Status, status, .. } => last == *status,
            // The org may have answered just when the client's patience ended. The last two are settled above.
            Outcome::Failed { kind: ErrorKind::Timeout, .. } | Outcome::Dropped | Outcome::Endless => true,
            // No answer, or a success that broke off.
            Outcome::Failed { .. } => last.is_none_or(|status| status < 300),
        };
        if !same {
            self.find(format!("{} says {:?}, the org's record {recorded:?}", call.operation, call.outcome));
        }
    }

    /// Adds the account of another org.
    pub(crate) fn add(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.sessions(other.sessions, other.alive, other.doubtful);
        for (operation, line) in other.operations {
            self.operations.entry(operation).or_default().add(&line);
        }
        self.not_told += other.not_told;
        other.findings.into_iter().for_each(|finding| self.find(finding));
    }

    pub(crate) fn print(&self, took: Duration) {
        let mut total = Line::default();
        self.operations.values().for_each(|line| total.add(line));
        println!();
        println!(
            "{:<22} {:>9} {:>9} {:>8} {:>7} {:>8} {:>9} {:>9} {:>10}",
            "operation", "calls", "done", "refused", "lost", "dropped", "attempts", "requests", "of dropped"
        );
        let lines = self.operations.iter().map(|(operation, line)| (*operation, line)).chain([("all", &total)]);
        for (operation, line) in lines {
            println!(
                "{operation:<22} {:>9} {:>9} {:>8} {:>7} {:>8} {:>9} {:>9} {:>10}",
                line.calls,
                line.done,
                line.refused,
                line.lost,
                line.dropped,
                line.attempts,
                line.requests,
                line.requests_of_dropped
            );
        }
        println!();
        println!(
            "{} sessions in {} rounds: {} alive at the end of theirs until their time was over, {} in doubt",
            self.sessions, self.rounds, self.alive, self.doubtful
        );
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = total.calls as f64 / took.as_secs_f64();
        println!("{rate:.0} calls a second for {:.0} s", took.as_secs_f64());
    }

    pub(crate) fn into_findings(self) -> impl Iterator<Item = String> {
        let sum = |count: fn(&Line) -> u64| self.operations.values().map(count).sum::<u64>();
        let (attempts, requests) = (sum(|line| line.attempts), sum(|line| line.requests));
        let unseen = attempts - requests;
        let unseen = (unseen > attempts / SEEN)
            .then(|| format!("{unseen} of {attempts} attempts reached nobody: more than one in {SEEN}"));
        let more = (self.not_told > 0).then(|| format!("and {} more", self.not_told));
        self.findings.into_iter().chain(more).chain(unseen)
    }
}

impl Line {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.done += other.done;
        self.refused += other.refused;
        self.lost += other.lost;
        self.dropped += other.dropped;
        self.attempts += other.attempts;
        self.requests += other.requests;
        self.requests_of_dropped += other.requests_of_dropped;
    }
}

/// The requests of a call with so many attempts: those of the next call begin to count anew.
fn take_requests(requests: &mut Requests, attempts: u32) -> Vec<Option<u16>> {
    let mut recorded = Vec::new();
    let mut first = 0;
    while let Some((before, status)) = requests.pop_front_if(|(before, _)| (first..attempts).contains(before)) {
        recorded.push(status);
        first = before + 1;
    }
    recorded
}

/// How many attempts there were before this one, as it says itself.
fn attempts_before(request: &RecordedRequest) -> u32 {
    request.header("x-okta-retry-count").and_then(|count| count.parse().ok()).unwrap_or_default()
}

/// What the request is about.
fn name(request: &RecordedRequest) -> Option<Name> {
    let operation = request.operation?;
    let name = match operation {
        "createSession" => {
            let body: serde_json::Value = serde_json::from_str(&request.body).ok()?;
            body.get("sessionToken")?.as_str()?.to_owned()
        }
        "getCurrentSession" | "refreshCurrentSession" | "closeCurrentSession" => request.header("cookie")?.to_owned(),
        _ => request.path.split('/').nth(4)?.to_owned(),
    };
    Some((operation, name))
}
