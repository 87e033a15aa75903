//! No secret shows anywhere but where it is asked for by name. Every secret of these tests has the same word in it;
//! the org repeats what it was sent in every place where an answer has room.

use std::error::Error as _;

use httpmock::{HttpMockRequest, HttpMockResponse};
use serde_json::{Value, json};
use session_client::types::{Session, SessionStatus};
use session_client::{
    ApiToken, BearerToken, Client, Credential, Error, ErrorSummary, SessionCookie, SessionId, SessionToken, operations,
};

use crate::raw_answers::client_of_one_answer;
use crate::support::{
    API_TOKEN, CANARY, DEVICE, Org, SESSION_ID, SESSION_TOKEN, SID, answer, call, cookie, create_request, session_body,
    session_id,
};

/// What a terminal would obey: an escape sequence, line ends, a bell, the other escape, a mark that turns text around.
const CONTROLS: &str = "\u{1b}[2J\r\n\u{7}\u{9b}\u{202e}";

/// All secrets that the request carries, as the org sees them.
fn repeated(request: &HttpMockRequest) -> String {
    let headers = request.headers();
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let parts = [header("authorization"), header("cookie"), request.uri().path().to_owned(), request.body_string()];
    let repeated = parts.join(" ");
    assert!(repeated.contains(CANARY), "every request carries a secret");
    repeated
}

fn okta_failure(secrets: &str) -> Value {
    json!({
        "errorCode": format!("E0000007 {secrets}"),
        "errorSummary": format!("Not found: Resource not found: {secrets} (AppSession)"),
        "errorLink": secrets,
        "errorId": secrets,
        "errorCauses": [{"errorSummary": secrets, secrets: secrets, "more": {secrets: [secrets]}}],
        secrets: secrets,
        "details": {secrets: {"list": [secrets, 1, null]}},
    })
}

/// Answers with the secrets of the request in headers that may hold them.
fn repeating(
    status: u16,
    body: impl Fn(&str) -> String + Send + Sync,
) -> impl Fn(&HttpMockRequest) -> HttpMockResponse {
    move |request| {
        let secrets = repeated(request);
        let headers = [
            ("set-cookie", format!("sid={secrets}; Secure; HttpOnly")),
            ("location", format!("https://acme.okta.com/?{secrets}")),
            ("www-authenticate", secrets.clone()),
            ("x-request-was", secrets.clone()),
        ];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        answer(status, &headers, body(&secrets))
    }
}

/// The sentences of Okta's in an error: its own and those of its causes.
fn summaries(error: &Error) -> impl Iterator<Item = &ErrorSummary> {
    let causes = error.api_error().into_iter().flat_map(|api_error| api_error.error_causes.iter().flatten());
    let own = error.api_error().and_then(|api_error| api_error.error_summary.as_ref());
    causes.filter_map(|cause| cause.error_summary.as_ref()).chain(own)
}

/// Everything that a program may print of an error.
pub(crate) fn printed(error: &Error) -> Vec<String> {
    let mut texts =
        vec![error.to_string(), format!("{error:?}"), format!("{error:#?}"), format!("{:?}", error.headers())];
    texts.extend([error.code(), error.request_id(), error.body_excerpt()].into_iter().flatten().map(str::to_owned));
    if let Some(told) = error.oauth_error() {
        let description = told.error_description.as_ref().map(ErrorSummary::expose_secret);
        texts.push(format!("{told:?} {} {description:?}", told.error));
    }
    if let Some(api_error) = error.api_error() {
        texts.push(format!("{api_error:?} {api_error:#?}"));
        // The error is masked itself, not only what is printed of it.
        texts.push(serde_json::to_string(api_error).expect("it can be written"));
        texts.extend(summaries(error).map(|summary| format!("{summary} {summary:?} {}", summary.expose_secret())));
    }
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(format!("{cause} {cause:?} {cause:#?}"));
        source = cause.source();
    }
    texts
}

/// Everything that a program may print of a session.
fn printed_session(session: &Session) -> Vec<String> {
    vec![
        format!("{session:?} {session:#?}"),
        format!("{:?} {:?} {:?}", session.id, session.links, session.extra),
        format!("{:?} {:?}", session.idp, session.status),
    ]
}

pub(crate) fn assert_silent(texts: &[String], case: &str) {
    assert!(!texts.is_empty(), "{case}");
    for text in texts {
        assert!(!text.contains(CANARY), "{case}: {text}");
    }
}

#[tokio::test]
async fn a_failure_does_not_show_what_the_org_repeats_of_the_request() {
    let bodies: [fn(&str) -> String; 7] = [
        |secrets| okta_failure(secrets).to_string(),
        |secrets| format!("<html><title>{secrets}</title><p>{secrets}</p></html>"),
        |secrets| okta_failure(secrets).to_string().split_off(20),
        |secrets| json!({"error": "invalid_token", "error_description": secrets}).to_string(),
        |secrets| json!([secrets]).to_string(),
        |secrets| json!(secrets).to_string(),
        |secrets| json!({"errorCode": [secrets], "errorSummary": secrets}).to_string(),
    ];
    let org = Org::start().await;
    let client = org.client();
    for (number, body) in bodies.into_iter().enumerate() {
        for status in [302, 400, 401, 403, 404, 405, 429, 500, 502, 503] {
            org.respond(repeating(status, body));
            for operation in operations::ALL {
                let error = call(&client, operation).await.expect_err("the answer says failure");

                assert_silent(&printed(&error), &format!("{} {status} body {number}", operation.id));
                assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
            }
        }
    }
}

