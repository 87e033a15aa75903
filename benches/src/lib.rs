//! What a call of `getSession` costs: ours, and what one would write by hand instead.
//!
//! `cargo bench -p benches` measures all of them in one run; README.md tells what is measured.

pub mod answer;
pub mod callers;
pub mod processes;
