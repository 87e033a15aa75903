//! OpenAPI documents as YAML: read, and written with their keys in one canonical order.

use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use crate::failure::{Failure, Result};

/// Reads YAML; `file` is named in the failure.
pub(crate) fn read<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    serde_saphyr::from_str(text).map_err(|error| {
        let message = format!("not the YAML it should be: {}", error.without_snippet());
        match error.location() {
            Some(location) => Failure::at(file, format!("line {}", location.line()), message),
            None => Failure::in_file(file, message),
        }
    })
}

/// Writes a document as YAML. The same document gives the same bytes.
pub(crate) fn write(file: &str, document: &Value) -> Result<String> {
    let ordered = Ordered { value: document, keys: Keys::Keywords };
    let options = serde_saphyr::ser_options! {
        compact_list_indent: true,
        folded_wrap_chars: 110,
    };
    serde_saphyr::to_string_with_options(&ordered, options).map_err(|error| Failure::in_file(file, error))
}

/// The order in which people expect OpenAPI's keywords. Others follow by name.
const KEYWORD_ORDER: &[&str] = &[
    "openapi",
    "info",
    "$ref",
    "title",
    "name",
    "version",
    "in",
    "operationId",
    "url",
    "summary",
    "description",
    "required",
    "servers",
    "security",
    "tags",
    "paths",
    "components",
    "parameters",
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "trace",
    "requestBody",
    "responses",
    "schemas",
    "headers",
    "content",
    "type",
    "format",
    "nullable",
    "readOnly",
    "allOf",
    "enum",
    "items",
    "properties",
    "additionalProperties",
    "schema",
    "example",
    "examples",
    "value",
];

/// Keywords whose members are names that the document's author chose.
const MAPS_OF_NAMES: &[&str] = &[
    "callbacks",
    "content",
    "examples",
    "headers",
    "links",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
    "x-enumDescriptions",
];

/// What the keys of an object are, which decides their order.
#[derive(Clone, Copy, PartialEq)]
enum Keys {
    Keywords,
    Names,
}

struct Ordered<'a> {
    value: &'a Value,
    keys: Keys,
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(members) => {
                let rank = |key: &str| match self.keys {
                    Keys::Keywords => KEYWORD_ORDER.iter().position(|known| *known == key).unwrap_or(usize::MAX),
                    Keys::Names => 0,
                };
                let sorted: BTreeMap<_, _> = members.iter().map(|(key, value)| ((rank(key), key), value)).collect();
                let mut map = serializer.serialize_map(Some(sorted.len()))?;
                for ((_, key), value) in sorted {
                    let names = self.keys == Keys::Keywords && MAPS_OF_NAMES.contains(&key.as_str());
                    let keys = if names { Keys::Names } else { Keys::Keywords };
                    map.serialize_entry(key, &Ordered { value, keys })?;
                }
                map.end()
            }
            Value::Array(elements) => {
                let mut sequence = serializer.serialize_seq(Some(elements.len()))?;
                for value in elements {
                    sequence.serialize_element(&Ordered { value, keys: Keys::Keywords })?;
                }
                sequence.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keywords_come_in_reading_order_and_names_by_name() {
        let document = json!({"components": {"schemas": {"B": {"properties": {"title": {}, "in": {}}, "type": "object"}, "A": {}}}, "openapi": "3.0.3"});
        let text = write("x.yaml", &document).unwrap();
        let order: Vec<_> = text.lines().map(str::trim).collect();
        assert_eq!(
            order,
            [
                "openapi: \"3.0.3\"",
                "components:",
                "schemas:",
                "A: {}",
                "B:",
                "type: object",
                "properties:",
                "in: {}",
                "title: {}"
            ]
        );
    }

    #[test]
    fn what_was_written_reads_back_equal() {
        let document = json!({
            "200": "a string", "date": "2026-01-22T07:01:28.000Z", "number": "1.0", "no": "no", "null": null,
            "long": "word ".repeat(60), "lines": "one\ntwo\n", "colon": "Not found: x # y", "empty": "", "list": [[], {}, [1]],
        });
        let text = write("x.yaml", &document).unwrap();
        assert_eq!(read::<Value>("x.yaml", &text).unwrap(), document, "{text}");
        assert!(text.contains("'2026-01-22T07:01:28.000Z'") || text.contains("\"2026-01-22T07:01:28.000Z\""), "{text}");
    }

    #[test]
    fn broken_yaml_is_one_line_with_the_file() {
        let failure = read::<Value>("openapi/overlay.yaml", "a: [1\nb: }").unwrap_err().to_string();
        assert!(failure.starts_with("openapi/overlay.yaml: line 2: "), "{failure}");
        assert_eq!(failure.lines().count(), 1, "{failure}");
    }
}
