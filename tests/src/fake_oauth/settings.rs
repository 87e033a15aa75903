//! What tests do with the org's apps, tokens and demands, in Rust and over HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use session_testkit::fake::Fault;

use super::jwt::claims_of;
use super::{CLIENT, Given, SCOPES, Signer};
use crate::fake_org::{JSON, ask};

#[tokio::test]
async fn the_three_operations_of_services_take_tokens_and_no_other() {
    let given = Given::new().await;
    let bearer = given.send(&given.token_call()).await.access_token();
    let bound = given.bound_token().await;
    let id = given.session.expose_secret();
    let by_id = format!("/api/v1/sessions/{id}");
    let cases = [
        ("GET", by_id.clone(), 200),
        ("POST", format!("{by_id}/lifecycle/refresh"), 200),
        ("POST", "/api/v1/sessions".to_owned(), 403),
        ("GET", "/api/v1/sessions/me".to_owned(), 404),
        ("POST", "/api/v1/sessions/me/lifecycle/refresh".to_owned(), 404),
        ("DELETE", "/api/v1/sessions/me".to_owned(), 404),
        ("DELETE", by_id, 204),
    ];
    for (method, path, status) in cases {
        // The session is gone after the last, which one of the two has to do.
        let tokens = if status == 204 { &[("DPoP", &bound)][..] } else { &[("Bearer", &bearer), ("DPoP", &bound)] };
        for (scheme, token) in tokens {
            let mut call = given.session_call(scheme, token);
            (call.method, call.path) = (method, path.clone());
            call.proofs = vec![(given.proof(&call), Signer::Holder)];
            assert_eq!(given.send(&call).await.status, status, "{scheme}: {method} {path}");
        }
    }
}

#[tokio::test]
async fn a_token_may_what_its_scopes_say() {
    let given = Given::new().await;
    let mut call = given.token_call();
    call.set("scope", SCOPES[0]);
    let answer = given.send(&call).await;
    assert_eq!(answer.body["scope"], SCOPES[0]);
    let token = answer.access_token();
    let claims = claims_of(&token);
    assert_eq!((&claims["cid"], &claims["scp"]), (&json!(CLIENT), &json!([SCOPES[0]])));

    assert_eq!(given.send(&given.session_call("Bearer", &token)).await.outcome(), "200");
    let mut revoke = given.session_call("Bearer", &token);
    revoke.method = "DELETE";
    assert_eq!(given.send(&revoke).await.outcome(), "403 E0000006");
    assert!(given.org.is_alive(&given.session));
}

#[tokio::test]
async fn a_token_ends_with_its_lifetime_or_when_it_is_revoked() {
    let given = Given::new().await;
    given.org.set_access_token_lifetime(Duration::from_secs(60));
    let outcome = async |token: &str| {
        let answer = given.send(&given.session_call("Bearer", token)).await;
        (answer.outcome(), answer.challenge.unwrap_or_default())
    };
    let answer = given.send(&given.token_call()).await;
    assert_eq!(answer.body["expires_in"], 60);
    let token = answer.access_token();
    given.org.advance(Duration::from_secs(59));
    assert_eq!(outcome(&token).await.0, "200");
    given.org.advance(Duration::from_secs(1));
    let (ended, challenge) = outcome(&token).await;
    assert_eq!(ended, "401 invalid_token");
    assert!(challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\""), "{challenge}");

    let token = given.send(&given.token_call()).await.access_token();
    given.org.revoke_access_tokens();
    assert_eq!(outcome(&token).await.0, "401 invalid_token");

    given.org.set_access_token_lifetime(Duration::MAX);
    let token = given.send(&given.token_call()).await.access_token();
    assert_eq!(outcome(&token).await.0, "200", "a lifetime beyond every calendar is a long one");
}

#[tokio::test]
async fn the_clock_of_the_org_decides() {
    let given = Given::new().await;
    given.org.demand_dpop(true);
    let nonce = given.nonce().await;
    let mut call = given.token_call();
    let mut proof = given.proof(&call);
    proof.claims["nonce"] = json!(nonce);
    call.proofs = vec![(proof, Signer::Holder)];
    given.org.advance(Duration::from_secs(299));
    assert_eq!(given.send(&call).await.outcome(), "200");

    let late = given.token_call();
    given.org.advance(Duration::from_secs(301));
    assert_eq!(given.send(&late).await.outcome(), "401 invalid_client");
}

