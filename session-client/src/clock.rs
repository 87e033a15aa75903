//! The clock that waits and deadlines go by.

#[cfg(any(test, fuzzing))]
pub(crate) mod still;

use std::fmt::Debug;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// A future that ends when some time has passed.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The clock that a client goes by. Tests put another one in its place with
/// [`ClientBuilder::clock`](crate::ClientBuilder::clock), so that an hour takes no time.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The time of day, for comparison with what a server says.
    fn time_of_day(&self) -> SystemTime;

    /// The time since some fixed moment. It never goes back.
    fn elapsed(&self) -> Duration;

    /// Ends after a pause that the client makes: before it sends a request again, or until the rate limit allows the
    /// next one.
    fn pause(&self, duration: Duration) -> Sleep;

    /// Ends when something else has taken too long: an attempt, or a call.
    fn timer(&self, duration: Duration) -> Sleep;
}

/// The clock of the machine.
#[derive(Debug)]
pub(crate) struct SystemClock {
    start: Instant,
}

impl SystemClock {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn time_of_day(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn pause(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }

    fn timer(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}
