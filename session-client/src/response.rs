//! What a successful call returns.

use std::fmt;

use http::{HeaderMap, StatusCode};

use crate::headers;
use crate::rate_limit::RateLimit;
use crate::transport::Head;

/// A successful answer: the value, with status and headers.
///
/// ```no_run
/// # async fn example(client: session_client::Client, id: session_client::SessionId) -> Result<(), session_client::Error> {
/// let response = client.get_session(&id).await?;
/// println!("request {:?}", response.request_id());
/// let session = response.into_inner();
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    attempts: u32,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, head: Head, body: Vec<u8>, attempts: u32) -> Self {
        Self { value, status: head.status, headers: head.headers, body, attempts }
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value, without the rest.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The HTTP status. It is 404 for a session that was revoked or closed by an attempt whose answer was lost.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers. Those that may hold a credential, `Set-Cookie` among them, are marked sensitive: printing hides them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came, which the value does not tell in all: a member that was null and one that was missing are the
    /// same there. It may hold the session id. Empty if there was none.
    #[must_use]
    pub fn expose_secret_body(&self) -> &[u8] {
        &self.body
    }

    /// Okta's id for the request, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        headers::request_id(&self.headers)
    }

    /// What the answer says of the rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }

    /// How many attempts were made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl<T> std::ops::Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("value", &self.value)
            .field("headers", &self.headers)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
