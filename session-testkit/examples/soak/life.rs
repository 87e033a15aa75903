//! A session from its beginning on, with all calls that are made for it, one after the other.

use std::time::Duration;

use session_client::types::CreateSessionRequest;
use session_client::{Client, Error, ErrorKind, Response, SessionCookie, SessionId};
use session_testkit::fake::FakeOrg;

/// No call takes so long: the client's own deadline is two minutes.
const ENDLESS: Duration = Duration::from_secs(180);

/// A call and what came of it.
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    /// What the request names its session by: token, id, or cookie.
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    Done {
        status: u16,
        attempts: u32,
    },
    Failed {
        kind: ErrorKind,
        status: Option<u16>,
        attempts: u32,
        in_doubt: bool,
    },
    /// The caller has lost interest: the future was dropped.
    Dropped,
    Endless,
}

impl Outcome {
    fn of<T>(outcome: &Result<Response<T>, Error>) -> Self {
        match outcome {
            Ok(response) => Self::Done { status: response.status().as_u16(), attempts: response.attempts() },
            Err(error) => Self::Failed {
                kind: error.kind(),
                status: error.status().map(|status| status.as_u16()),
                attempts: error.attempts(),
                in_doubt: error.is_in_doubt(),
            },
        }
    }

    fn is_not_found(&self) -> bool {
        matches!(self, Self::Failed { kind: ErrorKind::Status, status: Some(404), .. })
    }
}

/// What the calls say of the session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum State {
    /// It was never there.
    Unborn,
    Alive,
    Ended,
    /// A call that creates or ends it was lost, or dropped.
    Doubtful,
}

pub(crate) struct Life {
    pub(crate) id: Option<SessionId>,
    cookie: Option<SessionCookie>,
    pub(crate) state: State,
    pub(crate) calls: Vec<Call>,
    /// What contradicts itself.
    pub(crate) findings: Vec<String>,
}

impl Life {
    /// A session is created or a browser signs in; the session is used some times, and mostly ended. `make_fault` is
    /// called before each call.
    pub(crate) async fn live(
        org: &FakeOrg,
        client: &Client,
        random: &mut fastrand::Rng,
        mut make_fault: impl FnMut(&str),
    ) -> Self {
        let mut life = Self { id: None, cookie: None, state: State::Unborn, calls: Vec::new(), findings: Vec::new() };
        if random.u8(..3) > 0 {
            make_fault("createSession");
            life.create(org, client, random).await;
        } else {
            life.sign_in(org);
        }
        for _ in 0..random.u8(3..8) {
            // Who asks for what is gone mostly stops at that.
            let stops = life.state == State::Ended && random.bool();
            if stops || life.cookie.is_none() || !life.is_settled() {
                break;
            }
            let operation = life.choose(random);
            make_fault(operation);
            life.call(operation, client, random).await;
        }
        life
    }

    async fn create(&mut self, org: &FakeOrg, client: &Client, random: &mut fastrand::Rng) {
        let token = org.session_token(FakeOrg::LOGIN);
        let name = token.expose_secret().to_owned();
        let request = CreateSessionRequest::new(token);
        let (outcome, response) = until_dropped(client.create_session(&request), random).await;
        match (&outcome, response) {
            (_, Some(response)) => {
                let id = response.into_inner().id;
                self.cookie = SessionCookie::sid(id.expose_secret()).ok();
                self.id = Some(id);
                self.state = State::Alive;
            }
            (Outcome::Failed { in_doubt: false, .. }, None) => {}
            _ => self.state = State::Doubtful,
        }
        self.calls.push(Call { operation: "createSession", name, outcome });
    }

    fn sign_in(&mut self, org: &FakeOrg) {
        let cookie = org.browser_cookie(FakeOrg::LOGIN);
        // Only a session of `sid` has an id.
        self.id = cookie.expose_secret().strip_prefix("sid=").and_then(|id| SessionId::new(id).ok());
        self.cookie = Some(cookie);
        self.state = State::Alive;
    }

