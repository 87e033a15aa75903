//! Drives all seven operations over HTTP and prints what they did.
//!
//! ```text
//! cargo run -p session-client --example lifecycle
//! ```
//!
//! Without a configuration it talks to a mock server in this process. With `OKTA_CLIENT_ORGURL`, `OKTA_CLIENT_TOKEN`
//! and `OKTA_SESSION_TOKEN` (a session token that the Authentication API has just issued) it talks to that org; the
//! session of that token is created, refreshed and ended.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use session_client::types::{CreateSessionRequest, Session, SessionStatus};
use session_client::{Client, Operation, Response, SessionCookie, SessionId, SessionToken, operations};
use session_testkit::answers;
use session_testkit::mock::{MockServer, MockServerExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match drive().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn drive() -> Result<(), Box<dyn Error>> {
    if let (Ok(org_url), Ok(api_token)) = (env::var("OKTA_CLIENT_ORGURL"), env::var("OKTA_CLIENT_TOKEN")) {
        let session_token = env::var("OKTA_SESSION_TOKEN")
            .map_err(|_| "set OKTA_SESSION_TOKEN to a session token of the user who is to be signed in")?;
        let client = Client::builder(&org_url).api_token(api_token).build()?;
        println!("org: {org_url}");
        return run(&client, &session_token).await;
    }
    let server = MockServer::start_async().await;
    mock_org(&server)?;
    println!("org: a mock server in this process, since OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN are not both set");
    let client = Client::builder(server.base_url()).api_token("00exampleExampleExampleExample").build()?;
    run(&client, "20111exampleExampleExample").await
}

async fn run(client: &Client, session_token: &str) -> Result<(), Box<dyn Error>> {
    let request = CreateSessionRequest::new(SessionToken::new(session_token)?);
    let session = report(&operations::CREATE_SESSION, client.create_session(&request).await, describe)?.into_inner();
    report(&operations::GET_SESSION, client.get_session(&session.id).await, describe)?;
    report(&operations::REFRESH_SESSION, client.refresh_session(&session.id).await, describe)?;

    // A server would set this cookie in the user's browser, and find it in the browser's requests.
    let cookie = SessionCookie::sid(session.id.expose_secret())?;
    report(&operations::GET_CURRENT_SESSION, client.get_current_session(&cookie).await, describe)?;
    report(&operations::REFRESH_CURRENT_SESSION, client.refresh_current_session(&cookie).await, describe)?;
    report(&operations::CLOSE_CURRENT_SESSION, client.close_current_session(&cookie).await, |()| "ended".to_owned())?;

    match report(&operations::REVOKE_SESSION, client.revoke_session(&session.id).await, |()| "ended".to_owned()) {
        Err(error) if error.is_not_found() => println!("  (closeCurrentSession has ended it already)"),
        outcome => drop(outcome?),
    }
    Ok(())
}

/// One line for each call.
fn report<T>(
    operation: &Operation,
    outcome: Result<Response<T>, session_client::Error>,
    describe: impl Fn(&T) -> String,
) -> Result<Response<T>, session_client::Error> {
    let request = format!("{} {}", operation.method, operation.path);
    match &outcome {
        Ok(response) => println!("{request:<55} {}  {}", response.status().as_u16(), describe(response.value())),
        // The error names the operation and the status itself, and shows no credential.
        Err(error) => println!("{request:<55} {error}"),
    }
    outcome
}

fn describe(session: &Session) -> String {
    let login = session.login.as_deref().unwrap_or("(no login)");
    let status = session.status.as_ref().map_or("(no status)", |status| status.as_str());
    let end = session.expires_at.map_or("an unknown time".to_owned(), |time| time.to_rfc3339());
    format!("{login} is {status} until {end}")
}

fn mock_org(server: &MockServer) -> Result<(), Box<dyn Error>> {
    let mut session = answers::session(&SessionId::new("102exampleExampleExample1")?);
    session.login = Some("ada@example.com".to_owned());
    session.status = Some(SessionStatus::Active);
    session.expires_at = Some("2026-01-22T09:01:28Z".parse()?);
    let mut refreshed = session.clone();
    refreshed.expires_at = Some("2026-01-22T10:01:28Z".parse()?);
    // The first expectation that fits answers: the current session before the sessions by id.
    server.get_current_session(|_, then| drop(then.ok(&session)));
    server.refresh_current_session(|_, then| drop(then.ok(&refreshed)));
    server.close_current_session(|_, then| drop(then.no_content()));
    server.create_session(|_, then| drop(then.ok(&session)));
    server.get_session(|_, then| drop(then.ok(&session)));
    server.refresh_session(|_, then| drop(then.ok(&refreshed)));
    server.revoke_session(|_, then| drop(then.no_content()));
    Ok(())
}
