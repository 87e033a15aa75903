//! Sends a request and reads the answer: the only place that awaits the network.

use bytes::{Bytes, BytesMut};
use http::header::{ACCEPT, AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::{Client, Request, RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Answer, Error};
use crate::operation::Operation;
use crate::response::Response;
use crate::types::ApiError;
use crate::{headers, redact};

/// The largest body that is read, in bytes. An answer of this API has less than a thousandth of it.
const MAX_BODY: usize = 1024 * 1024;

/// The longest excerpt of a body in an error, in characters.
const MAX_EXCERPT: usize = 200;

/// Sends the request once and reads the answer.
pub(crate) async fn send<T: DeserializeOwned>(
    client: &Client,
    operation: &'static Operation,
    authorization: Option<HeaderValue>,
    request: RequestBuilder,
) -> Result<Response<T>, Error> {
    let mut request = request.build().map_err(|error| Error::transport(operation, error))?;
    request.headers_mut().entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    if let Some(authorization) = authorization {
        request.headers_mut().insert(AUTHORIZATION, authorization);
    }
    let secrets = Secrets::of(&request);

    let mut response = client.execute(request).await.map_err(|error| Error::transport(operation, error))?;
    let status = response.status();
    let mut headers = std::mem::take(response.headers_mut());
    headers::mark_sensitive(&mut headers);
    let body = read(&mut response).await;
    if status.is_success() {
        succeed(operation, status, headers, body)
    } else {
        let secrets = secrets.reveal(operation, response.url());
        Err(fail(operation, status, headers, body, &secrets))
    }
}

/// A body, or as much of it as came.
struct Body {
    bytes: Bytes,
    fault: Option<Fault>,
}

/// Why a body is not whole.
enum Fault {
    TooLarge,
    Broken(reqwest::Error),
}

async fn read(response: &mut reqwest::Response) -> Body {
    let mut collected = BytesMut::new();
    let fault = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if collected.len() + chunk.len() > MAX_BODY => break Some(Fault::TooLarge),
            Ok(Some(chunk)) => collected.extend_from_slice(&chunk),
            Ok(None) => break None,
            Err(error) => break Some(Fault::Broken(error)),
        }
    };
    Body { bytes: collected.freeze(), fault }
}

fn succeed<T: DeserializeOwned>(
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
) -> Result<Response<T>, Error> {
    // Where no body is promised the status says it all, whatever else came: `T` is the unit type, JSON's `null`.
    let bytes = if operation.returns_body { body.bytes.as_ref() } else { b"null" };
    let answer = |headers| Answer { status, headers, ..Answer::default() };
    if operation.returns_body {
        match body.fault {
            Some(Fault::TooLarge) => {
                return Err(Error::decode(operation, "the body is larger than 1 MiB", answer(headers)));
            }
            Some(Fault::Broken(error)) => return Err(Error::transport(operation, error).with_answer(answer(headers))),
            None if bytes.is_empty() => {
                return Err(Error::decode(operation, "the answer has no body", answer(headers)));
            }
            None => {}
        }
    }
    match serde_json::from_slice(bytes) {
        Ok(value) => Ok(Response::new(value, status, headers)),
        // The message of serde can repeat the value it stumbled over: the place is all that is safe to tell.
        Err(error) => {
            let message = format!(
                "the body is not what the specification says ({:?} error at line {}, column {})",
                error.classify(),
                error.line(),
                error.column()
            );
            Err(Error::decode(operation, message, answer(headers)))
        }
    }
}

fn fail(
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    secrets: &[SecretString],
) -> Error {
    let secrets: Vec<&str> = secrets.iter().map(ExposeSecret::expose_secret).collect();
    let api_error = api_error(&body.bytes, &secrets);
    let excerpt = if api_error.is_none() { excerpt(&body.bytes, &secrets) } else { None };
    let error = Error::status_failure(operation, Answer { status, headers, api_error, excerpt });
    match body.fault {
        Some(Fault::Broken(fault)) => error.with_source(fault.without_url()),
        Some(Fault::TooLarge) | None => error,
    }
}

/// What Okta says of the failure, with the secrets of the request masked in all of its texts.
fn api_error(body: &[u8], secrets: &[&str]) -> Option<ApiError> {
    fn mask(value: &mut Value, secrets: &[&str]) {
        match value {
            Value::String(text) => *text = redact::mask_known(text, secrets),
            Value::Array(elements) => elements.iter_mut().for_each(|element| mask(element, secrets)),
            Value::Object(members) => {
                *members = std::mem::take(members)
                    .into_iter()
                    .map(|(name, mut value)| {
                        mask(&mut value, secrets);
                        (redact::mask_known(&name, secrets), value)
                    })
                    .collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut value: Value = serde_json::from_slice(body).ok()?;
    mask(&mut value, secrets);
    let error: ApiError = serde_json::from_value(value).ok()?;
    (error.error_code.is_some() || error.error_summary.is_some()).then_some(error)
}

fn excerpt(body: &[u8], secrets: &[&str]) -> Option<String> {
    // Masked before it is cut: half a secret would not be found.
    let text = redact::mask_lookalikes(&redact::mask_known(&String::from_utf8_lossy(body), secrets));
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_EXCERPT).collect();
    (!text.is_empty()).then(|| redact::printable(&text).into_owned())
}

/// What the request carries that must not come back in an error. Taking it copies next to nothing; reading it out is
/// for failures only.
struct Secrets {
    authorization: Option<HeaderValue>,
    cookie: Option<HeaderValue>,
    body: Option<SecretSlice<u8>>,
}

impl Secrets {
    fn of(request: &Request) -> Self {
        let header = |name| request.headers().get(name).cloned();
        Self {
            authorization: header(AUTHORIZATION),
            cookie: header(COOKIE),
            body: request.body().and_then(|body| body.as_bytes()).map(|bytes| bytes.to_vec().into()),
        }
    }

    /// The token, the values of the cookies, the parameters in the path, and the texts in the body.
    fn reveal(&self, operation: &Operation, url: &Url) -> Vec<SecretString> {
        let header = |value: &Option<HeaderValue>| {
            value.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let authorization = header(&self.authorization);
        let token = authorization.split_once(' ').map(|(_, token)| token);
        let cookie = header(&self.cookie);
        let cookies = cookie.split("; ").filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
        // From the end: the org's URL may have a base path.
        let template = operation.path.rsplit('/');
        let parameters =
            template.zip(url.path().rsplit('/')).filter(|(name, _)| name.starts_with('{')).map(|(_, value)| value);
        let mut secrets: Vec<SecretString> =
            token.into_iter().chain(cookies).chain(parameters).map(Into::into).collect();
        if let Some(body) = &self.body {
            collect_texts(serde_json::from_slice(body.expose_secret()).unwrap_or_default(), &mut secrets);
        }
        secrets
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
