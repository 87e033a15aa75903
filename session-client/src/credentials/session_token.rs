//! The one-time token that a session is created from.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{InvalidValue, TOKEN_RULE, checked, is_token_character, secret};

/// A one-time token of a user who has signed in. It lives for five minutes and works once.
///
/// Serializing it writes the value: that is how it gets into the request.
///
/// ```
/// use session_client::SessionToken;
///
/// let token = SessionToken::new("20111exampleExampleExample\n")?;
/// assert_eq!(token.expose_secret(), "20111exampleExampleExample");
/// assert_eq!(format!("{token:?}"), "SessionToken(***)");
/// # Ok::<(), session_client::InvalidValue>(())
/// ```
#[derive(Clone)]
pub struct SessionToken(SecretString);

secret!(SessionToken, SessionToken::new);

impl SessionToken {
    /// Takes a token; white space around it is dropped.
    ///
    /// # Errors
    /// The token is empty, longer than 4096 bytes, or has a character that is not visible ASCII, or a `;`.
    pub fn new(token: impl AsRef<str>) -> Result<Self, InvalidValue> {
        checked("session token", token.as_ref(), is_token_character, TOKEN_RULE).map(Self)
    }
}

impl Serialize for SessionToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose_secret())
    }
}

impl<'de> Deserialize<'de> for SessionToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let token = SecretString::deserialize(deserializer)?;
        Self::new(secrecy::ExposeSecret::expose_secret(&token)).map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for SessionToken {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SessionToken".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "description": "A one-time session token"})
    }
}
