//! What a DPoP proof costs a call, beside the signature that it cannot do without.

use std::path::Path;

use benches::callers::{Bearer, Bound, Caller, Failure, Signature};
use benches::processes::{self, Server};

const CLIENT: &str = env!("CARGO_BIN_EXE_bench-client");
const SERVER: &str = env!("CARGO_BIN_EXE_bench-server");

/// The difference of two runs is free of what the process does beside its calls.
const FEW: u64 = 100;
const MANY: u64 = 600;

/// How many calls tell the CPU time, and how often it is measured. The least counts: the rest is other programs' doing.
const LOAD: u64 = 5_000;
const LOADS: usize = 5;

fn main() -> Result<(), Failure> {
    let server = Server::start(Path::new(SERVER))?;
    println!("| | instructions | CPU µs |\n|---|---|---|");
    let bearer = row::<Bearer>(server.port())?;
    let bound = row::<Bound>(server.port())?;
    let signature = row::<Signature>(server.port())?;
    let proof = Cost {
        instructions: bound.instructions.saturating_sub(bearer.instructions),
        nanoseconds: bound.nanoseconds.saturating_sub(bearer.nanoseconds),
    };
    proof.print("a proof: the difference of the first two");
    println!();
    if signature.instructions > 0 {
        println!(
            "a proof: {:.3} × {} by instructions",
            ratio(proof.instructions, signature.instructions),
            Signature::NAME
        );
    }
    println!("a proof: {:.3} × {} by CPU time", ratio(proof.nanoseconds, signature.nanoseconds), Signature::NAME);
    Ok(())
}

/// What a call costs.
struct Cost {
    /// 0 where valgrind is not installed.
    instructions: u64,
    nanoseconds: u64,
}

impl Cost {
    fn print(&self, name: &str) {
        println!("| {name} | {} | {:.1} |", self.instructions, ratio(self.nanoseconds, 1000));
    }
}

fn row<C: Caller>(port: u16) -> Result<Cost, Failure> {
    let client = Path::new(CLIENT);
    let instructions = |calls| processes::instructions(client, C::NAME, port, calls);
    let instructions = if processes::has_valgrind() {
        instructions(MANY)?.saturating_sub(instructions(FEW)?) / (MANY - FEW)
    } else {
        0
    };
    let times = (0..LOADS).map(|_| processes::calls(client, C::NAME, port, LOAD, 1).map(|usage| usage.nanoseconds));
    let least = times.collect::<Result<Vec<_>, _>>()?.into_iter().min().unwrap_or_default();
    let cost = Cost { instructions, nanoseconds: least / LOAD };
    cost.print(C::NAME);
    Ok(cost)
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn ratio(count: u64, by: u64) -> f64 {
    count as f64 / by as f64
}
