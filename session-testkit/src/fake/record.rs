//! The record of what the org was asked.

use axum::http::HeaderMap;
use serde::Serialize;

/// A request that the org received.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The operation, if it is one: `getSession` and the like.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// The headers, as they came; what is no text is left out.
    pub headers: Vec<(String, String)>,
    /// The body; what is no text is replaced.
    pub body: String,
    /// The status of the answer; none if the connection was reset.
    pub status: Option<u16>,
}

impl RecordedRequest {
    /// The value of the first header with this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let same = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().find(same).map(|(_, value)| value.as_str())
    }
}

pub(super) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    text.collect()
}
