//! One attempt: the request goes out, and as much of the answer as is wanted comes in.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use reqwest::Response;

use crate::clock::Sleep;
use crate::{headers, redact};

/// The largest body that is read, in bytes. An answer of this API has less than a thousandth of it.
const MAX_BODY: usize = 1024 * 1024;

/// What came back: all of it, or as much as came before a fault.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) head: Option<Head>,
    pub(super) body: Vec<u8>,
    pub(super) fault: Option<Fault>,
}

/// Status and headers.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

/// Why there is no whole answer.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The body is larger than [`MAX_BODY`].
    TooLarge,
    /// No connection could be made, or it broke.
    Broken(reqwest::Error),
    /// The attempt took longer than this.
    AttemptTimeout(Duration),
    /// The call's deadline passed.
    Deadline,
}

impl Received {
    /// Marks the headers that repeat a secret of the request: printing hides them, and they count as missing.
    pub(super) fn hide(&mut self, secrets: &[&str]) {
        for value in self.head.iter_mut().flat_map(|head| head.headers.values_mut()) {
            if !value.is_sensitive() && redact::contains_known(value.as_bytes(), secrets) {
                value.set_sensitive(true);
            }
        }
    }
}

/// Awaits the answer and reads it; when the timer ends first, its fault takes the place of what is missing.
pub(super) async fn run(
    answer: impl Future<Output = reqwest::Result<Response>>,
    limit: Option<(Sleep, Fault)>,
) -> Received {
    let (timer, timeout) = limit.unzip();
    let mut received = Received::default();
    let fault = race(pin!(receive(answer, &mut received)), timer).await;
    received.fault = match fault {
        Some(outcome) => outcome.err(),
        None => timeout,
    };
    received
}

async fn receive(
    answer: impl Future<Output = reqwest::Result<Response>>,
    received: &mut Received,
) -> Result<(), Fault> {
    let mut response = answer.await.map_err(Fault::Broken)?;
    let mut headers = std::mem::take(response.headers_mut());
    headers::mark_sensitive(&mut headers);
    received.head = Some(Head { status: response.status(), headers });
    while let Some(chunk) = response.chunk().await.map_err(Fault::Broken)? {
        if received.body.len() + chunk.len() > MAX_BODY {
            return Err(Fault::TooLarge);
        }
        received.body.extend_from_slice(&chunk);
    }
    Ok(())
}

/// The future's output, or none if the timer ends first. The future is borrowed: to move it in costs more than the rest.
pub(super) fn race<F: Future>(
    mut future: Pin<&mut F>,
    mut timer: Option<Sleep>,
) -> impl Future<Output = Option<F::Output>> {
    poll_fn(move |context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        match &mut timer {
            Some(timer) => timer.as_mut().poll(context).map(|()| None),
            None => Poll::Pending,
        }
    })
}
