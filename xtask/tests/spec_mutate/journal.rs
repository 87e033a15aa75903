//! The journal: an interrupted run goes on where it was.

use std::fs;

use tempfile::tempdir;
use xtask::spec::mutate::{Journal, Outcome};

#[test]
fn what_was_written_is_read_again_in_a_later_run() {
    let directory = tempdir().unwrap();
    let outcomes = [
        ("one: dropped", Outcome::DoesNotCompile("a.rs:1: \"no\"\nsecond line".to_owned())),
        ("two", Outcome::Fails(vec!["a::test".to_owned(), "b::test".to_owned()])),
        ("three", Outcome::Hangs),
        ("four", Outcome::Passes),
    ];
    for (name, outcome) in &outcomes {
        Journal::open(directory.path(), "f").unwrap().write(name, outcome).unwrap();
    }

    let done = Journal::open(directory.path(), "f").unwrap().read().unwrap();

    assert_eq!(done.len(), 4);
    assert!(outcomes.iter().all(|(name, outcome)| done.get(*name) == Some(outcome)));
}

#[test]
fn a_line_that_was_cut_off_costs_no_other_line() {
    let directory = tempdir().unwrap();
    let journal = Journal::open(directory.path(), "f").unwrap();
    journal.write("whole", &Outcome::Passes).unwrap();
    journal.write("cut", &Outcome::Passes).unwrap();
    let path = directory.path().join("journal-f.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() - 12]).unwrap();

    journal.write("later", &Outcome::Hangs).unwrap();

    let names: Vec<_> = journal.read().unwrap().into_keys().collect();
    assert_eq!(names, ["later", "whole"]);
}

#[test]
fn another_workspace_has_another_journal() {
    let directory = tempdir().unwrap();
    Journal::open(directory.path(), "before").unwrap().write("one", &Outcome::Passes).unwrap();

    assert!(Journal::open(directory.path(), "after").unwrap().read().unwrap().is_empty());
}

#[test]
fn a_journal_that_cannot_be_written_is_named() {
    let directory = tempdir().unwrap();
    fs::create_dir(directory.path().join("journal-f.jsonl")).unwrap();
    let journal = Journal::open(directory.path(), "f").unwrap();

    for failure in [journal.write("one", &Outcome::Passes).unwrap_err(), journal.read().unwrap_err()] {
        assert!(failure.to_string().contains("journal-f.jsonl: "), "{failure}");
    }
}
