//! Keys, assertions and proofs, as values. What goes over the wire is in the contract tests.

mod keys;
mod signed;

use super::*;

/// The content of a file with a key.
macro_rules! key_file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/oauth/tests/keys/", $name))
    };
}
use key_file;

const RSA: &str = key_file!("rsa.pkcs8.pem");
const P256: &str = key_file!("p256.pkcs8.pem");
const P384: &str = key_file!("p384.pkcs8.pem");
