//! The client and how it is built. Its operations are in `generated.rs`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{RequestBuilder, Url, redirect};
use serde::de::DeserializeOwned;

use crate::auth::Credential;
use crate::credentials::ApiToken;
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;
use crate::{InvalidValue, org_url, transport};

/// How long making a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a call may take, from connecting to the last byte of the answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client of one Okta org. Its methods are the operations of the API.
///
/// Cloning it is cheap; the clones share their connections.
///
/// ```
/// use session_client::Client;
///
/// let client = Client::builder("https://acme.okta.com").api_token("00exampleExampleExampleExample").build()?;
/// # Ok::<(), session_client::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    org_url: Url,
    credential: Credential,
}

impl Client {
    /// Begins a client of the org at this URL, such as `https://acme.okta.com`. It reads nothing from its surroundings.
    #[must_use]
    pub fn builder(org_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder { org_url: org_url.into(), allow_http: false, api_token: None }
    }

    /// The URL of an operation; `path` begins with a slash, its values are encoded.
    pub(crate) fn url(&self, path: fmt::Arguments<'_>) -> Url {
        let mut url = self.0.org_url.clone();
        let base = self.0.org_url.path().trim_end_matches('/');
        url.set_path(&format!("{base}{path}"));
        url
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// Sends the request of an operation and reads its answer.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<Response<T>, Error> {
        let authorization = self.0.credential.authorization(operation)?;
        transport::send(&self.0.http, operation, authorization, request).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("org_url", &self.0.org_url.as_str())
            .field("credential", &self.0.credential.name())
            .finish()
    }
}

/// What a [`Client`] is made of.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    org_url: String,
    allow_http: bool,
    api_token: Option<Result<ApiToken, InvalidValue>>,
}

impl ClientBuilder {
    /// The API token that the client proves itself with, without the word `SSWS`. The operations on the current session
    /// never carry it.
    pub fn api_token(mut self, token: impl AsRef<str>) -> Self {
        self.api_token = Some(ApiToken::new(token));
        self
    }

    /// Allows `http` for an org that is not on this machine. Everyone on the way can then read the credentials.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// The client. Nothing is sent.
    ///
    /// # Errors
    /// The URL or the token is not one, or TLS cannot be set up; the error says which rule was broken.
    pub fn build(self) -> Result<Client, Error> {
        let org_url = org_url::parse(&self.org_url, self.allow_http)?;
        let credential = match self.api_token {
            Some(token) => Credential::api_token(&token?)?,
            None => Credential::None,
        };
        check_tls(&org_url)?;
        let mut http = reqwest::Client::builder()
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT);
        if org_url::is_loopback(&org_url) {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| {
            Error::configuration("the HTTP client cannot be set up").with_source(error.without_url())
        })?;
        Ok(Client(Arc::new(Inner { http, org_url, credential })))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL has not been checked yet: it may hold a password.
        f.debug_struct("ClientBuilder").field("allow_http", &self.allow_http).finish_non_exhaustive()
    }
}

/// Refuses what the HTTP client would panic over, or fail at with the first request.
fn check_tls(org_url: &Url) -> Result<(), Error> {
    let has_tls = cfg!(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"));
    if org_url.scheme() == "https" && !has_tls {
        return Err(Error::configuration(
            "this build of session-client has no TLS; enable its feature `rustls`, `rustls-no-provider` or `native-tls`",
        ));
    }
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(Error::configuration(
            "no rustls crypto provider is installed; call `CryptoProvider::install_default` of one before building the client",
        ));
    }
    Ok(())
}
