//! The org in memory behaves as the wire does.

use std::sync::LazyLock;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use session_client::types::CreateSessionRequest;
use session_client::{Client, ErrorKind, SessionCookie, SessionId, operations};
use session_testkit::fake::{FakeOrg, Fault};

use crate::support::call;

const LOGIN: &str = FakeOrg::LOGIN;

pub(crate) async fn session_of(org: &FakeOrg, client: &Client) -> SessionId {
    let request = CreateSessionRequest::new(org.session_token(LOGIN));
    client.create_session(&request).await.expect("the token is fresh").into_inner().id
}

pub(crate) fn client(org: &FakeOrg) -> Client {
    org.client().build().expect("the client can be built")
}

/// A request as a program that is no client of ours would send it.
pub(crate) async fn ask(
    org: &FakeOrg,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> reqwest::Response {
    // One for all tests, and no connection of it outlives its test.
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(0);
        http.build().expect("a client")
    });
    let method = method.parse().expect("a method");
    let mut request = HTTP.request(method, format!("{}{path}", org.url())).body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("the org answers")
}

async fn code(response: reqwest::Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.expect("the answer is JSON");
    (status, body["errorCode"].as_str().unwrap_or_default().to_owned())
}

/// Method, path, headers and body; status and code of the answer.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);

pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn a_session_lives_from_its_creation_to_its_end() {
    let org = FakeOrg::start().await;
    let client = client(&org);
    let id = session_of(&org, &client).await;
    let cookie = SessionCookie::sid(id.expose_secret()).expect("the id is a cookie's value");

    let created = client.get_session(&id).await.expect("the session lives").into_inner();
    org.advance(Duration::from_secs(60));
    let refreshed = client.refresh_session(&id).await.expect("the session lives");
    assert!(
        refreshed.headers()["set-cookie"].to_str().expect("text").starts_with(&format!("sid={}", id.expose_secret()))
    );
    assert_eq!(refreshed.value().expires_at, created.expires_at.map(|end| end + Duration::from_secs(60)));

    let current = client.get_current_session(&cookie).await.expect("the user is signed in").into_inner();
    assert_ne!(current.id, id, "/me tells an external id");
    assert_eq!(current.user_id, created.user_id);
    assert!(client.refresh_current_session(&cookie).await.expect("the user is signed in").value().is_active());

    client.close_current_session(&cookie).await.expect("the user is signed in");
    assert!(!org.is_alive(&id));
    assert!(client.current_session_or_none(&cookie).await.expect("there is an answer").is_none());
    assert!(client.revoke_session(&id).await.expect_err("it has ended").is_not_found());
}

#[tokio::test]
async fn a_session_token_works_once_and_for_five_minutes() {
    let org = FakeOrg::start().await;
    let client = client(&org);
    let used = CreateSessionRequest::new(org.session_token(LOGIN));
    client.create_session(&used).await.expect("the token is fresh");
    let old = CreateSessionRequest::new(org.session_token(LOGIN));
    org.advance(Duration::from_secs(5 * 60));

    for request in [used, old] {
        let error = client.create_session(&request).await.expect_err("the token does not work any more");
        assert_eq!((error.status(), error.code()), (Some(StatusCode::UNAUTHORIZED), Some("E0000004")));
    }
}

#[tokio::test]
async fn a_session_expires_when_the_clock_says_so() {
    let org = FakeOrg::builder().session_lifetime(Duration::from_secs(100)).start().await.expect("a free port");
    let client = client(&org);
    let id = session_of(&org, &client).await;

    org.advance(Duration::from_secs(99));
    client.get_session(&id).await.expect("there is a second left");
    org.advance(Duration::from_secs(1));

    assert!(client.get_session(&id).await.expect_err("it has expired").is_not_found());
    assert_eq!(org.sessions_alive(), 0);
}

