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
    check(what, value, allowed, rule).map(|()| SecretString::from(value))
}

/// Checks a value character by character, and keeps nothing of it.
fn check(
    what: &'static str,
    value: &str,
    allowed: impl Fn(u8) -> bool,
    rule: &'static str,
) -> Result<(), InvalidValue> {
    let rule = if value.is_empty() {
        "must not be empty"
    } else if value.len() > MAX_LENGTH {
        "must not be longer than 4096 bytes"
    } else if !value.bytes().all(allowed) {
        rule
    } else {
        return Ok(());
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
    ($name:ident, $read:expr) => {
        impl std::str::FromStr for $name {
            type Err = $crate::InvalidValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $read(text)
            }
        }

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

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.expose_secret().hash(state);
            }
        }
    };
}
use secret;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every way to make a credential of a text, as what comes out.
    fn all(text: &str) -> Vec<Result<String, InvalidValue>> {
        vec![
            ApiToken::new(text).map(|it| it.expose_secret().to_owned()),
            BearerToken::new(text).map(|it| it.expose_secret().to_owned()),
            SessionId::new(text).map(|it| it.expose_secret().to_owned()),
            SessionToken::new(text).map(|it| it.expose_secret().to_owned()),
            SessionCookie::sid(text).map(|it| it.expose_secret().to_owned()),
            SessionCookie::idx(text).and_then(|it| it.with_device(text)).map(|it| it.expose_secret().to_owned()),
            SessionCookie::from_header(text).map(|it| it.expose_secret().to_owned()),
        ]
    }

    #[test]
    fn a_value_may_have_4096_bytes_and_no_more() {
        let (longest, longer) = ("a".repeat(4096), "a".repeat(4097));
        assert!(ApiToken::new(&longest).is_ok() && SessionId::new(&longest).is_ok());
        assert!(all(&longer).iter().all(Result::is_err));
    }

    proptest! {
        #[test]
        fn what_passes_can_stand_in_a_header_and_what_does_not_is_not_repeated(text in "(?s).{0,60}", secret in "[a-zA-Z0-9]{12}") {
            for text in [text.clone(), format!("{text}{secret}"), format!("sid={secret};{text}"), format!("{secret};")] {
                for outcome in all(&text) {
                    match outcome {
                        Ok(value) => prop_assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte))),
                        Err(invalid) => {
                            let shown = format!("{invalid} {invalid:?}");
                            prop_assert!(!shown.contains(&secret), "{}", shown);
                        }
                    }
                }
            }
        }

        #[test]
        fn an_id_that_passes_is_one_segment_of_a_path(text in "[\\PC]{0,30}") {
            if let Ok(id) = SessionId::new(&text) {
                let url = url::Url::parse(&format!("https://acme.okta.com/api/v1/sessions/{}", id.expose_secret())).unwrap();
                prop_assert_eq!(url.path().rsplit('/').next().unwrap(), id.expose_secret());
                prop_assert_eq!(url.path_segments().unwrap().count(), 4);
            }
        }

        #[test]
        fn a_cookie_header_gives_only_the_cookies_of_the_session(others in "[a-z]{1,5}=[a-z]{0,5}", value in "[A-Za-z0-9_-]{5,20}") {
            let cookie = SessionCookie::from_header(format!("{others}; sid={value}; {others}; DT=d{value}")).unwrap();
            prop_assert_eq!(cookie.expose_secret(), format!("sid={value}; DT=d{value}"));
        }
    }
}
