//! The org in memory as authorization server and resource server: section by section what RFC 7523 and RFC 9449 ask of it,
//! and what tests do with it.

mod assertions;
mod client;
mod jwt;
mod keys;
mod noise;
mod proofs;
mod settings;

use std::time::UNIX_EPOCH;

use serde_json::{Value, json};
use session_client::SessionId;
use session_testkit::fake::FakeOrg;

use self::jwt::{Jwt, Key};
use crate::fake_org::{ask, session_of};

const CLIENT: &str = "0oaServiceOfTheTests";
const SCOPES: [&str; 2] = ["okta.sessions.read", "okta.sessions.manage"];
const TOKEN: &str = "/oauth2/v1/token";

/// An org with a service app and a session.
struct Given {
    org: FakeOrg,
    /// The app's.
    key: Key,
    /// Nobody's.
    stranger: Key,
    /// What the app proves to hold.
    proof_key: Key,
    session: SessionId,
}

impl Given {
    async fn new() -> Self {
        let org = FakeOrg::start().await;
        let given = Self {
            key: Key::for_algorithm("ES256"),
            stranger: Key::for_algorithm("ES256"),
            proof_key: Key::for_algorithm("ES256"),
            session: session_of(&org, &crate::fake_org::client(&org)).await,
            org,
        };
        let mut jwk = given.key.public_jwk();
        jwk["kid"] = json!("key-1");
        given.org.register_client(CLIENT, &jwk.to_string(), &SCOPES).expect("it is a key");
        given
    }

    /// The org's time in whole seconds.
    fn now(&self) -> u64 {
        self.org.now().duration_since(UNIX_EPOCH).expect("it is later").as_secs()
    }

    fn endpoint(&self) -> String {
        format!("{}{TOKEN}", self.org.url())
    }

    /// An assertion that is right.
    fn assertion(&self) -> Jwt {
        Jwt::new(
            json!({"alg": "ES256", "kid": "key-1"}),
            json!({
                "iss": CLIENT,
                "sub": CLIENT,
                "aud": self.endpoint(),
                "exp": self.now() + 300,
                "iat": self.now(),
                "jti": unique(),
            }),
        )
    }

    /// A proof that is right for the call, which has an access token or asks for one.
    fn proof(&self, call: &Call) -> Jwt {
        let mut proof = Jwt::new(
            json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.proof_key.public_jwk()}),
            json!({
                "jti": unique(),
                "htm": call.method,
                "htu": format!("{}{}", self.org.url(), call.path),
                "iat": self.now(),
            }),
        );
        if let Some((_, token)) = &call.authorization {
            proof.claims["ath"] = json!(jwt::sha256(token));
        }
        proof
    }

    /// A token request that is right but for a proof.
    fn token_call(&self) -> Call {
        Call {
            method: "POST",
            path: TOKEN.to_owned(),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            authorization: None,
            form: vec![
                ("grant_type", "client_credentials".to_owned()),
                ("scope", SCOPES.join(" ")),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".to_owned()),
            ],
            assertion: Some((self.assertion(), Signer::App)),
            proofs: Vec::new(),
        }
    }

    /// A call of `getSession` that is right but for a proof.
    fn session_call(&self, scheme: &'static str, token: &str) -> Call {
        Call {
            method: "GET",
            path: format!("/api/v1/sessions/{}", self.session.expose_secret()),
            headers: vec![("accept", "application/json".to_owned())],
            authorization: Some((scheme, token.to_owned())),
            form: Vec::new(),
            assertion: None,
            proofs: Vec::new(),
        }
    }

    fn signer(&self, signer: Signer) -> &Key {
        match signer {
            Signer::App => &self.key,
            Signer::Stranger => &self.stranger,
            Signer::Holder => &self.proof_key,
        }
    }

    async fn send(&self, call: &Call) -> Answer {
        let mut headers: Vec<(&str, String)> = call.headers.clone();
        headers.extend(call.authorization.iter().map(|(scheme, token)| ("authorization", format!("{scheme} {token}"))));
        headers.extend(call.proofs.iter().map(|(proof, signer)| ("dpop", proof.sign(self.signer(*signer)))));
        let mut form = call.form.clone();
        form.extend(call.assertion.iter().map(|(jwt, signer)| ("client_assertion", jwt.sign(self.signer(*signer)))));
        let pairs: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let response = ask(&self.org, call.method, &call.path, &headers, &pairs.join("&")).await;
        let header = |name: &str| Some(response.headers().get(name)?.to_str().expect("text").to_owned());
        let (nonce, challenge, cache) = (header("dpop-nonce"), header("www-authenticate"), header("cache-control"));
        let status = response.status().as_u16();
        Answer { status, nonce, challenge, cache, body: response.json().await.unwrap_or_default() }
    }

    /// The nonce that the token endpoint hands out.
    async fn nonce(&self) -> String {
        let mut call = self.token_call();
        call.proofs = vec![(self.proof(&call), Signer::Holder)];
        self.send(&call).await.nonce.expect("the org demands proofs")
    }

    /// A token that is bound to the key of the proofs.
    async fn bound_token(&self) -> String {
        self.org.demand_dpop(true);
        let mut call = self.token_call();
        let mut proof = self.proof(&call);
        proof.claims["nonce"] = json!(self.nonce().await);
        call.proofs = vec![(proof, Signer::Holder)];
        self.send(&call).await.access_token()
    }
}

/// Who signs a token.
#[derive(Clone, Copy)]
enum Signer {
    App,
    Stranger,
    Holder,
}

/// A request in the making.
struct Call {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    /// Scheme and token.
    authorization: Option<(&'static str, String)>,
    form: Vec<(&'static str, String)>,
    assertion: Option<(Jwt, Signer)>,
    proofs: Vec<(Jwt, Signer)>,
}

impl Call {
    fn assertion(&mut self) -> &mut Jwt {
        &mut self.assertion.as_mut().expect("the call has an assertion").0
    }

    /// Scheme and token.
    fn authorization(&mut self) -> &mut (&'static str, String) {
        self.authorization.as_mut().expect("the call has a token")
    }

    fn proof(&mut self) -> &mut Jwt {
        &mut self.proofs.first_mut().expect("the call has a proof").0
    }

    fn unset(&mut self, parameter: &str) {
        self.form.retain(|(name, _)| *name != parameter);
    }

    fn set(&mut self, parameter: &'static str, value: &str) {
        self.unset(parameter);
        self.form.push((parameter, value.to_owned()));
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    nonce: Option<String>,
    challenge: Option<String>,
    cache: Option<String>,
    body: Value,
}

impl Answer {
    /// Status and error in short, such as `401 invalid_client`.
    fn outcome(&self) -> String {
        let error = self.body["error"].as_str().or(self.body["errorCode"].as_str());
        error.map_or_else(|| self.status.to_string(), |error| format!("{} {error}", self.status))
    }

    fn access_token(&self) -> String {
        self.body["access_token"].as_str().unwrap_or_else(|| panic!("there is no token: {self:?}")).to_owned()
    }
}

/// An id that no other token has.
fn unique() -> String {
    static LAST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    format!("id-{}", LAST.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}

/// A value of a form.
fn escape(value: &str) -> String {
    let mut url = reqwest::Url::parse("http://x/").expect("a URL");
    url.query_pairs_mut().append_key_only(value);
    url.query().unwrap_or_default().to_owned()
}
