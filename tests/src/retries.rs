//! When a request is sent again, what is sent then, and what comes of it.

use std::time::Duration;

use session_client::{BearerToken, Error, ErrorKind, Operation, TokenFuture, TokenSource, operations};
use session_testkit::clock::TestClock;

use crate::script::{Script, Step, answer, session};
use crate::support::{SESSION_TOKEN, Success, call};

const DATE: &str = "date: Thu, 22 Jan 2026 07:00:00 GMT\r\n";
/// [`DATE`] in seconds since the Unix epoch.
const NOW: u64 = 1_769_065_200;

/// A 429 whose window ends so many seconds later.
fn rate_limited(request_id: &str, seconds: u64) -> Step {
    let reset = NOW + seconds;
    let limit = format!("x-rate-limit-limit: 600\r\nx-rate-limit-remaining: 0\r\nx-rate-limit-reset: {reset}\r\n");
    answer(429, &format!("{DATE}x-okta-request-id: {request_id}\r\n{limit}"), r#"{"errorCode":"E0000047"}"#)
}

fn failure(status: u16) -> Step {
    answer(status, "x-okta-request-id: first\r\n", "{}")
}

fn no_content() -> Step {
    Step::Answer("HTTP/1.1 204 No Content\r\n\r\n".to_owned())
}

async fn run(script: &Script, operation: &Operation) -> Result<Success, Error> {
    call(&script.client(), operation).await
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[tokio::test]
async fn a_rate_limit_that_stays_gives_three_requests_and_the_last_429_whole() {
    let script = Script::start([rate_limited("first", 20), rate_limited("second", 5), rate_limited("third", 9)]).await;

    let error = run(&script, &operations::GET_SESSION).await.expect_err("the limit stays");

    assert!(error.is_rate_limited() && error.is_retryable());
    assert_eq!((error.attempts(), error.request_id(), error.code()), (3, Some("third"), Some("E0000047")));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(10)));
    assert_eq!(error.rate_limit().and_then(|limit| limit.limit), Some(600));
    assert_eq!(script.pauses(), [21, 6]);
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test]
async fn a_retry_says_which_it_is_and_what_for_and_the_first_request_does_not() {
    let script = Script::start([rate_limited("first", 1), rate_limited("second", 1), session()]).await;

    let success = run(&script, &operations::GET_SESSION).await.expect("the third attempt succeeds");

    let requests = script.requests();
    let sent: Vec<_> =
        requests.iter().map(|it| (header(it, "x-okta-retry-count"), header(it, "x-okta-retry-for"))).collect();
    assert_eq!(sent, [(None, None), (Some("1"), Some("first")), (Some("2"), Some("first"))]);
    assert_eq!(success.request_id.as_deref(), Some("last"));
}

#[tokio::test]
async fn every_operation_is_sent_again_after_a_rate_limit_as_it_was() {
    for operation in operations::ALL {
        let last = if operation.returns_body { session() } else { no_content() };
        let script = Script::start([rate_limited("first", 3), last]).await;

        run(&script, operation).await.expect(operation.id);

        let requests = script.requests();
        let again: Vec<&str> = requests[1].lines().filter(|line| !line.starts_with("x-okta-retry-")).collect();
        let mut first: Vec<&str> = requests[0].lines().collect();
        let mut again_sorted = again.clone();
        // The order of headers has no meaning.
        first.sort_unstable();
        again_sorted.sort_unstable();
        assert_eq!(again_sorted, first, "{}", operation.id);
        assert_eq!(again[0], requests[0].lines().next().expect("a request line"), "{}", operation.id);
        assert_eq!(script.pauses(), [4], "{}", operation.id);
    }
}

#[tokio::test]
async fn another_failure_after_a_rate_limit_ends_the_call() {
    let script = Script::start([rate_limited("first", 1), failure(400)]).await;

    let error = run(&script, &operations::GET_SESSION).await.expect_err("400 is final");

    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!((error.attempts(), error.is_retryable(), script.requests().len()), (2, false, 2));
}

#[tokio::test]
async fn without_retries_the_first_429_comes_back_with_the_wait_that_there_would_be() {
    let script = Script::start([rate_limited("first", 20)]).await;
    let client = script.builder().max_retries(0).build().expect("the client can be built");

    let error = call(&client, &operations::GET_SESSION).await.expect_err("the limit is reached");

    assert_eq!((error.attempts(), error.retry_after()), (1, Some(Duration::from_secs(21))));
    assert!(script.pauses().is_empty());
}

