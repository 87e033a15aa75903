//! Private keys as JSON Web Keys ([RFC 7518, section 6](https://www.rfc-editor.org/rfc/rfc7518#section-6)).

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use serde::Deserialize;

use super::private_key::{KeyPair, SigningAlgorithm, refused};
use crate::InvalidValue;

/// A key, and what its JWK says of it.
pub(super) struct Jwk {
    pub(super) pair: KeyPair,
    pub(super) id: Option<String>,
    pub(super) algorithm: Option<SigningAlgorithm>,
}

/// The members that are looked at.
#[derive(Deserialize)]
struct Members {
    kty: Option<String>,
    crv: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    r#use: Option<String>,
    keys: Option<serde::de::IgnoredAny>,
    n: Option<SecretString>,
    e: Option<SecretString>,
    d: Option<SecretString>,
    p: Option<SecretString>,
    q: Option<SecretString>,
    dp: Option<SecretString>,
    dq: Option<SecretString>,
    qi: Option<SecretString>,
    x: Option<SecretString>,
    y: Option<SecretString>,
}

pub(super) fn read(json: &str) -> Result<Jwk, InvalidValue> {
    // The message of serde can repeat the value it stumbled over.
    let members: Members = serde_json::from_str(json).map_err(|_| refused("is no JWK: it must be one JSON object"))?;
    if members.keys.is_some() {
        return Err(refused("must be one JWK, not a set of them"));
    }
    if members.kty.is_some() && members.d.is_none() {
        return Err(refused("must be a private key: the JWK has no member `d`"));
    }
    if members.r#use.as_deref().is_some_and(|usage| usage != "sig") {
        return Err(refused("must be for signatures: the JWK's `use` is another one than `sig`"));
    }
    let pair = match members.kty.as_deref() {
        Some("RSA") => rsa(&members)?,
        Some("EC") => ec(&members)?,
        _ => return Err(refused("must be a JWK whose `kty` is `RSA` or `EC`")),
    };
    let algorithm = match members.alg.as_deref().map(SigningAlgorithm::from_name) {
        None => None,
        Some(Some(algorithm)) if pair.can_sign(algorithm) => Some(algorithm),
        Some(_) => return Err(refused("the JWK's `alg` must be RS256, RS384, RS512, ES256 or ES384, and fit the key")),
    };
    Ok(Jwk { pair, id: members.kid.filter(|id| !id.is_empty()), algorithm })
}

fn rsa(members: &Members) -> Result<KeyPair, InvalidValue> {
    let part = |member: &Option<SecretString>| match member {
        Some(text) => decoded(text),
        None => Err(refused("the JWK of an RSA key must have all of n, e, d, p, q, dp, dq and qi")),
    };
    let (n, e) = (part(&members.n)?, part(&members.e)?);
    let components = KeyPairComponents {
        // Some tools write numbers with a sign.
        public_key: PublicKeyComponents { n: without_zeros(&n), e: without_zeros(&e) },
        d: part(&members.d)?.expose_secret().to_vec(),
        p: part(&members.p)?.expose_secret().to_vec(),
        q: part(&members.q)?.expose_secret().to_vec(),
        dP: part(&members.dp)?.expose_secret().to_vec(),
        dQ: part(&members.dq)?.expose_secret().to_vec(),
        qInv: part(&members.qi)?.expose_secret().to_vec(),
    };
    RsaKeyPair::from_components(&components).map(KeyPair::Rsa).map_err(|_| {
        refused("the parts of the RSA key must belong together, and its modulus must have 2048 to 8192 bits")
    })
}

fn ec(members: &Members) -> Result<KeyPair, InvalidValue> {
    let (curve, size, wrap): (_, _, fn(EcdsaKeyPair) -> KeyPair) = match members.crv.as_deref() {
        Some("P-256") => (&ECDSA_P256_SHA256_FIXED_SIGNING, 32, KeyPair::P256),
        Some("P-384") => (&ECDSA_P384_SHA384_FIXED_SIGNING, 48, KeyPair::P384),
        _ => return Err(refused("must be on the curve P-256 or P-384: the JWK's `crv` is another one")),
    };
    let part = |member: &Option<SecretString>| match member {
        Some(text) => padded(&decoded(text)?, size),
        None => Err(refused("the JWK of an EC key must have all of crv, x, y and d")),
    };
    let (x, y, d) = (part(&members.x)?, part(&members.y)?, part(&members.d)?);
    // The point as SEC1 writes it, uncompressed.
    let point = [&[4], x.expose_secret(), y.expose_secret()].concat();
    EcdsaKeyPair::from_private_key_and_public_key(curve, d.expose_secret(), &point)
        .map(wrap)
        .map_err(|_| refused("the private part of the EC key must belong to the public one"))
}

fn decoded(text: &SecretString) -> Result<SecretSlice<u8>, InvalidValue> {
    let bytes = URL_SAFE_NO_PAD.decode(text.expose_secret().trim_end_matches('='));
    bytes.map(Into::into).map_err(|_| refused("the parts of a JWK must be base64url text"))
}

fn without_zeros(number: &SecretSlice<u8>) -> &[u8] {
    let bytes = number.expose_secret();
    &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..]
}

/// The number with as many bytes as the curve's numbers have.
fn padded(number: &SecretSlice<u8>, size: usize) -> Result<SecretSlice<u8>, InvalidValue> {
    let digits = without_zeros(number);
    let zeros = size.checked_sub(digits.len()).ok_or_else(|| refused("the parts of the EC key must fit its curve"))?;
    Ok([&vec![0; zeros], digits].concat().into())
}
