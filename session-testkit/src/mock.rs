//! Typed expectations for the mock server [`httpmock`], generated from the specification.
//!
//! [`MockServerExt`] adds a method for each operation to [`MockServer`]. The method's `when` asks for the parameters of
//! the operation, its `then` answers with the statuses and types that the specification has for it. For anything else,
//! `into_inner` gives the plain expectation of httpmock.
//!
//! A `when` without its parameter matches every value of it: `get_session` without `session_id` also matches the path of
//! `get_current_session`.

pub use httpmock::MockServer;

pub use crate::generated::{MockServerExt, operations};
