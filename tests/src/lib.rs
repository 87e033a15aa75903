//! Tests of session-client: what it sends, what it makes of answers, and that it hides secrets.
#![cfg(test)]

mod answers;
mod bad_input;
mod client;
mod contract;
mod dependencies;
mod examples;
mod failures;
mod isolation;
mod operation_table;
mod raw_answers;
mod redaction;
mod requests;
mod schemas;
mod session_bodies;
mod support;
mod testkit;
