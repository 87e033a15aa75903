//! What to try after a failed call.

use session_client::{Error, ErrorKind, operations};

use crate::failure::is_no_session;

const IN_DOUBT: &str = "It may be done all the same; look before you try again.";

/// Whether something may have changed though the call failed. The library says so, as it does for a list of ids. Reading
/// changes nothing.
fn may_be_done(error: &Error) -> bool {
    error.is_in_doubt() && error.operation().is_none_or(|operation| operation.method != "GET")
}

/// What to try, in a sentence; none where the failure says it all.
pub(crate) fn of(error: &Error) -> Option<String> {
    let advice = match error.kind() {
        ErrorKind::Status => return of_status(error),
        ErrorKind::Credential => return of_credential(error),
        ErrorKind::Configuration if error.operation() == Some(&operations::CREATE_SESSION) => {
            "Sessions are created with an API token: set OKTA_CLIENT_TOKEN to one, and authorizationMode to SSWS."
        }
        ErrorKind::Configuration if error.operation().is_some() => {
            "Set OKTA_CLIENT_TOKEN, or `token` in okta.yaml: `okta-session config` shows what is set."
        }
        ErrorKind::Connect => "Check the org's URL, the network and the proxy: `okta-session config` shows them.",
        ErrorKind::Timeout if may_be_done(error) => {
            "It may be done all the same; look before you try again. A longer --deadline gives it more time."
        }
        ErrorKind::Timeout => "A longer --deadline gives it more time.",
        ErrorKind::Transport if may_be_done(error) => IN_DOUBT,
        ErrorKind::Transport => "Try again later.",
        ErrorKind::Decode => "Is the URL that of an Okta org? `okta-session config` shows it.",
        _ => return None,
    };
    Some(advice.to_owned())
}

/// The token endpoint gave no access token.
fn of_credential(error: &Error) -> Option<String> {
    let advice = match (error.code(), error.status().map(|status| status.as_u16())) {
        (Some("invalid_client"), _) => {
            "The org does not know the app, or not by this key: compare clientId, privateKey and privateKeyId with the app in \
             the Admin Console (`okta-session config` shows them), and see that app and key are active."
        }
        (Some("invalid_scope"), _) => {
            "Grant the app okta.sessions.read and okta.sessions.manage in the Admin Console (Okta API Scopes), and set no \
             `scopes` that it does not have."
        }
        (Some("unauthorized_client" | "unsupported_grant_type"), _) => {
            "The app has to be an API service app that may use client credentials, with a public key as its client \
             authentication."
        }
        (Some("invalid_dpop_proof" | "use_dpop_nonce"), _) => {
            "The org did not take the proof of possession (DPoP): check the clock of this machine, and that no proxy takes out \
             or changes the header DPoP."
        }
        (_, Some(429)) => return Some(of_rate_limit(error)),
        (None, Some(300..=399 | 404 | 405)) => "Is the URL that of an Okta org? `okta-session config` shows it.",
        (_, Some(500..=599)) => "Try again later; https://status.okta.com tells of incidents.",
        (_, None) if error.is_retryable() => {
            "Check the org's URL, the network and the proxy: `okta-session config` shows them."
        }
        _ => return None,
    };
    Some(advice.to_owned())
}

fn of_rate_limit(error: &Error) -> String {
    let wait = error.retry_after().map_or(0, |wait| wait.as_secs().max(1));
    format!("Try again in {wait} s, or give it a longer --deadline and more --max-retries.")
}

fn of_status(error: &Error) -> Option<String> {
    let by_cookie = error.operation().is_some_and(|operation| operation.security.is_empty());
    let status = error.status()?.as_u16();
    let advice = match (status, error.code()) {
        (401, Some("E0000004")) if error.operation() == Some(&operations::CREATE_SESSION) => {
            "The session token was used before, is older than five minutes, or is none: let the user sign in again."
        }
        (401, _) if by_cookie => "The org did not accept the cookie.",
        (401, _) => "The org did not accept the token: `okta-session config` shows where it is set.",
        (403, _) if by_cookie => "The org did not take the cookie for one: it has to be `sid=…` or `idx=…`.",
        (403, _) => {
            "The token may not do this: its administrator or app lacks the role, or the access token the scope \
             (okta.sessions.read to read, okta.sessions.manage for the rest)."
        }
        (404, _) if by_cookie && is_no_session(error) => "Nobody is signed in with this cookie.",
        (404, _) if is_no_session(error) => {
            "The session has ended, or the id is not the value of a cookie `sid`: the ids that `me get` shows and those \
             of cookies `idx` are not known here, and their sessions may be alive."
        }
        (404 | 405 | 300..=399, _) => "Is the URL that of an Okta org? `okta-session config` shows it.",
        (429, _) => return Some(of_rate_limit(error)),
        (503, Some("E0000010")) => "The org takes no changes during its maintenance; try again later.",
        (500..=599, _) if error.is_retryable() => {
            "Try again later; https://status.okta.com tells of incidents. More --max-retries bridge short ones."
        }
        (500..=599, _) if may_be_done(error) => IN_DOUBT,
        (500..=599, _) => "Try again later; https://status.okta.com tells of incidents.",
        _ => return None,
    };
    Some(advice.to_owned())
}
