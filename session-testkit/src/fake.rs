//! An Okta org in memory: a stateful Session API on loopback, for tests of code that has no tenant, no user and no
//! browser to test with.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use session_client::types::CreateSessionRequest;
//! use session_testkit::fake::FakeOrg;
//!
//! let org = FakeOrg::start().await;
//! let client = org.client().build()?;
//!
//! // A user signs in, and a session is made of it.
//! let request = CreateSessionRequest::new(org.session_token(FakeOrg::LOGIN));
//! let session = client.create_session(&request).await?.into_inner();
//! assert!(org.is_alive(&session.id));
//!
//! // Time passes when the test says so.
//! org.advance(Duration::from_secs(3 * 60 * 60));
//! assert!(client.get_session(&session.id).await.unwrap_err().is_not_found());
//! # Ok(()) }
//! ```
//!
//! It behaves as recordings and documentation of Okta's say that Okta does: statuses, error codes, headers, nulls and
//! links. Nothing of it is made from the specification or the client's types, so that it can catch their faults.
//!
//! # What it has
//!
//! | what | how |
//! |---|---|
//! | the seven session operations | `/api/v1/sessions…`, with the org's [API token](FakeOrg::api_token) or an [access token](FakeOrg::access_token) |
//! | users who sign in | `POST /api/v1/authn`, [`FakeOrg::session_token`]; [`FakeOrg::add_user`] |
//! | browsers | `GET /login/sessionCookieRedirect`, [`FakeOrg::browser_cookie`] |
//! | service apps and their access tokens | `POST /oauth2/v1/token`: [OAuth 2.0](#oauth-20) |
//! | Classic and Identity Engine orgs | [`FakeOrgBuilder::identity_engine`] |
//! | time | [`FakeOrg::advance`]; the clock stands still otherwise, and [`FakeOrg::client`] shares it: a client's wait moves it |
//! | rate limits | [`FakeOrgBuilder::rate_limit`], [`FakeOrgBuilder::concurrency_limit`] |
//! | faults | [`FakeOrg::fault`] with a [`Fault`] |
//! | a record of what was asked: the latest 10,000 requests | [`FakeOrg::requests`] |
//! | the same for tests in other languages | the [control endpoint](#the-control-endpoint) |
//!
//! # OAuth 2.0
//!
//! A service app that is [registered](FakeOrg::register_client) gets access tokens for the assertions that it signs. The
//! three operations that Okta gives to services take them: `getSession`, `refreshSession` and `revokeSession`. Everything is
//! checked for real, by the clock of the org:
//!
//! | what | how |
//! |---|---|
//! | assertions | RFC 7523, section 3, and Okta's own rules: `aud` is the URL of the token endpoint, `exp` an hour ahead at most, a `jti` comes once, whatever became of the request |
//! | scopes | those of the app and no others; a call needs its own |
//! | proofs (DPoP) | RFC 9449, section 4.3; [`FakeOrg::demand_dpop`] |
//! | nonces | at the token endpoint, whenever proofs are demanded; with [`FakeOrg::demand_nonce`] at the operations as well; [`FakeOrg::rotate_nonce`], [`FakeOrg::renew_nonce`] |
//! | tokens that are bound to a key | the proof is by that key and has the token's `ath`; no such token is taken as a bearer token |
//! | tokens that end | [`FakeOrg::set_access_token_lifetime`], [`FakeOrg::revoke_access_tokens`] |
//! | a record without secrets | [`FakeOrg::token_requests`] |
//! | faults of the token endpoint | [`Fault::of`] `"token"` |
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use session_client::types::CreateSessionRequest;
//! use session_client::{PrivateKey, PrivateKeyJwt};
//! use session_testkit::fake::FakeOrg;
//!
//! let org = FakeOrg::start().await;
//! # let request = CreateSessionRequest::new(org.session_token(FakeOrg::LOGIN));
//! # let id = org.client().build()?.create_session(&request).await?.into_inner().id;
//! let key = rcgen::KeyPair::generate()?.serialize_pem();
//! org.register_client("0oaExampleService", &key, &["okta.sessions.read"])?;
//! org.demand_dpop(true);
//!
//! let app = PrivateKeyJwt::new("0oaExampleService", PrivateKey::from_pem(&key)?)?;
//! org.client().credential(app).build()?.get_session(&id).await?;
//!
//! let outcomes: Vec<_> = org.token_requests().iter().map(|request| request.error.or(request.token_type)).collect();
//! assert_eq!(outcomes, [Some("invalid_dpop_proof"), Some("use_dpop_nonce"), Some("DPoP")]);
//! # Ok(()) }
//! ```
//!
//! # The control endpoint
//!
//! JSON over HTTP, below `/_fake`. It is not recorded and has no rate limit. Whoever can reach it owns the org: the org
//! listens on loopback unless told otherwise.
//!
//! | request | does |
//! |---|---|
//! | `GET /_fake` | shows the org: `url`, `apiToken`, `now`, `identityEngine`, `users`, `clients`, `demandDpop`, `demandNonce`, `sessionsAlive` |
//! | `POST /_fake/clock` `{"advanceSeconds": 60}` | moves the clock |
//! | `POST /_fake/users` `{"login": "…", "password": "…"}` | adds a user |
//! | `POST /_fake/session-tokens` `{"login": "…"}` | signs a user in: `{"sessionToken": "…"}` |
//! | `POST /_fake/cookies` `{"login": "…"}` | signs a browser in: `{"cookie": "sid=…"}` |
//! | `POST /_fake/access-tokens` `{"scopes": ["okta.sessions.read"]}` | issues an access token: `{"accessToken": "…"}` |
//! | `DELETE /_fake/access-tokens` | revokes all access tokens |
//! | `POST /_fake/clients` `{"clientId": "…", "key": "…", "scopes": ["okta.sessions.read"]}` | registers a service app; the key is PEM, or a JWK as text or JSON |
//! | `PUT /_fake/oauth` `{"demandDpop": true, "demandNonce": true, "accessTokenLifetimeSeconds": 60}` | changes what is there of these settings |
//! | `POST /_fake/nonce` `{"keepPrevious": false}` | changes the nonce, and may take the one before until the next change: `{"nonce": "…"}` |
//! | `GET /_fake/token-requests` | the record of token requests |
//! | `POST /_fake/faults` `{"operation": "revokeSession", "fault": "503", "times": 2}` | adds a [`Fault`]; without `operation` for all |
//! | `DELETE /_fake/faults` | drops all faults |
//! | `PUT /_fake/read-only` `{"readOnly": true}` | takes no changes, or takes them again |
//! | `GET /_fake/requests` | the record |
//! | `DELETE /_fake/requests` | empties the record |
//! | `POST /_fake/reset` | sessions, tokens, faults and records are gone; users, clients and settings stay |

