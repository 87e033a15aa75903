//! What the org holds: users, tokens and sessions, and the rules by which they come and go.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use session_client::Clock;

use super::faults::Fault;
use super::oauth::OAuth;
use super::rate_limit::RateLimiter;
use super::record::Record;
use super::{FakeOrg, FakeOrgBuilder};
use crate::clock::TestClock;

/// How long a session token can be used.
const TOKEN_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// The org and its clock, shared by all who serve it.
#[derive(Debug)]
pub(super) struct Shared {
    org: Mutex<Org>,
    pub(super) time: Time,
}

impl Shared {
    pub(super) fn new(org: Org, real_time: bool) -> Self {
        let time = if real_time { Time::Machine(Mutex::default()) } else { Time::Test(TestClock::new()) };
        Self { org: Mutex::new(org), time }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Org> {
        self.org.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn with_now<T>(&self, act: impl FnOnce(&mut Org, SystemTime) -> T) -> T {
        act(&mut self.lock(), self.time.now())
    }
}

/// The org's clock.
#[derive(Debug)]
pub(super) enum Time {
    /// It stands still until it is moved.
    Test(TestClock),
    /// The machine's, and by how much it was moved.
    Machine(Mutex<Duration>),
}

impl Time {
    pub(super) fn now(&self) -> SystemTime {
        match self {
            Self::Test(clock) => clock.time_of_day(),
            Self::Machine(moved) => SystemTime::now() + *moved.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    pub(super) fn advance(&self, duration: Duration) {
        match self {
            Self::Test(clock) => clock.advance(duration),
            Self::Machine(moved) => *moved.lock().unwrap_or_else(PoisonError::into_inner) += duration,
        }
    }

    pub(super) fn test_clock(&self) -> Option<TestClock> {
        match self {
            Self::Test(clock) => Some(clock.clone()),
            Self::Machine(_) => None,
        }
    }

    /// Ends when so much time has passed.
    pub(super) async fn delay(&self, duration: Duration) {
        match self {
            Self::Test(clock) => clock.timer(duration).await,
            Self::Machine(_) => tokio::time::sleep(duration).await,
        }
    }
}

#[derive(Debug)]
pub(super) struct Org {
    pub(super) url: String,
    pub(super) api_token: String,
    pub(super) id: String,
    pub(super) identity_engine: bool,
    pub(super) read_only: bool,
    pub(super) faults: Vec<Fault>,
    pub(super) record: Record,
    pub(super) rate_limiter: RateLimiter,
    pub(super) oauth: OAuth,
    session_lifetime: Duration,
    users: HashMap<String, User>,
    session_tokens: HashMap<String, (String, SystemTime)>,
    /// By external id, with the other names below.
    sessions: HashMap<String, Session>,
    ids: HashMap<String, String>,
    idx_cookies: HashMap<String, String>,
    random: fastrand::Rng,
}

#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) login: String,
    password: String,
}

#[derive(Debug, Clone)]
pub(super) struct Session {
    /// What the by-id operations know it by, and the value of the cookie `sid`; none for a session of Identity Engine.
    pub(super) id: Option<String>,
    /// What `/me` and links call it.
    pub(super) external_id: String,
    /// The value of the cookie `idx`.
    idx: Option<String>,
    pub(super) user: User,
    pub(super) created: SystemTime,
    pub(super) expires: SystemTime,
}

impl Org {
    pub(super) fn new(builder: &FakeOrgBuilder, address: SocketAddr) -> Self {
        let (limit, window) = builder.rate_limit;
        let mut org = Self {
            url: format!("http://{address}"),
            api_token: String::new(),
            id: String::new(),
            identity_engine: builder.identity_engine,
            read_only: false,
            faults: Vec::new(),
            record: Record::default(),
            rate_limiter: RateLimiter::new(limit, window, builder.concurrency_limit),
            oauth: OAuth::new(builder.seed),
            session_lifetime: builder.session_lifetime,
            users: HashMap::new(),
            session_tokens: HashMap::new(),
            sessions: HashMap::new(),
            ids: HashMap::new(),
            idx_cookies: HashMap::new(),
            random: fastrand::Rng::with_seed(builder.seed),
        };
        org.api_token = org.token("00", 40);
        org.id = org.token("00o", 17);
        org.add_user(FakeOrg::LOGIN.to_owned(), FakeOrg::PASSWORD.to_owned());
        org
    }

    /// A prefix and so many characters of the alphabet of ids.
    pub(super) fn token(&mut self, prefix: &str, length: usize) -> String {
        let random = (0..length).map(|_| self.random.alphanumeric());
        prefix.chars().chain(random).collect()
    }

    pub(super) fn add_user(&mut self, login: String, password: String) {
        let known = self.users.get(&login).map(|user| user.id.clone());
        let id = known.unwrap_or_else(|| self.token("00u", 17));
        self.users.insert(login.clone(), User { id, login, password });
    }

    pub(super) fn logins(&self) -> impl Iterator<Item = &String> {
        self.users.keys()
    }

    pub(super) fn has_password(&self, login: &str, password: &str) -> bool {
        self.users.get(login).is_some_and(|user| user.password == password)
    }

    pub(super) fn user(&self, login: &str) -> Option<&User> {
        self.users.get(login)
    }

    /// A session token for the user.
    pub(super) fn sign_in(&mut self, login: &str, now: SystemTime) -> Option<String> {
        self.users.get(login)?;
        let token = self.token("20111", 50);
        self.session_tokens.insert(token.clone(), (login.to_owned(), now + TOKEN_LIFETIME));
        Some(token)
    }

    /// The login of a session token. It works once.
    pub(super) fn use_session_token(&mut self, token: &str, now: SystemTime) -> Option<String> {
        self.session_tokens.remove(token).filter(|(_, end)| now < *end).map(|(login, _)| login)
    }

    /// A session that an id names.
    pub(super) fn create(&mut self, login: &str, now: SystemTime) -> Option<Session> {
        let id = self.token("102", 22);
        self.begin(login, Some(id), None, now)
    }

    /// The cookie of a new session in a browser.
    pub(super) fn sign_browser_in(&mut self, login: &str, now: SystemTime) -> Option<String> {
        if self.identity_engine {
            let idx = self.token("eyJ", 60);
            self.begin(login, None, Some(idx.clone()), now)?;
            return Some(format!("idx={idx}"));
        }
        let session = self.create(login, now)?;
        session.id.map(|id| format!("sid={id}"))
    }

    fn begin(&mut self, login: &str, id: Option<String>, idx: Option<String>, now: SystemTime) -> Option<Session> {
        let user = self.users.get(login)?.clone();
        let external_id = self.token("102", 22);
        let expires = now + self.session_lifetime;
        if let Some(id) = &id {
            self.ids.insert(id.clone(), external_id.clone());
        }
        if let Some(idx) = &idx {
            self.idx_cookies.insert(idx.clone(), external_id.clone());
        }
        let session = Session { id, external_id, idx, user, created: now, expires };
        self.sessions.insert(session.external_id.clone(), session.clone());
        Some(session)
    }

    pub(super) fn alive(&self, now: SystemTime) -> impl Iterator<Item = &Session> {
        self.sessions.values().filter(move |session| now < session.expires)
    }

    /// The session that an id names.
    pub(super) fn by_id(&self, id: &str, now: SystemTime) -> Option<Session> {
        let session = self.sessions.get(self.ids.get(id)?)?;
        (now < session.expires).then(|| session.clone())
    }

    /// The session of a browser with these cookies.
    pub(super) fn by_cookies(&self, sid: Option<&str>, idx: Option<&str>, now: SystemTime) -> Option<Session> {
        let by_idx = || {
            let session = self.sessions.get(self.idx_cookies.get(idx?)?)?;
            (now < session.expires).then(|| session.clone())
        };
        sid.and_then(|sid| self.by_id(sid, now)).or_else(by_idx)
    }

    /// Gives the session its whole lifetime again.
    pub(super) fn refresh(&mut self, session: &Session, now: SystemTime) -> Session {
        let refreshed = Session { expires: now + self.session_lifetime, ..session.clone() };
        self.sessions.insert(refreshed.external_id.clone(), refreshed.clone());
        refreshed
    }

    pub(super) fn end(&mut self, session: &Session) {
        self.sessions.remove(&session.external_id);
        session.id.as_ref().map(|id| self.ids.remove(id));
        session.idx.as_ref().map(|idx| self.idx_cookies.remove(idx));
    }

    pub(super) fn reset(&mut self) {
        self.sessions.clear();
        self.ids.clear();
        self.idx_cookies.clear();
        self.session_tokens.clear();
        self.oauth.reset();
        self.faults.clear();
        self.record.take();
        self.rate_limiter.reset();
        self.read_only = false;
    }
}
