//! What an application gets with the client.

use std::process::Command;

/// The crates of the client on this platform, one a line.
fn tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "session-client", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--offline", "--locked"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes text")
}

#[test]
fn the_client_does_not_depend_on_the_generator() {
    let tree = tree(&["--features", "oauth,schemars"]);
    let names: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"session-client") && names.contains(&"reqwest"), "{tree}");

    for name in names {
        let of_the_generator = ["progenitor", "typify", "openapiv3", "prettyplease"];
        assert!(!of_the_generator.iter().any(|generator| name.starts_with(generator)), "{name}");
    }
}

// The feature native-tls is left out: on Linux, macros of its library are built with another version of syn.
#[test]
fn no_crate_comes_twice() {
    assert_eq!(tree(&["--features", "config-file,oauth,schemars,tracing", "--duplicates"]), "");
}
