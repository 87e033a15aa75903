//! The service apps of the org: which keys prove them, and what they may ask for.

use std::fmt;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair, RsaKeyPair,
};
use rustls_pki_types::pem::{PemObject, SectionKind};
use serde_json::{Map, Value};

use super::jws::Jws;
use super::key::PublicKey;

/// A text that holds no key of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidKey(&'static str);

impl fmt::Display for InvalidKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidKey {}

const FORM: InvalidKey = InvalidKey("the key has to be a JWK, a JWK set, or PEM with a public or private key");
const UNKNOWN: InvalidKey = InvalidKey("the key has to be RSA with 2048 to 8192 bits, or EC on P-256, P-384 or P-521");

/// A service app.
#[derive(Debug)]
pub(super) struct Client {
    keys: Vec<RegisteredKey>,
    pub(super) scopes: Vec<String>,
}

#[derive(Debug)]
struct RegisteredKey {
    id: Option<String>,
    key: PublicKey,
}

impl Client {
    pub(super) fn new(key: &str, scopes: &[&str]) -> Result<Self, InvalidKey> {
        let keys = match serde_json::from_str::<Map<String, Value>>(key) {
            Ok(json) => from_json(&json)?,
            Err(_) => vec![RegisteredKey { id: None, key: from_pem(key)? }],
        };
        Ok(Self { keys, scopes: scopes.iter().map(ToString::to_string).collect() })
    }

    /// The key that the assertion says it is signed with. A key without an id goes by any, and an assertion need not name
    /// the only key.
    pub(super) fn key_of(&self, assertion: &Jws<'_>) -> Option<&PublicKey> {
        let is_meant = |registered: &&RegisteredKey| match (&registered.id, &assertion.header.kid) {
            (Some(id), Some(named)) => id == named,
            (None, _) => true,
            (Some(_), None) => self.keys.len() == 1,
        };
        self.keys.iter().find(is_meant).map(|registered| &registered.key)
    }
}

fn from_json(json: &Map<String, Value>) -> Result<Vec<RegisteredKey>, InvalidKey> {
    let registered = |jwk: &Map<String, Value>| {
        let id = jwk.get("kid").and_then(Value::as_str).map(str::to_owned);
        Ok(RegisteredKey { id, key: PublicKey::from_jwk(jwk).ok_or(UNKNOWN)? })
    };
    match json.get("keys") {
        None => Ok(vec![registered(json)?]),
        Some(Value::Array(keys)) if !keys.is_empty() => {
            keys.iter().map(|jwk| registered(jwk.as_object().ok_or(FORM)?)).collect()
        }
        Some(_) => Err(FORM),
    }
}

/// The first key of the text. Of a private one only the public half is kept.
fn from_pem(text: &str) -> Result<PublicKey, InvalidKey> {
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes()) {
        let (kind, der) = section.map_err(|_| FORM)?;
        let public = match kind {
            SectionKind::PublicKey => PublicKey::from_x509(&der),
            SectionKind::PrivateKey => {
                rsa(RsaKeyPair::from_pkcs8(&der).ok()).or_else(|| ec(&der, EcdsaKeyPair::from_pkcs8))
            }
            SectionKind::RsaPrivateKey => rsa(RsaKeyPair::from_der(&der).ok()),
            SectionKind::EcPrivateKey => ec(&der, EcdsaKeyPair::from_private_key_der),
            _ => continue,
        };
        return public.ok_or(UNKNOWN);
    }
    Err(FORM)
}

fn rsa(pair: Option<RsaKeyPair>) -> Option<PublicKey> {
    PublicKey::from_x509(pair?.public_key().as_der().ok()?.as_ref())
}

type Read<E> = fn(&'static EcdsaSigningAlgorithm, &[u8]) -> Result<EcdsaKeyPair, E>;

fn ec<E>(der: &[u8], read: Read<E>) -> Option<PublicKey> {
    let curves = [&ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P384_SHA384_FIXED_SIGNING, &ECDSA_P521_SHA512_FIXED_SIGNING];
    let pair = curves.into_iter().find_map(|curve| read(curve, der).ok())?;
    PublicKey::from_x509(pair.public_key().as_der().ok()?.as_ref())
}
