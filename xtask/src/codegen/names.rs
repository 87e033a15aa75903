//! Names in Rust, as progenitor and typify form them of the contract's names.

use heck::{ToPascalCase, ToSnakeCase};
use syn::Ident;

/// The name of a method, a parameter or a field.
pub(crate) fn snake(name: &str) -> String {
    finished(separated(name).to_snake_case())
}

/// The name of a type.
pub(crate) fn pascal(name: &str) -> String {
    finished(separated(name).to_pascal_case())
}

/// Whether the name can stand in Rust as it is. Where it cannot, the generator invents another.
pub(crate) fn is_identifier(name: &str) -> bool {
    // A keyword since the edition 2024, which syn does not know.
    name != "gen" && syn::parse_str::<Ident>(name).is_ok()
}

fn separated(name: &str) -> String {
    name.replace('\'', "").replace(|c: char| !c.is_alphanumeric(), "-")
}

fn finished(name: String) -> String {
    match name.chars().next() {
        None => "x".to_owned(),
        Some(first) if !first.is_alphabetic() => format!("_{name}"),
        Some(_) if is_identifier(&name) => name,
        Some(_) => format!("{name}_"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_none_in_rust_gets_the_generator_s_substitute() {
        assert_eq!(snake("sessionId"), "session_id");
        assert_eq!(snake("X-Device-Fingerprint"), "x_device_fingerprint");
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("2fa"), "_2fa");
        assert_eq!(snake("+"), "x");
        assert_eq!(pascal("session_status"), "SessionStatus");
    }

    #[test]
    fn keywords_are_no_identifiers() {
        assert!(is_identifier("session_id"));
        for name in ["", "type", "gen", "2fa", "a-b", "a b", "Self"] {
            assert!(!is_identifier(name), "{name}");
        }
    }
}
