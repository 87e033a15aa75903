//! The org's rate limit: one bucket for all session operations, and a limit of requests at the same time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

#[derive(Debug)]
pub(super) struct RateLimiter {
    limit: u64,
    window: Duration,
    concurrency_limit: Option<u64>,
    /// When the current window ends; none before the first request.
    reset: Option<SystemTime>,
    used: u64,
    under_way: u64,
}

/// What a request is told of the limit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    limit: u64,
    remaining: u64,
    reset: SystemTime,
    pub(super) exceeded: bool,
}

impl RateLimiter {
    pub(super) fn new(limit: u64, window: Duration, concurrency_limit: Option<u64>) -> Self {
        Self { limit, window, concurrency_limit, reset: None, used: 0, under_way: 0 }
    }

    /// Counts a request that begins.
    pub(super) fn begin(&mut self, now: SystemTime) -> Told {
        self.under_way += 1;
        if self.reset.is_none_or(|reset| now >= reset) {
            self.used = 0;
            self.reset = Some(now + self.window);
        }
        let reset = self.reset.unwrap_or(now);
        if self.concurrency_limit.is_some_and(|limit| self.under_way > limit) {
            // Okta's own form for this limit; the reset is only an estimate.
            return Told { limit: 0, remaining: 0, reset, exceeded: true };
        }
        let exceeded = self.used >= self.limit;
        self.used += u64::from(!exceeded);
        Told { limit: self.limit, remaining: self.limit - self.used, reset, exceeded }
    }

    /// Counts a request that ends.
    pub(super) fn end(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    pub(super) fn reset(&mut self) {
        self.reset = None;
    }
}

impl Told {
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        // In whole seconds, and not before the window ends.
        let reset = self.reset.duration_since(UNIX_EPOCH).unwrap_or_default();
        let reset = reset.as_secs() + u64::from(reset.subsec_nanos() > 0);
        let pairs = [
            ("x-rate-limit-limit", self.limit),
            ("x-rate-limit-remaining", self.remaining),
            ("x-rate-limit-reset", reset),
        ];
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
}
