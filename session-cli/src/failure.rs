//! What went wrong, for people and for programs, and the exit code that tells it.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::process::ExitCode;

use serde::Serialize;
use session_client::{Error, ErrorKind, InvalidValue};

use crate::advice;

/// How the command ends. Success is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// It failed.
    Failed = 1,
    /// The command line or the configuration is wrong; nothing was sent.
    Usage = 2,
    /// Of many, some or all failed or are in doubt.
    Partial = 3,
    /// There is no such session.
    NoSession = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// How wide a hint may be, in columns.
const WIDTH: usize = 80;

/// Why the command did not do what it was asked to. It never holds a secret.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    kind: Cow<'static, str>,
    message: String,
    hint: Option<String>,
    error: Option<Box<Error>>,
}

impl Failure {
    /// A failure of this kind, a word for programs such as `io`; the message is a clause for people.
    pub(crate) fn new(exit: Exit, kind: &'static str, message: impl Into<String>) -> Self {
        Self { exit, kind: kind.into(), message: message.into(), hint: None, error: None }
    }

    /// The command line is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message)
    }

    /// A file, standard input or standard output failed. `what` says which, as in `cannot read ids.txt`.
    pub(crate) fn io(what: impl fmt::Display, error: &io::Error) -> Self {
        Self::new(Exit::Failed, "io", format!("{what}: {error}"))
    }

    /// Ctrl-C; the message says what is done and what is not.
    pub(crate) fn interrupted(message: impl Into<String>) -> Self {
        Self::new(Exit::Interrupted, "interrupted", message)
    }

    /// Adds what to try, as a sentence.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// The failed call, if it was one.
    pub(crate) fn error(&self) -> Option<&Error> {
        self.error.as_deref()
    }

    /// One JSON object for programs.
    pub(crate) fn to_json(&self) -> impl Serialize {
        let error = self.error.as_deref();
        let message = || self.message.split_whitespace().collect::<Vec<_>>().join(" ");
        Json {
            error: Fields {
                operation: error.and_then(Error::operation).map(|operation| operation.id),
                kind: &self.kind,
                status: error.and_then(Error::status).map(|status| status.as_u16()),
                code: error.and_then(Error::code),
                summary: error.and_then(Error::summary).map_or_else(message, ToString::to_string),
                request_id: error.and_then(Error::request_id),
                attempts: error.map_or(0, Error::attempts),
                retry_after_s: error.and_then(Error::retry_after).map(|wait| wait.as_secs_f64()),
            },
        }
    }
}

#[derive(Serialize)]
struct Json<'a> {
    error: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    operation: Option<&'a str>,
    kind: &'a str,
    status: Option<u16>,
    code: Option<&'a str>,
    summary: String,
    request_id: Option<&'a str>,
    attempts: u32,
    retry_after_s: Option<f64>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::Configuration | ErrorKind::InvalidValue => Exit::Usage,
            _ if is_no_session(&error) => Exit::NoSession,
            _ => Exit::Failed,
        };
        Self {
            exit,
            kind: kind_name(error.kind()),
            message: error.to_string(),
            hint: advice::of(&error),
            error: Some(Box::new(error)),
        }
    }
}

impl From<InvalidValue> for Failure {
    fn from(invalid: InvalidValue) -> Self {
        Error::from(invalid).into()
    }
}

/// Whether Okta says that there is no such session. A gateway's 404 says nothing of it.
pub(crate) fn is_no_session(error: &Error) -> bool {
    error.is_not_found() && (error.request_id().is_some() || error.code().is_some())
}

/// `InvalidValue` as `invalid_value`.
fn kind_name(kind: ErrorKind) -> Cow<'static, str> {
    match kind {
        ErrorKind::Configuration => "configuration".into(),
        ErrorKind::InvalidValue => "invalid_value".into(),
        ErrorKind::Credential => "credential".into(),
        ErrorKind::Connect => "connect".into(),
        ErrorKind::Timeout => "timeout".into(),
        ErrorKind::Transport => "transport".into(),
        ErrorKind::Status => "status".into(),
        ErrorKind::Decode => "decode".into(),
        other => format!("{other:?}").to_lowercase().into(),
    }
}

/// `getSession failed: 404 Not Found, …` and, on a line of its own, what to try.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        // The hint's own lines, each within the width of a terminal.
        for line in self.hint.iter().flat_map(|hint| hint.lines()) {
            let options = textwrap::Options::new(WIDTH).initial_indent("  ").subsequent_indent("  ");
            // An option is not broken at its hyphens.
            let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
            write!(f, "\n{}", textwrap::fill(line, options))?;
        }
        Ok(())
    }
}
