//! The command and the org in memory as processes of their own: what one costs must not be counted for the other.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;

/// The command with nothing around it.
pub(crate) fn command(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta-session"));
    command.args(arguments).env_clear().env("HOME", folder).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// `okta-session fake`, which ends when this is dropped.
pub(crate) struct Org {
    process: Child,
    pub(crate) url: String,
    pub(crate) token: String,
    /// From the start of the process until it listened.
    pub(crate) started_in: Duration,
}

impl Org {
    /// An org whose limit nothing reaches.
    pub(crate) fn start(folder: &Path) -> Result<Self, Failure> {
        let begin = Instant::now();
        let mut process = command(&["fake", "--port", "0", "--rate-limit", "4000000000/60s"], folder)
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("the org has no output")?;
        let (mut url, mut token) = (None, None);
        let mut started_in = Duration::ZERO;
        for line in BufReader::new(output).lines() {
            let line = line?;
            if url.is_none() {
                started_in = begin.elapsed();
            }
            let value = |name: &str| line.split_once(name)?.1.trim_matches(['=', '\'', '"']).to_owned().into();
            url = url.or_else(|| value("OKTA_CLIENT_ORGURL"));
            token = token.or_else(|| value("OKTA_CLIENT_TOKEN"));
            if url.is_some() && token.is_some() {
                break;
            }
        }
        let url = url.ok_or("the org says no URL")?;
        let token = token.ok_or("the org says no token")?;
        Ok(Self { process, url, token, started_in })
    }

    /// The CPU time that it has taken. Linux tells it; elsewhere it is unknown.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id())).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        // Linux counts hundredths of a second here on every machine.
        Some(Duration::from_millis(ticks * 10))
    }
}

impl Drop for Org {
    fn drop(&mut self) {
        // If it has ended by itself, there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits for the end of the process and gives its largest memory in MB, where the system tells it.
pub(crate) fn peak_memory(process: &mut Child) -> Result<Option<f64>, Failure> {
    let file = format!("/proc/{}/status", process.id());
    let mut peak = None;
    while process.try_wait()?.is_none() {
        let status = fs::read_to_string(&file).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib: Option<f64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = kib.map(|kib| kib / 1024.0).or(peak);
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(peak)
}
