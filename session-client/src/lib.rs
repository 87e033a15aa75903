//! A client of the [Okta Session API](https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Session/):
//! create, read, refresh and revoke the sessions of an org.
//!
//! The methods of [`Client`] are the operations of the API under their own names. They and the types they take and
//! return are generated from the OpenAPI document `openapi/sessions.yaml`; who knows the document can guess every name.
//!
//! # Sessions by id, for services
//!
//! A service proves itself with an API token and names a session by its id.
//!
//! ```no_run
//! use session_client::types::CreateSessionRequest;
//! use session_client::{Client, Error, SessionToken};
//!
//! # async fn example() -> Result<(), Error> {
//! let client = Client::builder("https://acme.okta.com").api_token(std::env::var("OKTA_CLIENT_TOKEN").unwrap()).build()?;
//!
//! // The session token comes from the Authentication API, after the user has signed in.
//! let token = SessionToken::new("20111exampleExampleExample")?;
//! let session = client.create_session(&CreateSessionRequest::new(token)).await?.into_inner();
//! println!("{:?} until {:?}", session.status, session.expires_at);
//!
//! client.refresh_session(&session.id).await?;
//! client.revoke_session(&session.id).await?;
//! # Ok(()) }
//! ```
//!
//! # The current session, for servers that see the browser's cookie
//!
//! A server behind a custom domain of the org receives the org's cookies. These operations take the cookie and never
//! carry the client's token.
//!
//! ```no_run
//! use session_client::{Client, Error, SessionCookie};
//!
//! # async fn example(cookie_header: &str) -> Result<(), Error> {
//! let client = Client::builder("https://login.example.com").build()?;
//! let cookie = SessionCookie::from_header(cookie_header)?;
//! match client.current_session_or_none(&cookie).await? {
//!     Some(session) => println!("signed in as {:?}", session.value().login),
//!     None => println!("nobody is signed in"),
//! }
//! # Ok(()) }
//! ```
//!
//! [`Client::get_current_session`] is the operation itself, which fails with 404 where nobody is signed in, and
//! [`Client::session_cookie_redirect`] is the address that signs a browser in.
//!
//! # Configuration
//!
//! [`Client::builder`] takes what it is given in code and reads nothing else. [`Client::from_env`] reads the environment
//! (`OKTA_CLIENT_ORGURL`, `OKTA_CLIENT_TOKEN` and the others that Okta's SDKs know) and, with the feature `config-file`,
//! the files `./okta.yaml` and `~/.okta/okta.yaml`. [`ClientBuilder`] lists the values, and
//! [`ClientBuilder::settings`] tells where each one came from.
//!
//! # When a call fails
//!
//! Every failure is an [`Error`]. It keeps the status, the headers and Okta's request id whenever there was an answer,
//! and tells what Okta says of the failure: [`Error::code`], [`Error::summary`], [`Error::api_error`].
//! [`Error::is_in_doubt`] tells whether what was asked may be done all the same.
//!
//! Before a call fails, its request is sent again, twice if not set otherwise, where that does no harm:
//! [the guide](guide::retry_and_limits) tells after which failures, and when. A session whose revocation was not answered,
//! and which the next attempt does not find, counts as revoked. A wait that would pass the deadline is not begun: the
//! failure comes back at once, and [`Error::retry_after`] tells the wait.
//!
//! Calls need a Tokio runtime with its timer. Every call ends: an attempt after 30 s, a call with all attempts and waits
//! after 120 s, a body after 1 MiB.
//! [`ClientBuilder`] sets retries, times, and the share of the rate limit to leave to the org's other clients.
//!
//! # Credentials
//!
//! A client holds one [`Credential`]:
//!
//! | credential | what it is |
//! |---|---|
//! | none | enough for the operations on the current session, which carry the user's cookie |
//! | [`ApiToken`] | an API token of the org; all other operations take it |
//! | [`BearerToken`] | an OAuth 2.0 access token that stays the same |
//! | [`TokenSource`] | what is asked for an access token before each request |
//! | `PrivateKeyJwt` (feature `oauth`) | a service app, whose access tokens the client gets by its private key, bound by DPoP where the org demands it |
//!
//! The specification decides which operation carries it; a call that cannot carry it fails before anything is
//! sent. [`Client::with_credential`] makes a client with another one on the same connections.
//!
//! Ids, tokens and cookies are credentials as well: whoever holds a session id can be the user. Their types check the value
//! when it is made, hide it when it is printed and wipe it from memory when they are dropped (copies inside the HTTP
//! stack are not wiped). `expose_secret` and serialization are the only ways to read one. Errors and responses are
//! safe to log: what Okta repeats of a request's credentials is masked.
//!
//! # What can come back
//!
//! The API grows without notice. Enums have a variant `Unknown` with the text that came, members that the specification
//! does not name are kept in [`Extra`], and all but the id of a session may be missing.
//!
//! # The guide
//!
//! [Credentials](guide::credentials), [errors](guide::errors), [retries and rate limits](guide::retry_and_limits),
//! [testing](guide::testing), and [what Okta's specification no longer has](guide::upstream).
#![cfg_attr(feature = "oauth", doc = "OAuth 2.0: [service apps](guide::service_apps).")]
//!
//! # Features
//!
//! | feature | default | what it brings |
//! |---|---|---|
//! | `rustls` | yes | TLS by rustls with aws-lc-rs, trusting the platform's roots |
//! | `rustls-no-provider` | | TLS by rustls with the crypto provider that the application installs |
//! | `native-tls` | | TLS by the platform's own library |
//! | `oauth` | | service apps: private-key JWT and DPoP, on aws-lc-rs |
//! | `config-file` | | configuration from `./okta.yaml` and `~/.okta/okta.yaml` |
//! | `tracing` | | a span for each operation with OpenTelemetry's names, an event for each retry |
//! | `schemars` | | JSON Schema of the types, by schemars 1 |

mod auth;
mod builder;
mod client;
mod clock;
mod config;
mod credentials;
mod current_session;
mod error;
mod error_summary;
mod extra;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod gate;
#[cfg(any(doc, doctest))]
pub mod guide;
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, missing_docs, reason = "generated code")]
mod generated;
mod headers;
mod links;
#[cfg(feature = "oauth")]
mod oauth;
mod observe;
mod open_enum;
mod operation;
/// The operations of the API as values: id, method, path and what they take.
#[rustfmt::skip]
pub mod operations;
mod parameter;
mod rate_limit;
pub mod redact;
mod response;
mod retry;
mod session;
mod transport;

pub use auth::{Credential, TokenFuture, TokenSource};
pub use builder::ClientBuilder;
pub use client::Client;
pub use clock::{Clock, Sleep};
pub use config::{Setting, Source};
pub use credentials::{ApiToken, BearerToken, InvalidValue, SessionCookie, SessionId, SessionToken};
pub use current_session::SessionCookieRedirect;
pub use error::{Error, ErrorKind, OAuthError};
pub use error_summary::ErrorSummary;
pub use extra::Extra;
pub use generated::types;
pub use links::Links;
#[cfg(feature = "oauth")]
pub use oauth::{PrivateKey, PrivateKeyJwt, SigningAlgorithm};
pub use operation::{Operation, Scheme};
pub use rate_limit::RateLimit;
pub use response::Response;

// The READMEs' examples run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct ProjectReadme;
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
