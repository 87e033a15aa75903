//! The sentence in which Okta says what went wrong.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::redact;

/// What went wrong, in a sentence of Okta's.
///
/// It can repeat what the request carried: the summary of a 404 names the session id. Printing therefore hides whatever
/// looks like an id or a token.
///
/// ```
/// use session_client::types::ApiError;
///
/// let error: ApiError = serde_json::from_str(
///     r#"{"errorSummary": "Not found: Resource not found: 102exampleExampleExample1 (AppSession)"}"#,
/// )?;
/// let summary = error.error_summary.expect("the error has a summary");
/// assert_eq!(summary.to_string(), "Not found: Resource not found: *** (AppSession)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorSummary(String);

impl ErrorSummary {
    /// The sentence as it came. It may hold a session id, and characters that a terminal would obey.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ErrorSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redact::printable(&redact::mask_lookalikes(&self.0)))
    }
}

impl fmt::Debug for ErrorSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&redact::mask_lookalikes(&self.0), f)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for ErrorSummary {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ErrorSummary".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "description": "What went wrong, in a sentence"})
    }
}
