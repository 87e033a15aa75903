//! What becomes of an answer: a value or an error, neither of which shows a secret of the request.

use std::borrow::Cow;

use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Progress;
use super::attempt::{Fault, Received};
use crate::error::{Answer, Error, OAuthError, Reason};
use crate::operation::Operation;
use crate::redact;
use crate::response::Response;
use crate::types::ApiError;

/// The longest excerpt of a body in an error, in characters.
const MAX_EXCERPT: usize = 200;

/// How much of a body is looked at for an excerpt, in bytes.
const EXCERPT_SOURCE: usize = 16 * 1024;

/// The value of an answer with a status of success.
pub(super) fn succeed<T: DeserializeOwned>(
    operation: &'static Operation,
    received: Received,
    progress: &Progress,
) -> Result<Response<T>, Error> {
    let Received { head: Some(head), body, fault } = received else {
        return Err(Error::decode(operation, "there is no answer", None, progress));
    };
    let wrong = |message: &str, headers: HeaderMap| {
        let answer = Answer { status: head.status, headers, reason: Reason::None };
        Error::decode(operation, message.to_owned(), Some(answer), progress)
    };
    // Where no body is promised the status says it all, whatever else came: `T` is the unit type, JSON's `null`.
    let body = if operation.returns_body { body.as_slice() } else { b"null" };
    if operation.returns_body && matches!(fault, Some(Fault::TooLarge)) {
        return Err(wrong("the body is larger than 1 MiB", head.headers));
    }
    if body.is_empty() {
        return Err(wrong("the answer has no body", head.headers));
    }
    match serde_json::from_slice(without_mark(body)) {
        Ok(value) => Ok(Response::new(value, head.status, head.headers, progress.attempts)),
        // The message of serde can repeat the value it stumbled over: the place is all that is safe to tell.
        Err(error) => {
            let (kind, line, column) = (error.classify(), error.line(), error.column());
            let message =
                format!("the body is not what the specification says ({kind:?} error at line {line}, column {column})");
            Err(wrong(&message, head.headers))
        }
    }
}

/// The error of an attempt that was no success. `wait` is how long to wait before trying again, if that may help.
pub(super) fn fail(
    operation: &'static Operation,
    received: Received,
    secrets: &[SecretString],
    progress: &Progress,
    wait: Option<std::time::Duration>,
) -> Error {
    let secrets: Vec<&str> = secrets.iter().map(ExposeSecret::expose_secret).collect();
    let Received { head, body, fault } = received;
    let answer = head.map(|mut head| {
        hide(&mut head.headers, &secrets);
        let reason = if head.status.is_success() { Reason::None } else { reason(&body, fault.is_none(), &secrets) };
        Answer { status: head.status, headers: head.headers, reason }
    });
    Error::attempt(operation, answer, fault, progress).retry_after_wait(wait)
}

/// Marks headers that repeat a secret of the request.
fn hide(headers: &mut HeaderMap, secrets: &[&str]) {
    for value in headers.values_mut() {
        let repeats = value.to_str().is_ok_and(|text| redact::mask_known(text, secrets) != text);
        if repeats {
            value.set_sensitive(true);
        }
    }
}

/// What the body says of the failure, with the secrets of the request masked in all of its texts.
fn reason(body: &[u8], whole: bool, secrets: &[&str]) -> Reason {
    let Ok(mut value) = serde_json::from_slice::<Value>(without_mark(body)) else {
        return excerpt(body, whole, secrets);
    };
    mask(&mut value, secrets);
    if value.get("error").is_some_and(Value::is_string)
        && let Ok(error) = serde_json::from_value::<OAuthError>(value.clone())
    {
        return Reason::OAuth(OAuthError { error: printable(error.error), ..error });
    }
    match serde_json::from_value::<ApiError>(value.clone()) {
        Ok(mut error) if error.error_code.is_some() || error.error_summary.is_some() => {
            // What reads like a word ends up on terminals.
            for word in [&mut error.error_code, &mut error.error_id, &mut error.error_link] {
                *word = word.take().map(printable);
            }
            Reason::Okta(Box::new(error))
        }
        _ => excerpt(value.to_string().as_bytes(), true, secrets),
    }
}

/// Without the byte order mark that some gateways put before JSON.
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

fn printable(text: String) -> String {
    match redact::printable(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(clean) => clean,
    }
}

fn mask(value: &mut Value, secrets: &[&str]) {
    match value {
        Value::String(text) => *text = redact::mask_known(text, secrets),
        Value::Array(elements) => elements.iter_mut().for_each(|element| mask(element, secrets)),
        Value::Object(members) => {
            let masked = std::mem::take(members).into_iter().map(|(name, mut value)| {
                mask(&mut value, secrets);
                (redact::mask_known(&name, secrets), value)
            });
            *members = masked.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The beginning of a text in which the secrets may be written in another way: escaped, or cut off.
fn excerpt(body: &[u8], whole: bool, secrets: &[&str]) -> Reason {
    let text = String::from_utf8_lossy(&body[..body.len().min(EXCERPT_SOURCE)]);
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if !whole || body.len() > EXCERPT_SOURCE {
        // Half a secret would not be found.
        words.pop();
    }
    // Escaping changes the other characters only.
    let parts = secrets.iter().flat_map(|secret| secret.split(|c: char| !c.is_ascii_alphanumeric()));
    let known: Vec<&str> = secrets.iter().copied().chain(parts).collect();
    let text = redact::mask_lookalikes(&redact::mask_known(&words.join(" "), &known));
    let text: String = text.chars().take(MAX_EXCERPT).collect();
    if text.is_empty() { Reason::None } else { Reason::Other(printable(text)) }
}
