//! Answers every request with the same session until its standard input ends, and those for access tokens with one. Prints
//! its port first.

use benches::answer::{self, BODY, HEADERS};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let listener = TcpListener::bind(("localhost", 0)).await?;
    println!("{}", listener.local_addr()?.port());
    let serve = async {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let connection =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(respond));
            // A client that leaves in the middle is not the server's business.
            tokio::spawn(async { drop(connection.await) });
        }
    };
    let mut nothing = Vec::new();
    let mut end = tokio::io::stdin();
    tokio::select! {
        failed = serve => failed,
        _ = end.read_to_end(&mut nothing) => Ok(()),
    }
}

async fn respond(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, http::Error> {
    let answer = HEADERS.iter().fold(Response::builder(), |answer, (name, value)| answer.header(*name, *value));
    if request.uri().path() == "/oauth2/v1/token" {
        let kind = if request.headers().contains_key("dpop") { "DPoP" } else { "Bearer" };
        return answer.body(Full::new(answer::token(kind).into()));
    }
    answer.body(Full::new(Bytes::from_static(BODY.as_bytes())))
}
