//! What a slice has of the published document, and what it leaves.

use serde_json::json;
use sha2::{Digest, Sha256};
use xtask::codegen::UPSTREAM;
use xtask::spec::file;
use xtask::spec::import::{self, Options};

use crate::support::{
    ME, NOISE, ONE, RELEASE, SESSIONS, Workspace, facts, published, reference, remove, schemas, slice, slice_value,
};

#[test]
fn the_slice_of_a_whole_document_is_its_facts_about_the_seven_operations() {
    assert_eq!(slice_value(&published()), facts());
}

#[test]
fn prose_examples_and_what_belongs_to_other_operations_are_left_out() {
    let slice = slice(&published());

    assert!(!slice.to_lowercase().contains(&NOISE.to_lowercase()), "{slice}");
}

#[test]
fn the_slice_names_its_release_and_the_hash_of_the_document() {
    let workspace = Workspace::new();
    let document = published().to_string();
    workspace.write("spec.json", &document);

    workspace
        .import_file(Options { file: &workspace.path("spec.json"), release: Some("2027.02.0"), keep_removed: false })
        .unwrap();

    let text = workspace.upstream();
    assert!(text.starts_with("# What Okta publishes for the seven session operations, release 2027.02.0: "), "{text}");
    assert!(text.contains("Do not edit"), "{text}");
    assert!(text.contains("\n  x-release: \"2027.02.0\"\n"), "{text}");
    let hash = text.split_once("sha256 ").unwrap().1.lines().next().unwrap();
    assert_eq!(hash, sha256(document.as_bytes()));
}

#[test]
fn the_text_of_an_import_is_what_the_import_writes() {
    let workspace = Workspace::new();
    let before = file::read(&workspace.path(UPSTREAM)).unwrap();
    workspace.import(&published(), false).unwrap();
    let path = workspace.path("spec.json");
    let options = Options { file: &path, release: None, keep_removed: false };

    let text = import::text(&file::read(&path).unwrap(), Some(&before), options).unwrap();

    assert_eq!(text, workspace.upstream());
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[test]
fn importing_twice_gives_the_same_bytes() {
    let workspace = Workspace::new();
    workspace.import(&published(), false).unwrap();
    let first = workspace.upstream();

    workspace.import(&published(), false).unwrap();

    assert_eq!(workspace.upstream(), first);
}

#[test]
fn the_slice_of_a_slice_is_the_same_slice() {
    let workspace = Workspace::new();
    let before = workspace.upstream();

    workspace.import_file(Options { file: &workspace.path(UPSTREAM), release: None, keep_removed: false }).unwrap();

    let slice = |text: &str| text.split_once("\n\n").unwrap().1.to_owned();
    assert_eq!(slice(&workspace.upstream()), slice(&before));
}

#[test]
fn an_operation_gets_what_it_has_from_its_path_and_from_the_document() {
    let mut document = published();
    document["security"] = json!([{"noiseScheme": []}]);
    let item = &mut document["paths"][SESSIONS];
    remove(&mut item["post"], "security");
    item["servers"] = json!([{"url": "https://example.com", "description": NOISE}]);
    item["parameters"] = json!([
        {"name": "limit", "in": "query", "schema": {"type": "string"}},
        {"name": "q", "in": "query", "schema": {"type": "string"}},
    ]);
    item["post"]["parameters"] = json!([{"name": "limit", "in": "query", "schema": {"type": "integer"}}]);

    let slice = slice_value(&document);

    let operation = &slice["paths"][SESSIONS]["post"];
    assert_eq!(operation["security"], json!([{"noiseScheme": []}]));
    assert_eq!(operation["servers"], json!([{"url": "https://example.com"}]));
    assert_eq!(
        operation["parameters"],
        json!([
            {"name": "limit", "in": "query", "schema": {"type": "integer"}},
            {"name": "q", "in": "query", "schema": {"type": "string"}},
        ])
    );
    assert_eq!(slice["components"]["securitySchemes"]["noiseScheme"], json!({"type": "http", "scheme": "basic"}));
}

#[test]
fn without_any_security_an_operation_has_an_empty_list_of_it() {
    let mut document = published();
    remove(&mut document["paths"][ME]["get"], "security");

    assert_eq!(slice_value(&document)["paths"][ME]["get"]["security"], json!([]));
}

#[test]
fn what_references_lead_to_is_taken_along() {
    let mut document = published();
    schemas(&mut document).insert("Cat".to_owned(), json!({"properties": {"lives": {"type": "integer"}}}));
    schemas(&mut document).insert("Dog".to_owned(), json!({"properties": {"friend": reference("Dog")}}));
    schemas(&mut document).insert(
        "Pet".to_owned(),
        json!({
            "type": "object",
            "properties": {"kind": {"type": "string"}},
            "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"}},
        }),
    );
    document["components"]["headers"] = json!({"Left": {"description": NOISE, "schema": reference("Pet")}});
    let response = &mut document["paths"][ONE]["get"]["responses"]["200"];
    response["headers"] = json!({"x-left": {"$ref": "#/components/headers/Left"}});

    let slice = slice_value(&document);

    let slice_response = &slice["paths"][ONE]["get"]["responses"]["200"];
    assert_eq!(slice_response["headers"], json!({"x-left": {"schema": reference("Pet")}}));
    let found = &slice["components"]["schemas"];
    assert_eq!(
        found["Pet"]["discriminator"]["mapping"],
        json!({"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"})
    );
    assert_eq!(found["Cat"], json!({"properties": {"lives": {"type": "integer"}}}));
    assert_eq!(found["Dog"], json!({"properties": {"friend": reference("Dog")}}));
}

