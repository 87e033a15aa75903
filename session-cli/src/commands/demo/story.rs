//! What happens in the demonstration.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use session_client::types::{CreateSessionRequest, Session};
use session_client::{Client, Error, Operation, Response, SessionCookie, SessionId, SessionToken, operations};
use session_testkit::fake::FakeOrg;

use crate::commands::interruptible;
use crate::failure::{Failure, is_no_session};
use crate::output::Output;

/// Where it happens, with the token of a user who has signed in.
pub(super) enum Org<'a> {
    InMemory(&'a FakeOrg, SessionToken),
    Real(SessionToken),
}

/// A request and its answer.
pub(super) struct Step {
    pub(super) operation: &'static Operation,
    /// The path, with the id as it may be shown.
    pub(super) path: String,
    /// What the request carries beside it, without the secrets.
    pub(super) carries: Vec<&'static str>,
    pub(super) outcome: Outcome,
    pub(super) attempts: u32,
    pub(super) request_id: Option<String>,
    /// What changed, or why it failed.
    pub(super) changed: String,
    /// The session of the answer, as it may be shown.
    pub(super) session: Option<Value>,
}

/// How the request was answered.
#[derive(Clone, Copy)]
pub(super) enum Outcome {
    Done(u16),
    /// No session, as it has to be.
    Gone(u16),
    Failed(Option<u16>),
}

/// The demonstration as it goes.
pub(super) struct Story<'a> {
    client: &'a Client,
    output: &'a Output,
    steps: Vec<Step>,
    /// The session that is to be ended whatever happens.
    alive: Option<SessionId>,
}

/// How much time passes on the clock of the org in memory, so that a refresh changes something.
const WHILE: Duration = Duration::from_mins(10);

