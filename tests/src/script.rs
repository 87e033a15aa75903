//! A server that does what a mock server cannot: it follows a script, a step for each connection.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use session_client::{Client, ClientBuilder};
use session_testkit::clock::TestClock;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::support::{API_TOKEN, session_body};

/// What becomes of one connection.
pub(crate) enum Step {
    /// The request is read, this is the answer, and the connection closes.
    Answer(String),
    /// The request is read, and the connection closes without an answer.
    Close,
    /// The connection is reset before the request is read.
    Reset,
    /// The request is read, this is the beginning of the answer, and then nothing comes.
    Hang(String),
    /// The request is read, this is the head of the answer, and the body has no end.
    Endless(String),
}

/// An answer with a JSON body; `headers` are whole lines.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Step {
    Step::Answer(text(status, headers, body))
}

pub(crate) fn text(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\n{headers}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// A session.
pub(crate) fn session() -> Step {
    answer(200, "x-okta-request-id: last\r\n", &session_body().to_string())
}

/// What a server that follows a script was asked, one request a connection.
pub(crate) struct Script {
    address: std::net::SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    asked: Arc<Notify>,
    pub(crate) clock: TestClock,
}

impl Script {
    pub(crate) async fn start(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let address = listener.local_addr().expect("the listener has an address");
        let (requests, asked) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(Notify::new()));
        let (log, signal) = (Arc::clone(&requests), Arc::clone(&asked));
        let steps: Vec<Step> = steps.into_iter().collect();
        tokio::spawn(async move {
            let mut open = Vec::new();
            for step in steps {
                let (mut connection, _) = listener.accept().await.expect("a connection comes in");
                if matches!(step, Step::Reset) {
                    connection.set_zero_linger().expect("a reset can be asked for");
                    log.lock().unwrap().push("(not read)".to_owned());
                    signal.notify_one();
                    continue;
                }
                let request = read_request(&mut connection).await;
                log.lock().unwrap().push(request);
                signal.notify_one();
                match step {
                    Step::Answer(text) => {
                        let _ = connection.write_all(text.as_bytes()).await;
                        let _ = connection.shutdown().await;
                    }
                    Step::Hang(text) => {
                        let _ = connection.write_all(text.as_bytes()).await;
                        open.push(connection);
                    }
                    Step::Endless(head) => {
                        let _ = connection.write_all(head.as_bytes()).await;
                        let spaces = vec![b' '; 64 * 1024];
                        // Bounded all the same: the client is to stop reading long before.
                        for _ in 0..64 {
                            if connection.write_all(&spaces).await.is_err() {
                                break;
                            }
                        }
                    }
                    Step::Close | Step::Reset => {}
                }
            }
            // Connections that hang stay open until the test ends.
            std::future::pending::<()>().await;
        });
        Self { address, requests, asked, clock: TestClock::new() }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client on the script's clock, without connections that are kept: each request is a step.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(self.url())
            .api_token(API_TOKEN)
            .clock(Arc::new(self.clock.clone()))
            .http_client(|http| http.pool_max_idle_per_host(0))
    }

    pub(crate) fn client(&self) -> Client {
        self.builder().build().expect("the client can be built")
    }

    /// What was asked so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Ends when the next request was read.
    pub(crate) async fn asked(&self) {
        self.asked.notified().await;
    }

    /// The pauses of the client, in whole seconds.
    pub(crate) fn pauses(&self) -> Vec<u64> {
        self.clock.pauses().iter().map(Duration::as_secs).collect()
    }
}

/// One request, head and body.
pub(crate) async fn read_request(connection: &mut (impl AsyncRead + Unpin)) -> String {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        match connection.read_u8().await {
            Ok(byte) => request.push(byte),
            Err(_) => break,
        }
    }
    let head = String::from_utf8_lossy(&request).to_ascii_lowercase();
    let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.split_once("\r\n")?.0.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    let _ = connection.read_exact(&mut body).await;
    request.extend(body);
    String::from_utf8(request).expect("a request is text")
}
