//! Changes of parameters.

use serde_json::{Value, json};

use super::super::kinds::Kind;
use super::super::mutant::{Mutant, Spot, escaped};
use super::super::parts::Part;

pub(super) fn parameter(spot: &Spot) -> Vec<Mutant> {
    match (spot.part, spot.parent) {
        _ if !spot.is_whole() => Vec::new(),
        (Part::Parameters, _) => {
            vec![spot.add(Kind::ParameterAdded, "", &added())]
        }
        (_, Part::ComponentParameters) => {
            let renamed = spot.rename_component(Kind::ComponentRenamed, "parameters");
            let mut mutants = vec![spot.drop(Kind::ComponentDropped), renamed];
            mutants.extend(renamed_in_paths(spot));
            mutants
        }
        _ => vec![spot.drop(Kind::ParameterDropped)],
    }
}

/// A parameter that no operation has.
pub(super) fn added() -> Value {
    json!({"name": "X-Added", "in": "header", "schema": {"type": "string"}})
}

/// A path parameter under another name, in the paths as well.
fn renamed_in_paths(spot: &Spot) -> Option<Mutant> {
    let name = spot.value["name"].as_str().filter(|_| spot.value["in"] == "path")?;
    let (old, new) = (format!("{{{name}}}"), format!("{{{name}Renamed}}"));
    let mut operations =
        vec![json!({"op": "replace", "path": format!("{}/name", spot.pointer), "value": format!("{name}Renamed")})];
    for path in spot.document["paths"].as_object()?.keys().filter(|path| path.contains(&old)) {
        let pointer = |path: &str| format!("/paths/{}", escaped(path));
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
