//! How errors are made: each fault with its kind and its message.

use std::borrow::Cow;
use std::time::Duration;

use super::{Answer, Error, ErrorKind, Inner};
use crate::InvalidValue;
use crate::config::Source;
use crate::operation::Operation;
use crate::transport::{Fault, Progress};

pub(crate) const TOO_LARGE: &str = "the body is larger than 1 MiB";
const DEADLINE_PASSED: &str = "the deadline of the call passed";
const UNBUILT: &str = "the request cannot be built";

impl Error {
    fn new(kind: ErrorKind, operation: Option<&'static Operation>, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation,
            message: message.into(),
            answer: None,
            attempts: 0,
            sent: false,
            in_doubt: false,
            retry_after: None,
            source: None,
        }))
    }

    pub(crate) fn configuration(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Configuration, None, message)
    }

    pub(crate) fn no_credential(operation: &'static Operation, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Configuration, Some(operation), message)
    }

    pub(crate) fn no_token(operation: &'static Operation, source: Box<dyn std::error::Error + Send + Sync>) -> Self {
        let mut error = Self::new(ErrorKind::Credential, Some(operation), "the token source has no token");
        error.0.source = Some(source);
        error
    }

    /// There is no access token, for a reason that several calls can share.
    #[cfg(feature = "oauth")]
    pub(crate) fn no_access_token(operation: &'static Operation, reason: &std::sync::Arc<Self>) -> Self {
        let message = match &*reason.0.message {
            "" => "there is no access token".to_owned(),
            message => format!("there is no access token: {message}"),
        };
        let mut error = Self::new(ErrorKind::Credential, Some(operation), message);
        error.0.answer.clone_from(&reason.0.answer);
        error.0.retry_after = reason.0.retry_after;
        error.0.source = reason.0.source.as_ref().map(|_| Box::new(SharedSource(std::sync::Arc::clone(reason))) as _);
        error
    }

    /// What proves who is asking could not be signed.
    #[cfg(feature = "oauth")]
    pub(crate) fn unsigned(operation: &'static Operation) -> Self {
        Self::new(ErrorKind::Credential, Some(operation), "the key could not sign what proves who is asking")
    }

    /// Whether the deadline of the call passed.
    #[cfg(feature = "oauth")]
    pub(crate) fn is_deadline(&self) -> bool {
        self.0.message == DEADLINE_PASSED
    }

    pub(crate) fn invalid(operation: &'static Operation, invalid: InvalidValue) -> Self {
        Self::new(ErrorKind::InvalidValue, Some(operation), invalid.to_string()).with_source(invalid)
    }

    pub(crate) fn unbuilt(operation: &'static Operation, error: reqwest::Error) -> Self {
        Self::new(ErrorKind::InvalidValue, Some(operation), UNBUILT).with_source(error.without_url())
    }

    /// The deadline passed before the request could be sent.
    pub(crate) fn deadline(operation: &'static Operation) -> Self {
        Self::new(ErrorKind::Timeout, Some(operation), DEADLINE_PASSED)
    }

    /// The rate limit has no place for the request before the deadline.
    pub(crate) fn reserved(operation: &'static Operation) -> Self {
        let message = "the deadline would pass before the rate limit has a place that is not reserved";
        Self::new(ErrorKind::Timeout, Some(operation), message)
    }

    /// An attempt that was no success.
    pub(crate) fn attempt(operation: &'static Operation, answer: Option<Answer>, fault: Option<Fault>) -> Self {
        let failed = answer.as_ref().is_some_and(|answer| !answer.status.is_success());
        let (kind, message): (_, Cow<'static, str>) = match &fault {
            _ if failed => (ErrorKind::Status, "".into()),
            Some(Fault::Broken(error)) if error.is_builder() => (ErrorKind::InvalidValue, UNBUILT.into()),
            Some(Fault::Broken(error)) if error.is_connect() => {
                (ErrorKind::Connect, "cannot connect to the org".into())
            }
            Some(Fault::Broken(error)) if error.is_timeout() => (ErrorKind::Timeout, "the time is up".into()),
            Some(Fault::AttemptTimeout(timeout)) => {
                (ErrorKind::Timeout, format!("no answer within {timeout:?}").into())
            }
            Some(Fault::Deadline) => (ErrorKind::Timeout, DEADLINE_PASSED.into()),
            Some(Fault::TooLarge) => (ErrorKind::Decode, TOO_LARGE.into()),
            Some(Fault::Broken(_)) | None => (ErrorKind::Transport, "the connection broke".into()),
        };
        let mut error = Self::new(kind, Some(operation), message);
        error.0.answer = answer;
        match fault {
            Some(Fault::Broken(source)) => error.with_source(source.without_url()),
            _ => error,
        }
    }

    pub(crate) fn decode(
        operation: &'static Operation,
        message: impl Into<Cow<'static, str>>,
        answer: Option<Answer>,
    ) -> Self {
        let mut error = Self::new(ErrorKind::Decode, Some(operation), message);
        error.0.answer = answer;
        error
    }

    /// Adds how far the call had come. Where the end brought no answer, the one before it is kept.
    pub(crate) fn after(mut self, progress: Progress) -> Self {
        self.0.attempts = progress.attempts;
        self.0.sent = progress.sent;
        // An answer that cannot be read still says that it was done.
        self.0.in_doubt = progress.lost || self.0.kind == ErrorKind::Decode;
        self.0.answer = self.0.answer.or(progress.last);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.0.retry_after = wait;
        self
    }

    /// Adds where the refused value was set, unless it was in code.
    pub(crate) fn in_source(mut self, source: &Source) -> Self {
        if *source != Source::Code {
            self.0.message = format!("{} ({source})", self.0.message).into();
        }
        self
    }

    pub(crate) fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }
}

impl From<InvalidValue> for Error {
    fn from(invalid: InvalidValue) -> Self {
        Self::new(ErrorKind::InvalidValue, None, invalid.to_string())
    }
}

/// The source of an error that is shared.
#[cfg(feature = "oauth")]
#[derive(Debug)]
struct SharedSource(std::sync::Arc<Error>);

#[cfg(feature = "oauth")]
impl std::fmt::Display for SharedSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.0.source.as_ref().map_or(Ok(()), |source| source.fmt(f))
    }
}

#[cfg(feature = "oauth")]
impl std::error::Error for SharedSource {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.0.source.as_ref().and_then(|source| source.source())
    }
}
