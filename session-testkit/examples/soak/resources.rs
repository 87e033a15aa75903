//! What the process holds: file descriptors, tasks and memory.

use std::fmt;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

/// By how many MiB memory may grow over the second half of the run: the allocator's own ups and downs.
const ALLOWED_GROWTH: f64 = 4.0;

/// The same for a run of less than a minute, which has hardly begun: connections and buffers are still being made.
const ALLOWED_GROWTH_AT_FIRST: f64 = 16.0;

/// How many samples of the memory are taken.
const SAMPLES: u32 = 200;

/// File descriptors and tasks.
#[derive(Clone, Copy)]
pub(crate) struct Resources {
    /// None where the system does not tell.
    files: Option<usize>,
    tasks: usize,
}

impl Resources {
    pub(crate) fn now() -> Self {
        // The folder itself is one of them while it is read, each time.
        let files = std::fs::read_dir("/proc/self/fd").map(Iterator::count).ok();
        Self { files, tasks: Handle::current().metrics().num_alive_tasks() }
    }

    /// What is held when those that are ending have had the time to.
    pub(crate) async fn settled(before: &Self) -> Self {
        for _ in 0..100 {
            if Self::now().more_than(before).is_none() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self::now()
    }

    pub(crate) fn more_than(&self, before: &Self) -> Option<String> {
        let more = self.files > before.files || self.tasks > before.tasks;
        more.then(|| format!("{self} are left, of {before} before"))
    }
}

impl fmt::Display for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.files {
            Some(files) => write!(f, "{files} file descriptors, {} tasks", self.tasks),
            None => write!(f, "{} tasks; file descriptors are not counted on this system", self.tasks),
        }
    }
}

/// The memory of the process over the second half of the run, in MiB by seconds.
pub(crate) struct Memory {
    samples: Vec<(f64, f64)>,
    allowed: f64,
}

impl Memory {
    /// Looks at the memory until the time is up.
    pub(crate) async fn watch(duration: Duration) -> Self {
        let begin = Instant::now();
        let mut samples = Vec::new();
        while begin.elapsed() < duration {
            tokio::time::sleep(duration / SAMPLES).await;
            if begin.elapsed() >= duration / 2 {
                samples.extend(resident().map(|memory| (begin.elapsed().as_secs_f64(), memory)));
            }
        }
        let allowed = if duration.as_secs() < 60 { ALLOWED_GROWTH_AT_FIRST } else { ALLOWED_GROWTH };
        Self { samples, allowed }
    }

    /// How much it grew over the samples, by the straight line that fits them best.
    fn growth(&self) -> Option<f64> {
        let count = f64::from(u32::try_from(self.samples.len()).ok()?);
        let mean = |value: fn(&(f64, f64)) -> f64| self.samples.iter().map(value).sum::<f64>() / count;
        let (time, memory) = (mean(|sample| sample.0), mean(|sample| sample.1));
        let covariance: f64 = self.samples.iter().map(|sample| (sample.0 - time) * (sample.1 - memory)).sum();
        let variance: f64 = self.samples.iter().map(|sample| (sample.0 - time).powi(2)).sum();
        let span = self.samples.last()?.0 - self.samples.first()?.0;
        (variance > 0.0).then(|| covariance / variance * span)
    }

    pub(crate) fn finding(&self) -> Option<String> {
        self.growth().filter(|growth| *growth > self.allowed).map(|_| format!("memory grows: {self}"))
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(growth), Some(last)) = (self.growth(), self.samples.last()) else {
            return f.write_str("memory is not measured on this system");
        };
        write!(f, "{:.1} MiB of memory; {growth:+.1} MiB over the second half, {} allowed", last.1, self.allowed)
    }
}

/// The resident memory, in MiB.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1024.0)
}
