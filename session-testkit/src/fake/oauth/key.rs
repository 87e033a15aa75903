//! Public keys, and the signatures that they verify.

use aws_lc_rs::digest;
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::PublicEncryptingKey;
use aws_lc_rs::signature::{self, ParsedPublicKey, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The algorithms that the org takes, as it lists them to clients.
pub(super) const ALGORITHMS: &str = "RS256 RS384 RS512 ES256 ES384 ES512";

/// What the key of an algorithm is, and how its signatures are verified. `none` and algorithms with a shared secret are not
/// among them.
fn algorithm(name: &str) -> Option<(Kind, &'static dyn VerificationAlgorithm)> {
    Some(match name {
        "RS256" => (Kind::Rsa, &signature::RSA_PKCS1_2048_8192_SHA256),
        "RS384" => (Kind::Rsa, &signature::RSA_PKCS1_2048_8192_SHA384),
        "RS512" => (Kind::Rsa, &signature::RSA_PKCS1_2048_8192_SHA512),
        "ES256" => (Kind::P256, &signature::ECDSA_P256_SHA256_FIXED),
        "ES384" => (Kind::P384, &signature::ECDSA_P384_SHA384_FIXED),
        "ES512" => (Kind::P521, &signature::ECDSA_P521_SHA512_FIXED),
        _ => return None,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
    P521,
}

/// A public key that is one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PublicKey {
    kind: Kind,
    /// As X.509 has it, or the point of a curve.
    bytes: Vec<u8>,
    /// The only algorithm that the key is for; any that suits it if the key does not say.
    algorithm: Option<String>,
}

impl PublicKey {
    /// Reads the public members of a JWK.
    pub(super) fn from_jwk(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let algorithm = match jwk.get("alg") {
            None => None,
            Some(alg) => Some(alg.as_str()?.to_owned()),
        };
        let key = match text("kty")? {
            "RSA" => Self::rsa(RsaPublicKeyComponents { n: bytes("n")?, e: bytes("e")? }.as_der().ok()?.as_ref())?,
            "EC" => {
                let (kind, length) = match text("crv")? {
                    "P-256" => (Kind::P256, 32),
                    "P-384" => (Kind::P384, 48),
                    "P-521" => (Kind::P521, 66),
                    _ => return None,
                };
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != length || y.len() != length {
                    return None;
                }
                // 4 stands for a point that is written out.
                Self::point(kind, &[&[4], x.as_slice(), y.as_slice()].concat())?
            }
            _ => return None,
        };
        Some(Self { algorithm, ..key })
    }

    /// Reads what X.509 calls `SubjectPublicKeyInfo`.
    pub(super) fn from_x509(der: &[u8]) -> Option<Self> {
        let curves = [Kind::P256, Kind::P384, Kind::P521];
        Self::rsa(der).or_else(|| curves.into_iter().find_map(|kind| Self::point(kind, der)))
    }

    fn rsa(der: &[u8]) -> Option<Self> {
        // It reads keys of 2048 to 8192 bits and no others.
        PublicEncryptingKey::from_der(der).ok()?;
        Some(Self { kind: Kind::Rsa, bytes: der.to_vec(), algorithm: None })
    }

    fn point(kind: Kind, bytes: &[u8]) -> Option<Self> {
        let verification: &dyn VerificationAlgorithm = match kind {
            Kind::Rsa => return None,
            Kind::P256 => &signature::ECDSA_P256_SHA256_FIXED,
            Kind::P384 => &signature::ECDSA_P384_SHA384_FIXED,
            Kind::P521 => &signature::ECDSA_P521_SHA512_FIXED,
        };
        ParsedPublicKey::new(verification, bytes).ok()?;
        Some(Self { kind, bytes: bytes.to_vec(), algorithm: None })
    }

    /// Whether the signature is one of the message by this key.
    pub(super) fn verifies(&self, algorithm_name: &str, message: &[u8], signature: &[u8]) -> bool {
        let meant = self.algorithm.as_deref().is_none_or(|only| only == algorithm_name);
        match algorithm(algorithm_name) {
            Some((kind, verification)) if meant && kind == self.kind => {
                UnparsedPublicKey::new(verification, &self.bytes).verify(message, signature).is_ok()
            }
            _ => false,
        }
    }
}

/// The name of a public key that depends on nothing but the key (RFC 7638).
pub(super) fn thumbprint(jwk: &Map<String, Value>) -> Option<String> {
    let members: &[&str] = match jwk.get("kty")?.as_str()? {
        "RSA" => &["e", "kty", "n"],
        "EC" => &["crv", "kty", "x", "y"],
        _ => return None,
    };
    let member = |name: &&str| Some(format!("{}:{}", Value::from(*name), jwk.get(*name)?));
    let members: Option<Vec<String>> = members.iter().map(member).collect();
    Some(sha256(format!("{{{}}}", members?.join(",")).as_bytes()))
}

/// The SHA-256 digest in base64url.
pub(super) fn sha256(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, bytes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The key of RFC 7638, section 3.1, and its thumbprint.
    #[test]
    fn a_thumbprint_is_that_of_the_standard() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let jwk = json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"});
        let jwk = jwk.as_object().expect("a JWK is an object");

        assert_eq!(thumbprint(jwk).as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
        assert!(PublicKey::from_jwk(jwk).is_some());
    }

    #[test]
    fn what_is_no_key_is_none() {
        // All bits of the modulus are set: 2048 of them.
        let rsa = |n: String| json!({"kty": "RSA", "n": n, "e": "AQAB"});
        let enough = rsa("_".repeat(341) + "w");
        let coordinates =
            ["f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"];
        let point = coordinates.map(|text| URL_SAFE_NO_PAD.decode(text).expect("base64url")).concat();
        let cut = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
        let whole = json!({"kty": "EC", "crv": "P-256", "x": cut(&point[..32]), "y": cut(&point[32..])});
        for jwk in [enough, whole] {
            assert!(PublicKey::from_jwk(jwk.as_object().expect("a JWK is an object")).is_some(), "{jwk}");
        }
        let cases = [
            json!({}),
            json!({"kty": "oct", "k": "c2VjcmV0"}),
            json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
            json!({"kty": "RSA", "n": 7, "e": "AQAB"}),
            rsa("_".repeat(340)),
            json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
            json!({"kty": "EC", "crv": "P-256K", "x": "AA", "y": "AA"}),
            // A point of the curve, cut at another place.
            json!({"kty": "EC", "crv": "P-256", "x": cut(&point[..31]), "y": cut(&point[31..])}),
            // The right lengths, and no point of the curve.
            json!({"kty": "EC", "crv": "P-256", "x": "A".repeat(43), "y": "A".repeat(43)}),
        ];
        for jwk in cases {
            assert_eq!(PublicKey::from_jwk(jwk.as_object().expect("a JWK is an object")), None, "{jwk}");
        }
        assert_eq!(PublicKey::from_x509(b"no key"), None);
    }
}
