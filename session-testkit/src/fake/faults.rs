//! Faults by rule: the next so many requests of an operation go wrong.

use std::str::FromStr;
use std::time::Duration;

/// A fault that the next requests meet, such as "the next two revocations answer 503".
///
/// As text, for the control endpoint: a status (`503`), `html`, `empty`, `cut`, `reset`, or `delay:500ms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub(super) operation: Option<String>,
    pub(super) times: u64,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Status(u16),
    Html,
    Empty,
    Cut,
    Reset,
    Delay(Duration),
}

impl Fault {
    /// What a fault can be for: an operation, or `token` for requests to the token endpoint.
    pub const TARGETS: [&str; 8] = [
        "createSession",
        "getCurrentSession",
        "closeCurrentSession",
        "refreshCurrentSession",
        "getSession",
        "revokeSession",
        "refreshSession",
        TOKEN_REQUEST,
    ];

    fn new(kind: Kind) -> Self {
        Self { operation: None, times: 1, kind }
    }

    /// The org answers with this status and Okta's words for it, and does not do what was asked.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self::new(Kind::Status(status))
    }

    /// A gateway answers 502 with an HTML page, without Okta's headers. Whether the org has done what was asked stays
    /// open to the client; it has not.
    #[must_use]
    pub fn html() -> Self {
        Self::new(Kind::Html)
    }

    /// A gateway answers 503 with nothing in the body, without Okta's headers.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Kind::Empty)
    }

    /// The org does what was asked, and the connection breaks in the middle of the body. An answer without a body breaks
    /// before its headers.
    #[must_use]
    pub fn cut_body() -> Self {
        Self::new(Kind::Cut)
    }

    /// The org does what was asked, and the connection is reset before the answer.
    #[must_use]
    pub fn reset_connection() -> Self {
        Self::new(Kind::Reset)
    }

    /// The org takes this much longer, by its own clock.
    #[must_use]
    pub fn delay(duration: Duration) -> Self {
        Self::new(Kind::Delay(duration))
    }

    /// Only for this one of [`Fault::TARGETS`], such as `revokeSession`. Under any other name no request meets it.
    #[must_use]
    pub fn of(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// For so many requests; 1 if not set.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let kind = match text.split_once(':') {
            None => match text {
                "html" => Kind::Html,
                "empty" => Kind::Empty,
                "cut" => Kind::Cut,
                "reset" => Kind::Reset,
                status => Kind::Status(status.parse().ok().filter(|status| (200..600).contains(status)).ok_or(FORM)?),
            },
            Some(("delay", duration)) => Kind::Delay(delay(duration).ok_or(FORM)?),
            Some(_) => return Err(FORM.to_owned()),
        };
        Ok(Self::new(kind))
    }
}

const FORM: &str = "a fault is a status from 200 to 599, `html`, `empty`, `cut`, `reset`, or `delay:500ms`";

fn delay(text: &str) -> Option<Duration> {
    if let Some(milliseconds) = text.strip_suffix("ms") {
        return milliseconds.parse().ok().map(Duration::from_millis);
    }
    text.strip_suffix('s')?.parse().ok().map(Duration::from_secs)
}

/// What stands for an operation where a request is one for an access token.
pub(super) const TOKEN_REQUEST: &str = "token";

/// The fault that a request of this operation meets, if there is one; it is used up by that.
pub(super) fn take(faults: &mut Vec<Fault>, operation: Option<&str>) -> Option<Kind> {
    let meets = |fault: &Fault| match &fault.operation {
        None => operation.is_some_and(|operation| operation != TOKEN_REQUEST),
        Some(wanted) => operation == Some(wanted),
    };
    let index = faults.iter().position(|fault| fault.times > 0 && meets(fault))?;
    let kind = faults[index].kind.clone();
    faults[index].times -= 1;
    faults.retain(|fault| fault.times > 0);
    Some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_from_text() {
        let cases = [
            ("503", Fault::status(503)),
            ("html", Fault::html()),
            ("empty", Fault::empty()),
            ("cut", Fault::cut_body()),
            ("reset", Fault::reset_connection()),
            ("delay:500ms", Fault::delay(Duration::from_millis(500))),
            ("delay:5s", Fault::delay(Duration::from_secs(5))),
        ];
        for (text, fault) in cases {
            assert_eq!(text.parse(), Ok(fault), "{text}");
        }
        for text in ["", "99", "600", "cut:1", "delay", "delay:", "delay:5", "delay:-1s", "nonsense"] {
            assert_eq!(text.parse::<Fault>(), Err(FORM.to_owned()), "{text}");
        }
    }

    #[test]
    fn faults_are_met_in_their_order_and_used_up() {
        let mut faults = vec![Fault::status(500).of("getSession").times(2), Fault::html()];
        assert_eq!(take(&mut faults, Some("revokeSession")), Some(Kind::Html));
        assert_eq!(take(&mut faults, Some("revokeSession")), None);
        assert_eq!(take(&mut faults, None), None);
        assert_eq!(take(&mut faults, Some("getSession")), Some(Kind::Status(500)));
        assert_eq!(take(&mut faults, Some("getSession")), Some(Kind::Status(500)));
        assert_eq!(take(&mut faults, Some("getSession")), None);
        assert!(faults.is_empty());
    }
}
