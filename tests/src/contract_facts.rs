//! The facts of the contract, written down by hand, so that none of them changes unnoticed.
//!
//! Other tests hold the client against the contract; when the contract changes, the client changes with it, and they
//! pass. This one asks whether the change was meant: whoever changes a fact of the contract changes it here as well.

mod notation;

use crate::contract::DOCUMENT;

/// The page. The notation is described where it is written: `notation.rs`.
const FACTS: &str = include_str!("contract_facts.txt");

#[test]
fn the_contract_says_these_facts_and_no_others() {
    let contract = notation::facts(&DOCUMENT);

    let mut expected = FACTS.lines();
    let mut line = 0;
    for fact in contract.lines() {
        line += 1;
        assert_eq!(Some(fact), expected.next(), "line {line} of tests/src/contract_facts.txt");
    }
    assert_eq!(expected.next(), None, "the contract ends before line {} of tests/src/contract_facts.txt", line + 1);
}
