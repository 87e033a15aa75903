//! How a client is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue};
use reqwest::{Url, redirect};

use crate::auth::{Authorizer, Credential, TokenSource};
use crate::client::Client;
use crate::clock::{Clock, SystemClock};
use crate::config::{Authorization, Config, Proxy, Setting, Source, Sourced, Surroundings, org_url};
use crate::credentials::{ApiToken, BearerToken};
use crate::error::Error;
use crate::gate::Gate;
use crate::transport::Transport;

/// What the product calls itself.
const PRODUCT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Changes reqwest's builder.
type HttpClient = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// What a [`Client`] is made of.
///
/// Values come from code, from the environment, from `./okta.yaml` and from `~/.okta/okta.yaml`; an earlier one of
/// these overrides a later one, value by value. [`Client::builder`] takes code alone, [`ClientBuilder::from_env`] all
/// of them (the files with the feature `config-file`).
///
/// | value | okta.yaml, under `okta: client:` | environment | code |
/// |---|---|---|---|
/// | org URL | `orgUrl`, `oktaDomain` | `OKTA_CLIENT_ORGURL`, `OKTA_CLIENT_OKTADOMAIN` | [`org_url`](Self::org_url) |
/// | token | `token` | `OKTA_CLIENT_TOKEN` | [`api_token`](Self::api_token), [`bearer_token`](Self::bearer_token) |
/// | kind of credential: `SSWS` (default), `Bearer`, `PrivateKey` | `authorizationMode` | `OKTA_CLIENT_AUTHORIZATIONMODE` | |
/// | service app: client id | `clientId` | `OKTA_CLIENT_CLIENTID` | [`credential`](Self::credential) |
/// | its private key: PEM text, a JWK, or the path of a file with one | `privateKey` | `OKTA_CLIENT_PRIVATEKEY` | |
/// | the id of the key, if not that of its JWK | `privateKeyId` | `OKTA_CLIENT_PRIVATEKEYID` | |
/// | scopes: a list, or with commas or spaces between; if not set, those of each operation | `scopes` | `OKTA_CLIENT_SCOPES` | |
/// | only tokens that are bound by DPoP: `true`, `false` (default) | `dpopEnabled` | `OKTA_CLIENT_DPOPENABLED` | |
/// | connect timeout | `connectionTimeout` | `OKTA_CLIENT_CONNECTIONTIMEOUT` | [`connect_timeout`](Self::connect_timeout) |
/// | deadline of a call | `requestTimeout` | `OKTA_CLIENT_REQUESTTIMEOUT` | [`deadline`](Self::deadline) |
/// | number of retries | `rateLimit: maxRetries` | `OKTA_CLIENT_RATELIMIT_MAXRETRIES` | [`max_retries`](Self::max_retries) |
/// | proxy | `proxy: host, port` | `OKTA_CLIENT_PROXY_HOST`, `…_PORT`, else `HTTPS_PROXY`, `NO_PROXY` | [`proxy`](Self::proxy) |
/// | login for the proxy | `proxy: username, password` | `OKTA_CLIENT_PROXY_USERNAME`, `…_PASSWORD` | [`proxy_login`](Self::proxy_login) |
///
/// **Timeouts** in files and variables are seconds when they are bare numbers, as in Okta's Go, Java and Python SDKs;
/// the .NET and Node SDKs read milliseconds. `30s` and `500ms` say it. A bare number over 3600 is refused. 0 is off.
///
/// **A service app** needs the feature `oauth` and the mode `PrivateKey`. The path of a key is relative to the file that has
/// it, or else to the working directory; the project's file can name a file in its own folder only.
///
/// **A secret goes only where its own source, or one that overrides it, sends it.** A token from the environment is not
/// sent to an org URL or through a proxy from a file, and a token that is set in code goes only to an org URL that is set
/// in code as well. The project's file may belong to a repository that somebody else wrote: a token from anywhere else
/// is not sent where it says, and an org that it names without a token is refused, since the cookies and session tokens
/// of calls would go there.
#[must_use = "a builder does nothing until `build` is called"]
pub struct ClientBuilder {
    config: Config,
    allow_http: bool,
    user_agent_prefix: Option<String>,
    root_certificates: Vec<Vec<u8>>,
    http_client: Option<HttpClient>,
    reserve: Option<f64>,
    clock: Arc<dyn Clock>,
    /// The first value that was refused; `build` reports it.
    refused: Option<Error>,
}

