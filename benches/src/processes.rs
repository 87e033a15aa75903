//! Server and clients as processes of their own: what one costs must not be counted for the other.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::callers::Failure;

/// The server. It ends when this is dropped, or when this process ends in any other way.
pub struct Server {
    port: u16,
    process: Child,
    input: Option<ChildStdin>,
}

impl Server {
    /// Starts the program `bench-server`.
    ///
    /// # Errors
    /// It cannot be started, or prints no port.
    pub fn start(program: &Path) -> Result<Self, Failure> {
        let mut process = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let input = process.stdin.take();
        Ok(Self { port: line.trim().parse()?, process, input })
    }

    /// Where it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        // Its end is awaited so that it leaves no zombie; how it ends is all the same.
        let _ = self.process.wait();
    }
}

/// What the program `bench-client` says of its calls.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// The CPU time of all calls, in nanoseconds.
    pub nanoseconds: u64,
    /// The largest memory of the process, in KiB; 0 where the system does not tell.
    pub peak_memory: u64,
}

/// Makes calls in a process of its own, with so many at the same time.
///
/// # Errors
/// The process fails.
pub fn calls(program: &Path, client: &str, port: u16, calls: u64, concurrency: u64) -> Result<Usage, Failure> {
    let arguments = [client.to_owned(), port.to_string(), calls.to_string(), concurrency.to_string()];
    let output = Command::new(program).args(arguments).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    let (nanoseconds, peak_memory) = text.trim().split_once(' ').ok_or("the client has failed")?;
    Ok(Usage { nanoseconds: nanoseconds.parse()?, peak_memory: peak_memory.parse()? })
}

/// The instructions of so many calls, one after the other, with all that the process does beside.
///
/// # Errors
/// Valgrind is missing or fails.
pub fn instructions(program: &Path, client: &str, port: u16, calls: u64) -> Result<u64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([client, &port.to_string(), &calls.to_string(), "1"])
        .output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let collected = told.lines().find_map(|line| line.split_once("Collected : ")).filter(|_| output.status.success());
    Ok(collected.ok_or_else(|| format!("valgrind has failed: {told}"))?.1.trim().parse()?)
}

/// Whether valgrind can be run.
#[must_use]
pub fn has_valgrind() -> bool {
    Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}
