//! A service that signs browsers in: it takes the session token that the Authentication API has given the login page,
//! makes a session of it and sets the cookie.
//!
//! ```text
//! cargo run -p session-client --example sign_in
//! ```
//!
//! It runs against an org in memory, with itself as the browser. A real one builds its client with
//! [`Client::from_env`] and listens behind TLS on a host under the org's custom domain, whose cookies the org sees.

use std::error::Error;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use session_client::types::{CreateSessionRequest, Session};
use session_client::{Client, ErrorKind, SessionCookie, SessionToken};
use session_testkit::fake::FakeOrg;

fn service(client: Client) -> Router {
    Router::new().route("/sign-in", post(sign_in).delete(sign_out)).with_state(client)
}

/// What the login page sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    /// Refused here already if it cannot be one.
    session_token: SessionToken,
}

/// A session of the token, and its id in a cookie. The token works once: no answer of the org is an invitation to send
/// it again, and the client does not.
async fn sign_in(
    State(client): State<Client>,
    Json(SignIn { session_token }): Json<SignIn>,
) -> Result<(StatusCode, HeaderMap), StatusCode> {
    match client.create_session(&CreateSessionRequest::new(session_token)).await {
        Ok(response) => Ok((StatusCode::NO_CONTENT, set_cookie(response.value())?)),
        // Used, expired or invented. The same 401 says that the service's own API token is wrong: the code tells.
        Err(error) if error.code() == Some("E0000004") => Err(StatusCode::UNAUTHORIZED),
        Err(error) => Err(unavailable(&error)),
    }
}

/// Ends the session of the browser and clears the cookie.
async fn sign_out(State(client): State<Client>, headers: HeaderMap) -> Result<(StatusCode, HeaderMap), StatusCode> {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let cookie = SessionCookie::from_header(cookies).map_err(|_| StatusCode::BAD_REQUEST)?;
    match client.close_current_session(&cookie).await {
        Ok(_) => {}
        // Signed out already.
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(unavailable(&error)),
    }
    let clear = HeaderValue::from_static("sid=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax");
    Ok((StatusCode::NO_CONTENT, HeaderMap::from_iter([(header::SET_COOKIE, clear)])))
}

/// The cookie is the session: `HttpOnly` keeps it from scripts, `Secure` from plain connections, and `SameSite` from
/// requests that other sites make. With `Domain` the org's custom domain would get it as well.
fn set_cookie(session: &Session) -> Result<HeaderMap, StatusCode> {
    let cookie = SessionCookie::sid(session.id.expose_secret()).map_err(|_| StatusCode::BAD_GATEWAY)?;
    let mut value =
        HeaderValue::from_str(&format!("{}; Path=/; Secure; HttpOnly; SameSite=Lax", cookie.expose_secret()))
            .map_err(|_| StatusCode::BAD_GATEWAY)?;
    // A layer that logs headers then leaves it out.
    value.set_sensitive(true);
    Ok(HeaderMap::from_iter([(header::SET_COOKIE, value)]))
}

/// The error shows no credential and names Okta's request id: it can be logged as it is. The browser learns none of it.
fn unavailable(error: &session_client::Error) -> StatusCode {
    eprintln!("{error}");
    match error.kind() {
        ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        _ if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let org = FakeOrg::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let page = format!("http://{}/sign-in", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, service(org.client().build()?)).into_future());

    let browser = reqwest::Client::builder().no_proxy().build()?;
    let token = org.session_token(FakeOrg::LOGIN);
    let form = serde_json::json!({ "sessionToken": token.expose_secret() });

    let answer = browser.post(&page).json(&form).send().await?;
    let cookie = answer.headers().get(header::SET_COOKIE).ok_or("the service sets a cookie")?.to_str()?.to_owned();
    println!("signed in: {}, {} session alive in the org", answer.status(), org.sessions_alive());
    expect(answer.status() == StatusCode::NO_CONTENT && org.sessions_alive() == 1, "the user is signed in")?;

    let again = browser.post(&page).json(&form).send().await?.status();
    println!("the same token again: {again}");
    expect(again == StatusCode::UNAUTHORIZED, "a session token works once")?;

    let pair = cookie.split(';').next().unwrap_or_default();
    let out = browser.delete(&page).header(header::COOKIE, pair).send().await?.status();
    println!("signed out: {out}, {} sessions alive in the org", org.sessions_alive());
    expect(out == StatusCode::NO_CONTENT && org.sessions_alive() == 0, "the user is signed out")
}

fn expect(holds: bool, what: &str) -> Result<(), Box<dyn Error>> {
    if holds { Ok(()) } else { Err(format!("not so: {what}").into()) }
}

#[test]
fn the_example_runs() {
    main().expect("it runs");
}
