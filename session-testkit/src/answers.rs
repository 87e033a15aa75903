//! Makes the types that the client returns.

use serde_json::json;
use session_client::types::{ApiError, ErrorCause, Session, SessionIdentityProvider};
use session_client::{SessionId, types::SessionIdentityProviderType};

/// A session with this id and nothing else. Set its fields as needed.
///
/// ```
/// use session_client::{SessionId, types::SessionStatus};
///
/// let mut session = session_testkit::answers::session(&SessionId::new("102exampleExampleExample1")?);
/// session.status = Some(SessionStatus::MfaRequired);
/// # Ok::<(), session_client::InvalidValue>(())
/// ```
#[must_use]
pub fn session(id: &SessionId) -> Session {
    make(json!({"id": id}))
}

/// An identity provider.
#[must_use]
pub fn session_identity_provider(id: &str, type_: &SessionIdentityProviderType) -> SessionIdentityProvider {
    make(json!({"id": id, "type": type_}))
}

/// A failure as Okta describes it, with the link and the list of causes that it always has.
///
/// ```
/// let error = session_testkit::answers::api_error("E0000007", "Not found: Resource not found: x (AppSession)");
/// assert_eq!(error.error_code.as_deref(), Some("E0000007"));
/// ```
#[must_use]
pub fn api_error(code: &str, summary: &str) -> ApiError {
    make(json!({
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": "oaeExampleExampleExample1",
        "errorCauses": [],
    }))
}

/// A detail of a failure.
#[must_use]
pub fn error_cause(summary: &str) -> ErrorCause {
    make(json!({"errorSummary": summary}))
}

/// The types take every member they know from JSON, so the literals above always fit.
fn make<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).expect("the literal fits the generated type")
}
