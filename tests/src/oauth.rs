//! OAuth 2.0 for services: what goes over the wire, and what becomes of the answers.

mod dpop;
mod org;
mod redaction;
mod refusals;
mod renewal;
mod tokens;
mod waiting;
