//! A call has nothing to do with another one: no redirect is followed and no cookie remembered.

use std::collections::BTreeSet;

use session_client::types::CreateSessionRequest;
use session_client::{ErrorKind, SessionCookie, SessionId, SessionToken, operations};
use tokio::task::JoinSet;

use crate::support::{Org, answer, call, json_answer, path, session_body};

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let org = Org::start().await;
    let elsewhere = Org::start().await;
    let client = org.client();
    for status in [301, 302, 303, 307, 308] {
        for location in [org.url("/elsewhere"), elsewhere.url("/elsewhere"), "/elsewhere".to_owned()] {
            org.answer(answer(status, &[("location", &location)], ""));
            for operation in operations::ALL {
                let error = call(&client, operation).await.expect_err("a redirect is no success");

                assert_eq!(error.kind(), ErrorKind::Status, "{} {status}", operation.id);
                assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{}", operation.id);
                assert_ne!(path(&org.take_request()), "/elsewhere", "{} {status}", operation.id);
            }
        }
    }
    assert!(elsewhere.take_requests().is_empty());
}

#[tokio::test]
async fn a_cookie_of_an_answer_is_never_sent_back() {
    let org = Org::start().await;
    let client = org.client();
    for set_by in operations::ALL {
        for headers in [[("set-cookie", "sid=planted; Path=/")], [("set-cookie", "JSESSIONID=planted; Path=/")]] {
            org.answer(answer(200, &headers, session_body().to_string()));
            call(&client, set_by).await.expect("the call succeeds");
            org.take_requests();

            for operation in operations::ALL {
                call(&client, operation).await.expect("the call succeeds");

                let cookies: Vec<_> = org.take_request().headers().get_all("cookie").iter().cloned().collect();
                let expected: &[&str] =
                    if operation.security.is_empty() { &["sid=canary.sid; DT=canary.device"] } else { &[] };
                assert_eq!(cookies, expected, "{} after {}", operation.id, set_by.id);
            }
        }
    }
}

#[tokio::test]
async fn a_refusal_is_not_remembered_either() {
    let org = Org::start().await;
    let client = org.client();
    org.answer(answer(403, &[("set-cookie", "sid=planted"), ("location", "/elsewhere")], ""));
    call(&client, &operations::GET_SESSION).await.expect_err("the answer says failure");
    org.take_requests();
    org.answer(json_answer(200, &session_body()));

    call(&client, &operations::GET_SESSION).await.expect("the call succeeds");

    assert!(!org.take_request().headers().contains_key("cookie"));
}

/// Answers with the session whose id is the cookie that came.
async fn org_that_echoes_the_cookie() -> Org {
    let org = Org::start().await;
    org.respond(|request| {
        let headers = request.headers();
        let cookie = headers.get("cookie").and_then(|value| value.to_str().ok()).unwrap_or("none");
        answer(200, &[("set-cookie", cookie)], serde_json::json!({"id": cookie}).to_string())
    });
    org
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn cookies_of_calls_at_the_same_time_never_mix() {
    let org = org_that_echoes_the_cookie().await;
    let client = org.client();
    let mut calls = JoinSet::new();
    for number in 0..64 {
        let client = client.clone();
        calls.spawn(async move {
            let (name, value) = (["sid", "idx"][number % 2], format!("{number}"));
            let cookie = if name == "sid" { SessionCookie::sid(&value) } else { SessionCookie::idx(&value) };
            let cookie = cookie.expect("the cookie is valid");
            for _ in 0..4 {
                let current = client.get_current_session(&cookie).await.expect("the call succeeds");
                let refreshed = client.refresh_current_session(&cookie).await.expect("the call succeeds");

                assert_eq!(current.id.expose_secret(), format!("{name}={value}"));
                assert_eq!(refreshed.id, current.id);
            }
        });
    }
    while let Some(finished) = calls.join_next().await {
        finished.expect("no call saw the cookie of another");
    }
    assert_eq!(org.take_requests().len(), 64 * 4 * 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_requests_of_calls_at_the_same_time_never_mix() {
    let org = org_that_echoes_the_cookie().await;
    let client = org.client();
    let mut calls = JoinSet::new();
    for number in 0..32 {
        let client = client.clone();
        calls.spawn(async move {
            let id = SessionId::new(format!("id{number}")).expect("the id is valid");
            let token = SessionToken::new(format!("token{number}")).expect("the token is valid");
            let request = CreateSessionRequest::new(token);
            let (got, created) = tokio::join!(client.get_session(&id), client.create_session(&request));

            assert_eq!(got.expect("the call succeeds").id.expose_secret(), "none");
            assert_eq!(created.expect("the call succeeds").id.expose_secret(), "none");
        });
    }
    while let Some(finished) = calls.join_next().await {
        finished.expect("no call without a cookie was sent with one");
    }
    let requests = org.take_requests();
    let paths: BTreeSet<_> = requests.iter().map(path).filter(|path| path.contains("/id")).collect();
    let bodies: BTreeSet<_> = requests.iter().map(httpmock::HttpMockRequest::body_string).collect();
    assert_eq!(paths.len(), 32);
    assert_eq!(bodies.len(), 33, "each token once, and the empty body");
}
