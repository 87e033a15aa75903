//! The proxy that the requests go through.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::raw::{Key, Raw};
use super::source::{Source, Sourced};
use super::wrong;
use crate::error::Error;

/// A proxy: the one of the configuration, or the one that the environment has for every program.
#[derive(Clone)]
pub(crate) struct Proxy {
    /// The address, without a login.
    pub(crate) url: Sourced<Url>,
    pub(crate) login: Option<Sourced<Login>>,
    kind: Kind,
}

/// User name and password for the proxy.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) username: String,
    pub(crate) password: SecretString,
}

#[derive(Clone)]
enum Kind {
    Configured,
    /// `HTTPS_PROXY`, with the hosts of `NO_PROXY` left out.
    Environment {
        no_proxy: Option<String>,
    },
}

impl Proxy {
    /// The proxy at this address; `source` is where it was set.
    pub(crate) fn configured(address: &str, source: Source) -> Result<Self, Error> {
        let mut proxy = Self::parse(Key::ProxyHost, address, source)?;
        if proxy.login.take().is_some() {
            return Err(wrong(
                Key::ProxyHost.name(),
                &proxy.url.source,
                "must not contain a user name or a password; they have values of their own",
            ));
        }
        Ok(proxy)
    }

    /// The login for the proxy.
    pub(crate) fn set_login(&mut self, username: &str, password: &str, source: Source) {
        let login = Login { username: username.to_owned(), password: password.into() };
        self.login = Some(Sourced::new(login, source));
    }

    /// The proxy of the configuration; where there is none, that of the environment.
    pub(super) fn from_raw(raw: &mut Raw) -> Result<Option<Self>, Error> {
        let (host, port) = (raw.take(Key::ProxyHost), raw.take(Key::ProxyPort));
        let (username, password) = (raw.take(Key::ProxyUsername), raw.take(Key::ProxyPassword));
        let (machine, no_proxy) = (raw.take(Key::HttpsProxy), raw.take(Key::NoProxy));
        let Some(host) = host else {
            // Half a proxy is none, and going without it is not what was asked for.
            if let Some(alone) = [port, username, password].into_iter().flatten().next() {
                return Err(wrong("okta.client.proxy", &alone.source, "needs a host"));
            }
            let Some(machine) = machine else { return Ok(None) };
            let mut proxy = Self::parse(Key::HttpsProxy, machine.value.expose_secret(), machine.source)?;
            proxy.kind = Kind::Environment { no_proxy: no_proxy.map(|hosts| hosts.value.expose_secret().to_owned()) };
            return Ok(Some(proxy));
        };
        let mut proxy = Self::configured(host.value.expose_secret(), host.source)?;
        if let Some(port) = port {
            // A port of another source would send the login and the tunnel elsewhere under the host's name.
            if !port.source.is_same(&proxy.url.source) {
                let rule = format!("has to be set where the host is set ({})", proxy.url.source);
                return Err(wrong(Key::ProxyPort.name(), &port.source, rule));
            }
            let number = port.value.expose_secret().trim().parse().ok().filter(|number| *number > 0);
            let number =
                number.ok_or_else(|| wrong(Key::ProxyPort.name(), &port.source, "must be a number from 1 to 65535"))?;
            // A URL that has a host, as checked, takes a port.
            let _ = proxy.url.value.set_port(Some(number));
        }
        match (username, password) {
            (Some(username), Some(password)) => {
                proxy.set_login(username.value.expose_secret(), password.value.expose_secret(), password.source);
            }
            (Some(set), None) | (None, Some(set)) => {
                return Err(wrong(
                    "okta.client.proxy",
                    &set.source,
                    "needs both a username and a password, or neither",
                ));
            }
            (None, None) => {}
        }
        Ok(Some(proxy))
    }

    fn parse(key: Key, address: &str, source: Source) -> Result<Self, Error> {
        let address = address.trim();
        let text = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
        let is_address = |url: &Url| {
            let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            url.has_host() && matches!(url.scheme(), "http" | "https") && bare
        };
        let Some(mut url) = Url::parse(&text).ok().filter(is_address) else {
            let rule = "must be a host name, or a URL with http or https such as http://proxy.example.com:3128";
            return Err(wrong(key.name(), &source, rule));
        };
        let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let has_login = !url.username().is_empty() || url.password().is_some();
        let login = has_login.then(|| Login {
            username: decoded(url.username()),
            password: decoded(url.password().unwrap_or_default()).into(),
        });
        let _ = (url.set_username(""), url.set_password(None));
        let login = login.map(|login| Sourced::new(login, source.clone()));
        Ok(Self { url: Sourced::new(url, source), login, kind: Kind::Configured })
    }

    /// Whether it was set for this library. The machine's own proxy is a matter of its network, not of whom to trust
    /// with a token: it passes on what TLS has sealed.
    pub(super) fn is_configured(&self) -> bool {
        matches!(self.kind, Kind::Configured)
    }

    pub(super) fn name(&self) -> &'static str {
        if self.is_configured() { Key::ProxyHost.name() } else { Key::HttpsProxy.name() }
    }

    pub(super) fn shown(&self) -> String {
        match &self.kind {
            Kind::Environment { no_proxy: Some(hosts) } => format!("{}, but not for {hosts}", self.url.value),
            _ => self.url.value.to_string(),
        }
    }

    /// The proxy for the HTTP client.
    pub(crate) fn to_http(&self) -> Result<reqwest::Proxy, Error> {
        let unusable = |error: reqwest::Error| {
            wrong(self.name(), &self.url.source, "cannot be used as a proxy").with_source(error.without_url())
        };
        let mut proxy = match &self.kind {
            Kind::Configured => reqwest::Proxy::all(self.url.value.as_str()).map_err(unusable)?,
            Kind::Environment { no_proxy } => {
                let hosts = no_proxy.as_deref().and_then(reqwest::NoProxy::from_string);
                reqwest::Proxy::https(self.url.value.as_str()).map_err(unusable)?.no_proxy(hosts)
            }
        };
        if let Some(login) = &self.login {
            proxy = proxy.basic_auth(&login.value.username, login.value.password.expose_secret());
        }
        Ok(proxy)
    }
}
