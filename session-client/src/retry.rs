//! When to send a request again, and after how long: values in, a decision out.

use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use crate::operation::Operation;
use crate::rate_limit::{self, RateLimit};

/// The longest wait before a request is sent again: a rate-limit window and a bit. A header that asks for more is
/// believed no further: it must not make a client sleep.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(70);

/// The shortest back-off.
const FIRST_BACKOFF: Duration = Duration::from_millis(250);

/// The longest back-off.
const LAST_BACKOFF: Duration = Duration::from_secs(10);

/// Why an attempt failed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cause<'a> {
    /// There was an answer, but no success.
    Answer { status: StatusCode, headers: &'a HeaderMap },
    /// No connection: nothing was sent.
    Connect,
    /// The connection broke or the time was up: Okta may have done what was asked.
    Lost,
}

/// How long to wait before the request is sent again; none: it is not sent again, however often it may be.
///
/// `retries` counts the attempts after the first; `seed` decides the jitter, at random where it is none.
pub(crate) fn wait(
    operation: &Operation,
    cause: Cause<'_>,
    retries: u32,
    now: SystemTime,
    seed: Option<u64>,
) -> Option<Duration> {
    let backoff = backoff(retries, seed);
    let wait = match cause {
        Cause::Connect => backoff,
        Cause::Answer { status: StatusCode::TOO_MANY_REQUESTS, headers } => RateLimit::from_headers(headers)
            .and_then(|rate_limit| rate_limit.wait(headers, now))
            .or_else(|| retry_after(headers, now).map(|asked| asked.max(backoff)))
            .unwrap_or(backoff),
        _ if !operation.repeat_safe => return None,
        Cause::Lost => backoff,
        Cause::Answer { status, headers } if is_passing(status) => {
            retry_after(headers, now).map_or(backoff, |asked| asked.max(backoff))
        }
        Cause::Answer { .. } => return None,
    };
    Some(wait.min(LONGEST_WAIT))
}

/// 250 ms, doubled with each retry up to 10 s, and up to as much again: clients that failed together come back apart.
fn backoff(retries: u32, seed: Option<u64>) -> Duration {
    let mut delays = ExponentialBuilder::new().with_min_delay(FIRST_BACKOFF).with_max_delay(LAST_BACKOFF).with_jitter();
    if let Some(seed) = seed {
        delays = delays.with_jitter_seed(seed);
    }
    let retries = usize::try_from(retries).unwrap_or(usize::MAX);
    delays.without_max_times().build().nth(retries.min(16)).unwrap_or(LAST_BACKOFF)
}

/// Whether the failure leaves open whether Okta did what was asked.
pub(crate) fn is_lost(cause: Cause<'_>) -> bool {
    match cause {
        Cause::Lost => true,
        Cause::Answer { status, .. } => matches!(status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT),
        Cause::Connect => false,
    }
}

