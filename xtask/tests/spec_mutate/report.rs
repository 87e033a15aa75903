//! The report: its numbers add up, and it names what should be otherwise.

use std::str::FromStr;

use xtask::spec::mutate::{Fate, Generator, Group, Judged, Kind, Meaning, Outcome, Report, Shard, Verdict};

use crate::support::{mutant, mutants};

const UNNOTICED: Verdict = Verdict { generator: Generator::WritesOther, facts_differ: false, diff: None };

/// All mutants, all of them noticed by the page of facts and classed right.
fn all_noticed(group: Group) -> Report {
    let judged = mutants(group).into_iter().map(|mutant| {
        let generator = match mutant.meaning {
            Meaning::Refused => Generator::Refuses("no".to_owned()),
            _ => Generator::WritesOther,
        };
        let verdict = Verdict { generator, facts_differ: !mutant.kind.is_control(), diff: Some(mutant.meaning) };
        Judged { mutant, verdict, outcome: None }
    });
    Report { group, is_compiled: false, judged: judged.collect() }
}

/// The numbers of the row with these words.
fn numbers(report: &Report, words: &str) -> Vec<usize> {
    let text = report.text();
    let row = text.lines().find(|line| line.starts_with(words)).unwrap_or_else(|| panic!("{words}: {text}"));
    let cells = row[words.len()..].split_whitespace();
    cells.filter_map(|cell| if cell == "·" { Some(0) } else { cell.parse().ok() }).collect()
}

#[test]
fn a_clean_run_is_a_success() {
    for group in [Group::Facts, Group::Control] {
        let report = all_noticed(group);

        assert_eq!(report.verdict().unwrap(), "Everything is as it should be.", "{}", report.text());
    }
    let text = all_noticed(Group::Facts).text();
    assert!(text.contains("(100.0 %)") && text.contains("Survivors: none"), "{text}");
}

#[test]
fn a_planted_survivor_is_named_and_fails_the_run() {
    let mut report = all_noticed(Group::Facts);
    let planted = mutant(Kind::FormatDropped, "format dropped");
    let index = report.judged.iter().position(|judged| judged.mutant.name() == planted.name()).unwrap();
    report.judged[index].verdict.facts_differ = false;

    let (text, failure) = (report.text(), report.verdict().unwrap_err().to_string());

    assert!(text.contains(&format!("Survivors: \n  {}", planted.name())), "{text}");
    assert!(failure.starts_with("openapi: 1 changes survived, 0 are classed wrong;"), "{failure}");
    assert!(!text.contains("(100.0 %). The contract"), "{text}");
    // Another who notices it: a test.
    report.judged[index].outcome = Some(Outcome::Fails(vec!["a::test".to_owned()]));
    assert!(report.verdict().is_ok());
}

#[test]
fn a_wrong_class_is_named_with_the_right_one_and_its_reason() {
    let mut report = all_noticed(Group::Facts);
    report.judged[0].verdict.diff = Some(Meaning::Additive);
    let mutant = &report.judged[0].mutant;
    let reason = mutant.kind.reason();

    let (text, failure) = (report.text(), report.verdict().unwrap_err().to_string());

    assert!(text.contains(&format!("\n  {}: additive, but it is breaking: {reason}", mutant.name())), "{text}");
    assert!(failure.contains("0 changes survived, 1 are classed wrong"), "{failure}");
}

#[test]
fn an_alarm_over_words_is_named_with_who_raised_it() {
    let mut report = all_noticed(Group::Control);
    report.judged[0].verdict.facts_differ = true;
    report.judged[1].outcome = Some(Outcome::Fails(vec!["a::test".to_owned()]));
    report.judged[2].verdict.generator = Generator::Refuses("a line".to_owned());
    let all = report.judged.len();

    let (text, failure) = (report.text(), report.verdict().unwrap_err().to_string());

    assert!(text.contains("False alarms: \n"), "{text}");
    assert!(text.contains(": the page of facts differs"), "{text}");
    assert!(text.contains(": 1 tests fail: a::test"), "{text}");
    assert!(text.contains(": a line"), "{text}");
    assert!(
        text.contains(&format!("\n3 of {all} harmless changes raised an alarm. spec diff: {all} of {all} ")),
        "{text}"
    );
    assert!(failure.starts_with("openapi: 3 changes raised an alarm"), "{failure}");
}

#[test]
fn the_columns_of_each_row_add_up_to_its_mutants_and_the_rows_to_the_last() {
    let mut report = all_noticed(Group::Facts);
    let outcomes = [
        None,
        Some(Outcome::DoesNotCompile("a.rs:1: no".to_owned())),
        Some(Outcome::Fails(vec!["a::test".to_owned()])),
        Some(Outcome::Hangs),
        Some(Outcome::Passes),
    ];
    for (index, judged) in report.judged.iter_mut().enumerate() {
        judged.outcome = outcomes[index % outcomes.len()].clone();
        if index % 7 == 0 {
            judged.verdict = UNNOTICED;
        }
    }

    let total = numbers(&report, "all");
    assert_eq!(total[0], report.judged.len());
    assert_eq!(total[1..7].iter().sum::<usize>(), total[0]);
    let kinds = Kind::ALL.iter().filter(|kind| report.judged.iter().any(|judged| judged.mutant.kind == **kind));
    let rows: Vec<_> = kinds.map(|kind| numbers(&report, &format!("{}  ", kind.words()))).collect();
    for row in &rows {
        assert_eq!(row[1..7].iter().sum::<usize>(), row[0]);
    }
    for (column, sum) in total.iter().enumerate() {
        assert_eq!(rows.iter().map(|row| row[column]).sum::<usize>(), *sum, "{column}");
    }
}

