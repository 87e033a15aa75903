//! `man`: the manual.

use std::path::Path;

use clap::CommandFactory;

use crate::args::Cli;
use crate::failure::Failure;
use crate::output::Output;

/// Prints the manual, or writes the page of every command into the folder.
pub(super) fn run(dir: Option<&Path>, output: &Output) -> Result<(), Failure> {
    if let Some(dir) = dir {
        let written = std::fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(Cli::command(), dir));
        return written.map_err(|error| Failure::io(format_args!("cannot write into {}", dir.display()), &error));
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command())
        .render(&mut page)
        .map_err(|error| Failure::io("cannot make the manual", &error))?;
    output.bytes(&page)
}
