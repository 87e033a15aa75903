//! What is known of the org's authorization server and of its API, from all of their answers.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName};
use url::Url;

use super::call::Call;
use super::dpop::ProofKeys;
use super::private_key_jwt::Settings;
use super::tokens::Tokens;
use crate::clock::Clock;
use crate::operation::Operation;
use crate::rate_limit;

/// One app at the authorization server of one org.
pub(crate) struct Service {
    /// The token endpoint.
    pub(super) endpoint: Url,
    pub(super) settings: Arc<Settings>,
    pub(super) proof_keys: Arc<ProofKeys>,
    pub(super) time: ServerTime,
    /// The latest nonce of the token endpoint.
    pub(super) endpoint_nonce: Nonce,
    /// The latest nonce of the API.
    pub(super) api_nonce: Nonce,
    wants_dpop: AtomicBool,
    /// Those with the same scopes together.
    tokens: Mutex<Vec<Arc<Tokens>>>,
}

impl Service {
    pub(super) fn new(endpoint: Url, settings: Arc<Settings>, proof_keys: Arc<ProofKeys>) -> Self {
        Self {
            wants_dpop: AtomicBool::new(settings.requires_dpop),
            endpoint,
            settings,
            proof_keys,
            time: ServerTime::default(),
            endpoint_nonce: Nonce::default(),
            api_nonce: Nonce::default(),
            tokens: Mutex::default(),
        }
    }

    /// What authorises a call of the operation, which needs these scopes.
    pub(crate) fn begin<'a>(
        &'a self,
        operation: &'static Operation,
        scopes: &[&str],
        clock: &'a dyn Clock,
    ) -> Call<'a> {
        let tokens = match &self.settings.scopes {
            Some(scopes) => self.tokens(scopes),
            None => self.tokens(&scopes.join(" ")),
        };
        Call::new(self, tokens, operation, clock)
    }

    /// Whether the org, or the app itself, wants tokens that are bound by DPoP.
    pub(super) fn wants_dpop(&self) -> bool {
        self.wants_dpop.load(Ordering::Relaxed)
    }

    /// The org has said whether it wants such tokens.
    pub(super) fn set_wants_dpop(&self, wants: bool) {
        self.wants_dpop.store(wants || self.settings.requires_dpop, Ordering::Relaxed);
    }

    fn tokens(&self, scopes: &str) -> Arc<Tokens> {
        let mut known = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tokens) = known.iter().find(|tokens| tokens.scopes == scopes) {
            return Arc::clone(tokens);
        }
        let tokens = Arc::new(Tokens::new(scopes.to_owned()));
        known.push(Arc::clone(&tokens));
        tokens
    }
}

/// The server's time of day, which assertions and proofs are judged by. Until an answer has told it, that of the client.
#[derive(Default)]
pub(super) struct ServerTime {
    /// How far the server's clock is ahead, in seconds.
    ahead: AtomicI64,
}

impl ServerTime {
    /// In seconds since 1970.
    pub(super) fn now(&self, clock: &dyn Clock) -> u64 {
        seconds(clock.time_of_day()).saturating_add_signed(self.ahead())
    }

    /// How far the server's clock is ahead of the client's, in seconds.
    pub(super) fn ahead(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
    }

    /// Takes in the header `Date`.
    pub(super) fn learn(&self, clock: &dyn Clock, headers: &HeaderMap) {
        if let Some(date) = rate_limit::date(headers) {
            let ahead = i128::from(seconds(date)) - i128::from(seconds(clock.time_of_day()));
            self.ahead.store(i64::try_from(ahead).unwrap_or(0), Ordering::Relaxed);
        }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).as_ref().map_or(0, Duration::as_secs)
}

/// What a server wants to find in the next proof. The newest counts.
#[derive(Default)]
pub(super) struct Nonce(Mutex<Option<Arc<str>>>);

const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

impl Nonce {
    pub(super) fn get(&self) -> Option<Arc<str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes in the header `DPoP-Nonce`. False if there is none.
    pub(super) fn learn(&self, headers: &HeaderMap) -> bool {
        let Some(nonce) = headers.get(NONCE).and_then(|value| value.to_str().ok()).filter(|nonce| !nonce.is_empty())
        else {
            return false;
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_deref() != Some(nonce) {
            *known = Some(nonce.into());
        }
        true
    }
}
