//! How long a token is used: renewed before it ends, and once when the org does not accept it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use httpmock::HttpMockRequest;
use serde_json::{Value, json};
use session_client::{ErrorKind, operations};
use tokio::task::JoinSet;

use super::org::{OAuthOrg, app, header, issued, refusal, token};
use crate::script::{Script, Step, answer, session};
use crate::support::{REQUEST_ID, call, json_answer, session_body, session_id};

const READ: &session_client::Operation = &operations::GET_SESSION;

fn lives(expires_in: &Value) -> httpmock::HttpMockResponse {
    issued(&json!({"access_token": "a", "token_type": "Bearer", "expires_in": expires_in}))
}

/// Whether a call after so many seconds asks for a token anew.
async fn renews_after(expires_in: &Value, seconds: u64) -> bool {
    let org = OAuthOrg::start([lives(expires_in)]).await;
    let client = org.client(app());
    call(&client, READ).await.expect("the org takes the token");
    org.advance(seconds);
    call(&client, READ).await.expect("the org takes the token");
    org.take_asked().len() == 2
}

#[tokio::test]
async fn a_token_is_renewed_in_the_last_fifth_of_its_life_but_at_most_five_minutes_early() {
    let cases = [
        (json!(3600), 3299, 3300),
        (json!(100), 79, 80),
        (json!("100"), 79, 80),
        (json!(100.9), 80, 81),
        // A life that is not told is five minutes, and none is believed to be over a day.
        (Value::Null, 239, 240),
        (json!(10_000_000), 86_099, 86_100),
        (json!(1e300), 86_099, 86_100),
    ];
    for (expires_in, still, then) in cases {
        assert!(!renews_after(&expires_in, still).await, "{expires_in} after {still} s");
        assert!(renews_after(&expires_in, then).await, "{expires_in} after {then} s");
    }
}

#[tokio::test]
async fn a_renewal_that_fails_leaves_the_token_that_lives_and_is_not_tried_at_every_call() {
    let org = OAuthOrg::start([token("first")]).await;
    let client = org.client(app());
    call(&client, READ).await.expect("the org takes the token");
    org.take_asked();

    org.answer_tokens([refusal(500, "server_error", "down")]);
    org.advance(3300);
    for _ in 0..5 {
        call(&client, READ).await.expect("the token still lives");
    }
    assert_eq!(org.take_asked().len(), 1);
    org.advance(30);
    call(&client, READ).await.expect("the token still lives");
    assert_eq!(org.take_asked().len(), 1, "half a minute later it is tried again");
    assert_eq!(org.take_authorizations(), ["Bearer first"; 7]);

    org.advance(270);
    let error = call(&client, READ).await.expect_err("the token has ended, to the second");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Credential, Some("server_error")));
    org.answer_tokens([token("second")]);
    call(&client, READ).await.expect("the token endpoint is up again");
    assert_eq!(org.take_authorizations(), ["Bearer second"]);
}

