//! A schema may have itself as a property, but it cannot consist of itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::references::Document;
use crate::codegen::json_path::member;
use crate::failure::Result;

/// Fails at a schema that is composed of itself. Every schema is looked at once.
pub(super) fn check(document: Document<'_>, schemas: &BTreeMap<String, Value>) -> Result<()> {
    let mut done = BTreeSet::new();
    for name in schemas.keys() {
        // The schemas from this one down to the one that is looked at, each with the parts that are still to be looked at.
        let mut path = vec![(name.as_str(), parts(schemas, name))];
        let mut on_path = BTreeSet::from([name.as_str()]);
        while let Some((name, rest)) = path.last_mut() {
            match rest.pop() {
                Some(part) if on_path.contains(part) => {
                    let message = "a circular reference: the schema consists of itself, by `allOf`, `anyOf` or `oneOf`";
                    return Err(document.failure(&member("$.components.schemas", part), message));
                }
                Some(part) if done.contains(part) => {}
                Some(part) => {
                    on_path.insert(part);
                    path.push((part, parts(schemas, part)));
                }
                None => {
                    on_path.remove(name);
                    done.insert(*name);
                    path.pop();
                }
            }
        }
    }
    Ok(())
}

/// The names of the schemas that the schema is composed of.
fn parts<'a>(schemas: &'a BTreeMap<String, Value>, name: &str) -> Vec<&'a str> {
    let schema = schemas.get(name);
    let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| schema?.get(key)?.as_array());
    lists.flatten().filter_map(|part| part["$ref"].as_str()?.rsplit('/').next()).collect()
}
