//! How a token is asked for, and which calls it serves.

use session_client::{Client, Credential, ErrorKind, PrivateKey, operations};

use super::org::{CLIENT_ID, KEY, OAuthOrg, app, header, token};
use crate::script::{self, Script, session};
use crate::support::{answer, call, json_answer, session_body};

#[tokio::test]
async fn a_token_is_asked_for_by_an_assertion_for_the_exact_endpoint_and_serves_the_calls_after_it() {
    let org = OAuthOrg::start([token("first")]).await;
    let client = Client::builder(org.url("/base/")).credential(app()).build().expect("the client can be built");

    for _ in 0..3 {
        call(&client, &operations::GET_SESSION).await.expect("the org takes the token");
    }

    let asked = org.take_one_asked();
    assert_eq!((asked.0.method_str(), asked.0.uri().path()), ("POST", "/base/oauth2/v1/token"));
    assert_eq!(header(&asked.0, "content-type").as_deref(), Some("application/x-www-form-urlencoded"));
    assert_eq!(header(&asked.0, "accept").as_deref(), Some("application/json"));
    for name in ["authorization", "cookie", "dpop", "x-okta-user-agent-extended", "x-okta-retry-count"] {
        assert_eq!(header(&asked.0, name), None, "{name}");
    }
    assert_eq!(asked.0.body_string().split('&').count(), 4);
    assert_eq!(asked.value("grant_type"), "client_credentials");
    assert_eq!(asked.value("scope"), "okta.sessions.read");
    assert_eq!(asked.value("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let claims = asked.claims();
    assert_eq!(claims["aud"], org.url("/base/oauth2/v1/token"));
    assert_eq!((&claims["iss"], &claims["sub"]), (&CLIENT_ID.into(), &CLIENT_ID.into()));
    assert_eq!(org.take_authorizations(), ["Bearer first"; 3]);
}

#[tokio::test]
async fn each_operation_asks_for_its_own_scopes_unless_others_are_set() {
    let org = OAuthOrg::start([token("a"), token("b")]).await;
    let client = org.client(app());
    for operation in [&operations::GET_SESSION, &operations::REFRESH_SESSION, &operations::REVOKE_SESSION] {
        call(&client, operation).await.expect("the org takes the token");
    }
    let scopes: Vec<_> = org.take_asked().iter().map(|asked| asked.value("scope")).collect();
    assert_eq!(scopes, ["okta.sessions.read", "okta.sessions.manage"]);
    assert_eq!(org.take_authorizations(), ["Bearer a", "Bearer b", "Bearer b"]);

    let key = PrivateKey::from_pem(KEY).expect("the key is one");
    let credential = Credential::private_key(CLIENT_ID, key, ["okta.sessions.read", "okta.sessions.manage"]);
    let client = client.with_credential(credential.expect("the scopes are some")).expect("it can be used");
    for operation in [&operations::GET_SESSION, &operations::REVOKE_SESSION] {
        call(&client, operation).await.expect("the org takes the token");
    }
    assert_eq!(org.take_one_asked().value("scope"), "okta.sessions.read okta.sessions.manage");
}

#[tokio::test]
async fn operations_that_take_no_such_token_get_none_and_none_is_asked_for() {
    let org = OAuthOrg::start([token("first")]).await;
    let client = org.client(app());

    let error = call(&client, &operations::CREATE_SESSION).await.expect_err("it takes no access token");
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Configuration, false));
    let message = "createSession failed: the client has a private key; the operation takes an API token";
    assert_eq!(error.to_string(), message);
    call(&client, &operations::GET_CURRENT_SESSION).await.expect("the cookie is all it takes");

    assert_eq!(org.take_authorizations(), [""]);
    assert!(org.take_asked().is_empty());
}

#[tokio::test]
async fn clones_share_their_tokens_and_another_org_or_setting_has_its_own() {
    let org = OAuthOrg::start([token("first")]).await;
    let (read, app) = (&operations::GET_SESSION, app());
    let client = org.client(app.clone());
    call(&client, read).await.expect("the org takes the token");
    let anonymous = Client::builder(org.url("")).build().expect("the client can be built");
    let shared = [client.clone(), org.client(app.clone()), anonymous.with_credential(app.clone()).expect("it can")];
    for client in shared {
        call(&client, read).await.expect("the org takes the token");
    }
    assert_eq!(org.take_asked().len(), 1);

    let elsewhere = Client::builder(org.url("/elsewhere")).credential(app.clone()).build().expect("it can be built");
    call(&elsewhere, read).await.expect("the org takes the token");
    call(&org.client(app.key_id("another").expect("the id is one")), read).await.expect("the org takes the token");
    let asked = org.take_asked();
    let endpoints: Vec<_> = asked.iter().map(|asked| asked.0.uri().path().to_owned()).collect();
    assert_eq!(endpoints, ["/elsewhere/oauth2/v1/token", "/oauth2/v1/token"]);
}

#[tokio::test]
async fn a_token_endpoint_that_fails_in_passing_is_asked_again_with_a_new_assertion() {
    let busy = || answer(503, &[("retry-after", "1")], "busy");
    let limited = || answer(429, &[("retry-after", "2")], "{}");
    let org = OAuthOrg::start([busy(), limited(), token("third")]).await;
    let client = org.client(app());

    let success = call(&client, &operations::GET_SESSION).await;

    success.expect("the third attempt succeeds");
    let asked = org.take_asked();
    let ids: std::collections::BTreeSet<_> = asked.iter().map(|asked| asked.claims()["jti"].to_string()).collect();
    assert_eq!((asked.len(), ids.len()), (3, 3), "no assertion is sent twice");
    assert_eq!(asked.iter().map(|asked| asked.0.body_string().split('&').count()).collect::<Vec<_>>(), [4, 4, 4]);
    assert_eq!(header(&asked[2].0, "content-type").as_deref(), Some("application/x-www-form-urlencoded"));
    assert_eq!(org.clock.pauses().iter().map(std::time::Duration::as_secs).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(org.take_authorizations(), ["Bearer third"]);
}

#[tokio::test]
async fn the_number_of_retries_and_the_pace_of_the_api_are_not_those_of_the_token_endpoint() {
    let limits = [("x-rate-limit-limit", "1"), ("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", "9999999999")];
    let mut first = token("first");
    for (name, value) in limits {
        first.headers.get_or_insert_default().push((name.to_owned(), value.to_owned()));
    }
    let org = OAuthOrg::with_api([first], |_| json_answer(200, &session_body())).await;
    let client = org.builder(app()).reserve(0.5).max_retries(0).build().expect("the client can be built");

    for _ in 0..2 {
        call(&client, &operations::GET_SESSION).await.expect("the rate limit of the API has room");
    }

    assert!(org.clock.pauses().is_empty());
}

#[tokio::test]
async fn the_token_is_asked_for_through_the_proxy_of_the_calls() {
    let token = r#"{"access_token": "first", "token_type": "Bearer", "expires_in": 3600}"#;
    let proxy = Script::start([script::answer(200, "", token), session()]).await;
    let client = proxy.builder().org_url("http://okta.internal").allow_http(true).proxy(proxy.url()).credential(app());

    call(&client.build().expect("the client can be built"), &operations::GET_SESSION).await.expect("the proxy answers");

    let requests = proxy.requests();
    let lines: Vec<_> = requests.iter().filter_map(|request| request.lines().next()).collect();
    assert_eq!(lines[0], "POST http://okta.internal/oauth2/v1/token HTTP/1.1");
    assert!(lines[1].starts_with("GET http://okta.internal/api/v1/sessions/"), "{lines:?}");
}
