//! What a failed call returns.

mod make;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;

pub(crate) use self::make::TOO_LARGE;
use crate::operation::Operation;
use crate::rate_limit::RateLimit;
use crate::types::ApiError;
use crate::{ErrorSummary, headers, redact};

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
    attempts: u32,
    sent: bool,
    in_doubt: bool,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What was received.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) reason: Reason,
}

/// What the body of a failure says. The secrets of the request are masked in it.
#[derive(Debug, Clone)]
pub(crate) enum Reason {
    None,
    Okta(Box<ApiError>),
    OAuth(OAuthError),
    Other(String),
}

/// A failure in the form that OAuth 2.0 gives it ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)); Okta
/// answers so when an access token is refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OAuthError {
    /// The code, such as `invalid_token`.
    pub error: String,
    /// What went wrong, in a sentence.
    pub error_description: Option<ErrorSummary>,
}

/// What kind of failure it was: that of the last attempt. Whether an attempt may have reached the org is asked of
/// [`Error::may_have_been_sent`], and whether what was asked may be done of [`Error::is_in_doubt`].
///
/// ```
/// use session_client::{Error, ErrorKind};
///
/// fn what_to_check(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::Configuration | ErrorKind::InvalidValue | ErrorKind::Credential => "the settings",
///         ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => "the network",
///         ErrorKind::Status => "what the org says",
///         _ => "what was answered",
///     }
/// }
///
/// let error = session_client::Client::builder("not a URL").build().unwrap_err();
/// assert_eq!(what_to_check(&error), "the settings");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built, or has no credential that the operation takes. Nothing was sent.
    Configuration,
    /// A value was refused. Nothing was sent.
    InvalidValue,
    /// There is no access token: the token source has none, or the org's token endpoint gave none. In the second case the
    /// status, the headers and what the answer says are those of the token endpoint, if it answered. The attempt was not
    /// sent; one before it may have been.
    Credential,
    /// No connection to the org could be made. The attempt was not sent; one before it may have been.
    Connect,
    /// The time was up: while an answer was awaited, or before there was a place for the request.
    Timeout,
    /// The connection broke.
    Transport,
    /// An answer with a status other than success.
    Status,
    /// A success whose body is not what the specification says.
    Decode,
}

impl Error {
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

    /// The HTTP status, if there was an answer: that of the last attempt that was answered.
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
        match &self.0.answer.as_ref()?.reason {
            Reason::Okta(error) => Some(error),
            _ => None,
        }
    }

    /// What the authorization server says of the failure, if the answer had the form of OAuth 2.0. The credentials of
    /// the request are masked in it.
    #[must_use]
    pub fn oauth_error(&self) -> Option<&OAuthError> {
        match &self.0.answer.as_ref()?.reason {
            Reason::OAuth(error) => Some(error),
            _ => None,
        }
    }

    /// The code of the failure: Okta's, such as `E0000007`, or that of OAuth 2.0, such as `invalid_token`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.0.answer.as_ref()?.reason {
            Reason::Okta(error) => error.error_code.as_deref(),
            Reason::OAuth(error) => Some(&error.error),
            Reason::None | Reason::Other(_) => None,
        }
    }

    /// What went wrong, in a sentence of Okta's. Printing it hides what looks like an id.
    #[must_use]
    pub fn summary(&self) -> Option<&ErrorSummary> {
        match &self.0.answer.as_ref()?.reason {
            Reason::Okta(error) => error.error_summary.as_ref(),
            Reason::OAuth(error) => error.error_description.as_ref(),
            Reason::None | Reason::Other(_) => None,
        }
    }

    /// The details of what went wrong, each a sentence of Okta's. Printing one hides what looks like an id.
    pub fn causes(&self) -> impl Iterator<Item = &ErrorSummary> {
        let causes = self.api_error().and_then(|error| error.error_causes.as_ref());
        causes.into_iter().flatten().filter_map(|cause| cause.error_summary.as_ref())
    }

    /// Okta's id for this one failure, which its support asks for.
    #[must_use]
    pub fn error_id(&self) -> Option<&str> {
        self.api_error()?.error_id.as_deref()
    }

    /// The beginning of a body that is of neither form, such as a gateway's HTML page: at most 200 characters, the
    /// credentials of the request and what looks like one masked, without control characters.
    #[must_use]
    pub fn body_excerpt(&self) -> Option<&str> {
        match &self.0.answer.as_ref()?.reason {
            Reason::Other(excerpt) => Some(excerpt),
            _ => None,
        }
    }

    /// What the answer says of the API's rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        // The limit of the token endpoint is another one.
        if self.0.kind == ErrorKind::Credential { None } else { RateLimit::from_headers(self.headers()?) }
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the request may have reached the server, and what was asked may be done. False is certain.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.sent
    }

    /// Whether what was asked may be done although the call failed: an attempt was lost on its way or by a gateway, or
    /// its answer could not be read. False where Okta has said no to every attempt, or none reached it.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        self.0.in_doubt
    }

    /// Whether the same call may succeed later, and making it again does no harm: rate limits, failures of the network
    /// and of gateways. Never true of a `createSession` that may have reached the server, but for a rate limit: its
    /// token works once.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.retry_after.is_some()
    }

    /// How long to wait before making the call again, where that may help: what the server asks for, within 70 s, or a
    /// back-off.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether there is no such session: status 404. For the current session, nobody is signed in.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        // A token endpoint that is not found says nothing of sessions.
        self.0.kind != ErrorKind::Credential && self.status() == Some(StatusCode::NOT_FOUND)
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
        let code = self.code().map(redact::shown);
        let summary = self.summary().map(|summary| redact::shown(summary.expose_secret()));
        if code.is_some() || summary.is_some() {
            parts.push(code.into_iter().chain(summary).collect::<Vec<_>>().join(" "));
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
            .field("oauth_error", &self.oauth_error())
            .field("attempts", &self.0.attempts)
            .field("may_have_been_sent", &self.0.sent)
            .field("is_in_doubt", &self.0.in_doubt)
            .field("retry_after", &self.0.retry_after)
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