#[test]
fn a_type_that_is_no_component_stands_where_it_is_used() {
    let mut document = published();
    let own = json!({"properties": {"a": {"type": "string"}}});
    document["x-types"] = json!({"schemas": {"Own": own}});
    schemas(&mut document)["Session"]["properties"]["own"] = json!({"$ref": "#/x-types/schemas/Own"});

    assert_eq!(slice_value(&document)["components"]["schemas"]["Session"]["properties"]["own"], own);
}

#[test]
fn types_that_are_composed_of_the_same_types_in_many_ways_are_taken_along() {
    // There are 2^40 ways from the first to the last.
    let mut document = published();
    for index in 0..40 {
        let next = reference(&format!("Part{}", index + 1));
        schemas(&mut document).insert(format!("Part{index}"), json!({"allOf": [next, next]}));
    }
    schemas(&mut document).insert("Part40".to_owned(), json!({"enum": ["a"]}));
    schemas(&mut document)["Session"]["properties"]["part"] = reference("Part0");

    assert_eq!(slice_value(&document)["components"]["schemas"]["Part40"], json!({"enum": ["a"]}));
}

#[test]
fn names_that_look_like_prose_and_values_that_do_are_kept() {
    let mut document = published();
    let odd = json!({
        "type": "object",
        "properties": {
            "description": {"type": "string", "default": "example"},
            "x-extra": {"type": "string"},
            "$ref": {"type": "string"},
            "settings": {"type": "object", "default": {"description": "kept", "example": 1}},
        },
    });
    schemas(&mut document).insert("Odd".to_owned(), odd.clone());
    schemas(&mut document)["Session"]["properties"]["odd"] = reference("Odd");

    assert_eq!(slice_value(&document)["components"]["schemas"]["Odd"], odd);
}

#[test]
fn an_operation_that_has_moved_is_found_by_its_id() {
    let mut document = published();
    let item = remove(&mut document["paths"], ME);
    document["paths"]["/api/v2/current"] = item;

    let slice = slice_value(&document);

    assert_eq!(slice["paths"]["/api/v2/current"], facts()["paths"][ME]);
    assert!(slice["paths"].get(ME).is_none());
}

#[test]
fn an_operation_that_has_another_method_is_found_by_its_id() {
    let mut document = published();
    let operation = remove(&mut document["paths"][ME], "get");
    document["paths"][ME]["patch"] = operation;

    assert_eq!(slice_value(&document)["paths"][ME]["patch"], facts()["paths"][ME]["get"]);
}

#[test]
fn an_operation_at_its_path_is_that_operation_whatever_its_id_is() {
    let mut document = published();
    document["paths"][ME]["get"]["operationId"] = json!("readCurrentSession");
    document["paths"]["/api/v1/noise/{id}"]["get"]["operationId"] = json!("getCurrentSession");

    let slice = slice_value(&document);

    assert_eq!(slice["paths"][ME]["get"]["operationId"], "readCurrentSession");
    assert_eq!(slice["paths"].as_object().unwrap().len(), 5);
}

#[test]
fn the_release_of_the_document_is_that_of_the_slice() {
    assert_eq!(slice_value(&published())["info"]["x-release"], RELEASE);
}
