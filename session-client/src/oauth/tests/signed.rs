//! What an assertion and a proof say, and that their signatures hold.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::*;
use crate::oauth::dpop::{ProofKeys, Purpose, token_hash};

const AUDIENCE: &str = "https://acme.okta.com:8443/base/oauth2/v1/token";
const NOW: u64 = 1_769_065_200;

/// Header, claims, what is signed, and the signature.
fn parts(token: &SecretString) -> (Value, Value, Vec<u8>, Vec<u8>) {
    let text = token.expose_secret();
    let (signed, signature) = text.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
    let json = |part| serde_json::from_slice(&decoded(part)).unwrap();
    (json(header), json(claims), signed.as_bytes().to_vec(), decoded(signature))
}

fn verify(algorithm: &'static dyn VerificationAlgorithm, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok()
}

fn public_key(key: &str) -> Vec<u8> {
    match pem::read(key).unwrap() {
        private_key::KeyPair::Rsa(pair) => pair.public_key().as_ref().to_vec(),
        private_key::KeyPair::P256(pair) | private_key::KeyPair::P384(pair) => pair.public_key().as_ref().to_vec(),
    }
}

fn assertion(app: &PrivateKeyJwt) -> SecretString {
    assertion::sign(app.settings(), AUDIENCE, NOW).unwrap()
}

fn app(key: &str) -> PrivateKeyJwt {
    PrivateKeyJwt::new("0oaExample", PrivateKey::from_text(key).unwrap().unwrap()).unwrap()
}

#[test]
fn an_assertion_is_signed_by_the_key_in_the_way_that_was_asked_for() {
    let cases: [(&str, SigningAlgorithm, &'static dyn VerificationAlgorithm); 5] = [
        (RSA, SigningAlgorithm::RS256, &RSA_PKCS1_2048_8192_SHA256),
        (RSA, SigningAlgorithm::RS384, &RSA_PKCS1_2048_8192_SHA384),
        (RSA, SigningAlgorithm::RS512, &RSA_PKCS1_2048_8192_SHA512),
        (P256, SigningAlgorithm::ES256, &ECDSA_P256_SHA256_FIXED),
        (P384, SigningAlgorithm::ES384, &ECDSA_P384_SHA384_FIXED),
    ];
    for (key, algorithm, verification) in cases {
        let (header, _, message, signature) = parts(&assertion(&app(key).algorithm(algorithm).unwrap()));
        assert_eq!(header, json!({"alg": format!("{algorithm:?}"), "typ": "JWT"}));
        assert!(verify(verification, &public_key(key), &message, &signature), "{algorithm:?}");
        assert!(!verify(verification, &public_key(key), b"another message", &signature), "{algorithm:?}");
    }
}

#[test]
fn an_assertion_lives_five_minutes_for_the_exact_endpoint_and_has_an_id_of_its_own() {
    let app = app(P256);
    let (_, mut claims, ..) = parts(&assertion(&app));
    let (_, other, ..) = parts(&assertion(&app));
    assert!(claims["jti"].as_str().is_some_and(|id| id.len() == 22));
    assert_ne!(claims["jti"], other["jti"]);
    claims.as_object_mut().unwrap().remove("jti");
    let expected = json!({
        "iss": "0oaExample", "sub": "0oaExample", "aud": AUDIENCE, "iat": NOW - 5, "exp": NOW + 295,
    });
    assert_eq!(claims, expected);
}

#[test]
fn the_key_id_is_the_one_that_is_set_or_else_that_of_the_jwk() {
    let key_id = |app: &PrivateKeyJwt| parts(&assertion(app)).0["kid"].clone();
    let app = app(key_file!("p256.jwk.json"));
    assert_eq!(key_id(&app), "p256-key");
    assert_eq!(key_id(&app.key_id("another").unwrap()), "another");
}

#[test]
fn a_proof_is_for_one_request_and_shows_the_public_half_of_its_key_only() {
    let keys = ProofKeys::default();
    let key = keys.current().unwrap();
    let url = "https://acme.okta.com:8443/api/v1/sessions/102a?b=c#d".parse().unwrap();
    let hash = token_hash("token");
    let purpose = Purpose { method: &Method::DELETE, url: &url, nonce: Some("n"), token_hash: Some(&hash), now: NOW };

    let (header, mut claims, message, signature) = parts(&key.prove(&purpose).unwrap());
    let (_, other, ..) = parts(&key.prove(&purpose).unwrap());

    let jwk = header["jwk"].as_object().unwrap();
    let expected = json!({
        "typ": "dpop+jwt", "alg": "ES256", "jwk": {"kty": "EC", "crv": "P-256", "x": jwk["x"], "y": jwk["y"]},
    });
    assert_eq!(header, expected);
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    assert!(verify(&ECDSA_P256_SHA256_FIXED, &point, &message, &signature));
    assert_ne!(claims["jti"], other["jti"]);
    claims.as_object_mut().unwrap().remove("jti");
    // The hash of `token`, by another tool.
    let ath = "PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A";
    let htu = "https://acme.okta.com:8443/api/v1/sessions/102a";
    assert_eq!(claims, json!({"htm": "DELETE", "htu": htu, "iat": NOW, "nonce": "n", "ath": ath}));

    let bare = Purpose { method: &Method::POST, url: &url, nonce: None, token_hash: None, now: NOW };
    let (_, claims, ..) = parts(&key.prove(&bare).unwrap());
    assert_eq!(claims.as_object().unwrap().keys().collect::<Vec<_>>(), ["htm", "htu", "iat", "jti"]);
}

#[test]
fn a_key_of_proofs_stays_until_it_is_rotated() {
    let keys = ProofKeys::default();
    let first = keys.current().unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &keys.current().unwrap()) && keys.is_current(&first));
    keys.rotate();
    assert!(!keys.is_current(&first));
    assert!(!std::sync::Arc::ptr_eq(&first, &keys.current().unwrap()));
}
