//! An org with a token endpoint, and what a test reads of the requests for tokens.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use httpmock::{HttpMockRequest, HttpMockResponse};
use serde_json::{Value, json};
use session_client::{Client, ClientBuilder, PrivateKey, PrivateKeyJwt};
use session_testkit::clock::TestClock;

use crate::support::{Org, answer, json_answer, session_body};

pub(crate) const CLIENT_ID: &str = "0oaExampleApp";

/// The key of the tests. Everybody can read it.
pub(crate) const KEY: &str = include_str!("../../../session-client/src/oauth/tests/keys/p256.pkcs8.pem");

pub(crate) fn app() -> PrivateKeyJwt {
    let key = PrivateKey::from_pem(KEY).expect("the key is one");
    PrivateKeyJwt::new(CLIENT_ID, key).expect("the client id is one")
}

/// An answer of the token endpoint that lives an hour.
pub(crate) fn token(text: &str) -> HttpMockResponse {
    issued(&json!({"access_token": text, "token_type": "Bearer", "expires_in": 3600, "scope": "okta.sessions.read"}))
}

pub(crate) fn issued(body: &Value) -> HttpMockResponse {
    json_answer(200, body)
}

/// A refusal in the form of OAuth 2.0.
pub(crate) fn refusal(status: u16, error: &str, description: &str) -> HttpMockResponse {
    json_answer(status, &json!({"error": error, "error_description": description}))
}

/// What makes an answer of a request.
pub(crate) trait Answers: Fn(&HttpMockRequest) -> HttpMockResponse + Send + Sync + 'static {}

impl<F: Fn(&HttpMockRequest) -> HttpMockResponse + Send + Sync + 'static> Answers for F {}

/// An org whose token endpoint and API answer as the test says.
pub(crate) struct OAuthOrg {
    org: Org,
    pub(crate) clock: TestClock,
    tokens: Arc<Mutex<VecDeque<HttpMockResponse>>>,
    asked: Arc<Mutex<Vec<HttpMockRequest>>>,
    called: Arc<Mutex<Vec<HttpMockRequest>>>,
}

impl OAuthOrg {
    /// Gives out these answers to requests for tokens, the last one again and again, and takes every token.
    pub(crate) async fn start(tokens: impl IntoIterator<Item = HttpMockResponse>) -> Self {
        Self::with_api(tokens, |request| match request.method_str() {
            "DELETE" => answer(204, &[], ""),
            _ => json_answer(200, &session_body()),
        })
        .await
    }

    /// As `start`, with an API of the test's own.
    pub(crate) async fn with_api(tokens: impl IntoIterator<Item = HttpMockResponse>, api: impl Answers) -> Self {
        let tokens = Arc::new(Mutex::new(tokens.into_iter().collect::<VecDeque<_>>()));
        let next = Arc::clone(&tokens);
        let endpoint = move |_: &HttpMockRequest| {
            let mut tokens = next.lock().unwrap();
            if tokens.len() > 1 { tokens.pop_front() } else { tokens.front().cloned() }.expect("there is an answer")
        };
        Self { tokens, ..Self::with_both(endpoint, api).await }
    }

    /// An org whose token endpoint is the test's own, and which has no API.
    pub(crate) async fn with_tokens(endpoint: impl Answers) -> Self {
        Self::with_both(endpoint, |_: &HttpMockRequest| answer(404, &[], "")).await
    }

    async fn with_both(endpoint: impl Answers, api: impl Answers) -> Self {
        let org = Org::start().await;
        let (asked, called) = (Arc::<Mutex<Vec<HttpMockRequest>>>::default(), Arc::<Mutex<Vec<_>>>::default());
        let (asking, calling) = (Arc::clone(&asked), Arc::clone(&called));
        org.respond(move |request| {
            if request.uri().path().ends_with("/oauth2/v1/token") {
                asking.lock().unwrap().push(request.clone());
                endpoint(request)
            } else {
                calling.lock().unwrap().push(request.clone());
                api(request)
            }
        });
        Self { org, clock: TestClock::new(), tokens: Arc::default(), asked, called }
    }

    /// From now on requests for tokens are answered so.
    pub(crate) fn answer_tokens(&self, answers: impl IntoIterator<Item = HttpMockResponse>) {
        *self.tokens.lock().unwrap() = answers.into_iter().collect();
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.org.url(path)
    }

    /// A client of the org on the test's clock.
    pub(crate) fn builder(&self, app: PrivateKeyJwt) -> ClientBuilder {
        Client::builder(self.url("")).credential(app).clock(Arc::new(self.clock.clone()))
    }

    pub(crate) fn client(&self, app: PrivateKeyJwt) -> Client {
        self.builder(app).build().expect("the client can be built")
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// The requests for tokens since the last look.
    pub(crate) fn take_asked(&self) -> Vec<TokenRequest> {
        std::mem::take(&mut *self.asked.lock().unwrap()).into_iter().map(TokenRequest).collect()
    }

    /// The one request for a token since the last look.
    pub(crate) fn take_one_asked(&self) -> TokenRequest {
        let mut asked = self.take_asked();
        assert_eq!(asked.len(), 1, "one token was asked for");
        asked.remove(0)
    }

    /// The requests of operations since the last look.
    pub(crate) fn take_called(&self) -> Vec<HttpMockRequest> {
        std::mem::take(&mut *self.called.lock().unwrap())
    }

    /// The headers `Authorization` of the operations since the last look.
    pub(crate) fn take_authorizations(&self) -> Vec<String> {
        self.take_called().iter().map(|request| header(request, "authorization").unwrap_or_default()).collect()
    }
}

/// A request for a token.
pub(crate) struct TokenRequest(pub(crate) HttpMockRequest);

impl TokenRequest {
    /// The form's value.
    pub(crate) fn value(&self, name: &str) -> String {
        let form = self.0.body_string();
        let mut pairs = form.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.find(|(key, _)| *key == name).expect("the form has the value").1;
        // None of the values has another character that is escaped.
        value.replace('+', " ").replace("%3A", ":")
    }

    /// What the assertion claims.
    pub(crate) fn claims(&self) -> Value {
        claims(&self.value("client_assertion"))
    }

    /// What the proof claims, if there is one.
    pub(crate) fn proof(&self) -> Option<Value> {
        header(&self.0, "dpop").map(|proof| claims(&proof))
    }
}

pub(crate) fn header(request: &HttpMockRequest, name: &str) -> Option<String> {
    request.headers().get(name).map(|value| value.to_str().expect("a header is text").to_owned())
}

/// The claims of a JWS.
pub(crate) fn claims(token: &str) -> Value {
    decoded(token.split('.').nth(1).expect("there are claims"))
}

/// The header of a JWS.
pub(crate) fn jws_header(token: &str) -> Value {
    decoded(token.split('.').next().expect("there is a header"))
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("it is base64url")).expect("it is JSON")
}
