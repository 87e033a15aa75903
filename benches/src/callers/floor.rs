//! What HTTP and JSON cost by themselves: hyper without reqwest.

use http::header::{ACCEPT, HOST};
use http::{HeaderValue, Request};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use session_client::types::Session;
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use super::{Caller, Failure, base_url, length};
use crate::answer::ID;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// One connection, for one call at a time.
pub struct Connection {
    sender: Mutex<SendRequest<Empty<Bytes>>>,
    host: HeaderValue,
}

impl Caller for Connection {
    const NAME: &'static str = "a bare hyper connection";
    const CONCURRENT: bool = false;

    async fn new(port: u16) -> Result<Self, Failure> {
        let stream = TcpStream::connect(("localhost", port)).await?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender: Mutex::new(sender), host: format!("localhost:{port}").parse()? })
    }

    async fn call(&self) -> Result<usize, Failure> {
        let request = Request::get(format!("/api/v1/sessions/{ID}")).header(HOST, &self.host).header(ACCEPT, JSON);
        let mut sender = self.sender.lock().await;
        sender.ready().await?;
        let response = sender.send_request(request.body(Empty::new())?).await?;
        let session: Session = serde_json::from_slice(&response.into_body().collect().await?.to_bytes())?;
        length(session.login.as_deref())
    }
}

/// hyper's pool of connections.
pub struct Pool {
    client: Client<HttpConnector, Empty<Bytes>>,
    base_url: String,
}

impl Caller for Pool {
    const NAME: &'static str = "hyper's pool";

    async fn new(port: u16) -> Result<Self, Failure> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector), base_url: base_url(port) })
    }

    async fn call(&self) -> Result<usize, Failure> {
        let request = Request::get(format!("{}/api/v1/sessions/{ID}", self.base_url)).header(ACCEPT, JSON);
        let response = self.client.request(request.body(Empty::new())?).await?;
        let session: Session = serde_json::from_slice(&response.into_body().collect().await?.to_bytes())?;
        length(session.login.as_deref())
    }
}
