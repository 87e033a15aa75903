//! Reading the headers of an answer.

use http::{HeaderMap, HeaderName};

/// Marks what may hold a credential, so that printing the map hides it.
pub(crate) fn mark_sensitive(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if !is_shown(name.as_str()) {
            value.set_sensitive(true);
        }
    }
}

/// Headers that hold no credential and help to find a fault; every other one is hidden when printed.
fn is_shown(name: &str) -> bool {
    matches!(
        name,
        "content-length"
            | "content-type"
            | "date"
            | "retry-after"
            | "server"
            | "x-okta-request-id"
            | "x-rate-limit-limit"
            | "x-rate-limit-remaining"
            | "x-rate-limit-reset"
    )
}

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-okta-request-id");

/// Okta's id for the request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    // Sensitive if it repeats a secret of the request.
    headers.get(REQUEST_ID).filter(|value| !value.is_sensitive())?.to_str().ok()
}
