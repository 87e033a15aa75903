//! Every small change of the overlay: of its actions, and of what they add.

use serde_json::json;

use super::edits;
use super::kinds::Kind;
use super::mutant::{Mutant, Spot, escaped};
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
    let is_removal = action.value["remove"] == true;
    let only = |key: &str| action.value["update"].as_object().is_some_and(|update| update.keys().eq([key]));
    let kind = match target {
        // Nothing refers to these schemas any more; the generator makes types of them all the same.
        _ if is_removal && (target.contains("'LinksSelf'") || target == "$.components.schemas.Error") => {
            Kind::TypesLeft
        }
        // A plain string stays beside the reference to a schema that is a plain string, or a body beside the reference to
        // an answer with that body.
        _ if is_removal && (target.ends_with(".schema") || target.contains(".responses[")) => Kind::ReplacedLeft,
        "$.components.schemas.CreateSessionRequest.properties.sessionToken"
        | "$.components.schemas['ApiError', 'ErrorCause'].properties.errorSummary" => Kind::ReplacedLeft,
        _ if only("x-removed-in") => Kind::RemovalChanged,
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
            (Some(pointer), Some(step)) => Some(format!("{pointer}/{}", escaped(&step))),
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
        if rest.starts_with('[') {
            let end = end_of_bracket(rest);
            let inner = &rest[1..end.saturating_sub(1)];
            let name = inner.strip_prefix('\'').and_then(|name| name.strip_suffix('\''));
            let name = name.or(inner.parse::<usize>().is_ok().then_some(inner));
            steps.push(name.filter(|name| !name.contains('\'')).map(str::to_owned));
            rest = &rest[end..];
        } else {
            let name = rest.trim_start_matches('.');
            let end = name.find(['.', '[']).unwrap_or(name.len());
            steps.push(Some(name[..end].to_owned()).filter(|name| name != "*"));
            rest = &name[end..];
        }
    }
    steps
}

/// Where the bracket at the beginning is closed. A filter has brackets of its own, and names may.
fn end_of_bracket(text: &str) -> usize {
    let (mut depth, mut quoted) = (0_u32, false);
    for (index, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_step_by_step() {
        let name = |name: &str| Some(name.to_owned());
        let cases = [
            ("$", vec![]),
            ("$.servers[0]", vec![name("servers"), name("0")]),
            ("$.paths['/a/{b}'].get", vec![name("paths"), name("/a/{b}"), name("get")]),
            ("$.paths.*.*.responses['400']", vec![name("paths"), None, None, name("responses"), name("400")]),
            ("$.paths.*[?@.security[0]].responses", vec![name("paths"), None, None, name("responses")]),
            ("$.paths.*[?@['x-a'] == 'b.c]']", vec![name("paths"), None, None]),
            ("$.paths.*[?@['x-a'] == 'b[c'].get", vec![name("paths"), None, None, name("get")]),
            ("$.a['b', 'c'].d", vec![name("a"), None, name("d")]),
        ];
        for (path, expected) in cases {
            assert_eq!(steps(path), expected, "{path}");
        }
    }
}
