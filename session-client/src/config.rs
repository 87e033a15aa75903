//! The configuration of a client: its values, where each comes from, and the rules that hold between them.

mod authorization;
mod duration;
#[cfg(feature = "config-file")]
pub(crate) mod file;
pub(crate) mod org_url;
mod proxy;
pub(crate) mod raw;
mod source;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

pub(crate) use self::authorization::Authorization;
pub(crate) use self::proxy::Proxy;
use self::raw::{Key, Raw};
pub use self::source::Source;
pub(crate) use self::source::{Sourced, check_destination};
use crate::auth::Credential;
use crate::error::Error;

/// How long making a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long one attempt may take, from connecting to the last byte of the answer.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a call may take, with all attempts and waits: long enough for a rate-limit window of a minute to pass.
const DEADLINE: Duration = Duration::from_mins(2);

/// How often a request is sent again.
const MAX_RETRIES: u32 = 2;

/// All that a client is made of, but for what only code can say.
#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) org_url: Option<Sourced<String>>,
    pub(crate) authorization: Authorization,
    pub(crate) connect_timeout: Sourced<Duration>,
    pub(crate) attempt_timeout: Sourced<Duration>,
    pub(crate) deadline: Sourced<Duration>,
    pub(crate) max_retries: Sourced<u32>,
    pub(crate) proxy: Option<Proxy>,
}

/// What a configuration is read from beside code.
pub(crate) struct Surroundings<'a> {
    /// Reads an environment variable.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// The folder of `okta.yaml`.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "files are read with that feature"))]
    pub(crate) project: PathBuf,
    /// The file that the user has named, in place of the project's.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "files are read with that feature"))]
    pub(crate) named: Option<PathBuf>,
    /// The folder of `.okta/okta.yaml`.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "files are read with that feature"))]
    pub(crate) home: Option<PathBuf>,
}

impl Config {
    /// The defaults.
    pub(crate) fn new() -> Self {
        Self {
            org_url: None,
            authorization: Authorization::default(),
            connect_timeout: Sourced::default(CONNECT_TIMEOUT),
            attempt_timeout: Sourced::default(ATTEMPT_TIMEOUT),
            deadline: Sourced::default(DEADLINE),
            max_retries: Sourced::default(MAX_RETRIES),
            proxy: None,
        }
    }

    /// The defaults under the user's file, the project's file and the environment. A file that the user has named is
    /// read in place of the project's, and overrides the environment.
    pub(crate) fn load(surroundings: &Surroundings<'_>) -> Result<Self, Error> {
        let mut raw = Raw::default();
        #[cfg(feature = "config-file")]
        read_files(surroundings, &mut raw)?;
        raw.read_environment(surroundings.variable)?;
        #[cfg(feature = "config-file")]
        read_named_file(surroundings, &mut raw)?;
        Self::from_raw(raw)
    }

    /// The defaults under these values.
    pub(crate) fn from_raw(mut raw: Raw) -> Result<Self, Error> {
        let mut config = Self::new();
        config.org_url =
            raw.take(Key::OrgUrl).map(|url| Sourced::new(url.value.expose_secret().to_owned(), url.source));
        config.authorization = Authorization::from_raw(&mut raw)?;
        if let Some(timeout) = raw.take(Key::ConnectionTimeout) {
            config.connect_timeout = duration(Key::ConnectionTimeout, timeout)?;
        }
        if let Some(timeout) = raw.take(Key::RequestTimeout) {
            config.deadline = duration(Key::RequestTimeout, timeout)?;
        }
        if let Some(retries) = raw.take(Key::MaxRetries) {
            let source = retries.source.clone();
            config.max_retries = retries
                .try_map(|retries| retries.expose_secret().trim().parse())
                .map_err(|_| wrong(Key::MaxRetries.name(), &source, "must be a whole number; 0 is off"))?;
        }
        config.proxy = Proxy::from_raw(&mut raw)?;
        Ok(config)
    }

    /// Where secrets go. The proxy's own password has to be meant for it.
    pub(crate) fn destinations(&self) -> Result<Destinations, Error> {
        let proxy = self.proxy.as_ref().filter(|proxy| proxy.is_configured());
        if let Some((proxy, login)) = proxy.and_then(|proxy| Some((proxy, proxy.login.as_ref()?))) {
            check_destination(("proxy password", &login.source), ("proxy", &proxy.url.source))?;
        }
        Ok(Destinations {
            org_url: self.org_url.as_ref().map_or(Source::Default, |url| url.source.clone()),
            proxy: proxy.map(|proxy| proxy.url.source.clone()),
        })
    }

