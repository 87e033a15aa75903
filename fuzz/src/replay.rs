//! Runs a check over the committed corpus of its target, in the ordinary tests and without a fuzzer.

use std::fs;
use std::path::Path;

/// Calls the check with every file of the target's corpus.
///
/// # Panics
/// The check finds something, or the corpus is empty.
pub fn replay(target: &str, check: fn(&[u8])) {
    // Every crate that includes this file stands beside the folder `fuzz`.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let mut count = 0;
    for file in fs::read_dir(&folder).expect("the target has a corpus") {
        let path = file.expect("the folder can be read").path();
        // Shown above the message of a check that fails.
        eprintln!("{}", path.display());
        check(&fs::read(&path).expect("the file can be read"));
        count += 1;
    }
    assert!(count > 0, "the corpus of {target} is empty");
}
