//! The assertion by which an app proves who it is
//! ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523#section-3)). It works once.

use aws_lc_rs::error::Unspecified;
use secrecy::SecretString;
use serde::Serialize;

use super::jws;
use super::private_key_jwt::Settings;

/// How long an assertion is valid, in seconds. Okta allows an hour at most, by its own clock.
const LIFE: u64 = 5 * 60;

/// How long before now it says it was made, in seconds: clocks that differ a little do no harm.
const MARGIN: u64 = 5;

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    jti: String,
}

/// A new assertion for the token endpoint `audience`; `now` is the server's time, in seconds since 1970.
pub(super) fn sign(settings: &Settings, audience: &str, now: u64) -> Result<SecretString, Unspecified> {
    let key = &settings.key;
    let algorithm = settings.algorithm.unwrap_or_else(|| key.algorithm());
    let key_id = settings.key_id.as_deref().or_else(|| key.id());
    let header = jws::part(&Header { alg: algorithm.name(), typ: "JWT", kid: key_id })?;
    let issued_at = now.saturating_sub(MARGIN);
    let claims = Claims {
        iss: &settings.client_id,
        sub: &settings.client_id,
        aud: audience,
        iat: issued_at,
        exp: issued_at + LIFE,
        jti: jws::new_id()?,
    };
    jws::compact(&header, &claims, |message| key.sign(algorithm, message))
}
