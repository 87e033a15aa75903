//! The client as a service app of the org in memory, which checks assertions, proofs and tokens for itself.

use std::time::Duration;

use session_client::{Client, Error, PrivateKey, PrivateKeyJwt, SessionId, SigningAlgorithm};
use session_testkit::fake::{FakeOrg, Fault};

use super::org::{CLIENT_ID, KEY, app};

const SCOPES: [&str; 2] = ["okta.sessions.read", "okta.sessions.manage"];

macro_rules! key_file {
    ($name:literal) => {
        include_str!(concat!("../../../session-client/src/oauth/tests/keys/", $name))
    };
}

/// An org with the app, and a session.
async fn org(key: &str, scopes: &[&str]) -> (FakeOrg, SessionId) {
    let org = FakeOrg::start().await;
    org.register_client(CLIENT_ID, key, scopes).expect("the key is one");
    let request = session_client::types::CreateSessionRequest::new(org.session_token(FakeOrg::LOGIN));
    let admin = org.client().build().expect("the client can be built");
    let id = admin.create_session(&request).await.expect("the user has signed in").into_inner().id;
    (org, id)
}

fn client(org: &FakeOrg, app: PrivateKeyJwt) -> Client {
    org.client().credential(app).build().expect("the client can be built")
}

/// All three operations that take an access token.
async fn read_refresh_revoke(client: &Client, id: &SessionId) -> Result<(), Error> {
    client.get_session(id).await?;
    client.refresh_session(id).await?;
    client.revoke_session(id).await.map(drop)
}

/// The kinds of the tokens that the org issued; `-` where it refused.
fn issued(org: &FakeOrg) -> Vec<&'static str> {
    org.token_requests().iter().map(|request| request.token_type.unwrap_or("-")).collect()
}

#[tokio::test]
async fn an_org_that_checks_signatures_takes_every_kind_of_key() {
    let cases = [
        (key_file!("rsa.pkcs8.pem"), SigningAlgorithm::RS512),
        (key_file!("rsa.pkcs1.pem"), SigningAlgorithm::RS384),
        (key_file!("rsa.jwk.json"), SigningAlgorithm::RS256),
        (key_file!("p256.sec1.pem"), SigningAlgorithm::ES256),
        (key_file!("p384.jwk.json"), SigningAlgorithm::ES384),
    ];
    for (text, algorithm) in cases {
        let (org, id) = org(text, &SCOPES).await;
        let key = PrivateKey::from_pem(text).or_else(|_| PrivateKey::from_jwk(text)).expect("the key is one");
        let app = PrivateKeyJwt::new(CLIENT_ID, key).and_then(|app| app.algorithm(algorithm)).expect("it is one");

        read_refresh_revoke(&client(&org, app), &id).await.expect("the app may do all of it");

        assert!(!org.is_alive(&id));
        assert_eq!(issued(&org), ["Bearer", "Bearer"], "{algorithm:?}");
    }
}

#[tokio::test]
async fn an_org_that_demands_dpop_with_nonces_everywhere_gets_it_whatever_changes() {
    let (org, id) = org(KEY, &SCOPES).await;
    org.demand_dpop(true);
    org.demand_nonce(true);
    let app = app();
    let client = client(&org, app.clone());

    client.get_session(&id).await.expect("the handshake succeeds");
    assert_eq!(issued(&org), ["-", "-", "DPoP"], "without a proof, without a nonce, with both");
    for change in [FakeOrg::rotate_nonce, FakeOrg::renew_nonce, FakeOrg::revoke_access_tokens] {
        change(&org);
        for _ in 0..2 {
            client.get_session(&id).await.expect("the client follows");
        }
    }
    app.rotate_dpop_key();
    read_refresh_revoke(&client, &id).await.expect("the new key has its own tokens");
    assert!(issued(&org).iter().all(|kind| *kind != "Bearer"));
}

#[tokio::test]
async fn a_token_that_ends_or_is_revoked_costs_no_call() {
    let (org, id) = org(KEY, &SCOPES).await;
    org.set_access_token_lifetime(Duration::from_secs(60));
    let client = client(&org, app());
    for _ in 0..5 {
        client.get_session(&id).await.expect("the org takes the token");
        org.advance(Duration::from_secs(47));
        client.get_session(&id).await.expect("the token still lives");
        org.advance(Duration::from_secs(20));
    }
    assert_eq!(issued(&org), ["Bearer"; 5]);
    org.revoke_access_tokens();
    client.get_session(&id).await.expect("another token is fetched");
    assert_eq!(issued(&org), ["Bearer"; 6]);
}

#[tokio::test]
async fn what_the_org_refuses_is_told() {
    let (org, id) = org(KEY, &["okta.sessions.read"]).await;
    let reader = client(&org, app());
    reader.get_session(&id).await.expect("the app may read");
    let error = reader.revoke_session(&id).await.expect_err("and no more");
    assert_eq!(error.code(), Some("invalid_scope"));
    assert!(org.is_alive(&id));

    let other = PrivateKey::from_pem(key_file!("p384.sec1.pem")).expect("the key is one");
    let stranger = client(&org, PrivateKeyJwt::new(CLIENT_ID, other).expect("it is one"));
    let error = stranger.get_session(&id).await.expect_err("the key is not the app's");
    assert_eq!((error.code(), error.is_unauthorized()), (Some("invalid_client"), true));
}

#[tokio::test]
async fn faults_of_the_token_endpoint_are_bridged_with_new_assertions() {
    let (org, id) = org(KEY, &SCOPES).await;
    org.fault(Fault::reset_connection().of("token"));
    let client = client(&org, app());

    client.get_session(&id).await.expect("the second attempt succeeds");

    assert_eq!(issued(&org), ["Bearer", "Bearer"], "the answer to the first was lost, and its assertion used");
    let asked = org.requests().iter().filter(|request| request.path.ends_with("/token")).count();
    assert_eq!(asked, 2);
}
