//! Tokens that are bound to a key of the client.

use std::collections::BTreeSet;

use httpmock::{HttpMockRequest, HttpMockResponse};
use serde_json::{Value, json};
use session_client::{ErrorKind, operations};

use super::org::{OAuthOrg, app, claims, header, issued, jws_header, refusal, token};
use crate::support::{answer, call, json_answer, session_body};

const READ: &session_client::Operation = &operations::GET_SESSION;

fn bound(text: &str) -> HttpMockResponse {
    issued(&json!({"access_token": text, "token_type": "DPoP", "expires_in": 3600}))
}

fn with_nonce(mut response: HttpMockResponse, nonce: &str) -> HttpMockResponse {
    response.headers.get_or_insert_default().push(("dpop-nonce".to_owned(), nonce.to_owned()));
    response
}

/// What an org answers that wants a nonce in the proof.
fn wants_nonce(nonce: &str) -> HttpMockResponse {
    with_nonce(refusal(400, "use_dpop_nonce", "Authorization server requires nonce in DPoP proof."), nonce)
}

/// What an org answers that wants tokens to be bound.
fn wants_proof() -> HttpMockResponse {
    refusal(400, "invalid_dpop_proof", "The DPoP proof JWT header is missing.")
}

/// The claims of the proofs of the operations' requests since the last look.
fn proofs(called: &[HttpMockRequest]) -> Vec<Value> {
    called.iter().map(|request| claims(&header(request, "dpop").expect("there is a proof"))).collect()
}

#[tokio::test]
async fn an_org_that_demands_dpop_gets_it_by_the_handshake_and_then_at_once() {
    let org = OAuthOrg::start([wants_proof(), wants_nonce("n1"), with_nonce(bound("first"), "n2")]).await;
    let client = org.client(app());

    call(&client, READ).await.expect("the org takes the token");

    let asked = org.take_asked();
    let proofs: Vec<_> = asked.iter().map(super::org::TokenRequest::proof).collect();
    assert_eq!(proofs.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, true]);
    let [first, second] = [proofs[1].as_ref().expect("there is one"), proofs[2].as_ref().expect("there is one")];
    assert_eq!((first.get("nonce"), &second["nonce"]), (None, &json!("n1")));
    assert_eq!((&second["htm"], &second["htu"]), (&json!("POST"), &json!(org.url("/oauth2/v1/token"))));
    assert_eq!(second.get("ath"), None);
    assert_eq!(header(&asked[2].0, "x-okta-user-agent-extended").as_deref(), Some("isDPoP:true"));
    let ids: BTreeSet<_> = asked.iter().map(|asked| asked.claims()["jti"].to_string()).collect();
    assert_eq!(ids.len(), 3, "no assertion is sent twice");

    let called = org.take_called();
    assert_eq!(header(&called[0], "authorization").as_deref(), Some("DPoP first"));
    assert_eq!(header(&called[0], "x-okta-user-agent-extended").as_deref(), Some("isDPoP:true"));
    let proof = header(&called[0], "dpop").expect("there is a proof");
    let said = claims(&proof);
    assert_eq!((&said["htm"], &said["htu"]), (&json!("GET"), &json!(org.url(called[0].uri().path()))));
    // The hash of `first`, by another tool.
    assert_eq!(said["ath"], "p5N7ZLjKpY8Dchu2us9ceMsjX-vg5wsbhM2ZVBRhoI4");
    assert_eq!(said.get("nonce"), None, "the nonce of the token endpoint is not that of the API");
    let at_endpoint = jws_header(&header(&asked[2].0, "dpop").expect("there is a proof"));
    assert_eq!(jws_header(&proof), at_endpoint, "one key for both");

    org.answer_tokens([bound("second")]);
    org.advance(3600);
    call(&client, READ).await.expect("the org takes the token");
    let proof = org.take_one_asked().proof().expect("it is not left out again");
    assert_eq!(proof["nonce"], "n2", "the newest counts");
}

#[tokio::test]
async fn a_client_that_requires_dpop_asks_for_it_at_once_and_takes_no_other_token() {
    let org = OAuthOrg::start([bound("first")]).await;
    call(&org.client(app().require_dpop()), READ).await.expect("the org takes the token");
    assert!(org.take_one_asked().proof().is_some());

    let org = OAuthOrg::start([token("unbound")]).await;
    let error = call(&org.client(app().require_dpop()), READ).await.expect_err("the token is not bound");
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(error.to_string().contains("not bound by DPoP, which the client demands"), "{error}");
    assert!(org.take_called().is_empty());
}

#[tokio::test]
async fn an_org_that_demands_dpop_no_more_gets_no_proofs_any_more() {
    let org = OAuthOrg::start([wants_proof(), token("first"), token("second")]).await;
    let client = org.client(app());
    call(&client, READ).await.expect("the org takes the token");
    org.take_asked();
    org.advance(3600);
    call(&client, READ).await.expect("the org takes the token");
    assert!(org.take_one_asked().proof().is_none());
    assert!(org.take_called().iter().all(|request| header(request, "dpop").is_none()));
}

