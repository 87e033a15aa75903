//! Documents that contradict themselves or need other files: one line with the place, and nothing is written.

use serde_json::{Value, json};
use xtask::spec::import::Options;

use crate::support::{ME, ONE, SESSIONS, Workspace, members, published, reference, refusal, remove, schemas};

type Case = (&'static str, fn(&mut Value), &'static str);

/// Each case: what is wrong, how to make it so, and what the failure says after the name of the file.
fn assert_refused(cases: &[Case]) {
    for (what, break_it, says) in cases {
        let mut document = published();
        break_it(&mut document);
        let message = refusal(&document).to_string();
        assert_eq!(message.lines().count(), 1, "{what}: {message}");
        let (_, said) = message.split_once("spec.json: ").unwrap();
        assert!(said.starts_with(says), "{what}: {message}");
    }
}

fn get(document: &mut Value) -> &mut Value {
    &mut document["paths"][ONE]["get"]
}

fn session(document: &mut Value) -> &mut Value {
    &mut schemas(document)["Session"]
}

fn to(reference: &str) -> Value {
    json!({"$ref": reference})
}

#[test]
fn references_that_lead_nowhere() {
    assert_refused(&[
        (
            "a schema",
            |d| session(d)["properties"]["idp"] = reference("Nope"),
            "$.components.schemas.Session.properties.idp['$ref']: a dangling reference: `#/components/schemas/Nope`",
        ),
        (
            "a parameter",
            |d| get(d)["parameters"][0] = to("#/components/parameters/nope"),
            "$.paths['/api/v1/sessions/{sessionId}'].get.parameters[0]['$ref']: a dangling reference",
        ),
        (
            "a response",
            |d| get(d)["responses"]["404"] = to("#/components/responses/nope"),
            "$.paths['/api/v1/sessions/{sessionId}'].get.responses['404']['$ref']: a dangling reference",
        ),
        (
            "a request body",
            |d| d["paths"][SESSIONS]["post"]["requestBody"] = to("#/components/requestBodies/nope"),
            "$.paths['/api/v1/sessions'].post.requestBody['$ref']: a dangling reference",
        ),
        (
            "an element of a list",
            |d| get(d)["parameters"][0] = to("#/paths/~1api~1v1~1sessions/post/tags/7"),
            "$.paths['/api/v1/sessions/{sessionId}'].get.parameters[0]['$ref']: a dangling reference",
        ),
        (
            "a security scheme",
            |d| drop(remove(&mut d["components"]["securitySchemes"], "apiToken")),
            "$.components.securitySchemes.apiToken: a dangling reference",
        ),
        (
            "a discriminator",
            |d| {
                session(d)["discriminator"] =
                    json!({"propertyName": "id", "mapping": {"a": "#/components/schemas/Nope"}});
            },
            "$.components.schemas.Session.discriminator.mapping.a: a dangling reference",
        ),
        (
            "an escape that is no text",
            |d| session(d)["properties"]["idp"] = to("#/components/%ff"),
            "$.components.schemas.Session.properties.idp['$ref']: a dangling reference",
        ),
    ]);
}

#[test]
fn references_to_other_files() {
    for file in
        ["other.yaml#/components/schemas/Session", "https://example.com/a.yaml", "../a.json", "", "#", "#Session"]
    {
        let mut document = published();
        session(&mut document)["properties"]["idp"] = to(file);

        let message = refusal(&document).to_string();

        let expected = format!(
            "$.components.schemas.Session.properties.idp['$ref']: refers to another file, `{file}`; import a document \
             that holds everything itself"
        );
        assert!(message.ends_with(&expected), "{message}");
    }
}

