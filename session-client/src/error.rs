//! What a failed call returns.

use std::borrow::Cow;
use std::fmt;

use http::{HeaderMap, StatusCode};

use crate::config::Source;
use crate::operation::Operation;
use crate::types::ApiError;
use crate::{InvalidValue, headers, redact};

/// A failed call. It keeps status, headers and request id whenever there was an answer, whatever the answer's body was.
///
/// Neither printing it nor its [`source`](std::error::Error::source) shows a credential.
///
/// ```
/// use session_client::{Client, Error};
///
/// # async fn example(client: Client, id: session_client::SessionId) -> Result<(), Error> {
/// match client.revoke_session(&id).await {
///     Ok(_) => println!("revoked"),
///     Err(error) if error.is_not_found() => println!("there was no such session"),
///     Err(error) => return Err(error),
/// }
/// # Ok(()) }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    message: Cow<'static, str>,
    answer: Option<Answer>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What was received.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) api_error: Option<ApiError>,
    pub(crate) excerpt: Option<String>,
}

/// What kind of failure it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built, or has no credential that the operation takes. Nothing was sent.
    Configuration,
    /// A value was refused. Nothing was sent.
    InvalidValue,
    /// The token source has no token. Nothing was sent.
    Credential,
    /// No connection to the org could be made. Nothing was sent.
    Connect,
    /// The time was up. Okta may have done what was asked.
    Timeout,
    /// The connection broke. Okta may have done what was asked.
    Transport,
    /// An answer with a status other than success.
    Status,
    /// A success whose body is not what the specification says.
    Decode,
}

impl Error {
    fn new(kind: ErrorKind, operation: Option<&'static Operation>, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, operation, message: message.into(), answer: None, source: None }))
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

    pub(crate) fn invalid(operation: &'static Operation, invalid: InvalidValue) -> Self {
        Self::new(ErrorKind::InvalidValue, Some(operation), invalid.to_string()).with_source(invalid)
    }

    /// A fault before, while or after the request was on its way.
    pub(crate) fn transport(operation: &'static Operation, error: reqwest::Error) -> Self {
        let (kind, message) = if error.is_builder() {
            (ErrorKind::InvalidValue, "the request cannot be built")
        } else if error.is_connect() {
            (ErrorKind::Connect, "cannot connect to the org")
        } else if error.is_timeout() {
            (ErrorKind::Timeout, "the time is up")
        } else {
            (ErrorKind::Transport, "the connection broke")
        };
        Self::new(kind, Some(operation), message).with_source(error.without_url())
    }

    pub(crate) fn status_failure(operation: &'static Operation, answer: Answer) -> Self {
        Self::new(ErrorKind::Status, Some(operation), "").with_answer(answer)
    }

    pub(crate) fn decode(operation: &'static Operation, message: impl Into<Cow<'static, str>>, answer: Answer) -> Self {
        Self::new(ErrorKind::Decode, Some(operation), message).with_answer(answer)
    }

    /// Adds where the refused value was set, unless it was in code.
    pub(crate) fn in_source(mut self, source: &Source) -> Self {
        if *source != Source::Code {
            self.0.message = format!("{} ({source})", self.0.message).into();
        }
        self
    }

    pub(crate) fn with_answer(mut self, answer: Answer) -> Self {
        self.0.answer = Some(answer);
        self
    }

    pub(crate) fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// What kind of failure it was.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed; none if there was no call yet.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.answer.as_ref().map(|answer| answer.status)
    }

    /// The headers, if there was an answer. Those that may hold a credential are marked sensitive: printing hides them.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.answer.as_ref().map(|answer| &answer.headers)
    }

    /// Okta's id for the request, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers().and_then(headers::request_id)
    }

    /// What Okta says of the failure, if the answer had Okta's form. The credentials of the request are masked in it.
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.answer.as_ref()?.api_error.as_ref()
    }

    /// Okta's code for the failure, such as `E0000007`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.api_error()?.error_code.as_deref()
    }

    /// The beginning of a body that is not of Okta's form, such as a gateway's HTML page: at most 200 characters, the
    /// credentials of the request and what looks like one masked, without control characters.
    #[must_use]
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.answer.as_ref()?.excerpt.as_deref()
    }

    /// Whether there is no such session: status 404. For the current session, nobody is signed in.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the credential was not accepted: status 401.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Whether the rate limit is used up: status 429.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }
}

/// `getSession failed: 404 Not Found, E0000007 Not found: Resource not found: *** (AppSession), request id abc`
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.status().map(|status| status.to_string()));
        if !self.0.message.is_empty() {
            parts.push(self.0.message.to_string());
        }
        if let Some(api_error) = self.api_error() {
            let code = api_error.error_code.as_deref().map(redact::printable);
            let summary = api_error.error_summary.as_ref().map(ToString::to_string);
            parts.push([code.as_deref(), summary.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" "));
        }
        parts.extend(self.request_id().map(|id| format!("request id {}", redact::printable(id))));
        match self.0.operation {
            Some(operation) => write!(f, "{} failed: {}", operation.id, parts.join(", ")),
            None => f.write_str(&parts.join(", ")),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.operation.map(|operation| operation.id))
            .field("message", &self.0.message)
            .field("status", &self.status())
            .field("headers", &self.headers())
            .field("api_error", &self.api_error())
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl From<InvalidValue> for Error {
    fn from(invalid: InvalidValue) -> Self {
        Self::new(ErrorKind::InvalidValue, None, invalid.to_string())
    }
}