#[tokio::test]
async fn a_masked_failure_still_says_what_went_wrong() {
    let org = Org::start().await;
    org.respond(repeating(404, |secrets| okta_failure(secrets).to_string()));

    let error = call(&org.client(), &operations::GET_SESSION).await.expect_err("the answer says failure");

    let text = error.to_string();
    assert!(text.starts_with("getSession failed: 404 Not Found, E0000007"), "{text}");
    assert!(text.contains("Not found: Resource not found: SSWS ***  /api/v1/sessions/*** "), "{text}");
    let debug = format!("{error:?}");
    for part in ["operation: Some(\"getSession\")", "status: Some(404)", "Not found: Resource not found: SSWS ***"] {
        assert!(debug.contains(part), "{part}: {debug}");
    }
}

#[tokio::test]
async fn a_failure_does_not_show_an_id_that_only_the_org_knows() {
    let body = json!({"errorCode": "E0000007", "errorSummary": format!("see {SESSION_ID}"), "session": SESSION_ID});
    let org = Org::answering(answer(404, &[("set-cookie", SESSION_ID)], body.to_string())).await;
    let html = Org::answering(answer(404, &[("set-cookie", SESSION_ID)], format!("<p>{SESSION_ID}</p>"))).await;
    let id = SessionId::new("102another").expect("the id is valid");

    for client in [org.client(), html.client()] {
        let error = client.get_session(&id).await.expect_err("the answer says failure");
        let texts = [error.to_string(), format!("{error:?}"), error.body_excerpt().unwrap_or_default().to_owned()];
        assert_silent(&texts, "the id of another session");
    }
}