/// A mutant that breaks code, and what became of it.
fn breaking(generator: Generator, facts_differ: bool, said: Option<Meaning>, outcome: Option<Outcome>) -> Judged {
    let mutant = mutant(Kind::FormatDropped, "format dropped");
    Judged { mutant, verdict: Verdict { generator, facts_differ, diff: said }, outcome }
}

#[test]
fn who_notices_a_mutant_first_is_its_fate() {
    let (refuses, same, other) =
        (|| Generator::Refuses("no".to_owned()), || Generator::WritesTheSame, || Generator::WritesOther);
    let no_compile = || Some(Outcome::DoesNotCompile("a.rs:1: no".to_owned()));
    let fails = || Some(Outcome::Fails(vec!["a::test".to_owned()]));
    let cases = [
        (Kind::FormatDropped, refuses(), false, None, Fate::Refused, false),
        (Kind::FormatDropped, same(), false, None, Fate::NoEffect, false),
        (Kind::FormatDropped, other(), true, no_compile(), Fate::CompileError, true),
        (Kind::FormatDropped, other(), true, fails(), Fate::Test, true),
        (Kind::FormatDropped, other(), false, Some(Outcome::Hangs), Fate::Test, true),
        (Kind::FormatDropped, other(), true, Some(Outcome::Passes), Fate::Facts, true),
        (Kind::FormatDropped, other(), true, None, Fate::Facts, true),
        (Kind::FormatDropped, other(), false, Some(Outcome::Passes), Fate::Survived, true),
        // A broken overlay, which the generator has to refuse.
        (Kind::CountChanged, refuses(), false, None, Fate::Refused, false),
        (Kind::CountChanged, same(), false, None, Fate::Survived, false),
        (Kind::CountChanged, other(), true, None, Fate::Survived, true),
        (Kind::CountChanged, other(), true, fails(), Fate::Test, true),
        // Nothing that the tests should notice; those of the control group are asked all the same.
        (Kind::ComponentRenamed, other(), false, None, Fate::NoEffect, false),
        (Kind::WordsChanged, other(), false, Some(Outcome::Passes), Fate::NoEffect, true),
        (Kind::WordsChanged, other(), true, None, Fate::Facts, true),
        (Kind::WordsChanged, same(), false, None, Fate::NoEffect, false),
    ];
    for (kind, generator, facts_differ, outcome, fate, needs_tests) in cases {
        let verdict = Verdict { generator, facts_differ, diff: None };
        let judged = Judged { mutant: mutant(kind, ""), verdict, outcome };
        assert_eq!((judged.fate(), judged.needs_tests()), (fate, needs_tests), "{judged:?}");
    }
}

#[test]
fn the_scores_count_what_was_noticed_and_say_what_was_not_asked() {
    let (right, wrong) = (Some(Meaning::Breaking), Some(Meaning::Additive));
    let no_compile = Some(Outcome::DoesNotCompile("a.rs:1: no".to_owned()));
    let judged = vec![
        breaking(Generator::WritesOther, true, right, None),
        breaking(Generator::WritesOther, false, wrong, Some(Outcome::Passes)),
        breaking(Generator::WritesTheSame, false, right, None),
        breaking(Generator::WritesOther, true, right, no_compile),
    ];
    let mut report = Report { group: Group::Facts, is_compiled: false, judged };
    let paragraph = |report: &Report, index: usize| report.text().split("\n\n").nth(index).unwrap().to_owned();
    let noticed = "Noticed: 2 of 3 that have an effect (66.6 %).";
    let diff = "spec diff: 3 of 4 classed right (75.0 %).";

    assert_eq!(paragraph(&report, 0).lines().count(), 3, "{}", report.text());
    assert_eq!(numbers(&report, "format dropped"), [4, 0, 1, 1, 0, 1, 1, 3, 1]);
    let not_asked = "The contract tests were not compiled; facts stands for their page of facts.";
    assert_eq!(paragraph(&report, 1), format!("{noticed} {not_asked} {diff}"));

    report.is_compiled = true;
    let waiting = "1 mutants have yet to be compiled; facts stands for the page of facts.";
    assert_eq!(paragraph(&report, 1), format!("{noticed} {waiting} {diff}"));

    report.judged[0].outcome = Some(Outcome::Passes);
    assert_eq!(paragraph(&report, 1), format!("{noticed} {diff}"));

    report.judged.iter_mut().for_each(|judged| judged.verdict.diff = None);
    assert_eq!(paragraph(&report, 1), format!("{noticed} spec diff was not asked."));
}

#[test]
fn a_change_without_meaning_needs_nobody_who_notices_it() {
    let verdict = UNNOTICED;
    let nothing = mutant(Kind::ComponentRenamed, "(renamed)");
    let judged = Judged { mutant: nothing, verdict, outcome: None };

    assert!(judged.is_as_it_should_be() && !judged.needs_tests());
}

#[test]
fn a_shard_is_a_number_and_how_many_there_are() {
    assert_eq!(Shard::from_str("1/1"), Ok(Shard::ALL));
    assert!(Shard::from_str("8/8").is_ok());
    for wrong in ["", "1", "0/8", "9/8", "a/b", "1/0", "-1/2", "1/2/3"] {
        assert!(Shard::from_str(wrong).is_err(), "{wrong}");
    }
}
