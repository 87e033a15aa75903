//! What mutants are made from, and what they are held against.

use std::path::Path;

use serde_json::Value;

use super::mutant::{Mutant, Spot};
use super::overlay;
use super::parts::Part;
use super::{edits, judge};
use crate::codegen::{self, OVERLAY, Output, UPSTREAM};
use crate::failure::{Failure, Result};

/// The page of facts that the contract tests hold the contract against.
const FACTS: &str = "tests/src/contract_facts.txt";

/// The two inputs as they are, and what follows from them.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The published document.
    pub upstream: Value,
    /// The overlay.
    pub overlay: Value,
    /// The contract that they make.
    pub contract: Value,
    /// The generated files, without their headers.
    pub outputs: Vec<String>,
    /// The page of facts.
    pub facts: String,
}

/// Which mutants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Changes of what the contract says.
    Facts,
    /// The control group: changes of words, and of order.
    Control,
}

impl Inputs {
    /// Reads the inputs of the workspace at `root`.
    ///
    /// # Errors
    /// One line with the file and the place in it: a file that is missing or unreadable, inputs that nothing can be
    /// generated from, or a page of facts that is not up to date.
    pub fn read(root: &Path) -> Result<Self> {
        let read = |file: &str| match std::fs::read_to_string(root.join(file)) {
            Ok(text) => Ok(text.replace("\r\n", "\n")),
            Err(error) => Err(Failure::in_file(file, error)),
        };
        Self::new(&read(UPSTREAM)?, &read(OVERLAY)?, &read(FACTS)?)
    }

    /// The same, from the texts of the three files.
    ///
    /// # Errors
    /// One line with the file and the place in it.
    pub fn new(upstream: &str, overlay: &str, facts: &str) -> Result<Self> {
        let upstream = codegen::document::read(UPSTREAM, upstream)?;
        let overlay = codegen::document::read(OVERLAY, overlay)?;
        // As the mutants are written, so that a mutant differs by its change alone.
        let (upstream_text, overlay_text) = (Value::to_string(&upstream), Value::to_string(&overlay));
        let outputs = codegen::generate(&upstream_text, &overlay_text)?;
        let contract = codegen::contract(&upstream_text, &overlay_text)?;
        if judge::facts(&contract) != facts {
            let message = "is not what the contract says; `cargo test -p contract-tests contract_facts` shows where";
            return Err(Failure::in_file(FACTS, message));
        }
        Ok(Self { contract, outputs: without_headers(&outputs), facts: facts.to_owned(), upstream, overlay })
    }

    /// The mutants of this group, in an order that is the same in every run.
    #[must_use]
    pub fn mutants(&self, group: Group) -> Vec<Mutant> {
        let (upstream, overlay) = (self.root(UPSTREAM, &self.upstream), self.root(OVERLAY, &self.overlay));
        match group {
            Group::Facts => [edits::facts(&upstream), overlay::facts(&overlay)].concat(),
            Group::Control => {
                let keys = [UPSTREAM, OVERLAY].map(Mutant::with_reversed_keys).to_vec();
                [edits::words(&upstream), overlay::words(&overlay), keys].concat()
            }
        }
    }

    fn root<'a>(&'a self, file: &'static str, document: &'a Value) -> Spot<'a> {
        Spot {
            file,
            document,
            contract: &self.contract,
            pointer: String::new(),
            place: "$".to_owned(),
            in_contract: Some(String::new()),
            part: Part::Document,
            parent: Part::Document,
            key: String::new(),
            value: document,
            is_update: false,
        }
    }

    /// The texts of both inputs with the mutant in place of one of them.
    ///
    /// # Errors
    /// One line, where the mutant is not one of these inputs.
    pub fn mutated(&self, mutant: &Mutant) -> Result<(Value, String, String)> {
        let original = if mutant.file == UPSTREAM { &self.upstream } else { &self.overlay };
        let changed = mutant.apply(original).map_err(|error| Failure::in_file(mutant.file, error))?;
        let text = mutant.write(&changed);
        Ok(if mutant.file == UPSTREAM {
            (changed, text, self.overlay.to_string())
        } else {
            (changed, self.upstream.to_string(), text)
        })
    }
}

/// The header of a generated file has the hash of what it was made from, which every mutant changes.
pub(super) fn without_headers(outputs: &[Output]) -> Vec<String> {
    let body = |output: &Output| output.text.split_once("\n\n").map_or("", |(_, body)| body).to_owned();
    outputs.iter().map(body).collect()
}
