//! What the compiler promises of the client.

use session_client::types::{ApiError, CreateSessionRequest, Session};
use session_client::{
    ApiToken, Client, Error, Extra, InvalidValue, Links, Operation, Response, SessionCookie, SessionId, SessionToken,
};

use crate::support::{cookie, create_request, session_id};

fn shared_between_tasks<T: Clone + Send + Sync + 'static>() {}

fn sent_between_threads<T: Send + Sync + 'static>() {}

fn send<T: Send>(value: T) -> T {
    value
}

#[test]
fn the_client_and_its_values_can_be_shared_between_tasks() {
    shared_between_tasks::<Client>();
    shared_between_tasks::<Response<Session>>();
    shared_between_tasks::<Session>();
    shared_between_tasks::<ApiError>();
    shared_between_tasks::<CreateSessionRequest>();
    shared_between_tasks::<SessionId>();
    shared_between_tasks::<SessionToken>();
    shared_between_tasks::<SessionCookie>();
    shared_between_tasks::<ApiToken>();
    shared_between_tasks::<Links>();
    shared_between_tasks::<Extra>();
    shared_between_tasks::<InvalidValue>();
    shared_between_tasks::<Operation>();
    sent_between_threads::<Error>();
}

#[test]
fn an_error_fits_where_errors_of_all_kinds_are_returned() {
    fn build() -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Client::builder("").build()?)
    }

    assert!(build().expect_err("the URL is empty").is::<Error>());
}

#[test]
fn the_future_of_every_operation_can_move_between_threads() {
    let client = Client::builder("https://acme.okta.com").build().expect("the client can be built");
    let (id, cookie, request) = (session_id(), cookie(), create_request());

    drop(send(client.create_session(&request)));
    drop(send(client.get_current_session(&cookie)));
    drop(send(client.close_current_session(&cookie)));
    drop(send(client.refresh_current_session(&cookie)));
    drop(send(client.get_session(&id)));
    drop(send(client.revoke_session(&id)));
    drop(send(client.refresh_session(&id)));
}

#[test]
fn a_request_for_a_session_is_made_of_its_token() {
    let token = SessionToken::new("20111abc").expect("the token is valid");

    let request = CreateSessionRequest::new(token.clone());

    assert_eq!(request.session_token, token);
    assert_eq!(serde_json::to_string(&request).expect("it can be written"), r#"{"sessionToken":"20111abc"}"#);
}

#[tokio::test]
async fn a_clone_works_after_the_client_is_gone() {
    let org = crate::support::Org::start().await;
    let client = org.client();
    let clone = client.clone();
    drop(client);

    clone.revoke_session(&session_id()).await.expect("the call succeeds");

    assert_eq!(org.take_requests().len(), 1);
}
