//! Asks the token endpoint for an access token.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode};
use reqwest::Request;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::assertion;
use super::call::{MOST_NONCES, add_proof};
use super::dpop::{ProofKey, Purpose, token_hash};
use super::service::Service;
use super::tokens::{AccessToken, Binding};
use crate::auth::{Authorize, Fetching};
use crate::clock::Clock;
use crate::credentials::BearerToken;
use crate::error::{Answer, Error, Reason};
use crate::observe;
use crate::operation::Operation;
use crate::response::Response;
use crate::transport::{Limits, Received, Transport};

/// The request for a token, as the transport sees it. A repeat does no harm: each attempt has an assertion of its own.
static TOKEN: Operation = Operation {
    id: "token",
    method: Method::POST,
    path: super::TOKEN_PATH,
    returns_body: true,
    security: &[],
    anonymous: true,
    repeat_safe: true,
};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// How long a token is taken to live that does not say so.
const LIFE_UNTOLD: Duration = Duration::from_mins(5);

/// A longer life is believed no further.
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// How far off the client's clock may have been without being the reason for a refusal, in seconds. A server need not
/// take an assertion that says it was made later than now.
const TOLERANCE: u64 = 2;

/// A new token with these scopes.
pub(super) async fn fetch(
    service: &Service,
    transport: &Transport,
    scopes: &str,
    limits: &Limits<'_>,
) -> Result<AccessToken, Error> {
    let mut asking =
        Asking { service, clock: transport.clock.as_ref(), scopes, sent: None, nonces: 0, has_set_clock: false };
    let began = transport.clock.time_of_day();
    let request = Request::new(Method::POST, service.endpoint.clone());
    let sending = transport.send_within(&TOKEN, &mut asking, request, limits);
    let response: Response<TokenAnswer> = observe::call(&TOKEN, &service.endpoint, sending).await?;
    let key = asking.sent.and_then(|sent| sent.key);
    let odd = |message| {
        let answer = Answer { status: response.status(), headers: response.headers().clone(), reason: Reason::None };
        Error::decode(&TOKEN, message, Some(answer))
    };
    response.value().token(service, key, began).map_err(odd)
}

/// A success, as far as it is read. The scope is not: what a token may not do, the API refuses.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<SecretString>,
    token_type: Option<String>,
    expires_in: Option<Value>,
}

impl TokenAnswer {
    /// The token, which `key` was proved for. The error says what is wrong with the answer.
    fn token(
        &self,
        service: &Service,
        key: Option<Arc<ProofKey>>,
        began: SystemTime,
    ) -> Result<AccessToken, &'static str> {
        let text = self.access_token.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
        if text.trim().is_empty() {
            return Err("the token endpoint's answer has no access token");
        }
        let token = BearerToken::new(text)
            .map_err(|_| "the token endpoint's access token has characters that no token has, or is over 4096 bytes")?;
        let kind = self.token_type.as_deref().unwrap_or_default();
        let binding = if kind.eq_ignore_ascii_case("Bearer") {
            if service.settings.requires_dpop {
                return Err("the org issued a token that is not bound by DPoP, which the client demands");
            }
            // What is not bound needs no proof.
            service.set_wants_dpop(false);
            None
        } else if kind.eq_ignore_ascii_case("DPoP") {
            let key = key.ok_or("the org issued a token that is bound by DPoP, but to no key of this client")?;
            Some(Binding { key, token_hash: token_hash(token.expose_secret()) })
        } else {
            return Err("the token endpoint's answer has a token_type other than Bearer and DPoP");
        };
        let scheme = if binding.is_some() { "DPoP" } else { "Bearer" };
        let mut header = HeaderValue::from_str(&format!("{scheme} {}", token.expose_secret()))
            .map_err(|_| "the access token cannot stand in a header")?;
        header.set_sensitive(true);
        let life = life(self.expires_in.as_ref())?;
        Ok(AccessToken { token, header, binding, ends: began + life, life })
    }
}

