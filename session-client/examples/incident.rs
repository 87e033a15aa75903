//! Ends all sessions of a list, and leaves no doubt about any of them.
//!
//! ```text
//! cargo run -p session-client --example incident            # a hundred sessions of an org in memory
//! cargo run -p session-client --example incident ids.txt    # one id a line, at the org that the environment names
//! ```
//!
//! The command `okta-session revoke --from ids.txt` does this with progress, a report and resumption; this is what it
//! takes in a program of one's own.

use std::error::Error;
use std::process::ExitCode;

use futures_util::StreamExt;
use futures_util::stream;
use session_client::{Client, SessionId};
use session_testkit::fake::{FakeOrg, Fault};

/// How many calls run at once. The pace is the rate limit's; more than this only fills queues.
const CONCURRENCY: usize = 16;

/// What became of the list.
#[derive(Debug, Default, PartialEq)]
struct Account {
    revoked: usize,
    /// Ended before: by the user, by time, by somebody else.
    gone: usize,
    /// May be alive: these need another look.
    left: Vec<usize>,
}

/// Revokes each session. The client itself waits for the rate limit, repeats what was lost on the way, and counts a
/// session as revoked that a repeated revocation does not find.
async fn revoke_all(client: &Client, ids: &[SessionId]) -> Account {
    let mut calls = stream::iter(ids.iter().enumerate())
        .map(|(index, id)| async move { (index, client.revoke_session(id).await) })
        .buffer_unordered(CONCURRENCY);
    let mut account = Account::default();
    while let Some((index, outcome)) = calls.next().await {
        match outcome {
            Ok(_) => account.revoked += 1,
            Err(error) if error.is_not_found() => account.gone += 1,
            Err(error) => {
                // By its place in the list: an id is a credential and does not belong into a log.
                eprintln!("line {}: {error}", index + 1);
                account.left.push(index);
            }
        }
    }
    account.left.sort_unstable();
    account
}

/// All of the list, or nothing: a line that is no id is more likely the wrong file than a typing error.
fn read(list: &str) -> Result<Vec<SessionId>, Box<dyn Error>> {
    let lines = list.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| SessionId::new(line).map_err(|error| format!("line {}: {error}", index + 1).into()))
        .collect()
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let Some(path) = std::env::args_os().nth(1) else { return rehearse().await };
    let ids = read(&std::fs::read_to_string(path)?)?;
    // A quarter of the rate limit stays free for those who sign in meanwhile.
    let client = session_client::ClientBuilder::from_env()?.reserve(0.25).build()?;
    let account = revoke_all(&client, &ids).await;
    println!("{} revoked, {} gone before, {} left", account.revoked, account.gone, account.left.len());
    Ok(if account.left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The same on an org in memory, where connections break and one session has ended before.
async fn rehearse() -> Result<ExitCode, Box<dyn Error>> {
    let org = FakeOrg::start().await;
    let client = org.client().build()?;
    let mut ids = Vec::new();
    for _ in 0..100 {
        let request = session_client::types::CreateSessionRequest::new(org.session_token(FakeOrg::LOGIN));
        ids.push(client.create_session(&request).await?.into_inner().id);
    }
    client.revoke_session(&ids[7]).await?;
    org.fault(Fault::reset_connection().of("revokeSession").times(2));

    let account = revoke_all(&client, &ids).await;
    println!("{} revoked, {} gone before, {} left", account.revoked, account.gone, account.left.len());
    let complete = account == Account { revoked: 99, gone: 1, left: Vec::new() } && org.sessions_alive() == 0;
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[test]
fn the_example_runs() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    assert_eq!(runtime.block_on(rehearse()).expect("it runs"), ExitCode::SUCCESS);
}