#[tokio::test]
async fn a_success_does_not_show_the_id_nor_what_has_no_name() {
    let body = json!({
        "id": SESSION_ID,
        "status": "ACTIVE",
        "login": "ada@example.com",
        "idp": {"id": "0oa1", "type": "OKTA", "token": API_TOKEN},
        "_links": {"self": {"href": format!("https://acme.okta.com/api/v1/sessions/{SESSION_ID}")}, SESSION_ID: SID},
        "sessionToken": SESSION_TOKEN,
        "cookies": [{"sid": SID, "DT": DEVICE}],
        SESSION_ID: SESSION_ID,
    });
    let org = Org::start().await;
    let client = org.client();
    org.respond(repeating(200, move |_| body.to_string()));
    for operation in operations::ALL {
        let success = call(&client, operation).await.expect("the call succeeds");

        assert_silent(&success.printed, operation.id);
        assert_silent(&[format!("{:?}", success.headers)], operation.id);
        assert!(
            success.headers["set-cookie"].to_str().is_ok_and(|value| value.contains(CANARY)),
            "it is there to read"
        );
        if let Some(session) = success.session {
            assert_eq!(session.id.expose_secret(), SESSION_ID);
            assert_silent(&printed_session(&session), operation.id);
        }
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_not_repeated() {
    let bodies = [
        json!({"id": [SESSION_ID]}),
        json!({"id": "102a", "createdAt": SESSION_ID}),
        json!({"id": "102a", "status": {SESSION_ID: 1}}),
        json!({"id": "102a", "amr": SESSION_ID}),
        json!({SESSION_ID: SESSION_ID}),
        json!(SESSION_ID),
    ];
    let org = Org::start().await;
    let client = org.client();
    let html = format!("<p>{SESSION_ID}</p>");
    for body in bodies.iter().map(Value::to_string).chain([html, format!("{{\"id\": \"{SESSION_ID}")]) {
        org.respond(repeating(200, move |_| body.clone()));
        for operation in operations::ALL.iter().filter(|operation| operation.returns_body) {
            let error = call(&client, operation).await.expect_err("there is no session in it");

            assert_silent(&printed(&error), operation.id);
        }
    }
}

#[tokio::test]
async fn a_connection_that_fails_does_not_show_the_request() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = listener.local_addr().expect("the listener has an address");
    drop(listener);
    let refused = Client::builder(format!("http://{address}"))
        .api_token(API_TOKEN)
        .max_retries(0)
        .build()
        .expect("it can be built");
    for operation in operations::ALL {
        let error = call(&refused, operation).await.expect_err("nobody listens");
        assert_silent(&printed(&error), operation.id);
    }

    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n";
    for bytes in [String::new(), format!("{head}{SESSION_ID}"), format!("HTTP/1.1 {SESSION_ID}\r\n\r\n")] {
        let closed = client_of_one_answer(bytes).await;
        let error = call(&closed, &operations::GET_SESSION).await.expect_err("the answer is not whole");
        assert_silent(&printed(&error), "a connection that is closed early");
    }
}

#[tokio::test]
async fn a_client_its_builder_and_the_values_that_it_takes_show_nothing() {
    let builder = Client::builder(format!("https://user:{SID}@acme.okta.com")).api_token(API_TOKEN);
    let query = Client::builder(format!("https://acme.okta.com?{SID}")).bearer_token(API_TOKEN).proxy("http://proxy");
    let query = query.proxy_login("ada", SID);
    let client =
        Client::builder("https://acme.okta.com").api_token(API_TOKEN).max_retries(0).build().expect("it can be built");
    let api_token = ApiToken::new(API_TOKEN).expect("the token is valid");
    let bearer_token = BearerToken::new(API_TOKEN).expect("the token is valid");
    let session_token = SessionToken::new(SESSION_TOKEN).expect("the token is valid");
    let idx = SessionCookie::idx(SID).expect("the cookie is valid");

    let texts = [
        format!("{builder:?} {builder:#?} {query:?} {query:#?}"),
        format!("{:?} {}", query.settings(), query.settings().iter().map(ToString::to_string).collect::<String>()),
        format!("{client:?} {client:#?}"),
        format!("{api_token:?} {session_token:?} {idx:?} {:?} {:?}", cookie(), session_id()),
        format!("{:?} {:#?}", create_request(), create_request()),
        format!("{:?} {:?}", Credential::ApiToken(api_token.clone()), Credential::Bearer(bearer_token.clone())),
        format!("{bearer_token:?} {:?}", client.session_cookie_redirect(&session_token, "https://app.example.com")),
    ];
    assert_silent(&texts, "Debug");
    assert!(texts[2].contains("https://acme.okta.com") && texts[2].contains("API token"), "{}", texts[2]);
}

#[test]
fn a_refusal_does_not_show_the_value() {
    let bad = format!("{SESSION_ID}\r\n{API_TOKEN} {SESSION_TOKEN};");
    let refusals = [
        ApiToken::new(&bad).expect_err("the token is refused"),
        SessionToken::new(&bad).expect_err("the token is refused"),
        SessionId::new(&bad).expect_err("the id is refused"),
        SessionCookie::sid(&bad).expect_err("the cookie is refused"),
        SessionCookie::from_header(format!("sid={SID}; sid={SID}")).expect_err("the cookie is refused"),
    ];
    for refusal in refusals {
        assert_silent(&[format!("{refusal} {refusal:?} {refusal:#?}")], "InvalidValue");
        assert_silent(&printed(&Error::from(refusal)), "Error");
    }
    for url in [format!("https://u:{SID}@acme.okta.com"), format!("https://acme.okta.com?{SID}"), format!("[{SID}")] {
        assert_silent(&printed(&Client::builder(url).build().expect_err("the URL is refused")), "org URL");
    }
    let built = Client::builder("https://acme.okta.com").api_token(&bad).build();
    assert_silent(&printed(&built.expect_err("the token is refused")), "builder");
}

#[tokio::test]
async fn control_characters_of_an_answer_reach_no_message() {
    let okta = json!({
        "errorCode": format!("E{CONTROLS}1"),
        "errorSummary": format!("a{CONTROLS}b"),
        "errorId": CONTROLS,
        "errorCauses": [{"errorSummary": format!("c{CONTROLS}d")}],
        CONTROLS: CONTROLS,
    });
    let harmful = |text: &str| text.contains(|c: char| c.is_control() || c == '\u{202e}');
    let org = Org::start().await;
    let client = org.client();
    for body in [okta.to_string(), format!("<html>{CONTROLS}</html>"), CONTROLS.to_owned()] {
        org.answer(answer(404, &[], &body));
        for operation in operations::ALL {
            let error = call(&client, operation).await.expect_err("the answer says failure");

            let mut texts = vec![error.to_string(), format!("{error:?}")];
            texts.extend(error.body_excerpt().map(str::to_owned));
            texts.extend(summaries(&error).map(ToString::to_string));
            assert_eq!(texts.iter().find(|text| harmful(text)), None, "{}", operation.id);
        }
    }
    let status = SessionStatus::from(format!("A{CONTROLS}B").as_str());
    assert!(!harmful(&status.to_string()) && !harmful(&format!("{status:?}")));
}

#[tokio::test]
async fn a_secret_in_a_header_that_is_shown_otherwise_is_hidden() {
    let org = Org::start().await;
    let client = org.client();
    for operation in operations::ALL {
        for body in [session_body().to_string(), "{}".to_owned()] {
            org.respond(move |request| {
                let secrets = repeated(request);
                let headers = [("server", secrets.as_str()), ("x-okta-request-id", secrets.as_str())];
                let response =
                    headers.into_iter().fold(httpmock::HttpMockResponse::builder().status(200), |it, (name, value)| {
                        it.header(name, value.replace(['\r', '\n'], " "))
                    });
                response.body(body.clone()).build()
            });
            match call(&client, operation).await {
                Ok(success) => assert_silent(&success.printed, operation.id),
                Err(error) => assert_silent(&printed(&error), operation.id),
            }
        }
    }
}
