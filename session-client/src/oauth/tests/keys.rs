//! Which keys are read, and which are refused with which reason.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const RSA_JWK: &str = key_file!("rsa.jwk.json");
const P256_JWK: &str = key_file!("p256.jwk.json");
const P384_JWK: &str = key_file!("p384.jwk.json");

/// A JWK with one member changed; null takes it away.
fn with(jwk: &str, member: &str, value: Value) -> String {
    let mut jwk: Value = serde_json::from_str(jwk).unwrap();
    if value.is_null() {
        jwk.as_object_mut().unwrap().remove(member);
    } else {
        jwk[member] = value;
    }
    jwk.to_string()
}

/// The member as text.
fn member(jwk: &str, name: &str) -> String {
    serde_json::from_str::<Value>(jwk).unwrap()[name].as_str().unwrap().to_owned()
}

/// Why the text is no key. The refusal shows no part of the text.
fn refusal(text: &str) -> String {
    let invalid = PrivateKey::from_text(text).expect("it looks like a key").expect_err("it is refused");
    let shown = format!("{invalid} {invalid:?}");
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 11) {
        assert!(!shown.contains(word), "{shown}");
    }
    invalid.to_string()
}

#[test]
fn keys_are_read_in_every_form_and_sign_as_their_kind_does() {
    let cases = [
        (RSA, SigningAlgorithm::RS256),
        (key_file!("rsa.pkcs1.pem"), SigningAlgorithm::RS256),
        (RSA_JWK, SigningAlgorithm::RS256),
        (P256, SigningAlgorithm::ES256),
        (key_file!("p256.sec1.pem"), SigningAlgorithm::ES256),
        (P256_JWK, SigningAlgorithm::ES256),
        (P384, SigningAlgorithm::ES384),
        (key_file!("p384.sec1.pem"), SigningAlgorithm::ES384),
        (P384_JWK, SigningAlgorithm::ES384),
    ];
    for (text, algorithm) in cases {
        let key = PrivateKey::from_text(text).expect("it looks like a key").expect("it is one");
        assert_eq!(key.algorithm(), algorithm);
        assert!(!key.sign(algorithm, b"message").unwrap().is_empty());
        assert_eq!(format!("{key:?} {key:#?}"), "PrivateKey(***) PrivateKey(***)");
    }
}

#[test]
fn line_ends_may_be_written_as_they_are_in_variables() {
    for line_end in ["\\n", "\\r\\n", "\r\n", "\n\n", "\n    "] {
        let text = format!("\n {} ", RSA.trim().replace('\n', line_end));
        assert!(PrivateKey::from_pem(&text).is_ok(), "{line_end:?}");
    }
    let below_its_certificate = format!("{}\n{RSA}", key_file!("public.pem"));
    assert!(PrivateKey::from_pem(below_its_certificate).is_ok());
}

#[test]
fn the_id_and_the_algorithm_of_a_jwk_count() {
    let key = PrivateKey::from_jwk(with(RSA_JWK, "alg", json!("RS384"))).unwrap();
    assert_eq!((key.id(), key.algorithm()), (Some("rsa-key"), SigningAlgorithm::RS384));
    let key = PrivateKey::from_jwk(with(&with(RSA_JWK, "alg", json!(null)), "kid", json!(""))).unwrap();
    assert_eq!((key.id(), key.algorithm()), (None, SigningAlgorithm::RS256));
    assert_eq!(PrivateKey::from_pem(RSA).unwrap().id(), None);
}

#[test]
fn numbers_with_zeros_before_them_or_without_are_the_same() {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let change = |jwk: &str, name: &str, change: fn(Vec<u8>) -> Vec<u8>| {
        let bytes = URL_SAFE_NO_PAD.decode(member(jwk, name)).unwrap();
        with(jwk, name, json!(URL_SAFE_NO_PAD.encode(change(bytes))))
    };
    let longer = |bytes: Vec<u8>| [vec![0], bytes].concat();
    for name in ["n", "e", "d", "p", "dp", "qi"] {
        assert!(PrivateKey::from_jwk(change(RSA_JWK, name, longer)).is_ok(), "{name}");
    }
    for name in ["x", "y", "d"] {
        assert!(PrivateKey::from_jwk(change(P256_JWK, name, longer)).is_ok(), "{name}");
    }
    let padded = format!("{}==", member(RSA_JWK, "e"));
    assert!(PrivateKey::from_jwk(with(RSA_JWK, "e", json!(padded))).is_ok());
}

