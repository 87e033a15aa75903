//! What a call makes of an answer that says success.

use http::StatusCode;
use serde_json::json;
use session_client::types::Session;
use session_client::{ErrorKind, operations};

use crate::support::{Org, REQUEST_ID, answer, call, json_answer, session_body};

#[tokio::test]
async fn a_success_has_the_value_the_status_the_headers_and_the_request_id() {
    let org = Org::start().await;
    let client = org.client();
    let limit = ("x-rate-limit-limit", "600");
    let expected: Session = serde_json::from_value(session_body()).expect("the body is a session");

    for operation in operations::ALL {
        let (status, body) =
            if operation.returns_body { (200, session_body().to_string()) } else { (204, String::new()) };
        org.answer(answer(status, &[limit], body));

        let success = call(&client, operation).await.expect("the call succeeds");

        assert_eq!(success.status, status, "{}", operation.id);
        assert_eq!(success.headers[limit.0], limit.1, "{}", operation.id);
        assert_eq!(success.request_id.as_deref(), Some(REQUEST_ID), "{}", operation.id);
        assert_eq!(success.session, operation.returns_body.then(|| expected.clone()), "{}", operation.id);
    }
}

#[tokio::test]
async fn an_answer_without_request_id_has_none() {
    let org = Org::answering(httpmock::HttpMockResponse::builder().status(204).build()).await;

    let success = call(&org.client(), &operations::REVOKE_SESSION).await.expect("the call succeeds");

    assert_eq!(success.request_id, None);
}

#[tokio::test]
async fn an_end_of_a_session_succeeds_whatever_body_comes_with_it() {
    let org = Org::start().await;
    let client = org.client();
    let larger_than_any = " ".repeat(1024 * 1024 + 1);
    let bodies = ["", "null", "{}", r#"{"id": "102a"}"#, "[", "<html>ended</html>", " ", &larger_than_any];
    let cases = bodies.iter().flat_map(|body| [(200, *body), (202, *body)]).chain([(204, "")]);

    for (status, body) in cases {
        org.answer(answer(status, &[], body));
        for operation in operations::ALL.iter().filter(|operation| !operation.returns_body) {
            let success = call(&client, operation).await.expect("the call succeeds");

            assert_eq!(success.status, status, "{}: {}", operation.id, &body[..body.len().min(20)]);
        }
    }
}

#[tokio::test]
async fn a_session_is_taken_with_every_status_of_success_and_every_content_type() {
    let org = Org::start().await;
    let client = org.client();
    let cases =
        [(200, "text/plain"), (200, "application/json; okta-version=1.0.0"), (201, "application/json"), (202, "")];

    for (status, content_type) in cases {
        org.answer(answer(status, &[("content-type", content_type)], session_body().to_string()));

        let success = call(&client, &operations::GET_SESSION).await.expect("the call succeeds");

        assert_eq!(success.status, status);
        assert!(success.session.is_some(), "{status} {content_type}");
    }
}

#[tokio::test]
async fn a_success_that_holds_no_session_is_a_failure_to_decode_and_keeps_the_answer() {
    let org = Org::start().await;
    let client = org.client();
    let bodies = [
        "",
        " ",
        "null",
        "[]",
        "\"102a\"",
        "17",
        "{}",
        r#"{"id": null}"#,
        r#"{"id": 17}"#,
        r#"{"id": "102a""#,
        r#"{"id": "102a"} {}"#,
        r#"{"id": "102a", "createdAt": "yesterday"}"#,
        "<html>Sign in</html>",
    ];
    let cases = bodies.iter().map(|body| (200, *body)).chain([(204, ""), (205, "")]);

    for (status, body) in cases {
        org.answer(answer(status, &[("server", "nginx")], body));
        for operation in operations::ALL.iter().filter(|operation| operation.returns_body) {
            let error = call(&client, operation).await.expect_err("there is no session in it");

            assert_eq!(error.kind(), ErrorKind::Decode, "{}: {body:?}", operation.id);
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{}: {body:?}", operation.id);
            assert_eq!(error.request_id(), Some(REQUEST_ID), "{}: {body:?}", operation.id);
            assert_eq!(error.headers().map(|headers| &headers["server"]), Some(&"nginx".parse().expect("a header")));
            assert_eq!(error.operation(), Some(*operation), "{body:?}");
        }
    }
}

#[tokio::test]
async fn a_success_of_one_mebibyte_is_read_and_a_larger_one_is_not() {
    const LIMIT: usize = 1024 * 1024;
    let org = Org::start().await;
    let client = org.client();
    let of_length = |length: usize| {
        let empty = json!({"id": "102a", "padding": ""}).to_string();
        json_answer(200, &json!({"id": "102a", "padding": "p".repeat(length - empty.len())}))
    };

    org.answer(of_length(LIMIT));
    let success = call(&client, &operations::GET_SESSION).await.expect("the body is not too large");
    assert_eq!(success.status, StatusCode::OK);

    for length in [LIMIT + 1, 2 * LIMIT] {
        org.answer(of_length(length));
        let error = call(&client, &operations::GET_SESSION).await.expect_err("the body is too large");
        assert_eq!(error.kind(), ErrorKind::Decode, "{length}");
        assert_eq!(error.status(), Some(StatusCode::OK), "{length}");
        assert_eq!(error.request_id(), Some(REQUEST_ID), "{length}");
    }
}

#[tokio::test]
async fn a_failure_to_decode_says_where_it_lies() {
    let org = Org::start().await;
    let client = org.client();
    let cases = [
        (String::new(), "the answer has no body"),
        (" ".repeat(2 * 1024 * 1024), "the body is larger than 1 MiB"),
        ("<html>".to_owned(), "the body is not what the specification says (Syntax error at line 1, column 1)"),
        ("{\n\"id\": 17}".to_owned(), "the body is not what the specification says (Data error at line 2, column 8)"),
    ];
    for (body, message) in cases {
        org.answer(answer(200, &[], &body));

        let error = call(&client, &operations::GET_SESSION).await.expect_err("there is no session in it");

        assert_eq!(error.to_string(), format!("getSession failed: 200 OK, {message}, request id {REQUEST_ID}"));
    }
}

#[tokio::test]
async fn a_byte_order_mark_before_the_body_is_no_part_of_it() {
    let org = Org::answering(answer(200, &[], "\u{feff}{\"id\": \"102a\"}")).await;
    call(&org.client(), &operations::GET_SESSION).await.expect("there is a session in it");

    org.answer(answer(404, &[], "\u{feff}{\"errorCode\": \"E0000007\"}"));
    let error = call(&org.client(), &operations::GET_SESSION).await.expect_err("the answer says failure");
    assert_eq!(error.code(), Some("E0000007"));
}
