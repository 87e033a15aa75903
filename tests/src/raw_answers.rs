//! Answers that no mock server would send: cut, empty, not HTTP at all. Each connection is served by hand.

use std::error::Error as _;

use http::StatusCode;
use session_client::types::CreateSessionRequest;
use session_client::{Client, Error, ErrorKind, SessionToken, operations};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::script::read_request;
use crate::support::{API_TOKEN, REQUEST_ID, SESSION_ID, call};

/// A client of a server that reads one request, writes these bytes and closes the connection.
pub(crate) async fn client_of_one_answer(answer: impl Into<Vec<u8>>) -> Client {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = listener.local_addr().expect("the listener has an address");
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await?;
        // Unread bytes would turn the close into a reset.
        read_request(&mut connection).await;
        connection.write_all(&answer).await?;
        connection.shutdown().await
    });
    Client::builder(format!("http://{address}"))
        .api_token(API_TOKEN)
        .max_retries(0)
        .build()
        .expect("the client can be built")
}

async fn get_session(answer: impl Into<Vec<u8>>) -> Error {
    let client = client_of_one_answer(answer).await;
    call(&client, &operations::GET_SESSION).await.expect_err("the answer is not whole")
}

fn head(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nx-okta-request-id: {REQUEST_ID}\r\n")
}

#[tokio::test]
async fn a_connection_closed_before_the_answer_is_a_transport_failure_without_status() {
    for answer in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nserver: x\r\n", "SSH-2.0-OpenSSH_9.6\r\n\r\n"] {
        let error = get_session(answer).await;

        assert_eq!(error.kind(), ErrorKind::Transport, "{answer:?}");
        assert_eq!(error.status(), None, "{answer:?}");
        assert!(error.headers().is_none() && error.request_id().is_none(), "{answer:?}");
        assert!(error.source().is_some(), "{answer:?}");
    }
}

#[tokio::test]
async fn a_success_whose_body_is_cut_is_a_transport_failure_that_keeps_the_answer() {
    let bodies = [
        "content-length: 100\r\n\r\n",
        "content-length: 100\r\n\r\n{\"id\": \"102a\"}",
        "transfer-encoding: chunked\r\n\r\n",
        "transfer-encoding: chunked\r\n\r\ne\r\n{\"id\": \"102a\"}\r\n",
        "transfer-encoding: chunked\r\n\r\nnot a length\r\n",
    ];
    for body in bodies {
        let error = get_session(head("200 OK") + body).await;

        assert_eq!(error.kind(), ErrorKind::Transport, "{body:?}");
        assert_eq!(error.status(), Some(StatusCode::OK), "{body:?}");
        assert_eq!(error.request_id(), Some(REQUEST_ID), "{body:?}");
        assert!(error.source().is_some(), "{body:?}");
    }
}

#[tokio::test]
async fn a_failure_whose_body_is_cut_keeps_status_headers_request_id_and_what_came() {
    for framing in ["content-length: 100\r\n\r\nBad Gate", "transfer-encoding: chunked\r\n\r\n8\r\nBad Gate\r\n"] {
        let error = get_session(head("502 Bad Gateway") + framing).await;

        assert_eq!(error.kind(), ErrorKind::Status, "{framing:?}");
        assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY), "{framing:?}");
        assert_eq!(error.request_id(), Some(REQUEST_ID), "{framing:?}");
        // The last word may be half a secret.
        assert_eq!(error.body_excerpt(), Some("Bad"), "{framing:?}");
        assert!(error.source().is_some(), "{framing:?}");
    }
}

#[tokio::test]
async fn an_end_of_a_session_succeeds_although_its_body_is_cut() {
    let client = client_of_one_answer(head("200 OK") + "content-length: 100\r\n\r\n{").await;

    let success = call(&client, &operations::REVOKE_SESSION).await.expect("the status says it all");

    assert_eq!(success.status, StatusCode::OK);
    assert_eq!(success.request_id.as_deref(), Some(REQUEST_ID));
}

