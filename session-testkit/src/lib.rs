//! Test doubles for applications that use [`session_client`].
//!
//! # Answers
//!
//! [`answers`] makes the types that the client returns. They are `#[non_exhaustive]`, so that a new member of the API
//! breaks nobody; a test cannot write them out, but can set their fields.
//!
//! # Time
//!
//! [`clock::TestClock`] takes the place of the client's clock: waits take no time, and the test sees them.
//!
//! # An org in memory
//!
//! With the feature `fake`, `fake::FakeOrg` is an Okta org on loopback: users sign in, sessions live and expire, and
//! everything that can go wrong goes wrong when the test says so.
//!
//! # A mock server with typed expectations
//!
//! With the feature `mock`, [`mock::MockServerExt`] gives [`httpmock`]'s server a method for each operation of the API.
//!
//! ```
//! # #[cfg(feature = "mock")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use session_client::{Client, SessionId};
//! use session_testkit::answers;
//! use session_testkit::mock::{MockServer, MockServerExt};
//!
//! let server = MockServer::start_async().await;
//! let client = Client::builder(server.base_url()).api_token("00exampleExampleExampleExample").build()?;
//! let id = SessionId::new("102exampleExampleExample1")?;
//!
//! let mut session = answers::session(&id);
//! session.login = Some("ada@example.com".to_owned());
//! let mock = server.get_session(|when, then| {
//!     when.session_id(&id);
//!     then.ok(&session);
//! });
//!
//! let answer = client.get_session(&id).await?;
//! assert_eq!(answer.into_inner(), session);
//! mock.assert();
//! # Ok(()) }
//! # #[cfg(not(feature = "mock"))]
//! # fn main() {}
//! ```

pub mod answers;
pub mod clock;
#[cfg(feature = "fake")]
pub mod fake;
#[cfg(feature = "mock")]
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, missing_docs, reason = "generated code")]
mod generated;
#[cfg(feature = "mock")]
pub mod mock;

// The README's example runs.
#[cfg(all(doctest, feature = "fake"))]
#[doc = include_str!("../README.md")]
struct Readme;
