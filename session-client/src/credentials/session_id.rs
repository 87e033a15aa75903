//! The id of a session.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{InvalidValue, check, secret};

/// The id of a session. Whoever holds it can act as the user.
///
/// It stands in the path of the request, so only characters that mean themselves there are taken: the unreserved ones
/// of [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3). An id in an answer is kept as it came; the rule
/// holds when it is used.
///
/// Serializing it writes the value.
///
/// ```
/// use session_client::SessionId;
///
/// let id = SessionId::new("102exampleExampleExample1")?;
/// assert_eq!(format!("{id:?}"), "SessionId(***)");
///
/// let refused = SessionId::new("../users").unwrap_err();
/// assert_eq!(refused.to_string(), "session id: must consist of the characters A-Z a-z 0-9 - . _ ~");
/// # Ok::<(), session_client::InvalidValue>(())
/// ```
#[derive(Clone)]
pub struct SessionId(SecretString);

secret!(SessionId, SessionId::new);

const WHAT: &str = "session id";

impl SessionId {
    /// Takes an id; white space around it is dropped.
    ///
    /// # Errors
    /// The id is empty, longer than 4096 bytes, has a character that is not unreserved, or is `.`, `..` or `me`, which
    /// would make another operation of the request.
    pub fn new(id: impl AsRef<str>) -> Result<Self, InvalidValue> {
        let id = id.as_ref().trim();
        check_id(id).map(|()| Self(id.into()))
    }

    /// The id for a request: an id from an answer has not been checked before.
    pub(crate) fn checked(&self) -> Result<&str, InvalidValue> {
        let id = self.expose_secret();
        match check_id(id) {
            Ok(()) => Ok(id),
            // White space around the id is refused here, not dropped: the id would be another one.
            Err(_) if id.trim() != id => Err(InvalidValue::new(WHAT, "must not begin or end with white space")),
            Err(invalid) => Err(invalid),
        }
    }
}

fn check_id(id: &str) -> Result<(), InvalidValue> {
    let unreserved = |byte| matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~');
    check(WHAT, id, unreserved, "must consist of the characters A-Z a-z 0-9 - . _ ~")?;
    match id {
        "." | ".." => Err(InvalidValue::new(WHAT, "must not be `.` or `..`, which change the path")),
        "me" => Err(InvalidValue::new(WHAT, "must not be `me`, which means the current session")),
        _ => Ok(()),
    }
}

impl Serialize for SessionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose_secret())
    }
}

impl<'de> Deserialize<'de> for SessionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SecretString::deserialize(deserializer).map(Self)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for SessionId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SessionId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "description": "The id of a session; a credential"})
    }
}
