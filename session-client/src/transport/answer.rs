//! What becomes of an answer: a value or an error, neither of which shows a secret of the request.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Progress;
use super::attempt::{Fault, Head, Received};
use crate::error::{Answer, Error, OAuthError, Reason, TOO_LARGE};
use crate::headers::REQUEST_ID;
use crate::operation::Operation;
use crate::redact;
use crate::response::Response;
use crate::types::{ApiError, ErrorCause};

/// The longest excerpt of a body in an error, in characters.
const MAX_EXCERPT: usize = 200;

/// How much of a body is looked at for an excerpt, in bytes.
const EXCERPT_SOURCE: usize = 16 * 1024;

/// What a call returns.
pub(super) fn read<T: DeserializeOwned>(
    operation: &'static Operation,
    outcome: Result<Received, Error>,
    progress: Progress,
) -> Result<Response<T>, Error> {
    let outcome = outcome.and_then(|received| succeed(operation, received, progress.attempts));
    outcome.map_err(|error| error.after(progress))
}

/// The value of an answer with a status of success.
fn succeed<T: DeserializeOwned>(
    operation: &'static Operation,
    received: Received,
    attempts: u32,
) -> Result<Response<T>, Error> {
    // Where no body is promised the status says it all, whatever else came: `T` is the unit type, JSON's `null`.
    let body = if operation.returns_body { without_mark(&received.body) } else { b"null" };
    let message = match (&received.fault, serde_json::from_slice(body)) {
        (Some(Fault::TooLarge), _) if operation.returns_body => TOO_LARGE.to_owned(),
        (_, Ok(value)) => return Ok(Response::new(value, received.head.unwrap_or_default(), received.body, attempts)),
        _ if body.is_empty() => "the answer has no body".to_owned(),
        // The message of serde can repeat the value it stumbled over: the place is all that is safe to tell.
        (_, Err(error)) => {
            let (kind, line, column) = (error.classify(), error.line(), error.column());
            format!("the body is not what the specification says ({kind:?} error at line {line}, column {column})")
        }
    };
    let (answer, _) = of(received, &[]);
    Err(Error::decode(operation, message, answer))
}

/// What an error keeps of an attempt, with the secrets of the request masked, and its fault.
pub(super) fn of(received: Received, secrets: &[&str]) -> (Option<Answer>, Option<Fault>) {
    let Received { head, body, fault } = received;
    let answer = head.map(|Head { status, headers }| {
        let reason = if status.is_success() { Reason::None } else { reason(&body, fault.is_none(), secrets) };
        Answer { status, headers, reason }
    });
    (answer, fault)
}

/// Whether the answer is Okta's own, and not that of a gateway in front of it.
pub(super) fn is_from_okta(received: &Received) -> bool {
    let has_id = received.head.as_ref().is_some_and(|head| head.headers.contains_key(REQUEST_ID));
    has_id || matches!(reason(&received.body, received.fault.is_none(), &[]), Reason::Okta(_))
}

#[cfg(feature = "oauth")]
impl Received {
    /// The code of a failure in the form of OAuth 2.0, such as `invalid_client`.
    pub(crate) fn oauth_code(&self) -> Option<String> {
        match reason(&self.body, self.fault.is_none(), &[]) {
            Reason::OAuth(error) => Some(error.error),
            _ => None,
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
    match api_error(value.clone()) {
        Some(error) => Reason::Okta(Box::new(error)),
        None => excerpt(value.to_string().as_bytes(), true, secrets),
    }
}

/// Okta's form of a failure. A member of another shape than promised does not cost the others.
fn api_error(mut value: Value) -> Option<ApiError> {
    let members = value.as_object_mut()?;
    for name in ["errorCode", "errorSummary", "errorLink", "errorId"] {
        if members.get(name).is_some_and(|member| !member.is_string()) {
            members.remove(name);
        }
    }
    match members.get_mut("errorCauses") {
        Some(Value::Array(causes)) => {
            causes.retain(|cause| serde_json::from_value::<ErrorCause>(cause.clone()).is_ok());
        }
        Some(_) => drop(members.remove("errorCauses")),
        None => {}
    }
    let mut error: ApiError = serde_json::from_value(value).ok()?;
    // What reads like a word ends up on terminals.
    for word in [&mut error.error_code, &mut error.error_id, &mut error.error_link] {
        *word = word.take().map(printable);
    }
    (error.error_code.is_some() || error.error_summary.is_some()).then_some(error)
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
