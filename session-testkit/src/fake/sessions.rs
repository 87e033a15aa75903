//! The seven session operations.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::SystemTime;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::answers::{self, Failure, View};
use super::oauth::{self, Scheme};
use super::org::{Org, Session, Shared};

type Answer = Result<Response, Failure>;

/// The id in the path. One that is no text is taken as it is written: it is the id of no session.
pub(super) struct Id(String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let id = Path::<String>::from_request_parts(parts, state).await;
        let written = || parts.uri.path().split('/').nth(4).unwrap_or_default().to_owned();
        Ok(Self(id.map_or_else(|_| written(), |Path(id)| id)))
    }
}

pub(super) async fn create(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Answer {
    shared.with_now(|org, now| {
        require_api_token(org, &headers)?;
        let token = session_token(&headers, &body)?;
        writable(org)?;
        let login = org.use_session_token(&token, now).ok_or(Failure::AuthenticationFailed)?;
        let session = org.create(&login, now).ok_or(Failure::AuthenticationFailed)?;
        Ok(Json(answers::session(org, &session, View::Created)).into_response())
    })
}

pub(super) async fn get(State(shared): State<Arc<Shared>>, Id(id): Id, parts: Parts) -> Answer {
    shared.with_now(|org, now| {
        require(org, &parts, "okta.sessions.read", now)?;
        let session = by_id(org, &id, now)?;
        Ok(Json(answers::session(org, &session, View::ById)).into_response())
    })
}

pub(super) async fn revoke(State(shared): State<Arc<Shared>>, Id(id): Id, parts: Parts) -> Answer {
    shared.with_now(|org, now| {
        require(org, &parts, "okta.sessions.manage", now)?;
        writable(org)?;
        let session = by_id(org, &id, now)?;
        org.end(&session);
        Ok(StatusCode::NO_CONTENT.into_response())
    })
}

pub(super) async fn refresh(State(shared): State<Arc<Shared>>, Id(id): Id, parts: Parts) -> Answer {
    shared.with_now(|org, now| {
        require(org, &parts, "okta.sessions.manage", now)?;
        writable(org)?;
        let session = by_id(org, &id, now)?;
        let session = org.refresh(&session, now);
        let mut response = Json(answers::session(org, &session, View::ById)).into_response();
        // Whoever may refresh a session is handed the cookies of its user.
        set_cookie(&mut response, &format!("sid={id};Version=1;Path=/;Secure"));
        set_cookie(&mut response, &format!("xids={};Version=1;Path=/;Secure", session.external_id));
        Ok(response)
    })
}

pub(super) async fn get_current(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Answer {
    shared.with_now(|org, now| {
        let session = current(org, &headers, now)?;
        Ok(Json(answers::session(org, &session, View::Current)).into_response())
    })
}

pub(super) async fn refresh_current(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Answer {
    shared.with_now(|org, now| {
        writable(org)?;
        let session = current(org, &headers, now)?;
        let session = org.refresh(&session, now);
        Ok(Json(answers::session(org, &session, View::Current)).into_response())
    })
}

pub(super) async fn close_current(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Answer {
    shared.with_now(|org, now| {
        writable(org)?;
        let session = current(org, &headers, now)?;
        org.end(&session);
        let mut response = StatusCode::NO_CONTENT.into_response();
        end_sid(&mut response);
        Ok(response)
    })
}

/// The session token of the body.
fn session_token(headers: &HeaderMap, body: &[u8]) -> Result<String, Failure> {
    let media_type = headers.get(CONTENT_TYPE).ok_or(Failure::HeadersMissing)?.to_str().unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Failure::MediaType);
    }
    match serde_json::from_slice::<Value>(body).ok().and_then(|mut body| Some(body.get_mut("sessionToken")?.take())) {
        Some(Value::String(token)) => Ok(token),
        _ => Err(Failure::MalformedBody),
    }
}

fn writable(org: &Org) -> Result<(), Failure> {
    if org.read_only { Err(Failure::ReadOnly) } else { Ok(()) }
}

fn by_id(org: &Org, id: &str, now: SystemTime) -> Result<Session, Failure> {
    org.by_id(id, now).ok_or_else(|| Failure::NoSuchSession(Some(id.to_owned())))
}

/// The session of the cookies; tokens do not count.
fn current(org: &Org, headers: &HeaderMap, now: SystemTime) -> Result<Session, Failure> {
    let header = headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let cookie = |name: &str| {
        let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(found, _)| *found == name).map(|(_, value)| value).next()
    };
    org.by_cookies(cookie("sid"), cookie("idx"), now).ok_or(Failure::NoSuchSession(None))
}

/// Scheme and token of the header `Authorization`. The space after `SSWS` may be missing: Okta's own SDK for Python
/// leaves it out, and Okta takes that.
fn authorization(headers: &HeaderMap) -> Option<(&str, &str)> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    header.split_once(' ').or_else(|| header.split_at_checked("SSWS".len()))
}

fn require_api_token(org: &Org, headers: &HeaderMap) -> Result<(), Failure> {
    match authorization(headers) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("SSWS") => {
            if token.trim() == org.api_token {
                Ok(())
            } else {
                Err(Failure::InvalidApiToken)
            }
        }
        // The operation takes no access token.
        _ => Err(Failure::NoCredential),
    }
}

fn require(org: &mut Org, parts: &Parts, scope: &str, now: SystemTime) -> Result<(), Failure> {
    let with_scheme =
        authorization(&parts.headers).and_then(|(name, token)| Some((Scheme::named(name)?, token.trim())));
    let Some((scheme, token)) = with_scheme else {
        return require_api_token(org, &parts.headers);
    };
    let scopes = oauth::scopes(org, parts, scheme, token, now).map_err(Failure::OAuth)?;
    // Who may manage may read.
    let suffices = |held: &String| held == scope || held == "okta.sessions.manage";
    if scopes.iter().any(suffices) { Ok(()) } else { Err(Failure::Forbidden) }
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// The cookies that come with every answer, failures included: one of the servlet container, and the end of `sid` for
/// who came without it. A cookie jar would mix up its users with the former, and sign them out with the latter.
pub(super) fn set_usual_cookies(org: &mut Org, operation: &str, response: &mut Response) {
    let by_cookie = matches!(operation, "getCurrentSession" | "closeCurrentSession" | "refreshCurrentSession");
    if !by_cookie && !response.headers().contains_key(SET_COOKIE) {
        end_sid(response);
    }
    let id = org.token("", 32);
    set_cookie(response, &format!("JSESSIONID={id}; Path=/; Secure; HttpOnly"));
}

fn end_sid(response: &mut Response) {
    set_cookie(response, "sid=\"\";Version=1;Path=/;Max-Age=0");
}
