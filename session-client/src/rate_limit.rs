//! What an answer says of the rate limit.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::DATE;
use http::{HeaderMap, HeaderName};

pub(crate) const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
pub(crate) const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
pub(crate) const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");

/// Added to every wait for a window to open: the server's clock ticks in whole seconds.
pub(crate) const MARGIN: Duration = Duration::from_secs(1);

/// What an answer says of the rate limit. All session operations of an org share one bucket.
///
/// A header can come several times; of each the smallest number counts. A header that is missing or not a number is
/// none.
///
/// ```no_run
/// # async fn example(client: session_client::Client, id: session_client::SessionId) -> Result<(), session_client::Error> {
/// let answer = client.get_session(&id).await?;
/// if let Some(limit) = answer.rate_limit() {
///     println!("{:?} of {:?} left until {:?}", limit.remaining, limit.limit, limit.reset);
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many requests a window takes.
    pub limit: Option<u64>,
    /// How many requests are left in this window.
    pub remaining: Option<u64>,
    /// When the next window opens, in seconds since the Unix epoch, by the server's clock.
    pub reset: Option<u64>,
}

impl RateLimit {
    /// Reads the headers; none if they say nothing of a rate limit.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        // Of a list; nearly always it is a bare number.
        let smallest_of = |text: &str| -> Option<u64> {
            let of_list = || text.split(',').filter_map(|number| number.trim().parse().ok()).min();
            text.parse().ok().or_else(of_list)
        };
        let smallest = |name: HeaderName| {
            headers.get_all(name).into_iter().filter_map(|value| smallest_of(value.to_str().ok()?)).min()
        };
        let rate_limit = Self { limit: smallest(LIMIT), remaining: smallest(REMAINING), reset: smallest(RESET) };
        (rate_limit != Self::default()).then_some(rate_limit)
    }

    /// Whether it is the limit of requests at the same time that was reached. Its reset is only an estimate.
    #[must_use]
    pub fn is_concurrency_limit(&self) -> bool {
        self.limit == Some(0) && self.remaining == Some(0)
    }

    /// How long until the next window opens, by the server's own clock where the answer shows it. At least a second.
    pub(crate) fn wait(&self, headers: &HeaderMap, local: SystemTime) -> Option<Duration> {
        let reset = Duration::from_secs(self.reset.filter(|_| !self.is_concurrency_limit())?);
        let now = date(headers).unwrap_or(local).duration_since(UNIX_EPOCH).unwrap_or_default();
        Some(reset.saturating_sub(now).saturating_add(MARGIN))
    }
}

/// The time of day by the server's clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_say_nothing_are_no_rate_limit() {
        assert_eq!(RateLimit::from_headers(&HeaderMap::new()), None);
        let headers: HeaderMap = [(LIMIT, "many".parse().unwrap())].into_iter().collect();
        assert_eq!(RateLimit::from_headers(&headers), None);
    }
}
