//! The client as a service app of the org in memory: each believes nothing that the other says without looking.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use session_client::{Client, ErrorKind, PrivateKey, PrivateKeyJwt, SessionId, SigningAlgorithm};
use session_testkit::clock::TestClock;
use session_testkit::fake::{FakeOrg, Fault};
use tokio::task::JoinSet;

use super::{CLIENT, SCOPES};
use crate::fake_org::{client as admin, session_of};

const KEYS: [(&str, &str); 8] = [
    ("rsa.pkcs1.pem", include_str!("../../../session-client/src/oauth/tests/keys/rsa.pkcs1.pem")),
    ("rsa.pkcs8.pem", include_str!("../../../session-client/src/oauth/tests/keys/rsa.pkcs8.pem")),
    ("rsa.jwk.json", include_str!("../../../session-client/src/oauth/tests/keys/rsa.jwk.json")),
    ("p256.sec1.pem", include_str!("../../../session-client/src/oauth/tests/keys/p256.sec1.pem")),
    ("p256.pkcs8.pem", include_str!("../../../session-client/src/oauth/tests/keys/p256.pkcs8.pem")),
    ("p256.jwk.json", include_str!("../../../session-client/src/oauth/tests/keys/p256.jwk.json")),
    ("p384.sec1.pem", include_str!("../../../session-client/src/oauth/tests/keys/p384.sec1.pem")),
    ("p384.jwk.json", include_str!("../../../session-client/src/oauth/tests/keys/p384.jwk.json")),
];

fn key(text: &str) -> PrivateKey {
    let key = if text.starts_with('{') { PrivateKey::from_jwk(text) } else { PrivateKey::from_pem(text) };
    key.expect("it is a key")
}

/// An org with a service app, its client, and a session.
struct Given {
    org: FakeOrg,
    app: PrivateKeyJwt,
    client: Client,
    session: SessionId,
}

impl Given {
    async fn new() -> Self {
        Self::with_app(|app| app.scopes(SCOPES).expect("they are scopes")).await
    }

    async fn with_app(change: fn(PrivateKeyJwt) -> PrivateKeyJwt) -> Self {
        let (_, pem) = KEYS[4];
        let day = Duration::from_secs(24 * 3600);
        let org = FakeOrg::builder().rate_limit(100_000, day).session_lifetime(day).start().await.expect("a free port");
        org.register_client(CLIENT, pem, &SCOPES).expect("it is a key");
        let session = session_of(&org, &admin(&org)).await;
        let _ = org.take_requests();
        let app = change(PrivateKeyJwt::new(CLIENT, key(pem)).expect("it is a client id"));
        let client = org.client().credential(app.clone()).build().expect("the client can be built");
        Self { org, app, client, session }
    }

    async fn get(&self) {
        self.client.get_session(&self.session).await.expect("the org takes the token");
    }

    /// What came of the token requests so far.
    fn asked(&self) -> Vec<&'static str> {
        self.org.token_requests().iter().filter_map(|request| request.error.or(request.token_type)).collect()
    }

    /// The statuses of the calls since the last look.
    fn called(&self) -> Vec<u16> {
        let requests = self.org.take_requests();
        requests.iter().filter(|request| request.operation.is_some()).filter_map(|request| request.status).collect()
    }
}

#[tokio::test]
async fn a_service_app_does_what_its_scopes_allow() {
    let given = Given::new().await;
    given.get().await;
    given.client.refresh_session(&given.session).await.expect("the org takes the token");
    given.client.revoke_session(&given.session).await.expect("the org takes the token");
    assert!(!given.org.is_alive(&given.session));
    assert_eq!(given.asked(), ["Bearer"], "one token serves for all");

    // Without scopes of its own it asks for those of the operation.
    let given = Given::with_app(|app| app).await;
    given.get().await;
    given.client.revoke_session(&given.session).await.expect("the org takes the token");
    let scopes: Vec<_> = given.org.token_requests().into_iter().map(|request| request.scopes).collect();
    assert_eq!(scopes, [["okta.sessions.read"], ["okta.sessions.manage"]]);
}

