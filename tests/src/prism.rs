//! All seven operations against Prism, a mock server by strangers that knows nothing but openapi/sessions.yaml: it
//! refuses requests that the contract does not allow, and says so when its own answer breaks the contract.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use session_client::{Client, ErrorKind, operations};

use crate::support::{API_TOKEN, call};

/// Set where Prism has to be there, so that its absence is a failure.
const REQUIRED: &str = "REQUIRE_PRISM";

/// Prism on loopback, ended when dropped.
struct Prism {
    process: Child,
    url: String,
}

impl Prism {
    /// None where Prism is not installed.
    fn start() -> Option<Self> {
        let openapi = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
        let program = prism(&openapi)?;
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("there is a free port").port();
        let mut process = Command::new(program)
            .args(["mock", "--errors", "--multiprocess=false", "--host=127.0.0.1", &format!("--port={port}")])
            .arg(openapi.join("sessions.yaml"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("Prism can be started");
        let output = BufReader::new(process.stdout.take().expect("the output is piped"));
        let mut lines = output.lines().map_while(Result::ok);
        let listening = lines.any(|line| line.contains("Prism is listening"));
        // Prism must not block on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let prism = Self { process, url: format!("http://127.0.0.1:{port}") };
        assert!(listening, "Prism ended before it listened");
        Some(prism)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn prism(openapi: &Path) -> Option<PathBuf> {
    let program = openapi.join("tools/node_modules/.bin/prism");
    if program.exists() {
        return Some(program);
    }
    assert!(std::env::var_os(REQUIRED).is_none(), "{REQUIRED} is set, but Prism is not installed");
    // Past the test runner, which keeps what a passing test prints.
    let _ = writeln!(std::io::stderr(), "skipped: Prism is not installed; run: npm ci --prefix openapi/tools");
    None
}

#[tokio::test]
async fn a_server_made_from_the_contract_alone_finds_nothing_wrong_in_either_direction() {
    let Some(prism) = Prism::start() else { return };
    let client = Client::builder(&prism.url).api_token(API_TOKEN).max_retries(0).build().expect("it can be built");

    for operation in operations::ALL {
        let success =
            call(&client, operation).await.unwrap_or_else(|error| panic!("{error}: {:?}", error.body_excerpt()));

        assert_eq!(success.headers.get("sl-violations"), None, "{}", operation.id);
        assert_eq!(success.session.is_some(), operation.returns_body, "{}", operation.id);
    }

    // It does look: without a credential it refuses.
    let anonymous = Client::builder(&prism.url).max_retries(0).build().expect("it can be built");
    let error = call(&anonymous, &operations::CREATE_SESSION).await.expect_err("the contract asks for a token");
    assert_eq!((error.kind(), error.is_unauthorized()), (ErrorKind::Status, true));
}