#[test]
fn references_in_a_circle() {
    const CIRCLE: &str = "a circular reference";
    let cases: [(&str, Value, &str); 6] = [
        ("to itself", json!({"Ring": reference("Ring")}), "$.components.schemas.Session.properties.ring: "),
        (
            "to each other",
            json!({"Ring": reference("B"), "B": reference("Ring")}),
            "$.components.schemas.Session.properties.ring: ",
        ),
        (
            "a list of itself",
            json!({"Ring": {"type": "array", "items": reference("Ring")}}),
            "$.components.schemas.Ring: ",
        ),
        (
            "a map of itself",
            json!({"Ring": {"type": "object", "additionalProperties": {"type": "array", "items": reference("Ring")}}}),
            "$.components.schemas.Ring: ",
        ),
        ("composed of itself", json!({"Ring": {"allOf": [reference("Ring")]}}), "$.components.schemas.Ring: "),
        (
            "composed of each other",
            json!({"Ring": {"oneOf": [reference("B")]}, "B": {"anyOf": [{"type": "string"}, reference("Ring")]}}),
            "$.components.schemas.B: ",
        ),
    ];
    for (what, ring, place) in cases {
        let mut document = published();
        schemas(&mut document).extend(ring.as_object().unwrap().clone());
        session(&mut document)["properties"]["ring"] = reference("Ring");

        let message = refusal(&document).to_string();

        let (_, said) = message.split_once("spec.json: ").unwrap();
        assert!(said.starts_with(&format!("{place}{CIRCLE}")), "{what}: {message}");
    }
}

#[test]
fn a_response_that_refers_to_itself() {
    let mut document = published();
    document["components"]["responses"] = json!({"A": to("#/components/responses/A")});
    get(&mut document)["responses"]["404"] = to("#/components/responses/A");

    assert!(refusal(&document).to_string().contains("a circular reference"));
}

#[test]
fn references_that_repeat_parts_without_end() {
    // Every part has the next one twice, so the last one is there 2^40 times.
    let mut document = published();
    let part = |next: String| json!({"properties": {"a": to(&next), "b": to(&next)}});
    for index in 0..40 {
        let next = format!("#/components/schemas/Part{}/properties/part", index + 1);
        schemas(&mut document).insert(format!("Part{index}"), json!({"properties": {"part": part(next)}}));
    }
    schemas(&mut document).insert("Part40".to_owned(), json!({"properties": {"part": {"type": "string"}}}));
    session(&mut document)["properties"]["part"] = to("#/components/schemas/Part0/properties/part");

    let message = refusal(&document).to_string();

    assert!(message.contains("the slice has no reasonable size"), "{message}");
}

#[test]
fn chains_of_types_without_end() {
    let mut document = published();
    let link = |chain: char, next: usize| json!({"properties": {"next": reference(&format!("{chain}{next}"))}});
    for (chain, length) in [('A', 3_000), ('B', 1_000)] {
        for index in 0..length {
            schemas(&mut document).insert(format!("{chain}{index}"), link(chain, index + 1));
        }
        schemas(&mut document).insert(format!("{chain}{length}"), json!({"type": "string"}));
    }
    // To give this one a name, it is compared with both chains.
    session(&mut document)["properties"]["chain"] = link('A', 0);

    let message = refusal(&document).to_string();

    assert!(message.contains("the operations refer to more than 500 schemas"), "{message}");
}

#[test]
fn schemas_that_are_compared_with_each_other_without_end() {
    // They differ in the last of their properties only.
    let mut document = published();
    let mut properties: serde_json::Map<_, _> = (100..600).map(|index| (format!("a{index}"), json!({}))).collect();
    for index in 0..500 {
        properties.insert("b".to_owned(), json!({"type": format!("t{index}")}));
        schemas(&mut document).insert(format!("Part{index}"), json!({"properties": properties}));
    }
    properties.insert("b".to_owned(), json!({"type": "string"}));
    session(&mut document)["properties"]["part"] = json!({"properties": properties});

    let message = refusal(&document).to_string();

    assert!(message.contains("Session.properties.part: too many schemas written out in place"), "{message}");
}

#[test]
fn empty_parts_that_are_repeated_without_end() {
    let mut document = published();
    let nothing: Vec<_> = (0..3_000).map(|_| json!({})).collect();
    document["components"]["responses"] =
        json!({"A": {"content": {"application/json": {"schema": {"anyOf": nothing}}}}});
    for status in 1000..2000 {
        get(&mut document)["responses"][status.to_string()] = to("#/components/responses/A");
    }

    let message = refusal(&document).to_string();

    assert!(message.contains("the slice has no reasonable size"), "{message}");
}

#[test]
fn lists_of_lists_without_end() {
    // The schema of the session is a part, and each of its properties is one in it.
    for (lists, is_refused) in [(94, false), (95, true), (200, true)] {
        let mut document = published();
        schemas(&mut document).insert(format!("List{lists}"), json!({"type": "string"}));
        for index in 0..lists {
            let list = json!({"type": "array", "items": reference(&format!("List{}", index + 1))});
            schemas(&mut document).insert(format!("List{index}"), list);
        }
        session(&mut document)["properties"]["list"] = reference("List0");

        let workspace = Workspace::new();
        let failure = workspace.import(&document, false).err().map(|failure| failure.to_string());

        let said = failure.as_deref().map(|text| text.contains("nested more than 96 deep"));
        assert_eq!(said, is_refused.then_some(true), "{lists}: {failure:?}");
    }
}

