//! RFC 9449: what is done to a proof that is right, and what comes of it at the token endpoint and at an operation.

use serde_json::{Value, json};

use super::jwt::{Jwt, claims_of, sha256, with_another_claim};
use super::{Call, Given, SCOPES, Signer, TOKEN};

/// Section, what is done, how, and what is wrong with it.
struct Row(&'static str, &'static str, fn(&Given, &mut Call), &'static str);

const NOTHING: &str = "";
const PROOF: &str = "invalid_dpop_proof";
const NONCE: &str = "use_dpop_nonce";
const KEY: &str = "invalid_token";

/// What holds wherever a proof is demanded.
const EVERYWHERE: &[Row] = &[
    Row("4.2", "nothing", |_, _| {}, NOTHING),
    Row("4.2", "no typ", |_, call| call.proof().header_without("typ"), PROOF),
    Row("4.2", "another typ", |_, call| header(call, "typ", "JWT"), PROOF),
    Row("4.2", "no alg", |_, call| call.proof().header_without("alg"), PROOF),
    Row("4.2", "no jwk", |_, call| call.proof().header_without("jwk"), PROOF),
    Row("4.2", "jwk is text", |given, call| jwk(call, json!(given.proof_key.public_jwk().to_string())), PROOF),
    Row("4.2", "a claim more", |_, call| claim(call, "other", json!([1])), NOTHING),
    Row("4.3 1", "no proof", |_, call| call.proofs.clear(), PROOF),
    Row("4.3 1", "two proofs", |given, call| call.proofs.push((given.proof(call), Signer::Holder)), PROOF),
    Row("4.3 2", "no JWT", |_, call| call.proof().rewrite = |_| "proof".to_owned(), PROOF),
    Row("4.3 2", "two in one header", |_, call| call.proof().rewrite = |text| format!("{text},{text}"), PROOF),
    Row("4.3 2", "a claim that comes twice", |_, call| call.proof().reword = twice, PROOF),
    Row("4.3 3", "no jti", |_, call| call.proof().without("jti"), PROOF),
    Row("4.3 3", "an empty jti", |_, call| claim(call, "jti", ""), PROOF),
    Row("4.3 3", "no htm", |_, call| call.proof().without("htm"), PROOF),
    Row("4.3 3", "no htu", |_, call| call.proof().without("htu"), PROOF),
    Row("4.3 3", "no iat", |_, call| call.proof().without("iat"), PROOF),
    Row("4.3 3", "iat is text", |given, call| claim(call, "iat", given.now().to_string()), PROOF),
    Row("4.3 5", "no signature", |_, call| header(call, "alg", "none"), PROOF),
    Row("4.3 5", "signed with the public key as a secret", |_, call| header(call, "alg", "HS256"), PROOF),
    Row("4.3 5", "an algorithm that nobody knows", |_, call| header(call, "alg", "ES256K"), PROOF),
    Row("4.3 5", "another algorithm than the key's", |_, call| header(call, "alg", "ES384"), PROOF),
    Row("4.3 6", "signed by a stranger", |_, call| call.proofs[0].1 = Signer::Stranger, PROOF),
    Row("4.3 6", "the jwk of a stranger", |given, call| jwk(call, given.stranger.public_jwk()), PROOF),
    Row("4.3 6", "changed after it was signed", |_, call| call.proof().rewrite = with_another_claim, PROOF),
    Row("4.3 7", "a private jwk", |_, call| call.proof().header["jwk"]["d"] = json!("AA"), PROOF),
    Row("4.3 8", "another method", |_, call| claim(call, "htm", "PUT"), PROOF),
    Row("4.3 8", "the method in small letters", |_, call| change(call, "htm", str::to_lowercase), PROOF),
    Row("4.3 9", "another path", |_, call| change(call, "htu", |htu| format!("{htu}/x")), PROOF),
    Row("4.3 9", "another host", |_, call| change(call, "htu", |htu| htu.replace("127.0.0.1", "localhost")), PROOF),
    Row("4.3 9", "another scheme", |_, call| change(call, "htu", |htu| htu.replace("http:", "https:")), PROOF),
    Row("4.3 9", "no port", |_, call| change(call, "htu", |htu| format!("http://127.0.0.1{}", path_of(htu))), PROOF),
    Row("4.3 9", "only the path", |_, call| change(call, "htu", |htu| path_of(htu).to_owned()), PROOF),
    Row("4.3 9", "with a query", |_, call| change(call, "htu", |htu| format!("{htu}?a=b")), PROOF),
    Row("4.3 9", "with a fragment", |_, call| change(call, "htu", |htu| format!("{htu}#a")), PROOF),
    Row("4.3 9", "the query of the request is left out", |_, call| call.path.push_str("?a=b"), NOTHING),
    Row(
        "4.3 9",
        "the same URL in other letters",
        |_, call| change(call, "htu", |htu| htu.replace("http:", "HTTP:")),
        NOTHING,
    ),
    Row("4.3 11", "made five minutes ago", |given, call| claim(call, "iat", given.now() - 299), NOTHING),
    Row("4.3 11", "made before that", |given, call| claim(call, "iat", given.now() - 301), PROOF),
    Row("4.3 11", "made by a clock that is fast", |given, call| claim(call, "iat", given.now() + 299), NOTHING),
    Row("4.3 11", "made by a clock that is wrong", |given, call| claim(call, "iat", given.now() + 302), PROOF),
    Row("8, 9", "no nonce", |_, call| call.proof().without("nonce"), NONCE),
    Row("8, 9", "a nonce that is none", |_, call| claim(call, "nonce", "invented"), NONCE),
    Row("8, 9", "an empty nonce", |_, call| claim(call, "nonce", ""), NONCE),
    Row("11.6", "an assertion for a proof", |given, call| call.proofs = vec![(given.assertion(), Signer::App)], PROOF),
];

/// What holds where a token comes with the proof.
const WITH_TOKEN: &[Row] = &[
    Row("4.3 12", "no ath", |_, call| call.proof().without("ath"), PROOF),
    Row("4.3 12", "ath of another token", |_, call| claim(call, "ath", sha256("x")), PROOF),
    Row("6.1", "another key than the token's", with_key_of_stranger, KEY),
    Row("7.1", "a token that nobody has issued", |given, call| with_token(given, call, "invented"), KEY),
    Row("7.2", "as a bearer token, with proof", |_, call| call.authorization().0 = "Bearer", KEY),
    Row("7.2", "as a bearer token", as_bearer, KEY),
    Row("7.1", "the scheme in small letters", |_, call| call.authorization().0 = "dpop", NOTHING),
    Row("7.1", "a bearer token with a proof", with_bearer_token, KEY),
];

fn jwk(call: &mut Call, jwk: Value) {
    call.proof().header["jwk"] = jwk;
}

fn twice(claims: &str) -> String {
    claims.replacen('{', r#"{"htm":"PUT","#, 1)
}

fn claim(call: &mut Call, name: &str, value: impl Into<Value>) {
    call.proof().claims[name] = value.into();
}

fn header(call: &mut Call, name: &str, value: impl Into<Value>) {
    call.proof().header[name] = value.into();
}

/// Puts something else in the place of a claim that is text.
fn change(call: &mut Call, name: &str, change: fn(&str) -> String) {
    let changed = change(call.proof().claims[name].as_str().expect("it is text"));
    claim(call, name, changed);
}

fn path_of(url: &str) -> &str {
    &url[url.match_indices('/').nth(2).expect("the URL has a path").0..]
}

fn as_bearer(_: &Given, call: &mut Call) {
    call.authorization().0 = "Bearer";
    call.proofs.clear();
}

fn with_bearer_token(given: &Given, call: &mut Call) {
    with_token(given, call, given.org.access_token(&SCOPES).expose_secret());
}

fn with_key_of_stranger(given: &Given, call: &mut Call) {
    jwk(call, given.stranger.public_jwk());
    call.proofs[0].1 = Signer::Stranger;
}

/// The call with another token and a proof for that.
fn with_token(given: &Given, call: &mut Call, token: &str) {
    let nonce = call.proof().claims["nonce"].clone();
    call.authorization().1 = token.to_owned();
    let mut proof = given.proof(call);
    proof.claims["nonce"] = nonce;
    call.proofs = vec![(proof, Signer::Holder)];
}

/// The call with a proof that is right.
async fn proved(given: &Given, mut call: Call) -> Call {
    let mut proof = given.proof(&call);
    proof.claims["nonce"] = json!(given.nonce().await);
    call.proofs = vec![(proof, Signer::Holder)];
    call
}

#[tokio::test]
async fn the_token_endpoint_checks_a_proof_as_rfc_9449_says() {
    let given = Given::new().await;
    given.org.demand_dpop(true);
    for Row(section, what, change, wrong) in EVERYWHERE {
        let mut call = proved(&given, given.token_call()).await;
        change(&given, &mut call);

        let answer = given.send(&call).await;

        let expected = if wrong.is_empty() { "200".to_owned() } else { format!("400 {wrong}") };
        assert_eq!(answer.outcome(), expected, "{section}: {what}: {answer:?}");
        // Section 8.2: every answer to who has sent a proof brings the nonce.
        assert_eq!(answer.nonce.is_some(), !call.proofs.is_empty(), "{section}: {what}: {answer:?}");
        assert!(answer.nonce.is_none() || answer.cache.as_deref() == Some("no-store"), "{section}: {what}");
        let token_type = wrong.is_empty().then_some("DPoP");
        assert_eq!(answer.body["token_type"].as_str(), token_type, "5: {what}");
    }
}

#[tokio::test]
async fn an_operation_checks_a_proof_as_rfc_9449_says() {
    let given = Given::new().await;
    let token = given.bound_token().await;
    given.org.demand_nonce(true);
    for Row(section, what, change, wrong) in EVERYWHERE.iter().chain(WITH_TOKEN) {
        let mut call = proved(&given, given.session_call("DPoP", &token)).await;
        change(&given, &mut call);

        let answer = given.send(&call).await;

        let expected = if wrong.is_empty() { "200".to_owned() } else { format!("401 {wrong}") };
        assert_eq!(answer.outcome(), expected, "{section}: {what}: {answer:?}");
        assert_eq!(answer.nonce.is_some(), !call.proofs.is_empty(), "{section}: {what}: {answer:?}");
        let challenge = answer.challenge.unwrap_or_default();
        let algorithms = "DPoP algs=\"RS256 RS384 RS512 ES256 ES384 ES512\"";
        assert_eq!(challenge.starts_with(algorithms), !wrong.is_empty(), "7.1: {what}: {challenge}");
        assert!(wrong.is_empty() || challenge.contains(&format!("error=\"{wrong}\"")), "7.1: {what}: {challenge}");
    }
}

#[tokio::test]
async fn a_token_says_which_key_it_is_bound_to() {
    let given = Given::new().await;
    let bound = claims_of(&given.bound_token().await);
    assert_eq!(bound["cnf"], json!({"jkt": given.proof_key.thumbprint()}), "6.1");

    given.org.demand_dpop(false);
    let answer = given.send(&given.token_call()).await;
    assert_eq!(answer.body["token_type"], "Bearer", "5");
    assert_eq!(claims_of(&answer.access_token()).get("cnf"), None, "6.1");
}

#[tokio::test]
async fn a_proof_works_once_wherever_it_is_sent() {
    let given = Given::new().await;
    let token = given.bound_token().await;
    let first = proved(&given, given.token_call()).await;
    assert_eq!(given.send(&first).await.outcome(), "200");
    let mut again = proved(&given, given.token_call()).await;
    again.proof().claims["jti"] = first.proofs[0].0.claims["jti"].clone();
    assert_eq!(given.send(&again).await.outcome(), "400 invalid_dpop_proof", "11.1");

    let call = proved(&given, given.session_call("DPoP", &token)).await;
    assert_eq!(given.send(&call).await.outcome(), "200");
    assert_eq!(given.send(&call).await.outcome(), "401 invalid_dpop_proof", "11.1");

    // A refused proof is used up as well.
    let mut early = proved(&given, given.token_call()).await;
    early.proof().without("nonce");
    assert_eq!(given.send(&early).await.outcome(), "400 use_dpop_nonce");
    let mut again = proved(&given, given.token_call()).await;
    again.proof().claims["jti"] = early.proofs[0].0.claims["jti"].clone();
    assert_eq!(given.send(&again).await.outcome(), "400 invalid_dpop_proof", "11.1");

    // What one key has used is open to another.
    let mut other = proved(&given, given.token_call()).await;
    with_key_of_stranger(&given, &mut other);
    other.proof().claims["jti"] = first.proofs[0].0.claims["jti"].clone();
    assert_eq!(given.send(&other).await.outcome(), "200");
}

#[tokio::test]
async fn a_proof_is_for_one_request_and_no_assertion() {
    let given = Given::new().await;
    let token = given.bound_token().await;
    let for_token = proved(&given, given.token_call()).await;
    let mut call = given.session_call("DPoP", &token);
    call.proofs = for_token.proofs;
    assert_eq!(given.send(&call).await.outcome(), "401 invalid_dpop_proof", "11.1");

    let mut call = given.token_call();
    let proof: Jwt = given.proof(&call);
    call.assertion = Some((proof, Signer::Holder));
    assert_eq!((call.path.as_str(), given.send(&call).await.outcome().as_str()), (TOKEN, "401 invalid_client"), "11.6");
}

#[tokio::test]
async fn a_nonce_is_taken_until_it_is_rotated_or_renewed_twice() {
    let given = Given::new().await;
    let token = given.bound_token().await;
    given.org.demand_nonce(true);
    let with_nonce = async |nonce: &str| {
        let mut outcomes = Vec::new();
        for mut call in [given.token_call(), given.session_call("DPoP", &token)] {
            let mut proof = given.proof(&call);
            proof.claims["nonce"] = json!(nonce);
            call.proofs = vec![(proof, Signer::Holder)];
            let answer = given.send(&call).await;
            outcomes.push((answer.outcome(), answer.nonce.expect("answers to proofs bring it")));
        }
        outcomes
    };
    let accepted = |nonce: &str| vec![("200".to_owned(), nonce.to_owned()); 2];
    let refused =
        |nonce: &str| [400, 401].map(|status| (format!("{status} use_dpop_nonce"), nonce.to_owned())).to_vec();

    let first = given.nonce().await;
    assert_eq!(with_nonce(&first).await, accepted(&first));
    given.org.rotate_nonce();
    let second = given.nonce().await;
    assert_ne!(first, second);
    assert_eq!(with_nonce(&first).await, refused(&second), "8");
    assert_eq!(with_nonce(&second).await, accepted(&second));

    given.org.renew_nonce();
    let third = given.nonce().await;
    assert_eq!(with_nonce(&second).await, accepted(&third), "8.2: a success brings the new one");
    assert_eq!(with_nonce(&third).await, accepted(&third));
    given.org.renew_nonce();
    let fourth = given.nonce().await;
    assert_eq!(with_nonce(&second).await, refused(&fourth));
    given.org.rotate_nonce();
    assert_eq!(with_nonce(&fourth).await, refused(&given.nonce().await));
}

#[tokio::test]
async fn an_operation_wants_a_nonce_only_when_it_is_told_to() {
    let given = Given::new().await;
    let token = given.bound_token().await;
    let call = |given: &Given| {
        let mut call = given.session_call("DPoP", &token);
        call.proofs = vec![(given.proof(&call), Signer::Holder)];
        call
    };
    let answer = given.send(&call(&given)).await;
    assert_eq!((answer.outcome().as_str(), answer.nonce), ("200", None));
    given.org.demand_nonce(true);
    assert_eq!(given.send(&call(&given)).await.outcome(), "401 use_dpop_nonce");
}
