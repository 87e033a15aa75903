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
    /// Adds what every request has, and keeps the rest.
    pub(super) fn complete(request: &mut Request) -> Self {
        let own = request.headers().iter().filter(|(name, _)| *name != ACCEPT && *name != CONTENT_TYPE);
        let headers = own.map(|(name, value)| (name.clone(), value.clone())).collect();
        request.headers_mut().insert(ACCEPT, JSON);
        let body = request.body().and_then(|body| body.as_bytes()).map(|bytes| bytes.to_vec().into());
        Self { url: request.url().clone(), headers, body }
    }

    /// The request once more, saying so.
    pub(super) fn again(&self, operation: &Operation, progress: &Progress) -> Request {
        let mut request = Request::new(operation.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        let headers = request.headers_mut();
        headers.insert(ACCEPT, JSON);
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
        let cookies = self.headers.get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let cookies = cookies.split("; ").filter_map(|pair| pair.split_once('='));
        // From the end: the org's URL may have a base path.
        let segments = operation.path.rsplit('/').zip(self.url.path().rsplit('/'));
        let parameters = segments.filter(|(name, _)| name.starts_with('{')).map(|(_, value)| value);
        let texts = body_texts.iter().map(ExposeSecret::expose_secret);
        cookies.map(|(_, value)| value).chain(parameters).chain(texts).collect()
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

fn collect_texts(value: Value, texts: &mut Vec<SecretString>) {
    match value {
        Value::String(text) => texts.push(text.into()),
        Value::Array(elements) => elements.into_iter().for_each(|element| collect_texts(element, texts)),
        Value::Object(members) => members.into_iter().for_each(|(_, member)| collect_texts(member, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
