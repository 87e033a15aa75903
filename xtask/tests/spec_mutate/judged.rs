//! What becomes of a mutant without a compiler.

use serde_json::Value;
use xtask::spec::mutate::{Fate, Generator, Inputs, Judged, Kind, Meaning, Mutant, Verdict, judge};

use crate::support::{OVERLAY, UPSTREAM, generated, mutant};

fn says_breaking(_: &Value, _: &Value) -> Meaning {
    Meaning::Breaking
}

fn fate(mutant: &Mutant, verdict: Verdict) -> Fate {
    Judged { mutant: mutant.clone(), verdict, outcome: None }.fate()
}

#[test]
fn a_change_that_the_generator_does_not_take_is_refused_with_its_reason() {
    let mutant = mutant(Kind::TypeChanged, "Kind.type: type changed (integer)");

    let verdict = judge(&generated(), &mutant, says_breaking).unwrap();

    let Generator::Refuses(reason) = &verdict.generator else { panic!("{verdict:?}") };
    assert!(reason.contains("only an enum of `type: string` can be generated"), "{reason}");
    assert_eq!(fate(&mutant, verdict), Fate::Refused);
}

#[test]
fn a_change_that_makes_other_files_differs_from_the_page_of_facts() {
    let mutant = mutant(Kind::FormatDropped, "made.format: format dropped");

    let verdict = judge(&generated(), &mutant, says_breaking).unwrap();

    assert_eq!(verdict.generator, Generator::WritesOther);
    assert!(verdict.facts_differ);
    assert_eq!(verdict.diff, Some(Meaning::Breaking));
    assert_eq!(fate(&mutant, verdict), Fate::Facts);
}

#[test]
fn a_change_of_words_makes_other_files_and_the_same_page_of_facts() {
    let mutant = mutant(Kind::WordsChanged, "$.actions[0].update.description: words changed (Other words.)");

    let verdict = judge(&generated(), &mutant, says_breaking).unwrap();

    assert_eq!((&verdict.generator, verdict.facts_differ), (&Generator::WritesOther, false));
    assert_eq!(fate(&mutant, verdict), Fate::NoEffect);
}

#[test]
fn a_change_that_the_overlay_makes_anyway_has_no_effect() {
    let mutant = mutant(Kind::NullableScalar, "made: optional scalar became nullable (nullable)");

    let verdict = judge(&generated(), &mutant, says_breaking).unwrap();

    assert_eq!(verdict.generator, Generator::WritesTheSame);
    assert_eq!(fate(&mutant, verdict), Fate::NoEffect);
}

#[test]
fn a_broken_overlay_makes_no_contract_to_compare() {
    let mutant = mutant(Kind::CountChanged, "$.actions[4]: x-matches changed (x-matches)");

    let verdict = judge(&generated(), &mutant, says_breaking).unwrap();

    assert!(matches!(verdict.generator, Generator::Refuses(_)));
    assert_eq!(verdict.diff, None);
}

#[test]
fn the_published_documents_are_compared_for_a_change_of_upstream_and_the_contracts_for_one_of_the_overlay() {
    // The contract has the description that the overlay adds to a thing; the published document has none.
    let says = |_: &Value, new: &Value| {
        let is_contract = new.pointer("/components/schemas/Thing/description").is_some();
        if is_contract { Meaning::Additive } else { Meaning::Documentation }
    };
    let inputs = generated();

    let upstream = judge(&inputs, &mutant(Kind::FormatDropped, "format dropped"), says).unwrap();
    let overlay = judge(&inputs, &mutant(Kind::RepeatSafeDropped, "x-repeat-safe dropped"), says).unwrap();

    assert_eq!((upstream.diff, overlay.diff), (Some(Meaning::Documentation), Some(Meaning::Additive)));
}

#[test]
fn a_page_of_facts_that_is_out_of_date_is_an_error_and_not_a_perfect_score() {
    let facts = generated().facts;

    assert!(Inputs::new(UPSTREAM, OVERLAY, &facts).is_ok());
    let failure = Inputs::new(UPSTREAM, OVERLAY, &facts.replace("date-time", "date")).unwrap_err().to_string();

    assert!(failure.starts_with("tests/src/contract_facts.txt: is not what the contract says"), "{failure}");
}
