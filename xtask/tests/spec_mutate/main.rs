//! `spec mutate` from the outside: the mutants it makes, what it says of them, and what it keeps.

mod journal;
mod judged;
mod listed;
mod mutants;
mod report;
mod runs;
mod support;
mod workspace;
