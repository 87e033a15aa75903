//! The org on the network: routes, and what every request goes through.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, DATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use futures_util::{StreamExt, stream};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::answers::Failure;
use super::faults::{self, Kind};
use super::org::Shared;
use super::record::{self, RecordedRequest};
use super::{control, oauth, sessions, sign_in};

/// The largest body that is read, in bytes.
const MAX_BODY: usize = 1024 * 1024;

const COLLECTION: &str = "/api/v1/sessions";
const CURRENT: &str = "/api/v1/sessions/me";
const REFRESH_CURRENT: &str = "/api/v1/sessions/me/lifecycle/refresh";
const BY_ID: &str = "/api/v1/sessions/{id}";
const REFRESH_BY_ID: &str = "/api/v1/sessions/{id}/lifecycle/refresh";
const TOKEN: &str = "/oauth2/v1/token";

/// The operation of a request.
fn operation(method: &Method, path: &str) -> Option<&'static str> {
    match (method.as_str(), path) {
        ("POST", COLLECTION) => Some("createSession"),
        ("GET", CURRENT) => Some("getCurrentSession"),
        ("DELETE", CURRENT) => Some("closeCurrentSession"),
        ("POST", REFRESH_CURRENT) => Some("refreshCurrentSession"),
        ("GET", BY_ID) => Some("getSession"),
        ("DELETE", BY_ID) => Some("revokeSession"),
        ("POST", REFRESH_BY_ID) => Some("refreshSession"),
        _ => None,
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    let routes = Router::new()
        .route(COLLECTION, allowing("POST", post(sessions::create)))
        // An empty id.
        .route("/api/v1/sessions/", allowing("POST", MethodRouter::new()))
        .route("/api/v1/sessions//lifecycle/refresh", allowing("", MethodRouter::new()))
        .route(CURRENT, allowing("GET, DELETE", get(sessions::get_current).delete(sessions::close_current)))
        .route(REFRESH_CURRENT, allowing("POST", post(sessions::refresh_current)))
        .route(BY_ID, allowing("GET, DELETE", get(sessions::get).delete(sessions::revoke)))
        .route(REFRESH_BY_ID, allowing("POST", post(sessions::refresh)))
        .route("/api/v1/authn", allowing("POST", post(sign_in::authenticate)))
        .route("/login/sessionCookieRedirect", allowing("GET", get(sign_in::redirect)))
        .route(TOKEN, allowing("POST", post(oauth::token)))
        .fallback(|| async { Failure::NotFound })
        .layer(middleware::from_fn_with_state(Arc::clone(shared), serve_as_okta));
    control::router().merge(routes).with_state(Arc::clone(shared))
}

/// The route, with Okta's answer to other methods. HEAD is no method of these endpoints.
fn allowing(methods: &'static str, route: MethodRouter<Arc<Shared>>) -> MethodRouter<Arc<Shared>> {
    route
        .head(move || async move { Failure::MethodNotAllowed(methods) })
        .fallback(move || async move { Failure::MethodNotAllowed(methods) })
}

