//! The release that a document belongs to. Some documents say it as their version, others have another version there.

use serde_json::Value;

use super::file::Source;
use crate::failure::{Failure, Result, shown};

/// The release that was `given` or, if none was, the one that the document says.
pub(super) fn of(source: &Source, given: Option<&str>) -> Result<String> {
    if let Some(release) = given {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if release.is_empty() || release.len() > 40 || !release.chars().all(plain) {
            let message = format!("`{}` is no name of a release; it should look like 2025.08.0", shown(release));
            return Err(Failure::in_file("--release", message));
        }
        return Ok(release.to_owned());
    }
    let version = source.document.pointer("/info/version").and_then(Value::as_str);
    version.filter(|version| is_release(version)).map(str::to_owned).ok_or_else(|| {
        let says = version.map_or_else(|| "nothing".to_owned(), |version| format!("`{}`", shown(version)));
        let message =
            format!("says {says}, which is no release; name it with `--release`, such as --release 2025.08.0");
        Failure::at(&source.name, "$.info.version", message)
    })
}

/// Year, month and number: `2025.08.0`.
fn is_release(text: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    matches!(parts.as_slice(), [year, month, _] if year.len() == 4 && month.len() == 2)
        && parts.iter().all(|p| digits(p))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn source(version: &Value) -> Source {
        Source { name: "spec.yaml".to_owned(), sha256: String::new(), document: json!({"info": {"version": version}}) }
    }

    #[test]
    fn the_version_is_the_release_if_it_looks_like_one() {
        assert_eq!(of(&source(&json!("2026.06.3")), None).unwrap(), "2026.06.3");
    }

    #[test]
    fn a_release_that_is_given_counts_more_than_the_version() {
        for release in ["2026.06.3-rc_1", &"1".repeat(40)] {
            assert_eq!(of(&source(&json!("2026.06.3")), Some(release)).unwrap(), release);
        }
    }

    #[test]
    fn without_a_release_the_failure_asks_for_it() {
        for version in
            [json!("5.1.0"), json!("20250.8.0"), json!("2025.08"), json!("2025.08.x"), json!(5.1), json!(null)]
        {
            let failure = of(&source(&version), None).unwrap_err().to_string();
            assert!(failure.starts_with("spec.yaml: $.info.version: says "), "{failure}");
            assert!(failure.contains("`--release`"), "{failure}");
        }
    }

    #[test]
    fn what_cannot_be_the_name_of_a_release_is_refused() {
        for release in ["", "2025 08", "2025.08.0\n# more", "2025.08.0'", &"1".repeat(41)] {
            assert!(of(&source(&json!("2026.06.3")), Some(release)).is_err(), "{release:?}");
        }
    }
}
