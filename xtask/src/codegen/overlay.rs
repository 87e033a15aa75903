//! Applies an OpenAPI Overlay so that none of its actions can outlive its reason.

use enumset::EnumSet;
use roas_overlay::apply::{Apply, ApplyOptions};
use roas_overlay::v1_1::{Action, Overlay};
use roas_overlay::validation::Validate;
use serde_json::Value;

use super::json_path;
use crate::failure::{Failure, Result};

/// The member of an action that says how many places it changes. One where it is missing.
const MATCHES: &str = "x-matches";

/// Applies `overlay` (the text of `file`) to `document`. Every action has to match as many places as it says.
pub(super) fn apply(file: &str, overlay: &str, document: &mut Value) -> Result<()> {
    let mut overlay: Overlay = super::document::read(file, overlay)?;
    let actions = std::mem::take(&mut overlay.actions);
    for (index, action) in actions.into_iter().enumerate() {
        let expected = expected_matches(&action)
            .ok_or_else(|| broken(file, index, &action, &format!("`{MATCHES}` has to be a whole number above zero")))?;
        overlay.actions = vec![action.clone()];
        overlay.validate(EnumSet::empty()).map_err(|error| broken(file, index, &action, &error))?;
        let report = overlay
            .apply(document, ApplyOptions::ErrorOnZeroMatch.into())
            .map_err(|error| broken(file, index, &action, &error.kind))?;
        let matched: usize = report.actions.iter().map(|outcome| outcome.matched).sum();
        if matched != expected {
            let message = format!("target matched {matched} places, not {expected}; mend the target or `{MATCHES}`");
            return Err(broken(file, index, &action, &message));
        }
    }
    Ok(())
}

fn expected_matches(action: &Action) -> Option<usize> {
    match action.extensions.as_ref().and_then(|extensions| extensions.get(MATCHES)) {
        None => Some(1),
        Some(value) => value.as_u64().filter(|count| *count > 0)?.try_into().ok(),
    }
}

fn broken(file: &str, index: usize, action: &Action, reason: &dyn std::fmt::Display) -> Failure {
    let description = action.description.as_deref().unwrap_or("(an action without a description)");
    let message = format!("target {}: {reason}; the action: \"{}\"", action.target, description.trim());
    Failure::at(file, json_path::element("$.actions", index), message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn apply_actions(actions: &str) -> Result<Value> {
        let overlay = format!("overlay: 1.1.0\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}");
        let mut document = json!({"info": {"title": "a"}, "paths": {"/x": {"get": {}}, "/y": {"get": {}}}});
        apply("overlay.yaml", &overlay, &mut document).map(|()| document)
    }

    #[test]
    fn an_action_with_its_number_of_matches_is_applied() {
        let document =
            apply_actions("- {target: '$.paths.*.get', description: d, x-matches: 2, update: {a: 1}}").unwrap();
        assert_eq!(document["paths"]["/y"]["get"]["a"], 1);
    }

    #[test]
    fn every_broken_action_is_one_line_with_its_place_and_description() {
        let cases = [
            ("- {target: $.nope, description: why it is, update: {a: 1}}", "matched zero nodes"),
            ("- {target: '$.paths.*.get', description: why it is, update: {a: 1}}", "matched 2 places, not 1"),
            (
                "- {target: '$.paths.*.get', description: why it is, x-matches: 3, update: {a: 1}}",
                "matched 2 places, not 3",
            ),
            ("- {target: $.info, description: why it is, x-matches: many, update: {a: 1}}", "`x-matches`"),
            ("- {target: '$.info[', description: why it is, update: {a: 1}}", "JSONPath"),
            ("- {target: $.info, description: why it is, copy: $.nope}", "`copy` source"),
            ("- {target: $.info.title, description: why it is, remove: true}", "objects or arrays"),
            ("- {target: $.info, description: why it is}", "must specify one of"),
        ];
        for (action, reason) in cases {
            let failure = apply_actions(action).unwrap_err().to_string();
            assert!(failure.starts_with("overlay.yaml: $.actions[0]: target $."), "{failure}");
            assert!(failure.contains("\"why it is\""), "{failure}");
            assert!(failure.contains(reason), "{failure}");
            assert_eq!(failure.lines().count(), 1, "{failure}");
        }
    }
}