#[tokio::test]
async fn what_a_credential_may_not_is_refused_in_oktas_words() {
    let org = FakeOrg::start().await;
    let id = session_of(&org, &client(&org)).await;
    let outcome = async |builder: session_client::ClientBuilder| {
        let client = builder.build().expect("the client can be built");
        let error = client.refresh_session(&id).await.expect_err("the credential does not suffice");
        (error.status().map_or(0, |status| status.as_u16()), error.code().unwrap_or_default().to_owned())
    };

    assert_eq!(outcome(org.client().api_token("00wrong")).await, (401, "E0000011".to_owned()));
    assert_eq!(outcome(org.client().bearer_token("eyWrong")).await, (401, "invalid_token".to_owned()));
    let reading = org.access_token(&["okta.sessions.read"]);
    assert_eq!(outcome(org.client().bearer_token(reading.expose_secret())).await, (403, "E0000006".to_owned()));

    let managing = org.access_token(&["okta.sessions.manage"]);
    let client = org.client().bearer_token(managing.expose_secret()).build().expect("the client can be built");
    client.refresh_session(&id).await.expect("the scope suffices");
    org.advance(Duration::from_secs(3600));
    assert!(client.get_session(&id).await.expect_err("the token has expired").is_unauthorized());

    let nothing = ask(&org, "GET", "/api/v1/sessions/x", &[("accept", "*/*")], "").await;
    assert_eq!(code(nothing).await, (403, "E0000005".to_owned()));
    let basic = ask(&org, "POST", "/api/v1/sessions", &[("authorization", "Basic x"), JSON], "{}").await;
    assert_eq!(code(basic).await, (403, "E0000005".to_owned()));
}

#[tokio::test]
async fn what_is_no_request_of_this_api_gets_oktas_errors() {
    let org = FakeOrg::start().await;
    let token = format!("SSWS {}", org.api_token());
    let auth = ("authorization", token.as_str());
    let accept = ("accept", "application/json");
    let cases: [Case<'_>; 11] = [
        ("GET", "/api/v1/users", &[accept], "", 404, "E0000008"),
        ("GET", "/", &[accept], "", 404, "E0000008"),
        ("GET", "/api/v1/sessions", &[accept, auth], "", 405, "E0000022"),
        ("DELETE", "/api/v1/sessions/", &[accept, auth], "", 405, "E0000022"),
        ("PUT", "/api/v1/sessions/me", &[accept], "", 405, "E0000022"),
        ("POST", "/api/v1/sessions", &[accept, auth, JSON], "{", 400, "E0000003"),
        ("POST", "/api/v1/sessions", &[accept, auth, JSON], "[]", 400, "E0000003"),
        ("POST", "/api/v1/sessions", &[accept, auth, ("content-type", "text/plain")], "{}", 400, "E0000021"),
        ("GET", "/api/v1/sessions/x", &[("accept", "text/html"), auth], "", 400, "E0000021"),
        ("GET", "/api/v1/sessions/%FF", &[accept, auth], "", 404, "E0000007"),
        ("POST", "/api/v1/sessions//lifecycle/refresh", &[accept, auth], "", 405, "E0000022"),
    ];
    for (method, path, headers, body, status, error) in cases {
        let response = ask(&org, method, path, headers, body).await;
        let allow = response.headers().get("allow").cloned();
        let request_id = response.headers().get("x-okta-request-id").is_some();
        assert_eq!(code(response).await, (status, error.to_owned()), "{method} {path}");
        assert_eq!((allow.is_some(), request_id), (status == 405, status != 405), "{method} {path}");
    }
}

