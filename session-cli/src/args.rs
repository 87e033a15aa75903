//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::commands::fake;
use crate::output::Format;
use crate::{bulk, connect};

/// Create, read, refresh and revoke the sessions of an Okta org, one or thousands.
///
/// The org and the token come from `OKTA_CLIENT_ORGURL` and `OKTA_CLIENT_TOKEN`, from ./okta.yaml and from
/// ~/.okta/okta.yaml, as with Okta's SDKs. Without an org, `okta-session demo` shows everything on one in memory.
#[derive(Debug, Parser)]
#[command(name = "okta-session", version, term_width = 80, propagate_version = false, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    failed
  2    the command line or the configuration is wrong; nothing was sent
  3    of many, some or all failed or are in doubt
  4    there is no such session
  130  interrupted

Example:
  okta-session demo";

#[derive(Debug, Args)]
#[command(next_help_heading = "Options of all commands")]
pub(crate) struct Global {
    #[command(flatten)]
    pub(crate) connection: connect::Args,
    /// The form of the output: a table for people, JSON for programs, failures included
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORM")]
    pub(crate) output: Format,
    /// Show session ids; whoever holds one can act as the user
    #[arg(long, global = true)]
    pub(crate) show_ids: bool,
    /// Tell of each call and each retry on standard error
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a session of a session token
    ///
    /// The session token, which the user gets by signing in, comes from `OKTA_SESSION_TOKEN` or --token-file. It lives
    /// for five minutes and works once.
    #[command(after_help = "Example:\n  okta-session create --token-file token.txt --id-file session.id")]
    Create(Create),
    /// Show a session, or many
    #[command(
        override_usage = "okta-session get [OPTIONS] <ID>\n       okta-session get [OPTIONS] --from <FILE>",
        after_help = "Examples:\n  okta-session get - < session.id\n  okta-session get --from ids.txt"
    )]
    Get(ById),
    /// Let a session begin its lifetime again, or many
    #[command(
        override_usage = "okta-session refresh [OPTIONS] <ID>\n       okta-session refresh [OPTIONS] --from <FILE>",
        after_help = "Examples:\n  okta-session refresh - < session.id\n  okta-session refresh --from ids.txt"
    )]
    Refresh(ById),
    /// End a session, or many
    ///
    /// By id the org knows the sessions whose id is the value of a cookie `sid`. It does not find sessions by the ids
    /// that `me get` shows nor by cookies `idx`, and these sessions stay alive: not found is not success.
    #[command(
        override_usage = "okta-session revoke [OPTIONS] <ID>\n       okta-session revoke [OPTIONS] --from <FILE>",
        after_help = "Examples:\n  okta-session revoke - < session.id\n  okta-session revoke --from ids.txt --report report.ndjson"
    )]
    Revoke(ById),
    /// The session of a browser, by its cookie
    #[command(subcommand, after_help = "Example:\n  okta-session me get --cookie-file cookie.txt")]
    Me(Me),
    /// Run all seven operations and show each request and answer
    ///
    /// Without an org in the configuration it makes one in memory, in this process. On a real org it creates a session
    /// of the session token in `OKTA_SESSION_TOKEN` or --token-file, and ends it.
    #[command(
        after_help = "Examples:\n  okta-session demo\n  okta-session demo --org-url https://acme.okta.com --token-file token.txt"
    )]
    Demo(Demo),
    /// Serve an Okta org in memory, for tests in any language
    ///
    /// Once it listens it prints shell assignments, one a line, and serves until it is stopped. With a command it runs
    /// that with the variables set, and ends with its exit code.
    #[command(
        after_help = "Examples:\n  okta-session fake --port 8080 --fault revokeSession:2:503\n  okta-session fake -- npm test\n  okta-session fake --app 0oaService=key.pem --demand-dpop -- npm test"
    )]
    Fake(fake::Args),
    /// Show the settings in effect and where each comes from
    ///
    /// Secrets are masked. It fails if no client can be made of the settings.
    #[command(after_help = "Example:\n  okta-session config --config okta.yaml")]
    Config,
    /// Print the completions of a shell
    #[command(after_help = "Example:\n  okta-session completions bash > /etc/bash_completion.d/okta-session")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual
    #[command(
        after_help = "Examples:\n  okta-session man | man -l -\n  okta-session man --dir ~/.local/share/man/man1"
    )]
    Man {
        /// Write the page of every command into this folder
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    pub(crate) token: TokenFile,
    /// Write the id of the session to a new file that only you can read
    #[arg(long, value_name = "FILE")]
    pub(crate) id_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TokenFile {
    /// Read the session token from a file; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ById {
    /// The id of the session; `-` reads it from standard input. As an argument it can be seen by others on this machine
    #[arg(required_unless_present_any = ["from", "resume"], conflicts_with_all = ["from", "resume"])]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) bulk: bulk::Args,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Me {
    /// Show the session
    #[command(after_help = "Example:\n  okta-session me get --cookie-file cookie.txt")]
    Get(CookieFile),
    /// Let the session begin its lifetime again
    #[command(after_help = "Example:\n  OKTA_SESSION_COOKIE=\"$cookie\" okta-session me refresh")]
    Refresh(CookieFile),
    /// End the session
    #[command(after_help = "Example:\n  okta-session me close --cookie-file - < cookie.txt")]
    Close(CookieFile),
}

#[derive(Debug, Args)]
pub(crate) struct CookieFile {
    /// Read the cookie, such as `sid=…` or `idx=…; DT=…`, from a file; `-` is standard input. Without it the cookie
    /// comes from `OKTA_SESSION_COOKIE`
    #[arg(long, value_name = "FILE")]
    pub(crate) cookie_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) token: TokenFile,
    /// Use the org in memory even if one is configured
    #[arg(long, conflicts_with_all = ["token_file", "org_url", "config"])]
    pub(crate) in_memory: bool,
}

/// Reads `30s`, `500ms` or `2m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|_| "must have a unit, as in 30s, 500ms or 2m".to_owned())
}
