//! Tests of session-client: what it sends, what it makes of answers, and that it hides secrets.
#![cfg(test)]
