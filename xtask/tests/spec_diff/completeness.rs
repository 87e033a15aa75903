//! No fact is passed over, and nothing that is no fact is a change.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};
use xtask::spec::diff::{Class, compare};

use crate::support::{base, changes, edit, edited};

#[test]
fn a_document_has_no_changes_against_itself() {
    assert_eq!(changes(&base()), []);
    for strange in [json!(null), json!(7), json!([]), json!({}), json!({"paths": [], "components": 3})] {
        assert!(compare(&strange, &strange).is_empty(), "{strange}");
    }
}

#[test]
fn a_document_with_everything_written_out_in_place_is_the_same() {
    let mut document = base();
    // What refers to itself cannot be written out, and types that are written by hand exist by their names.
    edit(&mut document, "P/parent", None);
    let mut inlined = document.clone();
    let hand_written = ["/SessionId", "/SessionToken"];
    inline(&document, &mut inlined["paths"], &|reference| !hand_written.iter().any(|name| reference.ends_with(name)));

    assert!(!inlined["paths"].to_string().contains("schemas/Session\""));
    assert_eq!(compare(&document, &inlined).list(), []);
    assert_eq!(compare(&inlined, &document).list(), []);
}

/// Replaces references by what they lead to.
fn inline(document: &Value, value: &mut Value, wanted: &impl Fn(&str) -> bool) {
    while let Some(reference) = value.get("$ref").and_then(Value::as_str).filter(|reference| wanted(reference)) {
        *value = document.pointer(&reference[1..]).unwrap().clone();
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(|value| inline(document, value, wanted)),
        Value::Array(elements) => elements.iter_mut().for_each(|value| inline(document, value, wanted)),
        _ => {}
    }
}

#[test]
fn what_only_looks_different_is_no_change() {
    let same = [
        ("S/Session/required", json!(["id", "id"])),
        ("S/SessionStatus/enum", json!(["MFA_REQUIRED", "ACTIVE"])),
        ("get/security", json!([{"oauth2": ["okta.users.read", "okta.sessions.read"]}, {"apiToken": []}])),
        ("revoke/security", json!([{"apiToken": []}, {"oauth2": ["okta.sessions.manage"]}, {"apiToken": []}])),
        ("P/device", json!({"$ref": "#/components/schemas/Device", "description": "Ignored", "type": "object"})),
        ("P/device", json!({"allOf": [{"$ref": "#/components/schemas/Device"}]})),
        ("P/device", json!({"allOf": [{"$ref": "#/components/schemas/Device"}], "type": "object"})),
        ("S/Device/additionalProperties", json!(true)),
        ("S/Device/nullable", json!(false)),
        ("P/size/oneOf", json!([{"type": "integer"}, {"type": "string"}])),
        ("find/parameters/0/style", json!("form")),
        ("find/parameters/0/required", json!(false)),
        ("find/parameters/2/name", json!("x-trace")),
        ("get/x-anonymous", json!(false)),
        ("get/servers", json!([{"url": "https://{domain}", "variables": base()["servers"][0]["variables"]}])),
        ("revoke/responses/204/content", json!({})),
    ];
    for (place, value) in same {
        assert_eq!(changes(&edited(place, Some(&value))), [], "{place} = {value}");
    }
}

#[test]
fn a_scheme_or_a_component_may_be_renamed() {
    let renamed = base().to_string().replace("\"apiToken\"", "\"token\"").replace("Denied\"", "Refused\"");
    let document: Value = serde_json::from_str(&renamed.replace("parameters/sessionId", "parameters/id")).unwrap();
    let mut document = document;
    let parameter = document["components"]["parameters"]["sessionId"].take();
    document["components"]["parameters"] = json!({"id": parameter});

    let found = changes(&document);

    // The one description that the replacement has changed too.
    assert!(found.iter().all(|change| change.what == "documentation changed"), "{found:#?}");
}

#[test]
fn a_renamed_schema_is_one_change_whatever_uses_it() {
    let document: Value = serde_json::from_str(&base().to_string().replace("SessionStatus\"", "Status\"")).unwrap();

    let found = changes(&document);

    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].class, found[0].what), (Class::Breaking, "schema renamed"));
    assert_eq!(found[0].effect.text, "the type `SessionStatus` becomes `Status`");
    assert_eq!(found[0].operations, ["findSessions", "createSession", "getSession"]);
}

