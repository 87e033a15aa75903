//! How long the command takes from its start to the first byte of its request.

use std::io::Read;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::processes::command;
use crate::{Failure, Row, median};

/// How often it is started.
const STARTS: usize = 41;

pub(crate) fn rows() -> Result<Vec<Row>, Failure> {
    let listener = TcpListener::bind(("localhost", 0))?;
    let folder = tempfile::tempdir()?;
    let row = |what, scheme| -> Result<Row, Failure> {
        let url = format!("{scheme}://localhost:{}", listener.local_addr()?.port());
        let times: Vec<Duration> = (0..STARTS)
            .map(|_| {
                let begin = Instant::now();
                let mut process = command(&["get", "102example", "--max-retries", "0"], folder.path())
                    .env("OKTA_CLIENT_ORGURL", &url)
                    .env("OKTA_CLIENT_TOKEN", "00example")
                    .spawn()?;
                let (mut connection, _) = listener.accept()?;
                connection.read_exact(&mut [0])?;
                let time = begin.elapsed();
                drop(connection);
                process.wait()?;
                Ok(time)
            })
            .collect::<Result<_, Failure>>()?;
        Ok((what, format!("{:.1} ms, median of {STARTS}", median(times).as_secs_f64() * 1000.0)))
    };
    Ok(vec![
        row("from the start of `get` to its first byte on the wire, with TLS", "https")?,
        row("the same without TLS", "http")?,
    ])
}
