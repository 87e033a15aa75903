//! Every kind of change: its class, what it does to the Rust API, and that the generator agrees.

mod operations;
mod schemas;

use std::collections::BTreeSet;

use serde_json::Value;
use xtask::spec::diff::{Change, Class};

use crate::generated_rust::api;
use crate::support::{base, changes, edited};

/// A change: where, what is put there (nothing: it is taken away), its class, and a part of its effect.
type Case = (&'static str, Option<Value>, Class, &'static str);

/// Checks the cases, and reports all that fail.
fn check(cases: &[Case]) {
    let before = api(&base()).unwrap();
    let faults: Vec<String> = cases.iter().filter_map(|case| fault(case, &before)).collect();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
}

fn fault((place, value, class, effect): &Case, before: &BTreeSet<String>) -> Option<String> {
    let document = edited(place, value.as_ref());
    let found = changes(&document);
    let case = format!("{place} = {}", value.as_ref().map_or("(none)".to_owned(), Value::to_string));
    let worst = found.iter().map(|change| change.class).max();
    if worst != Some(*class) || !found.iter().any(|change| change.effect.text.contains(effect)) {
        let found: Vec<_> = found
            .iter()
            .map(|change| format!("    {}: {}: {}", change.class, change.what, change.effect.text))
            .collect();
        return Some(format!("{case}\n  expected {class}: {effect}\n  found\n{}", found.join("\n")));
    }
    let after = api(&document)?;
    disagreement(&found, *class, before, &after).map(|fault| format!("{case}\n  {fault}"))
}

/// What the generator does that the changes do not say.
fn disagreement(found: &[Change], class: Class, before: &BTreeSet<String>, after: &BTreeSet<String>) -> Option<String> {
    // Entries of the table of operations are read by the client; what they mean is not in their type.
    let is_type = |line: &&String| !line.starts_with(|c: char| c.is_uppercase()) || line.contains("::");
    let gone: Vec<_> = before.difference(after).filter(is_type).collect();
    if class != Class::Breaking && !gone.is_empty() {
        return Some(format!("called {class}, but the generator loses {gone:?}"));
    }
    if class == Class::Documentation && before != after {
        return Some(format!("called documentation, but the generator adds {:?}", after.difference(before)));
    }
    found.iter().find_map(|change| {
        let text = change.effect.text.replace(", ", ",");
        let (field, old, new) = told(&text)?;
        let has = |lines: &BTreeSet<String>, ty: &str| lines.contains(&format!("{field}: {ty}"));
        let real = |lines: &BTreeSet<String>| {
            lines.iter().filter(|line| line.starts_with(&format!("{field}:"))).cloned().collect::<Vec<_>>()
        };
        let is_true = old.is_none_or(|old| has(before, old)) && has(after, new);
        (!is_true).then(|| format!("tells {old:?} → `{new}`, not {:?} → {:?}", real(before), real(after)))
    })
}

/// The field whose type the effect tells, the type of before if there was one, and that of now.
fn told(effect: &str) -> Option<(&str, Option<&str>, &str)> {
    if let Some(added) = effect.strip_prefix("a new field `") {
        let (field, rest) = added.split_once("` of the type `")?;
        return Some((field, None, rest.split('`').next()?));
    }
    let (field, types) = effect.strip_prefix("the field `")?.split_once("` changes from `")?;
    let (old, new) = types.trim_end_matches('`').split_once("` to `")?;
    Some((field, Some(old), new))
}
