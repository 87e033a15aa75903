//! Refusals in the form that OAuth 2.0 gives them.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::key::ALGORITHMS;

/// A refusal with its words for programs and for people.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::fake) struct Refusal {
    pub(in crate::fake) status: StatusCode,
    pub(in crate::fake) error: &'static str,
    pub(in crate::fake) description: &'static str,
    challenge: Option<String>,
}

impl Refusal {
    /// One of the token endpoint.
    pub(super) fn of_token(error: &'static str, description: &'static str) -> Self {
        let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self { status, error, description, challenge: None }
    }

    /// One of a session operation, for a token of this scheme.
    pub(super) fn of_call(scheme: Scheme, error: &'static str, description: &'static str, realm: &str) -> Self {
        let scheme = match scheme {
            Scheme::Bearer => "Bearer".to_owned(),
            Scheme::DPoP => format!("DPoP algs=\"{ALGORITHMS}\","),
        };
        let challenge = format!("{scheme} realm=\"{realm}\", error=\"{error}\", error_description=\"{description}\"");
        Self { status: StatusCode::UNAUTHORIZED, error, description, challenge: Some(challenge) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"error": self.error, "error_description": self.description});
        let mut response = (self.status, Json(body)).into_response();
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(challenge) = self.challenge.and_then(|challenge| HeaderValue::from_str(&challenge).ok()) {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// How an access token comes with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fake) enum Scheme {
    Bearer,
    DPoP,
}

impl Scheme {
    pub(in crate::fake) fn named(name: &str) -> Option<Self> {
        [Self::Bearer, Self::DPoP].into_iter().find(|scheme| scheme.name().eq_ignore_ascii_case(name))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::DPoP => "DPoP",
        }
    }
}
