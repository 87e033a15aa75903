//! The private key of a service app.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair};
use secrecy::zeroize::Zeroize;

use super::{jwk, pem};
use crate::InvalidValue;
use crate::error::Error;

/// Far above what a key needs.
const MAX_SIZE: u64 = 64 * 1024;

/// The private key with which a service app signs. Okta knows the public half.
///
/// RSA keys of 2048 bits and more, and keys on the curves P-256 and P-384. Printing it shows nothing of it. What was read
/// is wiped from memory; the key itself is wiped when the last clone is dropped.
///
/// ```no_run
/// use session_client::PrivateKey;
///
/// let key = PrivateKey::from_file("service-app.pem")?;
/// # Ok::<(), session_client::Error>(())
/// ```
#[derive(Clone)]
pub struct PrivateKey(Arc<Inner>);

struct Inner {
    pair: KeyPair,
    id: Option<String>,
    algorithm: SigningAlgorithm,
}

/// A key in the form that signs.
pub(super) enum KeyPair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

/// How a key signs, by the names of [RFC 7518](https://www.rfc-editor.org/rfc/rfc7518#section-3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SigningAlgorithm {
    /// RSA with SHA-256; RSA keys sign so if not told otherwise.
    RS256,
    /// RSA with SHA-384.
    RS384,
    /// RSA with SHA-512.
    RS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
}

impl PrivateKey {
    /// Reads a key in PEM text: PKCS#8, PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`), not encrypted. Line ends may
    /// be written as `\n`, as they are in environment variables.
    ///
    /// # Errors
    /// There is no such key in it, or it is of a kind that cannot be used. The error shows nothing of it.
    pub fn from_pem(text: impl AsRef<str>) -> Result<Self, InvalidValue> {
        pem::read(text.as_ref()).map(|pair| Self::new(pair, None, None))
    }

    /// Reads a private key as JWK ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)), as Okta's console gives it. Its
    /// `kid` becomes the key's id.
    ///
    /// # Errors
    /// It is none, its private half is missing or does not belong to the public one, or it is of a kind that cannot be
    /// used. The error shows nothing of it.
    pub fn from_jwk(json: impl AsRef<str>) -> Result<Self, InvalidValue> {
        let jwk::Jwk { pair, id, algorithm } = jwk::read(json.as_ref())?;
        Ok(Self::new(pair, id, algorithm))
    }

    /// Reads a file with a key, in PEM text or as JWK.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 64 KiB, or [`from_pem`](Self::from_pem) or [`from_jwk`](Self::from_jwk)
    /// refuses what it holds.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let wrong = |message: &str| Error::configuration(format!("{}: {message}", path.display()));
        let file = File::open(path).map_err(|error| wrong("cannot be opened").with_source(error))?;
        let mut text = String::new();
        let read = file.take(MAX_SIZE + 1).read_to_string(&mut text);
        let key = match read {
            Err(error) => Err(wrong("cannot be read").with_source(error)),
            Ok(size) if size as u64 > MAX_SIZE => Err(wrong("must not be larger than 64 KiB")),
            Ok(_) => Self::from_text(&text).map_or_else(
                || Err(wrong("holds no private key, neither in PEM text nor as JWK")),
                |key| key.map_err(|invalid| wrong(&invalid.to_string())),
            ),
        };
        text.zeroize();
        key
    }

    /// Reads a key in either form; none if the text is of neither.
    pub(crate) fn from_text(text: &str) -> Option<Result<Self, InvalidValue>> {
        let text = text.trim();
        if text.starts_with('{') {
            Some(Self::from_jwk(text))
        } else if text.contains("-----BEGIN") {
            Some(Self::from_pem(text))
        } else {
            None
        }
    }

    fn new(pair: KeyPair, id: Option<String>, algorithm: Option<SigningAlgorithm>) -> Self {
        let usual = match pair {
            KeyPair::Rsa(_) => SigningAlgorithm::RS256,
            KeyPair::P256(_) => SigningAlgorithm::ES256,
            KeyPair::P384(_) => SigningAlgorithm::ES384,
        };
        Self(Arc::new(Inner { pair, id, algorithm: algorithm.unwrap_or(usual) }))
    }

    /// The key's own id: the `kid` of a JWK.
    pub(crate) fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    /// How the key signs if not told otherwise.
    pub(super) fn algorithm(&self) -> SigningAlgorithm {
        self.0.algorithm
    }

    pub(super) fn can_sign(&self, algorithm: SigningAlgorithm) -> bool {
        self.0.pair.can_sign(algorithm)
    }

    /// The signature of the message, in the form that a JWS has it. The key has to be able to sign so.
    pub(super) fn sign(&self, algorithm: SigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match &self.0.pair {
            KeyPair::P256(pair) | KeyPair::P384(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
            KeyPair::Rsa(pair) => {
                let padding = match algorithm {
                    SigningAlgorithm::RS384 => &RSA_PKCS1_SHA384,
                    SigningAlgorithm::RS512 => &RSA_PKCS1_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature)?;
                Ok(signature)
            }
        }
    }
}

impl KeyPair {
    pub(super) fn can_sign(&self, algorithm: SigningAlgorithm) -> bool {
        use SigningAlgorithm::{ES256, ES384, RS256, RS384, RS512};
        match self {
            Self::Rsa(_) => matches!(algorithm, RS256 | RS384 | RS512),
            Self::P256(_) => algorithm == ES256,
            Self::P384(_) => algorithm == ES384,
        }
    }
}

impl SigningAlgorithm {
    const ALL: [Self; 5] = [Self::RS256, Self::RS384, Self::RS512, Self::ES256, Self::ES384];

    /// The name in the header of a JWS.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(***)")
    }
}

/// A key that cannot be used. The rule says why and shows nothing of it.
pub(super) fn refused(rule: &'static str) -> InvalidValue {
    InvalidValue::new("private key", rule)
}
