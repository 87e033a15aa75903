//! `bench-client CLIENT PORT CALLS CONCURRENCY`: makes the calls, then prints the CPU time that they took, in
//! nanoseconds, and the largest memory of the process, in KiB. The other benchmarks run it as a process of its own.

use benches::callers::{Bearer, Bound, Caller, Connection, Failure, Frugal, Ours, Plain, Pool, SameRequest, Signature};
use cpu_time::ProcessTime;
use futures_util::stream::{self, StreamExt, TryStreamExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [client, port, calls, concurrency] = &arguments[..] else {
        return Err("usage: bench-client CLIENT PORT CALLS CONCURRENCY".into());
    };
    let (port, calls, concurrency) = (port.parse()?, calls.parse()?, concurrency.parse()?);
    match client.as_str() {
        Connection::NAME => run::<Connection>(port, calls, concurrency).await,
        Pool::NAME => run::<Pool>(port, calls, concurrency).await,
        Plain::NAME => run::<Plain>(port, calls, concurrency).await,
        Frugal::NAME => run::<Frugal>(port, calls, concurrency).await,
        SameRequest::NAME => run::<SameRequest>(port, calls, concurrency).await,
        Ours::NAME => run::<Ours>(port, calls, concurrency).await,
        Bearer::NAME => run::<Bearer>(port, calls, concurrency).await,
        Bound::NAME => run::<Bound>(port, calls, concurrency).await,
        Signature::NAME => run::<Signature>(port, calls, concurrency).await,
        _ => Err("there is no such client".into()),
    }
}

async fn run<C: Caller>(port: u16, calls: usize, concurrency: usize) -> Result<(), Failure> {
    let caller = C::new(port).await?;
    let start = ProcessTime::try_now()?;
    if concurrency == 1 {
        for _ in 0..calls {
            caller.call().await?;
        }
    } else {
        let calls = stream::iter((0..calls).map(|_| caller.call())).buffer_unordered(concurrency);
        calls.try_for_each(|_| async { Ok(()) }).await?;
    }
    println!("{} {}", start.try_elapsed()?.as_nanos(), peak_memory().unwrap_or_default());
    Ok(())
}

/// Linux tells it; elsewhere it is unknown.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}
