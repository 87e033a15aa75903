//! The mutants: each changes what it says, and nothing else.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use xtask::codegen::{OVERLAY, UPSTREAM};
use xtask::spec::mutate::{Group, Inputs, Kind, Meaning, Mutant};

use crate::support::{changed, inputs, mutant, mutants};

fn repository() -> Inputs {
    Inputs::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
}

/// What the mutant of this kind, whose name ends like this, makes of the place.
fn made(kind: Kind, end: &str, pointer: &str) -> Value {
    let mutant = mutant(kind, end);
    let (changed, inputs) = (changed(&mutant), inputs());
    assert!(changed != inputs.upstream && changed != inputs.overlay, "{}", mutant.name());
    changed.pointer(pointer).cloned().unwrap_or_default()
}

#[test]
fn a_change_of_an_operation_is_what_its_kind_says() {
    let get = |rest: &str| format!("/paths/~1things~1{{thingId}}/get{rest}");
    let put = "/paths/~1things~1{thingId}/put/operationId".to_owned();
    let post = |rest: &str| format!("/paths/~1things/post{rest}");
    let failed = json!("#/components/responses/Failed");
    let cases = [
        (Kind::PathDropped, "path dropped", "/paths/~1things".to_owned(), json!(null)),
        (Kind::PathRenamed, "(/thingsx)", "/paths/~1thingsx/post/operationId".to_owned(), json!("createSession")),
        (Kind::OperationDropped, ".get: operation dropped", get(""), json!(null)),
        (Kind::OperationRenamed, "(getThingRenamed)", get("/operationId"), json!("getThingRenamed")),
        (Kind::MethodChanged, ".get: HTTP method changed (put)", put, json!("getThing")),
        (Kind::ParameterDropped, ".get.parameters[0]: parameter dropped", get("/parameters/0"), json!(null)),
        (Kind::ParameterMoved, "get.parameters[0].in: `in` changed (query)", get("/parameters/0/in"), json!("query")),
        (Kind::BodyOptional, "(false)", post("/requestBody/required"), json!(false)),
        (Kind::StatusDropped, ".get.responses['404']: status dropped", get("/responses/404"), json!(null)),
        (Kind::StatusChanged, "get.responses['404']: status changed (410)", get("/responses/410/$ref"), failed.clone()),
        (Kind::StatusAdded, "post.responses: status added (409)", post("/responses/409/$ref"), failed.clone()),
        (Kind::AlternativeDropped, "get.security[1]: security alternative dropped", get("/security/1"), json!(null)),
        (Kind::ScopeRenamed, "(things.read.renamed)", get("/security/1/oauth2/0"), json!("things.read.renamed")),
        (Kind::RemovalChanged, "x-removed-in changed", get("/x-removed-in"), json!(null)),
        (
            Kind::ComponentRenamed,
            "(thingIdRenamed)",
            "/paths/~1things~1{thingId}/parameters/0/$ref".to_owned(),
            json!("#/components/parameters/thingIdRenamed"),
        ),
        (
            Kind::ComponentRenamed,
            "oauth2: parameter, response or scheme renamed (renamed)",
            get("/security/1"),
            json!({"renamed": ["things.read"]}),
        ),
    ];
    for (kind, end, pointer, expected) in cases {
        assert_eq!(made(kind, end, &pointer), expected, "{end}");
    }
}

#[test]
fn a_change_of_a_schema_is_what_its_kind_says() {
    let thing = |rest: &str| format!("/components/schemas/Thing{rest}");
    let wish = "/components/schemas/Wish/required/0".to_owned();
    let values = |rest: &str| format!("/components/schemas/Kind/enum{rest}");
    let renamed = json!("#/components/schemas/KindRenamed");
    let nullable = "made: optional scalar became nullable (nullable)";
    let cases = [
        (Kind::PropertyDropped, ".made: property dropped", thing("/properties/made"), json!(null)),
        (Kind::PropertyRenamed, "(madeRenamed)", thing("/properties/madeRenamed/format"), json!("date-time")),
        (Kind::PropertyRequired, ".made: property required", thing("/required"), json!(["made"])),
        (Kind::ListRequired, ".tags: list required", thing("/required"), json!(["tags"])),
        (Kind::PropertyOptional, "required[0]: property no longer required", wish, json!(null)),
        (Kind::TypeChanged, "made.type: type changed (integer)", thing("/properties/made/type"), json!("integer")),
        (Kind::FormatDropped, ".made.format: format dropped", thing("/properties/made/format"), json!(null)),
        (Kind::NullableScalar, nullable, thing("/properties/made/nullable"), json!(true)),
        (Kind::EnumValueDropped, "enum[0]: enum value dropped", values(""), json!(["OLD"])),
        (Kind::EnumValueAdded, "(ADDED)", values("/2"), json!("ADDED")),
        (Kind::SchemaRenamed, "(KindRenamed)", thing("/properties/kind/$ref"), renamed),
        (
            Kind::SchemaRenamed,
            "(KindRenamed)",
            "/components/responses/Failed/content/application~1json/schema/$ref".to_owned(),
            json!("#/components/schemas/Wish"),
        ),
    ];
    for (kind, end, pointer, expected) in cases {
        assert_eq!(made(kind, end, &pointer), expected, "{end}");
    }
}

