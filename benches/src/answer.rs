//! What all clients are measured with: what is asked, and the answer.

/// A session as Okta answers it.
pub const BODY: &str = concat!(
    r#"{"id":"102example0Example1Example2a9","userId":"00uexample1Example0g4","login":"augusta.lovelace@example.com","#,
    r#""createdAt":"2026-01-22T07:01:28.000Z","expiresAt":"2026-01-22T09:01:28.000Z","status":"ACTIVE","#,
    r#""lastPasswordVerification":"2026-01-22T07:01:28.000Z","amr":["pwd","mfa"],"#,
    r#""idp":{"id":"00oexample1Example0g4","type":"OKTA"},"mfaActive":true,"_links":{"self":{"#,
    r#""href":"https://acme.okta.com/api/v1/sessions/me","hints":{"allow":["GET","DELETE"]}},"refresh":{"#,
    r#""href":"https://acme.okta.com/api/v1/sessions/me/lifecycle/refresh","hints":{"allow":["POST"]}},"user":{"#,
    r#""href":"https://acme.okta.com/api/v1/users/me","hints":{"allow":["GET"]}}}}"#,
);

const _: () = assert!(BODY.len() == 642, "the figures are for this size");

/// The id that is asked for.
pub const ID: &str = "102example0Example1Example2a9";

/// The headers beside `Date` and `Content-Length`, which the server adds.
pub const HEADERS: [(&str, &str); 7] = [
    ("content-type", "application/json"),
    ("server", "nginx"),
    ("x-okta-request-id", "a1b2c3d4e5f60718293a4b5c6d7e8f90"),
    ("x-rate-limit-limit", "600"),
    ("x-rate-limit-remaining", "599"),
    ("x-rate-limit-reset", "1769065260"),
    ("cache-control", "no-cache, no-store"),
];

/// An access token that lives a day, of this kind.
#[must_use]
pub fn token(kind: &str) -> String {
    let text = "eyExampleExampleExampleExampleExampleExampleExampleExampleExample.example.example";
    format!(r#"{{"access_token":"{text}","token_type":"{kind}","expires_in":86400}}"#)
}

/// The API token of those that send one; as long as Okta's.
pub const TOKEN: &str = "00exampleExampleExampleExample0123456789ab";
