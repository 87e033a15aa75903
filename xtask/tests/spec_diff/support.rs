//! What the tests share: a contract, places in it, and edits of it.

use serde_json::Value;
use xtask::spec::diff::{self, Change};

/// The contract that the tests change.
pub(crate) fn base() -> Value {
    serde_saphyr::from_str(include_str!("base.yaml")).unwrap()
}

/// A JSON pointer into the contract. `S/` stands for its schemas, and so on.
pub(crate) fn pointer(place: &str) -> String {
    const ROOTS: [(&str, &str); 7] = [
        ("S/", "/components/schemas/"),
        ("find/", "/paths/~1api~1v1~1sessions/get/"),
        ("create/", "/paths/~1api~1v1~1sessions/post/"),
        ("get/", "/paths/~1api~1v1~1sessions~1{sessionId}/get/"),
        ("revoke/", "/paths/~1api~1v1~1sessions~1{sessionId}/delete/"),
        ("answer/", "/paths/~1api~1v1~1sessions~1{sessionId}/get/responses/200/"),
        ("P/", "/components/schemas/Session/properties/"),
    ];
    let root = ROOTS.into_iter().find_map(|(short, root)| Some(format!("{root}{}", place.strip_prefix(short)?)));
    root.unwrap_or_else(|| place.to_owned())
}

/// Puts the value at the place, or takes what is there away.
pub(crate) fn edit(document: &mut Value, place: &str, value: Option<&Value>) {
    let pointer = pointer(place);
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{place}: there is no such place"));
    match (parent, value) {
        (Value::Object(members), Some(value)) => drop(members.insert(key, value.clone())),
        (Value::Object(members), None) => drop(members.remove(&key).unwrap_or_else(|| panic!("{place} is missing"))),
        (Value::Array(elements), Some(value)) if key == "-" => elements.push(value.clone()),
        (Value::Array(elements), Some(value)) => elements[key.parse::<usize>().unwrap()] = value.clone(),
        (Value::Array(elements), None) => drop(elements.remove(key.parse().unwrap())),
        _ => panic!("{place} cannot be edited"),
    }
}

/// The contract after the edit.
pub(crate) fn edited(place: &str, value: Option<&Value>) -> Value {
    let mut document = base();
    edit(&mut document, place, value);
    document
}

/// What the comparison with the contract finds.
pub(crate) fn changes(document: &Value) -> Vec<Change> {
    diff::compare(&base(), document).list().to_vec()
}