#[test]
fn a_change_of_an_action_is_what_its_kind_says() {
    let update = |rest: &str| format!("/actions/5/update{rest}");
    let repeat = "/actions/4/update/x-repeat-safe";
    let scalar = ".made.nullable: optional scalar no longer nullable";
    let cases = [
        (Kind::TargetMissed, "($.paths.*.get.missed)", "/actions/4/target".to_owned(), json!("$.paths.*.get.missed")),
        (
            Kind::CountChanged,
            "$.actions[4]: x-matches changed (x-matches)",
            "/actions/4/x-matches".to_owned(),
            json!(2),
        ),
        (Kind::RepeatSafeDropped, "x-repeat-safe dropped", repeat.to_owned(), json!(null)),
        (Kind::NotNullableOther, ".tags.nullable: nullable dropped", update("/tags/nullable"), json!(null)),
        (Kind::NotNullableScalar, scalar, update("/made/nullable"), json!(null)),
    ];
    for (kind, end, pointer, expected) in cases {
        assert_eq!(made(kind, end, &pointer), expected, "{end}");
    }
}

#[test]
fn what_becomes_of_the_contract_without_an_action_depends_on_what_the_action_does() {
    let token = "$.components.schemas.CreateSessionRequest.properties.sessionToken";
    let texts = "$.components.schemas['ApiError', 'ErrorCause'].properties.errorSummary";
    let cases = [
        (json!({"target": "$.components.schemas['LinksSelf', 'Other']", "remove": true}), Kind::TypesLeft),
        (json!({"target": "$.components.schemas.Error", "remove": true}), Kind::TypesLeft),
        (json!({"target": "$.components.schemas.Error", "update": {"type": "object"}}), Kind::ActionDropped),
        (json!({"target": "$.components.schemas.Thing", "remove": true}), Kind::ActionDropped),
        (json!({"target": "$.components.parameters.a.schema", "remove": true}), Kind::ReplacedLeft),
        (json!({"target": "$.components.parameters.a.schema", "update": {"type": "string"}}), Kind::ActionDropped),
        (json!({"target": "$.paths.*.get.responses['404']", "remove": true}), Kind::ReplacedLeft),
        (json!({"target": "$.paths.*.get.responses", "update": {"404": {"content": {}}}}), Kind::ActionDropped),
        (json!({"target": token, "update": {"$ref": "#/components/schemas/Token"}}), Kind::ReplacedLeft),
        (json!({"target": texts, "update": {"$ref": "#/components/schemas/Text"}}), Kind::ReplacedLeft),
        (json!({"target": "$.paths.*.get", "update": {"security": []}}), Kind::ActionDropped),
        (
            json!({"target": "$.paths.*.get", "update": {"parameters": [{"description": "words"}]}}),
            Kind::ActionOfWordsDropped,
        ),
        (json!({"target": "$.paths.*.get", "update": {"x-removed-in": "2"}}), Kind::RemovalChanged),
        (json!({"target": "$.paths.*.get", "update": {"x-removed-in": "2", "x-anonymous": true}}), Kind::ActionDropped),
    ];
    for (action, kind) in cases {
        let inputs = Inputs { overlay: json!({"actions": [action]}), ..inputs().clone() };

        let mutants = [inputs.mutants(Group::Facts), inputs.mutants(Group::Control)].concat();

        let of_action = mutants.iter().filter(|mutant| mutant.place == "$.actions[0]");
        let kinds: Vec<_> = of_action.map(|mutant| mutant.kind).filter(|kind| *kind != Kind::CountChanged).collect();
        assert_eq!(kinds, [kind], "{action}");
    }
}

#[test]
fn what_an_action_adds_is_changed_as_a_part_of_what_it_adds_to() {
    let items = "$.components.schemas.Thing.properties.tags.items";
    let content = "$.paths['/things'].post.responses['200'].content";
    let cases = [
        (content, json!({"application/json": {"schema": {"type": "string"}}}), ": answer lost its content"),
        (items, json!({"format": "date"}), ": items dropped"),
        ("$.paths['/things'].*", json!({"x-repeat-safe": true}), "['x-repeat-safe']: x-repeat-safe dropped"),
        (
            "$.paths['/things/{thingId}'].parameters[0]",
            json!({"required": true}),
            ".required: parameter's `required` changed",
        ),
    ];
    for (target, update, name) in cases {
        let overlay = json!({"actions": [{"target": target, "update": update}]});
        let inputs = Inputs { overlay, ..inputs().clone() };

        let names: Vec<_> = inputs.mutants(Group::Facts).iter().map(Mutant::name).collect();

        let expected = format!("openapi/overlay.yaml $.actions[0].update{name}");
        assert!(names.contains(&expected), "{expected}: {:#?}", names.iter().rev().take(5).collect::<Vec<_>>());
    }
}

