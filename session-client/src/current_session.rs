//! What a browser's session needs beside the generated operations.

use std::fmt;

use percent_encoding::utf8_percent_encode;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::client::Client;
use crate::error::Error;
use crate::parameter::NOT_UNRESERVED;
use crate::response::Response;
use crate::types::Session;
use crate::{InvalidValue, SessionCookie, SessionToken};

impl Client {
    /// The session that the cookie belongs to, or none where nobody is signed in: [`Client::get_current_session`] with
    /// its 404 as an answer.
    ///
    /// ```no_run
    /// # use session_client::{Client, Error, SessionCookie};
    /// # async fn example(client: Client, cookie: SessionCookie) -> Result<(), Error> {
    /// match client.current_session_or_none(&cookie).await? {
    ///     Some(session) => println!("signed in as {:?}", session.value().login),
    ///     None => println!("nobody is signed in"),
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`Client::get_current_session`], but for the 404.
    pub async fn current_session_or_none(&self, cookie: &SessionCookie) -> Result<Option<Response<Session>>, Error> {
        match self.get_current_session(cookie).await {
            Ok(response) => Ok(Some(response)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The address that turns a session token into a session in the user's browser: the org sets its cookie and sends
    /// the browser on to `target`.
    ///
    /// ```
    /// use session_client::{Client, SessionToken};
    ///
    /// let client = Client::builder("https://acme.okta.com").build()?;
    /// let token = SessionToken::new("20111exampleExampleExample")?;
    /// let redirect = client.session_cookie_redirect(&token, "https://app.example.com/home?tab=1")?;
    /// assert_eq!(
    ///     redirect.expose_secret(),
    ///     "https://acme.okta.com/login/sessionCookieRedirect?token=20111exampleExampleExample\
    ///      &redirectUrl=https%3A%2F%2Fapp.example.com%2Fhome%3Ftab%3D1",
    /// );
    /// assert_eq!(format!("{redirect:?}"), "SessionCookieRedirect(***)");
    /// # Ok::<(), session_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// The target is not an absolute URL with `https` and a host, or contains a user name or a password.
    pub fn session_cookie_redirect(
        &self,
        session_token: &SessionToken,
        target: impl AsRef<str>,
    ) -> Result<SessionCookieRedirect, InvalidValue> {
        let refused = InvalidValue::new("redirect target", "must be an absolute URL that begins with https://");
        let target = target.as_ref().trim();
        // The URL parser forgives what browsers and the org may read in another way.
        let plain = target.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let absolute = target
            .split_at_checked("https://".len())
            .is_some_and(|(start, rest)| start.eq_ignore_ascii_case("https://") && !rest.starts_with('/'));
        let url = Url::parse(target).ok().filter(|url| plain && absolute && url.has_host()).ok_or(refused)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidValue::new("redirect target", "must not contain a user name or a password"));
        }
        let address = self.url(format_args!("/login/sessionCookieRedirect"));
        let encoded = |text| utf8_percent_encode(text, NOT_UNRESERVED);
        let text =
            format!("{address}?token={}&redirectUrl={}", encoded(session_token.expose_secret()), encoded(url.as_str()));
        Ok(SessionCookieRedirect(text.into()))
    }
}

/// The address of the org's page that signs a browser in, made by [`Client::session_cookie_redirect`]. It holds the
/// one-time session token: send it to the browser that it is for, and keep it out of logs.
#[derive(Clone)]
pub struct SessionCookieRedirect(SecretString);

impl SessionCookieRedirect {
    /// The address, for the header `Location`.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for SessionCookieRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionCookieRedirect(***)")
    }
}