impl ClientBuilder {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            allow_http: false,
            user_agent_prefix: None,
            root_certificates: Vec::new(),
            http_client: None,
            reserve: None,
            clock: Arc::new(SystemClock::new()),
            refused: None,
        }
    }

    /// Begins with what the environment holds and, with the feature `config-file`, `./okta.yaml` and
    /// `~/.okta/okta.yaml`. What is set in code afterwards overrides it.
    ///
    /// # Errors
    /// A file cannot be read, or a value is not what it should be. The error names the file or the variable.
    pub fn from_env() -> Result<Self, Error> {
        Self::load(None)
    }

    /// Begins as [`from_env`](Self::from_env), with a file that the user has named in place of `./okta.yaml`, as by an
    /// argument on the command line.
    ///
    /// Naming it is the user's choice: it overrides the environment, and a token from the environment or from
    /// `~/.okta/okta.yaml` may be sent to the org URL that it holds. A token that it holds is not sent to an org URL
    /// from elsewhere, but for one from code. Never let anybody but the user choose the file.
    ///
    /// ```no_run
    /// use session_client::ClientBuilder;
    ///
    /// let file = std::env::args_os().nth(1).expect("the configuration is the first argument");
    /// let client = ClientBuilder::from_env_with_file(file)?.build()?;
    /// # Ok::<(), session_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env), or there is no such file.
    #[cfg(feature = "config-file")]
    pub fn from_env_with_file(file: impl Into<std::path::PathBuf>) -> Result<Self, Error> {
        Self::load(Some(file.into()))
    }

    fn load(named: Option<std::path::PathBuf>) -> Result<Self, Error> {
        Config::load(&Surroundings {
            variable: &|name| std::env::var_os(name),
            project: ".".into(),
            named,
            home: std::env::home_dir(),
        })
        .map(Self::new)
    }

    /// The URL of the org, such as `https://acme.okta.com`.
    pub fn org_url(mut self, url: impl Into<String>) -> Self {
        self.config.org_url = Some(Sourced::code(url.into()));
        self
    }

    /// Allows `http` for an org that is not on this machine. Everyone on the way can then read the credentials.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// What the client proves itself with.
    pub fn credential(mut self, credential: impl Into<Credential>) -> Self {
        self.config.authorization = Authorization::code(credential.into());
        self
    }

    /// The API token that the client proves itself with, without the word `SSWS`.
    pub fn api_token(self, token: impl AsRef<str>) -> Self {
        match ApiToken::new(token) {
            Ok(token) => self.credential(Credential::ApiToken(token)),
            Err(invalid) => self.refuse(invalid.into()),
        }
    }

    /// The OAuth 2.0 access token that the client proves itself with, without the word `Bearer`.
    pub fn bearer_token(self, token: impl AsRef<str>) -> Self {
        match BearerToken::new(token) {
            Ok(token) => self.credential(Credential::Bearer(token)),
            Err(invalid) => self.refuse(invalid.into()),
        }
    }

    /// The source of the OAuth 2.0 access tokens that the client proves itself with.
    pub fn token_source(self, source: impl TokenSource) -> Self {
        self.credential(Credential::Source(Arc::new(source)))
    }

    /// How long making a connection may take; 10 s if not set. Zero: as long as it takes.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.config.connect_timeout = Sourced::code(timeout);
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the answer; 30 s if not set. Zero: as long as
    /// it takes.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.config.attempt_timeout = Sourced::code(timeout);
        self
    }

    /// How long a call may take with everything in it; 120 s if not set, so that a rate-limit window of a minute can
    /// pass. Zero: as long as it takes.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.config.deadline = Sourced::code(deadline);
        self
    }

    /// How often a request is sent again; 2 if not set. [`Error::is_retryable`] tells which failures that is for.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.config.max_retries = Sourced::code(retries);
        self
    }

    /// Keeps this share of the org's rate limit free for its other clients: 0.25 leaves a quarter of each window. Calls
    /// that find no place wait for the next window, within their deadline. All clones of the client share the account,
    /// which goes by the headers of every answer. Off if not set.
    pub fn reserve(mut self, share: f64) -> Self {
        if (0.0..1.0).contains(&share) {
            self.reserve = Some(share);
            self
        } else {
            self.refuse(Error::configuration("the reserved share of the rate limit must be from 0 to below 1"))
        }
    }

    /// The clock that waits and deadlines go by, for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The proxy that the requests go through, such as `http://proxy.example.com:3128`. An org on this machine is never
    /// reached through a proxy.
    pub fn proxy(mut self, address: impl AsRef<str>) -> Self {
        match Proxy::configured(address.as_ref(), Source::Code) {
            Ok(proxy) => {
                self.config.proxy = Some(proxy);
                self
            }
            Err(error) => self.refuse(error),
        }
    }

    /// User name and password for the proxy, which has to be set before.
    pub fn proxy_login(mut self, username: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        match &mut self.config.proxy {
            Some(proxy) => {
                proxy.set_login(username.as_ref(), password.as_ref(), Source::Code);
                self
            }
            None => self
                .refuse(Error::configuration("a login for a proxy needs a proxy: call `proxy` before `proxy_login`")),
        }
    }

    /// Certificates to trust beside those of the platform, as PEM text; for an org behind a proxy that opens TLS. May be
    /// called several times.
    pub fn root_certificates_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.root_certificates.push(pem.as_ref().to_vec());
        self
    }

    /// What stands before `session-client/<version>` in the header `User-Agent`, such as `billing/2.1`.
    pub fn user_agent_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.user_agent_prefix = Some(prefix.into());
        self
    }

    /// Changes reqwest's client for what this builder has no method for, such as TLS versions or pool sizes.
    ///
    /// It runs before this library's own settings: it cannot make the client follow redirects, and a cookie jar or a
    /// default header with a credential makes [`build`](Self::build) fail.
    pub fn http_client(
        mut self,
        change: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.http_client = Some(Box::new(change));
        self
    }

    /// The values that the client will be built from, with where each comes from. Secrets show as `***`.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        self.config.settings()
    }

    /// The client. Nothing is sent.
    ///
    /// # Errors
    /// A value is missing or not what it should be, a secret would go where a weaker source sends it, or TLS cannot be
    /// set up. The error says which rule was broken, and never shows the value.
    pub fn build(self) -> Result<Client, Error> {
        if let Some(refused) = self.refused {
            return Err(refused);
        }
        let config = self.config;
        let Some(org_url) = &config.org_url else {
            return Err(Error::configuration(
                "the org URL is not set; set OKTA_CLIENT_ORGURL or call `org_url`, with a URL such as https://acme.okta.com",
            ));
        };
        let org_url = org_url::parse(&org_url.value, self.allow_http)
            .map_err(|invalid| Error::from(invalid).in_source(&org_url.source))?;
        let destinations = config.destinations()?;
        destinations.check(&config.authorization.credential)?;
        check_tls(&org_url)?;

        let mut http = reqwest::Client::builder().no_proxy();
        if let Some(change) = self.http_client {
            http = change(http);
            refuse_credentials_of_its_own(&http)?;
        }
        http = http
            .user_agent(user_agent(self.user_agent_prefix.as_deref())?)
            .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]))
            .redirect(redirect::Policy::none())
            // A retry of reqwest's would not know what may be sent again, and a verbose connection logs what is sent.
            .retry(reqwest::retry::never())
            .connection_verbose(false)
            .referer(false);
        if !config.connect_timeout.value.is_zero() {
            http = http.connect_timeout(config.connect_timeout.value);
        }
        for pem in &self.root_certificates {
            http = add_root_certificates(http, pem)?;
        }
        if org_url::is_loopback(&org_url) {
            http = http.no_proxy();
        } else if let Some(proxy) = &config.proxy {
            http = http.proxy(proxy.to_http()?);
        }
        let http = http.build().map_err(|error| {
            Error::configuration("the HTTP client cannot be set up").with_source(error.without_url())
        })?;
        let authorizer = Authorizer::new(config.authorization.credential.value, &org_url)?;
        let on = |duration: Duration| Some(duration).filter(|duration| !duration.is_zero());
        let transport = Transport {
            http,
            clock: self.clock,
            max_retries: config.max_retries.value,
            attempt_timeout: on(config.attempt_timeout.value),
            deadline: on(config.deadline.value),
            gate: self.reserve.map(Gate::new),
        };
        Ok(Client::new(transport, org_url, destinations, authorizer))
    }

    fn refuse(mut self, error: Error) -> Self {
        self.refused.get_or_insert(error);
        self
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("settings", &self.settings()).finish_non_exhaustive()
    }
}

