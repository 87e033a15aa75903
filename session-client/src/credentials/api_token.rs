//! The API token of an org.

use secrecy::SecretString;

use super::{InvalidValue, TOKEN_RULE, checked, is_token_character, secret};

/// An API token of the org, without the word `SSWS` before it.
///
/// ```
/// use session_client::ApiToken;
///
/// let token = ApiToken::new("00exampleExampleExampleExample")?;
/// assert_eq!(format!("{token:?}"), "ApiToken(***)");
/// # Ok::<(), session_client::InvalidValue>(())
/// ```
#[derive(Clone)]
pub struct ApiToken(SecretString);

secret!(ApiToken, ApiToken::new);

impl ApiToken {
    /// Takes a token; white space around it is dropped.
    ///
    /// # Errors
    /// The token is empty, longer than 4096 bytes, or has a character that is not visible ASCII, or a `;`.
    pub fn new(token: impl AsRef<str>) -> Result<Self, InvalidValue> {
        checked("API token", token.as_ref(), is_token_character, TOKEN_RULE).map(Self)
    }
}