impl IntoResponse for Failure {
    /// The words are added where the org is at hand.
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What happens to every request: the record, Okta's headers, faults, and the rate limit.
async fn serve_as_okta(
    State(shared): State<Arc<Shared>>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = matched.as_ref().map_or("", MatchedPath::as_str);
    let operation = operation(&parts.method, path);
    let is_token_request = path == TOKEN && parts.method == Method::POST;
    let brings_proof = parts.headers.contains_key("dpop");
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    let recorded = RecordedRequest {
        operation,
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        headers: record::headers(&parts.headers),
        body: String::from_utf8_lossy(&body).into_owned(),
        status: None,
    };
    let (place, fault, told) = shared.with_now(|org, now| {
        let place = org.record.begin(recorded);
        let told = operation.map(|_| org.rate_limiter.begin(now));
        let fault = faults::take(&mut org.faults, operation.or(is_token_request.then_some(faults::TOKEN_REQUEST)));
        (place, fault, told)
    });
    let _under_way = told.map(|_| UnderWay(&shared));
    if let Some(Kind::Delay(duration)) = fault {
        shared.time.delay(duration).await;
    }

    let gateway = matches!(fault, Some(Kind::Html | Kind::Empty));
    let mut response = match &fault {
        Some(Kind::Html) => (StatusCode::BAD_GATEWAY, axum::response::Html(GATEWAY_PAGE)).into_response(),
        Some(Kind::Empty) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Kind::Status(status)) => Failure::with_status(*status).into_response(),
        _ if told.is_some_and(|told| told.exceeded) => Failure::RateLimited.into_response(),
        _ if operation.is_some() => match check_accept(&parts.headers) {
            Ok(()) => next.run(Request::from_parts(parts, Body::from(body))).await,
            Err(failure) => failure.into_response(),
        },
        _ => next.run(Request::from_parts(parts, Body::from(body))).await,
    };
    let (request_id, error_id) = shared.with_now(|org, _| (org.token("req", 24), org.token("oae", 22)));
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        response = failure.response(&error_id);
    }
    if let Ok(date) = HeaderValue::from_str(&httpdate::fmt_http_date(shared.time.now())) {
        response.headers_mut().insert(DATE, date);
    }
    if !gateway && response.status() != StatusCode::METHOD_NOT_ALLOWED {
        if let Ok(id) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert(HeaderName::from_static("x-okta-request-id"), id);
        }
        if let Some(told) = told {
            told.write(response.headers_mut());
        }
        if brings_proof && (operation.is_some() || is_token_request) {
            shared.lock().oauth.tell_nonce(is_token_request, response.headers_mut());
        }
        if let Some(operation) = operation {
            shared.with_now(|org, _| sessions::set_usual_cookies(org, operation, &mut response));
        }
    }
    match fault {
        Some(Kind::Cut) => response = cut(response).await,
        Some(Kind::Reset) => {
            response.extensions_mut().insert(ResetConnection);
        }
        _ => {}
    }
    let is_reset = response.extensions().get::<ResetConnection>().is_some();
    shared.lock().record.end(place, (!is_reset).then(|| response.status().as_u16()));
    response
}

const GATEWAY_PAGE: &str = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";

/// The place of a request among those under way, until it ends or is dropped.
struct UnderWay<'a>(&'a Shared);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.lock().rate_limiter.end();
    }
}

fn check_accept(headers: &HeaderMap) -> Result<(), Failure> {
    let accept = headers.get(ACCEPT).ok_or(Failure::HeadersMissing)?.to_str().unwrap_or_default();
    let accepted = ["application/json", "application/*", "*/*"];
    if accepted.iter().any(|known| accept.contains(known)) { Ok(()) } else { Err(Failure::MediaType) }
}

/// The response with half of its body. Without a body there is nothing to cut: the connection breaks before it.
async fn cut(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    if body.is_empty() {
        parts.extensions.insert(ResetConnection);
        return Response::from_parts(parts, Body::empty());
    }
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    let half = stream::iter([Ok(body.slice(..body.len() / 2))]);
    let broken = stream::once(async {
        // What is written so far goes out while the next part is waited for.
        tokio::task::yield_now().await;
        Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    Response::from_parts(parts, Body::from_stream(half.chain(broken)))
}

/// On a response: the connection is reset instead.
#[derive(Clone, Copy)]
struct ResetConnection;

/// Serves until the task is ended; its connections end with it.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = router(&shared);
    let mut connections = JoinSet::new();
    loop {
        // Out of file descriptors, say: others may be free soon.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        connections.spawn(serve_connection(stream, router.clone()));
    }
}

async fn serve_connection(stream: TcpStream, router: Router) {
    let reset = Arc::new(AtomicBool::new(false));
    let connection = Connection { stream, reset: Arc::clone(&reset) };
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (router, reset) = (router.clone(), Arc::clone(&reset));
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            if response.extensions().get::<ResetConnection>().is_some() {
                reset.store(true, Ordering::Relaxed);
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            Ok(response)
        }
    });
    // A connection that a client breaks off, or that is to be reset, is no failure of the org.
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(connection), service).await;
}

/// A connection that can end with a reset.
struct Connection {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.load(Ordering::Relaxed) {
            // A shutdown would say goodbye in order.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
