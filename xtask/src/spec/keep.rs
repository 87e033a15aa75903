//! Keeps the operations that a release no longer publishes, as the slice of the release before has them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::REMOVED_IN;
use super::file::Source;
use super::slice::{Known, Slice, slice, to_schema};
use crate::failure::{Failure, Result};

/// Adds the operations `missing` from `before` to the slice of `release`, each with the release that dropped it. What
/// the release still publishes is taken from there; of the rest the last known definition stays. The answer names
/// schemas that a kept operation uses and that have changed.
pub(super) fn keep(
    slice_of_release: &mut Slice,
    release: &str,
    missing: &[&'static Known],
    before: &Source,
) -> Result<Vec<String>> {
    let kept = slice(before, None, missing)?;
    let found: Vec<_> = kept.operations.iter().map(|operation| operation.known.id).collect();
    if let Some(lost) = missing.iter().find(|known| !found.contains(&known.id)) {
        let message = format!("has no `{}` either, so there is no definition to keep", lost.id);
        return Err(Failure::in_file(&before.name, message));
    }
    for mut operation in kept.operations {
        if operation.object.get(REMOVED_IN).is_none() {
            operation.object[REMOVED_IN] = json!(release);
        }
        slice_of_release.operations.push(operation);
    }
    let mut changed = Vec::new();
    for (name, schema) in kept.schemas {
        let present = slice_of_release.schemas.entry(name.clone()).or_insert_with(|| schema.clone());
        if *present != schema {
            changed.push(name);
        }
    }
    for (name, scheme) in kept.security_schemes {
        let present = slice_of_release.security_schemes.entry(name).or_insert_with(|| scheme.clone());
        add_scopes(present, &scheme);
    }
    drop_unused(slice_of_release);
    Ok(changed)
}

/// Drops the schemas that nothing leads to: a kept one may need some that the release's own one of its name does not.
fn drop_unused(slice: &mut Slice) {
    let mut unseen: BTreeMap<_, _> = slice.schemas.iter().map(|schema| (to_schema(schema.0), schema)).collect();
    let mut open: Vec<&Value> = slice.operations.iter().map(|operation| &operation.object).collect();
    while let Some(value) = open.pop() {
        match value {
            // Under `$ref`, or in the mapping of a discriminator.
            Value::String(reference) => open.extend(unseen.remove(reference).map(|(_, schema)| schema)),
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => open.extend(members.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let unused: Vec<String> = unseen.into_values().map(|(name, _)| name.clone()).collect();
    for name in unused {
        slice.schemas.remove(&name);
    }
}

/// Adds the scopes of the kept scheme to the flows that the present one has too.
fn add_scopes(present: &mut Value, kept: &Value) {
    let flows = kept["flows"].as_object().into_iter().flatten();
    for (flow, scopes) in flows.filter_map(|(flow, object)| Some((flow, object["scopes"].as_object()?))) {
        let present = present.get_mut("flows").and_then(|flows| flows.get_mut(flow)).and_then(Value::as_object_mut);
        if let Some(present) = present.map(|flow| flow.entry("scopes").or_insert_with(|| Map::new().into()))
            && let Some(present) = present.as_object_mut()
        {
            for (scope, text) in scopes {
                present.entry(scope.clone()).or_insert_with(|| text.clone());
            }
        }
    }
}
