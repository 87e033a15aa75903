//! The command `okta-session`.

mod advice;
mod args;
mod bulk;
mod commands;
mod connect;
mod failure;
mod mask;
mod output;
mod secrets;
mod session;
mod table;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use session_client::redact::mask_lookalikes;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::output::{Format, Output};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let output = Output::new(cli.global.output, cli.global.show_ids);
    if cli.global.verbose {
        trace();
    }
    let outcome = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(commands::run(cli, &output)),
        Err(error) => Err(Failure::io("cannot start", &error)),
    };
    outcome.unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit().into()
    })
}

/// Shows the help that was asked for, or what is wrong with the command line.
fn refuse(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that has gone away has seen enough.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let output = Output::new(asked_format(std::env::args_os()), false);
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand && !output.is_json() {
        let _ = error.print();
    } else {
        output.failure(&usage(error));
    }
    Exit::Usage.into()
}

/// The parser's words. They repeat what was typed, which may be a secret in the wrong place.
fn usage(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::usage("a command is needed");
    }
    let text = error.render().to_string();
    let text = output::printable_lines(&mask_lookalikes(text.strip_prefix("error: ").unwrap_or(&text)));
    let mut paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    let message = paragraphs.next().unwrap_or("the command line is wrong");
    let rest: Vec<&str> = paragraphs.flat_map(str::lines).map(str::trim).collect();
    if rest.is_empty() { Failure::usage(message) } else { Failure::usage(message).with_hint(rest.join("\n")) }
}

/// The form that a command line which cannot be parsed asks for.
fn asked_format(arguments: impl Iterator<Item = OsString>) -> Format {
    // What stands behind `--` is another program's.
    let arguments: Vec<OsString> = arguments.take_while(|argument| argument != "--").collect();
    let is_json = arguments.iter().any(|argument| argument == "--output=json")
        || arguments.windows(2).any(|pair| pair[0] == "--output" && pair[1] == "json");
    if is_json { Format::Json } else { Format::Table }
}

/// Shows what the client tells of its calls: their end and their retries. Other libraries stay silent: they would show
/// what is sent.
fn trace() {
    let events = tracing_subscriber::fmt::layer()
        .with_writer(anstream::stderr)
        .with_target(false)
        .with_span_events(FmtSpan::CLOSE);
    let ours = Targets::new().with_target("session_client", LevelFilter::INFO);
    // It fails only where another one is set up already.
    let _ = tracing_subscriber::registry().with(ours).with(events).try_init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_that_cannot_be_parsed_still_says_which_form_it_wants() {
        let format = |line: &str| asked_format(line.split(' ').map(OsString::from));
        assert_eq!(format("okta-session --output json get"), Format::Json);
        assert_eq!(format("okta-session get --output=json"), Format::Json);
        assert_eq!(format("okta-session get --output table"), Format::Table);
        assert_eq!(format("okta-session fake -- --output json"), Format::Table);
    }

    #[test]
    fn what_was_typed_in_the_wrong_place_is_not_repeated() {
        let error = Cli::try_parse_from(["okta-session", "create", "20111aBcDeFgHiJkLmNoPqRsTuVw"]).unwrap_err();
        let shown = usage(&error).to_string();
        assert!(shown.contains("'***'") && !shown.contains("20111"), "{shown}");
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_repeated_either() {
        // The parser takes out colours by itself; this turns the direction of the text. It stands in the message and the hint.
        let error = Cli::try_parse_from(["okta-session", "get", "--nope\u{202e}"]).unwrap_err();
        let shown = usage(&error).to_string();
        assert!(shown.matches("--nope\u{fffd}").count() > 1 && !shown.contains('\u{202e}'), "{shown:?}");
    }

    #[test]
    fn the_arguments_are_consistent() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }
}
