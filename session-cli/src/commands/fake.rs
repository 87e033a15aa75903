//! `fake`: an Okta org in memory, as a program.

mod rules;

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use clap::ValueEnum;
use session_testkit::fake::{FakeOrg, Fault};

use crate::failure::{Exit, Failure};
use crate::output::Output;

/// All that Okta grants for sessions.
const SCOPES: [&str; 2] = ["okta.sessions.manage", "okta.sessions.read"];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The port to listen at on loopback; 0 is a free one [default: 8080, or a free one for a command]
    #[arg(long)]
    port: Option<u16>,
    /// How many requests the session operations take together in a window of time
    #[arg(long, value_name = "REQUESTS/TIME", default_value = "600/60s", value_parser = rules::rate_limit)]
    rate_limit: (u64, Duration),
    /// The kind of the org
    #[arg(long, value_enum, default_value_t)]
    mode: Mode,
    /// What goes wrong: `[OPERATION:][TIMES:]FAULT`, where FAULT is a status, `html`, `empty`, `cut`, `reset` or
    /// `delay:500ms`; may be given several times
    #[arg(long = "fault", value_name = "RULE", value_parser = rules::fault)]
    faults: Vec<Fault>,
    /// A service app of OAuth 2.0 and the file of its key: a JWK, a JWK set or PEM, private or public; may be given several
    /// times
    #[arg(long = "app", value_name = "CLIENT_ID=FILE", value_parser = rules::app)]
    apps: Vec<(String, PathBuf)>,
    /// Apps get their tokens only with proof of a key (DPoP), which the tokens are then bound to
    #[arg(long)]
    demand_dpop: bool,
    /// Where ids and tokens begin: the same seed gives the same ones
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// The command to run with the variables set
    #[arg(last = true, value_name = "CMD")]
    command: Vec<OsString>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Mode {
    /// Browsers get the cookie `sid`, whose value is the id of the session
    #[default]
    Classic,
    /// Browsers get the cookie `idx`, whose sessions no id names
    IdentityEngine,
}

/// Serves the org until it is stopped, or until the command ends.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitCode, Failure> {
    let (requests, window) = args.rate_limit;
    // A command is told the port; whoever starts the org by hand wants to know it beforehand.
    let port = args.port.unwrap_or(if args.command.is_empty() { 8080 } else { 0 });
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut builder = FakeOrg::builder().address(address).seed(args.seed).rate_limit(requests, window).real_time();
    if args.mode == Mode::IdentityEngine {
        builder = builder.identity_engine();
    }
    let org = builder.start().await.map_err(|error| Failure::io(format_args!("cannot listen at {address}"), &error))?;
    for fault in args.faults {
        org.fault(fault);
    }
    for (client_id, file) in &args.apps {
        register(&org, client_id, file)?;
    }
    org.demand_dpop(args.demand_dpop);
    let variables = variables(&org);
    if let Some((program, arguments)) = args.command.split_first() {
        return run_command(program, arguments, variables).await;
    }
    output.line(variables.map(|(name, value)| format!("{name}={value}")).join("\n"))?;
    tokio::select! {
        () = org.run() => Err(Failure::new(Exit::Failed, "io", "the org has stopped")),
        _ = tokio::signal::ctrl_c() => Ok(Exit::Interrupted.into()),
    }
}

/// Adds an app that may do with sessions what apps can.
fn register(org: &FakeOrg, client_id: &str, file: &Path) -> Result<(), Failure> {
    let name = file.display();
    let key = std::fs::read_to_string(file).map_err(|error| Failure::usage(format!("cannot read {name}: {error}")))?;
    org.register_client(client_id, &key, &SCOPES).map_err(|error| Failure::usage(format!("{name}: {error}")))
}

/// Where the org is and how to sign in, in the names that Okta's SDKs know. None of the values needs quotes in a shell.
fn variables(org: &FakeOrg) -> [(&'static str, String); 5] {
    [
        ("OKTA_CLIENT_ORGURL", org.url()),
        ("OKTA_CLIENT_TOKEN", org.api_token()),
        ("OKTA_TESTING_TESTINGDISABLEHTTPSCHECK", "true".to_owned()),
        ("OKTA_FAKE_LOGIN", FakeOrg::LOGIN.to_owned()),
        ("OKTA_FAKE_PASSWORD", FakeOrg::PASSWORD.to_owned()),
    ]
}

/// Runs the command to its end. Ctrl-C is the command's to obey: it gets it from the terminal as well.
async fn run_command(
    program: &OsString,
    arguments: &[OsString],
    variables: [(&'static str, String); 5],
) -> Result<ExitCode, Failure> {
    let what = format!("cannot run {}", program.display());
    let mut command = tokio::process::Command::new(program);
    command.args(arguments).envs(variables).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| Failure::new(Exit::Usage, "io", format!("{what}: {error}")))?;
    loop {
        tokio::select! {
            ended = child.wait() => return ended.map(exit_code).map_err(|error| Failure::io(&what, &error)),
            _ = tokio::signal::ctrl_c() => {}
        }
    }
}

/// The command's own exit code; as in a shell, 128 and the number of the signal that ended it.
fn exit_code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status).map(|signal| 128 + signal);
    #[cfg(not(unix))]
    let signal = None;
    let code = status.code().or(signal).unwrap_or(1);
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}