#[test]
fn a_schema_that_is_only_a_part_of_another_has_a_name_too() {
    let mut old = base();
    edit(&mut old, "S/Gadget", Some(&json!({"allOf": [{"$ref": "#/components/schemas/Device"}]})));
    edit(&mut old, "P/device", Some(&json!({"$ref": "#/components/schemas/Gadget"})));
    let new: Value = serde_json::from_str(&old.to_string().replace("Device\"", "Apparatus\"")).unwrap();
    let mut inlined = old.clone();
    edit(&mut inlined, "S/Gadget", Some(&old["components"]["schemas"]["Device"]));
    edit(&mut inlined, "S/Device", None);

    let renamed = compare(&old, &new);
    let gone = compare(&old, &inlined);

    assert_eq!(renamed.list().iter().map(|change| change.what).collect::<Vec<_>>(), ["schema renamed"]);
    assert_eq!(gone.list().iter().map(|change| change.what).collect::<Vec<_>>(), ["schema removed"]);
}

#[test]
fn a_change_is_breaking_where_one_of_its_users_breaks() {
    let mut old = base();
    edit(&mut old, "S/CreateSession/properties/device", Some(&json!({"$ref": "#/components/schemas/Device"})));
    let mut new = old.clone();
    edit(&mut new, "S/Device/properties/name/enum", Some(&json!(["a"])));
    edit(&mut old, "S/Device/properties/name/enum", Some(&json!(["a", "b"])));

    let found = compare(&old, &new);

    assert_eq!(found.list().len(), 1);
    assert_eq!(found.list()[0].operations, ["findSessions", "createSession", "getSession"]);
    assert_eq!(found.list()[0].class, Class::Breaking);
}

#[test]
fn alternatives_of_one_scheme_have_no_order() {
    let (read, manage) = (json!({"oauth2": ["okta.sessions.read"]}), json!({"oauth2": ["okta.sessions.manage"]}));
    let old = edited("get/security", Some(&json!([read, manage])));
    let new = edited("get/security", Some(&json!([manage, read])));

    assert_eq!(compare(&old, &new).list(), []);
}

/// Types that refer to each other, in either of two ways to write it, are followed without going deeper and deeper.
#[test]
fn a_chain_of_types_is_compared_to_its_end() {
    const LENGTH: usize = 5_000;
    let chain = |last: &str, in_place: bool| {
        let mut document = base();
        for index in 0..LENGTH {
            let next = json!({"$ref": format!("#/components/schemas/T{}", index + 1)});
            let next = if in_place { next } else { json!({"allOf": [next]}) };
            let schema = json!({"type": "object", "properties": {"next": next}});
            document["components"]["schemas"][format!("T{index}")] = schema;
        }
        document["components"]["schemas"][format!("T{LENGTH}")] = json!({"type": last});
        edit(&mut document, "P/device", Some(&json!({"$ref": "#/components/schemas/T0"})));
        document
    };

    let found = compare(&chain("string", true), &chain("integer", false));

    let found: Vec<_> = found.list().iter().map(|change| (change.what, change.effect.text.as_str())).collect();
    let text = "the type `T5000` changes from a newtype of `String` to a newtype of `i64`";
    assert_eq!(found, [("type changed", text)]);
}

#[test]
fn what_no_operation_reaches_is_no_change_of_a_whole_document() {
    let mut old = base();
    edit(&mut old, "/info/x-release", None);
    let mut new = old.clone();
    edit(&mut new, "S/More", Some(&json!({"type": "string"})));
    edit(&mut new, "/paths/~1api~1v1~1users", Some(&json!({"get": {"operationId": "listUsers", "responses": {}}})));
    edit(
        &mut new,
        "/components/securitySchemes/oauth2/flows/authorizationCode/scopes/okta.users.manage",
        Some(&json!("")),
    );

    assert_eq!(compare(&old, &new).list(), []);
}

#[test]
fn a_new_operation_below_the_path_of_sessions_is_seen_in_a_whole_document() {
    let mut old = base();
    edit(&mut old, "/info/x-release", None);
    let mut new = old.clone();
    edit(
        &mut new,
        "/paths/~1api~1v1~1sessions~1{id}~1devices",
        Some(&json!({"get": {"operationId": "listDevices", "responses": {}}})),
    );

    let found = compare(&old, &new);

    assert_eq!(found.list().iter().map(|change| change.what).collect::<Vec<_>>(), ["operation added"]);
}

