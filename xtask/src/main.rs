//! The command line of the development tasks: `cargo xtask <task>`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use xtask::codegen::{self, Mode};
use xtask::failure::Result;
use xtask::spec::diff::{self, Class};
use xtask::spec::{file, import};

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
    /// Show what changed for the session operations between two documents, and which version to publish
    ///
    /// Each change has a class: `breaking`, `additive`, `documentation`, or `unclear` where no rule tells and somebody
    /// has to read. Of whole documents the operations of the Session API are compared, of openapi/upstream.yaml and
    /// openapi/sessions.yaml everything.
    Diff(Diff),
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
            show(&report.next?);
        }
        Task::Spec(Spec::Diff(Diff { old, new, format, deny })) => {
            let (old, new) = (file::read(&old)?, file::read(&new)?);
            let changes = diff::compare(&old.document, &new.document);
            show(&match format {
                Format::Text => changes.text(),
                Format::Markdown => changes.markdown(),
                Format::Json => changes.json(),
            });
            if let Some(denied) = deny {
                changes.refuse(&new.name, denied.into())?;
            }
        }
    }
    Ok(())
}

/// Prints the text. Whoever reads it may stop before its end.
fn show(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
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