/// How long a token lives: seconds, as a number or as text.
fn life(expires_in: Option<&Value>) -> Result<Duration, &'static str> {
    let seconds = match expires_in {
        None | Some(Value::Null) => return Ok(LIFE_UNTOLD),
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(_) => None,
    };
    let seconds =
        seconds.filter(|seconds| *seconds >= 1.0).ok_or("the token's expires_in is no number of seconds above 0")?;
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_LIFE).min(LONGEST_LIFE))
}

/// Authorises the attempts of one request for a token.
struct Asking<'a> {
    service: &'a Service,
    clock: &'a dyn Clock,
    scopes: &'a str,
    sent: Option<Sent>,
    nonces: u32,
    has_set_clock: bool,
}

/// What an attempt carried.
struct Sent {
    assertion: SecretString,
    proof: Option<SecretString>,
    key: Option<Arc<ProofKey>>,
    /// How far the server's clock was taken to be ahead.
    ahead: i64,
}

impl Asking<'_> {
    fn sign(&self, request: &mut Request) -> Option<Sent> {
        let service = self.service;
        let ahead = service.time.ahead();
        let now = service.time.now(self.clock);
        let assertion = assertion::sign(&service.settings, service.endpoint.as_str(), now).ok()?;
        let (mut key, mut proof) = (None, None);
        if service.wants_dpop() {
            let current = service.proof_keys.current().ok()?;
            let nonce = service.endpoint_nonce.get();
            let purpose = Purpose {
                method: request.method(),
                url: request.url(),
                nonce: nonce.as_deref(),
                token_hash: None,
                now,
            };
            let signed = current.prove(&purpose).ok()?;
            add_proof(request.headers_mut(), &signed)?;
            (key, proof) = (Some(current), Some(signed));
        }
        Some(Sent { assertion, proof, key, ahead })
    }
}

impl Authorize for Asking<'_> {
    fn add(&mut self, request: &mut Request) -> Result<bool, Error> {
        let sent = self.sign(request).ok_or_else(|| Error::unsigned(&TOKEN))?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", self.scopes)
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .append_pair("client_assertion", sent.assertion.expose_secret())
            .finish();
        request.headers_mut().insert(CONTENT_TYPE, FORM);
        *request.body_mut() = Some(form.into());
        self.sent = Some(sent);
        Ok(true)
    }

    fn fetch<'a>(&'a mut self, _: &'a Transport, _: Option<Duration>) -> Fetching<'a> {
        // All that it needs is made on the spot.
        Box::pin(async { Ok(()) })
    }

    fn take_in(&mut self, received: &Received) -> bool {
        let (Some(head), Some(sent)) = (&received.head, &self.sent) else { return false };
        self.service.time.learn(self.clock, &head.headers);
        let has_nonce = self.service.endpoint_nonce.learn(&head.headers);
        if !matches!(head.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) {
            return false;
        }
        match received.oauth_code().as_deref() {
            Some("use_dpop_nonce") if has_nonce => {
                self.service.set_wants_dpop(true);
                self.nonces += 1;
                self.nonces <= MOST_NONCES
            }
            // The org wants tokens that are bound.
            Some("invalid_dpop_proof") if sent.proof.is_none() => {
                self.service.set_wants_dpop(true);
                true
            }
            // The answer has told the time.
            Some("invalid_client" | "invalid_dpop_proof") if !self.has_set_clock => {
                self.has_set_clock = true;
                self.service.time.ahead().abs_diff(sent.ahead) > TOLERANCE
            }
            _ => false,
        }
    }

    fn secrets<'a>(&'a self, secrets: &mut Vec<&'a str>) {
        if let Some(sent) = &self.sent {
            secrets.push(sent.assertion.expose_secret());
            secrets.extend(sent.proof.as_ref().map(ExposeSecret::expose_secret));
        }
    }
}
