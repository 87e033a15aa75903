//! What a call makes of an answer that says failure: nothing of it is lost, whatever the body is.

use http::StatusCode;
use httpmock::HttpMockResponse;
use serde_json::json;
use session_client::{Error, ErrorKind, Operation, operations};

use crate::contract;
use crate::support::{Org, REQUEST_ID, answer, call, json_answer};

/// Calls every operation with every failure that the contract has for it, and checks what every failure keeps.
async fn each_documented_failure(
    response: impl Fn(StatusCode, &'static serde_json::Value) -> HttpMockResponse,
    check: impl Fn(&Error, &'static serde_json::Value, &str),
) {
    let org = Org::start().await;
    let client = org.client();
    for operation in operations::ALL {
        for (status, example) in contract::operation(operation.id).failures() {
            org.answer(response(status, example));

            let error = call(&client, operation).await.expect_err("the answer says failure");

            let case = format!("{} {status}", operation.id);
            check_kept(&error, operation, status, &case);
            check(&error, example, &case);
        }
    }
}

fn check_kept(error: &Error, operation: &'static Operation, status: StatusCode, case: &str) {
    assert_eq!(error.kind(), ErrorKind::Status, "{case}");
    assert_eq!(error.operation(), Some(operation), "{case}");
    assert_eq!(error.status(), Some(status), "{case}");
    assert_eq!(error.request_id(), Some(REQUEST_ID), "{case}");
    assert!(error.headers().is_some_and(|headers| headers.contains_key("date")), "{case}");
    assert_eq!(error.is_not_found(), status == 404, "{case}");
    assert_eq!(error.is_unauthorized(), status == 401, "{case}");
    assert_eq!(error.is_rate_limited(), status == 429, "{case}");
}

#[tokio::test]
async fn a_failure_in_oktas_words_keeps_them() {
    each_documented_failure(
        |status, example| json_answer(status.as_u16(), example),
        |error, example, case| {
            let code = example["errorCode"].as_str();
            let api_error = error.api_error().unwrap_or_else(|| panic!("{case}: {error:?}"));
            assert_eq!(error.code(), code, "{case}");
            assert_eq!(api_error.error_id.as_deref(), example["errorId"].as_str(), "{case}");
            assert_eq!(api_error.error_link.as_deref(), code, "{case}");
            let summary = api_error.error_summary.as_ref().map(session_client::ErrorSummary::expose_secret);
            assert_eq!(summary, example["errorSummary"].as_str(), "{case}");
            assert_eq!(api_error.error_causes.as_ref().map(Vec::len), example["errorCauses"].as_array().map(Vec::len));
            assert_eq!(error.body_excerpt(), None, "{case}");
            let text = error.to_string();
            for part in [error.operation().map(|operation| operation.id), code, Some(REQUEST_ID)] {
                assert!(text.contains(part.expect("each is known")), "{case}: {text}");
            }
        },
    )
    .await;
}

#[tokio::test]
async fn a_failure_in_other_words_keeps_status_headers_and_request_id() {
    let cases = [
        ("text/html", "<html>Bad Gateway</html>", Some("<html>Bad Gateway</html>")),
        ("text/plain", "upstream connect error", Some("upstream connect error")),
        ("application/json", "", None),
        ("application/json", " \r\n", None),
        ("application/json", r#"{"errorCode": "E00000"#, Some(r#"{"errorCode": "E00000"#)),
        ("application/json", "[1, 2]", Some("[1,2]")),
        ("application/json", "\"failed\"", Some("\"failed\"")),
        ("application/json", "null", Some("null")),
        ("application/json", "{}", Some("{}")),
        ("application/json", r#"{"error": {"code": 1}}"#, Some(r#"{"error":{"code":1}}"#)),
        ("application/json", r#"{"errorCode": 7}"#, Some(r#"{"errorCode":7}"#)),
    ];
    for (content_type, body, excerpt) in cases {
        each_documented_failure(
            |status, _| answer(status.as_u16(), &[("content-type", content_type)], body),
            |error, _, case| {
                assert_eq!(error.api_error(), None, "{case}: {body}");
                assert_eq!(error.code(), None, "{case}: {body}");
                assert_eq!(error.body_excerpt(), excerpt, "{case}");
                assert_eq!(&error.headers().expect("there was an answer")["content-type"], content_type, "{case}");
            },
        )
        .await;
    }
}

#[tokio::test]
async fn okta_is_understood_whatever_content_type_it_declares() {
    for content_type in ["text/html", "text/plain; charset=utf-8", "application/octet-stream", ""] {
        each_documented_failure(
            |status, example| answer(status.as_u16(), &[("content-type", content_type)], example.to_string()),
            |error, example, case| assert_eq!(error.code(), example["errorCode"].as_str(), "{case}: {content_type}"),
        )
        .await;
    }
}

#[tokio::test]
async fn a_failure_outside_the_contract_keeps_as_much() {
    let org = Org::start().await;
    let client = org.client();
    for status in [300, 304, 402, 405, 409, 418, 499, 501, 504, 520, 599, 700, 999] {
        for body in ["", "<html></html>", r#"{"errorCode": "E0000022", "errorSummary": "no"}"#] {
            org.answer(answer(status, &[], body));
            for operation in operations::ALL {
                let error = call(&client, operation).await.expect_err("the answer says failure");

                let status = StatusCode::from_u16(status).expect("a status");
                check_kept(&error, operation, status, &format!("{} {status} {body}", operation.id));
            }
        }
    }
}

#[tokio::test]
async fn the_members_of_a_failure_that_nobody_names_are_kept() {
    let cause = json!({"errorSummary": "id: too long", "reason": "LENGTH", "location": "sessionId"});
    let body = json!({"errorCode": "E0000001", "errorCauses": [cause], "errorDetails": {"depth": 2}});
    let org = Org::answering(json_answer(400, &body)).await;

    let error = call(&org.client(), &operations::GET_SESSION).await.expect_err("the answer says failure");

    let api_error = error.api_error().expect("it has Okta's form");
    assert_eq!(api_error.extra["errorDetails"], json!({"depth": 2}));
    let causes = api_error.error_causes.as_ref().expect("there are causes");
    assert_eq!(causes[0].extra["reason"], "LENGTH");
    assert_eq!(serde_json::to_value(api_error).expect("it is JSON"), body);
}

#[tokio::test]
async fn each_member_of_a_failure_may_be_null_or_missing() {
    let org = Org::start().await;
    let client = org.client();
    let bodies = [
        json!({"errorCode": "E0000007"}),
        json!({"errorCode": "E0000007", "errorCauses": null, "errorSummary": null, "errorLink": null, "errorId": null}),
        json!({"errorCode": "E0000007", "errorCauses": [{}]}),
        json!({"errorCode": "E0000007", "errorCauses": [{"errorSummary": null}]}),
    ];
    for body in bodies {
        org.answer(json_answer(404, &body));

        let error = call(&client, &operations::GET_SESSION).await.expect_err("the answer says failure");

        assert_eq!(error.code(), Some("E0000007"), "{body}");
        assert!(error.is_not_found(), "{body}");
        let message = format!("getSession failed: 404 Not Found, E0000007, request id {REQUEST_ID}");
        assert_eq!(error.to_string(), message);
    }
}

#[tokio::test]
async fn a_failure_in_the_words_of_oauth_keeps_them() {
    let body =
        json!({"error": "invalid_token", "error_description": "The token 102aBcDeFgHiJkLmNoPqRsTuVw has expired."});
    each_documented_failure(
        |status, _| json_answer(status.as_u16(), &body),
        |error, _, case| {
            assert_eq!(error.code(), Some("invalid_token"), "{case}");
            assert_eq!(
                error.summary().map(ToString::to_string).as_deref(),
                Some("The token *** has expired."),
                "{case}"
            );
            assert!(error.oauth_error().is_some() && error.api_error().is_none(), "{case}");
            assert_eq!(error.body_excerpt(), None, "{case}");
        },
    )
    .await;
}

#[tokio::test]
async fn a_failure_with_causes_tells_them() {
    let body = json!({
        "errorCode": "E0000003", "errorId": "oae1",
        "errorCauses": [{"errorSummary": "one"}, {}, {"errorSummary": "102aBcDeFgHiJkLmNoPqRsTuVw"}],
    });
    let org = Org::answering(json_answer(400, &body)).await;

    let error = call(&org.client(), &operations::GET_SESSION).await.expect_err("the answer says failure");

    assert_eq!(error.causes().map(ToString::to_string).collect::<Vec<_>>(), ["one", "***"]);
    assert_eq!(error.error_id(), Some("oae1"));
}

#[tokio::test]
async fn a_failure_without_request_id_has_none() {
    let org = Org::answering(HttpMockResponse::builder().status(502).body("<html></html>").build()).await;

    let error = call(&org.client(), &operations::GET_SESSION).await.expect_err("the answer says failure");

    assert_eq!(error.request_id(), None);
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
}

#[tokio::test]
async fn a_failure_of_two_mebibytes_keeps_status_headers_and_request_id_and_a_short_excerpt() {
    let long = "gateway ".repeat(256 * 1024);
    let okta = json!({"errorCode": "E0000009", "errorSummary": long}).to_string();
    let org = Org::start().await;
    let client = org.client();
    for body in [long, okta] {
        org.answer(answer(503, &[], &body));
        for operation in operations::ALL {
            let error = call(&client, operation).await.expect_err("the answer says failure");

            check_kept(&error, operation, StatusCode::SERVICE_UNAVAILABLE, operation.id);
            assert_eq!(error.body_excerpt().map(|excerpt| excerpt.chars().count()), Some(200), "{}", operation.id);
        }
    }
}

#[tokio::test]
async fn a_member_of_an_odd_shape_does_not_cost_the_others() {
    let odd = [
        json!({"errorCode": "E1", "errorSummary": "s", "errorCauses": ["x"]}),
        json!({"errorCode": "E1", "errorSummary": "s", "errorCauses": [null, {"errorSummary": 7}]}),
        json!({"errorCode": "E1", "errorSummary": "s", "errorCauses": "none"}),
        json!({"errorCode": "E1", "errorSummary": "s", "errorId": 7, "errorLink": {}}),
    ];
    for body in odd {
        let org = Org::answering(json_answer(400, &body)).await;
        let error = call(&org.client(), &operations::GET_SESSION).await.expect_err("the answer says failure");
        assert_eq!((error.code(), error.causes().count()), (Some("E1"), 0), "{body}");
        assert_eq!(error.summary().map(ToString::to_string).as_deref(), Some("s"), "{body}");
    }
}

#[tokio::test]
async fn a_message_has_an_end_however_long_the_answer_is() {
    let long = "word ".repeat(100_000);
    let org = Org::answering(json_answer(400, &json!({"errorCode": long, "errorSummary": long}))).await;

    let error = call(&org.client(), &operations::GET_SESSION).await.expect_err("the answer says failure");

    assert!(error.to_string().chars().count() < 800, "{}", error.to_string().len());
}
