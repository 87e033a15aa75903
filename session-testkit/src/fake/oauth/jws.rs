//! Signed JSON Web Tokens in their compact form (RFC 7515): header, payload and signature, with dots between.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::key::PublicKey;

/// What the header of a token says. A member that stands there twice makes the token malformed, and so does one of a
/// wrong type.
#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) typ: Option<String>,
    pub(super) kid: Option<String>,
    pub(super) jwk: Option<Map<String, Value>>,
    /// Extensions that a reader has to understand. The org understands none.
    crit: Option<Value>,
}

/// A token that is well formed. Its signature is not checked yet.
pub(super) struct Jws<'a> {
    pub(super) header: Header,
    payload: Vec<u8>,
    signed: &'a str,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        // A payload with a dot is none of base64url.
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
        let jws = Self { header, payload: decode(payload)?, signed, signature: decode(signature)? };
        jws.header.crit.is_none().then_some(jws)
    }

    /// What the payload claims.
    pub(super) fn claims<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.payload).ok()
    }

    pub(super) fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(&self.header.alg, self.signed.as_bytes(), &self.signature)
    }
}
