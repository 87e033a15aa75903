//! Answers of a server: whatever they are, a call ends with a value or an error, the error keeps status, headers and
//! request id, and neither shows a secret of the request.
//!
//! The input is the name of an operation on a line, then the answers to its attempts, separated by `====` on a line of
//! its own. An answer is a status, `cut` behind it if the connection breaks in its body, headers, an empty line, and the
//! body:
//!
//! ```text
//! getSession
//! 404
//! x-okta-request-id: aRequestId
//!
//! {"errorCode": "E0000007"}
//! ```

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use session_client::types::{CreateSessionRequest, Session};
use session_client::{
    Client, Clock, Error, ErrorKind, Extra, Operation, Response, SessionCookie, SessionId, SessionToken, Sleep,
    operations,
};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::runtime::{Builder, Runtime};

const API_TOKEN: &str = "an-api-token";
const SESSION_ID: &str = "the-session-id";
const SESSION_TOKEN: &str = "one-session-token";
const SID: &str = "some.cookie.value";
const DEVICE: &str = "this.device.value";

/// The secrets of the operation's request. Nothing in them looks like one: only who knows that they are some can mask
/// them.
fn secrets(operation: &Operation) -> [&'static str; 2] {
    match operation.path {
        "/api/v1/sessions" => [API_TOKEN, SESSION_TOKEN],
        path if path.contains("/me") => [SID, DEVICE],
        _ => [API_TOKEN, SESSION_ID],
    }
}

thread_local! {
    static WORLD: World = World::new();
}

/// Checks what becomes of a call that is answered so.
pub fn check(data: &[u8]) {
    let (first, rest) = line(data);
    let index = operations::ALL.iter().position(|operation| operation.id.as_bytes() == first);
    let operation =
        operations::ALL[index.unwrap_or_else(|| usize::from(first.first().copied().unwrap_or_default()) % 7)];
    let script: Vec<Answer> = split(rest, b"\n====\n").into_iter().map(Answer::read).collect();

    let (outcome, attempts) = WORLD.with(|world| world.call(operation, &script));

    let last = &script[attempts.min(script.len()) - 1];
    match outcome {
        Ok(success) => {
            assert_eq!(success.attempts as usize, attempts);
            assert_eq!(success.status, last.status);
            let is_gone = success.status == StatusCode::NOT_FOUND && operation.method == Method::DELETE && attempts > 1;
            assert!(success.status.is_success() || is_gone, "{}", success.status);
            assert!(success.may_show || !shows_secret(operation, &success.shown), "a secret shows: {}", success.shown);
        }
        Err(error) => check_error(&error, operation, attempts, last),
    }
}

fn check_error(error: &Error, operation: &Operation, attempts: usize, last: &Answer) {
    assert_eq!(error.operation().map(|operation| operation.id), Some(operation.id));
    assert_eq!(error.attempts() as usize, attempts);
    assert_eq!(error.status(), Some(last.status), "the status is kept: {error:?}");
    let kind = match (last.status.is_success(), last.is_cut) {
        (false, _) => ErrorKind::Status,
        (true, false) => ErrorKind::Decode,
        (true, true) => ErrorKind::Transport,
    };
    assert_eq!(error.kind(), kind, "{error:?}");
    let headers = error.headers().expect("there was an answer");
    for name in last.headers.keys() {
        assert!(headers.get_all(name).iter().eq(last.headers.get_all(name)), "the header {name} is kept");
    }
    let id =
        last.headers.get("x-okta-request-id").and_then(|id| id.to_str().ok()).filter(|id| !shows_secret(operation, id));
    assert_eq!(error.request_id(), id);

    assert!(!error.to_string().contains(char::is_control), "{error:?}");
    let words = [error.code(), error.error_id(), error.body_excerpt()];
    for word in words.into_iter().flatten() {
        assert!(!word.contains(char::is_control), "{word:?}");
    }
    assert!(error.body_excerpt().is_none_or(|excerpt| excerpt.chars().count() <= 200));
    let mut shown = vec![format!("{error} {error:?} {words:?}")];
    for summary in error.summary().into_iter().chain(error.causes()) {
        assert!(!summary.to_string().contains(char::is_control), "{summary:?}");
        shown.push(format!("{summary} {summary:?} {}", summary.expose_secret()));
    }
    if let Some(api_error) = error.api_error() {
        shown.push(serde_json::to_string(api_error).expect("what was JSON is JSON"));
    }
    let mut source = error.source();
    while let Some(cause) = source {
        shown.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    assert!(!shown.iter().any(|text| shows_secret(operation, text)), "a secret of the request shows: {shown:?}");
}

fn shows_secret(operation: &Operation, text: &str) -> bool {
    secrets(operation).iter().any(|secret| text.contains(secret))
}

/// An answer as the server will write it.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    is_cut: bool,
}

