//! `me`: the session of a browser.

use super::interruptible;
use super::one::ended;
use crate::args::Me;
use crate::failure::Failure;
use crate::output::Output;
use crate::{connect, secrets, session};

pub(super) async fn run(me: &Me, connection: &connect::Args, output: &Output) -> Result<(), Failure> {
    let client = connect::client(connection)?;
    let (Me::Get(args) | Me::Refresh(args) | Me::Close(args)) = me;
    let cookie = secrets::session_cookie(args.cookie_file.as_deref(), output)?;
    match me {
        Me::Get(_) => session::show(&interruptible(client.get_current_session(&cookie)).await?, output),
        Me::Refresh(_) => session::show(&interruptible(client.refresh_current_session(&cookie)).await?, output),
        Me::Close(_) => {
            let answer = interruptible(client.close_current_session(&cookie)).await?;
            ended("closed", "closed the session of the cookie", &answer, output)
        }
    }
}
