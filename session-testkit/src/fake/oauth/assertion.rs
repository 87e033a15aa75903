//! What the org asks of the assertion by which a client proves itself (RFC 7523, section 3).

use std::collections::HashMap;

use serde::Deserialize;

use super::clients::Client;
use super::jws::Jws;
use super::used::Used;

/// How far ahead an assertion may end, in seconds.
const FARTHEST_END: f64 = 3600.0;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    iat: Option<f64>,
    jti: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn has(&self, endpoint: &str) -> bool {
        match self {
            Self::One(audience) => audience == endpoint,
            Self::Several(audiences) => audiences.iter().any(|audience| audience == endpoint),
        }
    }
}

/// Whom the assertion proves, or what is wrong with it. The endpoint is the URL that it was sent to.
pub(super) fn check(
    assertion: &str,
    clients: &HashMap<String, Client>,
    used: &mut Used,
    endpoint: &str,
    now: f64,
) -> Result<String, &'static str> {
    let assertion = Jws::parse(assertion).ok_or("The client assertion is no signed JWT.")?;
    let claims: Claims =
        assertion.claims().ok_or("The client assertion needs the claims iss, sub, aud and exp, each of its type.")?;
    let client = clients.get(&claims.sub).ok_or("The claim sub of the client assertion names no client.")?;
    let key = client.key_of(&assertion).ok_or("The kid of the client assertion names no key of the client.")?;
    if !assertion.is_signed_by(key) {
        return Err("The signature of the client assertion is not by the client's key and its algorithm.");
    }
    // Only the client can have made it. Whatever becomes of the request, the id is used up.
    if let Some(id) = &claims.jti
        && !used.first_use(&claims.sub, id)
    {
        return Err("The client assertion has been used before.");
    }
    let rules = [
        (claims.iss == claims.sub, "The claims iss and sub of the client assertion have to be the same."),
        (claims.aud.has(endpoint), "The claim aud of the client assertion has to be the URL of the token endpoint."),
        (claims.exp > now, "The client assertion has expired."),
        (claims.exp <= now + FARTHEST_END, "The client assertion ends more than an hour from now."),
        (claims.nbf.is_none_or(|begin| begin <= now), "The client assertion is not valid yet."),
        (claims.iat.is_none_or(|issued| issued <= now), "The client assertion was issued in the future."),
    ];
    match rules.into_iter().find(|(holds, _)| !holds) {
        None => Ok(claims.sub),
        Some((_, broken)) => Err(broken),
    }
}
