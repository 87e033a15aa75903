//! Changes of schemas.

use serde_json::json;

use super::super::kinds::Kind;
use super::super::mutant::{Mutant, Spot};
use super::super::parts::Part;

/// The name of whatever is added.
const ADDED: &str = "addedByMutation";

pub(super) fn schema(spot: &Spot) -> Vec<Mutant> {
    if !spot.part.has_facts(spot.value) {
        return Vec::new();
    }
    let mut mutants = match (spot.parent, spot.key.as_str()) {
        (Part::Schemas, _) if spot.is_whole() => {
            vec![spot.drop(Kind::SchemaDropped), spot.rename_component(Kind::SchemaRenamed, "schemas")]
        }
        (Part::Properties, _) => property(spot),
        (Part::Composition, _) => vec![spot.drop(Kind::PartDropped)],
        (_, "items") => vec![spot.drop(Kind::ItemsDropped)],
        (_, "additionalProperties") => {
            let dropped = if spot.value == true { Kind::AnyOthersDropped } else { Kind::OthersDropped };
            return vec![spot.drop(dropped), spot.set(Kind::OthersRefused, &json!(false))];
        }
        _ => Vec::new(),
    };
    mutants.extend(additions(spot));
    mutants
}

fn property(spot: &Spot) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    if spot.is_whole() {
        mutants.push(spot.drop(Kind::PropertyDropped));
        mutants.push(spot.rename(Kind::PropertyRenamed, &format!("{}Renamed", spot.key)));
    }
    if !spot.is_update && !is_required(spot) {
        mutants.extend(required(spot));
    }
    mutants
}

fn is_required(spot: &Spot) -> bool {
    let names = spot.owner().and_then(|owner| owner["required"].as_array());
    names.is_some_and(|names| names.contains(&json!(spot.key)))
}

/// The property among the required ones.
fn required(spot: &Spot) -> Option<Mutant> {
    let owner = spot.pointer.rsplit_once("/properties/").map(|(owner, _)| owner)?;
    let operation = if spot.owner()?.get("required").is_some() {
        json!([{"op": "add", "path": format!("{owner}/required/-"), "value": spot.key}])
    } else {
        json!([{"op": "add", "path": format!("{owner}/required"), "value": [spot.key]}])
    };
    let is_list = spot.value["type"] == "array" && spot.value["nullable"] != true;
    Some(spot.patch(if is_list { Kind::ListRequired } else { Kind::PropertyRequired }, "", operation))
}

/// What can be said of a schema beside what it says.
fn additions(spot: &Spot) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    if spot.is_update {
        return mutants;
    }
    if spot.value.get("properties").is_some() {
        let added = json!({"type": "string"});
        let operation = json!([{"op": "add", "path": format!("{}/properties/{ADDED}", spot.pointer), "value": added}]);
        mutants.push(spot.patch(Kind::PropertyAdded, "", operation));
        if spot.value.get("additionalProperties").is_none() {
            mutants.push(spot.add(Kind::OthersAdded, "additionalProperties", &json!({})));
        }
    }
    if spot.value.get("type").is_some() && spot.value["nullable"] != true {
        let kind = if is_optional_scalar(spot) { Kind::NullableScalar } else { Kind::NullableOther };
        mutants.push(spot.add(kind, "nullable", &json!(true)));
    }
    let is_plain = ["format", "enum"].iter().all(|key| spot.value.get(key).is_none());
    if spot.value["type"] == "string" && is_plain {
        mutants.push(spot.add(Kind::FormatAdded, "format", &json!("date-time")));
    }
    mutants
}

/// Whether the schema is that of a property or parameter which may be missing and is no list, object or reference.
fn is_optional_scalar(spot: &Spot) -> bool {
    let may_be_missing = match spot.parent {
        Part::Properties => !is_required(spot),
        Part::Parameter => {
            let parameter = spot.pointer.rsplit_once('/').and_then(|(parameter, _)| spot.document.pointer(parameter));
            parameter.is_some_and(|parameter| parameter["required"] != true)
        }
        _ => false,
    };
    let kind = spot.merged()["type"].as_str().unwrap_or_default();
    may_be_missing && ["boolean", "integer", "number", "string"].contains(&kind)
}

/// The names that are required, and the values of an enum.
pub(super) fn names(spot: &Spot) -> Vec<Mutant> {
    match spot.part {
        Part::RequiredName => vec![spot.drop(Kind::PropertyOptional)],
        Part::EnumValues => vec![spot.drop(Kind::EnumDropped), spot.add(Kind::EnumValueAdded, "", &json!("ADDED"))],
        Part::EnumValue => {
            let name = format!("{}_RENAMED", spot.value.as_str().unwrap_or_default());
            vec![spot.drop(Kind::EnumValueDropped), spot.set(Kind::EnumValueRenamed, &json!(name))]
        }
        _ => Vec::new(),
    }
}

pub(super) fn keyword(spot: &Spot) -> Vec<Mutant> {
    match spot.key.as_str() {
        "type" => {
            let others = match spot.value.as_str() {
                Some("string") => ["integer", "boolean"],
                Some("array") => ["object", "string"],
                _ => ["array", "string"],
            };
            let mut mutants = vec![spot.drop(Kind::TypeDropped)];
            mutants.extend(others.map(|other| spot.set(Kind::TypeChanged, &json!(other))));
            mutants
        }
        "format" => {
            let mut mutants = vec![spot.drop(Kind::FormatDropped)];
            mutants.extend(["date", "int64"].map(|other| spot.set(Kind::FormatChanged, &json!(other))));
            mutants
        }
        "nullable" => {
            let kind = if is_nullable_scalar(spot) { Kind::NotNullableScalar } else { Kind::NotNullableOther };
            vec![spot.drop(kind), spot.set(kind, &json!(false))]
        }
        "$ref" => reference(spot),
        _ => Vec::new(),
    }
}

/// Whether this `nullable` is that of an optional scalar.
fn is_nullable_scalar(spot: &Spot) -> bool {
    let up = |pointer: &str| pointer.rsplit_once('/').map(|(schema, _)| schema.to_owned());
    let (Some(pointer), Some(value)) = (up(&spot.pointer), up(&spot.pointer).and_then(|it| spot.document.pointer(&it)))
    else {
        return false;
    };
    let key = pointer.rsplit('/').next().unwrap_or_default().to_owned();
    let in_contract = spot.in_contract.as_deref().and_then(up);
    let place = in_contract.as_deref().filter(|_| spot.is_update).unwrap_or(&pointer);
    let is_property = place.rsplit('/').nth(1) == Some("properties");
    let parent = if is_property { Part::Properties } else { Part::Schemas };
    is_optional_scalar(&Spot { pointer, in_contract, parent, key, value, ..spot.clone() })
}

fn reference(spot: &Spot) -> Vec<Mutant> {
    let name = spot.value.as_str().and_then(|reference| reference.rsplit('/').next()).unwrap_or_default();
    // These are in the published document and in the contract, under one name.
    let others = ["SessionStatus", "SessionIdentityProvider"].into_iter().filter(|other| *other != name).take(1);
    let changed = others.map(|other| spot.set(Kind::ReferenceChanged, &json!(format!("#/components/schemas/{other}"))));
    let owner = spot.pointer.rsplit_once('/').map_or("", |(owner, _)| owner);
    let inlined = json!([
        {"op": "remove", "path": spot.pointer},
        {"op": "add", "path": format!("{owner}/type"), "value": "string"},
    ]);
    changed.chain([spot.patch(Kind::ReferenceInlined, "string", inlined)]).collect()
}
