//! A call ends: after an attempt's time, after the call's time, after so many bytes.

use std::time::Duration;

use session_client::{BearerToken, ErrorKind, TokenFuture, TokenSource, operations};

use crate::script::{Script, Step, answer, session, text};
use crate::support::{call, session_body};

const HEAD: &str = "HTTP/1.1 200 OK\r\nx-okta-request-id: first\r\ncontent-length: 100\r\n\r\n{";

/// Calls the operation and moves the clock each time the server was asked.
async fn call_while_time_passes(
    script: &Script,
    client: &session_client::Client,
    operation: &'static session_client::Operation,
    seconds: u64,
) -> session_client::Error {
    let passing = async {
        loop {
            script.asked().await;
            // The client has to see what came before the time is up: let it run as far as it gets.
            for _ in 0..200 {
                tokio::task::yield_now().await;
            }
            script.clock.advance(Duration::from_secs(seconds));
        }
    };
    tokio::select! {
        outcome = call(client, operation) => outcome.expect_err("the time is up"),
        () = passing => unreachable!("time never ends"),
        // The client waits for more time to pass than there should be.
        () = tokio::time::sleep(Duration::from_secs(30)) => panic!("the call does not end"),
    }
}

#[tokio::test]
async fn an_attempt_without_an_answer_ends_after_its_time_and_is_repeated_where_that_does_no_harm() {
    for (operation, attempts) in [(&operations::GET_SESSION, 3), (&operations::CREATE_SESSION, 1)] {
        let hang = || Step::Hang(String::new());
        let script = Script::start([hang(), hang(), hang()]).await;

        let error = call_while_time_passes(&script, &script.client(), operation, 30).await;

        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, attempts));
        assert!(error.may_have_been_sent());
        assert_eq!(error.status(), None);
        assert!(error.to_string().contains("no answer within 30s"), "{error}");
    }
}

#[tokio::test]
async fn a_timeout_that_the_caller_sets_is_one() {
    let script = Script::start([Step::Hang(String::new())]).await;
    let client = script.builder().max_retries(0).http_client(|http| http.timeout(Duration::from_nanos(1))).build();

    let outcome = call(&client.expect("the client can be built"), &operations::GET_SESSION).await;

    let error = outcome.expect_err("nothing is as fast as that");
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Timeout, true));
    assert_eq!(error.to_string(), "getSession failed: the time is up");
}

#[tokio::test]
async fn the_deadline_ends_a_call_however_many_attempts_are_left() {
    for (deadline, attempts) in [(30, 1), (45, 2)] {
        let hang = || Step::Hang(String::new());
        let script = Script::start([hang(), hang(), hang()]).await;
        let client = script.builder().deadline(Duration::from_secs(deadline)).build();
        let client = client.expect("the client can be built");

        let error = call_while_time_passes(&script, &client, &operations::GET_SESSION, 30).await;

        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, attempts));
        assert!(error.to_string().contains("deadline"), "{error}");
    }
}

#[tokio::test]
async fn a_deadline_within_the_body_keeps_status_headers_and_request_id() {
    let script = Script::start([Step::Hang(HEAD.to_owned())]).await;
    let client = script.builder().deadline(Duration::from_secs(5)).build().expect("the client can be built");

    let error = call_while_time_passes(&script, &client, &operations::GET_SESSION, 5).await;

    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Timeout, Some("first")));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
}

#[tokio::test]
async fn a_failure_whose_body_does_not_come_is_that_failure() {
    let script = Script::start([Step::Hang(HEAD.replace("200 OK", "403 Forbidden"))]).await;

    let error = call_while_time_passes(&script, &script.client(), &operations::GET_SESSION, 30).await;

    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Status, Some("first")));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
}

