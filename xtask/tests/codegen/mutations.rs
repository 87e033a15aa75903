//! Documents with random faults: never a panic, and every failure is one line that begins with the file.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::support::{assert_one_line, contract, generate};

#[derive(Debug, Clone)]
enum Fault {
    Remove,
    Replace(Value),
    Rename(&'static str),
    CopyFrom(Index),
}

fn faults() -> impl Strategy<Value = Vec<(Index, Fault)>> {
    let value = select(vec![
        json!(null),
        json!(true),
        json!(-1.5),
        json!(7),
        json!(""),
        json!("a text"),
        json!([]),
        json!(["a", 1]),
        json!({}),
        json!({"type": "object"}),
        json!({"type": "string", "enum": ["a"]}),
        json!({"$ref": "#/components/schemas/Session"}),
        json!({"$ref": "#/paths"}),
    ]);
    let name =
        select(vec!["", "x", "type", "$ref", "a b", "é\n", "{sessionId}", "/{a}", "enum", "allOf", "200", "default"]);
    let fault = prop_oneof![
        1 => Just(Fault::Remove),
        3 => value.prop_map(Fault::Replace),
        1 => name.prop_map(Fault::Rename),
        2 => any::<Index>().prop_map(Fault::CopyFrom),
    ];
    vec((any::<Index>(), fault), 1..3)
}

#[test]
fn a_faulty_contract_never_panics_and_is_refused_in_one_line() {
    let document = contract();
    let config = Config { failure_persistence: None, ..Config::with_cases(200) };
    // The same faults in every run: a test that fails today only is no help.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));

    let outcome = runner.run(&faults(), |faults| {
        let mut faulty = document.clone();
        for (place, fault) in &faults {
            apply(&mut faulty, *place, fault);
        }
        if let Err(failure) = generate(&faulty) {
            assert_one_line(&failure);
        }
        Ok(())
    });

    outcome.unwrap();
}

fn apply(document: &mut Value, place: Index, fault: &Fault) {
    let mut pointers = Vec::new();
    collect(document, "", &mut pointers);
    let pointer = place.get(&pointers).clone();
    match fault {
        Fault::Replace(value) => *document.pointer_mut(&pointer).unwrap() = value.clone(),
        Fault::CopyFrom(index) => {
            let source: &String = index.get(&pointers);
            let value = document.pointer(source).unwrap().clone();
            *document.pointer_mut(&pointer).unwrap() = value;
        }
        Fault::Remove => drop(take(document, &pointer)),
        Fault::Rename(name) => {
            if let Some(value) = take(document, &pointer) {
                let (parent, _) = pointer.rsplit_once('/').unwrap();
                document.pointer_mut(parent).unwrap()[*name] = value;
            }
        }
    }
}

/// Takes the member at the pointer out of its object.
fn take(document: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, key) = pointer.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    document.pointer_mut(parent)?.as_object_mut()?.remove(&key)
}

/// All places in the document. Prose and examples are data, and leave the generator alone.
fn collect(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| !matches!(key.as_str(), "description" | "example" | "examples" | "x-enumDescriptions"))
            .map(|(key, child)| (key.replace('~', "~0").replace('/', "~1"), child))
            .collect(),
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect()
        }
        _ => Vec::new(),
    };
    for (key, child) in children {
        let pointer = format!("{pointer}/{key}");
        collect(child, &pointer, pointers);
        pointers.push(pointer);
    }
}
