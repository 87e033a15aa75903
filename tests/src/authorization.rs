//! Which call carries which credential.

use std::sync::{Arc, Mutex};

use session_client::{ApiToken, BearerToken, Client, Credential, ErrorKind, TokenFuture, TokenSource, operations};

use crate::support::{API_TOKEN, Org, answer, call, cookie, json_answer, session_body};

const BEARER: &str = "eyCanary.canary.canary";

/// Gives out numbered tokens and keeps what it was asked for.
#[derive(Clone, Default)]
struct Numbered(Arc<Mutex<Vec<String>>>);

impl TokenSource for Numbered {
    fn token<'a>(&'a self, scopes: &'a [&'a str]) -> TokenFuture<'a> {
        let mut asked = self.0.lock().unwrap();
        asked.push(scopes.join(" "));
        let token = BearerToken::new(format!("token-{}", asked.len()));
        Box::pin(async move { Ok(token?) })
    }
}

async fn org() -> Org {
    let org = Org::start().await;
    org.respond(|request| match request.method_str() {
        "DELETE" => answer(204, &[], ""),
        _ => json_answer(200, &session_body()),
    });
    org
}

fn authorization(org: &Org) -> Option<String> {
    let request = org.take_request();
    request.headers().get("authorization").map(|value| value.to_str().expect("it is text").to_owned())
}

#[tokio::test]
async fn a_bearer_token_goes_to_the_operations_that_take_one_and_nowhere_else() {
    let org = org().await;
    let client = Client::builder(org.url("")).bearer_token(BEARER).build().expect("the client can be built");

    for operation in operations::ALL {
        let outcome = call(&client, operation).await;

        if operation.scopes().is_some() {
            outcome.expect(operation.id);
            assert_eq!(authorization(&org), Some(format!("Bearer {BEARER}")), "{}", operation.id);
        } else if operation.security.is_empty() {
            outcome.expect(operation.id);
            assert_eq!(authorization(&org), None, "{}", operation.id);
        } else {
            let error = outcome.expect_err("the operation does not take a bearer token");
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0));
            let message = "createSession failed: the client has a bearer token; the operation takes an API token";
            assert_eq!(error.to_string(), message);
            assert!(org.take_requests().is_empty(), "nothing was sent");
        }
    }
}

#[tokio::test]
async fn a_token_source_is_asked_before_each_request_with_the_scopes_of_the_operation() {
    let org = org().await;
    let source = Numbered::default();
    let client = Client::builder(org.url("")).token_source(source.clone()).build().expect("the client can be built");

    call(&client, &operations::GET_SESSION).await.expect("the session is there");
    assert_eq!(authorization(&org).as_deref(), Some("Bearer token-1"));
    call(&client, &operations::REVOKE_SESSION).await.expect("the session is there");
    assert_eq!(authorization(&org).as_deref(), Some("Bearer token-2"));
    call(&client, &operations::REFRESH_SESSION).await.expect("the session is there");
    assert_eq!(authorization(&org).as_deref(), Some("Bearer token-3"));
    for operation in
        [&operations::GET_CURRENT_SESSION, &operations::CLOSE_CURRENT_SESSION, &operations::REFRESH_CURRENT_SESSION]
    {
        call(&client, operation).await.expect("the session is there");
        assert_eq!(authorization(&org), None);
    }

    assert_eq!(*source.0.lock().unwrap(), ["okta.sessions.read", "okta.sessions.manage", "okta.sessions.manage"]);
}

#[tokio::test]
async fn a_token_source_that_has_none_fails_the_call_with_its_reason_and_nothing_sent() {
    struct Empty;
    impl TokenSource for Empty {
        fn token<'a>(&'a self, _: &'a [&'a str]) -> TokenFuture<'a> {
            Box::pin(async { Err("the vault is sealed".into()) })
        }
    }
    let org = org().await;
    let client = Client::builder(org.url("")).token_source(Empty).build().expect("the client can be built");

    let error = call(&client, &operations::GET_SESSION).await.expect_err("there is no token");

    assert_eq!((error.kind(), error.may_have_been_sent()), (ErrorKind::Credential, false));
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string).as_deref(), Some("the vault is sealed"));
    assert!(org.take_requests().is_empty());
}

#[tokio::test]
async fn another_credential_is_another_client_on_the_same_connections() {
    let org = org().await;
    let client = Client::builder(org.url("")).build().expect("the client can be built");
    let credentials: [(Credential, String); 2] = [
        (ApiToken::new(API_TOKEN).expect("the token is valid").into(), format!("SSWS {API_TOKEN}")),
        (BearerToken::new(BEARER).expect("the token is valid").into(), format!("Bearer {BEARER}")),
    ];
    for (credential, header) in credentials {
        let other = client.with_credential(credential).expect("the token can stand in a header");
        call(&other, &operations::GET_SESSION).await.expect("the session is there");
        assert_eq!(authorization(&org), Some(header));
    }
    let error = call(&client, &operations::GET_SESSION).await.expect_err("the first client has no credential");
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn nobody_signed_in_is_none_and_another_failure_is_one() {
    let org = org().await;
    let client = org.anonymous_client();
    assert!(client.current_session_or_none(&cookie()).await.expect("there is an answer").is_some());

    org.answer(answer(404, &[], ""));
    assert!(client.current_session_or_none(&cookie()).await.expect("there is an answer").is_none());

    org.answer(answer(500, &[], ""));
    let error = client.current_session_or_none(&cookie()).await.expect_err("the org failed");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
}

#[tokio::test]
async fn a_redirect_takes_absolute_https_targets_only_and_encodes_both_values() {
    let client = Client::builder("https://acme.okta.com/base").build().expect("the client can be built");
    let token = session_client::SessionToken::new("a+b/c=&d").expect("the token is valid");

    let redirect =
        client.session_cookie_redirect(&token, "https://app.example.com/a?b=c&d#e").expect("the target is one");
    assert_eq!(
        redirect.expose_secret(),
        "https://acme.okta.com/base/login/sessionCookieRedirect?token=a%2Bb%2Fc%3D%26d\
         &redirectUrl=https%3A%2F%2Fapp.example.com%2Fa%3Fb%3Dc%26d%23e"
    );

    let refused = [
        "",
        "/home",
        "//evil.example",
        "http://app.example.com",
        "javascript:alert(1)",
        "https:evil.example",
        "https://",
        "https:///evil.example",
        "https://user:canary@app.example.com",
        "https://app.example.com\\@evil.example",
        "https://app.example.com/\r\nx: y",
        "data:text/html,x",
    ];
    for target in refused {
        let error = client.session_cookie_redirect(&token, target).expect_err(target).to_string();
        assert!(error.starts_with("redirect target: ") && !error.contains("canary"), "{error}");
    }
}
