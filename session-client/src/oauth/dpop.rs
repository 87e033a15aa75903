//! Proofs that whoever sends a token also holds the key that it is bound to
//! ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449#section-4)). A proof is for one request and works once.

use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use http::Method;
use secrecy::SecretString;
use serde::Serialize;
use url::Url;

use super::jws;

/// How many bytes each coordinate of a public key has.
const COORDINATE: usize = 32;

/// The key of the proofs, made by this process and known to it alone.
pub(super) struct ProofKey {
    pair: EcdsaKeyPair,
    /// The header of every proof, with the public half of the key.
    header: String,
}

#[derive(Serialize)]
struct Header {
    typ: &'static str,
    alg: &'static str,
    jwk: PublicJwk,
}

#[derive(Serialize)]
struct PublicJwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
    y: String,
}

/// What a proof is for.
pub(super) struct Purpose<'a> {
    pub(super) method: &'a Method,
    pub(super) url: &'a Url,
    /// The server's latest nonce.
    pub(super) nonce: Option<&'a str>,
    /// The hash of the access token that is sent along, if one is.
    pub(super) token_hash: Option<&'a str>,
    /// The server's time, in seconds since 1970.
    pub(super) now: u64,
}

#[derive(Serialize)]
struct Claims<'a> {
    htm: &'a str,
    htu: &'a str,
    iat: u64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<&'a str>,
}

impl ProofKey {
    fn generate() -> Result<Self, Unspecified> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        // The point as SEC1 writes it: a mark, and the two coordinates.
        let point = pair.public_key().as_ref().get(1..).ok_or(Unspecified)?;
        let (x, y) = point.split_at_checked(COORDINATE).ok_or(Unspecified)?;
        let jwk = PublicJwk { kty: "EC", crv: "P-256", x: jws::encoded(x), y: jws::encoded(y) };
        let header = jws::part(&Header { typ: "dpop+jwt", alg: "ES256", jwk })?;
        Ok(Self { pair, header })
    }

    /// A new proof.
    pub(super) fn prove(&self, purpose: &Purpose<'_>) -> Result<SecretString, Unspecified> {
        let mut url = purpose.url.clone();
        url.set_query(None);
        url.set_fragment(None);
        let claims = Claims {
            htm: purpose.method.as_str(),
            htu: url.as_str(),
            iat: purpose.now,
            jti: jws::new_id()?,
            nonce: purpose.nonce,
            ath: purpose.token_hash,
        };
        jws::compact(&self.header, &claims, |message| self.pair.sign(&SystemRandom::new(), message))
    }
}

/// The hash of a token that a proof carries: the claim `ath`.
pub(super) fn token_hash(token: &str) -> String {
    jws::encoded(digest(&SHA256, token.as_bytes()))
}

/// The key in use, which can be exchanged for a new one.
#[derive(Default)]
pub(super) struct ProofKeys(Mutex<Option<Arc<ProofKey>>>);

impl ProofKeys {
    /// The key in use; the first call makes it.
    pub(super) fn current(&self) -> Result<Arc<ProofKey>, Unspecified> {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match current.take() {
            Some(key) => key,
            None => Arc::new(ProofKey::generate()?),
        };
        Ok(Arc::clone(current.insert(key)))
    }

    pub(super) fn is_current(&self, key: &Arc<ProofKey>) -> bool {
        let current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().is_some_and(|current| Arc::ptr_eq(current, key))
    }

    /// Drops the key in use: the next proof is of a new one.
    pub(super) fn rotate(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
