//! The command line of the development tasks: `cargo xtask <task>`.

use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::codegen::{self, Mode};

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
}

fn main() -> ExitCode {
    let Task::Codegen { check } = Arguments::parse().task;
    let mode = if check { Mode::Check } else { Mode::Write };
    match codegen::run(workspace_root(), mode) {
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

/// The workspace that this program was built from; `cargo xtask` builds it anew wherever it runs.
fn workspace_root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