mod answers;
mod control;
mod faults;
mod oauth;
mod org;
mod rate_limit;
mod record;
mod server;
mod sessions;
mod sign_in;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use session_client::{BearerToken, Client, ClientBuilder, SessionCookie, SessionId, SessionToken};

pub use self::faults::Fault;
use self::oauth::Grant;
pub use self::oauth::{InvalidKey, TokenRequest};
use self::org::{Org, Shared};
pub use self::record::RecordedRequest;
use crate::clock::TestClock;

/// An Okta org in memory. It ends when it is dropped.
#[derive(Debug)]
pub struct FakeOrg {
    shared: Arc<Shared>,
    address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl FakeOrg {
    /// The user that every org has.
    pub const LOGIN: &'static str = "ada@example.com";
    /// The password of that user.
    pub const PASSWORD: &'static str = "analytical-engine-1843";

    /// A Classic Engine org on a free port of loopback.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start() -> Self {
        Self::builder().start().await.expect("loopback has a free port")
    }

    /// Begins an org that differs from the usual one.
    pub fn builder() -> FakeOrgBuilder {
        FakeOrgBuilder::default()
    }

    /// The org's URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The org's API token.
    #[must_use]
    pub fn api_token(&self) -> String {
        self.shared.lock().api_token.clone()
    }

    /// Begins a client of the org, with its URL, its API token and its clock: a wait of the client takes no time and
    /// moves the clock of the org.
    pub fn client(&self) -> ClientBuilder {
        let builder = Client::builder(self.url()).api_token(self.api_token());
        match self.clock() {
            Some(clock) => builder.clock(Arc::new(clock)),
            None => builder,
        }
    }

    /// The org's clock; none where it goes by the machine's.
    #[must_use]
    pub fn clock(&self) -> Option<TestClock> {
        self.shared.time.test_clock()
    }

