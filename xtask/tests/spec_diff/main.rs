//! `spec diff` from the outside: what it calls each change, that it misses none, and how it shows them.

mod classes;
mod completeness;
mod generated_rust;
mod reports;
mod support;
