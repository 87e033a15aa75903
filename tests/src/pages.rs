//! What pages say of all operations, held against the contract.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use session_client::operations;

use crate::contract;

const README: &str = include_str!("../../README.md");
const UPSTREAM: &str = include_str!("../../session-client/src/guide/upstream.md");

/// The cells of the rows that begin with an operation.
fn rows(page: &'static str) -> Vec<Vec<&'static str>> {
    let rows = page.lines().filter(|line| operations::ALL.iter().any(|it| line.starts_with(&format!("| `{}`", it.id))));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim_matches([' ', '|'])).collect()).collect()
}

#[test]
fn the_readme_has_a_row_for_every_operation_with_its_method_and_its_credential() {
    let rows = rows(README);
    let ids: Vec<_> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
    assert_eq!(ids.len(), operations::ALL.len());

    for operation in operations::ALL {
        let row = &rows[ids.iter().position(|id| *id == operation.id).expect("it has a row")];
        let credential = match operation.scopes() {
            _ if operation.security.is_empty() => "the browser's cookie".to_owned(),
            Some(scopes) => format!("API token, or OAuth 2.0 with `{}`", scopes.join("`, `")),
            None if operation.anonymous => "API token, or none".to_owned(),
            None => "API token".to_owned(),
        };
        assert!(row[1].starts_with(&format!("`{}(", operation.id.to_snake_case())), "{row:?}");
        assert_eq!(row[2], credential, "{}", operation.id);
    }
}

#[test]
fn the_guide_tells_which_operations_okta_no_longer_publishes_and_since_when() {
    let named = |kept: bool| -> BTreeSet<_> {
        let rows = rows(UPSTREAM).into_iter().filter(move |row| row[2].starts_with("kept") == kept);
        rows.flat_map(|row| row[0].split(", ").map(|id| id.trim_matches('`'))).collect()
    };
    let removed_in = |id: &str| contract::operation(id).value["x-removed-in"].as_str();
    let all = operations::ALL.iter().map(|operation| operation.id);
    let (kept, published): (BTreeSet<_>, BTreeSet<_>) = all.partition(|id| removed_in(id).is_some());

    assert_eq!((named(true), named(false)), (kept.clone(), published));
    for release in kept.into_iter().filter_map(removed_in) {
        assert!(UPSTREAM.contains(&format!("From {release} on")), "{release}");
    }
}
