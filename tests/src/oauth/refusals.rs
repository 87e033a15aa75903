//! What becomes of answers of the token endpoint that bring no token.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use session_client::{Client, Error, ErrorKind, operations};

use super::org::{OAuthOrg, app, issued, refusal, token};
use crate::support::{REQUEST_ID, answer, call, json_answer};

const READ: &session_client::Operation = &operations::GET_SESSION;

/// The failure of a call whose token endpoint answers so.
async fn failure(response: httpmock::HttpMockResponse) -> (OAuthOrg, Error) {
    let org = OAuthOrg::start([response]).await;
    let client = org.builder(app()).max_retries(0).build().expect("the client can be built");
    let error = call(&client, READ).await.expect_err("there is no token");
    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::Credential, 0, false));
    assert!(!error.is_in_doubt() && org.take_called().is_empty(), "the operation was not sent");
    (org, error)
}

#[tokio::test]
async fn what_the_token_endpoint_says_reaches_the_caller_whole() {
    let (_, error) = failure(refusal(401, "invalid_client", "The client_assertion is not valid.")).await;
    assert_eq!(error.code(), Some("invalid_client"));
    let told = error.oauth_error().expect("it has the form of OAuth 2.0");
    let description = told.error_description.as_ref().map(ToString::to_string);
    assert_eq!(description.as_deref(), Some("The client_assertion is not valid."));
    assert_eq!((error.status().map(|it| it.as_u16()), error.request_id()), (Some(401), Some(REQUEST_ID)));
    assert_eq!(
        error.to_string(),
        "getSession failed: 401 Unauthorized, there is no access token, invalid_client The client_assertion is not \
         valid., request id aRequestIdOfOkta"
    );
    assert!(!error.is_retryable());

    let body = json!({"errorCode": "E0000022", "errorSummary": "The endpoint does not support the method"});
    let (_, error) = failure(json_answer(405, &body)).await;
    assert_eq!(error.code(), Some("E0000022"));
    let (_, error) = failure(answer(500, &[], "<html>gateway</html>")).await;
    assert_eq!(error.body_excerpt(), Some("<html>gateway</html>"));
}

#[tokio::test]
async fn a_token_endpoint_that_is_not_found_is_no_session_that_is_not_found() {
    let (_, error) = failure(answer(404, &[], "")).await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    assert!(!error.is_not_found());
}

#[tokio::test]
async fn an_answer_without_a_token_that_can_be_used_is_told_apart() {
    let with = |member: &str, value: Value| {
        let mut body = json!({"access_token": "canary", "token_type": "Bearer", "expires_in": 3600});
        body[member] = value;
        issued(&body)
    };
    let bad = "has characters that no token has, or is over 4096 bytes";
    let life = "expires_in is no number of seconds above 0";
    let cases = [
        (issued(&json!({})), "the token endpoint's answer has no access token"),
        (issued(&json!({"error": "surprise"})), "the token endpoint's answer has no access token"),
        (with("access_token", json!(null)), "the token endpoint's answer has no access token"),
        (with("access_token", json!(" ")), "the token endpoint's answer has no access token"),
        (with("access_token", json!("canary canary")), bad),
        (with("access_token", json!("canary\r\nx: canary")), bad),
        (with("access_token", json!("canary".repeat(1000))), bad),
        (with("access_token", json!(["canary"])), "the body is not what the specification says"),
        (with("token_type", json!(null)), "token_type other than Bearer and DPoP"),
        (with("token_type", json!("canary")), "token_type other than Bearer and DPoP"),
        (with("token_type", json!("DPoP")), "bound by DPoP, but to no key of this client"),
        (with("expires_in", json!(0)), life),
        (with("expires_in", json!(-3600)), life),
        (with("expires_in", json!("canary")), life),
        (with("expires_in", json!([3600])), life),
        (issued(&json!(["canary"])), "the body is not what the specification says"),
        (answer(200, &[], ""), "the answer has no body"),
        (answer(204, &[], ""), "the answer has no body"),
        (answer(200, &[], "<html>canary</html>"), "the body is not what the specification says"),
        (answer(200, &[], " ".repeat(1024 * 1024 + 1)), "the body is larger than 1 MiB"),
    ];
    for (response, message) in cases {
        let (_, error) = failure(response).await;
        let text = error.to_string();
        assert!(text.contains("there is no access token: ") && text.contains(message), "{text}");
        assert!(!format!("{text} {error:?} {:?}", error.headers()).contains("canary"), "{error:?}");
        assert_eq!(error.request_id(), Some(REQUEST_ID), "{text}");
    }
}

