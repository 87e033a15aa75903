//! The control endpoint: what Rust tests do by method calls, for tests in any language.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::timestamp;
use super::faults::Fault;
use super::oauth::{self, Grant};
use super::org::Shared;

type Org = State<Arc<Shared>>;
type Body<T> = Result<Json<T>, JsonRejection>;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/_fake", get(show))
        .route("/_fake/clock", post(advance))
        .route("/_fake/users", post(add_user))
        .route("/_fake/session-tokens", post(session_token))
        .route("/_fake/cookies", post(cookie))
        .route("/_fake/access-tokens", post(access_token).delete(revoke_access_tokens))
        .route("/_fake/clients", post(register_client))
        .route("/_fake/oauth", put(set_oauth))
        .route("/_fake/nonce", post(change_nonce))
        .route("/_fake/token-requests", get(token_requests))
        .route("/_fake/faults", post(add_fault).delete(clear_faults))
        .route("/_fake/read-only", put(set_read_only))
        .route("/_fake/requests", get(requests).delete(clear_requests))
        .route("/_fake/reset", post(reset))
}

/// What was wrong with a request to the control endpoint.
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"error": self.1}))).into_response()
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}

fn no_such_user(login: &str) -> Refusal {
    Refusal(StatusCode::NOT_FOUND, format!("there is no user {login}"))
}

async fn show(State(shared): Org) -> impl IntoResponse {
    shared.with_now(|org, now| {
        let mut users: Vec<_> = org.logins().collect();
        users.sort();
        Json(json!({
            "url": org.url,
            "apiToken": org.api_token,
            "now": timestamp(now),
            "identityEngine": org.identity_engine,
            "users": users,
            "clients": org.oauth.client_ids(),
            "demandDpop": org.oauth.demand_dpop,
            "demandNonce": org.oauth.demand_nonce,
            "sessionsAlive": org.alive(now).count(),
        }))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Advance {
    advance_seconds: f64,
}

/// Some ten years: far enough for every test.
const FARTHEST: f64 = 315_360_000.0;

async fn advance(State(shared): Org, body: Body<Advance>) -> Result<impl IntoResponse, Refusal> {
    let seconds = body?.advance_seconds;
    if !(0.0..=FARTHEST).contains(&seconds) {
        return Err(Refusal(StatusCode::BAD_REQUEST, format!("`advanceSeconds` has to be from 0 to {FARTHEST}")));
    }
    shared.time.advance(Duration::from_secs_f64(seconds));
    Ok(Json(json!({"now": timestamp(shared.time.now())})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    login: String,
    password: String,
}

async fn add_user(State(shared): Org, body: Body<NewUser>) -> Result<impl IntoResponse, Refusal> {
    let Json(user) = body?;
    shared.lock().add_user(user.login, user.password);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    login: String,
}

async fn session_token(State(shared): Org, body: Body<Login>) -> Result<impl IntoResponse, Refusal> {
    let Json(Login { login }) = body?;
    let token = shared.with_now(|org, now| org.sign_in(&login, now)).ok_or_else(|| no_such_user(&login))?;
    Ok(Json(json!({"sessionToken": token})))
}

async fn cookie(State(shared): Org, body: Body<Login>) -> Result<impl IntoResponse, Refusal> {
    let Json(Login { login }) = body?;
    let cookie = shared.with_now(|org, now| org.sign_browser_in(&login, now)).ok_or_else(|| no_such_user(&login))?;
    Ok(Json(json!({"cookie": cookie})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scopes {
    scopes: Vec<String>,
}

async fn access_token(State(shared): Org, body: Body<Scopes>) -> Result<impl IntoResponse, Refusal> {
    let Json(Scopes { scopes }) = body?;
    let token = shared.with_now(|org, now| oauth::issue(org, Grant::to_test(scopes), now));
    Ok(Json(json!({"accessToken": token})))
}

async fn revoke_access_tokens(State(shared): Org) -> StatusCode {
    shared.lock().oauth.revoke_tokens();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewClient {
    client_id: String,
    /// Text in PEM or JSON, or the JSON itself.
    key: Value,
    scopes: Vec<String>,
}

async fn register_client(State(shared): Org, body: Body<NewClient>) -> Result<impl IntoResponse, Refusal> {
    let Json(client) = body?;
    let key = client.key.as_str().map_or_else(|| client.key.to_string(), str::to_owned);
    let scopes: Vec<&str> = client.scopes.iter().map(String::as_str).collect();
    let registered = shared.lock().oauth.register(client.client_id, &key, &scopes);
    registered.map_err(|error| Refusal(StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OAuthSettings {
    demand_dpop: Option<bool>,
    demand_nonce: Option<bool>,
    access_token_lifetime_seconds: Option<u32>,
}

async fn set_oauth(State(shared): Org, body: Body<OAuthSettings>) -> Result<impl IntoResponse, Refusal> {
    let Json(settings) = body?;
    let oauth = &mut shared.lock().oauth;
    oauth.demand_dpop = settings.demand_dpop.unwrap_or(oauth.demand_dpop);
    oauth.demand_nonce = settings.demand_nonce.unwrap_or(oauth.demand_nonce);
    if let Some(seconds) = settings.access_token_lifetime_seconds {
        oauth.set_token_lifetime(Duration::from_secs(seconds.into()));
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NonceChange {
    #[serde(default)]
    keep_previous: bool,
}

async fn change_nonce(State(shared): Org, body: Body<NonceChange>) -> Result<impl IntoResponse, Refusal> {
    let keep = body?.keep_previous;
    Ok(Json(json!({"nonce": shared.lock().oauth.change_nonce(keep)})))
}

async fn token_requests(State(shared): Org) -> impl IntoResponse {
    Json(shared.lock().oauth.requests().to_vec())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewFault {
    fault: String,
    operation: Option<String>,
    #[serde(default = "once")]
    times: u64,
}

fn once() -> u64 {
    1
}

async fn add_fault(State(shared): Org, body: Body<NewFault>) -> Result<impl IntoResponse, Refusal> {
    let Json(new) = body?;
    let fault: Fault = new.fault.parse().map_err(|message| Refusal(StatusCode::BAD_REQUEST, message))?;
    let fault = fault.times(new.times);
    // A test in another language has no compiler to find its slip of the pen, and the fault would never come.
    if new.operation.as_deref().is_some_and(|operation| !Fault::TARGETS.contains(&operation)) {
        let names = Fault::TARGETS.join(", ");
        return Err(Refusal(StatusCode::BAD_REQUEST, format!("`operation` has to be one of {names}")));
    }
    shared.lock().faults.push(match new.operation {
        Some(operation) => fault.of(operation),
        None => fault,
    });
    Ok(StatusCode::NO_CONTENT)
}

async fn clear_faults(State(shared): Org) -> StatusCode {
    shared.lock().faults.clear();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReadOnly {
    read_only: bool,
}

async fn set_read_only(State(shared): Org, body: Body<ReadOnly>) -> Result<impl IntoResponse, Refusal> {
    shared.lock().read_only = body?.read_only;
    Ok(StatusCode::NO_CONTENT)
}

async fn requests(State(shared): Org) -> impl IntoResponse {
    Json(shared.lock().record.to_vec())
}

async fn clear_requests(State(shared): Org) -> StatusCode {
    shared.lock().record.take();
    StatusCode::NO_CONTENT
}

async fn reset(State(shared): Org) -> StatusCode {
    shared.lock().reset();
    StatusCode::NO_CONTENT
}
