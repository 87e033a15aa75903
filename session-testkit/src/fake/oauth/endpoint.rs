//! The token endpoint: client credentials for an access token.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::access::{self, Grant};
use super::proof::{self, Broken, Target};
use super::refusal::{Refusal, Scheme};
use super::{OAuth, TokenRequest, assertion, seconds, url_of};
use crate::fake::org::{Org, Shared};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// `POST /oauth2/v1/token`.
pub(in crate::fake) async fn token(State(shared): State<Arc<Shared>>, parts: Parts, body: Bytes) -> Response {
    shared.with_now(|org, now| {
        let mut request = TokenRequest::default();
        let answer = answer(org, &parts, &body, &mut request, now);
        request.error = answer.as_ref().err().map(|refusal| refusal.error);
        org.oauth.requests.push(request);
        answer.unwrap_or_else(IntoResponse::into_response)
    })
}

fn answer(
    org: &mut Org,
    parts: &Parts,
    body: &[u8],
    request: &mut TokenRequest,
    now: SystemTime,
) -> Result<Response, Refusal> {
    let form = form(&parts.headers, body)?;
    let parameter = |name: &str| form.get(name).map(String::as_str);
    request.scopes = parameter("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    if parameter("grant_type") != Some("client_credentials") {
        return Err(Refusal::of_token("unsupported_grant_type", "The grant type has to be client_credentials."));
    }
    let url = url_of(parts, &org.url);
    let client = authenticate(&mut org.oauth, &form, &url, now)?;
    request.client_id = Some(client.clone());
    let key = prove(&mut org.oauth, parts, &url, now)?;
    check_scopes(&org.oauth, &client, &request.scopes)?;
    let scheme = if key.is_some() { Scheme::DPoP } else { Scheme::Bearer };
    request.token_type = Some(scheme.name());
    let grant = Grant { client: Some(client), scopes: request.scopes.clone(), key };
    let answer = json!({
        "token_type": scheme.name(),
        "expires_in": org.oauth.token_lifetime.as_secs(),
        "access_token": access::issue(org, grant, now),
        "scope": request.scopes.join(" "),
    });
    Ok(([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(answer)).into_response())
}

/// The parameters of the request, each of which may come once.
fn form(headers: &HeaderMap, body: &[u8]) -> Result<HashMap<String, String>, Refusal> {
    let refuse = |description| Err(Refusal::of_token("invalid_request", description));
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return refuse("The body has to be application/x-www-form-urlencoded.");
    }
    let mut form = HashMap::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        if form.insert(name.into_owned(), value.into_owned()).is_some() {
            return refuse("A parameter comes more than once.");
        }
    }
    if headers.contains_key(AUTHORIZATION) || form.contains_key("client_secret") {
        return refuse("The client has to prove itself by its assertion and nothing else.");
    }
    Ok(form)
}

/// The client that the assertion proves.
fn authenticate(
    oauth: &mut OAuth,
    form: &HashMap<String, String>,
    url: &str,
    now: SystemTime,
) -> Result<String, Refusal> {
    let refuse = |description| Refusal::of_token("invalid_client", description);
    let assertion = match (form.get("client_assertion_type"), form.get("client_assertion")) {
        (Some(kind), Some(assertion)) if kind == ASSERTION_TYPE => assertion,
        _ => return Err(refuse("The client assertion or its type is missing.")),
    };
    let client = assertion::check(assertion, &oauth.clients, &mut oauth.used, url, seconds(now)).map_err(refuse)?;
    match form.get("client_id") {
        Some(other) if *other != client => Err(refuse("The client_id is not that of the client assertion.")),
        _ => Ok(client),
    }
}

/// The key that the token is to be bound to. A proof that nobody has asked for is not looked at, as at Okta: its SDK for
/// Node.js sends one always, and uses the token as a bearer token.
fn prove(oauth: &mut OAuth, parts: &Parts, url: &str, now: SystemTime) -> Result<Option<String>, Refusal> {
    if !oauth.demand_dpop {
        return Ok(None);
    }
    let nonces = Some(&oauth.nonces);
    let target = Target { method: parts.method.as_str(), url, access_token: None, nonces };
    match proof::check(&parts.headers, &target, &mut oauth.used, seconds(now)) {
        Ok(key) => Ok(Some(key)),
        Err(Broken::Invalid(description)) => Err(Refusal::of_token("invalid_dpop_proof", description)),
        Err(Broken::Nonce(description)) => Err(Refusal::of_token("use_dpop_nonce", description)),
    }
}

fn check_scopes(oauth: &OAuth, client: &str, scopes: &[String]) -> Result<(), Refusal> {
    let granted = oauth.clients.get(client).map_or(&[][..], |client| &client.scopes);
    if scopes.is_empty() {
        return Err(Refusal::of_token("invalid_scope", "The request has to name the scopes of the token."));
    }
    if !scopes.iter().all(|scope| granted.contains(scope)) {
        return Err(Refusal::of_token("invalid_scope", "The request names a scope that the client is not granted."));
    }
    Ok(())
}