    /// The time of day in the org.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.shared.time.now()
    }

    /// Moves the org's clock on: sessions expire, tokens age, rate-limit windows roll.
    pub fn advance(&self, duration: Duration) {
        self.shared.time.advance(duration);
    }

    /// Adds a user, or gives one another password.
    pub fn add_user(&self, login: impl Into<String>, password: impl Into<String>) {
        self.shared.lock().add_user(login.into(), password.into());
    }

    /// A session token, as the user would get by signing in.
    ///
    /// # Panics
    /// There is no such user.
    #[must_use]
    pub fn session_token(&self, login: &str) -> SessionToken {
        let token = self.shared.with_now(|org, now| org.sign_in(login, now)).expect("there is such a user");
        SessionToken::new(token).expect("the org makes valid tokens")
    }

    /// The cookie of a browser in which the user has signed in: `sid`, or `idx` in an Identity Engine org.
    ///
    /// # Panics
    /// There is no such user.
    #[must_use]
    pub fn browser_cookie(&self, login: &str) -> SessionCookie {
        let cookie = self.shared.with_now(|org, now| org.sign_browser_in(login, now)).expect("there is such a user");
        SessionCookie::from_header(cookie).expect("the org makes valid cookies")
    }

    /// An OAuth 2.0 bearer token with these scopes, as a client would get by asking for it.
    ///
    /// # Panics
    /// Never: the org makes valid tokens.
    #[must_use]
    pub fn access_token(&self, scopes: &[&str]) -> BearerToken {
        let scopes = scopes.iter().map(ToString::to_string).collect();
        let token = self.shared.with_now(|org, now| oauth::issue(org, Grant::to_test(scopes), now));
        BearerToken::new(token).expect("the org makes valid tokens")
    }

    /// Whether the session with this id has not ended.
    #[must_use]
    pub fn is_alive(&self, id: &SessionId) -> bool {
        self.shared.with_now(|org, now| org.by_id(id.expose_secret(), now).is_some())
    }

    /// How many sessions have not ended.
    #[must_use]
    pub fn sessions_alive(&self) -> usize {
        self.shared.with_now(|org, now| org.alive(now).count())
    }

    /// Adds a fault, after those that are there.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use session_testkit::fake::{Fault, FakeOrg};
    ///
    /// let org = FakeOrg::start().await;
    /// org.fault(Fault::status(503).of("getCurrentSession").times(2));
    /// let client = org.client().build()?;
    /// let answer = client.get_current_session(&org.browser_cookie(FakeOrg::LOGIN)).await?;
    /// assert_eq!(answer.attempts(), 3);
    /// # Ok(()) }
    /// ```
    pub fn fault(&self, fault: Fault) {
        self.shared.lock().faults.push(fault);
    }

    /// Drops all faults.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Whether the org takes no changes, as during maintenance.
    pub fn set_read_only(&self, read_only: bool) {
        self.shared.lock().read_only = read_only;
    }

    /// What was asked so far, oldest first. The latest 10,000 requests are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.lock().record.to_vec()
    }

    /// What was asked since the last time, oldest first. The latest 10,000 requests are kept.
    #[must_use]
    pub fn take_requests(&self) -> Vec<RecordedRequest> {
        self.shared.lock().record.take()
    }

    /// Ends all sessions and forgets tokens, faults and the records. Users, clients and settings stay.
    pub fn reset(&self) {
        self.shared.lock().reset();
    }

    /// Runs until the org is stopped from outside; for programs that are nothing else.
    pub async fn run(mut self) {
        let _ = (&mut self.server).await;
    }
}

impl Drop for FakeOrg {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What a [`FakeOrg`] is made of.
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct FakeOrgBuilder {
    pub(crate) address: SocketAddr,
    pub(crate) seed: u64,
    pub(crate) identity_engine: bool,
    pub(crate) real_time: bool,
    pub(crate) rate_limit: (u64, Duration),
    pub(crate) concurrency_limit: Option<u64>,
    pub(crate) session_lifetime: Duration,
}

impl Default for FakeOrgBuilder {
    fn default() -> Self {
        Self {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            seed: 0,
            identity_engine: false,
            real_time: false,
            rate_limit: (600, Duration::from_secs(60)),
            concurrency_limit: None,
            session_lifetime: Duration::from_secs(2 * 60 * 60),
        }
    }
}

impl FakeOrgBuilder {
    /// The address to listen at. Port 0 is a free one. Beyond loopback everyone can reach the control endpoint.
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Where the ids and tokens begin: the same seed and the same requests give the same ones.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Makes it an Identity Engine org: browsers get the cookie `idx`, whose sessions no id names, and `/me` names no
    /// identity provider.
    pub fn identity_engine(mut self) -> Self {
        self.identity_engine = true;
        self
    }

    /// Lets the clock run with the machine's.
    pub fn real_time(mut self) -> Self {
        self.real_time = true;
        self
    }

    /// How many requests the session operations take together in a window; 600 in 60 s if not set.
    pub fn rate_limit(mut self, requests: u64, window: Duration) -> Self {
        self.rate_limit = (requests, window);
        self
    }

    /// How many requests may be under way at the same time; any number if not set.
    pub fn concurrency_limit(mut self, requests: u64) -> Self {
        self.concurrency_limit = Some(requests);
        self
    }

    /// How long a session lives after its creation or refresh; two hours if not set.
    pub fn session_lifetime(mut self, lifetime: Duration) -> Self {
        self.session_lifetime = lifetime;
        self
    }

    /// The org. It answers when this returns.
    ///
    /// # Errors
    /// The address is in use, or not one of this machine.
    pub async fn start(self) -> std::io::Result<FakeOrg> {
        let listener = tokio::net::TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(Org::new(&self, address), self.real_time));
        let server = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
        Ok(FakeOrg { shared, address, server })
    }
}
