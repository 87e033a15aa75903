//! The specification that Okta publishes: taking over a new release of it.

pub mod diff;
pub mod file;
pub mod import;
pub mod mutate;