#[test]
fn what_cannot_be_used_is_refused_with_the_reason() {
    let cut = &RSA[..RSA.len() / 2];
    let public_jwk = with(RSA_JWK, "d", json!(null));
    let cases: [(&str, &str); 24] = [
        (key_file!("encrypted.pkcs8.pem"), "must not be encrypted"),
        (key_file!("encrypted.pkcs1.pem"), "must not be encrypted"),
        (key_file!("public.pem"), "must be a private key"),
        (key_file!("rsa1024.pkcs8.pem"), "2048 bits or more; it is"),
        (key_file!("rsa1024.pkcs1.pem"), "2048 bits or more; it is"),
        (key_file!("p521.pkcs8.pem"), "P-256 or P-384"),
        (key_file!("p521.sec1.pem"), "P-256 or P-384"),
        (key_file!("ed25519.pkcs8.pem"), "P-256 or P-384"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "ssh-keygen"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "must be an RSA key"),
        ("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "must be an RSA key"),
        ("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", "must be an RSA key"),
        ("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----", "no whole PEM text"),
        (cut, "no whole PEM text"),
        (&public_jwk, "no member `d`"),
        (&with(RSA_JWK, "qi", json!(null)), "all of n, e, d, p, q, dp, dq and qi"),
        (&with(P256_JWK, "y", json!(null)), "all of crv, x, y and d"),
        (&with(P256_JWK, "crv", json!("secp256k1")), "`crv` is another one"),
        (&with(P256_JWK, "kty", json!("OKP")), "`kty` is `RSA` or `EC`"),
        (&with(RSA_JWK, "alg", json!("PS256")), "`alg` must be"),
        (&with(RSA_JWK, "alg", json!("ES256")), "`alg` must be"),
        (&with(RSA_JWK, "use", json!("enc")), "`use` is another one"),
        (&with(RSA_JWK, "d", json!("=!")), "base64url"),
        (&format!(r#"{{"keys": [{RSA_JWK}]}}"#), "not a set"),
    ];
    for (text, reason) in cases {
        let refusal = refusal(text);
        assert!(refusal.starts_with("private key: ") && refusal.contains(reason), "{refusal}");
    }
    assert!(refusal(&format!("{RSA_JWK},")).contains("one JSON object"));
    assert!(refusal(r#"{"kty": ["RSA"]}"#).contains("one JSON object"));
    assert!(refusal("{}").contains("`kty`"));
}

#[test]
fn a_private_part_that_does_not_belong_to_the_public_one_is_refused() {
    let other = PrivateKey::from_jwk(P256_JWK);
    assert!(other.is_ok());
    // One of the 32 bytes is another one.
    let mut d = member(P256_JWK, "d").into_bytes();
    d[10] = if d[10] == b'A' { b'B' } else { b'A' };
    let d = String::from_utf8(d).unwrap();
    assert!(refusal(&with(P256_JWK, "d", json!(d))).contains("must belong to the public one"));
    assert!(refusal(&with(P256_JWK, "x", json!(member(P256_JWK, "y")))).contains("must belong to the public one"));
    assert!(refusal(&with(P384_JWK, "d", json!(member(P256_JWK, "d")))).contains("must belong to the public one"));
    assert!(refusal(&with(P256_JWK, "d", json!(member(P384_JWK, "d")))).contains("must fit its curve"));
    for (name, of) in [("d", "p"), ("p", "dp"), ("q", "p"), ("dp", "dq"), ("dq", "dp"), ("qi", "q"), ("n", "d")] {
        assert!(refusal(&with(RSA_JWK, name, json!(member(RSA_JWK, of)))).contains("must belong together"), "{name}");
    }
}

#[test]
fn a_file_may_hold_either_form_and_a_refusal_names_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = |content: &[u8]| {
        let path = folder.path().join("key.txt");
        std::fs::write(&path, content).unwrap();
        PrivateKey::from_file(path).map_err(|error| error.to_string())
    };
    assert!(file(RSA.as_bytes()).is_ok());
    assert!(file(P256_JWK.as_bytes()).is_ok());
    let padded = |size: usize| format!("{RSA}{}", "\n".repeat(size - RSA.len()));
    assert!(file(padded(64 * 1024).as_bytes()).is_ok());
    let large = padded(64 * 1024 + 1);
    let refusals: [(&[u8], &str); 5] = [
        (b"", "holds no private key"),
        (b"0123456789", "holds no private key"),
        (&[0xff, 0xfe], "cannot be read"),
        (large.as_bytes(), "64 KiB"),
        (key_file!("public.pem").as_bytes(), "must be a private key"),
    ];
    for (content, reason) in refusals {
        let refusal = file(content).expect_err(reason);
        assert!(refusal.contains("key.txt: ") && refusal.contains(reason), "{refusal}");
    }
    let missing = PrivateKey::from_file(folder.path().join("missing")).unwrap_err().to_string();
    assert!(missing.ends_with("missing: cannot be opened"), "{missing}");
}

#[test]
fn an_app_with_a_value_that_it_cannot_have_is_refused() {
    let key = || PrivateKey::from_pem(P256).unwrap();
    let app = || PrivateKeyJwt::new("0oaExample", key()).unwrap();
    assert!(PrivateKeyJwt::new(" ", key()).unwrap_err().to_string().contains("client id: must not be empty"));
    assert!(PrivateKeyJwt::new("a b", key()).unwrap_err().to_string().contains("visible ASCII"));
    assert!(app().key_id("").unwrap_err().to_string().starts_with("key id"));
    for scope in ["", " ", "a b", "a,b", "a\"b", "é"] {
        assert!(app().scopes([scope]).unwrap_err().to_string().starts_with("scope: "), "{scope:?}");
    }
    for algorithm in [SigningAlgorithm::RS256, SigningAlgorithm::ES384] {
        assert!(app().algorithm(algorithm).unwrap_err().to_string().contains("must fit the key"));
    }
    assert!(app().algorithm(SigningAlgorithm::ES256).is_ok());
    let shown = format!("{:?}", app().scopes(["okta.sessions.read"]).unwrap().key_id("one").unwrap().require_dpop());
    for part in ["0oaExample", "PrivateKey(***)", "okta.sessions.read", "one", "requires_dpop: true"] {
        assert!(shown.contains(part), "{shown}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "(?s).{0,80}") {
        for text in [
            text.clone(),
            format!("{{{text}"),
            format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----"),
            format!(r#"{{"kty": "EC", "crv": "P-256", "d": "{text}", "x": "AA", "y": ""}}"#),
        ] {
            if let Some(key) = PrivateKey::from_text(&text) {
                prop_assert!(key.is_err());
            }
        }
    }

    #[test]
    fn no_change_of_a_byte_panics(place in 0_usize..1700, byte in any::<u8>()) {
        let mut text = RSA.as_bytes().to_vec();
        if let Some(old) = text.get_mut(place) {
            *old = byte;
        }
        let _ = PrivateKey::from_pem(String::from_utf8_lossy(&text));
    }
}
