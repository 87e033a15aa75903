//! OAuth 2.0 for services: the org as the authorization server that issues access tokens, and as the resource server that
//! takes them.

mod access;
mod assertion;
mod clients;
mod endpoint;
mod jws;
mod key;
mod nonces;
mod proof;
mod refusal;
mod used;

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::header::{CACHE_CONTROL, HOST, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use serde::Serialize;

use self::access::AccessToken;
pub(super) use self::access::{Grant, issue, scopes};
use self::clients::Client;
pub use self::clients::InvalidKey;
pub(super) use self::endpoint::token;
use self::nonces::Nonces;
pub(super) use self::refusal::{Refusal, Scheme};
use self::used::Used;
use super::FakeOrg;

/// A hundred years.
const LONGEST_LIFETIME: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A token request that the org has answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TokenRequest {
    /// The client, if its assertion has proved it.
    pub client_id: Option<String>,
    /// The scopes that it has asked for.
    pub scopes: Vec<String>,
    /// What kind of token was issued: `Bearer` or `DPoP`; none if none was.
    pub token_type: Option<&'static str>,
    /// Why none was issued: `invalid_client` and the like.
    pub error: Option<&'static str>,
}

/// The service apps and their tokens.
pub(super) struct OAuth {
    clients: HashMap<String, Client>,
    tokens: HashMap<String, AccessToken>,
    token_lifetime: Duration,
    pub(super) demand_dpop: bool,
    pub(super) demand_nonce: bool,
    nonces: Nonces,
    used: Used,
    requests: Vec<TokenRequest>,
}

impl OAuth {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            clients: HashMap::new(),
            tokens: HashMap::new(),
            token_lifetime: Duration::from_secs(60 * 60),
            demand_dpop: false,
            demand_nonce: false,
            nonces: Nonces::new(seed),
            used: Used::default(),
            requests: Vec::new(),
        }
    }

    /// What comes of the requests so far is gone. Clients and settings stay.
    pub(super) fn reset(&mut self) {
        self.tokens.clear();
        self.used = Used::default();
        self.requests.clear();
    }

    /// The client ids, in their order.
    pub(super) fn client_ids(&self) -> Vec<&String> {
        let mut ids: Vec<_> = self.clients.keys().collect();
        ids.sort();
        ids
    }

    pub(super) fn register(&mut self, client_id: String, key: &str, scopes: &[&str]) -> Result<(), InvalidKey> {
        self.clients.insert(client_id, Client::new(key, scopes)?);
        Ok(())
    }

    pub(super) fn set_token_lifetime(&mut self, lifetime: Duration) {
        // A time beyond every calendar is none.
        self.token_lifetime = lifetime.min(LONGEST_LIFETIME);
    }

    pub(super) fn revoke_tokens(&mut self) {
        self.tokens.clear();
    }

    /// Makes a new nonce. The one before is taken as well until the next, or no more.
    pub(super) fn change_nonce(&mut self, keep: bool) -> &str {
        self.nonces.change(keep);
        self.nonces.current()
    }

    /// Tells the nonce to who has sent a proof, where proofs need one.
    pub(super) fn tell_nonce(&self, is_token_request: bool, headers: &mut HeaderMap) {
        let demanded = if is_token_request { self.demand_dpop } else { self.demand_nonce };
        if demanded && let Ok(nonce) = HeaderValue::from_str(self.nonces.current()) {
            headers.insert(HeaderName::from_static("dpop-nonce"), nonce);
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }

    pub(super) fn requests(&self) -> &[TokenRequest] {
        &self.requests
    }
}

/// Tokens and nonces are left out.
impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("clients", &self.client_ids())
            .field("tokens", &self.tokens.len())
            .field("token_lifetime", &self.token_lifetime)
            .field("demand_dpop", &self.demand_dpop)
            .field("demand_nonce", &self.demand_nonce)
            .field("requests", &self.requests)
            .finish_non_exhaustive()
    }
}

/// A time as JWTs have it, which may have a fraction.
fn seconds(time: SystemTime) -> f64 {
    since_epoch(time).as_secs_f64()
}

fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Where a request went, by the name that its sender has for the org; without query.
fn url_of(parts: &Parts, org_url: &str) -> String {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let origin = host.map_or_else(|| org_url.to_owned(), |host| format!("http://{host}"));
    format!("{origin}{}", parts.uri.path())
}

/// # OAuth 2.0
impl FakeOrg {
    /// Registers a service app, or gives one another key and other scopes. The key is a JWK, a JWK set or PEM, such as the
    /// app's own private key, of which only the public half is kept.
    ///
    /// The org then checks the app's assertions as RFC 7523 and Okta say: signature (RS256, RS384, RS512, ES256, ES384,
    /// ES512), `kid`, `iss`, `sub`, `aud`, `exp`, `nbf`, `iat`, and that a `jti` comes once.
    ///
    /// # Errors
    /// The text holds no key, or none that Okta takes.
    pub fn register_client(&self, client_id: impl Into<String>, key: &str, scopes: &[&str]) -> Result<(), InvalidKey> {
        self.shared.lock().oauth.register(client_id.into(), key, scopes)
    }

    /// Whether apps have to prove that they hold a key (DPoP, RFC 9449), to which their tokens are then bound. Token
    /// requests need a proof with a nonce of the org. Without this, proofs are not looked at there, and tokens are bearer
    /// tokens.
    pub fn demand_dpop(&self, demand: bool) {
        self.shared.lock().oauth.demand_dpop = demand;
    }

    /// Whether the proofs that come with session operations need a nonce of the org as well.
    pub fn demand_nonce(&self, demand: bool) {
        self.shared.lock().oauth.demand_nonce = demand;
    }

    /// Changes the nonce. Proofs with the one before are refused with `use_dpop_nonce`.
    pub fn rotate_nonce(&self) {
        self.shared.lock().oauth.change_nonce(false);
    }

    /// Changes the nonce, and takes the one before until it changes again: the next answers bring the new one.
    pub fn renew_nonce(&self) {
        self.shared.lock().oauth.change_nonce(true);
    }

    /// How long the access tokens live that are issued from now on; an hour if not set.
    pub fn set_access_token_lifetime(&self, lifetime: Duration) {
        self.shared.lock().oauth.set_token_lifetime(lifetime);
    }

    /// Ends all access tokens before their time.
    pub fn revoke_access_tokens(&self) {
        self.shared.lock().oauth.revoke_tokens();
    }

    /// The token requests that the org has answered so far, oldest first. Those that met a [`Fault`](super::Fault) are
    /// only in the record of [requests](Self::requests).
    #[must_use]
    pub fn token_requests(&self) -> Vec<TokenRequest> {
        self.shared.lock().oauth.requests().to_vec()
    }
}
