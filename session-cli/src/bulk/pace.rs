//! When the next id may be sent, by what the answers say of the rate limit.
//!
//! The client keeps to the limit by itself. Waiting here, before a call begins, is for the people who wait: what has not
//! begun can be left at once on Ctrl-C, and the wait can be shown.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;
use session_client::RateLimit;

/// How long a window is taken to be until an answer tells.
const WINDOW: Duration = Duration::from_secs(60);

/// Added to the end of a window: the server's clock ticks in whole seconds.
const MARGIN: Duration = Duration::from_secs(1);

/// What an answer says of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    limit: u64,
    remaining: u64,
    /// The server's name for the window.
    reset: u64,
    /// How long it lasts.
    left: Duration,
}

impl Told {
    /// None if the answer says nothing, or speaks of the limit of requests at the same time.
    pub(super) fn by(rate_limit: Option<RateLimit>, headers: Option<&HeaderMap>) -> Option<Self> {
        let told = rate_limit.filter(|told| !told.is_concurrency_limit())?;
        let date = headers.and_then(|headers| headers.get(DATE)?.to_str().ok());
        // The server's own clock where it shows it: the local one may be off.
        let now = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now);
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let reset = told.reset?;
        let left = Duration::from_secs(reset).saturating_sub(now).saturating_add(MARGIN);
        // A hostile reset must not stop the run for good.
        Some(Self { limit: told.limit?, remaining: told.remaining?, reset, left: left.min(WINDOW + MARGIN) })
    }
}

/// Paces a run.
#[derive(Debug)]
pub(super) struct Pace {
    /// The share of each window that stays free for the org's other clients.
    reserve: f64,
    window: Option<Window>,
    /// Nothing is sent before this.
    held: Option<Instant>,
}

/// `remaining` counts requests that were answered; those under way come on top.
#[derive(Debug)]
struct Window {
    limit: u64,
    remaining: u64,
    reset: u64,
    end: Instant,
}

impl Pace {
    pub(super) fn new(reserve: f64) -> Self {
        Self { reserve, window: None, held: None }
    }

    /// Takes in what an answer says.
    pub(super) fn observe(&mut self, told: Told, now: Instant) {
        // Answers overtake each other: an older window says nothing, and within one the smallest number is the latest.
        let remaining = match &self.window {
            Some(window) if told.reset < window.reset => return,
            Some(window) if told.reset == window.reset => told.remaining.min(window.remaining),
            _ => told.remaining,
        };
        self.window = Some(Window { limit: told.limit, remaining, reset: told.reset, end: now + told.left });
    }

    /// Sends nothing for so long.
    pub(super) fn hold(&mut self, wait: Duration, now: Instant) {
        let until = now.checked_add(wait);
        self.held = self.held.max(until);
    }

    /// When the next request may be sent, with so many under way; none: at once.
    pub(super) fn wait(&mut self, under_way: usize, now: Instant) -> Option<Instant> {
        self.held = self.held.filter(|until| now < *until);
        let reserve = self.reserve;
        let closed = self.window.as_mut().and_then(|window| {
            if now >= window.end {
                // The next window, whatever the server will call it.
                *window = Window { limit: window.limit, remaining: window.limit, reset: 0, end: now + WINDOW };
            }
            let free = window.remaining.saturating_sub(under_way as u64);
            (free <= kept_free(reserve, window.limit)).then_some(window.end)
        });
        self.held.max(closed)
    }

    /// How long so many requests take at least; none as long as nothing is known of the limit.
    pub(super) fn time_for(&self, requests: u64, now: Instant) -> Option<Duration> {
        let window = self.window.as_ref()?;
        let kept = kept_free(self.reserve, window.limit);
        let places = if now < window.end { window.remaining.saturating_sub(kept) } else { 0 };
        let beyond = requests.saturating_sub(places);
        if beyond == 0 {
            return Some(Duration::ZERO);
        }
        let whole = (beyond - 1) / window.limit.saturating_sub(kept).max(1);
        let whole = u32::try_from(whole).unwrap_or(u32::MAX);
        Some(window.end.saturating_duration_since(now).saturating_add(WINDOW.saturating_mul(whole)))
    }
}

