//! The cookie by which a browser's session is named.

use secrecy::SecretString;

use super::{InvalidValue, checked, secret};

/// The cookie of a signed-in browser, for the operations on the current session.
///
/// ```
/// use session_client::SessionCookie;
///
/// // In a Classic Engine org, and in an Identity Engine org with the device cookie:
/// let sid = SessionCookie::sid("102exampleExampleExample1")?;
/// let idx = SessionCookie::idx("eyExampleExample")?.with_device("DI1example")?;
/// assert_eq!(idx.expose_secret(), "idx=eyExampleExample; DT=DI1example");
///
/// // From the `Cookie` header of a request to a server behind the org's custom domain:
/// let incoming = SessionCookie::from_header("theme=dark; sid=102exampleExampleExample1")?;
/// assert_eq!(incoming, sid);
/// assert_eq!(format!("{incoming:?}"), "SessionCookie(***)");
/// # Ok::<(), session_client::InvalidValue>(())
/// ```
#[derive(Clone)]
pub struct SessionCookie(SecretString);

secret!(SessionCookie, SessionCookie::from_header);

const WHAT: &str = "session cookie";

/// The cookies that matter to Okta, in the order in which they are sent: session, Identity Engine session, device.
const NAMES: [&str; 3] = ["sid", "idx", "DT"];

impl SessionCookie {
    /// The cookie `sid`, by its value.
    ///
    /// # Errors
    /// The value is empty, longer than 4096 bytes, or has a character that cannot stand in a cookie: white space,
    /// control characters, `"`, `,`, `;`, `\` and everything that is not ASCII.
    pub fn sid(value: impl AsRef<str>) -> Result<Self, InvalidValue> {
        Self::named("sid", value.as_ref())
    }

    /// The cookie `idx` of an Identity Engine org, by its value.
    ///
    /// # Errors
    /// As [`SessionCookie::sid`].
    pub fn idx(value: impl AsRef<str>) -> Result<Self, InvalidValue> {
        Self::named("idx", value.as_ref())
    }

    /// Adds the device cookie `DT`, which some flows ask for.
    ///
    /// # Errors
    /// As [`SessionCookie::sid`], or there is a device cookie already.
    pub fn with_device(self, value: impl AsRef<str>) -> Result<Self, InvalidValue> {
        let device = Self::named("DT", value.as_ref())?;
        Self::from_header(format!("{}; {}", self.expose_secret(), device.expose_secret()))
    }

    /// Takes `sid`, `idx` and `DT` out of an incoming `Cookie` header, and nothing else.
    ///
    /// # Errors
    /// There is neither `sid` nor `idx`, one of the three is there twice (somebody may have planted the second one), or
    /// a value is not one that [`SessionCookie::sid`] takes.
    pub fn from_header(header: impl AsRef<str>) -> Result<Self, InvalidValue> {
        let mut found: [Option<Self>; 3] = [None, None, None];
        for (name, value) in header.as_ref().split(';').filter_map(|pair| pair.trim().split_once('=')) {
            if let Some(index) = NAMES.iter().position(|known| *known == name) {
                // A browser sends a cookie that was cleared as an empty one.
                if value.trim().is_empty() {
                    continue;
                }
                let cookie = Self::named(NAMES[index], value)?;
                if found[index].replace(cookie).is_some() {
                    return Err(InvalidValue::new(WHAT, "must not hold the same cookie twice"));
                }
            }
        }
        if found[0].is_none() && found[1].is_none() {
            return Err(InvalidValue::new(WHAT, "must hold `sid` or `idx`"));
        }
        let pairs: Vec<&str> = found.iter().flatten().map(Self::expose_secret).collect();
        Ok(Self(SecretString::from(pairs.join("; "))))
    }

    fn named(name: &'static str, value: &str) -> Result<Self, InvalidValue> {
        // The cookie octets of RFC 6265.
        let allowed = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
        let rule = "must have a value without white space, line ends, `\"`, `,`, `;` and `\\`";
        let value = checked(WHAT, value, allowed, rule)?;
        Ok(Self(SecretString::from(format!("{name}={}", secrecy::ExposeSecret::expose_secret(&value)))))
    }
}
