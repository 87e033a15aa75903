//! The security schemes that the operations name, with the OAuth scopes that they name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Operation;
use super::facts::Facts;
use super::parts::Part;
use super::references::Document;
use crate::codegen::json_path::member;
use crate::failure::Result;

/// The schemes by name. Scopes lose their description, and those that no operation names are left out.
pub(super) fn schemes<'a>(
    document: Document<'a>,
    facts: &mut Facts<'a>,
    operations: &[Operation],
) -> Result<BTreeMap<String, Value>> {
    let mut schemes = BTreeMap::new();
    for (name, scopes) in named(document, operations)? {
        let place = member("$.components.securitySchemes", &name);
        let Some(scheme) = document.component("securitySchemes", &name) else {
            let message = "a dangling reference: the operations name this security scheme, but the document has none";
            return Err(document.failure(&place, message));
        };
        let mut scheme = facts.part(Part::SecurityScheme, scheme, &place)?;
        for flow in scheme.get_mut("flows").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            if let Some(declared) = flow.get_mut("scopes").and_then(Value::as_object_mut) {
                declared.retain(|scope, _| scopes.contains(scope));
                declared.values_mut().for_each(|description| *description = json!(""));
            }
        }
        schemes.insert(name, scheme);
    }
    Ok(schemes)
}

/// The schemes that the operations name, each with the scopes that they name of it.
fn named(document: Document<'_>, operations: &[Operation]) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations {
        let failure = |message: &str| document.failure(&format!("`security` of {}", operation.known.id), message);
        let alternatives = operation.object["security"].as_array().ok_or_else(|| failure("has to be a list"))?;
        for alternative in alternatives {
            let schemes = alternative.as_object().ok_or_else(|| failure("has to be a list of objects"))?;
            for (name, scopes) in schemes {
                let scopes = scopes.as_array().ok_or_else(|| failure("has to name a list of scopes"))?;
                let scopes = scopes.iter().filter_map(Value::as_str).map(str::to_owned);
                named.entry(name.clone()).or_default().extend(scopes);
            }
        }
    }
    Ok(named)
}
