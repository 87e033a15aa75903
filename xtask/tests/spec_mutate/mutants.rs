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

#[test]
#[expect(clippy::too_many_lines, reason = "a table, a row for each kind")]
fn a_mutant_does_what_its_kind_says() {
    let get = "/paths/~1things~1{thingId}/get";
    let thing = "/components/schemas/Thing";
    // Kind, end of the name, what was there, and what is there now.
    let gone = Value::Null;
    let cases = [
        (Kind::PathDropped, "path dropped", "/paths/~1things".to_owned(), gone.clone()),
        (Kind::PathRenamed, "(/thingsx)", "/paths/~1thingsx/post/operationId".to_owned(), json!("createSession")),
        (
            Kind::PathParameterRenamed,
            "(thingIdRenamed)",
            "/components/parameters/thingId/name".to_owned(),
            json!("thingIdRenamed"),
        ),
        (Kind::OperationDropped, ".get: operation dropped", get.to_owned(), gone.clone()),
        (Kind::OperationRenamed, "(getThingRenamed)", format!("{get}/operationId"), json!("getThingRenamed")),
        (
            Kind::MethodChanged,
            ".get: HTTP method changed (put)",
            "/paths/~1things~1{thingId}/put/operationId".to_owned(),
            json!("getThing"),
        ),
        (Kind::ParameterDropped, ".get.parameters[0]: parameter dropped", format!("{get}/parameters/0"), gone.clone()),
        (
            Kind::ParameterMoved,
            ".get.parameters[0].in: `in` changed (query)",
            format!("{get}/parameters/0/in"),
            json!("query"),
        ),
        (Kind::BodyOptional, "(false)", "/paths/~1things/post/requestBody/required".to_owned(), json!(false)),
        (Kind::StatusDropped, ".get.responses['404']: status dropped", format!("{get}/responses/404"), gone.clone()),
        (
            Kind::StatusChanged,
            ".get.responses['404']: status changed (410)",
            format!("{get}/responses/410/$ref"),
            json!("#/components/responses/Failed"),
        ),
        (
            Kind::AlternativeDropped,
            ".get.security[1]: security alternative dropped",
            format!("{get}/security/1"),
            gone.clone(),
        ),
        (
            Kind::ScopeRenamed,
            "(things.read.renamed)",
            format!("{get}/security/1/oauth2/0"),
            json!("things.read.renamed"),
        ),
        (Kind::RemovalChanged, "x-removed-in changed", format!("{get}/x-removed-in"), gone.clone()),
        (Kind::PropertyDropped, ".made: property dropped", format!("{thing}/properties/made"), gone.clone()),
        (Kind::PropertyRenamed, "(madeRenamed)", format!("{thing}/properties/madeRenamed/format"), json!("date-time")),
        (Kind::PropertyRequired, ".made: property required", format!("{thing}/required"), json!(["made"])),
        (Kind::ListRequired, ".tags: list required", format!("{thing}/required"), json!(["tags"])),
        (
            Kind::PropertyOptional,
            "required[0]: property no longer required",
            "/components/schemas/Wish/required/0".to_owned(),
            gone.clone(),
        ),
        (
            Kind::TypeChanged,
            ".made.type: type changed (integer)",
            format!("{thing}/properties/made/type"),
            json!("integer"),
        ),
        (Kind::FormatDropped, ".made.format: format dropped", format!("{thing}/properties/made/format"), gone.clone()),
        (
            Kind::NullableScalar,
            ".made: optional scalar became nullable (nullable)",
            format!("{thing}/properties/made/nullable"),
            json!(true),
        ),
        (
            Kind::EnumValueDropped,
            "enum[0]: enum value dropped",
            "/components/schemas/Kind/enum".to_owned(),
            json!(["OLD"]),
        ),
        (Kind::EnumValueAdded, "(ADDED)", "/components/schemas/Kind/enum/2".to_owned(), json!("ADDED")),
        (
            Kind::SchemaRenamed,
            "(KindRenamed)",
            format!("{thing}/properties/kind/$ref"),
            json!("#/components/schemas/KindRenamed"),
        ),
        (Kind::TargetMissed, "($.paths.*.get.missed)", "/actions/4/target".to_owned(), json!("$.paths.*.get.missed")),
        (
            Kind::CountChanged,
            "$.actions[4]: x-matches changed (x-matches)",
            "/actions/4/x-matches".to_owned(),
            json!(2),
        ),
        (Kind::RepeatSafeDropped, "x-repeat-safe dropped", "/actions/4/update/x-repeat-safe".to_owned(), gone.clone()),
        (
            Kind::NotNullableOther,
            ".tags.nullable: nullable dropped",
            "/actions/5/update/tags/nullable".to_owned(),
            gone.clone(),
        ),
        (
            Kind::NotNullableScalar,
            ".made.nullable: optional scalar no longer nullable",
            "/actions/5/update/made/nullable".to_owned(),
            gone.clone(),
        ),
    ];
    for (kind, end, pointer, expected) in cases {
        let mutant = mutant(kind, end);
        let changed = changed(&mutant);

        assert_eq!(changed.pointer(&pointer).unwrap_or(&Value::Null), &expected, "{}", mutant.name());
        let inputs = inputs();
        assert!(changed != inputs.upstream && changed != inputs.overlay, "{}", mutant.name());
    }
}

#[test]
fn a_renamed_path_parameter_has_its_new_name_in_the_path_as_well() {
    let changed = changed(&mutant(Kind::PathParameterRenamed, "(thingIdRenamed)"));

    assert!(changed["paths"].get("/things/{thingIdRenamed}").is_some());
    assert!(changed["paths"].get("/things/{thingId}").is_none());
}

#[test]
fn every_mutant_fits_its_document_and_changes_it() {
    for inputs in [inputs(), repository()] {
        for mutant in [inputs.mutants(Group::Facts), inputs.mutants(Group::Control)].concat() {
            let original = if mutant.file == UPSTREAM { &inputs.upstream } else { &inputs.overlay };

            let changed = mutant.apply(original).unwrap();

            assert!(mutant.write(&changed) != *original, "{}", mutant.name());
            assert_eq!(mutant.kind.is_control(), mutant.kind >= Kind::WordsChanged);
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
    let kinds: BTreeSet<_> = mutants.iter().map(|mutant| mutant.kind).collect();
    assert!(kinds.len() > 60, "{}", kinds.len());
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
