//! Every small change of a document: a walk over its parts, and for each part the changes that it invites.

mod answers;
mod operations;
mod parameters;
mod schemas;
mod security;
mod words;

use super::kinds::Kind;
use super::mutant::{Mutant, Spot};
use super::parts::Part;
use serde_json::json;

/// The changes of what the value says, in the order of the document.
pub(super) fn facts(spot: &Spot) -> Vec<Mutant> {
    let mut mutants = match spot.part {
        Part::Servers | Part::Server => server(spot),
        Part::PathItem => operations::path(spot),
        Part::Operation => operations::operation(spot),
        Part::Parameters | Part::Parameter => parameters::parameter(spot),
        Part::RequestBody | Part::Content | Part::MediaType => answers::body(spot),
        Part::Answers | Part::Answer => answers::answer(spot),
        Part::Security | Part::Alternative | Part::Scopes | Part::Scope => security::requirement(spot),
        Part::SecurityScheme | Part::Flows | Part::Flow | Part::DeclaredScope => security::scheme(spot),
        Part::Schema => schemas::schema(spot),
        Part::RequiredName | Part::EnumValues | Part::EnumValue => schemas::names(spot),
        Part::Fact => fact(spot),
        _ => Vec::new(),
    };
    if spot.part != Part::Words {
        mutants.extend(spot.children().iter().flat_map(facts));
    }
    mutants
}

/// The control group: changes that must not be taken for changes of the contract.
pub(super) fn words(spot: &Spot) -> Vec<Mutant> {
    words::all(spot)
}

fn server(spot: &Spot) -> Vec<Mutant> {
    match spot.part {
        Part::Server => vec![spot.drop(Kind::ServerDropped)],
        _ => Vec::new(),
    }
}

/// A keyword with a plain value: what it may be depends on what it is a keyword of.
fn fact(spot: &Spot) -> Vec<Mutant> {
    match (spot.parent, spot.key.as_str()) {
        (Part::Server, "url") => vec![spot.set(Kind::ServerChanged, &json!("https://{yourOktaDomain}/base"))],
        (Part::Operation, _) => operations::keyword(spot),
        (Part::Parameter, _) => parameters::keyword(spot),
        (Part::RequestBody, "required") => {
            vec![spot.drop(Kind::BodyOptional), spot.set(Kind::BodyOptional, &json!(false))]
        }
        (Part::SecurityScheme | Part::Flow, _) => security::keyword(spot),
        (Part::Schema, _) => schemas::keyword(spot),
        (Part::Answer, "$ref") => answers::reference(spot),
        _ => Vec::new(),
    }
}
