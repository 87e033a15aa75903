//! An OAuth 2.0 access token.

use secrecy::SecretString;

use super::{InvalidValue, TOKEN_RULE, checked, is_token_character, secret};

/// An OAuth 2.0 access token of the org, without the word `Bearer` before it.
///
/// ```
/// use session_client::BearerToken;
///
/// let token = BearerToken::new("eyExample.eyExample.example")?;
/// assert_eq!(format!("{token:?}"), "BearerToken(***)");
/// # Ok::<(), session_client::InvalidValue>(())
/// ```
#[derive(Clone)]
pub struct BearerToken(SecretString);

secret!(BearerToken, BearerToken::new);

impl BearerToken {
    /// Takes a token; white space around it is dropped.
    ///
    /// # Errors
    /// The token is empty, longer than 4096 bytes, or has a character that is not visible ASCII, or a `;`.
    pub fn new(token: impl AsRef<str>) -> Result<Self, InvalidValue> {
        checked("bearer token", token.as_ref(), is_token_character, TOKEN_RULE).map(Self)
    }
}
