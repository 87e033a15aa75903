//! Sends a request, again where that does no harm, and reads the answer: the only place that awaits the network.

mod answer;
mod attempt;
mod sent;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode};
use reqwest::{Request, RequestBuilder};
use serde::de::DeserializeOwned;

use self::attempt::race;
pub(crate) use self::attempt::{Fault, Head, Received};
use self::sent::Sent;
use crate::auth::{Authorize, Authorizer};
use crate::clock::{Clock, Sleep};
use crate::error::{Answer, Error};
use crate::gate::{Gate, Permit};
use crate::headers::REQUEST_ID;
use crate::observe;
use crate::operation::Operation;
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

/// What bounds a call.
#[derive(Debug)]
pub(crate) struct Limits<'a> {
    /// When its time is up, by the transport's clock; none: it has no end.
    pub(crate) end: Option<Duration>,
    /// How often its request is sent again.
    pub(crate) max_retries: u32,
    /// What paces it.
    pub(crate) gate: Option<&'a Gate>,
}

/// How far a call has come.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// How many attempts were made.
    pub(crate) attempts: u32,
    /// How many of them only showed that another proof is wanted.
    unproven: u32,
    /// Whether one of them may have reached the server.
    pub(crate) sent: bool,
    /// The answer of the attempt before, where it was no success.
    pub(crate) last: Option<Answer>,
    /// Okta's id for the first attempt that was answered.
    first_request_id: Option<HeaderValue>,
    /// Whether an attempt was lost after it may have done what was asked.
    pub(crate) lost: bool,
}

impl Progress {
    /// How many attempts count against the number of retries.
    fn tries(&self) -> u32 {
        self.attempts - self.unproven
    }
}