#[tokio::test]
async fn bodies_nested_without_end_do_no_harm() {
    let body = r#"{"a":"#.repeat(100_000);
    let answer = |status: &str| format!("{}content-length: {}\r\n\r\n{body}", head(status), body.len());

    let decode = get_session(answer("200 OK")).await;
    let status = get_session(answer("404 Not Found")).await;

    assert_eq!(decode.kind(), ErrorKind::Decode);
    assert!(status.is_not_found() && status.api_error().is_none());
}

#[tokio::test]
async fn a_request_id_that_is_no_text_is_none_and_does_no_harm() {
    let answer = b"HTTP/1.1 404 Not Found\r\nx-okta-request-id: \x80\xff\r\ncontent-length: 0\r\n\r\n";

    let error = get_session(*answer).await;

    assert!(error.is_not_found());
    assert_eq!(error.request_id(), None);
    assert!(!error.to_string().contains("request id"));
}

#[tokio::test]
async fn bytes_that_are_no_text_are_replaced_in_the_excerpt() {
    let mut answer = (head("502 Bad Gateway") + "content-length: 5\r\n\r\n").into_bytes();
    answer.extend(b"a\xff\xfeb\x00");

    let error = get_session(answer).await;

    assert_eq!(error.body_excerpt(), Some("a\u{fffd}\u{fffd}b\u{fffd}"));
}

#[tokio::test]
async fn where_nobody_listens_the_failure_is_one_to_connect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = listener.local_addr().expect("the listener has an address");
    drop(listener);
    let client = Client::builder(format!("http://{address}"))
        .api_token(API_TOKEN)
        .max_retries(0)
        .build()
        .expect("it can be built");

    for operation in operations::ALL {
        let error = call(&client, operation).await.expect_err("nobody listens");

        assert_eq!(error.kind(), ErrorKind::Connect, "{}", operation.id);
        assert_eq!(error.status(), None, "{}", operation.id);
        assert_eq!(error.operation(), Some(*operation));
    }
}

#[tokio::test]
async fn a_secret_that_is_cut_or_escaped_does_not_show_in_an_excerpt() {
    let cut = get_session(head("502 Bad Gateway") + "content-length: 100\r\n\r\nNot found: 102canarySess").await;
    assert_eq!(cut.body_excerpt(), Some("Not found:"));

    // Only the first 16 KiB are looked at: a secret may stand across their end, a word may end with them.
    let spaces = |number: usize| " ".repeat(16 * 1024 - number);
    let across = format!("see{}{SESSION_ID}", spaces(3 + SESSION_ID.len() / 2));
    let within = format!("see{}end", spaces(6));
    for (body, excerpt) in [(across, "see"), (within, "see end")] {
        let answer = format!("{}content-length: {}\r\n\r\n{body}", head("502 Bad Gateway"), body.len());
        assert_eq!(get_session(answer).await.body_excerpt(), Some(excerpt));
    }

    let token = SessionToken::new("canary\"tok=").expect("the token is valid");
    for body in [r#"{"error": {"a": "canary\"tok\u003d"}}"#, r#"{"a": "canary\"tok\u003d" "#] {
        let answer = format!("{}content-length: {}\r\n\r\n{body}", head("400 Bad Request"), body.len());
        let client = client_of_one_answer(answer).await;
        let error = client
            .create_session(&CreateSessionRequest::new(token.clone()))
            .await
            .expect_err("the answer says failure");
        assert!(!error.body_excerpt().expect("there is a body").contains("canary"), "{:?}", error.body_excerpt());
    }
}

#[tokio::test]
async fn words_that_end_up_on_terminals_have_no_control_characters() {
    let okta = r#"{"errorCode": "\u001b[2J", "errorId": "\u0007", "errorLink": "a\r\nb"}"#;
    for body in [okta, r#"{"error": "\u001b[2J"}"#] {
        let answer = format!("{}content-length: {}\r\n\r\n{body}", head("400 Bad Request"), body.len());
        let error = get_session(answer).await;

        assert_eq!(error.code(), Some("\u{fffd}[2J"), "{body}");
        let link = error.api_error().and_then(|error| error.error_link.as_deref());
        let words = [error.error_id(), link];
        assert!(words.iter().flatten().all(|word| !word.contains(|c: char| c.is_control())), "{words:?}");
    }
}
