//! Secrets come from the environment, a file or standard input, never from arguments: those show in lists of processes.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use session_client::{SessionCookie, SessionId, SessionToken};

use crate::failure::{Exit, Failure};
use crate::output::Output;

/// The session token, from the file or from `OKTA_SESSION_TOKEN`.
pub(crate) fn session_token(file: Option<&Path>, output: &Output) -> Result<SessionToken, Failure> {
    let hint = "Set OKTA_SESSION_TOKEN, or name a file by --token-file; `-` is standard input.";
    let text = given(file, "OKTA_SESSION_TOKEN", "session token", output)?
        .ok_or_else(|| Failure::usage("a session token is needed").with_hint(hint))?;
    SessionToken::new(text.expose_secret()).map_err(Failure::from)
}

/// The cookie, from the file or from `OKTA_SESSION_COOKIE`.
pub(crate) fn session_cookie(file: Option<&Path>, output: &Output) -> Result<SessionCookie, Failure> {
    let hint = "Set OKTA_SESSION_COOKIE, or name a file by --cookie-file; `-` is standard input.";
    let text = given(file, "OKTA_SESSION_COOKIE", "cookie", output)?
        .ok_or_else(|| Failure::usage("the cookie of the session is needed").with_hint(hint))?;
    let form = "The form is that of the browser's header: `sid=…`, `idx=…`, with the device cookie `idx=…; DT=…`.";
    SessionCookie::from_header(text.expose_secret().trim()).map_err(|invalid| Failure::from(invalid).with_hint(form))
}

/// The id; `-` reads it from standard input.
pub(crate) fn session_id(argument: &str, output: &Output) -> Result<SessionId, Failure> {
    if argument != "-" {
        return SessionId::new(argument).map_err(Failure::from);
    }
    let text = read(Path::new("-"), "session id", output)?;
    SessionId::new(text.expose_secret())
        .map_err(|invalid| Failure::from(invalid).with_hint("Standard input has to hold one id; many take `--from -`."))
}

/// A secret from the file, else from the variable. An empty variable counts as none.
fn given(
    file: Option<&Path>,
    variable: &'static str,
    what: &str,
    output: &Output,
) -> Result<Option<SecretString>, Failure> {
    if let Some(file) = file {
        return read(file, what, output).map(Some);
    }
    match std::env::var(variable) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value.into())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::new(
            Exit::Usage,
            "configuration",
            format!("environment variable {variable}: must be UTF-8 text"),
        )),
    }
}

/// Far above what any secret takes.
const MAX_SIZE: u64 = 64 * 1024;

/// Reads a secret from a file or, for `-`, from standard input.
fn read(file: &Path, what: &str, output: &Output) -> Result<SecretString, Failure> {
    let mut bytes = Vec::new();
    let (place, outcome) = if file == Path::new("-") {
        if io::stdin().is_terminal() {
            output.note(format_args!("Type the {what}, which will show, and end it with Enter and Ctrl-D."));
        }
        ("standard input".to_owned(), io::stdin().take(MAX_SIZE + 1).read_to_end(&mut bytes))
    } else {
        let outcome = File::open(file).and_then(|file| file.take(MAX_SIZE + 1).read_to_end(&mut bytes));
        (file.display().to_string(), outcome)
    };
    let wrong = |rule: String| Failure::new(Exit::Usage, "configuration", format!("{what} ({place}): {rule}"));
    outcome.map_err(|error| wrong(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(wrong("must not be larger than 64 KiB".to_owned()));
    }
    // An editor's byte order mark is no part of the secret.
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let text = std::str::from_utf8(text).map_err(|_| wrong("must be UTF-8 text".to_owned()))?;
    Ok(SecretString::from(text))
}
