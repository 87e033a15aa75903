//! What the tests share: an org that answers what a test says and keeps what it was asked, and a call of any operation.

use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, StatusCode};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::{Value, json};
use session_client::types::{CreateSessionRequest, Session};
use session_client::{Client, Error, Operation, Response, SessionCookie, SessionId, SessionToken};

/// Every secret of a test has this word in it, so that one search finds all of them, whole or in part.
pub(crate) const CANARY: &str = "canary";

pub(crate) const API_TOKEN: &str = "00canaryApiTokenAbCdEfGhIjKlMnOpQrStUvWx";
pub(crate) const SESSION_ID: &str = "102canarySessionIdAbCdEfGh";
pub(crate) const SESSION_TOKEN: &str = "20111canarySessionTokenAbCdEfGhIjKlMnOpQrStUvWxYz";
/// Nothing in it looks like a secret: only who knows that it is one can mask it.
pub(crate) const SID: &str = "canary.sid";
pub(crate) const DEVICE: &str = "canary.device";

pub(crate) const REQUEST_ID: &str = "aRequestIdOfOkta";

pub(crate) fn session_id() -> SessionId {
    SessionId::new(SESSION_ID).expect("the id is valid")
}

pub(crate) fn create_request() -> CreateSessionRequest {
    CreateSessionRequest::new(SessionToken::new(SESSION_TOKEN).expect("the token is valid"))
}

pub(crate) fn cookie() -> SessionCookie {
    SessionCookie::sid(SID).and_then(|sid| sid.with_device(DEVICE)).expect("the cookie is valid")
}

type Responder = Arc<dyn Fn(&HttpMockRequest) -> HttpMockResponse + Send + Sync>;

/// An org on loopback that answers every request, whatever its path, and keeps it.
pub(crate) struct Org {
    server: MockServer,
    responder: Arc<Mutex<Responder>>,
    requests: Arc<Mutex<Vec<HttpMockRequest>>>,
}

impl Org {
    /// Answers 204 until told otherwise.
    pub(crate) async fn start() -> Self {
        let server = MockServer::start_async().await;
        let no_content: Responder = Arc::new(|_| answer(204, &[], ""));
        let responder = Arc::new(Mutex::new(no_content));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (responders, log) = (Arc::clone(&responder), Arc::clone(&requests));
        let mock = server.mock_async(move |when, then| {
            when.any_request();
            then.respond_with(move |request| {
                lock(&log).push(request.clone());
                let respond = Arc::clone(&lock(&responders));
                respond(request)
            });
        });
        mock.await;
        Self { server, responder, requests }
    }

    pub(crate) async fn answering(response: HttpMockResponse) -> Self {
        let org = Self::start().await;
        org.answer(response);
        org
    }

    /// From now on the answer is this one.
    pub(crate) fn answer(&self, response: HttpMockResponse) {
        self.respond(move |_| response.clone());
    }

    /// From now on the answer depends on the request.
    pub(crate) fn respond(&self, responder: impl Fn(&HttpMockRequest) -> HttpMockResponse + Send + Sync + 'static) {
        *lock(&self.responder) = Arc::new(responder);
    }

    /// A client with an API token.
    pub(crate) fn client(&self) -> Client {
        Client::builder(self.server.base_url())
            .api_token(API_TOKEN)
            .max_retries(0)
            .build()
            .expect("the client can be built")
    }

    /// A client without a credential.
    pub(crate) fn anonymous_client(&self) -> Client {
        Client::builder(self.server.base_url()).max_retries(0).build().expect("the client can be built")
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// What has been asked since the last look.
    pub(crate) fn take_requests(&self) -> Vec<HttpMockRequest> {
        std::mem::take(&mut lock(&self.requests))
    }

    /// The one thing that has been asked since the last look.
    pub(crate) fn take_request(&self) -> HttpMockRequest {
        let requests = self.take_requests();
        assert_eq!(requests.len(), 1, "one request was sent: {requests:?}");
        requests.into_iter().next().expect("there is one")
    }
}

/// A test that failed while it held the lock has said so already.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was asked for: the path with all that stands behind it.
pub(crate) fn path(request: &HttpMockRequest) -> String {
    request.uri().path_and_query().expect("a request has a path").to_string()
}

/// An answer with Okta's request id.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> HttpMockResponse {
    let headers = headers.iter().copied().chain([("x-okta-request-id", REQUEST_ID)]);
    HttpMockResponse::builder().status(status).headers(headers).body(body.as_ref().to_vec()).build()
}

pub(crate) fn json_answer(status: u16, body: &Value) -> HttpMockResponse {
    answer(status, &[("content-type", "application/json")], body.to_string())
}

/// A session as Okta sends it after its creation.
pub(crate) fn session_body() -> Value {
    json!({
        "id": "102aBcDeFgHiJkLmNoPqRsTuVw",
        "userId": "00uabcd1efGHIJKLM5d7",
        "login": "user@example.com",
        "createdAt": "2026-01-22T07:01:28.000Z",
        "expiresAt": "2026-01-22T09:01:28.000Z",
        "status": "ACTIVE",
        "lastPasswordVerification": "2026-01-22T07:01:28.000Z",
        "lastFactorVerification": null,
        "amr": ["pwd"],
        "idp": {"id": "00oabcd1efGHIJKLM1d7", "type": "OKTA"},
        "mfaActive": true,
        "_links": {
            "self": {
                "href": "https://acme.okta.com/api/v1/sessions/me",
                "hints": {"allow": ["GET", "DELETE"]}
            },
            "refresh": {
                "href": "https://acme.okta.com/api/v1/sessions/me/lifecycle/refresh",
                "hints": {"allow": ["POST"]}
            },
            "user": {
                "name": "Full Name",
                "href": "https://acme.okta.com/api/v1/users/me",
                "hints": {"allow": ["GET"]}
            }
        }
    })
}

/// What the operations have in common when they succeed.
#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) request_id: Option<String>,
    pub(crate) session: Option<Session>,
    /// The response as `{:?}` and `{:#?}` print it.
    pub(crate) printed: [String; 2],
}

impl Success {
    fn of<T: std::fmt::Debug>(response: Response<T>, session: impl FnOnce(T) -> Option<Session>) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            request_id: response.request_id().map(str::to_owned),
            printed: [format!("{response:?}"), format!("{response:#?}")],
            session: session(response.into_inner()),
        }
    }
}

/// Calls the operation with the secrets of this module.
pub(crate) async fn call(client: &Client, operation: &Operation) -> Result<Success, Error> {
    let with_session = |response| Success::of(response, Some);
    let without = |response| Success::of(response, |()| None);
    match operation.id {
        "createSession" => client.create_session(&create_request()).await.map(with_session),
        "getCurrentSession" => client.get_current_session(&cookie()).await.map(with_session),
        "closeCurrentSession" => client.close_current_session(&cookie()).await.map(without),
        "refreshCurrentSession" => client.refresh_current_session(&cookie()).await.map(with_session),
        "getSession" => client.get_session(&session_id()).await.map(with_session),
        "revokeSession" => client.revoke_session(&session_id()).await.map(without),
        "refreshSession" => client.refresh_session(&session_id()).await.map(with_session),
        id => panic!("`call` does not know the operation {id}"),
    }
}
