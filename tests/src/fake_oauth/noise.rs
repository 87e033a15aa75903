//! Tokens that are none: whatever comes as an assertion or a proof, the org answers.

use proptest::prelude::*;

use super::jwt::base64url;
use super::{Given, Signer};

/// What may stand in a header or a payload, rightly or wrongly.
fn json() -> impl Strategy<Value = String> {
    let value = || {
        prop_oneof![
            "\"[a-zA-Z0-9_+/=.-]{0,90}\"",
            "-?[0-9]{1,20}(\\.[0-9]{1,3})?(e-?[0-9]{1,3})?",
            Just("null".to_owned()),
            Just("[]".to_owned()),
            Just("{}".to_owned()),
            Just(r#"["x"]"#.to_owned()),
        ]
    };
    let key = (value(), value(), "RSA|EC|oct", "P-256|P-384|P-521|X").prop_map(|(one, other, kind, curve)| {
        format!(r#"{{"kty":"{kind}","crv":"{curve}","n":{one},"e":{other},"x":{one},"y":{other}}}"#)
    });
    let value = prop_oneof![4 => value(), 1 => key, 2 => "\"(ES256|RS256|none|dpop\\+jwt|0oaServiceOfTheTests|POST)\""];
    let name = "alg|typ|jwk|kid|crit|iss|sub|aud|exp|iat|nbf|jti|htm|htu|ath|nonce";
    let object = proptest::collection::vec((name, value), 0..8).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    });
    prop_oneof![9 => object, 1 => "\\PC{0,20}"]
}

#[test]
fn no_token_makes_the_org_fail() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let given = runtime.block_on(Given::new());
    let token = runtime.block_on(given.bound_token());
    let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(header in json(), claims in json(), signature in "[A-Za-z0-9_=.-]{0,90}")| {
        let noise = format!("{}.{}.{signature}", base64url(header), base64url(claims));
        let mut as_assertion = given.token_call();
        as_assertion.assertion = None;
        as_assertion.form.push(("client_assertion", noise.clone()));
        let mut calls = vec![as_assertion];
        for mut call in [given.token_call(), given.session_call("DPoP", &token)] {
            call.headers.push(("dpop", noise.clone()));
            calls.push(call);
        }
        let mut beside = given.session_call("DPoP", &token);
        beside.proofs = vec![(given.proof(&beside), Signer::Holder)];
        calls.push(beside);
        let statuses: Vec<u16> = calls.iter().map(|call| runtime.block_on(given.send(call)).status).collect();
        prop_assert_eq!(statuses, [401, 400, 401, 200]);
    });
}
