//! The `_links` of a session.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// Links to related resources and operations, kept as the JSON text that came.
///
/// Okta promises no shape: a link may lack its address, be a list, or be a bare string. The addresses contain ids, some
/// of which are not the session's own, so printing hides them and nothing should be read out of them.
///
/// ```
/// use session_client::types::Session;
///
/// let session: Session = serde_json::from_str(
///     r#"{"id": "102exampleExampleExample1", "_links": {"self": {"href": "https://acme.okta.com/api/v1/sessions/me"}}}"#,
/// )?;
/// let links = session.links.expect("the answer has links");
/// assert_eq!(links.href("self").as_deref(), Some("https://acme.okta.com/api/v1/sessions/me"));
/// assert_eq!(links.href("user"), None);
/// assert_eq!(format!("{links:?}"), "Links(***)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Links(Box<RawValue>);

impl Links {
    /// The address of the link with this relation; of the first one where there are several. None where there is no
    /// such link or it has no address.
    #[must_use]
    pub fn href(&self, relation: &str) -> Option<String> {
        let mut links: Value = serde_json::from_str(self.0.get()).ok()?;
        match links.get_mut(relation)?.take() {
            Value::String(address) => Some(address),
            Value::Array(list) => list.into_iter().find_map(address),
            link => address(link),
        }
    }

    /// The links as the JSON text that came.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.0.get()
    }
}

fn address(mut link: Value) -> Option<String> {
    match link.get_mut("href")?.take() {
        Value::String(address) => Some(address),
        _ => None,
    }
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Links(***)")
    }
}

impl PartialEq for Links {
    fn eq(&self, other: &Self) -> bool {
        self.expose_secret() == other.expose_secret()
    }
}

impl Eq for Links {}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Links {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Links".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"description": "Links by relation, of any shape"})
    }
}
