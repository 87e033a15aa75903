//! Normalised JSON paths (RFC 9535, with the dot notation where it reads better), for messages.

use serde_json::Value;

/// The path of the member `key` of the object at `parent`.
pub(crate) fn member(parent: &str, key: &str) -> String {
    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        format!("{parent}.{key}")
    } else {
        let escaped: String = key.chars().map(escaped).collect();
        format!("{parent}['{escaped}']")
    }
}

/// The character as RFC 9535 wants it in quotes; a message must not break into lines.
fn escaped(c: char) -> String {
    match c {
        '\\' => r"\\".to_owned(),
        '\'' => r"\'".to_owned(),
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        '\t' => r"\t".to_owned(),
        c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    }
}

/// The path of the element `index` of the array at `parent`.
pub(crate) fn element(parent: &str, index: usize) -> String {
    format!("{parent}[{index}]")
}

/// The first place at which two documents differ.
pub(crate) fn first_difference(left: &Value, right: &Value) -> Option<String> {
    fn search(path: &str, left: &Value, right: &Value) -> Option<String> {
        match (left, right) {
            (Value::Object(left), Value::Object(right)) => left.keys().chain(right.keys()).find_map(|key| {
                let path = member(path, key);
                match (left.get(key), right.get(key)) {
                    (Some(left), Some(right)) => search(&path, left, right),
                    _ => Some(path),
                }
            }),
            (Value::Array(left), Value::Array(right)) => (0..left.len().max(right.len())).find_map(|index| {
                let path = element(path, index);
                match (left.get(index), right.get(index)) {
                    (Some(left), Some(right)) => search(&path, left, right),
                    _ => Some(path),
                }
            }),
            _ => (left != right).then(|| path.to_owned()),
        }
    }
    search("$", left, right)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_that_are_no_names_are_quoted() {
        assert_eq!(member("$.paths", "/api/v1/sessions"), "$.paths['/api/v1/sessions']");
        assert_eq!(member("$", "it's"), r"$['it\'s']");
        assert_eq!(member("$", "info"), "$.info");
        assert_eq!(member("$", "200"), "$['200']");
        assert_eq!(member("$", "a\nb\u{7}"), r"$['a\nb\u0007']");
    }

    #[test]
    fn the_first_difference_is_found_at_any_depth() {
        let left = json!({"a": [1, {"b": 2}]});
        assert_eq!(first_difference(&left, &left), None);
        assert_eq!(first_difference(&left, &json!({"a": [1, {"b": 3}]})).as_deref(), Some("$.a[1].b"));
        assert_eq!(first_difference(&left, &json!({"a": [1]})).as_deref(), Some("$.a[1]"));
        assert_eq!(first_difference(&left, &json!({"a": [1, {"b": 2}], "c": 0})).as_deref(), Some("$.c"));
    }
}
