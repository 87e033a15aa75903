//! What Okta answers: sessions with their nulls and links, and errors with their codes.

use std::time::SystemTime;

use axum::Json;
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use serde_json::{Value, json};

use super::oauth::Refusal;
use super::org::{Org, Session};

/// How the API writes a time: in UTC, with milliseconds that are always zero.
pub(super) fn timestamp(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).trunc_subsecs(0).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Which operation a session is the answer of: they name and link it in different ways.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum View {
    Created,
    Current,
    ById,
}

pub(super) fn session(org: &Org, session: &Session, view: View) -> Value {
    let url = &org.url;
    // Only who created the session, or named it by its id, is told the id.
    let id = match (view, &session.id) {
        (View::Created | View::ById, Some(id)) => id,
        _ => &session.external_id,
    };
    let (path, user) = match view {
        View::ById => (session.external_id.as_str(), session.user.id.as_str()),
        View::Created | View::Current => ("me", "me"),
    };
    let links = json!({
        "self": {"href": format!("{url}/api/v1/sessions/{path}"), "hints": {"allow": ["GET", "DELETE"]}},
        "refresh": {
            "href": format!("{url}/api/v1/sessions/{path}/lifecycle/refresh"),
            "hints": {"allow": ["POST"]},
        },
        "user": {
            "name": session.user.login,
            "href": format!("{url}/api/v1/users/{user}"),
            "hints": {"allow": ["GET"]},
        },
    });
    let mut body = json!({
        "id": id,
        "userId": session.user.id,
        "login": session.user.login,
        "createdAt": timestamp(session.created),
        "expiresAt": timestamp(session.expires),
        "status": "ACTIVE",
        "lastPasswordVerification": timestamp(session.created),
        "lastFactorVerification": null,
        "amr": ["pwd"],
        "mfaActive": false,
        "_links": links,
    });
    if !(org.identity_engine && view == View::Current) {
        body["idp"] = json!({"id": org.id, "type": "OKTA"});
    }
    body
}

/// A failure, as Okta words it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Failure {
    MalformedBody,
    HeadersMissing,
    MediaType,
    AuthenticationFailed,
    NoCredential,
    Forbidden,
    NoSuchSession(Option<String>),
    NotFound,
    MethodNotAllowed(&'static str),
    ReadOnly,
    InvalidApiToken,
    /// A refusal in the form of OAuth 2.0.
    OAuth(Refusal),
    RateLimited,
    /// A status that a fault asks for.
    Status(StatusCode),
}

impl Failure {
    /// The failure that Okta means by this status.
    pub(super) fn with_status(status: u16) -> Self {
        match status {
            400 => Self::MalformedBody,
            401 => Self::InvalidApiToken,
            403 => Self::Forbidden,
            429 => Self::RateLimited,
            503 => Self::ReadOnly,
            other => Self::Status(StatusCode::from_u16(other).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)),
        }
    }

    fn status_code_and_summary(&self) -> (StatusCode, &'static str, String) {
        let words = |status, code, summary: &str| (status, code, summary.to_owned());
        match self {
            Self::MalformedBody => words(StatusCode::BAD_REQUEST, "E0000003", "The request body was not well-formed."),
            Self::HeadersMissing => words(
                StatusCode::BAD_REQUEST,
                "E0000018",
                "Bad request. Accept and/or Content-Type headers are likely not set.",
            ),
            Self::MediaType => words(
                StatusCode::BAD_REQUEST,
                "E0000021",
                "Bad request. Accept and/or Content-Type headers likely do not match supported values.",
            ),
            Self::AuthenticationFailed => words(StatusCode::UNAUTHORIZED, "E0000004", "Authentication failed"),
            Self::InvalidApiToken => words(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided"),
            Self::NoCredential => words(StatusCode::FORBIDDEN, "E0000005", "Invalid session"),
            Self::Forbidden => {
                words(StatusCode::FORBIDDEN, "E0000006", "You do not have permission to perform the requested action")
            }
            Self::NoSuchSession(id) => {
                let id = id.as_deref().unwrap_or("me");
                (StatusCode::NOT_FOUND, "E0000007", format!("Not found: Resource not found: {id} (AppSession)"))
            }
            Self::NotFound => words(StatusCode::NOT_FOUND, "E0000008", "The requested path was not found"),
            Self::MethodNotAllowed(_) => words(
                StatusCode::METHOD_NOT_ALLOWED,
                "E0000022",
                "The endpoint does not support the provided HTTP method",
            ),
            Self::ReadOnly => words(StatusCode::SERVICE_UNAVAILABLE, "E0000010", "Service is in read only mode"),
            Self::RateLimited => words(
                StatusCode::TOO_MANY_REQUESTS,
                "E0000047",
                "API call exceeded rate limit due to too many requests.",
            ),
            Self::OAuth(refusal) => words(refusal.status, refusal.error, refusal.description),
            Self::Status(status) => (*status, "E0000009", "Internal Server Error".to_owned()),
        }
    }

    pub(super) fn response(&self, error_id: &str) -> Response {
        let (status, code, summary) = self.status_code_and_summary();
        if let Self::OAuth(refusal) = self {
            return refusal.clone().into_response();
        }
        let body = json!({
            "errorCode": code,
            "errorSummary": summary,
            "errorLink": code,
            "errorId": error_id,
            "errorCauses": [],
        });
        let mut response = (status, Json(body)).into_response();
        if let Self::MethodNotAllowed(allowed) = self {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
        }
        response
    }
}
