//! Many calls and one token: who fetches it, who waits, and what the end of one means for the others.

use std::time::Duration;

use session_client::{Client, ErrorKind, PrivateKeyJwt, operations};
use tokio::task::JoinSet;

use super::org::{OAuthOrg, app, refusal, token};
use crate::script::{Script, Step, answer, session};
use crate::support::{call, session_id};

const TOKEN: &str = r#"{"access_token": "first", "token_type": "Bearer", "expires_in": 3600}"#;

fn script_client(script: &Script, app: &PrivateKeyJwt) -> Client {
    script.builder().credential(app.clone()).build().expect("the client can be built")
}

/// Calls `getSession` so often at once, and counts the failures.
async fn call_at_once(client: &Client, calls: usize) -> usize {
    let mut set = JoinSet::new();
    for _ in 0..calls {
        let client = client.clone();
        set.spawn(async move { client.get_session(&session_id()).await.is_err() });
    }
    set.join_all().await.into_iter().filter(|failed| *failed).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_calls_on_an_expired_token_are_one_request_for_a_token() {
    let org = OAuthOrg::start([token("first"), token("second")]).await;
    let client = org.client(app());
    call(&client, &operations::GET_SESSION).await.expect("the org takes the token");
    org.advance(3600);
    drop((org.take_asked(), org.take_called()));

    let failed = call_at_once(&client, 1000).await;

    assert_eq!((failed, org.take_asked().len()), (0, 1));
    assert_eq!(org.take_authorizations(), vec!["Bearer second"; 1000]);
}

#[tokio::test]
async fn calls_that_wait_for_a_token_share_its_refusal() {
    // More refusals than there should be requests: the test is to fail, not to hang.
    let refusals = std::iter::repeat_with(refused).take(20);
    let script = Script::start([Step::Hang(String::new())].into_iter().chain(refusals)).await;
    let client = script_client(&script, &app());
    let first = tokio::spawn(call_of(&client));
    script.asked().await;
    let calls: Vec<_> = (0..20).map(|_| tokio::spawn(call_of(&client))).collect();
    // All on one thread: they wait when the turn is the test's again.
    tokio::task::yield_now().await;
    first.abort();

    let mut codes = Vec::new();
    for call in calls {
        let error = call.await.expect("it does not panic").expect_err("there is no token");
        codes.push((error.kind(), error.code().map(str::to_owned)));
    }

    assert_eq!(codes, vec![(ErrorKind::Credential, Some("invalid_scope".to_owned())); 20]);
    assert_eq!(script.requests().len(), 2);
}

fn refused() -> Step {
    answer(400, "", r#"{"error": "invalid_scope"}"#)
}

fn call_of(client: &Client) -> impl Future<Output = Result<(), session_client::Error>> + Send + 'static {
    let client = client.clone();
    async move { client.get_session(&session_id()).await.map(drop) }
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    let org = OAuthOrg::start([refusal(400, "invalid_scope", "no"), token("second")]).await;
    let client = org.client(app());

    call(&client, &operations::GET_SESSION).await.expect_err("there is no token");
    call(&client, &operations::GET_SESSION).await.expect("the token endpoint is asked again");

    assert_eq!(org.take_asked().len(), 2);
}

#[tokio::test]
async fn when_the_call_that_fetches_is_dropped_another_takes_over() {
    let script = Script::start([Step::Hang(String::new()), answer(200, "", TOKEN), session()]).await;
    let client = script_client(&script, &app());
    let first = tokio::spawn(call_of(&client));
    script.asked().await;
    let second = tokio::spawn(call_of(&client));
    tokio::task::yield_now().await;

    first.abort();

    second.await.expect("it does not panic").expect("it fetches the token itself");
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test]
async fn the_deadline_of_the_call_that_fetches_is_its_own() {
    let script = Script::start([Step::Hang(String::new()), answer(200, "", TOKEN), session()]).await;
    let app = app();
    let hurried = script.builder().credential(app.clone()).deadline(Duration::from_secs(1)).build();
    let hurried = hurried.expect("the client can be built");
    let first = tokio::spawn(call_of(&hurried));
    script.asked().await;
    let second = tokio::spawn(call_of(&script_client(&script, &app)));
    tokio::task::yield_now().await;

    script.clock.advance(Duration::from_secs(2));

    let error = first.await.expect("it does not panic").expect_err("its time is up");
    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Timeout, false));
    assert_eq!(error.to_string(), "getSession failed: the deadline of the call passed");
    second.await.expect("it does not panic").expect("it has more time");
}

#[tokio::test]
async fn a_token_endpoint_that_does_not_answer_ends_with_the_time_of_an_attempt() {
    let script = Script::start([Step::Hang(String::new())]).await;
    let client = script.builder().credential(app()).max_retries(0).build().expect("the client can be built");
    let waiting = tokio::spawn(call_of(&client));
    script.asked().await;

    script.clock.advance(Duration::from_secs(31));

    let error = waiting.await.expect("it does not panic").expect_err("there is no token");
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert_eq!(error.to_string(), "getSession failed: there is no access token: no answer within 30s");
}
