//! The commands.

mod config;
mod create;
mod demo;
pub(crate) mod fake;
mod man;
mod me;
mod one;

use std::process::ExitCode;

use clap::CommandFactory;

use crate::args::{ById, Cli, Command};
use crate::failure::Failure;
use crate::output::Output;
use crate::{bulk, connect};

/// Does what the command line asks for.
pub(crate) async fn run(cli: Cli, output: &Output) -> Result<ExitCode, Failure> {
    let connection = &cli.global.connection;
    match cli.command {
        Command::Create(args) => create::run(&args, connection, output).await?,
        Command::Get(args) => return by_id(bulk::Operation::Get, &args, connection, output).await,
        Command::Refresh(args) => return by_id(bulk::Operation::Refresh, &args, connection, output).await,
        Command::Revoke(args) => return by_id(bulk::Operation::Revoke, &args, connection, output).await,
        Command::Me(me) => me::run(&me, connection, output).await?,
        Command::Demo(args) => demo::run(&args, connection, output).await?,
        Command::Fake(args) => return fake::run(args, output).await,
        Command::Config => config::run(connection, output)?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "okta-session", &mut script);
            output.bytes(&script)?;
        }
        Command::Man { dir } => man::run(dir.as_deref(), output)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One session by its id, or many.
async fn by_id(
    operation: bulk::Operation,
    args: &ById,
    connection: &connect::Args,
    output: &Output,
) -> Result<ExitCode, Failure> {
    if let Some(id) = &args.id {
        one::run(operation, id, connection, output).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let client = connect::paced_client(connection, args.bulk.reserve)?;
    bulk::run(operation, &client, &args.bulk, output).await
}

/// Runs a call, unless it is interrupted.
async fn interruptible<T>(call: impl Future<Output = Result<T, session_client::Error>>) -> Result<T, Failure> {
    tokio::select! {
        outcome = call => Ok(outcome?),
        _ = tokio::signal::ctrl_c() => Err(Failure::interrupted("interrupted; what was asked may be done all the same")),
    }
}
