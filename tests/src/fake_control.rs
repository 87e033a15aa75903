//! What tests learn of the org in memory, and how they steer it: record, seed, control endpoint.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use session_client::{SessionCookie, operations};
use session_testkit::fake::{FakeOrg, Fault};

use crate::fake_org::{JSON, ask, client, session_of};

#[tokio::test]
async fn the_record_holds_what_was_asked_and_orgs_know_nothing_of_each_other() {
    let (one, two) = (FakeOrg::start().await, FakeOrg::start().await);
    let id = session_of(&one, &client(&one)).await;
    assert!(client(&two).get_session(&id).await.expect_err("the other org knows no such session").is_not_found());

    let requests = one.take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].operation, requests[0].status), (Some("createSession"), Some(200)));
    assert_eq!((requests[0].method.as_str(), requests[0].path.as_str()), ("POST", "/api/v1/sessions"));
    assert_eq!(requests[0].header("Accept"), Some("application/json"));
    assert!(requests[0].body.starts_with(r#"{"sessionToken":"20111"#));
    assert!(one.requests().is_empty() && two.requests().len() == 1);
    one.reset();
    assert!(!one.is_alive(&id));
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let mut ids = Vec::new();
    for seed in [7, 7, 8] {
        let org = FakeOrg::builder().seed(seed).start().await.expect("a free port");
        ids.push(session_of(&org, &client(&org)).await);
    }
    assert!(ids[0] == ids[1] && ids[0] != ids[2]);
}

#[tokio::test]
async fn what_rust_tests_can_do_others_can_over_http() {
    let org = FakeOrg::start().await;
    let control = async |method: &str, path: &str, body: Value| {
        let response = ask(&org, method, path, &[JSON], &body.to_string()).await;
        (response.status().as_u16(), response.json::<Value>().await.unwrap_or_default())
    };
    let now = org.now();
    assert_eq!(control("POST", "/_fake/clock", json!({"advanceSeconds": 90})).await.0, 200);
    assert_eq!(org.now(), now + Duration::from_secs(90));
    assert_eq!(control("POST", "/_fake/users", json!({"login": "eve", "password": "x"})).await.0, 204);
    let (_, token) = control("POST", "/_fake/session-tokens", json!({"login": "eve"})).await;
    assert!(token["sessionToken"].is_string());
    let (_, cookie) = control("POST", "/_fake/cookies", json!({"login": "eve"})).await;
    let cookie = SessionCookie::from_header(cookie["cookie"].as_str().expect("a cookie")).expect("a session cookie");
    let (_, token) = control("POST", "/_fake/access-tokens", json!({"scopes": ["okta.sessions.read"]})).await;
    assert!(token["accessToken"].is_string());
    let fault = json!({"fault": "500", "operation": "getCurrentSession", "times": 1});
    assert_eq!(control("POST", "/_fake/faults", fault).await.0, 204);
    assert!(client(&org).get_current_session(&cookie).await.is_err());
    assert_eq!(control("DELETE", "/_fake/faults", json!({})).await.0, 204);
    assert_eq!(control("PUT", "/_fake/read-only", json!({"readOnly": true})).await.0, 204);
    let (_, requests) = control("GET", "/_fake/requests", json!({})).await;
    assert_eq!(requests[0]["operation"], "getCurrentSession");
    let (_, shown) = control("GET", "/_fake", json!({})).await;
    assert_eq!((shown["url"].as_str(), shown["sessionsAlive"].as_u64()), (Some(org.url().as_str()), Some(1)));
    assert_eq!(control("POST", "/_fake/reset", json!({})).await.0, 204);
    assert_eq!(org.sessions_alive(), 0);

    let refused = [
        ("/_fake/clock", json!({"advanceSeconds": -1})),
        ("/_fake/clock", json!({"advanceSeconds": 1e30})),
        ("/_fake/clock", json!({})),
        ("/_fake/users", json!({"login": 7})),
        ("/_fake/faults", json!({"fault": "earthquake"})),
        ("/_fake/faults", json!({"fault": "503", "operation": "getsession"})),
        ("/_fake/faults", json!([])),
    ];
    for (path, body) in refused {
        let (status, answer) = control("POST", path, body).await;
        assert!(status == 400 && answer["error"].is_string(), "{path} {answer}");
    }
    assert_eq!(control("POST", "/_fake/cookies", json!({"login": "nobody"})).await.0, 404);
}

#[test]
fn there_can_be_a_fault_for_every_operation_and_for_access_tokens() {
    let mut targets = operations::ALL.iter().map(|operation| operation.id).chain(["token"]);
    assert!(targets.all(|target| Fault::TARGETS.contains(&target)));
    assert_eq!(Fault::TARGETS.len(), operations::ALL.len() + 1);
}

#[test]
fn no_request_makes_the_org_fail() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let org = runtime.block_on(FakeOrg::start());
    let token = format!("SSWS {}", org.api_token());
    let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(
        method in "GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS|BREW",
        path in "/(api/v1/(sessions(/[^?#\\\\\\s]{0,12}){0,3}|authn)|login/sessionCookieRedirect|oauth2/v1/token|_fake/[a-z-]{0,9}|[^?#\\\\\\s]{0,20})",
        query in "(\\?[a-zA-Z=&%]{0,20})?",
        cookie in "[ -~]{0,30}",
        body in "\\PC{0,40}|\\{\"(sessionToken|username|login|fault)\": ?(\"[a-z]*\"|null|[0-9]+|\\[\\])\\}",
    )| {
        let headers = [("authorization", token.as_str()), ("cookie", cookie.as_str()), JSON, ("accept", "*/*")];
        let response = runtime.block_on(ask(&org, &method, &format!("{path}{query}"), &headers, &body));
        prop_assert_ne!(response.status().as_u16(), 500);
    });
}
