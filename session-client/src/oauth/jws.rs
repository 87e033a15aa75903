//! Signed JSON in its compact form ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515#section-3.1)): two JSON texts and
//! a signature.

use aws_lc_rs::error::Unspecified;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use serde::Serialize;

/// How many random bytes an id has: nobody meets one twice.
const ID_SIZE: usize = 16;

/// Text for bytes.
pub(super) fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A header or claims, encoded.
pub(super) fn part(json: &impl Serialize) -> Result<String, Unspecified> {
    serde_json::to_vec(json).map(encoded).map_err(|_| Unspecified)
}

/// The whole: `header` is encoded, `sign` signs what it is given.
pub(super) fn compact<S: AsRef<[u8]>>(
    header: &str,
    claims: &impl Serialize,
    sign: impl FnOnce(&[u8]) -> Result<S, Unspecified>,
) -> Result<SecretString, Unspecified> {
    let mut text = format!("{header}.{}", part(claims)?);
    let signature = sign(text.as_bytes())?;
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut text);
    Ok(text.into())
}

/// An id that no other token has: the claim `jti`.
pub(super) fn new_id() -> Result<String, Unspecified> {
    let mut bytes = [0; ID_SIZE];
    aws_lc_rs::rand::fill(&mut bytes)?;
    Ok(encoded(bytes))
}
