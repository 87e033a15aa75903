//! A clock that stands still until it is set.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::{Clock, Sleep};

/// Nothing that waits by this clock goes on.
#[derive(Debug)]
pub(crate) struct Still {
    start: SystemTime,
    passed: Mutex<Duration>,
}

impl Still {
    /// A clock whose time of day is so many seconds after the Unix epoch.
    pub(crate) fn at(seconds: u64) -> Self {
        Self { start: UNIX_EPOCH + Duration::from_secs(seconds), passed: Mutex::default() }
    }

    pub(crate) fn advance(&self, duration: Duration) {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) += duration;
    }
}

impl Clock for Still {
    fn time_of_day(&self) -> SystemTime {
        self.start + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pause(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }

    fn timer(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}
