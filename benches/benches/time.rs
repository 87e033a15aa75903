//! The time of a call, against the clock on the wall. Criterion compares it with the run before.

use std::hint::black_box;
use std::path::Path;

use benches::callers::{Caller, Connection, Failure, Frugal, Ours, Plain, Pool};
use benches::processes::Server;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion};
use tokio::runtime::{Builder, Runtime};

fn main() -> Result<(), Failure> {
    let server = Server::start(Path::new(env!("CARGO_BIN_EXE_bench-server")))?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("getSession");
    measure::<Connection>(&mut group, &runtime, server.port())?;
    measure::<Pool>(&mut group, &runtime, server.port())?;
    measure::<Plain>(&mut group, &runtime, server.port())?;
    measure::<Frugal>(&mut group, &runtime, server.port())?;
    measure::<Ours>(&mut group, &runtime, server.port())?;
    group.finish();
    criterion.final_summary();
    Ok(())
}

fn measure<C: Caller>(group: &mut BenchmarkGroup<'_, WallTime>, runtime: &Runtime, port: u16) -> Result<(), Failure> {
    let caller = runtime.block_on(C::new(port))?;
    let caller = &caller;
    group.bench_function(C::NAME, |bencher| {
        bencher.to_async(runtime).iter(|| async move { black_box(caller.call().await) });
    });
    Ok(())
}
