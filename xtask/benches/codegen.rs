//! How long `cargo xtask codegen --check` takes once it is built: it generates everything and compares.
//!
//! `cargo bench -p xtask --bench codegen` prints the median and the least of a number of runs.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 41;

fn main() -> Result<(), Box<dyn Error>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut times: Vec<Duration> = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let mut codegen = Command::new(env!("CARGO_BIN_EXE_xtask"));
        codegen.args(["codegen", "--check"]).current_dir(&repository).stdout(Stdio::null());
        let begin = Instant::now();
        let status = codegen.status()?;
        times.push(begin.elapsed());
        if !status.success() {
            return Err("the generated files are out of date: run `cargo xtask codegen`".into());
        }
    }
    times.sort();
    let [median, least] = [times[RUNS / 2], times[0]].map(|time| time.as_secs_f64() * 1000.0);
    println!("codegen --check: {median:.1} ms, median of {RUNS}; the least {least:.1} ms");
    Ok(())
}