#[tokio::test]
async fn the_kind_of_token_is_read_whatever_its_case() {
    for kind in ["bearer", "BEARER"] {
        let org = OAuthOrg::start([issued(&json!({"access_token": "a", "token_type": kind, "expires_in": 60}))]).await;
        call(&org.client(app()), READ).await.expect("the org takes the token");
        assert_eq!(org.take_authorizations(), ["Bearer a"]);
    }
}

#[tokio::test]
async fn a_redirect_of_the_token_endpoint_is_not_followed() {
    let (org, error) = failure(answer(302, &[("location", "/elsewhere/oauth2/v1/token")], "")).await;
    assert_eq!((error.status().map(|status| status.as_u16()), org.take_asked().len()), (Some(302), 1));
}

#[tokio::test]
async fn a_rate_limit_of_the_token_endpoint_tells_how_long_to_wait() {
    let (_, error) = failure(answer(429, &[("retry-after", "7")], "")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn an_org_that_cannot_be_reached_is_told_with_its_cause_and_without_its_address() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = listener.local_addr().expect("the listener has an address");
    drop(listener);
    let client = Client::builder(format!("http://{address}")).credential(app()).max_retries(0).build();

    let error = call(&client.expect("it can be built"), READ).await.expect_err("nobody listens");

    assert_eq!((error.kind(), error.status()), (ErrorKind::Credential, None));
    assert_eq!(error.to_string(), "getSession failed: there is no access token: cannot connect to the org");
    let cause = std::error::Error::source(&error).expect("there is a cause");
    assert!(!cause.to_string().is_empty() && !cause.to_string().contains(&address.to_string()), "{cause}");
    let last = std::iter::successors(Some(cause), |cause| cause.source()).last().map(ToString::to_string);
    assert!(last.as_ref().is_some_and(|last| last.contains("refused")), "{last:?}");
    assert!(error.is_retryable());
}

/// The server's time, so many seconds ahead of the test's clock.
fn date(org: &OAuthOrg, ahead: i64) -> String {
    let seconds = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).expect("it is later").as_secs();
    let now = seconds(session_client::Clock::time_of_day(&org.clock)).saturating_add_signed(ahead);
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(now))
}

#[tokio::test]
async fn an_assertion_that_is_refused_by_a_clock_that_differs_is_made_again_by_that_clock() {
    for ahead in [-3600, -3, 3, 3600] {
        let org = OAuthOrg::start([token("unused")]).await;
        let date = date(&org, ahead);
        let refused = json!({"error": "invalid_client"}).to_string();
        org.answer_tokens([answer(401, &[("date", &date)], refused), token("second")]);
        let client = org.builder(app()).max_retries(0).build().expect("the client can be built");

        call(&client, READ).await.expect("the second assertion is taken");

        let times: Vec<_> =
            org.take_asked().iter().map(|asked| asked.claims()["iat"].as_i64().expect("it is a number")).collect();
        assert_eq!(times.len(), 2);
        assert!((times[1] - times[0] - ahead).abs() <= 1, "{times:?}");
    }
}

#[tokio::test]
async fn an_assertion_that_is_refused_for_another_reason_is_not_made_again() {
    for ahead in [-2, 0, 2] {
        let org = OAuthOrg::start([token("unused")]).await;
        let date = date(&org, ahead);
        org.answer_tokens([answer(401, &[("date", &date)], json!({"error": "invalid_client"}).to_string())]);
        call(&org.client(app()), READ).await.expect_err("there is no token");
        assert_eq!(org.take_asked().len(), 1);
    }
}

#[tokio::test]
async fn a_clock_that_is_another_one_in_each_refusal_does_not_make_assertions_without_end() {
    let org = OAuthOrg::start([token("unused")]).await;
    let refused = json!({"error": "invalid_client"}).to_string();
    let dates = [3600, 7200].map(|ahead| date(&org, ahead));
    let refusals = dates.map(|date| answer(401, &[("date", &date)], refused.clone()));
    org.answer_tokens(refusals.into_iter().chain([token("late")]));
    let error = call(&org.client(app()), READ).await.expect_err("there is no token");
    assert_eq!((error.code(), org.take_asked().len()), (Some("invalid_client"), 2));
}
