//! What was sent: kept so that it can be sent again, and so that none of its secrets comes back in an error.

use http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, Url};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde_json::Value;

use super::Progress;
use crate::operation::Operation;

const RETRY_FOR: HeaderName = HeaderName::from_static("x-okta-retry-for");
const RETRY_COUNT: HeaderName = HeaderName::from_static("x-okta-retry-count");

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The parts of a request that are its own. What every request has is added anew.
pub(super) struct Sent {
    url: Url,
    headers: HeaderMap,
    body: Option<SecretSlice<u8>>,
}

impl Sent {
    pub(super) fn of(request: &Request) -> Self {
        // What the HTTP client has for every request need not be kept.
        let own = request.headers().iter().filter(|(name, _)| *name != ACCEPT && *name != CONTENT_TYPE);
        let headers = own.map(|(name, value)| (name.clone(), value.clone())).collect();
        let body = request.body().and_then(|body| body.as_bytes()).map(|bytes| bytes.to_vec().into());
        Self { url: request.url().clone(), headers, body }
    }

    /// The request once more, saying so.
    pub(super) fn again(&self, operation: &Operation, progress: &Progress) -> Request {
        let mut request = Request::new(operation.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        let headers = request.headers_mut();
        headers.insert(RETRY_COUNT, progress.attempts.into());
        if let Some(id) = &progress.first_request_id {
            headers.insert(RETRY_FOR, id.clone());
        }
        if let Some(body) = &self.body {
            headers.insert(CONTENT_TYPE, JSON);
            *request.body_mut() = Some(body.expose_secret().to_vec().into());
        }
        request
    }

    /// The values of the cookies, the parameters in the path, and the texts of the body.
    pub(super) fn secrets<'a>(&'a self, operation: &Operation, body_texts: &'a [SecretString]) -> Vec<&'a str> {
        let mut secrets = Vec::with_capacity(2 + body_texts.len());
        if let Some(cookies) = self.headers.get(COOKIE).and_then(|value| value.to_str().ok()) {
            secrets.extend(cookies.split("; ").filter_map(|pair| pair.split_once('=')).map(|(_, value)| value));
        }
        secrets.extend(parameters(operation.path, self.url.path()));
        secrets.extend(body_texts.iter().map(ExposeSecret::expose_secret));
        secrets
    }

    /// The texts of the body.
    pub(super) fn body_texts(&self) -> Vec<SecretString> {
        let mut texts = Vec::new();
        if let Some(body) = &self.body {
            collect_texts(serde_json::from_slice(body.expose_secret()).unwrap_or_default(), &mut texts);
        }
        texts
    }
}

/// The values that stand in a path for the parameters of its template, the last one first.
fn parameters<'a>(mut template: &'static str, mut path: &'a str) -> impl Iterator<Item = &'a str> {
    // From the end: the org's URL may have a base path.
    std::iter::from_fn(move || {
        let (before, after) = template.rsplit_once('}')?;
        let (rest, value) = path.strip_suffix(after)?.rsplit_once('/')?;
        (template, path) = (before.rsplit_once('/')?.0, rest);
        Some(value)
    })
}

fn collect_texts(value: Value, texts: &mut Vec<SecretString>) {
    match value {
        Value::String(text) => texts.push(text.into()),
        Value::Array(elements) => elements.into_iter().for_each(|element| collect_texts(element, texts)),
        Value::Object(members) => members.into_iter().for_each(|(_, member)| collect_texts(member, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_a_path_are_found_behind_any_base_path() {
        let cases = [
            ("/sessions/{id}", "/sessions/102a", vec!["102a"]),
            ("/sessions/{id}/refresh", "/base/sessions/102a/refresh", vec!["102a"]),
            ("/users/{user}/{id}", "/b/b/users/00u1/102a", vec!["102a", "00u1"]),
            ("/users/{user}/sessions/{id}/x", "/users/00u1/sessions/102a/x", vec!["102a", "00u1"]),
            ("/sessions/me", "/sessions/me", vec![]),
        ];
        for (template, path, values) in cases {
            assert_eq!(parameters(template, path).collect::<Vec<_>>(), values, "{template}");
        }
    }
}
