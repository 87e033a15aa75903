//! Changes of what credentials an operation takes, and of how they are sent.

use serde_json::{Value, json};

use super::super::kinds::Kind;
use super::super::mutant::{Mutant, Spot};
use super::super::parts::Part;

pub(super) fn requirement(spot: &Spot) -> Vec<Mutant> {
    match spot.part {
        Part::Security => security(spot),
        Part::Alternative => vec![spot.drop(Kind::AlternativeDropped)],
        Part::Scopes if spot.key == "oauth2" => vec![spot.add(Kind::ScopeAdded, "", &json!("okta.added.scope"))],
        Part::Scope => {
            let name = format!("{}.renamed", spot.value.as_str().unwrap_or_default());
            vec![spot.drop(Kind::ScopeDropped), spot.set(Kind::ScopeRenamed, &json!(name))]
        }
        _ => Vec::new(),
    }
}

fn security(spot: &Spot) -> Vec<Mutant> {
    let alternatives = spot.value.as_array().map_or(&[] as &[Value], Vec::as_slice);
    if alternatives.is_empty() {
        let asked = spot.add(Kind::CredentialAsked, "", &json!({"apiToken": []}));
        return vec![spot.drop(Kind::EmptySecurityDropped), asked];
    }
    let mut mutants = vec![spot.drop(Kind::SecurityDropped)];
    if !alternatives.iter().any(|alternative| alternative.get("oauth2").is_some()) {
        mutants.push(spot.add(Kind::AlternativeAdded, "", &json!({"oauth2": ["okta.sessions.manage"]})));
    }
    mutants
}

pub(super) fn scheme(spot: &Spot) -> Vec<Mutant> {
    match spot.part {
        Part::DeclaredScope if !spot.is_update => vec![spot.drop(Kind::ScopeUndeclared)],
        Part::SecurityScheme if spot.is_whole() => {
            let mut operations = vec![spot.renaming("renamed")];
            rename_requirements(spot.document, "", &spot.key, &mut operations);
            let renamed = spot.patch(Kind::ComponentRenamed, "renamed", Value::Array(operations));
            vec![spot.drop(Kind::SchemeDropped), renamed]
        }
        Part::Flows if spot.is_whole() => vec![spot.drop(Kind::FlowDropped)],
        Part::Flow if spot.is_whole() => {
            vec![spot.drop(Kind::FlowDropped), spot.rename(Kind::FlowChanged, "clientCredentials")]
        }
        _ => Vec::new(),
    }
}

/// Adds to a patch what gives every alternative of this name the name `renamed`.
fn rename_requirements(document: &Value, pointer: &str, name: &str, operations: &mut Vec<Value>) {
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let alternatives = operation["security"].as_array().into_iter().flatten().enumerate();
            for (index, _) in alternatives.filter(|(_, alternative)| alternative.get(name).is_some()) {
                let path = super::super::mutant::escaped(path);
                let alternative = format!("{pointer}/paths/{path}/{method}/security/{index}");
                operations.push(json!({"op": "move", "from": format!("{alternative}/{name}"), "path": format!("{alternative}/renamed")}));
            }
        }
    }
}

pub(super) fn keyword(spot: &Spot) -> Vec<Mutant> {
    match (spot.parent, spot.key.as_str()) {
        (Part::SecurityScheme, "type") => vec![spot.set(Kind::SchemeChanged, &json!("http"))],
        (Part::SecurityScheme, "in") => vec![spot.set(Kind::SchemeChanged, &json!("query"))],
        (Part::SecurityScheme, "name") => vec![spot.set(Kind::SchemeChanged, &json!("X-Token"))],
        (Part::Flow, _) => vec![spot.set(Kind::FlowChanged, &json!("/oauth2/v2/changed"))],
        _ => Vec::new(),
    }
}
