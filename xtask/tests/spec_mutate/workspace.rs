//! The copy of a workspace, and the contract tests in it: here a small workspace with tests of a number.

use std::fs;
use std::path::Path;

use tempfile::{TempDir, tempdir};
use xtask::codegen::Output;
use xtask::spec::mutate::{Outcome, Workspace};

const LIB: &str = "#[cfg(test)]
mod number;
#[test]
fn the_number_is_seven() {
    assert_eq!(number::NUMBER, 7);
}
mod contract_facts {
    #[test]
    fn the_page_is_not_asked() {
        panic!();
    }
}
";

fn workspace() -> TempDir {
    let root = tempdir().unwrap();
    write(root.path(), "Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"tests\"]\n");
    let manifest = "[package]\nname = \"contract-tests\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    write(root.path(), "tests/Cargo.toml", manifest);
    write(root.path(), "tests/src/lib.rs", LIB);
    write(root.path(), "tests/src/number.rs", "pub const NUMBER: u8 = 7;\n");
    root
}

fn write(root: &Path, file: &str, text: &str) {
    fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
    fs::write(root.join(file), text).unwrap();
}

fn number(text: &str) -> [Output; 1] {
    [Output { path: "tests/src/number.rs", text: text.to_owned() }]
}

#[test]
fn the_tests_tell_a_mutant_from_the_original() {
    let (original, copies) = (workspace(), tempdir().unwrap());
    let copy = Workspace::copy(original.path(), &copies.path().join("copy")).unwrap();

    assert_eq!(copy.test().unwrap(), Outcome::Passes);

    copy.install(&number("pub const NUMBER: u8 = 8;\n")).unwrap();
    assert_eq!(copy.test().unwrap(), Outcome::Fails(vec!["the_number_is_seven".to_owned()]));

    copy.install(&number("pub const NUMBER: &str = \"7\";\n")).unwrap();
    let Outcome::DoesNotCompile(error) = copy.test().unwrap() else { panic!("it does not compile") };
    assert!(error.starts_with("tests/src/lib.rs:5: "), "{error}");

    // What the next mutant sees is the original again.
    copy.install(&number("pub const NUMBER: u8 = 7;\n")).unwrap();
    assert_eq!(copy.test().unwrap(), Outcome::Passes);
}

#[test]
fn a_test_that_fails_once_has_noticed_nothing_and_a_program_that_breaks_off_has() {
    let (original, copies) = (workspace(), tempdir().unwrap());
    let busy = "const NUMBER: u8 = 7;
        #[test]
        fn the_machine_is_busy_the_first_time() {
            let file = concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/first\");
            let is_first = std::fs::metadata(file).is_err();
            std::fs::write(file, [7]).unwrap();
            assert!(!is_first);
        }";
    let copy = Workspace::copy(original.path(), &copies.path().join("copy")).unwrap();

    copy.install(&number(&format!("pub {busy}"))).unwrap();
    assert_eq!(copy.test().unwrap(), Outcome::Passes);
    assert!(copies.path().join("copy/tests/first").exists(), "the test did run");

    let ending = "const NUMBER: u8 = 7;
        #[test]
        fn ends_the_first_time() {
            let file = concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/second\");
            if std::fs::metadata(file).is_err() {
                std::fs::write(file, [7]).unwrap();
                std::process::exit(3);
            }
        }";
    copy.install(&number(&format!("pub {ending}"))).unwrap();
    let outcome = copy.test().unwrap();
    assert_eq!(outcome, Outcome::Fails(Vec::new()));
    assert_eq!(outcome.to_string(), "the test program breaks off");
}

#[test]
fn a_workspace_that_cargo_does_not_take_is_an_error_and_no_mutant_that_was_noticed() {
    let (original, copies) = (workspace(), tempdir().unwrap());
    write(original.path(), "tests/Cargo.toml", "[package]\nname = \"contract-tests\"\nedition = \"1999\"\n");
    let copy = Workspace::copy(original.path(), &copies.path().join("copy")).unwrap();

    let failure = copy.test().unwrap_err().to_string();

    assert!(failure.starts_with("cargo: ") && failure.contains("1999"), "{failure}");
}

#[test]
fn a_copy_has_what_the_workspace_has_and_neither_what_is_built_nor_what_is_hidden() {
    let (original, copies) = (workspace(), tempdir().unwrap());
    for file in [".git/HEAD", "target/CACHEDIR.TAG", "target/debug/a", "tests/node_modules/a.js", ".hidden"] {
        write(original.path(), file, "a");
    }
    let to = copies.path().join("copy");
    drop(Workspace::copy(original.path(), &to).unwrap());
    write(&to, "tests/src/left.rs", "left from the last run");
    let time = |file: &str| fs::metadata(to.join(file)).unwrap().modified().unwrap();
    let before = time("tests/src/lib.rs");
    write(original.path(), "tests/src/number.rs", "pub const NUMBER: u8 = 9;\n");

    drop(Workspace::copy(original.path(), &to).unwrap());

    for file in [".git", "target", "tests/node_modules", ".hidden", "tests/src/left.rs"] {
        assert!(!to.join(file).exists(), "{file}");
    }
    assert_eq!(fs::read_to_string(to.join("tests/src/number.rs")).unwrap(), "pub const NUMBER: u8 = 9;\n");
    assert_eq!(time("tests/src/lib.rs"), before, "what is equal is not written again");
}

#[test]
fn a_change_of_any_file_is_another_fingerprint() {
    let (original, copies) = (workspace(), tempdir().unwrap());
    let to = copies.path().join("copy");
    let fingerprint = || Workspace::copy(original.path(), &to).unwrap().fingerprint().unwrap();
    let first = fingerprint();

    assert_eq!(fingerprint(), first);
    write(original.path(), "tests/src/number.rs", "pub const NUMBER: u8 = 9;\n");
    assert_ne!(fingerprint(), first);
}

#[test]
fn two_runs_do_not_share_a_copy() {
    let (original, copies) = (workspace(), tempdir().unwrap());
    let to = copies.path().join("copy");
    let first = Workspace::copy(original.path(), &to).unwrap();

    let failure = Workspace::copy(original.path(), &to).unwrap_err().to_string();

    assert!(failure.contains("another run is at work here; wait for its end"), "{failure}");
    drop(first);
    assert!(Workspace::copy(original.path(), &to).is_ok());
}
