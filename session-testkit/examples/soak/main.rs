//! A soak: several orgs in memory, each with clients that sign in, call all seven operations and meet every kind of
//! fault, for ten minutes or as long as it is told. At its end every call has to be accounted for.
//!
//! ```text
//! cargo run --release -p session-testkit --features fake --example soak [-- --seconds 60]
//! ```
//!
//! It prints the account and fails if something does not add up: an outcome that differs from the org's own record, a
//! request without a call or a call without an end, a session in another state than its calls have left it in, a file
//! descriptor or a task that stays behind, or memory that grows.

mod account;
mod life;
mod resources;
mod scene;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use account::Account;
use resources::{Memory, Resources};

const TEN_MINUTES: Duration = Duration::from_secs(600);

#[tokio::main]
async fn main() -> ExitCode {
    let duration = match duration(std::env::args().skip(1)) {
        Ok(duration) => duration,
        Err(usage) => {
            eprintln!("{usage}");
            return ExitCode::from(2);
        }
    };
    let begin = Instant::now();
    let before = Resources::now();
    println!("{duration:?} of calls; at the beginning {before}");

    let scenes: Vec<_> = scene::all().into_iter().map(|scene| tokio::spawn(scene.run(begin + duration))).collect();
    let memory = Memory::watch(duration).await;
    let mut account = Account::default();
    for scene in scenes {
        match scene.await {
            Ok(scene) => account.add(scene),
            Err(error) => account.find(format!("an org ended in another way: {error}")),
        }
    }
    let took = begin.elapsed();
    let after = Resources::settled(&before).await;

    account.print(took);
    println!("at the end {after}");
    println!("{memory}");
    let findings: Vec<String> =
        account.into_findings().chain(after.more_than(&before)).chain(memory.finding()).collect();
    if findings.is_empty() {
        println!("everything adds up");
        return ExitCode::SUCCESS;
    }
    for finding in &findings {
        println!("DOES NOT ADD UP: {finding}");
    }
    ExitCode::FAILURE
}

/// `--seconds N`, or ten minutes.
fn duration(mut arguments: impl Iterator<Item = String>) -> Result<Duration, &'static str> {
    const USAGE: &str = "usage: soak [--seconds N], where N is a whole number from 1";
    let Some(name) = arguments.next() else { return Ok(TEN_MINUTES) };
    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok()).filter(|seconds| *seconds > 0);
    match (name.as_str(), seconds, arguments.next()) {
        ("--seconds", Some(seconds), None) => Ok(Duration::from_secs(seconds)),
        _ => Err(USAGE),
    }
}
