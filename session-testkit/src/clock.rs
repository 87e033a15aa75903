//! A clock that tests move.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime};

use session_client::{Clock, Sleep};

/// A clock for [`ClientBuilder::clock`](session_client::ClientBuilder::clock): an hour takes no time.
///
/// A pause, such as the wait before a request is sent again, ends at once and moves the clock on by what it would have
/// taken. Timers, such as a call's deadline, end when the clock has come that far: by pauses, or by
/// [`advance`](Self::advance). Clones are the same clock.
///
/// ```
/// use std::sync::Arc;
/// use session_client::Client;
/// use session_testkit::clock::TestClock;
///
/// let clock = TestClock::new();
/// let client = Client::builder("http://localhost:8080").clock(Arc::new(clock.clone())).build()?;
/// // … calls that wait …
/// assert!(clock.pauses().is_empty());
/// # Ok::<(), session_client::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct TestClock {
    start: SystemTime,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    elapsed: Duration,
    pauses: Vec<Duration>,
    holds_pauses: bool,
    wakers: Vec<Waker>,
}

impl TestClock {
    /// A clock that shows the time of day, and stands still.
    #[must_use]
    pub fn new() -> Self {
        Self { start: SystemTime::now(), state: Arc::default() }
    }

    /// A clock on which a pause ends only when the clock is moved.
    #[must_use]
    pub fn holding_pauses() -> Self {
        let clock = Self::new();
        clock.lock().holds_pauses = true;
        clock
    }

    /// Moves the clock on, which ends what is due.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        state.elapsed = state.elapsed.saturating_add(duration);
        state.wakers.drain(..).for_each(Waker::wake);
    }

    /// The pauses so far, oldest first.
    #[must_use]
    pub fn pauses(&self) -> Vec<Duration> {
        self.lock().pauses.clone()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let clock = self.clone();
        let end = self.elapsed().saturating_add(duration);
        Box::pin(std::future::poll_fn(move |context| {
            let mut state = clock.lock();
            if state.elapsed >= end {
                return Poll::Ready(());
            }
            state.wakers.push(context.waker().clone());
            Poll::Pending
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestClock {
    fn time_of_day(&self) -> SystemTime {
        self.start + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.lock().elapsed
    }

    fn pause(&self, duration: Duration) -> Sleep {
        let holds = {
            let mut state = self.lock();
            state.pauses.push(duration);
            state.holds_pauses
        };
        let sleep = self.sleep(duration);
        if !holds {
            self.advance(duration);
        }
        sleep
    }

    fn timer(&self, duration: Duration) -> Sleep {
        self.sleep(duration)
    }
}
