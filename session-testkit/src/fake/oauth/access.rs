//! Access tokens: what they say, and what a session operation asks of one.

use std::time::SystemTime;

use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::proof::{self, Broken, Target};
use super::refusal::{Refusal, Scheme};
use super::{OAuth, seconds, since_epoch, url_of};
use crate::fake::org::Org;

/// What the org knows of a token that it has issued.
pub(super) struct AccessToken {
    scopes: Vec<String>,
    end: SystemTime,
    /// The thumbprint of the key that it is bound to.
    key: Option<String>,
}

/// Whom a token is for.
pub(in crate::fake) struct Grant {
    /// The client; none if a test has asked for the token.
    pub(super) client: Option<String>,
    pub(super) scopes: Vec<String>,
    /// The thumbprint of the key that it is to be bound to.
    pub(super) key: Option<String>,
}

impl Grant {
    /// A token that whoever holds it can use.
    pub(in crate::fake) fn to_test(scopes: Vec<String>) -> Self {
        Self { client: None, scopes, key: None }
    }
}

/// Issues a token. To clients it is opaque, and looks like one of Okta's: a JWT with a signature that only the org can
/// check. It does so by remembering what it has issued.
pub(in crate::fake) fn issue(org: &mut Org, grant: Grant, now: SystemTime) -> String {
    let end = now + org.oauth.token_lifetime;
    let id = org.token("AT.", 43);
    let mut claims = json!({
        "ver": 1,
        "jti": id,
        "iss": org.url,
        "aud": org.url,
        "sub": grant.client,
        "cid": grant.client,
        "scp": grant.scopes,
        "iat": since_epoch(now).as_secs(),
        "exp": since_epoch(end).as_secs(),
    });
    if let Some(thumbprint) = &grant.key {
        claims["cnf"] = json!({"jkt": thumbprint});
    }
    let encode = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
    let header = encode(json!({"alg": "RS256", "kid": org.id}));
    let token = format!("{header}.{}.{}", encode(claims), org.token("", 342));
    org.oauth.tokens.insert(token.clone(), AccessToken { scopes: grant.scopes, end, key: grant.key });
    token
}

/// The scopes of a token that comes with a request by this scheme.
pub(in crate::fake) fn scopes<'a>(
    org: &'a mut Org,
    parts: &Parts,
    scheme: Scheme,
    token: &str,
    now: SystemTime,
) -> Result<&'a [String], Refusal> {
    let url = url_of(parts, &org.url);
    let OAuth { tokens, used, nonces, demand_nonce, .. } = &mut org.oauth;
    let refuse = |error, description| Refusal::of_call(scheme, error, description, &org.url);
    let known = tokens.get(token).filter(|known| now < known.end);
    let known = known.ok_or_else(|| refuse("invalid_token", "The access token is invalid."))?;
    let bound_to = match (scheme, &known.key) {
        (Scheme::Bearer, None) => return Ok(&known.scopes),
        (Scheme::Bearer, Some(_)) => {
            let description = "The access token is bound to a key, and no bearer token.";
            return Err(Refusal::of_call(Scheme::DPoP, "invalid_token", description, &org.url));
        }
        (Scheme::DPoP, None) => return Err(refuse("invalid_token", "The access token is bound to no key.")),
        (Scheme::DPoP, Some(key)) => key,
    };
    let nonces = demand_nonce.then_some(&*nonces);
    let target = Target { method: parts.method.as_str(), url: &url, access_token: Some(token), nonces };
    match proof::check(&parts.headers, &target, used, seconds(now)) {
        Ok(key) if key == *bound_to => Ok(&known.scopes),
        Ok(_) => Err(refuse("invalid_token", "The access token is bound to another key than that of the DPoP proof.")),
        Err(Broken::Invalid(description)) => Err(refuse("invalid_dpop_proof", description)),
        Err(Broken::Nonce(description)) => Err(refuse("use_dpop_nonce", description)),
    }
}