#[test]
fn the_security_of_the_whole_document_is_changed_too() {
    let inputs = Inputs { upstream: json!({"security": [{"apiToken": []}]}), ..inputs().clone() };

    let names: Vec<_> = inputs.mutants(Group::Facts).iter().map(Mutant::name).take(2).collect();

    assert_eq!(names[0], "openapi/upstream.yaml $.security: security dropped");
}

#[test]
fn a_renamed_path_parameter_has_its_new_name_in_the_path_as_well() {
    let changed = changed(&mutant(Kind::PathParameterRenamed, "(thingIdRenamed)"));

    assert!(changed["paths"].get("/things/{thingIdRenamed}").is_some());
    assert!(changed["paths"].get("/things/{thingId}").is_none());
}

#[test]
fn every_mutant_fits_its_document_and_changes_it() {
    for inputs in [inputs(), &repository()] {
        let texts = [&inputs.upstream, &inputs.overlay].map(Value::to_string);
        for mutant in [inputs.mutants(Group::Facts), inputs.mutants(Group::Control)].concat() {
            let (original, text) =
                if mutant.file == UPSTREAM { (&inputs.upstream, &texts[0]) } else { (&inputs.overlay, &texts[1]) };

            let changed = mutant.write(&mutant.apply(original).unwrap());

            assert_ne!(changed, *text, "{}", mutant.name());
        }
    }
}

#[test]
fn the_mutants_have_names_of_their_own_and_one_order() {
    let (inputs, again) = (repository(), repository());
    for group in [Group::Facts, Group::Control] {
        let names: Vec<_> = inputs.mutants(group).iter().map(Mutant::name).collect();

        assert_eq!(names, again.mutants(group).iter().map(Mutant::name).collect::<Vec<_>>());
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}

#[test]
fn both_inputs_are_changed_in_many_ways() {
    let mutants = repository().mutants(Group::Facts);

    for file in [UPSTREAM, OVERLAY] {
        assert!(mutants.iter().filter(|mutant| mutant.file == file).count() > 200, "{file}");
    }
}

#[test]
fn every_kind_of_change_occurs() {
    let all =
        [inputs(), &repository()].map(|inputs| [inputs.mutants(Group::Facts), inputs.mutants(Group::Control)].concat());
    let found: BTreeSet<_> = all.concat().iter().map(|mutant| mutant.kind).collect();

    let missing: Vec<_> = Kind::ALL.iter().filter(|kind| !found.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_control_group_is_apart_and_means_no_change_of_the_contract() {
    assert!(mutants(Group::Facts).iter().all(|mutant| !mutant.kind.is_control()));
    let control = mutants(Group::Control);
    assert!(control.iter().all(|mutant| mutant.kind.is_control()));
    let harmless = [Meaning::Documentation, Meaning::Nothing];
    assert!(control.iter().all(|mutant| harmless.contains(&mutant.meaning)));
}

#[test]
fn words_are_no_facts() {
    let facts = mutants(Group::Facts);
    let words = ["description", "x-okta-lifecycle", "readOnly"];
    let about_words = facts.iter().filter(|mutant| words.iter().any(|word| mutant.place.ends_with(word)));
    assert_eq!(about_words.map(Mutant::name).collect::<Vec<_>>(), Vec::<String>::new());

    // An action that adds only words can go without harm; one that adds a fact cannot.
    let dropped = |kind: Kind| {
        let mutants = [mutants(Group::Facts), mutants(Group::Control)].concat();
        mutants.into_iter().filter(move |mutant| mutant.kind == kind).map(|mutant| mutant.place).collect::<Vec<_>>()
    };
    assert_eq!(dropped(Kind::ActionDropped), ["$.actions[4]", "$.actions[5]"]);
    assert_eq!(dropped(Kind::ActionOfWordsDropped), ["$.actions[0]", "$.actions[1]", "$.actions[2]", "$.actions[3]"]);
}

#[test]
fn reversed_keys_are_the_same_document() {
    let inputs = inputs();
    let mutant = mutant(Kind::KeysReordered, "keys reordered");

    let text = mutant.write(&mutant.apply(&inputs.upstream).unwrap());

    assert_eq!(serde_saphyr::from_str::<Value>(&text).unwrap(), inputs.upstream);
    assert!(text.starts_with(r#"{"servers":"#), "{text}");
}
