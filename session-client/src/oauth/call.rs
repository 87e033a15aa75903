//! The authorisation of one call by an access token.

use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use reqwest::Request;
use secrecy::{ExposeSecret, SecretString};

use super::dpop::Purpose;
use super::service::Service;
use super::tokens::{AccessToken, Failure, Tokens};
use crate::auth::{Authorize, Fetching};
use crate::clock::Clock;
use crate::error::Error;
use crate::operation::Operation;
use crate::transport::{Received, Transport};

/// How often a server may ask for another nonce in one call.
pub(super) const MOST_NONCES: u32 = 2;

const PROOF: HeaderName = HeaderName::from_static("dpop");
const AGENT: HeaderName = HeaderName::from_static("x-okta-user-agent-extended");
const AGENT_WITH_PROOFS: HeaderValue = HeaderValue::from_static("isDPoP:true");

/// Authorises the attempts of one call.
pub(crate) struct Call<'a> {
    service: &'a Service,
    tokens: Arc<Tokens>,
    operation: &'static Operation,
    clock: &'a dyn Clock,
    /// A token that was fetched for the next attempt.
    fetched: Option<Arc<AccessToken>>,
    /// What the last attempt carried.
    sent: Option<(Arc<AccessToken>, Option<SecretString>)>,
    nonces: u32,
    has_renewed: bool,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        service: &'a Service,
        tokens: Arc<Tokens>,
        operation: &'static Operation,
        clock: &'a dyn Clock,
    ) -> Self {
        Self { service, tokens, operation, clock, fetched: None, sent: None, nonces: 0, has_renewed: false }
    }
}

impl Authorize for Call<'_> {
    fn add(&mut self, request: &mut Request) -> Result<bool, Error> {
        let at_hand = || self.tokens.at_hand(self.service, self.clock.time_of_day());
        let Some(token) = self.fetched.take().or_else(at_hand) else { return Ok(false) };
        let mut proof = None;
        if let Some(binding) = &token.binding {
            let nonce = self.service.api_nonce.get();
            let purpose = Purpose {
                method: request.method(),
                url: request.url(),
                nonce: nonce.as_deref(),
                token_hash: Some(&binding.token_hash),
                now: self.service.time.now(self.clock),
            };
            let signed = binding.key.prove(&purpose).map_err(|_| Error::unsigned(self.operation))?;
            add_proof(request.headers_mut(), &signed).ok_or_else(|| Error::unsigned(self.operation))?;
            proof = Some(signed);
        }
        request.headers_mut().insert(AUTHORIZATION, token.header.clone());
        self.sent = Some((token, proof));
        Ok(true)
    }

    fn fetch<'a>(&'a mut self, transport: &'a Transport, end: Option<Duration>) -> Fetching<'a> {
        Box::pin(async move {
            let fetched = self.tokens.fetch(self.service, transport, end).await;
            self.fetched = Some(fetched.map_err(|failure| match failure {
                Failure::Deadline => Error::deadline(self.operation),
                Failure::Refused(failure) => Error::no_access_token(self.operation, &failure),
            })?);
            Ok(())
        })
    }

    fn take_in(&mut self, received: &Received) -> bool {
        let (Some(head), Some((token, _))) = (&received.head, &self.sent) else { return false };
        self.service.time.learn(self.clock, &head.headers);
        let has_nonce = self.service.api_nonce.learn(&head.headers);
        if head.status != StatusCode::UNAUTHORIZED {
            return false;
        }
        if token.binding.is_some() && has_nonce && demands_nonce(&head.headers) {
            self.nonces += 1;
            return self.nonces <= MOST_NONCES;
        }
        if self.has_renewed {
            return false;
        }
        self.has_renewed = true;
        self.tokens.reject(token);
        true
    }

    fn secrets<'a>(&'a self, secrets: &mut Vec<&'a str>) {
        if let Some((token, proof)) = &self.sent {
            secrets.push(token.token.expose_secret());
            secrets.extend(proof.as_ref().map(ExposeSecret::expose_secret));
        }
    }
}

/// Adds a proof to a request. None: it cannot stand in a header.
pub(super) fn add_proof(headers: &mut HeaderMap, proof: &SecretString) -> Option<()> {
    let mut value = HeaderValue::from_str(proof.expose_secret()).ok()?;
    value.set_sensitive(true);
    headers.insert(PROOF, value);
    headers.insert(AGENT, AGENT_WITH_PROOFS);
    Some(())
}

/// Whether the proof was refused for want of a nonce
/// ([RFC 9449, section 9](https://www.rfc-editor.org/rfc/rfc9449#section-9)).
fn demands_nonce(headers: &HeaderMap) -> bool {
    let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    challenges.into_iter().any(|challenge| challenge.contains("use_dpop_nonce"))
}