/// Replaces, removes or adds something at random. What is a change of the facts shows in at least one line, in both
/// directions; what is none, in no line.
#[test]
fn every_change_of_a_fact_is_found() {
    let values = select(vec![
        json!(true),
        json!(false),
        json!(7),
        json!("a text"),
        json!([]),
        json!({}),
        json!(["id"]),
        json!("string"),
        json!({"type": "integer"}),
        json!({"$ref": "#/components/schemas/Device"}),
        json!([{"type": "string"}]),
    ]);
    let keys = select(vec!["type", "enum", "properties", "maxLength", "x-other", "404", "description"]);
    let edits = (any::<Index>(), 0..3_u8, values, keys);
    let config = Config { failure_persistence: None, ..Config::with_cases(400) };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));

    let outcome = runner.run(&edits, |(index, kind, value, key)| {
        let mut places = Vec::new();
        collect(&base(), "", &mut places);
        let place = index.get(&places).clone();
        let old = base();
        let mut new = base();
        match kind {
            0 => edit(&mut new, &place, Some(&value)),
            1 => edit(&mut new, &place, None),
            _ if new.pointer(&place).is_some_and(Value::is_object) => {
                edit(&mut new, &format!("{place}/{key}"), Some(&value));
            }
            _ => return Ok(()),
        }
        let differ = facts(&old) != facts(&new);
        for found in [compare(&old, &new), compare(&new, &old)] {
            if found.is_empty() == differ {
                let message = format!("{place} ({kind}) {key} {value}: {}", found.text());
                return Err(TestCaseError::fail(message));
            }
        }
        Ok(())
    });

    outcome.unwrap();
}

fn collect(value: &Value, pointer: &str, places: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(key, child)| (key.replace('~', "~0").replace('/', "~1"), child)).collect()
        }
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect()
        }
        _ => Vec::new(),
    };
    for (key, child) in children {
        let pointer = format!("{pointer}/{key}");
        collect(child, &pointer, places);
        places.push(pointer);
    }
}

/// The facts of a document in another way than the comparison reads them: by leaving out what is none.
fn facts(document: &Value) -> Value {
    let mut facts = document.clone();
    let kinds = facts["components"].as_object_mut();
    let kinds = kinds.map(|kinds| {
        kinds.retain(|kind, _| base()["components"].get(kind).is_some());
        kinds.iter_mut()
    });
    for (kind, named) in kinds.into_iter().flatten().filter(|(kind, _)| *kind != "schemas") {
        let used = base()["components"][kind].clone();
        named.as_object_mut().into_iter().for_each(|named| named.retain(|name, _| used.get(name).is_some()));
    }
    reduce(document, &mut facts, Keys::Keywords);
    facts
}

#[derive(Clone, Copy, PartialEq)]
enum Keys {
    Keywords,
    Names,
}

/// Leaves out defaults and what stands beside references, and sorts what has no order.
fn reduce(document: &Value, value: &mut Value, keys: Keys) {
    let Some(members) = value.as_object_mut() else {
        value.as_array_mut().into_iter().flatten().for_each(|element| reduce(document, element, Keys::Keywords));
        return;
    };
    if keys == Keys::Keywords {
        let leads = |reference: &Value| {
            reference.as_str().is_some_and(|text| text.starts_with("#/") && document.pointer(&text[1..]).is_some())
        };
        if members.get("$ref").is_some_and(leads) {
            members.retain(|key, _| key == "$ref");
        }
        let (location, is_form) = (members.get("in").cloned(), members.get("in") == Some(&json!("query")));
        members.retain(|key, value| match key.as_str() {
            "required" | "nullable" | "readOnly" | "x-anonymous" => *value != json!(false),
            "security" => *value != json!([]),
            "properties" => *value != json!({}),
            "additionalProperties" => *value != json!(true),
            "style" => location.is_none() || *value != json!(if is_form { "form" } else { "simple" }),
            "explode" => *value != json!(is_form),
            _ => true,
        });
    }
    for (key, value) in members.iter_mut() {
        match key.as_str() {
            // Scopes that no operation names, and what is no path.
            "scopes" => value
                .as_object_mut()
                .into_iter()
                .for_each(|scopes| scopes.retain(|scope, _| scope.starts_with("okta."))),
            "paths" => {
                value.as_object_mut().into_iter().for_each(|paths| paths.retain(|path, _| path.starts_with('/')));
            }
            _ => {}
        }
        match key.as_str() {
            _ if keys == Keys::Names => reduce(document, value, Keys::Keywords),
            "example" | "default" | "value" => {}
            "properties" | "schemas" | "responses" | "parameters" | "headers" | "examples" | "securitySchemes"
            | "scopes" | "variables" | "content" | "paths" | "x-enumDescriptions" | "flows" => {
                reduce(document, value, Keys::Names);
            }
            _ => reduce(document, value, Keys::Keywords),
        }
        if keys == Keys::Keywords && ["required", "enum", "tags", "security", "oneOf", "allOf"].contains(&key.as_str())
        {
            sort(value);
        }
    }
}

fn sort(value: &mut Value) {
    if let Some(list) = value.as_array_mut() {
        list.sort_by_key(Value::to_string);
        list.dedup();
    }
}
