//! What came of the mutants: a table by kind, the scores, and by name whatever should be otherwise.

use std::fmt::Write as _;

use tabled::builder::Builder;
use tabled::settings::object::{Columns, Rows};
use tabled::settings::{Alignment, Padding, Style};

use super::inputs::Group;
use super::judge::{Generator, Verdict};
use super::kinds::{Kind, Meaning};
use super::mutant::Mutant;
use super::workspace::Outcome;
use crate::failure::{Failure, Result};

/// A mutant and what became of it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The mutant.
    pub mutant: Mutant,
    /// What is known without a compiler.
    pub verdict: Verdict,
    /// What the contract tests made of it, if they were asked.
    pub outcome: Option<Outcome>,
}

/// Who noticed a mutant first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The generator does not take it.
    Refused,
    /// There is nothing to notice: the generator writes the same files, or the files say the same in another way.
    NoEffect,
    /// The contract tests do not compile.
    CompileError,
    /// A test of the client's behaviour fails.
    Test,
    /// The page of facts differs; nothing else was asked, or noticed it.
    Facts,
    /// Nobody noticed it.
    Survived,
}

impl Fate {
    const ALL: [Self; 6] = [Self::Refused, Self::NoEffect, Self::CompileError, Self::Test, Self::Facts, Self::Survived];
}

impl Judged {
    /// Whether it takes a compiler to tell what becomes of it.
    #[must_use]
    pub fn needs_tests(&self) -> bool {
        let is_equal = matches!(self.mutant.meaning, Meaning::Documentation | Meaning::Nothing);
        self.verdict.generator == Generator::WritesOther && (self.mutant.kind.is_control() || !is_equal)
    }

    /// Who noticed it.
    #[must_use]
    pub fn fate(&self) -> Fate {
        match (&self.verdict.generator, &self.outcome) {
            (Generator::Refuses(_), _) => Fate::Refused,
            (Generator::WritesTheSame, _) if self.mutant.meaning != Meaning::Refused => Fate::NoEffect,
            (_, Some(Outcome::DoesNotCompile(_))) => Fate::CompileError,
            (_, Some(Outcome::Fails(_) | Outcome::Hangs)) => Fate::Test,
            _ if self.mutant.meaning == Meaning::Refused => Fate::Survived,
            _ if self.verdict.facts_differ => Fate::Facts,
            _ if matches!(self.mutant.meaning, Meaning::Documentation | Meaning::Nothing) => Fate::NoEffect,
            _ => Fate::Survived,
        }
    }

    /// Whether the tests did as they should: notice a mutant, and leave the control group alone.
    #[must_use]
    pub fn is_as_it_should_be(&self) -> bool {
        let unnoticed = self.fate() == Fate::NoEffect;
        if self.mutant.kind.is_control() { unnoticed } else { self.fate() != Fate::Survived }
    }

    /// Whether `spec diff` says what the mutant means, if it was asked.
    #[must_use]
    pub fn is_classed_right(&self) -> Option<bool> {
        let said = self.verdict.diff?;
        Some(match self.mutant.meaning {
            Meaning::Nothing => matches!(said, Meaning::Nothing | Meaning::Documentation),
            // There is no contract; whatever is said of the inputs is of no use to anyone.
            Meaning::Refused => return None,
            meaning => said == meaning,
        })
    }
}

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Report {
    /// Which mutants there were.
    pub group: Group,
    /// Whether the contract tests were asked.
    pub is_compiled: bool,
    /// The mutants, in their order.
    pub judged: Vec<Judged>,
}

impl Report {
    /// A sentence for people.
    ///
    /// # Errors
    /// One line, where a mutant survived or was classed wrong.
    pub fn verdict(&self) -> Result<String> {
        match (self.unnoticed().len(), self.wrong().len()) {
            (0, 0) => Ok("Everything is as it should be.".to_owned()),
            (survivors, wrong) => {
                let (of_tests, what) = match self.group {
                    Group::Facts => ("survived", "the contract tests or `spec diff` have to learn about them"),
                    Group::Control => ("raised an alarm", "the contract tests or `spec diff` are too strict"),
                };
                let message = format!("{survivors} changes {of_tests}, {wrong} are classed wrong; {what}");
                Err(Failure::in_file("openapi", message))
            }
        }
    }

