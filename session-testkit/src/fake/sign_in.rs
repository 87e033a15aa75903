//! How users, browsers and services sign in.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::answers::{Failure, oauth_failure, timestamp};
use super::org::{ACCESS_TOKEN_LIFETIME, Shared};

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

/// `POST /oauth2/v1/token`: client credentials for an access token. The assertion is taken as it is.
pub(super) async fn token(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let value =
        |name: &str| url::form_urlencoded::parse(&body).find(|(found, _)| found == name).map(|(_, value)| value);
    let refuse = |error, description| oauth_failure(StatusCode::BAD_REQUEST, error, description);
    if value("grant_type").as_deref() != Some("client_credentials") {
        return refuse("unsupported_grant_type", "The grant type has to be client_credentials.");
    }
    let assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let assertion = value("client_assertion").filter(|assertion| assertion.split('.').count() == 3);
    if value("client_assertion_type").as_deref() != Some(assertion_type) || assertion.is_none() {
        return oauth_failure(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "The client assertion is missing or malformed.",
        );
    }
    let scopes: Vec<String> = value("scope").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    let known = |scope: &String| scope == "okta.sessions.read" || scope == "okta.sessions.manage";
    if scopes.is_empty() || !scopes.iter().all(known) {
        return refuse("invalid_scope", "The requested scope is invalid, unknown, or malformed.");
    }
    let granted = scopes.join(" ");
    let access_token = shared.with_now(|org, now| org.issue_access_token(scopes, now));
    let answer = json!({
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_LIFETIME.as_secs(),
        "access_token": access_token,
        "scope": granted,
    });
    Json(answer).into_response()
}
