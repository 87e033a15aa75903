//! The same facts, written down differently, give the same slice.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use xtask::spec::import::Options;

use crate::support::{ONE, RELEASE, Workspace, members, published, reference, remove, schemas, slice, slice_value};

fn same(document: &Value) {
    assert_eq!(slice(document), slice(&published()));
}

/// What a file of this text gives.
fn slice_of_text(text: &str) -> String {
    let workspace = Workspace::new();
    workspace.write("spec.yaml", text);
    workspace.import_file(Options { file: &workspace.path("spec.yaml"), release: None, keep_removed: false }).unwrap();
    workspace.upstream().split_once("\n\n").unwrap().1.to_owned()
}

#[test]
fn yaml_and_json_in_any_order_of_keys() {
    let document = published();
    let yaml = serde_saphyr::to_string(&document).unwrap();

    for text in [yaml, reversed(&document), serde_json::to_string_pretty(&document).unwrap().replace('\n', "\r\n")] {
        assert_eq!(slice_of_text(&text), slice(&document));
    }
}

/// JSON with the keys of every object from Z to A.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().rev().map(|(key, value)| format!("{}:{}", json!(key), reversed(value))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(elements) => format!("[{}]", elements.iter().map(reversed).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

#[test]
fn a_document_with_anchors_and_comments() {
    let text = format!(
        "# a comment\n{}",
        serde_saphyr::to_string(&published()).unwrap().replacen("license:\n", "license: &anchor\n", 1)
            + "x-license: *anchor\n"
    );

    assert_eq!(slice_of_text(&text), slice(&published()));
}

#[test]
fn parameters_of_the_path_instead_of_the_operations() {
    let mut document = published();
    let item = &mut document["paths"][ONE];
    let parameters = remove(&mut item["get"], "parameters");
    remove(&mut item["delete"], "parameters");
    item["parameters"] = parameters;

    same(&document);
}

#[test]
fn parameters_responses_bodies_and_strings_by_reference() {
    let mut document = published();
    let mut parts: [Map<String, Value>; 3] = Default::default();
    let [responses, parameters, bodies] = &mut parts;
    for item in members(&mut document["paths"]) {
        for operation in members(item) {
            for response in members(&mut operation["responses"]) {
                hoist(response, "responses", responses);
            }
            for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
                hoist(parameter, "parameters", parameters);
            }
            if let Some(body) = operation.get_mut("requestBody") {
                hoist(body, "requestBodies", bodies);
            }
        }
    }
    let mut strings = Map::new();
    for property in members(&mut schemas(&mut document)["Session"]["properties"]) {
        if property["type"] == "string" {
            hoist(property, "schemas", &mut strings);
        }
    }
    schemas(&mut document).extend(strings);
    let [responses, parameters, bodies] = parts;
    document["components"]["responses"] = responses.into();
    document["components"]["parameters"] = parameters.into();
    document["components"]["requestBodies"] = bodies.into();

    same(&document);
}

/// Moves the part to the components.
fn hoist(part: &mut Value, kind: &str, components: &mut Map<String, Value>) {
    let name = format!("Part{}", components.len());
    let reference = json!({"$ref": format!("#/components/{kind}/{name}")});
    components.insert(name, std::mem::replace(part, reference));
}

#[test]
fn other_names_of_path_parameters() {
    let text =
        published().to_string().replace("{sessionId}", "{id}").replace("\"name\":\"sessionId\"", "\"name\":\"id\"");

    assert_eq!(slice_of_text(&text), slice(&published()));
}

#[test]
fn references_to_references() {
    let mut document = published();
    let schemas = schemas(&mut document);
    schemas.insert("Alias".to_owned(), reference("SessionStatus"));
    schemas["Session"]["properties"]["status"] = reference("Alias");

    same(&document);
}

#[test]
fn references_by_escaped_pointers_and_into_parts() {
    let mut document = published();
    let parameter = "#/paths/~1api~1v1~1sessions~1%7BsessionId%7D/get/parameters/0";
    document["paths"][ONE]["delete"]["parameters"] = json!([{"$ref": parameter}]);
    let login = json!({"$ref": "#/components/schemas/Session/properties/userId"});
    schemas(&mut document)["Session"]["properties"]["login"] = login;

    same(&document);
}

#[test]
fn defaults_written_out_and_sets_in_another_order() {
    let mut document = published();
    let schemas = schemas(&mut document);
    for schema in ["SessionStatus", "HttpMethod"] {
        schemas[schema]["enum"].as_array_mut().unwrap().reverse();
    }
    schemas["Session"]["required"] = json!([]);
    schemas["Session"]["nullable"] = json!(false);
    schemas["HrefObject"]["required"] = json!(["href", "href"]);
    document["paths"][ONE]["delete"]["responses"]["204"]["content"] = json!({});
    document["paths"][ONE]["delete"]["deprecated"] = json!(false);

    same(&document);
}

#[test]
fn everything_written_out_in_place() {
    for beside in [Beside::Dropped, Beside::Merged] {
        same(&inlined(&published(), beside, || true));
    }
}

#[test]
fn everything_written_out_in_place_and_nothing_left_to_refer_to() {
    let mut document = inlined(&published(), Beside::Dropped, || true);
    remove(&mut document["components"], "schemas");

    same(&document);
}