impl Transport {
    /// Sends the request of an operation until it succeeds, fails for good, or the time is up.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        authorizer: &Authorizer,
        request: RequestBuilder,
    ) -> Result<Response<T>, Error> {
        let mut authorization = authorizer.begin(operation, self.clock.as_ref())?;
        let request = request.build().map_err(|error| Error::unbuilt(operation, error))?;
        // A deadline beyond all time is none.
        let end = self.deadline.and_then(|deadline| self.clock.elapsed().checked_add(deadline));
        let limits = Limits { end, max_retries: self.max_retries, gate: self.gate.as_ref() };
        let mut progress = Progress::default();
        let outcome = self.drive(operation, &mut authorization, request, &limits, &mut progress).await;
        answer::read(operation, outcome, progress)
    }

    /// Sends a request that a call of an operation needs, within limits of its own.
    #[cfg(feature = "oauth")]
    pub(crate) async fn send_within<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        authorization: &mut dyn Authorize,
        request: Request,
        limits: &Limits<'_>,
    ) -> Result<Response<T>, Error> {
        let mut progress = Progress::default();
        let outcome = self.drive(operation, authorization, request, limits, &mut progress).await;
        answer::read(operation, outcome, progress)
    }

    async fn drive(
        &self,
        operation: &'static Operation,
        authorization: &mut dyn Authorize,
        mut request: Request,
        limits: &Limits<'_>,
        progress: &mut Progress,
    ) -> Result<Received, Error> {
        let end = limits.end;
        let sent = Sent::of(&request);
        loop {
            // The place first: a token could grow old while waiting for it.
            let permit = self.admit(operation, limits).await?;
            while !authorization.add(&mut request)? {
                let timer = self.left(end).map(|left| self.clock.timer(left));
                let fetched = race(pin!(authorization.fetch(self, end)), timer).await;
                fetched.unwrap_or_else(|| Err(Error::deadline(operation)))?;
            }
            progress.attempts += 1;
            let mut received = attempt::run(self.http.execute(request), self.limit(end)).await;
            if let Some(permit) = permit {
                permit.answered(received.head.as_ref().map(|head| &head.headers));
            }
            let is_unproven = authorization.take_in(&received);
            progress.unproven += u32::from(is_unproven);
            let texts = sent.body_texts();
            let mut secrets = sent.secrets(operation, &texts);
            authorization.secrets(&mut secrets);
            received.hide(&secrets);
            let wait = match self.judge(operation, &received, progress) {
                Verdict::Success => return Ok(received),
                Verdict::Failure if is_unproven => Some(Duration::ZERO),
                Verdict::Failure => None,
                Verdict::Again(wait) => Some(wait),
            };
            match wait.filter(|_| is_unproven || progress.tries() <= limits.max_retries) {
                Some(wait) if self.left(end).is_none_or(|left| wait < left) => {
                    observe::retry(operation, &received, progress.attempts, wait);
                    progress.last = answer::of(received, &secrets).0;
                    if !wait.is_zero() {
                        self.clock.pause(wait).await;
                    }
                    request = sent.again(operation, progress);
                }
                // Too often, too late or not at all: the failure itself, whole, with the wait that there would be.
                _ => {
                    let (answer, fault) = answer::of(received, &secrets);
                    return Err(Error::attempt(operation, answer, fault).with_retry_after(wait));
                }
            }
        }
    }

    /// What to make of what came back.
    fn judge(&self, operation: &'static Operation, received: &Received, progress: &mut Progress) -> Verdict {
        let cause = match (&received.head, &received.fault) {
            (None, Some(Fault::Broken(error))) if error.is_builder() => return Verdict::Failure,
            (None, Some(Fault::Broken(error))) if error.is_connect() => Cause::Connect,
            (None, _) => Cause::Lost,
            (Some(head), fault) if head.status.is_success() => match fault {
                Some(Fault::Broken(_) | Fault::AttemptTimeout(_) | Fault::Deadline) if operation.returns_body => {
                    Cause::Lost
                }
                _ => {
                    progress.sent = true;
                    return Verdict::Success;
                }
            },
            (Some(head), _) => Cause::Answer { status: head.status, headers: &head.headers },
        };
        progress.sent |= !matches!(cause, Cause::Connect);
        if let Some(head) = &received.head {
            // Ended by the attempt whose answer was lost: what was asked is done. A gateway's own 404 says nothing of it.
            let gone = head.status == StatusCode::NOT_FOUND && operation.method == Method::DELETE;
            if progress.lost && gone && answer::is_from_okta(received) {
                return Verdict::Success;
            }
            if progress.first_request_id.is_none() {
                progress.first_request_id = head.headers.get(REQUEST_ID).cloned();
            }
        }
        progress.lost |= retry::is_lost(cause);
        retry::wait(operation, cause, progress.tries().saturating_sub(1), self.clock.time_of_day(), None)
            .map_or(Verdict::Failure, Verdict::Again)
    }

    /// How much of the call's time is left; none: it has no end.
    fn left(&self, end: Option<Duration>) -> Option<Duration> {
        end.map(|end| end.saturating_sub(self.clock.elapsed()))
    }

    /// Waits until the rate limit has a place for the request.
    async fn admit<'a>(
        &'a self,
        operation: &'static Operation,
        limits: &Limits<'a>,
    ) -> Result<Option<Permit<'a>>, Error> {
        let Some(gate) = limits.gate else { return Ok(None) };
        loop {
            match gate.admit(self.clock.as_ref()) {
                Ok(permit) => return Ok(Some(permit)),
                Err(wait) if self.left(limits.end).is_some_and(|left| wait >= left) => {
                    return Err(Error::reserved(operation).with_retry_after(Some(wait)));
                }
                Err(wait) => self.clock.pause(wait).await,
            }
        }
    }

    /// When an attempt that begins now has taken too long, and what that means.
    fn limit(&self, end: Option<Duration>) -> Option<(Sleep, Fault)> {
        let left = self.left(end);
        let (limit, fault) = match (self.attempt_timeout, left) {
            (Some(timeout), left) if left.is_none_or(|left| timeout < left) => {
                (Some(timeout), Fault::AttemptTimeout(timeout))
            }
            (_, left) => (left, Fault::Deadline),
        };
        limit.map(|limit| (self.clock.timer(limit), fault))
    }
}

enum Verdict {
    Success,
    Failure,
    /// A failure that may be gone after this wait.
    Again(Duration),
}
