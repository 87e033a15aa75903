//! How users and browsers sign in.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::answers::{Failure, timestamp};
use super::org::Shared;

/// `POST /api/v1/authn`: user name and password for a session token.
pub(super) async fn authenticate(State(shared): State<Arc<Shared>>, body: Bytes) -> Result<Response, Failure> {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Failure::MalformedBody)?;
    let text = |name: &str| body[name].as_str().ok_or(Failure::MalformedBody);
    let (login, password) = (text("username")?, text("password")?);
    shared.with_now(|org, now| {
        if !org.has_password(login, password) {
            return Err(Failure::AuthenticationFailed);
        }
        let token = org.sign_in(login, now).ok_or(Failure::AuthenticationFailed)?;
        let user_id = org.user(login).map(|user| user.id.clone());
        let answer = json!({
            "expiresAt": timestamp(now + std::time::Duration::from_secs(5 * 60)),
            "status": "SUCCESS",
            "sessionToken": token,
            "_embedded": {"user": {"id": user_id, "profile": {"login": login}}},
        });
        Ok(Json(answer).into_response())
    })
}

/// `GET /login/sessionCookieRedirect`: a session token for a cookie, and on to the target.
pub(super) async fn redirect(State(shared): State<Arc<Shared>>, uri: Uri) -> Result<Response, Failure> {
    let query = uri.query().unwrap_or_default();
    let value =
        |name: &str| url::form_urlencoded::parse(query.as_bytes()).find(|(found, _)| found == name).map(|(_, it)| it);
    let (Some(token), Some(target)) = (value("token"), value("redirectUrl")) else {
        return Err(Failure::MalformedBody);
    };
    let target = HeaderValue::from_str(&target).map_err(|_| Failure::MalformedBody)?;
    shared.with_now(|org, now| {
        let mut response = (StatusCode::FOUND, [(LOCATION, target)]).into_response();
        // A token that does not work sends the browser on without a session.
        if let Some(login) = org.use_session_token(&token, now)
            && let Some(cookie) = org.sign_browser_in(&login, now)
            && let Ok(cookie) = HeaderValue::from_str(&format!("{cookie}; Path=/; Secure; HttpOnly"))
        {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    })
}