#[test]
fn everything_written_out_in_place_and_without_prose() {
    let mut document = inlined(&published(), Beside::Merged, || true);
    let text = document.to_string();
    for schema in members(&mut document["components"]["schemas"]) {
        for key in ["description", "title", "example"] {
            schema.as_object_mut().unwrap().remove(key);
        }
    }
    assert_ne!(document.to_string(), text);

    same(&document);
}

#[test]
fn a_type_that_is_new_gets_its_name_back_too() {
    let mut document = published();
    schemas(&mut document).insert(
        "Device".to_owned(),
        json!({"type": "object", "description": "A device", "properties": {"id": {"type": "string"}}}),
    );
    schemas(&mut document)["Session"]["properties"]["device"] = reference("Device");

    let slice_by_reference = slice(&document);

    assert!(slice_by_reference.contains("    Device:\n"));
    assert_eq!(slice(&inlined(&document, Beside::Dropped, || true)), slice_by_reference);
}

#[test]
fn of_two_types_that_differ_in_one_place_the_right_one_gives_its_name_back() {
    let object = |property: Value| json!({"properties": {"a": property}});
    let cases = [
        (object(json!({"type": "string"})), object(json!({"type": "integer"}))),
        (object(json!({})), json!({"properties": {"b": {}}})),
        (object(json!({})), json!({"properties": {"a": {}, "b": {}}})),
        (object(json!({})), json!({"properties": {"a": {}}, "type": "object"})),
        (object(json!({"description": "one"})), object(json!({"description": "other"}))),
        (object(json!({"readOnly": true})), object(json!({}))),
        (object(json!({"nullable": true})), object(json!({}))),
        (object(json!({"items": {"type": "string"}})), object(json!({"items": {"type": "integer"}}))),
        (object(json!({"not": {"type": "string"}})), object(json!({"not": {"type": "integer"}}))),
        (object(json!({"required": ["b", "a"]})), object(json!({"required": ["b"]}))),
        (
            object(json!({"additionalProperties": {"type": "string"}})),
            object(json!({"additionalProperties": {"type": "integer"}})),
        ),
        (json!({"enum": ["a", "b"]}), json!({"enum": ["a", "c"]})),
        (json!({"enum": ["a"]}), json!({"enum": ["a", "b"]})),
        (json!({"allOf": [{"type": "string"}]}), json!({"allOf": [{"type": "integer"}]})),
        (json!({"allOf": [{"type": "string"}]}), json!({"allOf": [{"type": "string"}, {"format": "date"}]})),
        (json!({"anyOf": [{"type": "string"}]}), json!({"anyOf": [{"type": "integer"}]})),
        (json!({"anyOf": [{"type": "string"}]}), json!({"anyOf": [{"type": "string"}, {}]})),
        (json!({"anyOf": [{"type": "string"}]}), json!({"oneOf": [{"type": "string"}]})),
    ];
    for (one, other) in cases {
        for (right, wrong) in [(&one, &other), (&other, &one)] {
            let mut document = published();
            schemas(&mut document).insert("Right".to_owned(), right.clone());
            schemas(&mut document).insert("Wrong".to_owned(), wrong.clone());
            schemas(&mut document)["Session"]["properties"]["part"] = right.clone();

            let slice = slice_value(&document);

            let part = &slice["components"]["schemas"]["Session"]["properties"]["part"];
            assert_eq!(*part, reference("Right"), "{right} and {wrong}");
        }
    }
}

/// What becomes of the keywords beside a `$ref`.
#[derive(Clone, Copy, PartialEq)]
enum Beside {
    Dropped,
    Merged,
}

/// The document with those references replaced by what they lead to that are `chosen`.
fn inlined(document: &Value, beside: Beside, mut chosen: impl FnMut() -> bool) -> Value {
    fn inline(root: &Value, value: &Value, beside: Beside, chosen: &mut impl FnMut() -> bool) -> Value {
        match value {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str);
                let target = target.filter(|_| chosen()).map(|reference| {
                    let target = root.pointer(reference.strip_prefix('#').unwrap()).unwrap();
                    inline(root, target, beside, chosen)
                });
                match target {
                    None => {
                        members.iter().map(|(key, value)| (key.clone(), inline(root, value, beside, chosen))).collect()
                    }
                    Some(mut target) => {
                        if beside == Beside::Merged {
                            let others = members.iter().filter(|(key, _)| *key != "$ref");
                            target
                                .as_object_mut()
                                .unwrap()
                                .extend(others.map(|(key, value)| (key.clone(), value.clone())));
                        }
                        target
                    }
                }
            }
            Value::Array(elements) => elements.iter().map(|value| inline(root, value, beside, chosen)).collect(),
            scalar => scalar.clone(),
        }
    }
    inline(document, document, beside, &mut chosen)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_of_the_references_written_out_in_place(choices in prop::collection::vec(any::<bool>(), 97), merged: bool) {
        let mut document = published();
        // As Okta has it: a keyword beside a reference.
        schemas(&mut document)["HrefObject"]["properties"]["hints"]["readOnly"] = json!(true);
        let mut choices = choices.iter().cycle();
        let beside = if merged { Beside::Merged } else { Beside::Dropped };

        let rewritten = inlined(&document, beside, || *choices.next().unwrap());

        prop_assert_eq!(slice(&rewritten), slice(&document));
        prop_assert_eq!(&document["info"]["version"], RELEASE);
    }
}