    fn choose(&self, random: &mut fastrand::Rng) -> &'static str {
        let ends = random.u8(..6) == 0;
        match (self.id.is_some() && random.bool(), ends) {
            (true, true) => "revokeSession",
            (false, true) => "closeCurrentSession",
            (true, false) if random.bool() => "getSession",
            (true, false) => "refreshSession",
            (false, false) if random.bool() => "getCurrentSession",
            (false, false) => "refreshCurrentSession",
        }
    }

    async fn call(&mut self, operation: &'static str, client: &Client, random: &mut fastrand::Rng) {
        let (name, outcome) = match (operation, &self.id, &self.cookie) {
            ("getSession", Some(id), _) => (id.expose_secret(), until_dropped(client.get_session(id), random).await.0),
            ("refreshSession", Some(id), _) => {
                (id.expose_secret(), until_dropped(client.refresh_session(id), random).await.0)
            }
            ("revokeSession", Some(id), _) => {
                (id.expose_secret(), until_dropped(client.revoke_session(id), random).await.0)
            }
            ("getCurrentSession", _, Some(cookie)) => {
                (cookie.expose_secret(), until_dropped(client.get_current_session(cookie), random).await.0)
            }
            ("refreshCurrentSession", _, Some(cookie)) => {
                (cookie.expose_secret(), until_dropped(client.refresh_current_session(cookie), random).await.0)
            }
            ("closeCurrentSession", _, Some(cookie)) => {
                (cookie.expose_secret(), until_dropped(client.close_current_session(cookie), random).await.0)
            }
            _ => return self.findings.push(format!("{operation} cannot be called for this session")),
        };
        let name = name.to_owned();
        let call = Call { operation, name, outcome };
        self.learn(&call);
        self.calls.push(call);
    }

    /// Takes in what a call says of the session.
    fn learn(&mut self, call: &Call) {
        let ends = matches!(call.operation, "revokeSession" | "closeCurrentSession");
        let found = matches!(call.outcome, Outcome::Done { .. }) && !ends;
        let missed = call.outcome.is_not_found();
        if (found && self.state == State::Ended) || (missed && self.state == State::Alive) {
            self.findings.push(format!("{} {:?} of a session that is {:?}", call.operation, call.outcome, self.state));
        }
        match &call.outcome {
            Outcome::Done { .. } if ends => self.state = State::Ended,
            _ if missed => self.state = State::Ended,
            Outcome::Failed { in_doubt: true, .. } | Outcome::Dropped if ends => self.state = State::Doubtful,
            _ => {}
        }
    }

    /// Whether no request of the session can still be on its way.
    pub(crate) fn is_settled(&self) -> bool {
        let loose = |call: &Call| matches!(call.outcome, Outcome::Dropped | Outcome::Endless);
        !self.calls.iter().any(loose)
    }

    /// Asks for the session after its time. The answer is what is wrong about what comes back.
    pub(crate) async fn find_expired(&mut self, client: &Client) -> Option<String> {
        let cookie = self.cookie.as_ref()?;
        let outcome = Outcome::of(&client.get_current_session(cookie).await);
        let wrong = !outcome.is_not_found();
        let call = Call { operation: "getCurrentSession", name: cookie.expose_secret().to_owned(), outcome };
        let finding = wrong.then(|| format!("{:?} of a session whose time is over", call.outcome));
        self.calls.push(call);
        finding
    }
}

/// The outcome of the call, and its answer if it succeeded. One caller in a hundred has no patience.
async fn until_dropped<T>(
    call: impl Future<Output = Result<Response<T>, Error>>,
    random: &mut fastrand::Rng,
) -> (Outcome, Option<Response<T>>) {
    let impatient = random.u8(..100) == 0;
    let patience = if impatient { Duration::from_micros(random.u64(..2000)) } else { ENDLESS };
    match tokio::time::timeout(patience, call).await {
        Ok(result) => (Outcome::of(&result), result.ok()),
        Err(_) if impatient => (Outcome::Dropped, None),
        Err(_) => (Outcome::Endless, None),
    }
}
