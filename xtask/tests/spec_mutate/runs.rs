//! Whole runs, in a workspace with one operation and with contract tests that look at one line.

use std::fs;
use std::path::Path;
use std::str::FromStr;

use tempfile::{TempDir, tempdir};
use xtask::codegen;
use xtask::spec::mutate::{self, Generator, Group, Inputs, Mutant, Options, Outcome, Report, Shard};

const UPSTREAM: &str = r"
openapi: 3.0.3
info: {title: Small, version: '1', x-release: '1'}
servers: [{url: 'https://{yourOktaDomain}', variables: {yourOktaDomain: {default: a.okta.com}}}]
paths:
  /thing:
    delete: {operationId: dropThing, responses: {'204': {description: Done}}, security: [{apiToken: []}]}
components: {securitySchemes: {apiToken: {type: apiKey, in: header, name: Authorization}}}
";

const OVERLAY: &str = r"
overlay: 1.1.0
info: {title: A fact, version: '1'}
actions:
- {target: $.paths.*.delete, description: a fact, update: {x-repeat-safe: true, summary: Drops it.}}
";

const TESTS: &str = r#"
#[test]
fn the_method_has_its_name() {
    assert!(include_str!("../../session-client/src/generated.rs").contains("fn drop_thing<"));
}
"#;

fn workspace(tests: &str) -> TempDir {
    let root = tempdir().unwrap();
    let facts = mutate::facts(&codegen::contract(UPSTREAM, OVERLAY).unwrap());
    for (file, text) in [
        (codegen::UPSTREAM, UPSTREAM),
        (codegen::OVERLAY, OVERLAY),
        ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"tests\"]\n"),
        ("tests/Cargo.toml", "[package]\nname = \"contract-tests\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
        ("tests/src/contract_facts.txt", facts.as_str()),
        ("tests/src/lib.rs", tests),
    ] {
        write(root.path(), file, text);
    }
    for output in codegen::generate(UPSTREAM, OVERLAY).unwrap() {
        write(root.path(), output.path, &output.text);
    }
    root
}

fn write(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(root: &TempDir, target: &TempDir, group: Group, shard: Option<&str>) -> xtask::failure::Result<Report> {
    let compile = shard.map(|shard| Shard::from_str(shard).unwrap());
    mutate::run(root.path(), target.path(), Options { group, compile })
}

fn outcomes(report: &Report) -> Vec<Option<Outcome>> {
    report.judged.iter().filter(|judged| judged.needs_tests()).map(|judged| judged.outcome.clone()).collect()
}

#[test]
fn without_the_compiler_every_mutant_is_judged_in_its_order_and_no_test_is_asked() {
    let (root, target) = (workspace(TESTS), tempdir().unwrap());

    let report = run(&root, &target, Group::Control, None).unwrap();

    let judged: Vec<_> = report.judged.iter().map(|judged| judged.mutant.name()).collect();
    let mutants = Inputs::read(root.path()).unwrap().mutants(Group::Control);
    assert_eq!(judged, mutants.iter().map(Mutant::name).collect::<Vec<_>>());
    let verdict_on = |end: &str| report.judged.iter().find(|judged| judged.mutant.name().ends_with(end)).unwrap();
    assert_eq!(verdict_on("summary: words dropped").verdict.generator, Generator::WritesOther);
    assert_eq!(verdict_on("upstream.yaml $: keys reordered").verdict.generator, Generator::WritesTheSame);
    assert!(!report.is_compiled && outcomes(&report).iter().all(Option::is_none));
    assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0);
}

#[test]
fn the_mutants_of_a_shard_are_compiled_once_and_then_found_in_the_journal() {
    let (root, target) = (workspace(TESTS), tempdir().unwrap());
    let failing = Outcome::Fails(vec!["the_method_has_its_name".to_owned()]);

    let first = run(&root, &target, Group::Facts, Some("1/5")).unwrap();

    // The one in the middle has another name for the operation.
    let asked: Vec<_> = outcomes(&first).into_iter().enumerate().filter(|(_, outcome)| outcome.is_some()).collect();
    assert_eq!(asked, [(0, Some(Outcome::Passes)), (5, Some(failing)), (10, Some(Outcome::Passes))]);
    assert!(first.is_compiled);

    let compiled = target.path().join("spec-mutate/workspace-1-of-5.target");
    fs::remove_dir_all(&compiled).unwrap();
    let second = run(&root, &target, Group::Facts, Some("1/5")).unwrap();

    assert_eq!(outcomes(&second), outcomes(&first));
    assert!(!compiled.exists());
}

#[test]
fn contract_tests_that_fail_anyway_tell_nothing_of_a_mutant() {
    let (root, target) = (workspace("#[test] fn fails() { panic!() }"), tempdir().unwrap());

    let failure = run(&root, &target, Group::Facts, Some("1/9")).unwrap_err().to_string();

    assert_eq!(failure, "tests: the contract tests fail without any change: 1 tests fail: fails");
}