#[tokio::test]
async fn a_token_endpoint_that_is_never_content_with_a_nonce_ends_the_handshake() {
    let org = OAuthOrg::start([wants_nonce("n"), wants_nonce("n"), wants_nonce("n"), bound("late")]).await;
    let error = call(&org.client(app().require_dpop()), READ).await.expect_err("there is no token");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Credential, Some("use_dpop_nonce")));
    assert_eq!(org.take_asked().len(), 3);

    let org = OAuthOrg::start([wants_proof(), wants_proof(), bound("late")]).await;
    let error = call(&org.client(app()), READ).await.expect_err("there is no token");
    assert_eq!((error.code(), org.take_asked().len()), (Some("invalid_dpop_proof"), 2));

    let without = refusal(400, "use_dpop_nonce", "but which?");
    let org = OAuthOrg::start([without]).await;
    let error = call(&org.client(app()), READ).await.expect_err("there is no token");
    assert_eq!((error.code(), org.take_asked().len()), (Some("use_dpop_nonce"), 1));
}

/// An API that takes a proof with this nonce only.
fn wanting(nonce: &'static str) -> impl Fn(&HttpMockRequest) -> HttpMockResponse {
    move |request| {
        let proof = header(request, "dpop").expect("there is a proof");
        if claims(&proof)["nonce"] == nonce {
            return json_answer(200, &session_body());
        }
        let challenge = r#"DPoP error="use_dpop_nonce", error_description="Resource server requires nonce""#;
        answer(401, &[("www-authenticate", challenge), ("dpop-nonce", nonce)], "")
    }
}

#[tokio::test]
async fn an_api_that_wants_a_nonce_gets_it_with_the_same_token() {
    let org = OAuthOrg::with_api([bound("first")], wanting("r1")).await;
    let client = org.builder(app().require_dpop()).max_retries(0).build().expect("the client can be built");

    for _ in 0..2 {
        call(&client, READ).await.expect("the org takes the second proof");
    }

    let called = org.take_called();
    let nonces: Vec<_> = proofs(&called).iter().map(|proof| proof.get("nonce").cloned()).collect();
    assert_eq!(nonces, [None, Some(json!("r1")), Some(json!("r1"))]);
    assert_eq!(org.take_asked().len(), 1, "the token is not renewed");
}

#[tokio::test]
async fn an_api_that_is_never_content_with_a_nonce_ends_the_call() {
    let challenge = [("www-authenticate", "DPoP error=\"use_dpop_nonce\""), ("dpop-nonce", "n")];
    let numbers = std::sync::atomic::AtomicU32::new(0);
    let org = OAuthOrg::with_api([bound("first")], move |_| {
        // A client that does not end the call by itself gets what it wants: the test is to fail, not to hang.
        match numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0..3 => answer(401, &challenge, ""),
            _ => json_answer(200, &session_body()),
        }
    })
    .await;
    let error = call(&org.client(app().require_dpop()), READ).await.expect_err("the org takes no proof");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 3));
    assert_eq!(org.take_asked().len(), 1);
}

#[tokio::test]
async fn a_401_of_another_kind_renews_a_bound_token_and_nonces_are_not_confused_with_it() {
    let api = |request: &HttpMockRequest| match header(request, "authorization").as_deref() {
        Some("DPoP second") => json_answer(200, &session_body()),
        _ => answer(401, &[("www-authenticate", "DPoP error=\"invalid_token\""), ("dpop-nonce", "n")], ""),
    };
    let org = OAuthOrg::with_api([bound("first"), bound("second")], api).await;
    call(&org.client(app().require_dpop()), READ).await.expect("the org takes the second token");
    assert_eq!((org.take_asked().len(), org.take_called().len()), (2, 2));
}

#[tokio::test]
async fn the_newest_nonce_of_any_answer_is_in_the_next_proof() {
    let numbers = std::sync::atomic::AtomicU32::new(0);
    let org = OAuthOrg::with_api([bound("first")], move |_| {
        let number = numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let status = if number == 1 { 404 } else { 200 };
        with_nonce(json_answer(status, &session_body()), &format!("r{number}"))
    })
    .await;
    let client = org.client(app().require_dpop());
    for _ in 0..3 {
        let _ = call(&client, READ).await;
    }
    let nonces: Vec<_> = proofs(&org.take_called()).iter().map(|proof| proof.get("nonce").cloned()).collect();
    assert_eq!(nonces, [None, Some(json!("r0")), Some(json!("r1"))]);
}

#[tokio::test]
async fn every_attempt_has_a_proof_of_its_own() {
    let numbers = std::sync::atomic::AtomicU32::new(0);
    let org = OAuthOrg::with_api([bound("first")], move |_| {
        if numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2 {
            return answer(503, &[], "");
        }
        json_answer(200, &session_body())
    })
    .await;
    let success = call(&org.client(app().require_dpop()), READ).await;
    success.expect("the third attempt succeeds");
    let called = org.take_called();
    let ids: BTreeSet<_> = proofs(&called).iter().map(|proof| proof["jti"].to_string()).collect();
    assert_eq!((called.len(), ids.len()), (3, 3));
    assert_eq!(header(&called[2], "authorization").as_deref(), Some("DPoP first"));
}

#[tokio::test]
async fn a_new_key_means_a_new_token() {
    let org = OAuthOrg::start([bound("first"), bound("second")]).await;
    let app = app().require_dpop();
    let client = org.client(app.clone());
    call(&client, READ).await.expect("the org takes the token");

    app.rotate_dpop_key();
    call(&client, READ).await.expect("the org takes the token");

    let called = org.take_called();
    assert_eq!(header(&called[1], "authorization").as_deref(), Some("DPoP second"));
    let key =
        |request: &HttpMockRequest| jws_header(&header(request, "dpop").expect("there is a proof"))["jwk"].clone();
    let asked = org.take_asked();
    assert_ne!(key(&called[0]), key(&called[1]));
    assert_eq!(key(&asked[1].0), key(&called[1]));
}