#[tokio::test]
async fn token_requests_are_on_record_and_faults_meet_them_when_told_to() {
    let given = Given::new().await;
    let mut unscoped = given.token_call();
    unscoped.set("scope", "okta.users.read");
    let mut forged = given.token_call();
    forged.assertion.as_mut().expect("it is there").1 = Signer::Stranger;
    given.org.fault(Fault::status(500));
    given.org.fault(Fault::status(503).of("token"));
    let mut outcomes = Vec::new();
    for call in [given.token_call(), given.token_call(), unscoped, forged] {
        outcomes.push(given.send(&call).await.outcome());
    }
    let token = given.bound_token().await;

    assert_eq!(outcomes, ["503 E0000010", "200", "400 invalid_scope", "401 invalid_client"]);
    let requests = given.org.token_requests();
    let short: Vec<_> =
        requests.iter().map(|it| (it.client_id.as_deref(), it.token_type, it.error, it.scopes.len())).collect();
    let expected = [
        (Some(CLIENT), Some("Bearer"), None, 2),
        (Some(CLIENT), None, Some("invalid_scope"), 1),
        (None, None, Some("invalid_client"), 2),
        (Some(CLIENT), None, Some("use_dpop_nonce"), 2),
        (Some(CLIENT), Some("DPoP"), None, 2),
    ];
    assert_eq!(short, expected);
    assert!(!format!("{requests:?} {:?}", given.org).contains(&token), "no secret is shown");
    given.org.reset();
    assert!(given.org.token_requests().is_empty());
    assert_eq!(given.send(&given.session_call("DPoP", &token)).await.outcome(), "401 invalid_token");
    given.org.demand_dpop(false);
    assert_eq!(given.send(&given.token_call()).await.outcome(), "200", "the app stays");
}

#[tokio::test]
async fn others_steer_it_over_http() {
    let given = Given::new().await;
    let control = async |method: &str, path: &str, body: Value| {
        let response = ask(&given.org, method, path, &[JSON], &body.to_string()).await;
        (response.status().as_u16(), response.json::<Value>().await.unwrap_or_default())
    };
    let jwk = given.key.public_jwk();
    for key in [jwk.clone(), json!(jwk.to_string())] {
        let client = json!({"clientId": "0oaOther", "key": key, "scopes": ["okta.sessions.read"]});
        assert_eq!(control("POST", "/_fake/clients", client).await.0, 204);
    }
    assert_eq!(control("GET", "/_fake", json!({})).await.1["clients"], json!(["0oaOther", CLIENT]));
    let settings = json!({"demandDpop": true, "demandNonce": true, "accessTokenLifetimeSeconds": 90});
    assert_eq!(control("PUT", "/_fake/oauth", settings).await.0, 204);
    let nonce = given.nonce().await;
    let (status, renewed) = control("POST", "/_fake/nonce", json!({"keepPrevious": true})).await;
    assert_eq!(status, 200);
    let mut call = given.token_call();
    let mut proof = given.proof(&call);
    proof.claims["nonce"] = json!(nonce);
    call.proofs = vec![(proof, Signer::Holder)];
    let answer = given.send(&call).await;
    assert_eq!((&answer.body["expires_in"], answer.nonce.as_deref()), (&json!(90), renewed["nonce"].as_str()));
    let token = answer.access_token();
    let mut call = given.session_call("DPoP", &token);
    call.proofs = vec![(given.proof(&call), Signer::Holder)];
    assert_eq!(given.send(&call).await.outcome(), "401 use_dpop_nonce");
    assert_eq!(control("POST", "/_fake/nonce", json!({})).await.0, 200);
    assert_ne!(given.nonce().await, renewed["nonce"].as_str().unwrap_or_default());

    assert_eq!(control("PUT", "/_fake/oauth", json!({"demandNonce": false})).await.0, 204);
    call.proofs = vec![(given.proof(&call), Signer::Holder)];
    assert_eq!(given.send(&call).await.outcome(), "200");
    assert_eq!(control("DELETE", "/_fake/access-tokens", json!({})).await.0, 204);
    call.proofs = vec![(given.proof(&call), Signer::Holder)];
    assert_eq!(given.send(&call).await.outcome(), "401 invalid_token");
    let (_, requests) = control("GET", "/_fake/token-requests", json!({})).await;
    let of_a_token = json!({"clientId": CLIENT, "scopes": SCOPES, "tokenType": "DPoP", "error": null});
    assert_eq!(requests[1], of_a_token);

    let refused = [
        ("POST", "/_fake/clients", json!({"clientId": "0oaOther", "key": "none", "scopes": []})),
        ("POST", "/_fake/clients", json!({"clientId": "0oaOther", "scopes": []})),
        ("PUT", "/_fake/oauth", json!({"demandDPoP": true})),
        ("PUT", "/_fake/oauth", json!({"accessTokenLifetimeSeconds": -1})),
        ("POST", "/_fake/nonce", json!({"keepPrevious": "yes"})),
    ];
    for (method, path, body) in refused {
        let (status, answer) = control(method, path, body).await;
        assert!(status == 400 && answer["error"].is_string(), "{path} {answer}");
    }
}