#[tokio::test]
async fn while_one_call_renews_the_others_go_on_and_a_renewal_does_not_hold_up_its_call_for_long() {
    let body = r#"{"access_token": "first", "token_type": "Bearer", "expires_in": 3600}"#;
    let steps = [answer(200, "", body), session(), Step::Hang(String::new()), session(), session()];
    let script = Script::start(steps).await;
    let client = script.builder().credential(app()).build().expect("the client can be built");
    client.get_session(&session_id()).await.expect("the org takes the token");
    script.asked().await;
    script.clock.advance(Duration::from_secs(3300));
    let renewing = tokio::spawn({
        let client = client.clone();
        async move { client.get_session(&session_id()).await }
    });
    while script.requests().len() < 3 && !renewing.is_finished() {
        tokio::task::yield_now().await;
    }

    client.get_session(&session_id()).await.expect("the token still lives");
    script.clock.advance(Duration::from_secs(10));
    renewing.await.expect("it does not panic").expect("the token still lives");

    let sent = script.requests().iter().filter(|request| request.contains("Bearer first")).count();
    assert_eq!((script.requests().len(), sent), (5, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_call_fails_while_tokens_end_and_are_renewed_under_load() {
    let org = Arc::new(OAuthOrg::start([lives(&json!(60))]).await);
    // The clock is moved by the calls, and none is to end for that.
    let client = org.builder(app()).deadline(Duration::ZERO).attempt_timeout(Duration::ZERO);
    let client = client.build().expect("the client can be built");
    let mut calls = JoinSet::new();
    for _ in 0..8 {
        let (client, org) = (client.clone(), Arc::clone(&org));
        calls.spawn(async move {
            for _ in 0..40 {
                client.get_session(&session_id()).await.expect("no call fails");
                org.advance(1);
            }
        });
    }
    calls.join_all().await;

    // In 320 s; a renewal that takes longer than its time comes on top of the fetch when the token has ended.
    let asked = org.take_asked().len();
    assert!((5..=13).contains(&asked), "{asked} tokens");
    assert_eq!(org.take_called().len(), 320);
}

/// An API that takes this token only.
fn takes_only(accepted: &'static str) -> impl Fn(&HttpMockRequest) -> httpmock::HttpMockResponse {
    move |request| match header(request, "authorization") {
        Some(sent) if sent == format!("Bearer {accepted}") => json_answer(200, &session_body()),
        _ => json_answer(401, &json!({"errorCode": "E0000011", "errorSummary": "Invalid token provided"})),
    }
}

#[tokio::test]
async fn a_token_that_the_org_does_not_accept_is_renewed_once_even_without_retries() {
    let org = OAuthOrg::with_api([token("first"), token("second")], takes_only("second")).await;
    let client = org.builder(app()).max_retries(0).build().expect("the client can be built");

    call(&client, READ).await.expect("the org takes the second token");

    assert_eq!(org.take_authorizations(), ["Bearer first", "Bearer second"]);
    assert_eq!(org.take_asked().len(), 2);
    assert!(org.clock.pauses().is_empty(), "there is nothing to wait for");
}

#[tokio::test]
async fn a_renewal_takes_no_retry_from_the_failures_that_come_after_it() {
    let numbers = AtomicU32::new(0);
    let api = move |_: &HttpMockRequest| match numbers.fetch_add(1, Ordering::Relaxed) {
        0 => json_answer(401, &json!({})),
        1 => json_answer(503, &json!({})),
        _ => json_answer(200, &session_body()),
    };
    let org = OAuthOrg::with_api([token("first"), token("second")], api).await;
    let client = org.builder(app()).max_retries(1).build().expect("the client can be built");

    call(&client, READ).await.expect("the third attempt succeeds");

    assert_eq!(org.take_authorizations(), ["Bearer first", "Bearer second", "Bearer second"]);
}

#[tokio::test]
async fn a_second_refusal_in_a_row_is_the_answer() {
    let org = OAuthOrg::with_api([token("first"), token("second"), token("third")], takes_only("none")).await;
    let client = org.client(app());

    let error = call(&client, READ).await.expect_err("the org takes no token");

    assert_eq!((error.kind(), error.attempts(), error.code()), (ErrorKind::Status, 2, Some("E0000011")));
    assert!(error.is_unauthorized() && !error.is_retryable());
    assert_eq!((org.take_asked().len(), org.take_called().len()), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_that_meet_the_same_refusal_renew_the_token_once() {
    let org = OAuthOrg::with_api([token("first"), token("second")], takes_only("second")).await;
    let client = org.client(app());
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        calls.spawn(async move { client.get_session(&session_id()).await.map(drop) });
    }

    let failed = calls.join_all().await.into_iter().filter(Result::is_err).count();

    assert_eq!((failed, org.take_asked().len()), (0, 2));
}

#[tokio::test]
async fn a_renewal_that_is_refused_after_a_refusal_tells_what_the_token_endpoint_says() {
    let org = OAuthOrg::with_api([token("first"), refusal(401, "invalid_client", "gone")], takes_only("none")).await;
    let client = org.client(app());

    let error = call(&client, READ).await.expect_err("there is no token");

    assert_eq!((error.kind(), error.code()), (ErrorKind::Credential, Some("invalid_client")));
    assert_eq!((error.attempts(), error.may_have_been_sent(), error.request_id()), (1, true, Some(REQUEST_ID)));
}

#[tokio::test]
async fn a_failure_other_than_401_renews_nothing() {
    for status in [400, 403, 404, 500] {
        let org = OAuthOrg::with_api([token("first")], move |_| json_answer(status, &json!({}))).await;
        let error = call(&org.client(app()), READ).await.expect_err("the org says no");
        assert_eq!((error.status().map(|status| status.as_u16()), error.attempts()), (Some(status), 1));
        assert_eq!(org.take_asked().len(), 1);
    }
}