#[tokio::test]
async fn every_key_of_the_client_proves_the_app() {
    for (name, text) in KEYS {
        let org = FakeOrg::start().await;
        org.register_client(CLIENT, text, &SCOPES).expect("it is a key");
        let session = session_of(&org, &admin(&org)).await;
        let algorithms: &[SigningAlgorithm] = match name.split('.').next() {
            // This one says what it is for.
            _ if name == "rsa.jwk.json" => &[SigningAlgorithm::RS256],
            Some("rsa") => &[SigningAlgorithm::RS256, SigningAlgorithm::RS384, SigningAlgorithm::RS512],
            Some("p256") => &[SigningAlgorithm::ES256],
            _ => &[SigningAlgorithm::ES384],
        };
        for algorithm in algorithms {
            let app = PrivateKeyJwt::new(CLIENT, key(text)).and_then(|app| app.algorithm(*algorithm));
            let client = org.client().credential(app.expect("they fit")).build().expect("the client can be built");
            client.get_session(&session).await.unwrap_or_else(|error| panic!("{name}, {algorithm:?}: {error}"));
        }
    }
}

#[tokio::test]
async fn an_org_that_demands_proofs_gets_them() {
    let given = Given::new().await;
    given.org.demand_dpop(true);
    for _ in 0..3 {
        given.get().await;
    }
    given.client.revoke_session(&given.session).await.expect("the org takes the token");
    assert_eq!(given.asked(), ["invalid_dpop_proof", "use_dpop_nonce", "DPoP"]);
    assert_eq!(given.called(), [200, 200, 200, 204]);

    // From the start, where the app says so.
    let given = Given::with_app(PrivateKeyJwt::require_dpop).await;
    given.org.demand_dpop(true);
    given.get().await;
    assert_eq!(given.asked(), ["use_dpop_nonce", "DPoP"]);
}

#[tokio::test]
async fn an_app_that_requires_proofs_takes_no_bearer_token() {
    let given = Given::with_app(PrivateKeyJwt::require_dpop).await;
    let error = given.client.get_session(&given.session).await.expect_err("the org issues a bearer token");
    assert!(error.to_string().contains("not bound by DPoP"), "{error}");
    assert_eq!(given.called(), [0; 0], "the token is not used");
}

#[tokio::test]
async fn a_nonce_that_changes_costs_a_request_at_most() {
    let given = Given::new().await;
    given.org.demand_dpop(true);
    given.org.demand_nonce(true);
    given.get().await;
    given.get().await;
    assert_eq!(given.called(), [401, 200, 200], "it learns the nonce once");

    given.org.rotate_nonce();
    given.get().await;
    assert_eq!(given.called(), [401, 200]);

    given.org.renew_nonce();
    given.get().await;
    given.org.renew_nonce();
    given.get().await;
    assert_eq!(given.called(), [200, 200], "the answer before has brought the new one");
    assert_eq!(given.asked(), ["invalid_dpop_proof", "use_dpop_nonce", "DPoP"], "the token stays");
}

