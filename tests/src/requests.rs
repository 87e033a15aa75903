//! What goes out for each operation, to the byte.

use http::Method;
use httpmock::HttpMockRequest;
use session_client::types::CreateSessionRequest;
use session_client::{Client, Operation, SessionCookie, SessionId, SessionToken, operations};

use crate::support::{API_TOKEN, Org, SESSION_ID, SESSION_TOKEN, call, cookie, json_answer, path, session_body};

/// The headers of a request in order, without those that only say how it is framed and who sent it.
fn headers(request: &HttpMockRequest) -> Vec<(String, String)> {
    let mut headers = request.headers_vec().clone();
    headers.retain(|(name, _)| !matches!(name.as_str(), "host" | "content-length" | "user-agent"));
    headers.sort();
    headers
}

fn pairs(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn every_operation_sends_its_method_path_headers_and_body_and_nothing_else() {
    let by_id = format!("/api/v1/sessions/{SESSION_ID}");
    let refresh_by_id = format!("{by_id}/lifecycle/refresh");
    let create_body = format!(r#"{{"sessionToken":"{SESSION_TOKEN}"}}"#);
    let token = format!("SSWS {API_TOKEN}");
    let accept = ("accept", "application/json");
    let json = ("content-type", "application/json");
    let token = ("authorization", token.as_str());
    let cookie = ("cookie", "sid=canary.sid; DT=canary.device");
    let cases: [(&Operation, Method, &str, Vec<_>, &str); 7] = [
        (&operations::CREATE_SESSION, Method::POST, "/api/v1/sessions", vec![accept, token, json], &create_body),
        (&operations::GET_CURRENT_SESSION, Method::GET, "/api/v1/sessions/me", vec![accept, cookie], ""),
        (&operations::CLOSE_CURRENT_SESSION, Method::DELETE, "/api/v1/sessions/me", vec![accept, cookie], ""),
        (
            &operations::REFRESH_CURRENT_SESSION,
            Method::POST,
            "/api/v1/sessions/me/lifecycle/refresh",
            vec![accept, cookie],
            "",
        ),
        (&operations::GET_SESSION, Method::GET, &by_id, vec![accept, token], ""),
        (&operations::REVOKE_SESSION, Method::DELETE, &by_id, vec![accept, token], ""),
        (&operations::REFRESH_SESSION, Method::POST, &refresh_by_id, vec![accept, token], ""),
    ];
    let org = Org::answering(json_answer(200, &session_body())).await;
    let client = org.client();

    for (operation, method, expected_path, expected_headers, body) in cases {
        call(&client, operation).await.expect("the call succeeds");

        let request = org.take_request();
        assert_eq!(request.method(), method, "{}", operation.id);
        assert_eq!(path(&request), expected_path, "{}", operation.id);
        assert_eq!(headers(&request), pairs(&expected_headers), "{}", operation.id);
        assert_eq!(request.body_string(), body, "{}", operation.id);
    }
}

#[tokio::test]
async fn every_request_names_the_client_and_its_version_once() {
    let org = Org::answering(json_answer(200, &session_body())).await;
    let client = org.client();

    for operation in operations::ALL {
        call(&client, operation).await.expect("the call succeeds");

        let request = org.take_request();
        let agents: Vec<_> = request.headers_vec().iter().filter(|(name, _)| name == "user-agent").collect();
        assert_eq!(agents.len(), 1, "{}: {agents:?}", operation.id);
        let version = agents[0].1.strip_prefix("session-client/").expect("the client is named");
        assert_eq!(version.split('.').filter(|part| part.parse::<u32>().is_ok()).count(), 3, "{version}");
    }
}

#[tokio::test]
async fn without_a_body_no_request_has_a_length_other_than_zero() {
    let org = Org::answering(json_answer(200, &session_body())).await;
    let client = org.client();

    for operation in operations::ALL.iter().filter(|operation| operation.id != "createSession") {
        call(&client, operation).await.expect("the call succeeds");

        for (name, value) in org.take_request().headers_vec() {
            assert!(name != "content-length" || value == "0", "{}: {value}", operation.id);
            assert!(name != "transfer-encoding", "{}: {value}", operation.id);
        }
    }
}

#[tokio::test]
async fn a_client_without_credential_creates_a_session_anonymously() {
    let org = Org::answering(json_answer(200, &session_body())).await;

    call(&org.anonymous_client(), &operations::CREATE_SESSION).await.expect("the call succeeds");

    let expected = pairs(&[("accept", "application/json"), ("content-type", "application/json")]);
    assert_eq!(headers(&org.take_request()), expected);
}

#[tokio::test]
async fn a_client_without_credential_sends_the_same_for_the_current_session_as_one_with_a_token() {
    let org = Org::answering(json_answer(200, &session_body())).await;

    for operation in operations::ALL.iter().filter(|operation| operation.security.is_empty()) {
        call(&org.client(), operation).await.expect("the call succeeds");
        let with_token = org.take_request();
        call(&org.anonymous_client(), operation).await.expect("the call succeeds");
        let without = org.take_request();

        assert_eq!(with_token.method(), without.method(), "{}", operation.id);
        assert_eq!(path(&with_token), path(&without), "{}", operation.id);
        assert_eq!(headers(&with_token), headers(&without), "{}", operation.id);
    }
}

#[tokio::test]
async fn the_cookie_header_is_exactly_the_cookie_of_the_call() {
    let org = Org::answering(json_answer(200, &session_body())).await;
    let client = org.client();
    let cases = [
        (SessionCookie::sid("102a=b"), "sid=102a=b"),
        (SessionCookie::idx("eyA.b"), "idx=eyA.b"),
        (SessionCookie::from_header("a=b; DT=d; idx=i; sid=s; c=d"), "sid=s; idx=i; DT=d"),
    ];

    for (cookie, expected) in cases {
        client.get_current_session(&cookie.expect("the cookie is valid")).await.expect("the call succeeds");

        let request = org.take_request();
        assert_eq!(headers(&request), pairs(&[("accept", "application/json"), ("cookie", expected)]));
    }
}

#[tokio::test]
async fn a_session_token_with_characters_that_json_escapes_arrives_whole() {
    let org = Org::answering(json_answer(200, &session_body())).await;
    let token = SessionToken::new(r#"a"b\c/d"#).expect("the token is valid");

    org.client().create_session(&CreateSessionRequest::new(token)).await.expect("the call succeeds");

    assert_eq!(org.take_request().body_string(), r#"{"sessionToken":"a\"b\\c/d"}"#);
}

#[tokio::test]
async fn the_base_path_of_the_org_stands_before_the_path_of_the_operation() {
    let org = Org::answering(json_answer(200, &session_body())).await;

    for base in ["/base/path", "/base/path/"] {
        let client = Client::builder(org.url(base)).build().expect("the client can be built");
        client.get_current_session(&cookie()).await.expect("the call succeeds");

        assert_eq!(path(&org.take_request()), "/base/path/api/v1/sessions/me");
    }
}

#[tokio::test]
async fn unreserved_characters_of_an_id_stand_in_the_path_as_they_are() {
    let org = Org::answering(json_answer(200, &session_body())).await;
    let id = SessionId::new("aZ09-._~").expect("the id is valid");

    org.client().get_session(&id).await.expect("the call succeeds");

    assert_eq!(path(&org.take_request()), "/api/v1/sessions/aZ09-._~");
}
