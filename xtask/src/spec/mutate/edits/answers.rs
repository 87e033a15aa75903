//! Changes of bodies and answers.

use serde_json::{Value, json};

use super::super::kinds::Kind;
use super::super::mutant::{Mutant, Spot};
use super::super::parts::Part;

pub(super) fn body(spot: &Spot) -> Vec<Mutant> {
    if !spot.is_whole() && !spot.part.has_facts(spot.value) {
        return Vec::new();
    }
    match spot.part {
        Part::RequestBody => vec![spot.drop(Kind::BodyDropped)],
        // An answer without a body says so by an empty content, or by none.
        Part::Content if spot.value.as_object().is_some_and(serde_json::Map::is_empty) => Vec::new(),
        Part::Content if spot.parent == Part::Answer => vec![spot.drop(Kind::AnswerEmptied)],
        Part::MediaType => {
            let mut mutants =
                vec![spot.drop(Kind::MediaTypeDropped), spot.rename(Kind::MediaTypeChanged, "application/xml")];
            mutants.extend(spot.get("schema").map(|schema| schema.drop(Kind::BodySchemaDropped)));
            mutants
        }
        _ => Vec::new(),
    }
}

pub(super) fn answer(spot: &Spot) -> Vec<Mutant> {
    match (spot.part, spot.parent) {
        (Part::Answers, _) => {
            let failure = some_failure(spot.document);
            failure.map(|answer| spot.add(Kind::StatusAdded, "409", answer)).into_iter().collect()
        }
        (_, Part::ComponentAnswers) if spot.part.has_facts(spot.value) => {
            let mut mutants = vec![spot.drop(Kind::ComponentDropped)];
            if spot.is_whole() {
                mutants.push(spot.rename_component(Kind::ComponentRenamed, "responses"));
            }
            mutants
        }
        (_, Part::Answers) if spot.part.has_facts(spot.value) => {
            let other = match spot.key.as_bytes().first() {
                Some(b'2') => "201",
                Some(b'4') => "410",
                _ => "501",
            };
            vec![spot.drop(Kind::StatusDropped), spot.rename(Kind::StatusChanged, other)]
        }
        _ => Vec::new(),
    }
}

/// A failure with a body that some operation of the document has.
fn some_failure(document: &Value) -> Option<&Value> {
    let operations =
        document["paths"].as_object()?.values().filter_map(Value::as_object).flat_map(|item| item.values());
    let answers = operations.filter_map(|operation| operation["responses"].as_object()).flatten();
    answers.filter(|(status, _)| status.starts_with('4')).map(|(_, answer)| answer).find(|answer| **answer != json!({}))
}

/// An answer that refers to another component: one with the same body.
pub(super) fn reference(spot: &Spot) -> Vec<Mutant> {
    let name = spot.value.as_str().and_then(|reference| reference.rsplit('/').next());
    let document = if spot.is_update { spot.contract } else { spot.document };
    let answers = document.pointer("/components/responses").and_then(Value::as_object);
    let (Some(name), Some(answers)) = (name, answers) else { return Vec::new() };
    let schema = |name: &str| answers.get(name).map(|answer| &answer["content"]["application/json"]["schema"]);
    let equal = answers.keys().find(|other| *other != name && schema(other) == schema(name));
    let reference = |other: &String| json!(format!("#/components/responses/{other}"));
    equal.map(|other| spot.set(Kind::AnswerSwapped, &reference(other))).into_iter().collect()
}
