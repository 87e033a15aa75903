//! What a client proves itself with, as the configuration has it.

#[cfg(feature = "oauth")]
mod app;

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};

use super::raw::{Key, Raw};
use super::source::{Source, Sourced};
use super::wrong;
use crate::auth::Credential;
use crate::credentials::{ApiToken, BearerToken};
use crate::error::Error;

/// The credential, and where the values that are no secrets come from.
#[derive(Clone)]
pub(crate) struct Authorization {
    pub(crate) credential: Sourced<Credential>,
    #[cfg_attr(not(feature = "oauth"), expect(dead_code, reason = "service apps need that feature"))]
    sources: BTreeMap<Key, Source>,
}

impl Default for Authorization {
    fn default() -> Self {
        Self { credential: Sourced::default(Credential::None), sources: BTreeMap::new() }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    ApiToken,
    Bearer,
    PrivateKey,
}

impl Authorization {
    pub(crate) fn code(credential: Credential) -> Self {
        Self { credential: Sourced::code(credential), ..Self::default() }
    }

    /// The credential of the configuration. What belongs to another mode than the one that is set counts for nothing.
    pub(super) fn from_raw(raw: &mut Raw) -> Result<Self, Error> {
        let mode = raw.take(Key::AuthorizationMode);
        let parts = Parts::take(raw);
        let known = mode.as_ref().map(|mode| read_mode(mode).map(|known| (known, mode))).transpose()?;
        match (known, parts.token) {
            (Some((Mode::PrivateKey, mode)), _) => parts.app.read(&mode.source),
            (known, Some(token)) => Ok(Self {
                credential: read_token(known.is_some_and(|(mode, _)| mode == Mode::Bearer), token)?,
                sources: BTreeMap::new(),
            }),
            // Without the mode the client would be another one than was asked for.
            (None, None) => match parts.app.private_key {
                Some(key) => Err(wrong(
                    Key::PrivateKey.name(),
                    &key.source,
                    "is used with authorizationMode PrivateKey only; set that as well (OKTA_CLIENT_AUTHORIZATIONMODE)",
                )),
                None => Ok(Self::default()),
            },
            (Some(_), None) => Ok(Self::default()),
        }
    }

    /// Lists the values, secrets masked.
    pub(super) fn list(&self, add: &mut dyn FnMut(&'static str, String, &Source)) {
        match &self.credential.value {
            Credential::None => {}
            #[cfg(feature = "oauth")]
            Credential::PrivateKey(app) => self.list_app(app, add),
            held => add(Key::Token.name(), format!("*** ({})", held.name()), &self.credential.source),
        }
    }
}

/// All that a credential can be made of.
struct Parts {
    token: Option<Sourced<SecretString>>,
    app: App,
}

/// What a service app is made of.
#[cfg_attr(not(feature = "oauth"), expect(dead_code, reason = "service apps need that feature"))]
struct App {
    client_id: Option<Sourced<SecretString>>,
    scopes: Option<Sourced<SecretString>>,
    private_key: Option<Sourced<SecretString>>,
    private_key_id: Option<Sourced<SecretString>>,
    dpop_enabled: Option<Sourced<SecretString>>,
}

impl Parts {
    fn take(raw: &mut Raw) -> Self {
        Self {
            token: raw.take(Key::Token),
            app: App {
                client_id: raw.take(Key::ClientId),
                scopes: raw.take(Key::Scopes),
                private_key: raw.take(Key::PrivateKey),
                private_key_id: raw.take(Key::PrivateKeyId),
                dpop_enabled: raw.take(Key::DpopEnabled),
            },
        }
    }
}

#[cfg(not(feature = "oauth"))]
impl App {
    #[expect(clippy::unused_self, reason = "with the feature it is read")]
    fn read(self, mode: &Source) -> Result<Authorization, Error> {
        let rule = "PrivateKey needs the feature `oauth` of session-client, which this build does not have";
        Err(wrong(Key::AuthorizationMode.name(), mode, rule))
    }
}

fn read_mode(mode: &Sourced<SecretString>) -> Result<Mode, Error> {
    let text = mode.value.expose_secret().trim();
    let modes = [("SSWS", Mode::ApiToken), ("Bearer", Mode::Bearer), ("PrivateKey", Mode::PrivateKey)];
    let known = modes.into_iter().find(|(name, _)| text.eq_ignore_ascii_case(name));
    let refused = || wrong(Key::AuthorizationMode.name(), &mode.source, "must be SSWS, Bearer or PrivateKey");
    known.map(|(_, mode)| mode).ok_or_else(refused)
}

fn read_token(is_bearer: bool, token: Sourced<SecretString>) -> Result<Sourced<Credential>, Error> {
    let source = token.source.clone();
    let read = |token: SecretString| {
        let token = token.expose_secret();
        if is_bearer {
            BearerToken::new(token).map(Credential::Bearer)
        } else {
            ApiToken::new(token).map(Credential::ApiToken)
        }
    };
    token.try_map(read).map_err(|invalid| wrong(Key::Token.name(), &source, invalid))
}