fn user_agent(prefix: Option<&str>) -> Result<HeaderValue, Error> {
    let prefix = prefix.map(str::trim).filter(|prefix| !prefix.is_empty());
    let text = prefix.map_or(PRODUCT.to_owned(), |prefix| format!("{prefix} {PRODUCT}"));
    let refused = || Error::configuration("the user-agent prefix must consist of visible ASCII characters and spaces");
    let visible = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    HeaderValue::from_str(&text).ok().filter(|_| visible).ok_or_else(refused)
}

/// reqwest tells what its builder holds by its `Debug` alone.
fn refuse_credentials_of_its_own(http: &reqwest::ClientBuilder) -> Result<(), Error> {
    let held = format!("{http:?}");
    let refuse = |what| Err(Error::configuration(format!("the closure of `http_client` must not set {what}")));
    if held.contains("cookie_store") {
        return refuse("a cookie jar: it would send one user's cookie for another");
    }
    if held.contains("\"authorization\"") || held.contains("\"cookie\"") {
        return refuse("a default header with a credential: operations that must not carry it would");
    }
    Ok(())
}

#[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
fn add_root_certificates(http: reqwest::ClientBuilder, pem: &[u8]) -> Result<reqwest::ClientBuilder, Error> {
    let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| {
        Error::configuration("the root certificates are not PEM text").with_source(error.without_url())
    })?;
    if certificates.is_empty() {
        return Err(Error::configuration("the root certificates hold no PEM block `CERTIFICATE`"));
    }
    Ok(http.tls_certs_merge(certificates))
}

#[cfg(not(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls")))]
fn add_root_certificates(_: reqwest::ClientBuilder, _: &[u8]) -> Result<reqwest::ClientBuilder, Error> {
    Err(Error::configuration(NO_TLS))
}

const NO_TLS: &str =
    "this build of session-client has no TLS; enable its feature `rustls`, `rustls-no-provider` or `native-tls`";

/// Refuses what the HTTP client would panic over, or fail at with the first request.
fn check_tls(org_url: &Url) -> Result<(), Error> {
    let has_tls = cfg!(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"));
    if org_url.scheme() == "https" && !has_tls {
        return Err(Error::configuration(NO_TLS));
    }
    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        return Err(Error::configuration(
            "no rustls crypto provider is installed; call `CryptoProvider::install_default` of one before building the client",
        ));
    }
    Ok(())
}
