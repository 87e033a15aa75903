//! An axum middleware that lets signed-in browsers in: it asks the org whose session the cookie is, and puts the session
//! into the request.
//!
//! ```text
//! cargo run -p session-client --example middleware
//! ```
//!
//! It runs against an org in memory, with itself as the browser. A real one builds its client with the org's custom
//! domain, under which the service lives too, and needs no API token: the cookie is all that these calls carry.

use std::error::Error;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use session_client::types::{Session, SessionStatus};
use session_client::{Client, SessionCookie};
use session_testkit::fake::{FakeOrg, Fault};

fn service(client: Client) -> Router {
    Router::new().route("/", get(greet)).layer(from_fn_with_state(client, require_session))
}

/// Reached with a session only.
async fn greet(Extension(session): Extension<Session>) -> String {
    format!("Hello {}", session.login.as_deref().unwrap_or("whoever you are"))
}

/// Passes requests on that belong to a session, with the session in their extensions. All others get a status that tells
/// "not signed in" (401) from "the org does not answer" (503): an outage must not look like a sign-out, nor let anyone in.
async fn require_session(
    State(client): State<Client>,
    mut request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    // No cookie, or one that somebody has planted beside another.
    let cookie = session_cookie(request.headers()).ok_or(StatusCode::UNAUTHORIZED)?;
    let session = match client.current_session_or_none(&cookie).await {
        Ok(session) => session.ok_or(StatusCode::UNAUTHORIZED)?.into_inner(),
        Err(error) => {
            eprintln!("{error}");
            return Err(StatusCode::SERVICE_UNAVAILABLE);
        }
    };
    // A session that still waits for a second factor is none yet.
    if session.status != Some(SessionStatus::Active) {
        return Err(StatusCode::FORBIDDEN);
    }
    request.extensions_mut().insert(session);
    Ok(next.run(request).await)
}

/// HTTP/2 may split the cookies over several headers.
fn session_cookie(headers: &HeaderMap) -> Option<SessionCookie> {
    let parts: Result<Vec<&str>, _> = headers.get_all(header::COOKIE).iter().map(|value| value.to_str()).collect();
    SessionCookie::from_header(parts.ok()?.join("; ")).ok()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let org = FakeOrg::start().await;
    let client = Client::builder(org.url()).max_retries(0).build()?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let page = format!("http://{}/", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, service(client)).into_future());

    let browser = reqwest::Client::builder().no_proxy().build()?;
    let visit = async |cookie: &str| -> Result<(StatusCode, String), reqwest::Error> {
        let answer = browser.get(&page).header(header::COOKIE, cookie).send().await?;
        Ok((answer.status(), answer.text().await?))
    };

    let cookie = org.browser_cookie(FakeOrg::LOGIN);
    let cookie = cookie.expose_secret();
    expect("signed in", &visit(&format!("theme=dark; {cookie}")).await?, StatusCode::OK)?;
    expect("no cookie", &visit("theme=dark").await?, StatusCode::UNAUTHORIZED)?;
    expect("a planted second cookie", &visit(&format!("{cookie}; sid=102planted")).await?, StatusCode::UNAUTHORIZED)?;
    org.fault(Fault::status(503));
    expect("the org is down", &visit(cookie).await?, StatusCode::SERVICE_UNAVAILABLE)?;
    org.reset();
    expect("signed out", &visit(cookie).await?, StatusCode::UNAUTHORIZED)
}

fn expect(case: &str, (status, body): &(StatusCode, String), expected: StatusCode) -> Result<(), Box<dyn Error>> {
    println!("{case}: {status} {body}");
    if *status == expected { Ok(()) } else { Err(format!("{case}: {status}, not {expected}").into()) }
}

#[test]
fn the_example_runs() {
    main().expect("it runs");
}
