//! The typed expectations and answers of session-testkit, against the client that they stand in for.

use http::StatusCode;
use session_client::types::{CreateSessionRequest, SessionIdentityProviderType, SessionStatus};
use session_client::{Client, SessionCookie, SessionId, SessionToken};
use session_testkit::answers;
use session_testkit::mock::{MockServer, MockServerExt};

use crate::support::{API_TOKEN, cookie, create_request, session_id};

async fn server_and_client() -> (MockServer, Client) {
    let server = MockServer::start_async().await;
    let client = Client::builder(server.base_url()).api_token(API_TOKEN).build().expect("the client can be built");
    (server, client)
}

#[tokio::test]
async fn each_operation_meets_its_typed_expectation_and_returns_its_answer() {
    let (server, client) = server_and_client().await;
    let (id, cookie, request) = (session_id(), cookie(), create_request());
    let mut session = answers::session(&id);
    session.status = Some(SessionStatus::Active);
    session.idp = Some(answers::session_identity_provider("0oa1", &SessionIdentityProviderType::Okta));
    let mocks = [
        server.create_session(|when, then| drop((when.body(&request), then.ok(&session)))),
        server.get_current_session(|when, then| drop((when.cookie(&cookie), then.ok(&session)))),
        server.close_current_session(|when, then| drop((when.cookie(&cookie), then.no_content()))),
        server.refresh_current_session(|when, then| drop((when.cookie(&cookie), then.ok(&session)))),
        server.get_session(|when, then| drop((when.session_id(&id), then.ok(&session)))),
        server.revoke_session(|when, then| drop((when.session_id(&id), then.no_content()))),
        server.refresh_session(|when, then| drop((when.session_id(&id), then.ok(&session)))),
    ];

    let sessions = [
        client.create_session(&request).await,
        client.get_current_session(&cookie).await,
        client.refresh_current_session(&cookie).await,
        client.get_session(&id).await,
        client.refresh_session(&id).await,
    ];
    let ends = [client.close_current_session(&cookie).await, client.revoke_session(&id).await];

    for response in sessions {
        let response = response.expect("the call succeeds");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.into_inner(), session);
    }
    for response in ends {
        assert_eq!(response.expect("the call succeeds").status(), StatusCode::NO_CONTENT);
    }
    for mock in mocks {
        assert_eq!(mock.calls_async().await, 1);
    }
}

