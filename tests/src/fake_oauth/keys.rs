//! The keys by which the org knows a service app: every form and algorithm that Okta takes, and what is none.

use aws_lc_rs::encoding::{AsBigEndian, AsDer, EcPrivateKeyBin, EcPrivateKeyRfc5915Der, Pkcs8V1Der};
use serde_json::{Value, json};

use super::jwt::{Key, base64url, pem};
use super::{CLIENT, Given, SCOPES, Signer};

/// What comes of a request that is signed by this algorithm and names this key.
async fn outcome(given: &Given, algorithm: &str, kid: Option<&str>) -> String {
    let mut call = given.token_call();
    call.assertion().header = match kid {
        Some(kid) => json!({"alg": algorithm, "kid": kid}),
        None => json!({"alg": algorithm}),
    };
    given.send(&call).await.outcome()
}

fn private_pem(key: &Key) -> Vec<String> {
    match key {
        Key::Rsa(pair) => {
            let pkcs8: Pkcs8V1Der<'_> = pair.as_der().expect("a key has this form");
            vec![pem("PRIVATE KEY", pkcs8.as_ref())]
        }
        Key::Ec(pair, _) => {
            let sec1: EcPrivateKeyRfc5915Der<'_> = pair.private_key().as_der().expect("a key has this form");
            let pkcs8 = pair.to_pkcs8v1().expect("a key has this form");
            vec![pem("EC PRIVATE KEY", sec1.as_ref()), pem("PRIVATE KEY", pkcs8.as_ref())]
        }
    }
}

fn private_jwk(key: &Key) -> Value {
    let mut jwk = key.public_jwk();
    if let Key::Ec(pair, _) = key {
        let d: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().expect("a key has this form");
        jwk["d"] = json!(base64url(d.as_ref()));
    }
    jwk
}

#[tokio::test]
async fn every_algorithm_of_okta_is_taken_with_a_key_in_every_form() {
    for algorithm in ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"] {
        let mut given = Given::new().await;
        given.key = Key::for_algorithm(algorithm);
        let set = json!({"keys": [given.stranger.public_jwk(), given.key.public_jwk()]});
        let mut forms = private_pem(&given.key);
        forms.extend([
            given.key.public_jwk().to_string(),
            private_jwk(&given.key).to_string(),
            pem("PUBLIC KEY", &given.key.x509()),
            format!("An RSA or EC key:\n\n{}", pem("PUBLIC KEY", &given.key.x509())),
        ]);
        for form in forms {
            given.org.register_client(CLIENT, &form, &SCOPES).expect("it is a key");

            assert_eq!(outcome(&given, algorithm, Some("any")).await, "200", "{algorithm}: {form}");
            assert_eq!(outcome(&given, algorithm, None).await, "200", "{algorithm}: {form}");
        }
        // The first key of the set goes by any id, and has not signed.
        given.org.register_client(CLIENT, &set.to_string(), &SCOPES).expect("they are keys");
        assert_eq!(outcome(&given, algorithm, None).await, "401 invalid_client", "{algorithm}");
    }
}

#[tokio::test]
async fn a_key_is_found_by_its_id_and_means_its_algorithm() {
    let given = Given::new().await;
    let named = |key: &Key, id: &str| {
        let mut jwk = key.public_jwk();
        jwk["kid"] = json!(id);
        jwk
    };
    let set = json!({"keys": [named(&given.stranger, "old"), named(&given.key, "new")]});
    given.org.register_client(CLIENT, &set.to_string(), &SCOPES).expect("they are keys");
    for (kid, expected) in [(Some("new"), "200"), (Some("old"), "401 invalid_client"), (None, "401 invalid_client")] {
        assert_eq!(outcome(&given, "ES256", kid).await, expected, "{kid:?}");
    }
    let set = json!({"keys": [named(&given.key, "new"), named(&given.stranger, "old")]});
    given.org.register_client(CLIENT, &set.to_string(), &SCOPES).expect("they are keys");
    assert_eq!(outcome(&given, "ES256", None).await, "401 invalid_client", "of several keys one has to be named");
    let mut call = given.token_call();
    call.assertion = Some((given.assertion(), Signer::Stranger));
    call.assertion().header["kid"] = json!("old");
    assert_eq!(given.send(&call).await.outcome(), "200", "the old key still works");

    let mut given = given;
    given.key = Key::for_algorithm("RS256");
    let mut jwk = given.key.public_jwk();
    jwk["alg"] = json!("RS512");
    given.org.register_client(CLIENT, &jwk.to_string(), &SCOPES).expect("it is a key");
    for (algorithm, expected) in [("RS256", "401 invalid_client"), ("RS512", "200")] {
        assert_eq!(outcome(&given, algorithm, None).await, expected, "{algorithm}");
    }
}

#[tokio::test]
async fn a_text_that_holds_no_key_is_refused_without_being_shown() {
    let given = Given::new().await;
    let certificate = pem("CERTIFICATE", b"canary");
    let (form, unknown) = ("a JWK, a JWK set, or PEM", "2048 to 8192 bits");
    let cases = [
        ("", form),
        ("canary", form),
        ("[]", form),
        (r#"{"keys": []}"#, form),
        (r#"{"keys": "canary"}"#, form),
        (r#"{"keys": ["canary"]}"#, form),
        (certificate.as_str(), form),
        ("-----BEGIN PUBLIC KEY-----\ncanary!\n-----END PUBLIC KEY-----\n", form),
        ("-----BEGIN PUBLIC KEY-----\ncanary==\n-----END PUBLIC KEY-----\n", unknown),
        ("-----BEGIN PRIVATE KEY-----\ncanary==\n-----END PRIVATE KEY-----\n", unknown),
        ("-----BEGIN RSA PRIVATE KEY-----\ncanary==\n-----END RSA PRIVATE KEY-----\n", unknown),
        ("-----BEGIN EC PRIVATE KEY-----\ncanary==\n-----END EC PRIVATE KEY-----\n", unknown),
        (r#"{"kty": "oct", "k": "canary"}"#, unknown),
        (r#"{"canary": 1}"#, unknown),
    ];
    for (text, rule) in cases {
        let error = given.org.register_client("0oaOther", text, &SCOPES).expect_err("it is no key");
        assert!(
            error.to_string().contains(rule) && !format!("{error} {error:?}").contains("canary"),
            "{text}: {error}"
        );
    }
}
