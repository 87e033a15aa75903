//! Drives all seven operations over HTTP and prints what they did.
//!
//! ```text
//! cargo run -p session-client --example lifecycle
//! ```
//!
//! Without a configuration it talks to an org in memory, in this process. With `OKTA_CLIENT_ORGURL`,
//! `OKTA_CLIENT_TOKEN` and `OKTA_SESSION_TOKEN` (a session token that the Authentication API has just issued) it talks
//! to that org; the session of that token is created, refreshed and ended.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use session_client::types::{CreateSessionRequest, Session};
use session_client::{Client, Operation, Response, SessionCookie, SessionToken, operations};
use session_testkit::fake::FakeOrg;

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
        return run(&client, SessionToken::new(session_token)?, None).await;
    }
    println!("org: in memory, in this process, since OKTA_CLIENT_ORGURL and OKTA_CLIENT_TOKEN are not both set");
    let org = FakeOrg::start().await;
    let client = org.client().build()?;
    run(&client, org.session_token(FakeOrg::LOGIN), Some(org.session_token(FakeOrg::LOGIN))).await
}

/// The life of one session, and with a second token the end of another one.
async fn run(client: &Client, token: SessionToken, second: Option<SessionToken>) -> Result<(), Box<dyn Error>> {
    let request = CreateSessionRequest::new(token);
    let session = report(&operations::CREATE_SESSION, client.create_session(&request).await, describe)?.into_inner();
    report(&operations::GET_SESSION, client.get_session(&session.id).await, describe)?;
    report(&operations::REFRESH_SESSION, client.refresh_session(&session.id).await, describe)?;

    // A server would set this cookie in the user's browser, and find it in the browser's requests.
    let cookie = SessionCookie::sid(session.id.expose_secret())?;
    report(&operations::GET_CURRENT_SESSION, client.get_current_session(&cookie).await, describe)?;
    report(&operations::REFRESH_CURRENT_SESSION, client.refresh_current_session(&cookie).await, describe)?;
    report(&operations::CLOSE_CURRENT_SESSION, client.close_current_session(&cookie).await, |()| "ended".to_owned())?;

    let to_revoke = match second {
        Some(token) => client.create_session(&CreateSessionRequest::new(token)).await?.into_inner().id,
        None => session.id,
    };
    match report(&operations::REVOKE_SESSION, client.revoke_session(&to_revoke).await, |()| "ended".to_owned()) {
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
    let end = session.expires_at.map_or("an unknown time".to_owned(), |time| time.format("%F %T UTC").to_string());
    format!("{login} is {status} until {end}")
}
