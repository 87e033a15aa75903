//! What an application gets with the client.

use std::process::Command;

#[test]
fn the_client_does_not_depend_on_the_generator() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "session-client", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--features", "schemars", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).expect("cargo writes text");
    let names: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"session-client") && names.contains(&"reqwest"), "{tree}");

    for name in names {
        let of_the_generator = ["progenitor", "typify", "openapiv3", "prettyplease"];
        assert!(!of_the_generator.iter().any(|generator| name.starts_with(generator)), "{name}");
    }
}
