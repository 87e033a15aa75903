//! The control group: words that change, and order that has no meaning.

use serde_json::{Value, json};

use super::super::kinds::Kind;
use super::super::mutant::{Mutant, Spot};
use super::super::parts::Part;

/// All changes of the value that leave the contract as it is.
pub(super) fn all(spot: &Spot) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    match (spot.part, spot.key.as_str()) {
        // An example has to fit its schema, whose tests see every change of it.
        (Part::Words, "example" | "examples" | "value") => return mutants,
        (Part::Words, "x-okta-lifecycle") => {
            return vec![
                spot.drop(Kind::LifecycleChanged),
                spot.set(Kind::LifecycleChanged, &json!({"lifecycle": "BETA"})),
            ];
        }
        (Part::Words, "readOnly") => return vec![spot.drop(Kind::ReadOnlyChanged)],
        (Part::Words | Part::DeclaredScope, _) if spot.value.is_string() => {
            mutants.push(spot.set(Kind::WordsChanged, &json!("Other words.")));
            if may_be_missing(spot) {
                mutants.push(spot.drop(Kind::WordsDropped));
            }
        }
        _ => {}
    }
    let has_order =
        matches!(spot.part, Part::RequiredNames | Part::EnumValues | Part::Security | Part::Scopes | Part::Words);
    if let Some(elements) = spot.value.as_array().filter(|elements| has_order && elements.len() > 1) {
        let reversed: Vec<Value> = elements.iter().rev().cloned().collect();
        mutants.push(spot.patch(
            Kind::ListReordered,
            "",
            json!([{"op": "replace", "path": spot.pointer, "value": reversed}]),
        ));
    }
    mutants.extend(spot.children().iter().flat_map(all));
    mutants
}

/// OpenAPI asks for some words; the generator refuses a document without them.
fn may_be_missing(spot: &Spot) -> bool {
    match spot.key.as_str() {
        "description" => !matches!(spot.parent, Part::Answer),
        "summary" => true,
        _ => false,
    }
}