#[tokio::test]
async fn users_and_browsers_sign_in_over_http() {
    let org = FakeOrg::start().await;
    org.add_user("bob@example.com", "builder");
    let sign_in = async |password: &str| {
        let body = json!({"username": "bob@example.com", "password": password}).to_string();
        ask(&org, "POST", "/api/v1/authn", &[JSON], &body).await
    };
    assert_eq!(code(sign_in("wrong").await).await, (401, "E0000004".to_owned()));
    let answer: Value = sign_in("builder").await.json().await.expect("JSON");
    let token = answer["sessionToken"].as_str().expect("a token");

    let path = format!("/login/sessionCookieRedirect?token={token}&redirectUrl=https%3A%2F%2Fapp.example.com%2F");
    let redirect = ask(&org, "GET", &path, &[], "").await;
    assert_eq!(redirect.headers()["location"], "https://app.example.com/");
    let cookie = redirect.headers()["set-cookie"].to_str().expect("text");
    let cookie = SessionCookie::from_header(cookie.split(';').next().expect("a pair")).expect("a session cookie");
    let session = client(&org).get_current_session(&cookie).await.expect("the user is signed in").into_inner();
    assert_eq!(session.login.as_deref(), Some("bob@example.com"));

    assert!(ask(&org, "GET", &path, &[], "").await.headers().get("set-cookie").is_none(), "the token works once");
}

#[tokio::test]
async fn an_identity_engine_org_knows_browsers_by_idx_and_no_id() {
    let org = FakeOrg::builder().identity_engine().start().await.expect("a free port");
    let client = client(&org);
    let cookie = org.browser_cookie(LOGIN);
    assert!(cookie.expose_secret().starts_with("idx="));

    let session = client.get_current_session(&cookie).await.expect("the user is signed in").into_inner();

    assert!(session.idp.is_none());
    assert!(client.get_session(&session.id).await.expect_err("by-id knows no such session").is_not_found());
    client.close_current_session(&cookie).await.expect("the user is signed in");
    assert_eq!(org.sessions_alive(), 0);
}

#[tokio::test]
async fn a_rate_limit_is_one_bucket_for_all_and_a_client_waits_for_the_next_window() {
    let org = FakeOrg::builder().rate_limit(3, Duration::from_secs(60)).start().await.expect("a free port");
    let client = client(&org);
    let cookie = org.browser_cookie(LOGIN);
    for left in [2, 1, 0] {
        let response = client.get_current_session(&cookie).await.expect("there is a place");
        assert_eq!(response.rate_limit().and_then(|limit| limit.remaining), Some(left));
    }

    let response = client.get_current_session(&cookie).await.expect("there is a place in the next window");

    assert_eq!(response.attempts(), 2);
    let pauses = org.clock().expect("a clock that stands still").pauses();
    assert!(
        pauses.len() == 1 && pauses[0] >= Duration::from_secs(60) && pauses[0] <= Duration::from_secs(62),
        "{pauses:?}"
    );
    assert_eq!(org.requests().iter().filter(|request| request.status == Some(429)).count(), 1);
}

#[tokio::test]
async fn a_limit_of_requests_at_the_same_time_has_oktas_form() {
    let org = FakeOrg::builder().concurrency_limit(1).start().await.expect("a free port");
    let client = org.client().max_retries(0).build().expect("the client can be built");
    let cookie = org.browser_cookie(LOGIN);
    org.fault(Fault::delay(Duration::from_secs(5)));
    let slow = tokio::spawn({
        let (client, cookie) = (client.clone(), cookie.clone());
        async move { client.get_current_session(&cookie).await.map(drop) }
    });
    while org.requests().is_empty() {
        tokio::task::yield_now().await;
    }

    let error = client.get_current_session(&cookie).await.expect_err("one is under way");
    assert!(error.is_rate_limited() && error.rate_limit().is_some_and(|limit| limit.is_concurrency_limit()));

    org.advance(Duration::from_secs(5));
    slow.await.expect("it ends").expect("it succeeds");
    client.get_current_session(&cookie).await.expect("there is a place again");
}