/// How many requests of a window stay free for others. One place at least is ours.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "0 ≤ reserve ≤ 1"
)]
fn kept_free(reserve: f64, limit: u64) -> u64 {
    ((limit as f64 * reserve).ceil() as u64).min(limit.saturating_sub(1))
}

/// How long so many requests take at this limit of requests a minute.
pub(super) fn time_at(requests: u64, limit: u64, reserve: f64) -> Duration {
    let windows = requests.saturating_sub(1) / limit.saturating_sub(kept_free(reserve, limit)).max(1);
    WINDOW.saturating_mul(u32::try_from(windows).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(limit: u64, remaining: u64, reset: u64, left: u64) -> Told {
        Told { limit, remaining, reset, left: Duration::from_secs(left) }
    }

    fn seconds(pace: &mut Pace, under_way: usize, now: Instant) -> Option<u64> {
        pace.wait(under_way, now).map(|until| (until - now).as_secs())
    }

    #[test]
    fn the_reserve_stays_free_until_the_window_ends() {
        let (mut pace, now) = (Pace::new(0.25), Instant::now());
        assert_eq!(seconds(&mut pace, 1000, now), None);
        pace.observe(told(100, 27, 1020, 20), now);
        assert_eq!(seconds(&mut pace, 1, now), None);
        // The ones under way count before they are answered.
        assert_eq!(seconds(&mut pace, 2, now), Some(20));
        // An answer that was overtaken opens nothing.
        pace.observe(told(100, 25, 1020, 20), now);
        pace.observe(told(100, 90, 1020, 20), now);
        pace.observe(told(100, 90, 960, 0), now);
        assert_eq!(seconds(&mut pace, 0, now), Some(20));
        let later = now + Duration::from_secs(20);
        assert_eq!(seconds(&mut pace, 0, later), None);
        assert_eq!(seconds(&mut pace, 75, later), Some(60));
    }

    #[test]
    fn a_hold_ends() {
        let (mut pace, now) = (Pace::new(0.0), Instant::now());
        pace.hold(Duration::from_secs(5), now);
        pace.hold(Duration::from_secs(2), now);
        assert_eq!(seconds(&mut pace, 0, now), Some(5));
        assert_eq!(seconds(&mut pace, 0, now + Duration::from_secs(5)), None);
    }

    #[test]
    fn the_time_left_goes_by_the_windows() {
        let (mut pace, now) = (Pace::new(0.25), Instant::now());
        assert_eq!(pace.time_for(10, now), None);
        pace.observe(told(100, 35, 1020, 20), now);
        let cases = [(0, 0), (10, 0), (11, 20), (85, 20), (86, 80), (u64::MAX, 257_698_037_720)];
        for (requests, seconds) in cases {
            assert_eq!(pace.time_for(requests, now).map(|time| time.as_secs()), Some(seconds), "{requests}");
        }
        assert_eq!(time_at(450, 600, 0.25), Duration::ZERO);
        assert_eq!(time_at(451, 600, 0.25), Duration::from_secs(60));
    }

    #[test]
    fn the_window_goes_by_the_clock_of_the_server() {
        let headers: HeaderMap =
            [(DATE, http::HeaderValue::from_static("Thu, 22 Jan 2026 07:00:00 GMT"))].into_iter().collect();
        let mut rate_limit = RateLimit::default();
        (rate_limit.limit, rate_limit.remaining) = (Some(600), Some(1));
        let mut left = |reset| {
            rate_limit.reset = Some(reset);
            Told::by(Some(rate_limit), Some(&headers)).map(|told| told.left.as_secs())
        };
        assert_eq!(left(1_769_065_200 + 20), Some(21));
        assert_eq!(left(1_769_065_200 - 20), Some(1));
        assert_eq!(left(u64::MAX), Some(61));
        rate_limit.limit = Some(0);
        rate_limit.remaining = Some(0);
        assert_eq!(Told::by(Some(rate_limit), Some(&headers)), None);
        assert_eq!(Told::by(None, Some(&headers)), None);
    }
}
