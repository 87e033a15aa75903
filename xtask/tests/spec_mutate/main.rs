//! `spec mutate` from the outside: the mutants it makes, what it says of them, and what it keeps.

mod journal;
mod judged;
mod mutants;
mod report;
mod support;
mod workspace;
