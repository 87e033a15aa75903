//! The gate that paces calls by the rate limit.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;

use crate::clock::Clock;
use crate::rate_limit::{MARGIN, RateLimit};

/// Paces calls so that a share of the bucket stays free for the org's other clients. The clones of a client share it.
#[derive(Debug)]
pub(crate) struct Gate {
    /// The share that stays free, from 0 to 1.
    reserve: f64,
    window: Mutex<Window>,
}

/// A place for one request. It is given back when the request has ended, however it ends.
pub(crate) struct Permit<'a> {
    gate: &'a Gate,
    clock: &'a dyn Clock,
}

impl Permit<'_> {
    /// Gives the place back with what the answer says; none if there was no answer.
    pub(crate) fn answered(self, headers: Option<&HeaderMap>) {
        if let Some(headers) = headers {
            self.gate.observe(self.clock, headers);
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut window = self.gate.window();
        window.under_way = window.under_way.saturating_sub(1);
    }
}

/// What is known of the current window. `remaining` counts requests that were answered; those under way come on top.
#[derive(Debug, Default)]
struct Window {
    limit: u64,
    remaining: u64,
    under_way: u64,
    /// When the window ends, by the client's clock; none as long as no answer told.
    end: Option<Duration>,
    /// The server's name for the window.
    reset: u64,
}

/// How long a window is taken to be until an answer tells when the next one opens.
const WINDOW: Duration = Duration::from_mins(1);

impl Gate {
    pub(crate) fn new(reserve: f64) -> Self {
        Self { reserve, window: Mutex::default() }
    }

    /// A place for one request, or how long to wait before asking again.
    pub(crate) fn admit<'a>(&'a self, clock: &'a dyn Clock) -> Result<Permit<'a>, Duration> {
        let now = clock.elapsed();
        let mut window = self.window();
        if let Some(end) = window.end {
            let mut end = end;
            if now >= end {
                // The next window, whatever the server will call it: a hostile name must not outlive its window.
                end = now + WINDOW;
                window.remaining = window.limit;
                window.end = Some(end);
                window.reset = 0;
            }
            if window.remaining.saturating_sub(window.under_way) <= self.kept_free(window.limit) {
                return Err(end.saturating_sub(now));
            }
        }
        window.under_way += 1;
        Ok(Permit { gate: self, clock })
    }

