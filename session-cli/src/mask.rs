//! Keeps ids out of what is shown.

use serde_json::{Map, Value};
use session_client::redact::mask_lookalikes;
use session_client::types::Session;

/// What stands in the place of an id.
const MASK: &str = "***";

/// Ids below this length would be told by what is left of them; words of a message are shorter as well.
const SHORTEST_ID: usize = 20;

/// The members of a session whose text is known to be no session id, though it may look like one.
const PLAIN: [&str; 9] = [
    "userId",
    "login",
    "createdAt",
    "expiresAt",
    "status",
    "lastPasswordVerification",
    "lastFactorVerification",
    "amr",
    "idp",
];

/// The id with enough left to tell it from others, and too little to use: `102***Vw`.
pub(crate) fn id(id: &str) -> String {
    if id.len() >= SHORTEST_ID && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        format!("{}{MASK}{}", &id[..3], &id[id.len() - 2..])
    } else {
        MASK.to_owned()
    }
}

/// The session as JSON, without its id and whatever else looks like one. The links have ids of their own.
pub(crate) fn session(mut value: Value, session: &Session) -> Value {
    let known = session.id.expose_secret();
    if let Value::Object(members) = &mut value {
        for (name, member) in &mut *members {
            match name.as_str() {
                "id" => *member = Value::String(id(known)),
                name if PLAIN.contains(&name) => {}
                _ => mask_texts(member, known),
            }
        }
        mask_names(members, known);
    }
    value
}

fn mask_texts(value: &mut Value, known: &str) {
    match value {
        Value::String(text) => *text = masked(text, known),
        Value::Array(list) => list.iter_mut().for_each(|member| mask_texts(member, known)),
        Value::Object(members) => {
            members.values_mut().for_each(|member| mask_texts(member, known));
            mask_names(members, known);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Names may be ids as well, as in an object that has something to say of each of them.
fn mask_names(members: &mut Map<String, Value>, known: &str) {
    *members = std::mem::take(members).into_iter().map(|(name, member)| (masked(&name, known), member)).collect();
}

fn masked(text: &str, known: &str) -> String {
    mask_lookalikes(&if known.is_empty() { text.to_owned() } else { text.replace(known, MASK) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "102aBcDeFgHiJkLmNoPqRsTuVw";

    #[test]
    fn a_masked_id_keeps_its_ends_unless_it_is_short() {
        assert_eq!(id(ID), "102***Vw");
        for short in ["", "102", "102aBcDeFgHiJkLmNoP", "ééééééééééééé"] {
            assert_eq!(id(short), "***");
        }
    }

    #[test]
    fn a_session_keeps_everything_but_ids() {
        let external = "102zYxWvUtSrQpOnMlKjIhGfEd";
        let text = format!(
            r#"{{"id": "{ID}", "userId": "00uabcd1efGHIJKLM5d7", "idp": {{"id": "00oabcd1efGHIJKLM1d7"}},
               "mfaActive": true, "note": "of {ID}", "_links": {{"self": {{"href": "https://acme.okta.com/api/v1/sessions/{external}"}},
               "list": ["{external}", null]}}}}"#
        );
        let masked = session(serde_json::from_str(&text).unwrap(), &serde_json::from_str(&text).unwrap());
        let expected = serde_json::json!({
            "id": "102***Vw", "userId": "00uabcd1efGHIJKLM5d7", "idp": {"id": "00oabcd1efGHIJKLM1d7"},
            "mfaActive": true, "note": "of ***", "_links": {"self": {"href": "https://acme.okta.com/api/v1/sessions/***"},
            "list": ["***", null]},
        });
        assert_eq!(masked, expected);
    }

    #[test]
    fn a_name_that_is_an_id_is_masked_as_well() {
        let external = "102zYxWvUtSrQpOnMlKjIhGfEd";
        let text =
            format!(r#"{{"id": "{ID}", "{external}": 1, "seen": {{"{ID}": 2, "mfaActive": [{{"{external}": 3}}]}}}}"#);
        let masked = session(serde_json::from_str(&text).unwrap(), &serde_json::from_str(&text).unwrap());
        let expected = serde_json::json!({"id": "102***Vw", "***": 1, "seen": {"***": 2, "mfaActive": [{"***": 3}]}});
        assert_eq!(masked, expected);
    }
}
