//! No secret of OAuth 2.0 shows: neither key, assertion, proof nor access token. The org repeats what it was sent.

use httpmock::{HttpMockRequest, HttpMockResponse};
use serde_json::json;
use session_client::{Client, Credential, PrivateKey, operations};

use super::org::{CLIENT_ID, KEY, OAuthOrg, app, header, issued};
use crate::redaction::{assert_silent, printed};
use crate::support::{CANARY, answer, call, json_answer, session_body};
use crate::tracing_spans::watch;

const TOKEN: &str = "canaryAccessTokenAbCdEfGhIj1234567890";

/// The signature and the claims of a JWS: whoever shows part of it shows one of them.
fn parts(jws: &str) -> Vec<String> {
    jws.split('.').skip(1).map(str::to_owned).collect()
}

/// What of the request is secret, as the org sees it, with the words that must not show.
fn secrets(request: &HttpMockRequest) -> (String, Vec<String>) {
    let assertion = request.body_string().rsplit("client_assertion=").next().unwrap_or_default().to_owned();
    let sent =
        [header(request, "authorization").unwrap_or_default(), header(request, "dpop").unwrap_or_default(), assertion];
    let words = sent.iter().filter(|text| text.matches('.').count() == 2).flat_map(|jws| parts(jws));
    (sent.join(" "), words.chain([CANARY.to_owned()]).collect())
}

/// Answers with the secrets of the request wherever an answer has room.
fn repeating(request: &HttpMockRequest, status: u16, form: usize) -> HttpMockResponse {
    let (secrets, _) = secrets(request);
    let body = match form {
        0 => json!({"error": "invalid_token", "error_description": secrets}).to_string(),
        1 => json!({"error": secrets, "error_description": secrets}).to_string(),
        2 => json!({"errorCode": "E1", "errorSummary": secrets, "errorId": secrets}).to_string(),
        _ => format!("<html><title>{secrets}</title></html>"),
    };
    let headers = ["www-authenticate", "server", "x-request-was", "set-cookie", "dpop-nonce"];
    answer(status, &headers.map(|name| (name, secrets.as_str())), body)
}

fn assert_hides(texts: &[String], words: &[String], case: &str) {
    assert_silent(texts, case);
    for word in words {
        assert!(!texts.iter().any(|text| text.contains(word)), "{case}: {word} in {texts:?}");
    }
}

#[tokio::test]
async fn a_refusal_of_the_token_endpoint_does_not_show_what_it_was_sent() {
    for form in 0..4 {
        for status in [200, 302, 400, 401, 403, 429, 503] {
            let org = OAuthOrg::with_tokens(move |request| repeating(request, status, form)).await;
            let client = org.builder(app().require_dpop()).max_retries(0).build().expect("the client can be built");

            let error = call(&client, &operations::GET_SESSION).await.expect_err("there is no token");

            let asked = org.take_asked();
            assert!(!asked.is_empty());
            for request in asked {
                let (_, words) = secrets(&request.0);
                assert_eq!(words.len(), 5, "claims and signature of both, and the canary: {words:?}");
                assert_hides(&printed(&error), &words, &format!("{status} form {form}"));
            }
        }
    }
}

#[tokio::test]
async fn a_failure_of_the_api_does_not_show_token_or_proof() {
    for form in 0..4 {
        for status in [400, 401, 403, 404, 503] {
            let token = json!({"access_token": TOKEN, "token_type": "DPoP", "expires_in": 3600});
            let api = move |request: &HttpMockRequest| repeating(request, status, form);
            let org = OAuthOrg::with_api([issued(&token)], api).await;
            let client = org.builder(app().require_dpop()).max_retries(0).build().expect("the client can be built");

            let error = call(&client, &operations::GET_SESSION).await.expect_err("the answer says failure");

            for request in org.take_called() {
                let (sent, words) = secrets(&request);
                assert!(sent.contains(TOKEN) && words.len() == 3, "{words:?}");
                assert_hides(&printed(&error), &words, &format!("{status} form {form}"));
            }
        }
    }
}

#[tokio::test]
async fn nothing_is_told_of_keys_and_tokens_at_any_level() {
    let token = json!({"access_token": TOKEN, "token_type": "DPoP", "expires_in": 3600});
    let org = OAuthOrg::with_api([issued(&token)], |_| json_answer(200, &session_body())).await;
    let client = org.client(app().require_dpop());

    let told = watch(async { drop(call(&client, &operations::GET_SESSION).await.expect("the org takes it")) }).await;

    assert!(told.contains(r#"otel.name="POST /oauth2/v1/token""#) && told.contains("getSession"), "{told}");
    for request in org.take_called().into_iter().chain(org.take_asked().into_iter().map(|asked| asked.0)) {
        let (_, words) = secrets(&request);
        assert_hides(std::slice::from_ref(&told), &words, "told");
    }
}

#[test]
fn a_key_and_what_holds_it_show_nothing_of_it() {
    let key = PrivateKey::from_pem(KEY).expect("the key is one");
    let credential = Credential::private_key(CLIENT_ID, key.clone(), ["okta.sessions.read"]).expect("it is one");
    let builder = Client::builder("https://acme.okta.com").credential(app());
    let settings = builder.settings();
    let shown = format!("{key:?} {:?} {credential:?} {credential:#?} {builder:#?} {settings:?}", app());
    let client = builder.build().expect("the client can be built");
    let shown = format!("{shown} {client:?} {client:#?}");
    assert!(shown.contains("Credential(private key)") && shown.contains("PrivateKey(***)"), "{shown}");
    for line in KEY.lines().filter(|line| !line.starts_with('-')) {
        assert!(!shown.contains(line) && !shown.contains(&line[..20]), "{shown}");
    }
    // As bytes: the number of the key, in the three ways that Rust prints bytes.
    assert!(!shown.contains("[48, ") && !shown.contains("\\x"), "{shown}");
}
