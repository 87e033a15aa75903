//! Access tokens: kept while they live, renewed before they end, fetched once however many calls wait.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http::HeaderValue;

use super::dpop::ProofKey;
use super::service::Service;
use super::token_endpoint;
use crate::credentials::BearerToken;
use crate::error::Error;
use crate::transport::{Limits, Transport};

/// A token is renewed at most this long before it ends.
const LONGEST_OVERLAP: Duration = Duration::from_mins(5);

/// How long a renewal may hold up a call whose token still lives.
const RENEWAL_TIME: Duration = Duration::from_secs(10);

/// How long a token that still lives is used without another attempt to renew it after one has failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// An access token, ready to be sent.
pub(super) struct AccessToken {
    pub(super) token: BearerToken,
    /// `Bearer` or `DPoP`, and the token.
    pub(super) header: HeaderValue,
    /// What a token that is bound by DPoP is bound to.
    pub(super) binding: Option<Binding>,
    /// When it ends, by the client's time of day.
    pub(super) ends: SystemTime,
    /// How long it lives in all.
    pub(super) life: Duration,
}

/// The key that a token is bound to, and the token's hash for the proofs.
pub(super) struct Binding {
    pub(super) key: Arc<ProofKey>,
    pub(super) token_hash: String,
}

impl AccessToken {
    fn is_ending(&self, now: SystemTime) -> bool {
        now + (self.life / 5).min(LONGEST_OVERLAP) >= self.ends
    }
}

/// The tokens with the same scopes: the one in use, and the fetching of the next.
pub(super) struct Tokens {
    pub(super) scopes: String,
    current: Mutex<Option<Arc<AccessToken>>>,
    /// Held by the call that fetches. When that call is dropped, the next one that waits takes over.
    fetching: tokio::sync::Mutex<Fetching>,
    /// How many fetches have failed.
    failures: AtomicU64,
}

#[derive(Default)]
struct Fetching {
    /// The last failure with its number, for the calls that waited for it.
    failure: Option<(u64, Arc<Error>)>,
    /// No early renewal before this time.
    pause_until: Option<SystemTime>,
}

/// Why there is no token.
pub(super) enum Failure {
    /// The time of the call was up.
    Deadline,
    /// The token endpoint gave none.
    Refused(Arc<Error>),
}

impl Tokens {
    pub(super) fn new(scopes: String) -> Self {
        Self { scopes, current: Mutex::default(), fetching: tokio::sync::Mutex::default(), failures: AtomicU64::new(0) }
    }

    /// The token, if it lives and is not to be renewed.
    pub(super) fn at_hand(&self, service: &Service, now: SystemTime) -> Option<Arc<AccessToken>> {
        self.living(service, now).filter(|token| !token.is_ending(now))
    }

    /// A token: the one in use, or else a new one.
    pub(super) async fn fetch(
        &self,
        service: &Service,
        transport: &Transport,
        end: Option<Duration>,
    ) -> Result<Arc<AccessToken>, Failure> {
        let now = transport.clock.time_of_day();
        if let Some(token) = self.living(service, now) {
            return Ok(self.renewed(token, service, transport, end).await);
        }
        let failures = self.failures.load(Ordering::Acquire);
        let mut fetching = self.fetching.lock().await;
        if let Some(token) = self.living(service, transport.clock.time_of_day()) {
            return Ok(token);
        }
        if let Some((number, failure)) = &fetching.failure
            && *number > failures
        {
            return Err(Failure::Refused(Arc::clone(failure)));
        }
        let limits = Limits { end, max_retries: transport.max_retries, gate: None };
        match token_endpoint::fetch(service, transport, &self.scopes, &limits).await {
            Ok(token) => Ok(self.keep(token)),
            // Calls that have more time try for themselves.
            Err(error) if error.is_deadline() => Err(Failure::Deadline),
            Err(error) => {
                let failure = Arc::new(error);
                let number = self.failures.fetch_add(1, Ordering::AcqRel) + 1;
                fetching.failure = Some((number, Arc::clone(&failure)));
                Err(Failure::Refused(failure))
            }
        }
    }

    /// Drops this token, which the org does not accept. One that was fetched since stays.
    pub(super) fn reject(&self, token: &Arc<AccessToken>) {
        self.current().take_if(|current| Arc::ptr_eq(current, token));
    }

    /// Renews a token that is ending. One call does; the others go on with what they have, and so does that one if it fails.
    async fn renewed(
        &self,
        token: Arc<AccessToken>,
        service: &Service,
        transport: &Transport,
        end: Option<Duration>,
    ) -> Arc<AccessToken> {
        let now = transport.clock.time_of_day();
        let Ok(mut fetching) = self.fetching.try_lock() else { return token };
        // Another call may have done it meanwhile.
        if let Some(renewed) = self.at_hand(service, now) {
            return renewed;
        }
        if fetching.pause_until.is_some_and(|until| now < until) {
            return token;
        }
        let soon = transport.clock.elapsed().saturating_add(RENEWAL_TIME);
        let limits = Limits { end: Some(end.map_or(soon, |end| end.min(soon))), max_retries: 0, gate: None };
        if let Ok(new) = token_endpoint::fetch(service, transport, &self.scopes, &limits).await {
            return self.keep(new);
        }
        fetching.pause_until = now.checked_add(PAUSE_AFTER_FAILURE);
        token
    }

    fn keep(&self, token: AccessToken) -> Arc<AccessToken> {
        Arc::clone(self.current().insert(Arc::new(token)))
    }

    fn living(&self, service: &Service, now: SystemTime) -> Option<Arc<AccessToken>> {
        let current = self.current();
        let token = current.as_ref().filter(|token| now < token.ends)?;
        let is_bound_well = token.binding.as_ref().is_none_or(|binding| service.proof_keys.is_current(&binding.key));
        is_bound_well.then(|| Arc::clone(token))
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Option<Arc<AccessToken>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
