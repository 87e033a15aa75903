//! The command over many sessions, against an org in memory.

mod interrupts;
mod lists;
mod outcomes;
mod resuming;
mod support;
