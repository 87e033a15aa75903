//! Tests of session-client: what it sends, what it makes of answers, and that it hides secrets.
#![cfg(test)]

mod answers;
mod authorization;
mod bad_input;
mod client;
mod contract;
mod contract_facts;
mod deadlines;
mod dependencies;
mod examples;
mod failures;
mod fake_control;
mod fake_oauth;
mod fake_org;
mod fuzz_corpus;
mod isolation;
mod network;
mod oauth;
mod operation_table;
mod pacing;
mod pages;
mod prism;
mod raw_answers;
mod redaction;
mod requests;
mod retries;
mod schemas;
mod script;
mod session_bodies;
mod support;
mod testkit;
mod tracing_spans;