    /// Takes in what an answer says.
    fn observe(&self, clock: &dyn Clock, headers: &HeaderMap) {
        let mut window = self.window();
        // No limit at all is that of requests at the same time, or nonsense: the gate would never open again.
        let Some(seen) = RateLimit::from_headers(headers).filter(|seen| seen.limit != Some(0)) else { return };
        let (Some(limit), Some(remaining), Some(reset)) = (seen.limit, seen.remaining, seen.reset) else { return };
        let Some(wait) = seen.wait(headers, clock.time_of_day()) else { return };
        // Answers overtake each other: an older window says nothing, and within one the smallest number is the latest.
        if reset > window.reset || window.end.is_none() {
            window.remaining = remaining;
        } else if reset == window.reset {
            window.remaining = window.remaining.min(remaining);
        } else {
            return;
        }
        window.limit = limit;
        window.reset = reset;
        // A hostile reset must not stop the client for good.
        window.end = Some(clock.elapsed() + wait.min(WINDOW + MARGIN));
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many requests of a window stay free for others. One place at least is ours, or no call would ever end.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "0 ≤ reserve ≤ 1"
    )]
    fn kept_free(&self, limit: u64) -> u64 {
        ((limit as f64 * self.reserve).ceil() as u64).min(limit.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::still::Still;
    use crate::rate_limit::{LIMIT, REMAINING, RESET};

    fn says(limit: u64, remaining: u64, reset: u64) -> HeaderMap {
        let pairs = [(LIMIT, limit), (REMAINING, remaining), (RESET, reset)];
        pairs.into_iter().map(|(name, value)| (name, value.into())).collect()
    }

    fn wait_of(gate: &Gate, clock: &Still) -> Option<u64> {
        gate.admit(clock).err().map(|wait| wait.as_secs())
    }

    #[test]
    fn a_gate_that_knows_nothing_lets_pass() {
        let (gate, clock) = (Gate::new(0.25), Still::at(1000));
        let permits: Vec<_> = (0..1000).map(|_| gate.admit(&clock).is_ok()).collect();
        assert!(permits.into_iter().all(|passed| passed));
    }

    #[test]
    fn the_reserve_stays_free_until_the_window_ends() {
        let (gate, clock) = (Gate::new(0.25), Still::at(1000));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(100, 26, 1020)));
        let last = gate.admit(&clock).ok().unwrap();
        // The one under way counts before it is answered.
        assert_eq!(wait_of(&gate, &clock), Some(21));
        last.answered(Some(&says(100, 25, 1020)));
        assert_eq!(wait_of(&gate, &clock), Some(21));
        clock.advance(Duration::from_secs(20));
        assert_eq!(wait_of(&gate, &clock), Some(1));
        clock.advance(Duration::from_secs(1));
        assert_eq!(wait_of(&gate, &clock), None);
    }

    #[test]
    fn a_request_that_ends_without_an_answer_gives_its_place_back() {
        let (gate, clock) = (Gate::new(0.0), Still::at(1000));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(100, 1, 1020)));
        let lost = gate.admit(&clock).ok().unwrap();
        assert!(gate.admit(&clock).is_err());
        drop(lost);
        assert!(gate.admit(&clock).is_ok());
    }

    #[test]
    fn answers_that_overtake_each_other_leave_the_smallest_number() {
        let (gate, clock) = (Gate::new(0.0), Still::at(1000));
        let permits: Vec<_> = (0..3).map(|_| gate.admit(&clock).ok().unwrap()).collect();
        let answers = [says(100, 0, 1020), says(100, 2, 1020), says(100, 90, 960)];
        for (permit, answer) in permits.into_iter().zip(&answers) {
            permit.answered(Some(answer));
        }
        assert_eq!(wait_of(&gate, &clock), Some(21));
    }

    #[test]
    fn a_new_window_opens_the_gate_again_and_a_hostile_one_does_not_close_it_for_good() {
        let (gate, clock) = (Gate::new(0.0), Still::at(1000));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(100, 0, u64::MAX)));
        assert_eq!(wait_of(&gate, &clock), Some(61));
        clock.advance(Duration::from_secs(61));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(100, 99, u64::MAX)));
        assert_eq!(wait_of(&gate, &clock), None);
    }

    #[test]
    fn the_concurrency_limit_says_nothing_of_the_bucket() {
        let (gate, clock) = (Gate::new(0.25), Still::at(1000));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(0, 0, 1020)));
        assert_eq!(wait_of(&gate, &clock), None);
        let headers = says(0, 0, 1020);
        assert!(RateLimit::from_headers(&headers).unwrap().is_concurrency_limit());
    }

    #[test]
    fn a_limit_of_nothing_with_some_left_does_not_close_the_gate_for_good() {
        let (gate, clock) = (Gate::new(0.25), Still::at(1000));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(0, 5, 1020)));
        clock.advance(Duration::from_secs(61));
        assert_eq!(wait_of(&gate, &clock), None);
    }

    #[test]
    fn a_hostile_reset_does_not_blind_the_gate_for_honest_ones() {
        let (gate, clock) = (Gate::new(0.0), Still::at(1000));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(100, 50, u64::MAX)));
        clock.advance(Duration::from_secs(61));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(100, 0, 1081)));
        assert_eq!(wait_of(&gate, &clock), Some(21));
    }

    #[test]
    fn a_reserve_leaves_at_least_one_place_in_each_window() {
        let (gate, clock) = (Gate::new(0.99), Still::at(1000));
        gate.admit(&clock).ok().unwrap().answered(Some(&says(10, 10, 1020)));
        let only = gate.admit(&clock).ok().unwrap();
        assert_eq!(wait_of(&gate, &clock), Some(21));
        clock.advance(Duration::from_secs(21));
        // The one under way is still counted in the next window.
        assert_eq!(wait_of(&gate, &clock), Some(60));
        drop(only);
        assert_eq!(wait_of(&gate, &clock), None);
    }
}
