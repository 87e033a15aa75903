//! The command as a process, and the org that it talks to.

#![allow(dead_code, reason = "every test file uses its part")]

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use session_client::SessionId;
use session_client::types::CreateSessionRequest;
use session_testkit::fake::FakeOrg;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

pub(crate) const BIN: &str = env!("CARGO_BIN_EXE_okta-session");

/// What a run of the command came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What stands in the failure that standard error has to be, as a whole.
    pub(crate) fn error(&self) -> serde_json::Value {
        let failure: serde_json::Value =
            serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        failure["error"].clone()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// An org, and a folder in which the command runs.
pub(crate) struct Place {
    pub(crate) org: FakeOrg,
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) async fn new() -> Self {
        Self { org: FakeOrg::start().await, folder: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn file(&self, name: &str, content: &str) -> &Self {
        std::fs::write(self.path(name), content).unwrap();
        self
    }

    /// A session of the user, made without the command.
    pub(crate) async fn session(&self) -> SessionId {
        let request = CreateSessionRequest::new(self.org.session_token(FakeOrg::LOGIN));
        let id = self.org.client().build().unwrap().create_session(&request).await.unwrap().into_inner().id;
        let _ = self.org.take_requests();
        id
    }

    /// The command, set up for the org and nothing else.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(arguments, self.folder.path());
        command.env("OKTA_CLIENT_ORGURL", self.org.url()).env("OKTA_CLIENT_TOKEN", self.org.api_token());
        command
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().await.unwrap().into()
    }

    pub(crate) async fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
        child.wait_with_output().await.unwrap().into()
    }

    pub(crate) fn operations(&self) -> Vec<&'static str> {
        self.org.requests().into_iter().filter_map(|request| request.operation).collect()
    }
}

/// The command in this folder, with an empty environment but for where coverage is measured to.
pub(crate) fn bare(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(BIN);
    command.args(arguments).env_clear().env("HOME", folder).current_dir(folder);
    command.envs(std::env::vars_os().filter(|(name, _)| name == "LLVM_PROFILE_FILE"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}