#[tokio::test]
async fn faults_meet_the_requests_they_are_for() {
    let org = FakeOrg::start().await;
    let client = org.client().max_retries(0).build().expect("the client can be built");
    let id = session_of(&org, &client).await;

    for status in [400, 401, 403, 404, 429, 500, 502, 503, 504] {
        org.fault(Fault::status(status).of("getSession"));
        let error = client.get_session(&id).await.expect_err("there is a fault");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert!(error.request_id().is_some() && error.code().is_some(), "{error}");
    }
    org.fault(Fault::html());
    let error = client.get_session(&id).await.expect_err("there is a fault");
    assert!(error.body_excerpt().is_some_and(|page| page.starts_with("<html>")) && error.request_id().is_none());
    org.fault(Fault::empty());
    assert_eq!(client.get_session(&id).await.expect_err("there is a fault").body_excerpt(), None);
    org.fault(Fault::cut_body());
    let error = client.get_session(&id).await.expect_err("there is a fault");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Transport, Some(StatusCode::OK)));
    org.fault(Fault::reset_connection());
    let error = client.get_session(&id).await.expect_err("there is a fault");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Transport, None));

    client.get_session(&id).await.expect("the faults are used up");
    org.fault(Fault::status(500).times(9));
    org.clear_faults();
    client.get_session(&id).await.expect("the faults are gone");
}

#[tokio::test]
async fn a_revocation_whose_answer_is_lost_is_done_and_known_to_be() {
    let org = FakeOrg::start().await;
    let client = client(&org);
    let id = session_of(&org, &client).await;
    org.fault(Fault::reset_connection().of("revokeSession"));

    let response = client.revoke_session(&id).await.expect("the repeat finds it gone");

    assert_eq!(response.attempts(), 2);
    assert!(!org.is_alive(&id));
}

#[tokio::test]
async fn maintenance_takes_no_changes() {
    let org = FakeOrg::start().await;
    let client = org.client().max_retries(0).build().expect("the client can be built");
    let id = session_of(&org, &client).await;
    org.set_read_only(true);

    client.get_session(&id).await.expect("reading goes on");
    let error = client.revoke_session(&id).await.expect_err("nothing is changed");

    assert_eq!((error.status(), error.code()), (Some(StatusCode::SERVICE_UNAVAILABLE), Some("E0000010")));
    org.set_read_only(false);
    client.revoke_session(&id).await.expect("maintenance is over");
}

#[tokio::test]
async fn it_knows_every_operation_and_refuses_ids_tokens_and_cookies_that_it_has_not_made() {
    let org = FakeOrg::start().await;
    let client = client(&org);
    for operation in operations::ALL {
        // Ids, tokens and cookies of this module's neighbours mean nothing to the org: its answer is a refusal.
        let error = call(&client, operation).await.expect_err("the org knows none of them");
        let expected = if operation.id == "createSession" { "E0000004" } else { "E0000007" };
        assert_eq!(error.code(), Some(expected), "{}", operation.id);
    }
}

#[tokio::test]
async fn answers_to_services_clear_the_cookie_of_a_browser_that_would_keep_them() {
    let org = FakeOrg::start().await;
    let client = client(&org);
    let request = CreateSessionRequest::new(org.session_token(LOGIN));
    let created = client.create_session(&request).await.expect("the token is fresh");
    let read = client.get_session(&created.value().id).await.expect("the session lives");
    let unknown = SessionId::new("102nobody").expect("the id is valid");
    let failed = client.get_session(&unknown).await.expect_err("there is no such session");
    let current = client.get_current_session(&org.browser_cookie(LOGIN)).await.expect("the user is signed in");

    let cookies = |headers: &http::HeaderMap| -> Vec<String> {
        headers.get_all("set-cookie").iter().map(|it| it.to_str().expect("text").to_owned()).collect()
    };
    for headers in [created.headers(), read.headers(), failed.headers().expect("there is an answer")] {
        let cookies = cookies(headers);
        assert!(cookies.iter().any(|it| it.starts_with("sid=\"\"")), "{cookies:?}");
        assert!(cookies.iter().any(|it| it.starts_with("JSESSIONID=")), "{cookies:?}");
    }
    assert!(cookies(current.headers()).iter().all(|it| !it.starts_with("sid=")), "it would sign the user out");
}