    /// The report, for people.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.table();
        text.push_str("\n\n");
        text.push_str(&self.scores());
        for (title, list) in [("Survivors", self.unnoticed()), ("Classed wrong by spec diff", self.wrong())] {
            let title = if self.group == Group::Control && title == "Survivors" { "False alarms" } else { title };
            let _ = write!(text, "\n\n{title}: {}", if list.is_empty() { "none" } else { "" });
            for line in list {
                let _ = write!(text, "\n  {line}");
            }
        }
        text
    }

    fn table(&self) -> String {
        let mut builder = Builder::new();
        let head = [
            "kind of change",
            "means",
            "mutants",
            "refused",
            "no effect",
            "compile error",
            "test",
            "facts",
            "survived",
        ];
        builder.push_record(head.into_iter().chain(["diff: right", "wrong"]));
        let kinds = Kind::ALL.iter().filter(|kind| self.judged.iter().any(|judged| judged.mutant.kind == **kind));
        for kind in kinds {
            let rows: Vec<_> = self.judged.iter().filter(|judged| judged.mutant.kind == *kind).collect();
            builder.push_record(row(kind.words(), &kind.meaning().to_string(), &rows));
        }
        builder.push_record(row("all", "", &self.judged.iter().collect::<Vec<_>>()));
        let mut table = builder.build();
        table.with(Style::empty()).with(Padding::new(0, 2, 0, 0));
        table.modify(Columns::new(2..), Alignment::right()).modify(Rows::first(), Alignment::left());
        let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n")
    }

    fn scores(&self) -> String {
        let count = |of: &dyn Fn(&Judged) -> bool| self.judged.iter().filter(|judged| of(judged)).count();
        let asked = count(&|judged| judged.is_classed_right().is_some());
        let right = count(&|judged| judged.is_classed_right() == Some(true));
        let diff = match asked {
            0 => "spec diff was not asked.".to_owned(),
            asked => format!("spec diff: {right} of {asked} classed right ({}).", percent(right, asked)),
        };
        if self.group == Group::Control {
            let alarms = count(&|judged| !judged.is_as_it_should_be());
            return format!("{alarms} of {} harmless changes raised an alarm. {diff}", self.judged.len());
        }
        let effective = count(&|judged| judged.fate() != Fate::NoEffect);
        let noticed = effective - count(&|judged| judged.fate() == Fate::Survived);
        let waiting = count(&|judged| judged.needs_tests() && judged.outcome.is_none());
        let tests = match (self.is_compiled, waiting) {
            (false, _) => " The contract tests were not compiled; facts stands for their page of facts.".to_owned(),
            (true, 0) => String::new(),
            (true, waiting) => {
                format!(" {waiting} mutants have yet to be compiled; facts stands for the page of facts.")
            }
        };
        format!(
            "Noticed: {noticed} of {effective} that have an effect ({}).{tests} {diff}",
            percent(noticed, effective)
        )
    }

    fn unnoticed(&self) -> Vec<String> {
        let survivors = self.judged.iter().filter(|judged| !judged.is_as_it_should_be());
        survivors.map(|judged| format!("{}{}", judged.mutant.name(), noticed_by(judged))).collect()
    }

    fn wrong(&self) -> Vec<String> {
        let wrong = self.judged.iter().filter(|judged| judged.is_classed_right() == Some(false));
        let line = |judged: &Judged| {
            let said = judged.verdict.diff.map_or_else(String::new, |said| said.to_string());
            let Mutant { kind, meaning, .. } = &judged.mutant;
            format!("{}: {said}, but it is {meaning}: {}", judged.mutant.name(), kind.reason())
        };
        wrong.map(line).collect()
    }
}

/// Who raised the alarm over a harmless change.
fn noticed_by(judged: &Judged) -> String {
    match (judged.fate(), &judged.verdict.generator, &judged.outcome) {
        (Fate::Refused, Generator::Refuses(line), _) => format!(": {line}"),
        (Fate::CompileError | Fate::Test, _, Some(outcome)) => format!(": {outcome}"),
        (Fate::Facts, ..) => ": the page of facts differs".to_owned(),
        _ => String::new(),
    }
}

fn row(words: &str, meaning: &str, judged: &[&Judged]) -> Vec<String> {
    let count = |of: &dyn Fn(&Judged) -> bool| match judged.iter().filter(|judged| of(judged)).count() {
        0 => "·".to_owned(),
        count => count.to_string(),
    };
    let mut cells = vec![words.to_owned(), meaning.to_owned(), count(&|_| true)];
    cells.extend(Fate::ALL.map(|fate| count(&|judged| judged.fate() == fate)));
    cells.extend([true, false].map(|right| count(&|judged| judged.is_classed_right() == Some(right))));
    cells
}

fn percent(part: usize, whole: usize) -> String {
    // Cut off, so that 100 % means all.
    let tenths = (part * 1000).checked_div(whole).unwrap_or(1000);
    format!("{}.{} %", tenths / 10, tenths % 10)
}
