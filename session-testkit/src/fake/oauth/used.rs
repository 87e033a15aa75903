//! Ids that work once.

use std::collections::HashSet;

/// The `jti` of assertions and proofs that have come.
#[derive(Debug, Default)]
pub(super) struct Used(HashSet<(String, String)>);

impl Used {
    /// Whether this is the first use of the id by this client or key. It is used up by that.
    pub(super) fn first_use(&mut self, by: &str, id: &str) -> bool {
        self.0.insert((by.to_owned(), id.to_owned()))
    }
}