impl Answer {
    fn read(text: &[u8]) -> Self {
        let (head, body) = split_once(text, b"\n\n");
        let (first, lines) = line(head);
        let status = StatusCode::from_bytes(first.get(..3).unwrap_or_default()).unwrap_or_default();
        // Informational answers are not the last word, and HTTP has no body under these two.
        let status = if status.is_informational() { StatusCode::OK } else { status };
        let bodiless = matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        let body = if bodiless { Vec::new() } else { body.to_vec() };
        let is_cut = !bodiless && first.ends_with(b"cut");
        let mut headers = HeaderMap::new();
        for (name, value) in lines.split(|byte| *byte == b'\n').filter_map(header).take(80) {
            headers.append(name, value);
        }
        Self { status, headers, body, is_cut }
    }

    fn write(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {} Reason\r\n", self.status.as_str()).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        bytes.extend(format!("content-length: {}\r\n\r\n", self.body.len() + usize::from(self.is_cut)).into_bytes());
        bytes.extend(&self.body);
        bytes
    }
}

/// A header, if it is one and does not frame the message.
fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = split_at_first(line, b":")?;
    let name = HeaderName::from_bytes(name).ok()?;
    let framing = ["connection", "content-length", "transfer-encoding", "upgrade"];
    // A name is shown as it is: in its small letters, no secret of Okta's is one any more.
    let is_secret =
        [API_TOKEN, SESSION_ID, SESSION_TOKEN, SID, DEVICE].iter().any(|secret| name.as_str().contains(secret));
    let value = HeaderValue::from_bytes(value.trim_ascii()).ok()?;
    (!framing.contains(&name.as_str()) && !is_secret).then_some((name, value))
}

fn line(text: &[u8]) -> (&[u8], &[u8]) {
    split_once(text, b"\n")
}

fn split_once<'a>(text: &'a [u8], separator: &[u8]) -> (&'a [u8], &'a [u8]) {
    split_at_first(text, separator).unwrap_or((text, b""))
}

fn split_at_first<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = text.windows(separator.len()).position(|window| window == separator)?;
    Some((&text[..start], &text[start + separator.len()..]))
}

fn split<'a>(text: &'a [u8], separator: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (part, after) = split_at_first(text, separator).map_or((text, None), |(part, after)| (part, Some(after)));
        parts.push(part);
        rest = after;
    }
    parts
}

/// What came of a call that succeeded.
struct Success {
    status: StatusCode,
    attempts: u32,
    /// What printing it shows.
    shown: String,
    /// Whether the server has put a secret where none belongs, such as into the login.
    may_show: bool,
}

impl Success {
    fn new<T: Debug>(response: &Response<T>, may_show: bool) -> Self {
        Self { status: response.status(), attempts: response.attempts(), shown: format!("{response:?}"), may_show }
    }

    fn of_session(operation: &Operation, response: &Response<Session>) -> Self {
        let mut rest = response.value().clone();
        rest.id = SessionId::new("x").expect("the id is valid");
        rest.links = None;
        rest.extra = Extra::default();
        let may_show = shows_secret(operation, &serde_json::to_string(&rest).expect("what was JSON is JSON"));
        Self::new(response, may_show)
    }
}

