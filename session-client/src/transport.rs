//! Sends a request, again where that does no harm, and reads the answer: the only place that awaits the network.

mod answer;
mod attempt;
mod sent;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode};
use reqwest::{Request, RequestBuilder};
use serde::de::DeserializeOwned;

use self::attempt::race;
pub(crate) use self::attempt::{Fault, Received};
use self::sent::Sent;
use crate::auth::Authorizer;
use crate::clock::Clock;
use crate::error::Error;
use crate::observe;
use crate::operation::Operation;
use crate::rate_limit::{Gate, Permit};
use crate::response::Response;
use crate::retry::{self, Cause};

/// How requests of a client are sent.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) max_retries: u32,
    /// How long one attempt may take.
    pub(crate) attempt_timeout: Option<Duration>,
    /// How long a call may take with everything in it.
    pub(crate) deadline: Option<Duration>,
    pub(crate) gate: Option<Gate>,
}

/// How far a call has come.
#[derive(Debug, Default, Clone)]
pub(crate) struct Progress {
    /// How often the request was sent.
    pub(crate) attempts: u32,
    /// Whether it may have reached the server.
    pub(crate) sent: bool,
    /// Okta's id for the first attempt that was answered.
    first_request_id: Option<HeaderValue>,
    /// Whether an attempt was lost after it may have done what was asked.
    lost: bool,
}

impl Transport {
    /// Sends the request of an operation until it succeeds, fails for good, or the time is up.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        authorizer: &Authorizer,
        request: RequestBuilder,
    ) -> Result<Response<T>, Error> {
        let end = self.deadline.map(|deadline| self.clock.elapsed() + deadline);
        let mut request = request.build().map_err(|error| Error::unbuilt(operation, error))?;
        let sent = Sent::complete(&mut request);
        let mut progress = Progress::default();
        loop {
            let authorization = match authorizer.ready(operation) {
                Some(authorization) => authorization?,
                None => race(authorizer.fetch(operation), self.left(end).map(|left| self.clock.timer(left)))
                    .await
                    .unwrap_or_else(|| Err(Error::deadline(operation, &progress)))?,
            };
            let permit = self.admit(operation, end, &progress).await?;
            if let Some(authorization) = &authorization {
                request.headers_mut().insert(http::header::AUTHORIZATION, authorization.clone());
            }
            progress.attempts += 1;
            let received = self.attempt(request, end).await;
            if let Some(permit) = permit {
                permit.answered(received.head.as_ref().map(|head| &head.headers));
            }
            let wait = match self.judge(operation, &received, &mut progress) {
                Verdict::Success => return answer::succeed(operation, received, &progress),
                Verdict::Failure => None,
                Verdict::Again(wait) => Some(wait),
            };
            match wait.filter(|_| progress.attempts <= self.max_retries) {
                Some(wait) if self.left(end).is_none_or(|left| wait < left) => {
                    observe::retry(operation, &received, progress.attempts, wait);
                    self.clock.pause(wait).await;
                    request = sent.again(operation, &progress);
                }
                // Too often, too late or not at all: the failure itself, whole, with the wait that there would be.
                _ => {
                    return Err(answer::fail(
                        operation,
                        received,
                        &sent.secrets(operation, authorization.as_ref()),
                        &progress,
                        wait,
                    ));
                }
            }
        }
    }

    /// What to make of what came back.
    fn judge(&self, operation: &'static Operation, received: &Received, progress: &mut Progress) -> Verdict {
        let cause = match (&received.head, &received.fault) {
            (None, Some(Fault::Broken(error))) if error.is_builder() => return Verdict::Failure,
            (Some(head), fault) if head.status.is_success() => match fault {
                Some(Fault::Broken(_) | Fault::AttemptTimeout(_) | Fault::Deadline) if operation.returns_body => {
                    Cause::Lost
                }
                _ => return Verdict::Success,
            },
            (Some(head), _) => Cause::Answer { status: head.status, headers: &head.headers },
            (None, Some(Fault::Broken(error))) if error.is_connect() => Cause::Connect,
            (None, _) => Cause::Lost,
        };
        progress.sent |= !matches!(cause, Cause::Connect);
        if let Some(head) = &received.head {
            // Ended by the attempt whose answer was lost: what was asked is done.
            if progress.lost && head.status == StatusCode::NOT_FOUND && operation.method == Method::DELETE {
                return Verdict::Success;
            }
            if progress.first_request_id.is_none() {
                progress.first_request_id = head.headers.get(crate::headers::REQUEST_ID).cloned();
            }
        }
        progress.lost |= retry::is_lost(cause);
        retry::wait(operation, cause, progress.attempts - 1, self.clock.time_of_day(), None)
            .map_or(Verdict::Failure, Verdict::Again)
    }

    /// How much of the call's time is left; none: it has no end.
    fn left(&self, end: Option<Duration>) -> Option<Duration> {
        end.map(|end| end.saturating_sub(self.clock.elapsed()))
    }

    /// Waits until the rate limit has a place for the request.
    async fn admit(
        &self,
        operation: &'static Operation,
        end: Option<Duration>,
        progress: &Progress,
    ) -> Result<Option<Permit<'_>>, Error> {
        let Some(gate) = &self.gate else { return Ok(None) };
        loop {
            match gate.admit(self.clock.as_ref()) {
                Ok(permit) => return Ok(Some(permit)),
                Err(wait) if self.left(end).is_some_and(|left| wait >= left) => {
                    return Err(Error::reserved(operation, wait, progress));
                }
                Err(wait) => self.clock.pause(wait).await,
            }
        }
    }

    async fn attempt(&self, request: Request, end: Option<Duration>) -> Received {
        let left = self.left(end);
        let (limit, fault) = match (self.attempt_timeout, left) {
            (Some(timeout), left) if left.is_none_or(|left| timeout < left) => {
                (Some(timeout), Fault::AttemptTimeout(timeout))
            }
            (_, left) => (left, Fault::Deadline),
        };
        attempt::run(&self.http, request, limit.map(|limit| (self.clock.timer(limit), fault))).await
    }
}

enum Verdict {
    Success,
    Failure,
    /// A failure that may be gone after this wait.
    Again(Duration),
}
