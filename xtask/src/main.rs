//! The command line of the development tasks: `cargo xtask <task>`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use xtask::codegen::{self, Mode};
use xtask::failure::Result;
use xtask::spec::diff::{self, Class};
use xtask::spec::{file, import, mutate};

/// Development tasks of the workspace
#[derive(Parser)]
#[command(term_width = 100, name = "cargo xtask", bin_name = "cargo xtask")]
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
    /// Show what changed for the session operations between two documents, and which version to publish
    ///
    /// Each change has a class: `breaking`, `additive`, `documentation`, or `unclear` where no rule tells and somebody
    /// has to read. Of whole documents the operations of the Session API are compared, of openapi/upstream.yaml and
    /// openapi/sessions.yaml everything.
    Diff(Diff),
    /// Measure the contract tests and `spec diff`: change the contract in every small way, and see what notices
    ///
    /// Each change of openapi/upstream.yaml or openapi/overlay.yaml is a mutant: a property dropped, a status changed,
    /// an operation renamed. In this process, within some minutes, each is generated from, held against the page of
    /// facts of the contract tests and compared by `spec diff`. What is left is compiled, each for itself, in a
    /// copy of the workspace in the target directory, and the contract tests run, but for the page of facts; that takes
    /// some twelve seconds for each. A journal beside the copy keeps what is done: after an interruption, run the same
    /// command again.
    ///
    /// The report has a row for each kind of change: how many mutants there are, who noticed them (the generator
    /// refuses, the tests do not compile, a test fails, the page of facts alone differs), how many have no effect because
    /// the overlay replaces what they change, how many survived, and of how many `spec diff` says what they mean.
    /// Survivors and wrong classes follow by name. The command fails if there are any.
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

#[derive(Args)]
struct Diff {
    /// The document of before: OpenAPI 3.0, YAML or JSON, whole or a slice
    old: PathBuf,
    /// The document of now
    new: PathBuf,
    /// How to show the changes
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Fail if there is a change of this class or of a worse one; unclear changes count as breaking
    #[arg(long, value_enum, value_name = "CLASS")]
    deny: Option<Deny>,
}

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

#[derive(Clone, Copy, Default, ValueEnum)]
enum Format {
    /// A table for a terminal
    #[default]
    Text,
    /// Tables for a pull request
    Markdown,
    /// For programs: an object with `format` (1), `verdict`, `step`, `next_version`, `counts` by class, and `changes`,
    /// each with `class`, `warning`, `what`, `where` (a JSON path), `operations`, `old`, `new`, and `rust` (`kind`,
    /// `item`, `effect`)
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Deny {
    Breaking,
    Additive,
    Documentation,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    match task {
        Task::Codegen { check } => {
            show(&codegen::run(workspace_root(), if check { Mode::Check } else { Mode::Write })?);
        }
        Task::Spec(Spec::Import(Import { file, release, keep_removed })) => {
            let options = import::Options { file: &file, release: release.as_deref(), keep_removed };
            let report = import::run(workspace_root(), options)?;
            show(&report.text);
            show("");
            show(&report.next?);
        }
        Task::Spec(Spec::Diff(Diff { old, new, format, deny })) => {
            let (old, new) = (file::read(&old)?, file::read(&new)?);
            let changes = diff::sources(&old, &new)?;
            show(&match format {
                Format::Text => changes.text(),
                Format::Markdown => changes.markdown(),
                Format::Json => changes.json(),
            });
            if let Some(denied) = deny {
                changes.refuse(&new.name, denied.into())?;
            }
        }
        Task::Spec(Spec::Mutate(Mutate { in_process, shard, control })) => {
            let group = if control { mutate::Group::Control } else { mutate::Group::Facts };
            let compile = if in_process { None } else { Some(shard.unwrap_or(mutate::Shard::ALL)) };
            let report = mutate::run(workspace_root(), &target_directory(), mutate::Options { group, compile })?;
            show(&report.text());
            report.verdict()?;
        }
    }
    Ok(())
}

/// Prints the text. Whoever reads it may stop before its end.
fn show(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

impl From<Deny> for Class {
    fn from(denied: Deny) -> Self {
        match denied {
            Deny::Breaking => Self::Breaking,
            Deny::Additive => Self::Additive,
            Deny::Documentation => Self::Documentation,
        }
    }
}

/// The workspace that this program was built from; `cargo xtask` builds it anew wherever it runs.
fn workspace_root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace_root().join("target"), PathBuf::from)
}
