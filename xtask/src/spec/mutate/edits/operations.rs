//! Changes of paths and operations.

use serde_json::{Value, json};

use super::super::kinds::Kind;
use super::super::mutant::{Mutant, Spot};
use super::super::parts::METHODS;

/// What a new operation is called.
const ADDED: &str = "addedByMutation";

pub(super) fn path(spot: &Spot) -> Vec<Mutant> {
    let mut mutants = vec![];
    if spot.is_whole() {
        mutants.push(spot.drop(Kind::PathDropped));
        mutants.extend(renamed(&spot.key).iter().map(|path| spot.rename(Kind::PathRenamed, path)));
        let operation = json!({"operationId": ADDED, "responses": {"204": {"description": "Done"}}, "security": []});
        mutants.extend(free_method(spot.value).map(|method| spot.add(Kind::OperationAdded, method, &operation)));
        mutants.extend(with_renamed_parameter(spot));
    }
    mutants
}

/// The path with each of its fixed segments changed.
fn renamed(path: &str) -> Vec<String> {
    let segments: Vec<_> = path.split('/').collect();
    let fixed = segments.iter().enumerate().filter(|(_, segment)| !segment.is_empty() && !segment.contains('{'));
    let change = |index: usize| {
        let changed = segments
            .iter()
            .enumerate()
            .map(|(at, segment)| if at == index { format!("{segment}x") } else { (*segment).to_owned() });
        changed.collect::<Vec<_>>().join("/")
    };
    fixed.map(|(index, _)| change(index)).collect()
}

/// The path with its parameter under another name, wherever the operations of the path declare it themselves.
fn with_renamed_parameter(spot: &Spot) -> Option<Mutant> {
    let (_, rest) = spot.key.split_once('{')?;
    let (name, _) = rest.split_once('}')?;
    let renamed = format!("{name}Renamed");
    let lists = [spot.clone()].into_iter().chain(spot.children()).filter_map(|owner| owner.get("parameters"));
    let declared = lists.flat_map(|list| list.children()).filter(|parameter| parameter.value["name"] == name);
    let mut operations: Vec<_> = declared
        .map(|parameter| json!({"op": "replace", "path": format!("{}/name", parameter.pointer), "value": renamed}))
        .collect();
    if operations.is_empty() {
        return None;
    }
    operations.push(spot.renaming(&spot.key.replace(&format!("{{{name}}}"), &format!("{{{renamed}}}"))));
    Some(spot.patch(Kind::PathParameterRenamed, &renamed, Value::Array(operations)))
}

/// A method that the path does not have.
fn free_method(item: &Value) -> Option<&'static str> {
    METHODS.into_iter().find(|method| item.get(method).is_none())
}

pub(super) fn operation(spot: &Spot) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    if !spot.is_whole() {
        return mutants;
    }
    mutants.push(spot.drop(Kind::OperationDropped));
    let item = spot.pointer.rsplit_once('/').and_then(|(item, _)| spot.document.pointer(item));
    mutants.extend(item.and_then(free_method).map(|method| spot.rename(Kind::MethodChanged, method)));
    let id = spot.value["operationId"].as_str().unwrap_or_default();
    if id == "createSession" {
        mutants.push(spot.add(Kind::RepeatSafeAdded, "x-repeat-safe", &json!(true)));
    } else {
        mutants.push(spot.add(Kind::AnonymousAdded, "x-anonymous", &json!(true)));
    }
    let header = json!({"name": "X-Added", "in": "header", "schema": {"type": "string"}});
    if spot.get("parameters").is_none() {
        mutants.push(spot.add(Kind::ParameterAdded, "parameters", &json!([header])));
    }
    if spot.get("requestBody").is_none() {
        let schema = json!({"type": "object", "properties": {"added": {"type": "string"}}});
        let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
        mutants.push(spot.add(Kind::BodyAdded, "requestBody", &body));
    }
    mutants
}

pub(super) fn keyword(spot: &Spot) -> Vec<Mutant> {
    match spot.key.as_str() {
        "operationId" => {
            let name = format!("{}Renamed", spot.value.as_str().unwrap_or_default());
            vec![spot.drop(Kind::OperationUnnamed), spot.set(Kind::OperationRenamed, &json!(name))]
        }
        "x-repeat-safe" => vec![spot.drop(Kind::RepeatSafeDropped), spot.set(Kind::RepeatSafeDropped, &json!(false))],
        "x-anonymous" => vec![spot.drop(Kind::AnonymousDropped), spot.set(Kind::AnonymousDropped, &json!(false))],
        "x-removed-in" => vec![spot.drop(Kind::RemovalChanged), spot.set(Kind::RemovalChanged, &json!("2099.01.0"))],
        _ => Vec::new(),
    }
}