#[tokio::test]
async fn a_token_that_is_revoked_is_renewed_once() {
    for dpop in [false, true] {
        let given = Given::new().await;
        given.org.demand_dpop(dpop);
        given.get().await;
        let before = given.asked().len();
        let _ = given.called();
        given.org.revoke_access_tokens();
        given.get().await;
        assert_eq!((given.called(), given.asked().len()), (vec![401, 200], before + 1));

        given.org.fault(Fault::status(401).of("getSession").times(9));
        let error = given.client.get_session(&given.session).await.expect_err("no token is good enough");
        assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
        assert_eq!((given.called(), given.asked().len()), (vec![401, 401], before + 2));
    }
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_outlives_a_renewal_that_fails() {
    let given = Given::new().await;
    given.get().await;
    given.org.advance(Duration::from_secs(3600 - 299));
    given.org.fault(Fault::status(503).of("token"));
    given.get().await;
    assert_eq!(given.asked(), ["Bearer"], "the renewal has failed, and the token lives");
    given.org.advance(Duration::from_secs(60));
    given.get().await;
    assert_eq!(given.asked(), ["Bearer", "Bearer"]);
    assert_eq!(given.called(), [200, 200, 200]);

    given.org.advance(Duration::from_secs(4000));
    given.get().await;
    assert_eq!(given.called(), [200], "an expired token is not tried");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_put_right_by_the_orgs() {
    for (ahead, dpop) in [(false, false), (true, false), (false, true), (true, true)] {
        let given = Given::new().await;
        given.org.demand_dpop(dpop);
        let own = TestClock::new();
        let other = if ahead { own.clone() } else { given.org.clock().expect("it stands still") };
        other.advance(Duration::from_secs(2 * 3600));
        let client = given.org.client().credential(given.app.clone()).clock(Arc::new(own));

        let client = client.build().expect("the client can be built");

        client.get_session(&given.session).await.unwrap_or_else(|error| panic!("{ahead} {dpop}: {error}"));
        assert_eq!(given.asked()[0], "invalid_client", "the clock was wrong");
        assert_eq!(given.called(), [200]);
    }
}

#[tokio::test]
async fn another_key_for_proofs_is_another_token() {
    let given = Given::new().await;
    given.org.demand_dpop(true);
    given.get().await;
    given.app.rotate_dpop_key();
    given.get().await;
    assert_eq!(given.called(), [200, 200]);
    assert_eq!(given.asked().last(), Some(&"DPoP"));
    assert_eq!(given.asked().iter().filter(|outcome| **outcome == "DPoP").count(), 2);
}

#[tokio::test]
async fn what_the_token_endpoint_refuses_is_told() {
    let given = Given::with_app(|app| app.scopes(["okta.users.read"]).expect("it is a scope")).await;
    let error = given.client.get_session(&given.session).await.expect_err("the scope is not granted");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Credential, Some("invalid_scope")));
    assert!(error.to_string().contains("not granted"), "{error}");

    let given = Given::new().await;
    let (_, another) = KEYS[6];
    let stranger = PrivateKeyJwt::new(CLIENT, key(another)).expect("it is a client id");
    let stranger = given.org.client().credential(stranger).build().expect("the client can be built");
    let error = stranger.get_session(&given.session).await.expect_err("the key is not the app's");
    assert_eq!((error.code(), error.is_unauthorized()), (Some("invalid_client"), true));
}

#[tokio::test]
async fn a_token_whose_answer_was_lost_is_asked_for_again_by_another_assertion() {
    let given = Given::new().await;
    given.org.fault(Fault::reset_connection().of("token"));
    given.get().await;
    assert_eq!(given.asked(), ["Bearer", "Bearer"], "the org takes no assertion twice");
    assert_eq!(given.called(), [200]);
}

/// Without DPoP, `oauth::waiting` holds the same by an org that it scripts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_on_an_expired_token_are_one_token_request_and_each_has_a_proof_of_its_own() {
    let given = Given::new().await;
    given.org.demand_dpop(true);
    given.get().await;
    let before = given.asked().len();
    given.org.advance(Duration::from_secs(4000));
    let mut calls = JoinSet::new();
    for _ in 0..1000 {
        let (client, id) = (given.client.clone(), given.session.clone());
        calls.spawn(async move { client.get_session(&id).await.map(drop) });
    }

    let failed: Vec<_> = calls.join_all().await.into_iter().filter_map(Result::err).collect();

    assert!(failed.is_empty(), "{} of 1000 failed, such as {}", failed.len(), failed[0]);
    assert_eq!(given.asked()[before..], ["DPoP"]);
}
