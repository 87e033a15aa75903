//! Every small change of the overlay: of its actions, and of what they add.

use serde_json::json;

use super::edits;
use super::kinds::Kind;
use super::mutant::{Mutant, Spot};
use super::parts::Part;

/// The changes of what the overlay says.
pub(super) fn facts(root: &Spot) -> Vec<Mutant> {
    let actions = actions(root);
    let mutants = actions.iter().flat_map(|action| {
        let mut mutants = action_facts(action);
        mutants.extend(update(action).iter().flat_map(edits::facts));
        mutants
    });
    mutants.collect()
}

/// Its part of the control group.
pub(super) fn words(root: &Spot) -> Vec<Mutant> {
    let mutants = actions(root).into_iter().flat_map(|action| {
        let mut mutants = Vec::new();
        if let Some(description) = action.get("description") {
            mutants.push(description.set(Kind::ActionWords, &json!("Another reason.")));
        }
        if let Some(update) = update(&action) {
            // A response needs its description, and a reference its example: without them there is no document.
            let is_needed = ["responses", "examples"].iter().any(|key| update.value.get(key).is_some());
            if !update.part.has_facts(update.value) && !is_needed {
                mutants.push(action.drop(Kind::ActionOfWordsDropped));
            }
            mutants.extend(edits::words(&update));
        }
        mutants
    });
    mutants.collect()
}

fn actions<'a>(root: &Spot<'a>) -> Vec<Spot<'a>> {
    root.get("actions").map(|actions| actions.children()).unwrap_or_default()
}

fn action_facts(action: &Spot) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    if update(action).is_none_or(|update| update.part.has_facts(update.value)) {
        mutants.push(dropped(action));
    }
    if let Some(target) = action.get("target") {
        let missed = format!("{}.missed", target.value.as_str().unwrap_or_default());
        mutants.push(target.set(Kind::TargetMissed, &json!(missed)));
    }
    let count = action.value["x-matches"].as_u64().unwrap_or(1) + 1;
    mutants.push(action.add(Kind::CountChanged, "x-matches", &json!(count)));
    mutants.extend(action.get("remove").map(|remove| remove.drop(Kind::RemovalDropped)));
    if let Some(source) = action.get("copy") {
        let missed = format!("{}.missed", source.value.as_str().unwrap_or_default());
        mutants.push(source.set(Kind::TargetMissed, &json!(missed)));
    }
    mutants
}

/// Without an action, the contract lacks what it adds or corrects. A removal is different: what it would have removed
/// stands beside what takes its place.
fn dropped(action: &Spot) -> Mutant {
    let target = action.value["target"].as_str().unwrap_or_default();
    let kind = match target {
        // Nothing refers to these schemas any more; the generator makes types of them all the same.
        _ if target.contains("'LinksSelf'") || target == "$.components.schemas.Error" => Kind::TypesLeft,
        // A plain string stays beside the reference to a schema that is a plain string.
        "$.components.schemas.CreateSessionRequest.properties.sessionToken"
        | "$.components.schemas['ApiError', 'ErrorCause'].properties.errorSummary"
        | "$.components.parameters.pathSessionId.schema"
        | "$.paths.*.*.parameters[?@.name=='Cookie'].schema" => Kind::SchemaDoubled,
        _ => Kind::ActionDropped,
    };
    action.drop(kind)
}

/// What the action adds, as a part of the document that it adds to.
fn update<'a>(action: &Spot<'a>) -> Option<Spot<'a>> {
    let update = action.get("update")?;
    let steps = steps(action.value["target"].as_str()?);
    let (mut part, mut parent, mut key) = (Part::Document, Part::Document, String::new());
    let mut in_contract = Some(String::new());
    for step in steps {
        parent = part;
        part = part.child(step.as_deref().unwrap_or_default());
        key = step.clone().unwrap_or_default();
        in_contract = match (in_contract, step) {
            (Some(pointer), Some(step)) => Some(format!("{pointer}/{}", super::mutant::escaped(&step))),
            _ => None,
        };
        // Any path has operations, whatever they are.
        if part == Part::Fact && parent == Part::PathItem {
            part = Part::Operation;
        }
    }
    Some(Spot { part, parent, key, in_contract, is_update: true, ..update })
}

/// The steps of a JSON path; none for a step that can mean several members.
fn steps(path: &str) -> Vec<Option<String>> {
    let mut steps = Vec::new();
    let mut rest = path.trim_start_matches('$');
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix('.') {
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(Some(name[..end].to_owned()).filter(|name| name != "*"));
            rest = &name[end..];
        } else if let Some(quoted) = rest.strip_prefix("['") {
            let (inner, after) = quoted.split_once(']').unwrap_or((quoted, ""));
            let name = inner.strip_suffix('\'').filter(|name| !name.contains('\''));
            steps.push(name.map(str::to_owned));
            rest = after;
        } else {
            let (inner, after) = rest.split_once(']').unwrap_or((rest, ""));
            steps.push(inner.trim_start_matches('[').parse::<usize>().ok().map(|index| index.to_string()));
            // A filter may have brackets of its own.
            rest = after.trim_start_matches(']');
        }
    }
    steps
}
