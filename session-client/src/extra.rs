//! Members of an answer that the specification does not name.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::redact;

/// The members of an object that the specification does not name, as they came.
///
/// Nobody knows what they hold, so printing shows their names only.
///
/// ```
/// use session_client::types::Session;
///
/// let session: Session = serde_json::from_str(r#"{"id": "102exampleExampleExample1", "mfaActive": true}"#)?;
/// assert_eq!(session.extra["mfaActive"], true);
/// assert_eq!(format!("{:?}", session.extra), r#"{"mfaActive": ***}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Extra(Map<String, Value>);

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Extra {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.0.keys().map(|name| (redact::mask_lookalikes(name), format_args!("***")));
        f.debug_map().entries(members).finish()
    }
}
