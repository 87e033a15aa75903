//! `cargo xtask spec mutate`: measures the contract tests and `spec diff`.
//!
//! Every small change that can be made to openapi/upstream.yaml and openapi/overlay.yaml is made, one at a time. Each is
//! a mutant. For each the tool asks two questions: does anything notice (the generator, the compiler, a contract test),
//! and does `spec diff` say what the change means? A mutant that nothing notices is a survivor: a fact of the contract
//! that no test guards. The control group has changes of words and order, which nothing may take for more.

mod edits;
mod inputs;
mod journal;
mod judge;
mod kinds;
mod mutant;
mod overlay;
mod parts;
mod report;
mod workspace;

use std::path::Path;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub use self::inputs::{Group, Inputs};
pub use self::journal::Journal;
pub use self::judge::{Generator, Verdict, facts, judge};
pub use self::kinds::{Kind, Meaning};
pub use self::mutant::Mutant;
pub use self::report::{Fate, Judged, Report};
pub use self::workspace::{Outcome, Workspace};
use crate::codegen;
use crate::failure::{Failure, Result};

/// How much is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Which mutants.
    pub group: Group,
    /// The part of them that is compiled; none are without it.
    pub compile: Option<Shard>,
}

/// One of several equal parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from zero.
    index: usize,
    /// Of how many.
    count: usize,
}

impl Shard {
    /// The one part that is everything.
    pub const ALL: Self = Self { index: 0, count: 1 };

    fn has(self, position: usize) -> bool {
        position % self.count == self.index
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `2/8`: the second of eight.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let number = |text: &str| text.parse::<usize>().ok();
        let numbers = text.split_once('/').and_then(|(index, count)| Some((number(index)?, number(count)?)));
        match numbers {
            Some((index, count)) if 0 < index && index <= count => Ok(Self { index: index - 1, count }),
            _ => Err("has to be a number and how many there are, such as 2/8".to_owned()),
        }
    }
}

/// Judges the mutants of the workspace at `root`. Each result of the compiler is kept in a journal in the directory
/// `target` as soon as it is there; what a run finds in the journal, it does not compile again.
///
/// # Errors
/// One line: inputs that nothing can be generated from, a copy of the workspace that cannot be written, or contract tests
/// that fail without any change.
pub fn run(root: &Path, target: &Path, options: Options) -> Result<Report> {
    let inputs = Inputs::read(root)?;
    let mutants = inputs.mutants(options.group);
    eprintln!("generating from {} changed documents", mutants.len());
    let verdicts = judge_all(&inputs, &mutants)?;
    let mut judged: Vec<_> =
        mutants.into_iter().zip(verdicts).map(|(mutant, verdict)| Judged { mutant, verdict, outcome: None }).collect();
    if let Some(shard) = options.compile {
        compile_all(root, &target.join("spec-mutate"), &inputs, &mut judged, shard)?;
    }
    Ok(Report { group: options.group, is_compiled: options.compile.is_some(), judged })
}

/// The verdicts, in the order of the mutants.
fn judge_all(inputs: &Inputs, mutants: &[Mutant]) -> Result<Vec<Verdict>> {
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(Vec::with_capacity(mutants.len()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(mutant) = mutants.get(index) else { break };
                    let verdict = judge(inputs, mutant, judge::compare);
                    verdicts.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, verdict));
                }
            });
        }
    });
    let mut verdicts = verdicts.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    verdicts.sort_by_key(|(index, _)| *index);
    verdicts.into_iter().map(|(_, verdict)| verdict).collect()
}

/// Lets the contract tests loose on the mutants of the shard.
fn compile_all(root: &Path, directory: &Path, inputs: &Inputs, judged: &mut [Judged], shard: Shard) -> Result<()> {
    let copy = directory.join(format!("workspace-{}-of-{}", shard.index + 1, shard.count));
    let workspace = Workspace::copy(root, &copy)?;
    let journal = Journal::open(directory, &workspace.fingerprint()?)?;
    let done = journal.read()?;
    let compiled = judged.iter_mut().filter(|judged| judged.needs_tests()).enumerate();
    let mut waiting = Vec::new();
    for (_, judged) in compiled.filter(|(position, _)| shard.has(*position)) {
        judged.outcome = done.get(&judged.mutant.name()).cloned();
        if judged.outcome.is_none() {
            waiting.push(judged);
        }
    }
    if waiting.is_empty() {
        return Ok(());
    }
    eprintln!("compiling the contract tests as they are; then {} mutants, each for itself", waiting.len());
    match workspace.test()? {
        Outcome::Passes => {}
        other => return Err(Failure::in_file("tests", format!("the contract tests fail without any change: {other}"))),
    }
    let count = waiting.len();
    for (index, judged) in waiting.into_iter().enumerate() {
        let (_, upstream, overlay) = inputs.mutated(&judged.mutant)?;
        workspace.install(&codegen::generate(&upstream, &overlay)?)?;
        let outcome = workspace.test()?;
        eprintln!("{}/{count} {}: {outcome}", index + 1, judged.mutant.name());
        journal.write(&judged.mutant.name(), &outcome)?;
        judged.outcome = Some(outcome);
    }
    Ok(())
}
