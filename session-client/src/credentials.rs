//! What proves who is asking: values that are checked when they are made, hidden when they are printed, and wiped from
//! memory when they are dropped.

mod api_token;
mod bearer_token;
mod session_cookie;
mod session_id;
mod session_token;

pub use api_token::ApiToken;
pub use bearer_token::BearerToken;
pub use session_cookie::SessionCookie;
pub use session_id::SessionId;
pub use session_token::SessionToken;

use secrecy::SecretString;

/// Why a value was refused. It names the rule and never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {rule}")]
pub struct InvalidValue {
    what: &'static str,
    rule: &'static str,
}

impl InvalidValue {
    pub(crate) fn new(what: &'static str, rule: &'static str) -> Self {
        Self { what, rule }
    }
}

/// Far above what Okta issues, far below what a server takes in a header or a path.
const MAX_LENGTH: usize = 4096;

/// Checks a value character by character, without the white space around it, which is a file's last newline.
fn checked(
    what: &'static str,
    value: &str,
    allowed: fn(u8) -> bool,
    rule: &'static str,
) -> Result<SecretString, InvalidValue> {
    let value = value.trim();
    let rule = if value.is_empty() {
        "must not be empty"
    } else if value.len() > MAX_LENGTH {
        "must not be longer than 4096 bytes"
    } else if !value.bytes().all(allowed) {
        rule
    } else {
        return Ok(SecretString::from(value));
    };
    Err(InvalidValue::new(what, rule))
}

/// Visible ASCII but `;`: what can stand in a header and, in a token, does no harm there.
fn is_token_character(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b';'
}

const TOKEN_RULE: &str = "must consist of visible ASCII characters, without spaces, line ends or `;`";

/// What every secret has in common: how it is printed and compared, and how it is read.
macro_rules! secret {
    ($name:ident) => {
        impl $name {
            /// The value itself. Whoever sees it can use it: keep it out of logs and messages.
            #[must_use]
            pub fn expose_secret(&self) -> &str {
                secrecy::ExposeSecret::expose_secret(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(***)"))
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.expose_secret() == other.expose_secret()
            }
        }

        impl Eq for $name {}
    };
}
use secret;
