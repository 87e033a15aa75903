//! The examples of the contract, read and written by the types of the schemas that they stand for.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use session_client::types::{ApiError, CreateSessionRequest, Session};

use crate::contract::{self, DOCUMENT, members};

/// Every example with the schema of the place where it is used.
fn used() -> BTreeSet<(&'static str, &'static str)> {
    let mut contents = Vec::new();
    for described in contract::operations() {
        contents.extend(described.request_content());
        contents.push(contract::json_content(described.success().1));
    }
    contents.extend(members(&DOCUMENT["components"]["responses"]).map(|(_, answer)| contract::json_content(answer)));
    let with_schema = contents.into_iter().filter(|content| content.is_object()).flat_map(|content| {
        let schema = contract::referenced_name(&content["schema"]);
        contract::examples(content).into_iter().map(move |(example, _)| (example, schema))
    });
    with_schema.collect()
}

fn rewritten<T: DeserializeOwned + Serialize>(example: &Value) -> Value {
    // From text, as an answer is: a value would not show what the parser does.
    let value: T = serde_json::from_str(&example.to_string()).unwrap_or_else(|error| panic!("{example}: {error}"));
    serde_json::to_value(value).expect("the value can be written")
}

/// Equal but for two things that say the same: how an instant is written, and a null instead of a missing member.
fn assert_same(read: &Value, written: &Value, place: &str) {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            let names = |members: &serde_json::Map<String, Value>| -> BTreeSet<String> {
                members.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.clone()).collect()
            };
            assert_eq!(names(read), names(written), "{place}");
            for name in names(read) {
                assert_same(&read[&name], &written[&name], &format!("{place}.{name}"));
            }
        }
        (Value::String(read), Value::String(written)) if read != written => {
            let instant = |text: &str| text.parse::<DateTime<FixedOffset>>().ok();
            assert!(instant(read).is_some() && instant(read) == instant(written), "{place}: {read} {written}");
        }
        _ => assert_eq!(read, written, "{place}"),
    }
}

#[test]
fn every_example_stands_somewhere() {
    let used: BTreeSet<_> = used().into_iter().map(|(example, _)| example).collect();
    let all: BTreeSet<_> = members(&DOCUMENT["components"]["examples"]).map(|(name, _)| name).collect();

    assert_eq!(used, all);
}

#[test]
fn every_example_is_read_by_its_type_and_written_as_it_was() {
    for (name, schema) in used() {
        let example = &DOCUMENT["components"]["examples"][name]["value"];
        let written = match schema {
            "Session" => rewritten::<Session>(example),
            "ApiError" => rewritten::<ApiError>(example),
            "CreateSessionRequest" => rewritten::<CreateSessionRequest>(example),
            other => panic!("{name} has a schema that the test does not know: {other}"),
        };
        assert_same(example, &written, name);
    }
}

#[test]
fn the_values_of_the_examples_are_known_and_the_ids_usable() {
    for (name, _) in used().into_iter().filter(|(_, schema)| *schema == "Session") {
        let example = &DOCUMENT["components"]["examples"][name]["value"];
        let printed = format!("{:?}", serde_json::from_value::<Session>(example.clone()).expect("it is a session"));
        let id = example["id"].as_str().expect("it has an id");

        assert!(!printed.contains("Unknown("), "{name}: {printed}");
        assert!(session_client::SessionId::new(id).is_ok(), "{name}: {id}");
    }
}
