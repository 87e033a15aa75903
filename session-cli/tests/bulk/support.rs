//! An org, a folder with a list, and the command that works on both.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use session_client::SessionId;
use session_testkit::fake::{FakeOrg, FakeOrgBuilder};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// The report, inside the folder.
pub(crate) const REPORT: &str = "report.ndjson";

/// The list, inside the folder.
pub(crate) const LIST: &str = "ids.txt";

pub(crate) struct Place {
    pub(crate) org: FakeOrg,
    folder: TempDir,
    /// All ids that were made, which nothing may show.
    ids: Mutex<Vec<String>>,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) async fn new() -> Self {
        Self::with(|org| org).await
    }

    /// With an org that differs from the usual one.
    pub(crate) async fn with(change: impl FnOnce(FakeOrgBuilder) -> FakeOrgBuilder) -> Self {
        let org = change(FakeOrg::builder().real_time()).start().await.unwrap();
        Self { org, folder: tempfile::tempdir().unwrap(), ids: Mutex::default() }
    }

    /// So many sessions, by their ids.
    pub(crate) fn sessions(&self, count: usize) -> Vec<String> {
        let cookie = || self.org.browser_cookie(FakeOrg::LOGIN).expose_secret().to_owned();
        let ids: Vec<String> = (0..count).map(|_| cookie().strip_prefix("sid=").unwrap().to_owned()).collect();
        self.ids.lock().unwrap().extend_from_slice(&ids);
        ids
    }

    /// So many ids of no session.
    pub(crate) fn unknown(&self, count: usize) -> Vec<String> {
        let ids: Vec<String> = (0..count).map(|index| format!("102aBcDeFgHiJkLmNoPq{index:05}")).collect();
        self.ids.lock().unwrap().extend_from_slice(&ids);
        ids
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn is_alive(&self, id: &str) -> bool {
        self.org.is_alive(&SessionId::new(id).unwrap())
    }

    /// How often the org was asked for each of the ids.
    pub(crate) fn asked(&self) -> HashMap<String, usize> {
        let mut asked = HashMap::new();
        for request in self.org.requests() {
            let id = request.path.split('/').nth(4).unwrap().to_owned();
            *asked.entry(id).or_default() += 1;
        }
        asked
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_okta-session"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .env_clear()
            // Where coverage is measured to.
            .envs(std::env::vars_os().filter(|(name, _)| name == "LLVM_PROFILE_FILE"))
            .env("HOME", self.folder.path())
            .env("OKTA_CLIENT_ORGURL", self.org.url())
            .env("OKTA_CLIENT_TOKEN", self.org.api_token())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    pub(crate) fn start(&self, arguments: &str) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Runs the command; nothing that it writes shows a secret.
    pub(crate) async fn run(&self, arguments: &str) -> Ended {
        self.end(self.start(arguments)).await
    }

    /// Runs the command with this on its standard input.
    pub(crate) async fn run_with(&self, arguments: &str, stdin: impl AsRef<[u8]>) -> Ended {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(stdin.as_ref()).await.unwrap();
        drop(pipe);
        self.end(child).await
    }

    pub(crate) async fn end(&self, child: Child) -> Ended {
        let output = tokio::time::timeout(Duration::from_secs(30), child.wait_with_output()).await;
        let Output { status, stdout, stderr } = output.expect("the command ends").unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ended = Ended { code: status.code(), stdout: text(stdout), stderr: text(stderr) };
        let report = std::fs::read_to_string(self.path(REPORT)).unwrap_or_default();
        let mut secrets = self.ids.lock().unwrap().clone();
        secrets.push(self.org.api_token());
        for shown in [&ended.stdout, &ended.stderr, &report] {
            assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
        }
        ended
    }

    /// What the report records of each line, oldest first.
    pub(crate) fn recorded(&self) -> Vec<(u64, String)> {
        let text = std::fs::read_to_string(self.path(REPORT)).unwrap();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let record = |line: Value| Some((line["line"].as_u64()?, line["outcome"].as_str()?.to_owned()));
        lines.filter_map(record).collect()
    }

    /// Waits until the org was asked so often.
    pub(crate) async fn until_asked(&self, times: usize) {
        until(|| self.org.requests().len() >= times).await;
    }

    /// Waits until the report records so many ids.
    pub(crate) async fn until_recorded(&self, ids: usize) {
        until(|| self.path(REPORT).exists() && self.recorded().len() >= ids).await;
    }

    /// Waits until the command has written this to standard error, and gives what it has written so far.
    pub(crate) async fn until_it_says(&self, child: &mut Child, words: &str) -> String {
        let mut said = Vec::new();
        let read = async {
            while !String::from_utf8_lossy(&said).contains(words) {
                let count = child.stderr.as_mut().unwrap().read_buf(&mut said).await.unwrap();
                assert_ne!(count, 0, "it has ended: {}", String::from_utf8_lossy(&said));
            }
        };
        tokio::time::timeout(Duration::from_secs(20), read).await.expect("it says so");
        String::from_utf8(said).unwrap()
    }
}

async fn until(is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("it comes to be so");
}

impl Ended {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{}{}", self.stdout, self.stderr))
    }

    /// The numbers of revoked, not found, failed, in doubt and left.
    pub(crate) fn counts(&self) -> [u64; 5] {
        let json = self.json();
        ["done", "not_found", "failed", "in_doubt", "left"].map(|name| json[name].as_u64().unwrap())
    }
}
