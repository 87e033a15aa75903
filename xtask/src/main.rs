//! The command line of the development tasks: `cargo xtask <task>`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use xtask::codegen::{self, Mode};
use xtask::failure::Result;
use xtask::spec::import;

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
            let report = import::run(workspace_root(), options)?;
            println!("{}\n", report.text);
            report.next
        }
    }
}

/// The workspace that this program was built from; `cargo xtask` builds it anew wherever it runs.
fn workspace_root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
