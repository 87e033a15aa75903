//! What becomes of a mutant without a compiler: what the generator, the page of facts and `spec diff` say of it.

// One notation for the contract tests and for this tool, so that what the tool reports is what the test does.
#[path = "../../../../tests/src/contract_facts/notation.rs"]
mod notation;

use serde_json::Value;

use super::inputs::{Inputs, without_headers};
use super::kinds::Meaning;
use super::mutant::Mutant;
use crate::codegen::{self, UPSTREAM};
use crate::failure::Result;
use crate::spec::diff::{self, Class};

/// What became of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What the generator made of it.
    pub generator: Generator,
    /// Whether the page of facts differs from the contract.
    pub facts_differ: bool,
    /// What `spec diff` says of it; none where there is no contract to compare.
    pub diff: Option<Meaning>,
}

/// What the generator made of a mutant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Generator {
    /// It does not take it; the line that says why.
    Refuses(String),
    /// Nothing that differs.
    WritesTheSame,
    /// Other files.
    WritesOther,
}

/// What `spec diff` says.
pub(super) fn compare(old: &Value, new: &Value) -> Meaning {
    match diff::compare(old, new).worst() {
        None => Meaning::Nothing,
        Some(Class::Documentation) => Meaning::Documentation,
        Some(Class::Additive) => Meaning::Additive,
        Some(Class::Unclear) => Meaning::Unclear,
        Some(Class::Breaking) => Meaning::Breaking,
    }
}

/// The facts of a contract, as the page of facts writes them.
#[must_use]
pub fn facts(contract: &Value) -> String {
    notation::facts(contract)
}

/// Judges one mutant. `compare` is what `spec diff` says of two documents.
///
/// # Errors
/// One line, where the mutant is not one of these inputs.
pub fn judge(inputs: &Inputs, mutant: &Mutant, compare: impl Fn(&Value, &Value) -> Meaning) -> Result<Verdict> {
    let (changed, upstream, overlay) = inputs.mutated(mutant)?;
    let contract = codegen::contract(&upstream, &overlay);
    // An import compares published documents; a change of the overlay shows in the contract.
    let diff = match (&contract, mutant.file == UPSTREAM) {
        (_, true) => Some(compare(&inputs.upstream, &changed)),
        (Ok(contract), false) => Some(compare(&inputs.contract, contract)),
        (Err(_), false) => None,
    };
    let generator = match codegen::generate(&upstream, &overlay) {
        Err(failure) => Generator::Refuses(failure.to_string()),
        Ok(outputs) if without_headers(&outputs) == inputs.outputs => Generator::WritesTheSame,
        Ok(_) => Generator::WritesOther,
    };
    let facts_differ = contract.is_ok_and(|contract| facts(&contract) != inputs.facts);
    Ok(Verdict { generator, facts_differ, diff })
}