#[tokio::test]
async fn a_revocation_whose_body_does_not_come_is_done_all_the_same() {
    let script = Script::start([Step::Hang(HEAD.to_owned())]).await;
    let passing = async {
        script.asked().await;
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        script.clock.advance(Duration::from_secs(30));
    };

    let client = script.client();
    let (outcome, ()) = tokio::join!(call(&client, &operations::REVOKE_SESSION), passing);

    assert_eq!(outcome.expect("the status says it all").status.as_u16(), 200);
}

#[tokio::test]
async fn a_body_without_an_end_is_left_after_a_mebibyte() {
    let head = "HTTP/1.1 200 OK\r\nx-okta-request-id: first\r\ncontent-type: application/json\r\n\r\n";
    let script = Script::start([Step::Endless(head.to_owned()), Step::Endless(head.replace("200 OK", "403 No"))]).await;

    let success = call(&script.client(), &operations::GET_SESSION).await.expect_err("the body has no end");
    let failure = call(&script.client(), &operations::GET_SESSION).await.expect_err("the body has no end");

    assert_eq!((success.kind(), success.request_id()), (ErrorKind::Decode, Some("first")));
    assert_eq!((failure.kind(), failure.request_id()), (ErrorKind::Status, Some("first")));
    assert_eq!((success.attempts(), failure.attempts()), (1, 1));
}

#[tokio::test]
async fn interim_answers_and_trailers_are_no_part_of_the_answer() {
    let body = session_body().to_string();
    let interim =
        format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n{}", text(200, "", &body));
    let length = body.len();
    let trailers = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-late\r\n\r\n{length:x}\r\n{body}\r\n0\r\nx-late: 1\r\n\r\n"
    );
    for text in [interim, trailers] {
        let script = Script::start([Step::Answer(text)]).await;

        let success = call(&script.client(), &operations::GET_SESSION).await.expect("the answer is whole");

        assert_eq!(success.status.as_u16(), 200);
    }
}

#[tokio::test]
async fn a_token_that_does_not_come_ends_the_call_at_its_deadline_with_nothing_sent() {
    struct Never;
    impl TokenSource for Never {
        fn token<'a>(&'a self, _: &'a [&'a str]) -> TokenFuture<'a> {
            Box::pin(std::future::pending::<Result<BearerToken, _>>())
        }
    }
    let script = Script::start([session()]).await;
    let client = script.builder().token_source(Never).build().expect("the client can be built");
    let passing = async {
        tokio::task::yield_now().await;
        script.clock.advance(Duration::from_secs(120));
    };

    let (outcome, ()) = tokio::join!(call(&client, &operations::GET_SESSION), passing);

    let error = outcome.expect_err("no token comes");
    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::Timeout, 0, false));
    assert!(script.requests().is_empty());
}

#[tokio::test]
async fn without_bounds_in_time_a_call_waits() {
    let script = Script::start([answer(429, "retry-after: 60\r\n", "{}"), session()]).await;
    let off = Duration::ZERO;
    let client =
        script.builder().deadline(off).attempt_timeout(off).connect_timeout(off).build().expect("it can be built");

    call(&client, &operations::GET_SESSION).await.expect("the second attempt succeeds");

    assert_eq!(script.pauses(), [60]);
}

#[tokio::test]
async fn a_deadline_in_a_later_attempt_keeps_the_answer_of_the_one_before() {
    let first = answer(503, "x-okta-request-id: first\r\n", r#"{"errorCode":"E0000010"}"#);
    let script = Script::start([first, Step::Hang(String::new())]).await;
    let client = script.builder().deadline(Duration::from_secs(20)).build().expect("the client can be built");

    let error = call_while_time_passes(&script, &client, &operations::GET_SESSION, 12).await;

    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert_eq!((error.code(), error.request_id()), (Some("E0000010"), Some("first")));
}

#[tokio::test]
async fn a_deadline_beyond_all_time_is_none() {
    let script = Script::start([session()]).await;
    let builder =
        script.builder().deadline(Duration::MAX).attempt_timeout(Duration::MAX).connect_timeout(Duration::MAX);

    call(&builder.build().expect("it can be built"), &operations::GET_SESSION).await.expect("the org answers");
}
