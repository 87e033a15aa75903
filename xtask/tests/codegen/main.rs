//! Code generation from the outside: what it writes, and what it says when it cannot.

mod contracts;
mod evolution;
mod fuzz_corpus;
mod generated_code;
mod hand_edits;
mod mutations;
mod overlays;
mod support;
mod workspace;
