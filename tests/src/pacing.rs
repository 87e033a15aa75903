//! A share of the rate limit that stays free for the org's other clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use session_client::{Client, ErrorKind, operations};
use session_testkit::clock::TestClock;

use crate::support::{API_TOKEN, Org, answer, call};

/// An org whose window of ten requests ends 30 seconds after each answer.
async fn org() -> (Org, Arc<AtomicU64>) {
    let org = Org::start().await;
    let left = Arc::new(AtomicU64::new(10));
    let counter = Arc::clone(&left);
    org.respond(move |_| {
        let remaining = counter.fetch_sub(1, Ordering::SeqCst).saturating_sub(1).to_string();
        let headers = [
            ("date", "Thu, 22 Jan 2026 07:00:00 GMT"),
            ("x-rate-limit-limit", "10"),
            ("x-rate-limit-remaining", remaining.as_str()),
            ("x-rate-limit-reset", "1769065230"),
        ];
        answer(204, &headers, "")
    });
    (org, left)
}

fn client(org: &Org, clock: &TestClock) -> session_client::ClientBuilder {
    Client::builder(org.url("")).api_token(API_TOKEN).clock(Arc::new(clock.clone()))
}

#[tokio::test]
async fn calls_wait_for_the_next_window_when_only_the_reserve_is_left() {
    let (org, _) = org().await;
    let clock = TestClock::new();
    let client = client(&org, &clock).reserve(0.5).build().expect("the client can be built");

    for _ in 0..5 {
        call(&client, &operations::REVOKE_SESSION).await.expect("there is a place");
    }
    assert!(clock.pauses().is_empty());
    // A clone has no account of its own.
    call(&client.clone(), &operations::REVOKE_SESSION).await.expect("there is a place in the next window");

    assert_eq!(clock.pauses(), [Duration::from_secs(31)]);
    assert_eq!(org.take_requests().len(), 6);
}

#[tokio::test]
async fn without_a_reserve_nothing_waits() {
    let (org, _) = org().await;
    let clock = TestClock::new();
    let client = client(&org, &clock).build().expect("the client can be built");

    for _ in 0..10 {
        call(&client, &operations::REVOKE_SESSION).await.expect("nothing holds it back");
    }

    assert!(clock.pauses().is_empty());
}

#[tokio::test]
async fn a_call_whose_deadline_passes_before_there_is_a_place_fails_with_nothing_sent() {
    let (org, left) = org().await;
    left.store(1, Ordering::SeqCst);
    let clock = TestClock::new();
    let client =
        client(&org, &clock).reserve(0.0).deadline(Duration::from_secs(20)).build().expect("the client can be built");
    call(&client, &operations::REVOKE_SESSION).await.expect("there is a place");
    org.take_requests();

    let error = call(&client, &operations::REVOKE_SESSION).await.expect_err("there is none in time");

    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::Timeout, 0, false));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(31)));
    assert!(org.take_requests().is_empty());
}

#[test]
fn a_share_is_from_nothing_to_less_than_all() {
    for share in [-0.1, 1.0, 2.0, f64::NAN, f64::INFINITY] {
        assert!(Client::builder("https://acme.okta.com").reserve(share).build().is_err(), "{share}");
    }
}