    /// The values with their sources, secrets masked.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let seconds = |duration: Duration| if duration.is_zero() { "off".to_owned() } else { format!("{duration:?}") };
        let mut settings = Vec::new();
        let mut add = |name, value: String, source: &Source| {
            settings.push(Setting { name, value, source: source.clone() });
        };
        if let Some(url) = &self.org_url {
            // What is no org URL is refused later; until then nobody knows what it holds.
            let shown =
                if org_url::parse(&url.value, true).is_ok() { url.value.clone() } else { "*** (not one)".to_owned() };
            add(Key::OrgUrl.name(), shown, &url.source);
        }
        self.authorization.list(&mut add);
        add(Key::ConnectionTimeout.name(), seconds(self.connect_timeout.value), &self.connect_timeout.source);
        add("attempt timeout", seconds(self.attempt_timeout.value), &self.attempt_timeout.source);
        add(Key::RequestTimeout.name(), seconds(self.deadline.value), &self.deadline.source);
        add(Key::MaxRetries.name(), self.max_retries.value.to_string(), &self.max_retries.source);
        if let Some(proxy) = &self.proxy {
            add(proxy.name(), proxy.shown(), &proxy.url.source);
            if let Some(login) = &proxy.login {
                add(Key::ProxyPassword.name(), "***".to_owned(), &login.source);
            }
        }
        settings
    }
}

/// The sources of the addresses that a client sends secrets to.
#[derive(Debug, Clone)]
pub(crate) struct Destinations {
    org_url: Source,
    proxy: Option<Source>,
}

impl Destinations {
    /// The credential, or without one what calls bring along, goes where its source or a stronger one sends it.
    pub(crate) fn check(&self, credential: &Sourced<Credential>) -> Result<(), Error> {
        let addresses = [Some(("org URL", &self.org_url)), self.proxy.as_ref().map(|proxy| ("proxy", proxy))];
        for address in addresses.into_iter().flatten() {
            match &credential.value {
                // Cookies and session tokens of calls are for the org that the user has chosen, wherever that is
                // written down. A project's file alone is no choice of the user's.
                Credential::None if !matches!(address.1, Source::ProjectFile(_)) => {}
                Credential::None => {
                    return Err(Error::configuration(format!(
                        "the session token or cookie of a call would be sent to the {} ({}), and a project's file decides \
                         for its own secrets only; set the {} in the environment or in code",
                        address.0, address.1, address.0
                    )));
                }
                held => check_destination((held.name(), &credential.source), address)?,
            }
        }
        Ok(())
    }
}

/// A value of the effective configuration, for people; [`ClientBuilder::settings`](crate::ClientBuilder::settings) gives
/// all of them.
///
/// ```
/// use session_client::{Client, Source};
///
/// let builder = Client::builder("https://acme.okta.com").api_token("00exampleExampleExampleExample");
/// let token = builder.settings().into_iter().find(|setting| setting.name == "okta.client.token").unwrap();
/// assert_eq!((token.value.as_str(), token.source), ("*** (API token)", Source::Code));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The name, as in okta.yaml where the value can be set there.
    pub name: &'static str,
    /// The value; a secret shows as `***`, with its kind where there are several.
    pub value: String,
    /// Where the value comes from.
    pub source: Source,
}

impl std::fmt::Display for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} = {} ({})", self.name, crate::redact::printable(&self.value), self.source)
    }
}

#[cfg(feature = "config-file")]
fn read_files(surroundings: &Surroundings<'_>, raw: &mut Raw) -> Result<(), Error> {
    if let Some(home) = &surroundings.home {
        let path = home.join(".okta").join("okta.yaml");
        file::read(&path, &Source::HomeFile(path.clone()), raw)?;
    }
    if surroundings.named.is_some() {
        return Ok(());
    }
    let path = surroundings.project.join("okta.yaml");
    file::read(&path, &Source::ProjectFile(path.clone()), raw)
}

#[cfg(feature = "config-file")]
fn read_named_file(surroundings: &Surroundings<'_>, raw: &mut Raw) -> Result<(), Error> {
    match &surroundings.named {
        Some(path) => file::read_existing(path, &Source::NamedFile(path.clone()), raw),
        None => Ok(()),
    }
}

/// A value that cannot be used. The message names where it comes from and the rule, never the value.
fn wrong(name: &str, source: &Source, rule: impl std::fmt::Display) -> Error {
    Error::configuration(format!("{name} ({source}): {rule}"))
}

fn duration(key: Key, text: Sourced<SecretString>) -> Result<Sourced<Duration>, Error> {
    let source = text.source.clone();
    text.try_map(|text| duration::parse(text.expose_secret())).map_err(|rule| wrong(key.name(), &source, rule))
}
