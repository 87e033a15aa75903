//! The command line of the development tasks: `cargo xtask <task>`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use xtask::codegen::{self, Mode};
use xtask::failure::Result;
use xtask::spec::{import, mutate};

/// Development tasks of the workspace
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Write openapi/sessions.yaml and the generated Rust files from openapi/upstream.yaml and openapi/overlay.yaml
    Codegen {
        /// Write nothing: show what would change, and fail if anything would
        #[arg(long)]
        check: bool,
    },
    /// Work with the specification that Okta publishes
    #[command(subcommand)]
    Spec(Spec),
}

#[derive(Subcommand)]
enum Spec {
    /// Write openapi/upstream.yaml anew from a whole Management API document
    Import(Import),
    /// Measure the contract tests and `spec diff` by changing the contract in every small way, one at a time
    #[command(long_about = MUTATE)]
    Mutate(Mutate),
}

#[derive(Args)]
struct Import {
    /// The published document: OpenAPI 3.0, YAML or JSON
    file: PathBuf,
    /// The release that the document belongs to, such as 2025.08.0; for documents that do not say
    #[arg(long, value_name = "NAME")]
    release: Option<String>,
    /// Keep the last known definition of operations that the document no longer has
    #[arg(long)]
    keep_removed: bool,
}

const MUTATE: &str = "\
Measure the contract tests and `spec diff` by changing the contract in every small way, one at a time.

Each change of openapi/upstream.yaml or openapi/overlay.yaml is a mutant: a property dropped, a status changed, an \
operation renamed. In this process, in about two minutes, each is generated from, held against the page of facts \
(tests/src/contract_facts.txt) and compared by `spec diff`. What is left is compiled, each for itself, in a copy of the \
workspace in the target directory, with the contract tests but for the page of facts; that takes some ten seconds for \
each. A journal beside the copy keeps what is done: run the command again to go on after an interruption.

The report has a row for each kind of change: how many mutants there are, who noticed them (the generator refuses, the \
tests do not compile, a test fails, the page of facts differs), how many have no effect because the overlay replaces \
what they change, and how many survived; and for how many `spec diff` says what the change means. Survivors and wrong \
classes follow by name. The command fails if there are any.";

#[derive(Args)]
struct Mutate {
    /// Do without the compiler: the generator, the page of facts and `spec diff` alone
    #[arg(long, conflicts_with = "shard")]
    in_process: bool,
    /// Compile this part of the mutants only, such as 2/8: the second of eight
    #[arg(long, value_name = "I/N")]
    shard: Option<mutate::Shard>,
    /// Take the control group instead: changes of words and order, which must raise no alarm
    #[arg(long)]
    control: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<String> {
    match task {
        Task::Codegen { check } => codegen::run(workspace_root(), if check { Mode::Check } else { Mode::Write }),
        Task::Spec(Spec::Import(Import { file, release, keep_removed })) => {
            let options = import::Options { file: &file, release: release.as_deref(), keep_removed };
            import::run(workspace_root(), options)
        }
        Task::Spec(Spec::Mutate(Mutate { in_process, shard, control })) => {
            let group = if control { mutate::Group::Control } else { mutate::Group::Facts };
            let compile = if in_process { None } else { Some(shard.unwrap_or(mutate::Shard::ALL)) };
            let report = mutate::run(workspace_root(), mutate::Options { group, compile })?;
            println!("{}", report.text());
            report.verdict()
        }
    }
}

/// The workspace that this program was built from; `cargo xtask` builds it anew wherever it runs.
fn workspace_root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