#[tokio::test]
async fn a_wait_that_would_pass_the_deadline_is_not_begun() {
    let script = Script::start([rate_limited("first", 20)]).await;
    let client = script.builder().deadline(Duration::from_secs(21)).build().expect("the client can be built");

    let error = call(&client, &operations::GET_SESSION).await.expect_err("the limit is reached");

    assert!(error.is_rate_limited());
    assert_eq!((error.attempts(), error.retry_after()), (1, Some(Duration::from_secs(21))));
    assert!(script.pauses().is_empty());
}

#[tokio::test]
async fn a_hostile_reset_does_not_make_the_client_sleep() {
    let script = Script::start([rate_limited("first", 1_000_000_000), session()]).await;

    run(&script, &operations::GET_SESSION).await.expect("the second attempt succeeds");

    assert_eq!(script.pauses(), [70]);
}

#[tokio::test]
async fn a_session_token_is_sent_again_only_where_it_cannot_have_been_used() {
    let lost = || [failure(408), failure(500), failure(502), failure(503), failure(504), Step::Close];
    for step in lost() {
        let script = Script::start([step, session()]).await;

        let error = run(&script, &operations::CREATE_SESSION).await.expect_err("the failure is final");

        assert_eq!((error.attempts(), error.is_retryable()), (1, false), "{error}");
        assert!(error.may_have_been_sent(), "{error}");
        assert_eq!(script.requests().len(), 1, "{error}");
    }
    let script = Script::start([rate_limited("first", 1), session()]).await;
    run(&script, &operations::CREATE_SESSION).await.expect("the second attempt succeeds");
    assert!(
        script.requests().iter().all(|request| request.ends_with(&format!(r#"{{"sessionToken":"{SESSION_TOKEN}"}}"#)))
    );
}

#[tokio::test]
async fn a_passing_failure_is_repeated_for_what_does_no_harm_twice() {
    for operation in operations::ALL.iter().filter(|operation| operation.repeat_safe) {
        let last = || if operation.returns_body { session() } else { no_content() };
        for step in [failure(408), failure(502), failure(503), failure(504), Step::Close] {
            let script = Script::start([step, last()]).await;

            run(&script, operation).await.expect(operation.id);

            assert_eq!(script.requests().len(), 2, "{}", operation.id);
            assert_eq!(script.pauses(), [0], "a back-off of less than a second");
        }
    }
}

#[tokio::test]
async fn a_reset_before_the_request_was_read_is_repeated() {
    let script = Script::start([Step::Reset, session()]).await;

    run(&script, &operations::GET_SESSION).await.expect("the second attempt succeeds");

    assert_eq!(script.requests().len(), 2);
}

#[tokio::test]
async fn what_will_not_pass_is_not_repeated() {
    for status in [301, 400, 401, 403, 404, 405, 409, 500, 501] {
        let script = Script::start([failure(status)]).await;

        let error = run(&script, &operations::GET_SESSION).await.expect_err("the failure is final");

        assert_eq!((error.attempts(), error.is_retryable()), (1, false), "{status}");
    }
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let script = Script::start([answer(503, "retry-after: 7\r\n", "{}"), session()]).await;

    run(&script, &operations::GET_SESSION).await.expect("the second attempt succeeds");

    assert_eq!(script.pauses(), [7]);
}

#[tokio::test]
async fn a_session_whose_end_was_not_heard_of_and_is_gone_has_ended() {
    for operation in [&operations::REVOKE_SESSION, &operations::CLOSE_CURRENT_SESSION] {
        for lost in [failure(502), failure(504), Step::Close] {
            let script = Script::start([lost, failure(404)]).await;

            let success = run(&script, operation).await.expect(operation.id);

            assert_eq!(success.status.as_u16(), 404, "{}", operation.id);
        }
        let script = Script::start([Step::Close, failure(503), failure(404)]).await;
        run(&script, operation).await.expect(operation.id);
    }
}

#[tokio::test]
async fn a_session_that_nobody_can_have_ended_is_not_found() {
    for refused in [rate_limited("first", 1), failure(503), failure(408)] {
        let script = Script::start([refused, failure(404)]).await;

        let error = run(&script, &operations::REVOKE_SESSION).await.expect_err("there was no such session");

        assert!(error.is_not_found() && error.attempts() == 2, "{error}");
    }
    let script = Script::start([Step::Close, failure(404)]).await;
    let error = run(&script, &operations::GET_SESSION).await.expect_err("there is no such session");
    assert!(error.is_not_found());
}

#[tokio::test]
async fn an_org_that_cannot_be_reached_is_tried_again_and_nothing_was_sent() {
    let script = Script::start([]).await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
    for operation in [&operations::CREATE_SESSION, &operations::GET_SESSION] {
        let client = script.builder().org_url(format!("http://{closed}")).build().expect("the client can be built");

        let error = call(&client, operation).await.expect_err("nobody listens");

        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        assert!(!error.may_have_been_sent() && error.is_retryable());
    }
    assert_eq!(script.clock.pauses().len(), 4);
}

#[tokio::test]
async fn dropping_a_call_that_waits_ends_it_at_once() {
    let mut script = Script::start([rate_limited("first", 20), session()]).await;
    script.clock = TestClock::holding_pauses();
    let client = script.client();
    let waiting = tokio::spawn(async move { call(&client, &operations::GET_SESSION).await.map(drop) });
    while script.clock.pauses().is_empty() && !waiting.is_finished() {
        tokio::task::yield_now().await;
    }

    waiting.abort();
    assert!(waiting.await.expect_err("it was dropped").is_cancelled());
    script.clock.advance(Duration::from_secs(3600));
    tokio::task::yield_now().await;

    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn a_gateways_own_404_does_not_say_that_a_session_has_ended() {
    let gateway = || Step::Answer("HTTP/1.1 404 Not Found\r\ncontent-length: 8\r\n\r\nno route".to_owned());
    let script = Script::start([failure(502), gateway()]).await;
    let error = run(&script, &operations::REVOKE_SESSION).await.expect_err("nobody knows");
    assert!(error.is_not_found() && error.may_have_been_sent());

    let okta = answer(404, "", r#"{"errorCode":"E0000007"}"#);
    let script = Script::start([failure(502), okta]).await;
    run(&script, &operations::REVOKE_SESSION).await.expect("Okta says that it has ended");
}

#[tokio::test]
async fn a_server_that_asks_for_no_pause_gets_a_back_off_all_the_same() {
    let script = Script::start([answer(429, "retry-after: 0\r\n", "{}"), session()]).await;

    run(&script, &operations::GET_SESSION).await.expect("the second attempt succeeds");

    assert!(script.clock.pauses()[0] >= Duration::from_millis(250), "{:?}", script.clock.pauses());
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_was_sent_for_all_that() {
    for body in ["{}", ""] {
        let script = Script::start([answer(200, "", body)]).await;

        let error = run(&script, &operations::CREATE_SESSION).await.expect_err("there is no session in it");

        assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Decode, true));
    }
}

/// Has one token.
struct Once(std::sync::atomic::AtomicBool);

impl TokenSource for Once {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> TokenFuture<'a> {
        let first = !self.0.swap(true, std::sync::atomic::Ordering::SeqCst);
        Box::pin(async move { if first { Ok(BearerToken::new("one")?) } else { Err("no more".into()) } })
    }
}

#[tokio::test]
async fn a_call_that_ends_without_an_answer_keeps_the_one_before() {
    let script = Script::start([failure(502), session()]).await;
    let client = script.builder().token_source(Once(false.into())).build().expect("the client can be built");

    let error = call(&client, &operations::REVOKE_SESSION).await.expect_err("there is no second token");

    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::Credential, 1, true));
    assert_eq!((error.status().map(|status| status.as_u16()), error.request_id()), (Some(502), Some("first")));
}

#[tokio::test]
async fn the_callers_changes_bring_no_retry_that_knows_nothing_of_session_tokens() {
    let script = Script::start([failure(503), session()]).await;
    let client = script
        .builder()
        .http_client(|http| {
            let retry = reqwest::retry::for_host("127.0.0.1").no_budget();
            http.pool_max_idle_per_host(0).retry(retry.classify_fn(|attempt| match attempt.status() {
                Some(http::StatusCode::SERVICE_UNAVAILABLE) => attempt.retryable(),
                _ => attempt.success(),
            }))
        })
        .build()
        .expect("the client can be built");

    let error = call(&client, &operations::CREATE_SESSION).await.expect_err("503 is final here");

    assert_eq!((error.attempts(), script.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_failure_is_in_doubt_only_where_nobody_knows_what_was_done() {
    let limited = || rate_limited("first", 1);
    let cases = [
        ([failure(503), failure(503), failure(503)], false),
        ([limited(), limited(), failure(403)], false),
        ([Step::Close, failure(503), failure(503)], true),
        ([failure(502), failure(503), failure(500)], true),
        ([Step::Close, Step::Close, Step::Close], true),
    ];
    for (index, (steps, in_doubt)) in cases.into_iter().enumerate() {
        let script = Script::start(steps).await;

        let error = run(&script, &operations::REVOKE_SESSION).await.expect_err("no attempt succeeds");

        assert_eq!(error.is_in_doubt(), in_doubt, "case {index}: {error}");
    }
    let script = Script::start([answer(200, "", "{}")]).await;
    let error = run(&script, &operations::CREATE_SESSION).await.expect_err("there is no session in it");
    assert!(error.is_in_doubt());
}
