//! `get`, `refresh` and `revoke` of one session.

use serde_json::json;
use session_client::Response;

use super::interruptible;
use crate::bulk::Operation;
use crate::failure::Failure;
use crate::output::Output;
use crate::{connect, secrets, session};

pub(super) async fn run(
    operation: Operation,
    id: &str,
    connection: &connect::Args,
    output: &Output,
) -> Result<(), Failure> {
    let client = connect::client(connection)?;
    let id = secrets::session_id(id, output)?;
    match operation {
        Operation::Get => session::show(&interruptible(client.get_session(&id)).await?, output),
        Operation::Refresh => session::show(&interruptible(client.refresh_session(&id)).await?, output),
        Operation::Revoke => {
            let answer = interruptible(client.revoke_session(&id)).await?;
            ended("revoked", &format!("revoked {}", output.id(id.expose_secret())), &answer, output)
        }
    }
}

/// Tells that a session is no more. The answer has no body to show.
pub(super) fn ended(outcome: &str, line: &str, answer: &Response<()>, output: &Output) -> Result<(), Failure> {
    if !output.is_json() {
        return output.line(line);
    }
    output.json(&json!({
        "outcome": outcome,
        "status": answer.status().as_u16(),
        "request_id": answer.request_id(),
        "attempts": answer.attempts(),
    }))
}
