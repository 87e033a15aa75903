//! Tokens that the tests sign themselves, rightly and wrongly.

use std::sync::LazyLock;

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// One for all tests: to make an RSA key takes its time.
static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));

pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn sha256(text: &str) -> String {
    base64url(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// The payload of a token.
pub(super) fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a token has three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}

/// The token with another payload and the signature that it had.
pub(super) fn with_another_claim(token: &str) -> String {
    let mut claims = claims_of(token);
    claims["other"] = json!("canary");
    format!("{}.{}.{}", parts(token, 0..1), base64url(claims.to_string()), parts(token, 2..3))
}

pub(super) fn parts(token: &str, which: std::ops::Range<usize>) -> String {
    token.split('.').collect::<Vec<_>>()[which].join(".")
}

/// What signs.
pub(super) enum Key {
    Rsa(&'static RsaKeyPair),
    Ec(EcdsaKeyPair, &'static str),
}

impl Key {
    /// A key for signatures by this algorithm.
    pub(super) fn for_algorithm(algorithm: &str) -> Self {
        let ec = |signing, curve| Self::Ec(EcdsaKeyPair::generate(signing).expect("a key"), curve);
        match algorithm {
            "ES256" => ec(&ECDSA_P256_SHA256_FIXED_SIGNING, "P-256"),
            "ES384" => ec(&ECDSA_P384_SHA384_FIXED_SIGNING, "P-384"),
            "ES512" => ec(&ECDSA_P521_SHA512_FIXED_SIGNING, "P-521"),
            _ => Self::Rsa(&RSA),
        }
    }

    pub(super) fn public_jwk(&self) -> Value {
        match self {
            Self::Rsa(pair) => {
                let (n, e) = rsa_parts(pair);
                json!({"e": base64url(e), "kty": "RSA", "n": base64url(n)})
            }
            Self::Ec(pair, curve) => {
                // 4, x, y
                let (x, y) = pair.public_key().as_ref()[1..].split_at(pair.public_key().as_ref().len() / 2);
                json!({"crv": curve, "kty": "EC", "x": base64url(x), "y": base64url(y)})
            }
        }
    }

    /// The thumbprint of RFC 7638.
    pub(super) fn thumbprint(&self) -> String {
        // The members stand in the order of the alphabet, and there are no spaces.
        sha256(&self.public_jwk().to_string())
    }

    pub(super) fn x509(&self) -> Vec<u8> {
        let der: PublicKeyX509Der<'_> = match self {
            Self::Rsa(pair) => pair.public_key().as_der().expect("a key has this form"),
            Self::Ec(pair, _) => pair.public_key().as_der().expect("a key has this form"),
        };
        der.as_ref().to_vec()
    }

    fn sign(&self, algorithm: &str, text: &str) -> Vec<u8> {
        let random = SystemRandom::new();
        match (self, algorithm) {
            (_, "none") => Vec::new(),
            // With what everyone knows as the shared secret.
            (_, "HS256") => {
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.x509()), text.as_bytes()).as_ref().to_vec()
            }
            (Self::Rsa(pair), _) => {
                let padding = match algorithm {
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, text.as_bytes(), &mut signature).expect("a key signs");
                signature
            }
            (Self::Ec(pair, _), _) => pair.sign(&random, text.as_bytes()).expect("a key signs").as_ref().to_vec(),
        }
    }
}

/// Modulus and exponent of a key with 2048 bits, from its DER.
fn rsa_parts(pair: &RsaKeyPair) -> (Vec<u8>, Vec<u8>) {
    let der = pair.public_key().as_ref();
    // Before the modulus stand the heads of the sequence and of the number, and a zero; before the exponent its head.
    let (modulus, exponent) = der[9..].split_at(256);
    (modulus.to_vec(), exponent[2..].to_vec())
}

/// A token in the making.
pub(super) struct Jwt {
    pub(super) header: Value,
    pub(super) claims: Value,
    /// What becomes of the text of the claims before it is signed.
    pub(super) reword: fn(&str) -> String,
    /// What becomes of the token after it is signed.
    pub(super) rewrite: fn(&str) -> String,
}

impl Jwt {
    pub(super) fn new(header: Value, claims: Value) -> Self {
        Self { header, claims, reword: str::to_owned, rewrite: str::to_owned }
    }

    pub(super) fn sign(&self, key: &Key) -> String {
        let algorithm = self.header["alg"].as_str().unwrap_or_default();
        let claims = (self.reword)(&self.claims.to_string());
        let signed = format!("{}.{}", base64url(self.header.to_string()), base64url(claims));
        let signature = base64url(key.sign(algorithm, &signed));
        (self.rewrite)(&format!("{signed}.{signature}"))
    }

    pub(super) fn without(&mut self, claim: &str) {
        object(&mut self.claims).remove(claim);
    }

    pub(super) fn header_without(&mut self, member: &str) {
        object(&mut self.header).remove(member);
    }
}

fn object(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().expect("header and claims are objects")
}

/// `PEM` with this label.
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}
