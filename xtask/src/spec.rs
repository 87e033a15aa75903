//! The specification that Okta publishes: taking over a new release of it.

pub mod diff;
pub mod file;
pub mod import;
mod keep;
pub mod mutate;
mod release;
mod slice;

/// The member of an operation that says which release no longer published it.
pub(crate) const REMOVED_IN: &str = "x-removed-in";