impl<'a> Story<'a> {
    pub(super) fn new(client: &'a Client, output: &'a Output) -> Self {
        Self { client, output, steps: Vec::new(), alive: None }
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Runs it. On a failure the session that it has created is ended.
    pub(super) async fn run(&mut self, org: Org<'_>) -> Result<(), Failure> {
        let outcome = self.act(org).await;
        if let (Err(_), Some(id)) = (&outcome, self.alive.take()) {
            // The failure is what counts; whether the session has ended shows in the table.
            let _ = self.revoke(&id).await;
        }
        outcome
    }

    async fn act(&mut self, org: Org<'_>) -> Result<(), Failure> {
        let client = self.client;
        let (fake, token) = match org {
            Org::InMemory(fake, token) => (Some(fake), token),
            Org::Real(token) => (None, token),
        };
        let pass_time = || fake.map(|fake| fake.advance(WHILE));

        let created = self.create(token).await?;
        let id = created.id.clone();
        let call = Box::pin(client.get_session(&id));
        self.read(&operations::GET_SESSION, Some(&id), call, |_| "the same session".to_owned()).await?;
        pass_time();
        let call = Box::pin(client.refresh_session(&id));
        let refreshed =
            self.read(&operations::REFRESH_SESSION, Some(&id), call, |session| new_end(&created, session)).await?;

        // A server would set this cookie in the user's browser, and find it in the browser's requests.
        let cookie = SessionCookie::sid(id.expose_secret())?;
        let output = self.output;
        let call = Box::pin(client.get_current_session(&cookie));
        self.read(&operations::GET_CURRENT_SESSION, None, call, |session| {
            format!("the same session; here\nits id is {}", output.id(session.id.expose_secret()))
        })
        .await?;
        pass_time();
        let call = Box::pin(client.refresh_current_session(&cookie));
        self.read(&operations::REFRESH_CURRENT_SESSION, None, call, |session| new_end(&refreshed, session)).await?;
        let closed = interruptible(Box::pin(client.close_current_session(&cookie))).await;
        self.end(&operations::CLOSE_CURRENT_SESSION, None, closed, false)?;

        let Some(fake) = fake else {
            // The one token made one session, which is closed.
            let revoked = interruptible(Box::pin(client.revoke_session(&id))).await;
            return self.end(&operations::REVOKE_SESSION, Some(&id), revoked, true);
        };
        let second = self.create(fake.session_token(FakeOrg::LOGIN)).await?.id;
        self.revoke(&second).await?;
        let call = Box::pin(client.get_session(&second));
        self.gone(&operations::GET_SESSION, &second, call).await
    }

    async fn create(&mut self, token: SessionToken) -> Result<Session, Failure> {
        let output = self.output;
        let client = self.client;
        let request = CreateSessionRequest::new(token);
        let call = Box::pin(client.create_session(&request));
        let session = self
            .read(&operations::CREATE_SESSION, None, call, |session| {
                let id = output.id(session.id.expose_secret());
                let login = session.login.as_deref().unwrap_or("the user");
                let status = session.status.as_ref().map_or("of no status", |status| status.as_str());
                format!("session {id}\nof {login},\n{status} until {}", clock(session.expires_at))
            })
            .await?;
        self.alive = Some(session.id.clone());
        Ok(session)
    }

    async fn revoke(&mut self, id: &SessionId) -> Result<(), Failure> {
        let revoked = interruptible(Box::pin(self.client.revoke_session(id))).await;
        self.end(&operations::REVOKE_SESSION, Some(id), revoked, false)
    }

    /// An operation that answers with a session.
    async fn read(
        &mut self,
        operation: &'static Operation,
        id: Option<&SessionId>,
        call: impl Future<Output = Result<Response<Session>, Error>>,
        changed: impl FnOnce(&Session) -> String,
    ) -> Result<Session, Failure> {
        let answer = interruptible(call).await;
        let answer = self.note_failure(operation, id, answer)?;
        let mut step = self.done(operation, id, &answer, changed(answer.value()));
        step.session = crate::session::json(&answer, self.output).ok();
        self.steps.push(step);
        Ok(answer.into_inner())
    }

    /// An operation that ends the session.
    fn end(
        &mut self,
        operation: &'static Operation,
        id: Option<&SessionId>,
        answer: Result<Response<()>, Failure>,
        is_gone: bool,
    ) -> Result<(), Failure> {
        self.alive = None;
        if let Err(failure) = &answer
            && is_gone
            && is_expected(failure)
        {
            self.note_gone(operation, id, failure, "it has ended already");
            return Ok(());
        }
        let answer = self.note_failure(operation, id, answer)?;
        let step = self.done(operation, id, &answer, "the session has ended".to_owned());
        self.steps.push(step);
        Ok(())
    }

    /// An operation that has to find no session.
    async fn gone(
        &mut self,
        operation: &'static Operation,
        id: &SessionId,
        call: impl Future<Output = Result<Response<Session>, Error>>,
    ) -> Result<(), Failure> {
        match interruptible(call).await {
            Err(failure) if is_expected(&failure) => {
                self.note_gone(operation, Some(id), &failure, "there is no such\nsession any more");
                Ok(())
            }
            answer => self.note_failure(operation, Some(id), answer).map(drop),
        }
    }

    fn note_gone(&mut self, operation: &'static Operation, id: Option<&SessionId>, failure: &Failure, changed: &str) {
        let mut step = self.step(operation, id, Outcome::Gone(404), changed.to_owned());
        step.tell(failure.error());
        self.steps.push(step);
    }

    /// Takes a failure into the record on its way out.
    fn note_failure<T>(
        &mut self,
        operation: &'static Operation,
        id: Option<&SessionId>,
        answer: Result<T, Failure>,
    ) -> Result<T, Failure> {
        answer.inspect_err(|failure| {
            let status = failure.error().and_then(Error::status).map(|status| status.as_u16());
            let mut step = self.step(operation, id, Outcome::Failed(status), "failed".to_owned());
            step.tell(failure.error());
            self.steps.push(step);
        })
    }

    fn done<T>(
        &self,
        operation: &'static Operation,
        id: Option<&SessionId>,
        answer: &Response<T>,
        changed: String,
    ) -> Step {
        let mut step = self.step(operation, id, Outcome::Done(answer.status().as_u16()), changed);
        step.attempts = answer.attempts();
        step.request_id = answer.request_id().map(str::to_owned);
        step
    }

    fn step(&self, operation: &'static Operation, id: Option<&SessionId>, outcome: Outcome, changed: String) -> Step {
        let id = id.map_or_else(String::new, |id| self.output.id(id.expose_secret()).into_owned());
        let mut carries = Vec::new();
        if operation.security.is_empty() {
            carries.push("Cookie: sid=***");
        } else {
            carries.push("Authorization: ***");
        }
        if *operation == operations::CREATE_SESSION {
            carries.push("{\"sessionToken\": \"***\"}");
        }
        let path = operation.path.replace("{sessionId}", &id);
        Step { operation, path, carries, outcome, attempts: 0, request_id: None, changed, session: None }
    }
}

impl Step {
    /// Adds what the failure tells.
    fn tell(&mut self, error: Option<&Error>) {
        let Some(error) = error else { return };
        self.attempts = error.attempts();
        self.request_id = error.request_id().map(str::to_owned);
        if let (Outcome::Failed(_), Some(summary)) = (self.outcome, error.summary()) {
            self.changed = summary.to_string();
        }
    }
}

fn is_expected(failure: &Failure) -> bool {
    failure.error().is_some_and(is_no_session)
}

/// What a refresh did.
fn new_end(before: &Session, now: &Session) -> String {
    if before.expires_at == now.expires_at {
        format!("until {} as before", clock(now.expires_at))
    } else {
        format!("until {},\nno longer {}", clock(now.expires_at), clock(before.expires_at))
    }
}

fn clock(time: Option<DateTime<Utc>>) -> String {
    time.map_or_else(|| "an unknown time".to_owned(), |time| time.format("%T").to_string())
}