/// Statuses that may be gone with the next attempt.
fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// What `Retry-After` asks for: seconds, or a date by the server's clock.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let now = rate_limit::date(headers).unwrap_or(now);
    Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;
    use crate::operations::{CREATE_SESSION, GET_SESSION, REVOKE_SESSION};

    /// 2026-01-22T07:00:00Z, by the server's clock.
    const DATE: &str = "Thu, 22 Jan 2026 07:00:00 GMT";
    const NOW: u64 = 1_769_065_200;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| -> (HeaderName, HeaderValue) {
            (name.parse().unwrap(), value.parse().unwrap())
        };
        let mut headers = HeaderMap::new();
        for (name, value) in pairs.iter().map(pair) {
            headers.append(name, value);
        }
        headers
    }

    /// The wait after an answer, in seconds; the local clock is an hour fast.
    fn seconds(operation: &Operation, status: u16, pairs: &[(&str, &str)]) -> Option<u64> {
        let headers = headers(pairs);
        let cause = Cause::Answer { status: StatusCode::from_u16(status).unwrap(), headers: &headers };
        let local = UNIX_EPOCH + Duration::from_secs(NOW + 3600);
        wait(operation, cause, 0, local, Some(1)).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_rate_limit_waits_until_the_reset_by_the_servers_clock_and_a_second() {
        let reset = |seconds: i64| NOW.saturating_add_signed(seconds).to_string();
        let local_reset = |seconds: u64| (NOW + 3600 + seconds).to_string();
        let cases: &[(&[(&str, &str)], u64)] = &[
            (&[("date", DATE), ("x-rate-limit-reset", &reset(20))], 21),
            (&[("date", DATE), ("x-rate-limit-reset", &reset(0))], 1),
            (&[("date", DATE), ("x-rate-limit-reset", &reset(-500))], 1),
            (&[("date", DATE), ("x-rate-limit-reset", &reset(30)), ("x-rate-limit-reset", &reset(10))], 11),
            (&[("date", DATE), ("x-rate-limit-reset", &format!("{}, {}", reset(30), reset(10)))], 11),
            (&[("date", DATE), ("x-rate-limit-reset", "soon"), ("x-rate-limit-reset", &reset(10))], 11),
            (
                &[
                    ("date", DATE),
                    ("x-rate-limit-limit", "600"),
                    ("x-rate-limit-remaining", "0"),
                    ("x-rate-limit-reset", &reset(5)),
                ],
                6,
            ),
            (&[("x-rate-limit-reset", &local_reset(7))], 8),
            (&[("date", "yesterday"), ("x-rate-limit-reset", &local_reset(7))], 8),
            (&[("date", DATE), ("x-rate-limit-reset", "99999999999")], 70),
            (&[("date", DATE), ("x-rate-limit-reset", "18446744073709551615")], 70),
        ];
        for (pairs, expected) in cases {
            assert_eq!(seconds(&GET_SESSION, 429, pairs), Some(*expected), "{pairs:?}");
            assert_eq!(seconds(&CREATE_SESSION, 429, pairs), Some(*expected), "{pairs:?}");
        }
    }

    #[test]
    fn a_rate_limit_without_a_usable_reset_backs_off() {
        let reset = (NOW + 20).to_string();
        let cases: &[&[(&str, &str)]] = &[
            &[],
            &[("date", DATE)],
            &[("date", DATE), ("x-rate-limit-reset", "")],
            &[("date", DATE), ("x-rate-limit-reset", "-5")],
            &[("date", DATE), ("x-rate-limit-reset", "1e9")],
            &[
                ("date", DATE),
                ("x-rate-limit-limit", "0"),
                ("x-rate-limit-remaining", "0"),
                ("x-rate-limit-reset", &reset),
            ],
        ];
        for pairs in cases {
            assert_eq!(seconds(&GET_SESSION, 429, pairs), Some(0), "{pairs:?}");
        }
        assert_eq!(seconds(&GET_SESSION, 429, &[("retry-after", "5")]), Some(5));
    }

    #[test]
    fn passing_failures_are_repeated_only_where_that_does_no_harm() {
        for status in [408, 502, 503, 504] {
            assert_eq!(seconds(&GET_SESSION, status, &[]), Some(0), "{status}");
            assert_eq!(seconds(&REVOKE_SESSION, status, &[]), Some(0), "{status}");
            assert_eq!(seconds(&CREATE_SESSION, status, &[]), None, "{status}");
        }
        for status in [301, 302, 400, 401, 403, 404, 405, 409, 500, 501, 505] {
            assert_eq!(seconds(&GET_SESSION, status, &[("retry-after", "1")]), None, "{status}");
        }
    }

    #[test]
    fn retry_after_is_honoured_up_to_the_longest_wait() {
        let cases: &[(&[(&str, &str)], u64)] = &[
            (&[("retry-after", "7")], 7),
            (&[("retry-after", "0")], 0),
            (&[("retry-after", "100000")], 70),
            (&[("retry-after", "-1")], 0),
            (&[("retry-after", "soon")], 0),
            (&[("date", DATE), ("retry-after", "Thu, 22 Jan 2026 07:00:09 GMT")], 9),
            (&[("date", DATE), ("retry-after", "Thu, 22 Jan 2026 06:00:00 GMT")], 0),
            (&[("date", DATE), ("retry-after", "Thu, 22 Jan 2099 07:00:00 GMT")], 70),
            (&[("retry-after", "Thu, 22 Jan 2026 08:00:09 GMT")], 9),
        ];
        for (pairs, expected) in cases {
            assert_eq!(seconds(&GET_SESSION, 503, pairs), Some(*expected), "{pairs:?}");
        }
    }

    #[test]
    fn a_failure_to_connect_is_repeated_for_all_and_a_lost_answer_where_that_does_no_harm() {
        let waits = |operation, cause| wait(operation, cause, 0, UNIX_EPOCH, Some(1)).is_some();
        assert!(waits(&CREATE_SESSION, Cause::Connect));
        assert!(waits(&GET_SESSION, Cause::Connect));
        assert!(waits(&GET_SESSION, Cause::Lost));
        assert!(!waits(&CREATE_SESSION, Cause::Lost));
    }

    #[test]
    fn only_a_broken_connection_and_a_gateway_leave_open_what_was_done() {
        let empty = HeaderMap::new();
        let after = |status| is_lost(Cause::Answer { status: StatusCode::from_u16(status).unwrap(), headers: &empty });
        assert!(is_lost(Cause::Lost) && after(502) && after(504));
        assert!(!is_lost(Cause::Connect) && !after(429) && !after(503) && !after(408) && !after(500));
    }

    proptest! {
        #[test]
        fn a_back_off_grows_within_its_bounds(retries in any::<u32>(), seed in any::<u64>()) {
            let delay = backoff(retries, Some(seed));
            let least = FIRST_BACKOFF.saturating_mul(2_u32.saturating_pow(retries)).min(LAST_BACKOFF);
            prop_assert!(delay >= least && delay <= least * 2, "{delay:?} after {retries}", delay = delay, retries = retries);
        }

        #[test]
        fn no_bytes_in_any_header_make_a_wait_longer_than_the_longest(
            values in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 5),
            status in 100_u16..600, retries in any::<u32>(), now in any::<u32>(),
        ) {
            let names = ["x-rate-limit-reset", "x-rate-limit-limit", "x-rate-limit-remaining", "date", "retry-after"];
            let mut headers = HeaderMap::new();
            for (name, value) in names.into_iter().zip(&values) {
                if let Ok(value) = HeaderValue::from_bytes(value) {
                    headers.append(name, value);
                }
            }
            let now = UNIX_EPOCH + Duration::from_secs(now.into());
            let cause = Cause::Answer { status: StatusCode::from_u16(status).unwrap(), headers: &headers };
            prop_assert!(wait(&GET_SESSION, cause, retries, now, None).is_none_or(|wait| wait <= LONGEST_WAIT));
        }

        #[test]
        fn no_number_in_a_reset_makes_a_wait_out_of_bounds(reset in any::<u64>(), date in any::<u32>()) {
            let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(date.into()));
            let headers = headers(&[("x-rate-limit-reset", &reset.to_string()), ("date", &date)]);
            let cause = Cause::Answer { status: StatusCode::TOO_MANY_REQUESTS, headers: &headers };
            let wait = wait(&CREATE_SESSION, cause, 0, UNIX_EPOCH, None).unwrap();
            prop_assert!(wait >= Duration::from_secs(1) && wait <= LONGEST_WAIT, "{:?}", wait);
        }
    }
}
