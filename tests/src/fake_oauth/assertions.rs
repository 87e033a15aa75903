//! RFC 7523, section 3, and the token request around it: what is done to a request that is right, and what comes of it.

use serde_json::{Value, json};

use super::jwt::{parts, with_another_claim};
use super::{CLIENT, Call, Given, SCOPES, Signer};

/// Section, what is done, how, and what comes of it.
struct Row(&'static str, &'static str, fn(&Given, &mut Call), &'static str);

const DONE: &str = "200";
const NO_CLIENT: &str = "401 invalid_client";
const NO_REQUEST: &str = "400 invalid_request";
const NO_SCOPE: &str = "400 invalid_scope";

const ROWS: &[Row] = &[
    Row("3", "nothing", |_, _| {}, DONE),
    Row("3.1", "no iss", |_, call| call.assertion().without("iss"), NO_CLIENT),
    Row("3.1", "another iss", |_, call| claim(call, "iss", "0oaOther"), NO_CLIENT),
    Row("3.1", "iss is no text", |_, call| claim(call, "iss", json!([CLIENT])), NO_CLIENT),
    Row("3.2", "no sub", |_, call| call.assertion().without("sub"), NO_CLIENT),
    Row("3.2", "a sub that is no client", |_, call| claim(call, "sub", "0oaOther"), NO_CLIENT),
    Row("3.2", "client_id is the sub", |_, call| call.set("client_id", CLIENT), DONE),
    Row("3.2", "client_id is not the sub", |_, call| call.set("client_id", "0oaOther"), NO_CLIENT),
    Row("3.3", "no aud", |_, call| call.assertion().without("aud"), NO_CLIENT),
    Row("3.3", "aud is the org", |given, call| claim(call, "aud", given.org.url()), NO_CLIENT),
    Row("3.3", "aud has no port", |_, call| claim(call, "aud", "http://127.0.0.1/oauth2/v1/token"), NO_CLIENT),
    Row("3.3", "aud ends with a slash", |given, call| claim(call, "aud", given.endpoint() + "/"), NO_CLIENT),
    Row(
        "3.3",
        "aud has another scheme",
        |given, call| claim(call, "aud", given.endpoint().replace("http:", "https:")),
        NO_CLIENT,
    ),
    Row("3.3", "aud is one of several", |given, call| claim(call, "aud", json!(["x", given.endpoint()])), DONE),
    Row("3.3", "aud is none of several", |given, call| claim(call, "aud", json!(["x", given.org.url()])), NO_CLIENT),
    Row("3.4", "no exp", |_, call| call.assertion().without("exp"), NO_CLIENT),
    Row("3.4", "exp is text", |given, call| claim(call, "exp", (given.now() + 60).to_string()), NO_CLIENT),
    Row("3.4", "exp is now", |given, call| claim(call, "exp", given.now()), NO_CLIENT),
    Row("3.4", "exp is past", |given, call| claim(call, "exp", given.now() - 1), NO_CLIENT),
    Row("3.4", "exp is a second ahead", |given, call| claim(call, "exp", given.now() + 1), DONE),
    Row("3.4", "exp is an hour ahead", |given, call| claim(call, "exp", given.now() + 3600), DONE),
    Row("3.4", "exp is further ahead", |given, call| claim(call, "exp", given.now() + 3601), NO_CLIENT),
    Row("3.5", "nbf is past", |given, call| claim(call, "nbf", given.now() - 1), DONE),
    Row("3.5", "nbf is to come", |given, call| claim(call, "nbf", given.now() + 1), NO_CLIENT),
    Row("3.6", "no iat", |_, call| call.assertion().without("iat"), DONE),
    Row("3.6", "iat has a fraction", |_, call| claim(call, "iat", json!(1.5)), DONE),
    Row("3.6", "iat is to come", |given, call| claim(call, "iat", given.now() + 1), NO_CLIENT),
    Row("3.7", "no jti", |_, call| call.assertion().without("jti"), DONE),
    Row("3.8", "a claim that nobody knows", |_, call| claim(call, "other", json!({"a": [1]})), DONE),
    Row("3.9", "no signature", |_, call| header(call, "alg", "none"), NO_CLIENT),
    Row("3.9", "signed with the public key as a secret", |_, call| header(call, "alg", "HS256"), NO_CLIENT),
    Row("3.9", "another algorithm than the signature's", |_, call| header(call, "alg", "RS256"), NO_CLIENT),
    Row("3.9", "signed by a stranger", |_, call| forge(call), NO_CLIENT),
    Row("3.9", "changed after it was signed", |_, call| call.assertion().rewrite = with_another_claim, NO_CLIENT),
    Row(
        "3.9",
        "the signature cut",
        |_, call| call.assertion().rewrite = |text| text[..text.len() - 2].to_owned(),
        NO_CLIENT,
    ),
    Row("3.9", "a kid that is no key of the client", |_, call| header(call, "kid", "key-2"), NO_CLIENT),
    Row("3.9", "no kid, of one key", |_, call| call.assertion().header_without("kid"), DONE),
    Row("3.10", "an extension that has to be understood", |_, call| header(call, "crit", json!(["exp"])), NO_CLIENT),
    Row("3.10", "two parts", |_, call| call.assertion().rewrite = |text| parts(text, 0..2), NO_CLIENT),
    Row("3.10", "four parts", |_, call| call.assertion().rewrite = |text| format!("{text}.{text}"), NO_CLIENT),
    Row("3.10", "base64 with padding", |_, call| call.assertion().rewrite = |text| format!("{text}="), NO_CLIENT),
    Row("3.10", "no JSON", |_, call| call.assertion().rewrite = |text| format!("e30K{text}"), NO_CLIENT),
    Row("3.10", "claims that are no JSON", |_, call| call.assertion().reword = |text| format!("{text}}}"), NO_CLIENT),
    Row("3.10", "a claim that comes twice", |_, call| call.assertion().reword = twice, NO_CLIENT),
    Row("2.2", "no assertion", |_, call| call.assertion = None, NO_CLIENT),
    Row("2.2", "an empty assertion", |_, call| call.assertion().rewrite = |_| String::new(), NO_CLIENT),
    Row("2.2", "no type of assertion", |_, call| call.unset("client_assertion_type"), NO_CLIENT),
    Row("2.2", "another type of assertion", |_, call| call.set("client_assertion_type", "saml2-bearer"), NO_CLIENT),
    Row("6749 2.3", "a secret beside it", |_, call| call.set("client_secret", "x"), NO_REQUEST),
    Row("6749 2.3", "a header beside it", |_, call| call.authorization = Some(("SSWS", "x".to_owned())), NO_REQUEST),
    Row("6749 3.2", "a parameter that comes twice", |_, call| call.form.extend(call.form.first().cloned()), NO_REQUEST),
    Row("6749 4.4", "JSON", |_, call| call.headers[0].1 = "application/json".to_owned(), NO_REQUEST),
    Row("6749 4.4", "no media type", |_, call| call.headers.clear(), NO_REQUEST),
    Row("6749 4.4", "another grant", |_, call| call.set("grant_type", "password"), "400 unsupported_grant_type"),
    Row("6749 3.3", "no scope", |_, call| call.unset("scope"), NO_SCOPE),
    Row("6749 3.3", "one of the scopes", |_, call| call.set("scope", SCOPES[0]), DONE),
    Row(
        "6749 3.3",
        "a scope that is not granted",
        |_, call| call.set("scope", "okta.sessions.read okta.users.read"),
        NO_SCOPE,
    ),
];

fn claim(call: &mut Call, name: &str, value: impl Into<Value>) {
    call.assertion().claims[name] = value.into();
}

fn header(call: &mut Call, name: &str, value: impl Into<Value>) {
    call.assertion().header[name] = value.into();
}

fn forge(call: &mut Call) {
    call.assertion.as_mut().expect("the call has an assertion").1 = Signer::Stranger;
}

fn twice(claims: &str) -> String {
    claims.replacen('{', r#"{"sub":"0oaOther","#, 1)
}

#[tokio::test]
async fn a_token_request_is_checked_as_rfc_7523_says() {
    let given = Given::new().await;
    for Row(section, what, change, expected) in ROWS {
        let mut call = given.token_call();
        change(&given, &mut call);

        let answer = given.send(&call).await;

        assert_eq!(answer.outcome(), *expected, "{section}: {what}: {answer:?}");
        assert_eq!(answer.cache.as_deref(), Some("no-store"), "{section}: {what}");
        let explained = answer.body["error_description"].as_str().is_some_and(|text| text.ends_with('.'));
        assert_eq!(explained, *expected != DONE, "{section}: {what}: {answer:?}");
    }
}

#[tokio::test]
async fn an_assertion_works_once_whatever_became_of_the_request() {
    let given = Given::new().await;
    let repeat = async |first: &Call| {
        let mut again = given.token_call();
        again.assertion().claims["jti"] = first.assertion.as_ref().expect("it is there").0.claims["jti"].clone();
        given.send(&again).await.outcome()
    };

    let granted = given.token_call();
    assert_eq!(given.send(&granted).await.outcome(), DONE);
    assert_eq!(repeat(&granted).await, NO_CLIENT);

    let mut refused = given.token_call();
    refused.set("scope", "okta.users.read");
    assert_eq!(given.send(&refused).await.outcome(), NO_SCOPE);
    assert_eq!(repeat(&refused).await, NO_CLIENT);

    let mut expired = given.token_call();
    expired.assertion().claims["exp"] = json!(given.now());
    assert_eq!(given.send(&expired).await.outcome(), NO_CLIENT);
    assert_eq!(repeat(&expired).await, NO_CLIENT);

    // What a stranger sends uses up nothing of the client's.
    let mut forged = given.token_call();
    forge(&mut forged);
    assert_eq!(given.send(&forged).await.outcome(), NO_CLIENT);
    assert_eq!(repeat(&forged).await, DONE);
}
