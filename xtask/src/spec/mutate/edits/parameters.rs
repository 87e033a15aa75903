//! Changes of parameters.

use serde_json::{Value, json};

use super::super::kinds::Kind;
use super::super::mutant::{Mutant, Spot};
use super::super::parts::Part;

pub(super) fn parameter(spot: &Spot) -> Vec<Mutant> {
    match (spot.part, spot.parent) {
        _ if !spot.is_whole() => Vec::new(),
        (Part::Parameters, _) => {
            let header = json!({"name": "X-Added", "in": "header", "schema": {"type": "string"}});
            vec![spot.add(Kind::ParameterAdded, "", &header)]
        }
        (_, Part::ComponentParameters) => {
            let name = format!("{}Renamed", spot.key);
            let renamed = renamed_component(spot, "parameters", &name);
            let mut mutants = vec![spot.drop(Kind::ComponentDropped), renamed];
            mutants.extend(renamed_in_paths(spot));
            mutants
        }
        _ => vec![spot.drop(Kind::ParameterDropped)],
    }
}

/// The component under another name, with all that refer to it.
pub(super) fn renamed_component(spot: &Spot, kind: &str, name: &str) -> Mutant {
    let mut operations = vec![spot.renaming(name)];
    let (old, new) = (format!("#/components/{kind}/{}", spot.key), format!("#/components/{kind}/{name}"));
    redirect(spot.document, "", &old, &new, &mut operations);
    spot.patch(Kind::ComponentRenamed, name, Value::Array(operations))
}

/// Adds to a patch what turns every reference from `old` to `new`.
pub(super) fn redirect(value: &Value, pointer: &str, old: &str, new: &str, operations: &mut Vec<Value>) {
    // The renamed component has moved when these operations are applied, so none of its own references is touched.
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let pointer = format!("{pointer}/{}", super::super::mutant::escaped(key));
                if key == "$ref" && value == old {
                    operations.push(json!({"op": "replace", "path": pointer, "value": new}));
                } else {
                    redirect(value, &pointer, old, new, operations);
                }
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                redirect(value, &format!("{pointer}/{index}"), old, new, operations);
            }
        }
        _ => {}
    }
}

/// A path parameter under another name, in the paths as well.
fn renamed_in_paths(spot: &Spot) -> Option<Mutant> {
    let name = spot.value["name"].as_str().filter(|_| spot.value["in"] == "path")?;
    let (old, new) = (format!("{{{name}}}"), format!("{{{name}Renamed}}"));
    let mut operations =
        vec![json!({"op": "replace", "path": format!("{}/name", spot.pointer), "value": format!("{name}Renamed")})];
    for path in spot.document["paths"].as_object()?.keys().filter(|path| path.contains(&old)) {
        let pointer = |path: &str| format!("/paths/{}", super::super::mutant::escaped(path));
        operations.push(json!({"op": "move", "from": pointer(path), "path": pointer(&path.replace(&old, &new))}));
    }
    Some(spot.patch(Kind::PathParameterRenamed, &format!("{name}Renamed"), Value::Array(operations)))
}

pub(super) fn keyword(spot: &Spot) -> Vec<Mutant> {
    match spot.key.as_str() {
        "in" => {
            let others = ["cookie", "header", "path", "query"].into_iter().filter(|other| spot.value != other);
            others.map(|other| spot.set(Kind::ParameterMoved, &json!(other))).collect()
        }
        "name" => {
            let name = format!("{}Renamed", spot.value.as_str().unwrap_or_default());
            vec![spot.set(Kind::ParameterRenamed, &json!(name))]
        }
        "required" => {
            let opposite = json!(spot.value != &json!(true));
            vec![spot.drop(Kind::ParameterRequired), spot.set(Kind::ParameterRequired, &opposite)]
        }
        _ => Vec::new(),
    }
}
