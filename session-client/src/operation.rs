//! What the client knows of an operation beside its types.

/// An operation of the API, as the specification describes it. [`crate::operations`] holds all of them.
///
/// ```
/// use session_client::operations;
///
/// let revoke = &operations::REVOKE_SESSION;
/// assert_eq!(format!("{} {}", revoke.method, revoke.path), "DELETE /api/v1/sessions/{sessionId}");
/// assert_eq!(revoke.scopes(), Some(["okta.sessions.manage"].as_slice()));
/// assert!(operations::ALL.contains(&revoke));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`, such as `getSession`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: http::Method,
    /// The path template, such as `/api/v1/sessions/{sessionId}`.
    pub path: &'static str,
    /// Whether a success carries a body.
    pub returns_body: bool,
    /// The credentials that the operation takes, one of which is enough. Empty: it takes none of the client's, and the
    /// request carries what the caller passes (a cookie) and nothing else.
    pub security: &'static [Scheme],
    /// Whether the operation also works without a credential.
    pub anonymous: bool,
    /// Whether sending the request again does no more harm than sending it once.
    pub repeat_safe: bool,
}

impl Operation {
    /// The scopes that an OAuth 2.0 access token needs; none if the operation takes no such token.
    #[must_use]
    pub fn scopes(&self) -> Option<&'static [&'static str]> {
        self.security.iter().find_map(|scheme| match scheme {
            Scheme::OAuth2 { scopes } => Some(*scopes),
            Scheme::ApiToken => None,
        })
    }
}

/// A kind of credential that an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// An API token of the org.
    ApiToken,
    /// An OAuth 2.0 access token with these scopes.
    #[non_exhaustive]
    OAuth2 {
        /// The scopes that the token needs.
        scopes: &'static [&'static str],
    },
}
