//! Constructors of the generated request types.

use crate::SessionToken;
use crate::types::CreateSessionRequest;

impl CreateSessionRequest {
    /// A request for a session of the user to whom the token was given.
    ///
    /// ```
    /// use session_client::{SessionToken, types::CreateSessionRequest};
    ///
    /// let request = CreateSessionRequest::new(SessionToken::new("20111exampleExampleExample")?);
    /// assert_eq!(format!("{request:?}"), "CreateSessionRequest { session_token: SessionToken(***) }");
    /// # Ok::<(), session_client::InvalidValue>(())
    /// ```
    #[must_use]
    pub fn new(session_token: SessionToken) -> Self {
        Self { session_token }
    }
}
