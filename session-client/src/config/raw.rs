//! The configuration as text, value by value, before anything is made of it.

use std::collections::BTreeMap;
use std::ffi::OsString;

use secrecy::SecretString;

use super::source::{Source, Sourced};
use crate::error::Error;

/// A value of the configuration.
#[expect(clippy::enum_variant_names, reason = "the names are those of okta.yaml")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    OrgUrl,
    Token,
    AuthorizationMode,
    ClientId,
    Scopes,
    PrivateKey,
    PrivateKeyId,
    DpopEnabled,
    ConnectionTimeout,
    RequestTimeout,
    MaxRetries,
    ProxyHost,
    ProxyPort,
    ProxyUsername,
    ProxyPassword,
    HttpsProxy,
    NoProxy,
}

impl Key {
    /// The name in okta.yaml, by which the value is listed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OrgUrl => "okta.client.orgUrl",
            Self::Token => "okta.client.token",
            Self::AuthorizationMode => "okta.client.authorizationMode",
            Self::ClientId => "okta.client.clientId",
            Self::Scopes => "okta.client.scopes",
            Self::PrivateKey => "okta.client.privateKey",
            Self::PrivateKeyId => "okta.client.privateKeyId",
            Self::DpopEnabled => "okta.client.dpopEnabled",
            Self::ConnectionTimeout => "okta.client.connectionTimeout",
            Self::RequestTimeout => "okta.client.requestTimeout",
            Self::MaxRetries => "okta.client.rateLimit.maxRetries",
            Self::ProxyHost => "okta.client.proxy.host",
            Self::ProxyPort => "okta.client.proxy.port",
            Self::ProxyUsername => "okta.client.proxy.username",
            Self::ProxyPassword => "okta.client.proxy.password",
            Self::HttpsProxy => "HTTPS_PROXY",
            Self::NoProxy => "NO_PROXY",
        }
    }
}

/// Which variable holds which value. Of two for the same value the first one that is set counts.
const VARIABLES: [(Key, &str); 20] = [
    (Key::OrgUrl, "OKTA_CLIENT_ORGURL"),
    (Key::OrgUrl, "OKTA_CLIENT_OKTADOMAIN"),
    (Key::Token, "OKTA_CLIENT_TOKEN"),
    (Key::AuthorizationMode, "OKTA_CLIENT_AUTHORIZATIONMODE"),
    (Key::ClientId, "OKTA_CLIENT_CLIENTID"),
    (Key::Scopes, "OKTA_CLIENT_SCOPES"),
    (Key::PrivateKey, "OKTA_CLIENT_PRIVATEKEY"),
    (Key::PrivateKeyId, "OKTA_CLIENT_PRIVATEKEYID"),
    (Key::DpopEnabled, "OKTA_CLIENT_DPOPENABLED"),
    (Key::ConnectionTimeout, "OKTA_CLIENT_CONNECTIONTIMEOUT"),
    (Key::RequestTimeout, "OKTA_CLIENT_REQUESTTIMEOUT"),
    (Key::MaxRetries, "OKTA_CLIENT_RATELIMIT_MAXRETRIES"),
    (Key::ProxyHost, "OKTA_CLIENT_PROXY_HOST"),
    (Key::ProxyPort, "OKTA_CLIENT_PROXY_PORT"),
    (Key::ProxyUsername, "OKTA_CLIENT_PROXY_USERNAME"),
    (Key::ProxyPassword, "OKTA_CLIENT_PROXY_PASSWORD"),
    (Key::HttpsProxy, "HTTPS_PROXY"),
    (Key::HttpsProxy, "https_proxy"),
    (Key::NoProxy, "NO_PROXY"),
    (Key::NoProxy, "no_proxy"),
];

/// Values by key; each may be a secret.
#[derive(Default)]
pub(crate) struct Raw(BTreeMap<Key, Sourced<SecretString>>);

impl Raw {
    /// Sets a value, over a weaker one. An empty value counts as none.
    pub(crate) fn set(&mut self, key: Key, value: SecretString, source: Source) {
        if !secrecy::ExposeSecret::expose_secret(&value).trim().is_empty() {
            self.0.insert(key, Sourced::new(value, source));
        }
    }

    pub(crate) fn take(&mut self, key: Key) -> Option<Sourced<SecretString>> {
        self.0.remove(&key)
    }

    /// Sets what the environment holds; `variable` reads it.
    pub(crate) fn read_environment(&mut self, variable: &dyn Fn(&str) -> Option<OsString>) -> Result<(), Error> {
        // Backwards, so that the first of two names wins.
        for (key, name) in VARIABLES.iter().rev() {
            let Some(value) = variable(name) else { continue };
            let value = value
                .into_string()
                .map_err(|_| Error::configuration(format!("environment variable {name}: must be UTF-8 text")))?;
            self.set(*key, value.into(), Source::Environment(name));
        }
        Ok(())
    }
}
