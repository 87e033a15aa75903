//! All figures of all clients, as a table.

use std::path::Path;
use std::time::{Duration, Instant};

use benches::callers::{Caller, Connection, Failure, Frugal, Ours, Plain, Pool, SameRequest};
use benches::processes::{self, Server};
use tokio::runtime::{Builder, Runtime};

const CLIENT: &str = env!("CARGO_BIN_EXE_bench-client");
const SERVER: &str = env!("CARGO_BIN_EXE_bench-server");

/// The difference of two runs is free of what the process does beside its calls.
const FEW: u64 = 100;
const MANY: u64 = 600;

/// How many calls tell the CPU time, and how many of them are under way at the same time.
const LOAD: u64 = 20_000;
const CONCURRENCY: u64 = 32;

/// How often the CPU time is measured. The least counts: the rest is other programs' doing.
const LOADS: usize = 5;

/// Processes that make one call each, of which the median counts.
const STARTS: usize = 31;

fn main() -> Result<(), Failure> {
    let server = Server::start(Path::new(SERVER))?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let port = server.port();
    let has_valgrind = processes::has_valgrind();
    if !has_valgrind {
        eprintln!("valgrind is not installed: no instructions are counted");
    }
    let measure = Measure { runtime, port, has_valgrind };

    println!(
        "| client | instructions a call | allocations a call | CPU µs a call, {CONCURRENCY} at once | one call, ms | peak memory, MB |"
    );
    println!("|---|---|---|---|---|---|");
    measure.row::<Connection>()?;
    measure.row::<Pool>()?;
    let plain = measure.row::<Plain>()?;
    let frugal = measure.row::<Frugal>()?;
    let same_request = measure.row::<SameRequest>()?;
    let ours = measure.row::<Ours>()?;
    if has_valgrind {
        println!();
        for (instructions, name) in [(plain, Plain::NAME), (frugal, Frugal::NAME), (same_request, SameRequest::NAME)] {
            println!("{}: {:.3} × {name}", Ours::NAME, ratio(ours, instructions));
        }
    }
    Ok(())
}

struct Measure {
    runtime: Runtime,
    port: u16,
    has_valgrind: bool,
}

impl Measure {
    /// Prints the row of a client and gives its instructions a call.
    fn row<C: Caller>(&self) -> Result<u64, Failure> {
        let client = Path::new(CLIENT);
        let calls = |calls, concurrency| processes::calls(client, C::NAME, self.port, calls, concurrency);
        let instructions = if self.has_valgrind { self.instructions::<C>()? } else { 0 };
        let allocations = self.allocations::<C>()?;
        // A bare connection takes one call at a time.
        let cpu = if C::CONCURRENT { ratio(load(|| calls(LOAD, CONCURRENCY))?, LOAD * 1000) } else { f64::NAN };
        let (start, memory) = start(|| calls(1, 1))?;
        let shown = |number: f64| if number.is_nan() { "–".to_owned() } else { format!("{number:.1}") };
        println!(
            "| {} | {instructions} | {} | {} | {:.1} | {:.1} |",
            C::NAME,
            shown(allocations),
            shown(cpu),
            start.as_secs_f64() * 1000.0,
            ratio(memory, 1024),
        );
        Ok(instructions)
    }

    fn instructions<C: Caller>(&self) -> Result<u64, Failure> {
        let of = |calls| processes::instructions(Path::new(CLIENT), C::NAME, self.port, calls);
        Ok(of(MANY)?.saturating_sub(of(FEW)?) / (MANY - FEW))
    }

    fn allocations<C: Caller>(&self) -> Result<f64, Failure> {
        let caller = self.runtime.block_on(C::new(self.port))?;
        // The first calls open the connection.
        self.make(&caller, FEW)?;
        let mut outcome = Ok(());
        let counted = allocation_counter::measure(|| outcome = self.make(&caller, MANY));
        outcome.map(|()| ratio(counted.count_total, MANY))
    }

    fn make(&self, caller: &impl Caller, calls: u64) -> Result<(), Failure> {
        self.runtime.block_on(async {
            for _ in 0..calls {
                caller.call().await?;
            }
            Ok(())
        })
    }
}

/// The least CPU time of processes, in nanoseconds.
fn load(process: impl Fn() -> Result<processes::Usage, Failure>) -> Result<u64, Failure> {
    let times: Vec<u64> = (0..LOADS).map(|_| process().map(|usage| usage.nanoseconds)).collect::<Result<_, _>>()?;
    Ok(times.into_iter().min().unwrap_or_default())
}

/// The median time of processes, and their largest memory.
fn start(process: impl Fn() -> Result<processes::Usage, Failure>) -> Result<(Duration, u64), Failure> {
    let mut times = Vec::with_capacity(STARTS);
    let mut memory = 0;
    for _ in 0..STARTS {
        let begin = Instant::now();
        memory = memory.max(process()?.peak_memory);
        times.push(begin.elapsed());
    }
    times.sort();
    Ok((times[STARTS / 2], memory))
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn ratio(count: u64, by: u64) -> f64 {
    count as f64 / by as f64
}