#[tokio::test]
async fn a_failure_of_the_testkit_is_one_of_okta() {
    let (server, client) = server_and_client().await;
    let (id, cookie) = (session_id(), cookie());
    let not_found = answers::api_error("E0000007", "Not found");
    let read_only = answers::api_error("E0000010", "Service is in read only mode");
    let mut limited = answers::api_error("E0000047", "API call exceeded rate limit");
    limited.error_causes = Some(vec![answers::error_cause("too many requests")]);
    server.get_session(|when, then| drop((when.session_id(&id), then.too_many_requests(&limited))));
    server.revoke_session(|when, then| drop((when.session_id(&id), then.server_error(503, &read_only))));
    server.get_current_session(|when, then| drop((when.cookie(&cookie), then.not_found(&not_found))));

    let rate = client.get_session(&id).await.expect_err("the answer says failure");
    let outage = client.revoke_session(&id).await.expect_err("the answer says failure");
    let nobody = client.get_current_session(&cookie).await.expect_err("the answer says failure");

    assert!(rate.is_rate_limited());
    assert_eq!(rate.api_error(), Some(&limited));
    assert_eq!(outage.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(outage.api_error(), Some(&read_only));
    assert!(nobody.is_not_found());
    assert_eq!(nobody.code(), Some("E0000007"));
}

#[tokio::test]
async fn every_failure_of_the_contract_has_a_typed_answer_of_its_name() {
    let server = MockServer::start_async().await;
    let client = Client::builder(server.base_url()).api_token(API_TOKEN).max_retries(0).build();
    let client = client.expect("the client can be built");
    let (id, cookie, request) = (session_id(), cookie(), create_request());
    let body = answers::api_error("E0000001", "no");

    // For each name: the expectation answers with it, and the client sees the status that the name stands for.
    macro_rules! answers {
        ($($operation:ident($argument:expr): $($name:ident $status:literal)*;)*) => {$({
            $(
                let mock = server.$operation(|_, then| drop(then.$name(&body)));
                let error = client.$operation($argument).await.expect_err("the answer says failure");
                assert_eq!(error.status().map(|status| status.as_u16()), Some($status));
                mock.delete_async().await;
            )*
            let mock = server.$operation(|_, then| drop(then.server_error(507, &body)));
            let error = client.$operation($argument).await.expect_err("the answer says failure");
            assert_eq!(error.status(), Some(StatusCode::INSUFFICIENT_STORAGE));
            mock.delete_async().await;
        })*};
    }
    answers! {
        create_session(&request): bad_request 400 unauthorized 401 forbidden 403 too_many_requests 429;
        get_current_session(&cookie): not_found 404;
        close_current_session(&cookie): not_found 404;
        refresh_current_session(&cookie): not_found 404;
        get_session(&id): bad_request 400 unauthorized 401 forbidden 403 not_found 404 too_many_requests 429;
        revoke_session(&id): unauthorized 401 forbidden 403 not_found 404 too_many_requests 429;
        refresh_session(&id): unauthorized 401 forbidden 403 not_found 404 too_many_requests 429;
    }
}

#[tokio::test]
async fn an_id_with_characters_that_a_pattern_reads_otherwise_matches_itself_only() {
    let (server, client) = server_and_client().await;
    let id = |text: &str| SessionId::new(text).expect("the id is valid");
    let mocks = [
        server.get_session(|when, then| drop((when.session_id(&id("a.b")), then.ok(&answers::session(&id("a.b")))))),
        server.revoke_session(|when, then| drop((when.session_id(&id("a.b")), then.no_content()))),
        server
            .refresh_session(|when, then| drop((when.session_id(&id("a.b")), then.ok(&answers::session(&id("a.b")))))),
    ];

    for other in ["aXb", "a.bc", "xa.b", "a..b", "ab"] {
        let other = id(other);
        assert!(client.get_session(&other).await.is_err());
        assert!(client.revoke_session(&other).await.is_err());
        assert!(client.refresh_session(&other).await.is_err());
    }
    for mock in &mocks {
        assert_eq!(mock.calls_async().await, 0);
    }
    client.get_session(&id("a.b")).await.expect("the id itself matches");
    client.revoke_session(&id("a.b")).await.expect("the id itself matches");
    client.refresh_session(&id("a.b")).await.expect("the id itself matches");
    for mock in &mocks {
        assert_eq!(mock.calls_async().await, 1);
    }
}

#[tokio::test]
async fn another_cookie_or_token_does_not_meet_the_expectation() {
    let (server, client) = server_and_client().await;
    let expected = SessionCookie::sid("a").expect("the cookie is valid");
    let session = answers::session(&session_id());
    let current = server.get_current_session(|when, then| drop((when.cookie(&expected), then.ok(&session))));
    let create = server.create_session(|when, then| drop((when.body(&create_request()), then.ok(&session))));

    for other in ["ab", "b", "A"] {
        let cookie = SessionCookie::sid(other).expect("the cookie is valid");
        assert!(client.get_current_session(&cookie).await.is_err(), "{other}");
        let token = SessionToken::new(other).expect("the token is valid");
        assert!(client.create_session(&CreateSessionRequest::new(token)).await.is_err(), "{other}");
    }

    assert_eq!(current.calls_async().await, 0);
    assert_eq!(create.calls_async().await, 0);
}

#[test]
fn the_answers_have_what_they_were_given_and_nothing_else() {
    let session = answers::session(&session_id());
    let provider = answers::session_identity_provider("0oa1", &SessionIdentityProviderType::Unknown("X509".to_owned()));
    let error = answers::api_error("E0000006", "You do not have permission");
    let cause = answers::error_cause("a detail");

    let json = |value: serde_json::Result<serde_json::Value>| value.expect("the answer can be written");
    assert_eq!(json(serde_json::to_value(&session)), serde_json::json!({"id": session_id()}));
    assert_eq!(json(serde_json::to_value(&provider)), serde_json::json!({"id": "0oa1", "type": "X509"}));
    assert_eq!(error.error_code.as_deref(), Some("E0000006"));
    assert_eq!(error.error_link.as_deref(), Some("E0000006"));
    assert_eq!(error.error_summary.as_ref().map(ToString::to_string).as_deref(), Some("You do not have permission"));
    assert_eq!(error.error_causes, Some(Vec::new()));
    assert!(error.error_id.is_some() && error.extra.is_empty());
    assert_eq!(json(serde_json::to_value(&cause)), serde_json::json!({"errorSummary": "a detail"}));
}