#[test]
fn parts_of_another_shape() {
    assert_refused(&[
        ("no paths", |d| drop(remove(d, "paths")), "$.paths: missing, or not an object"),
        ("a list of paths", |d| d["paths"] = json!([]), "$.paths: missing, or not an object"),
        ("no info", |d| d["info"] = json!("text"), "$.info.version: says nothing"),
        ("text for a path", |d| d["paths"][ME] = json!("text"), "$.paths['/api/v1/sessions/me']: has to be an object"),
        (
            "text for an operation",
            |d| *get(d) = json!("text"),
            "$.paths['/api/v1/sessions/{sessionId}'].get: has to be",
        ),
        (
            "no list of parameters",
            |d| get(d)["parameters"] = json!({}),
            "$.paths['/api/v1/sessions/{sessionId}'].get.parameters: has to be a list",
        ),
        (
            "a parameter without a name",
            |d| drop(remove(&mut get(d)["parameters"][0], "name")),
            "$.paths['/api/v1/sessions/{sessionId}'].get.parameters[0]: a parameter needs `in` and `name`",
        ),
        (
            "a list of responses",
            |d| get(d)["responses"] = json!([]),
            "$.paths['/api/v1/sessions/{sessionId}'].get.responses: has to be",
        ),
        (
            "text for a response",
            |d| get(d)["responses"]["404"] = json!("text"),
            "$.paths['/api/v1/sessions/{sessionId}'].get.responses['404']: has to be",
        ),
        (
            "text for a schema",
            |d| session(d)["properties"]["id"] = json!("text"),
            "$.components.schemas.Session.properties.id: has to be",
        ),
        (
            "a list of properties",
            |d| session(d)["properties"] = json!([1]),
            "$.components.schemas.Session.properties: has to be",
        ),
        (
            "an enum that is text",
            |d| schemas(d)["SessionStatus"]["enum"] = json!("text"),
            "$.components.schemas.SessionStatus.enum: has to be a list",
        ),
        (
            "a reference that is no text",
            |d| session(d)["properties"]["id"] = json!({"$ref": 1}),
            "$.components.schemas.Session.properties.id['$ref']: a reference",
        ),
        ("text for servers", |d| d["servers"] = json!("text"), "$.servers: has to be a list"),
        ("text for security", |d| get(d)["security"] = json!("text"), "`security` of getSession: has to be a list"),
        (
            "a list of text for security",
            |d| get(d)["security"] = json!(["text"]),
            "`security` of getSession: has to be a list of objects",
        ),
        (
            "no list of scopes",
            |d| get(d)["security"] = json!([{"oauth2": "text"}]),
            "`security` of getSession: has to name a list",
        ),
        (
            "operations with neither their path nor their id",
            |d| {
                for operation in members(&mut d["paths"][ONE]) {
                    operation["operationId"] = json!("x");
                }
                let item = remove(&mut d["paths"], ONE);
                d["paths"]["/a"] = json!({"get": item["get"], "delete": item["delete"]});
            },
            "release 2027.01.0 has no getSession, revokeSession",
        ),
    ]);
}

#[test]
fn a_release_that_is_nowhere_to_be_found_is_asked_for() {
    let mut document = published();
    document["info"]["version"] = json!("5.1.0");

    let message = refusal(&document).to_string();

    assert!(
        message.ends_with(
            "$.info.version: says `5.1.0`, which is no release; name it with `--release`, such as --release 2025.08.0"
        ),
        "{message}"
    );
}

#[test]
fn a_release_that_could_do_something_to_the_file_is_refused() {
    let workspace = Workspace::new();
    workspace.write("spec.json", published().to_string());
    let before = workspace.files();

    let options = Options { file: &workspace.path("spec.json"), release: Some("1\n# 2"), keep_removed: false };
    let message = workspace.import_file(options).unwrap_err().to_string();

    assert!(message.starts_with("--release: `1 # 2` is no name of a release"), "{message}");
    assert_eq!(workspace.files(), before);
}
