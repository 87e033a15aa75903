//! Contracts that the generator cannot take: each is one line with the place in the document.

mod bodies;
mod document;
mod operations;
mod parameters;
mod schemas;

use serde_json::Value;

use crate::support::{assert_one_line, contract, generate};

/// What is broken, how, the JSON path that the failure names, and a part of its reason.
type Case = (&'static str, fn(&mut Value), &'static str, &'static str);

/// A change and what it is.
type Change = (&'static str, fn(&mut Value));

/// The operation that most cases break: `getSession`.
const GET: &str = "$.paths['/api/v1/sessions/{sessionId}'].get";

fn get(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/api/v1/sessions/{sessionId}"]["get"]
}

fn create(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/api/v1/sessions"]["post"]
}

fn schemas(document: &mut Value) -> &mut Value {
    &mut document["components"]["schemas"]
}

fn remove(value: &mut Value, key: &str) {
    value.as_object_mut().unwrap().remove(key).unwrap();
}

/// `{GET}` stands for the path of the operation [`GET`].
fn assert_refused(cases: &[Case]) {
    let document = contract();
    for (what, break_it, path, reason) in cases {
        let mut broken = document.clone();
        break_it(&mut broken);
        let Err(failure) = generate(&broken) else { panic!("{what} was taken") };
        assert_one_line(&failure);
        let place = format!("openapi/sessions.yaml: {}: ", path.replace("{GET}", GET));
        let message = failure.to_string();
        assert!(message.starts_with(&place), "{what}: {message}");
        assert!(message.contains(reason), "{what}: {message}");
    }
}

/// What looks odd, but is taken.
fn assert_taken(cases: &[Change]) {
    let document = contract();
    for (what, change) in cases {
        let mut changed = document.clone();
        change(&mut changed);
        let outcome = generate(&changed);
        assert!(outcome.is_ok(), "{what}: {}", outcome.unwrap_err());
    }
}