/// A client and its server, on a socket in the file system: ports would run out.
struct World {
    runtime: Runtime,
    listener: UnixListener,
    client: Client,
    _folder: TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let socket = folder.path().join("org");
        let runtime = Builder::new_current_thread().enable_all().build().expect("the runtime starts");
        let listener = runtime.block_on(async { UnixListener::bind(&socket) }).expect("the socket can be made");
        let client = Client::builder("http://localhost")
            .api_token(API_TOKEN)
            .clock(Arc::new(NoTime))
            .http_client(|http| http.unix_socket(socket).pool_max_idle_per_host(0))
            .build()
            .expect("the client can be built");
        Self { runtime, listener, client, _folder: folder }
    }

    /// The outcome of the call, and how many of its attempts were answered.
    fn call(&self, operation: &Operation, answers: &[Answer]) -> (Result<Success, Error>, usize) {
        self.runtime.block_on(async {
            let mut attempts = 0;
            let serve = async {
                loop {
                    let answer = &answers[attempts.min(answers.len() - 1)];
                    let (connection, _) = self.listener.accept().await.expect("the client connects");
                    attempts += 1;
                    serve(connection, answer).await;
                }
            };
            let outcome = tokio::select! {
                biased;
                outcome = self.ask(operation) => outcome,
                () = serve => unreachable!("the server does not end"),
            };
            (outcome, attempts)
        })
    }

    async fn ask(&self, operation: &Operation) -> Result<Success, Error> {
        let id = SessionId::new(SESSION_ID).expect("the id is valid");
        let cookie = SessionCookie::sid(SID).and_then(|sid| sid.with_device(DEVICE)).expect("the cookie is valid");
        let client = &self.client;
        match operation.id {
            "createSession" => {
                let token = SessionToken::new(SESSION_TOKEN).expect("the token is valid");
                client
                    .create_session(&CreateSessionRequest::new(token))
                    .await
                    .map(|session| Success::of_session(operation, &session))
            }
            "getSession" => client.get_session(&id).await.map(|session| Success::of_session(operation, &session)),
            "refreshSession" => {
                client.refresh_session(&id).await.map(|session| Success::of_session(operation, &session))
            }
            "revokeSession" => client.revoke_session(&id).await.map(|done| Success::new(&done, false)),
            "getCurrentSession" => {
                client.get_current_session(&cookie).await.map(|session| Success::of_session(operation, &session))
            }
            "refreshCurrentSession" => {
                client.refresh_current_session(&cookie).await.map(|session| Success::of_session(operation, &session))
            }
            "closeCurrentSession" => client.close_current_session(&cookie).await.map(|done| Success::new(&done, false)),
            other => unreachable!("there is an operation that is not called here: {other}"),
        }
    }
}

/// Reads the request, since unread bytes would turn the close into a reset, and answers it.
async fn serve(mut connection: UnixStream, answer: &Answer) {
    let mut request = Vec::new();
    while !is_whole(&request) {
        if connection.read_buf(&mut request).await.expect("the request can be read") == 0 {
            break;
        }
    }
    // A client that has read enough may be gone.
    let _ = connection.write_all(&answer.write()).await;
}

fn is_whole(request: &[u8]) -> bool {
    let Some((head, body)) = split_at_first(request, b"\r\n\r\n") else { return false };
    let length = head.split(|byte| *byte == b'\n').find_map(header_length);
    body.len() >= length.unwrap_or_default()
}

fn header_length(line: &[u8]) -> Option<usize> {
    let (name, value) = split_at_first(line, b":")?;
    name.eq_ignore_ascii_case(b"content-length").then(|| str::from_utf8(value).ok()?.trim().parse().ok())?
}

/// A clock on which waits take no time and nothing takes too long.
#[derive(Debug)]
struct NoTime;

impl Clock for NoTime {
    fn time_of_day(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_769_065_200)
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn pause(&self, _: Duration) -> Sleep {
        Box::pin(std::future::ready(()))
    }

    fn timer(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}
