//! A service app, as the configuration has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::{App, Authorization};
use crate::InvalidValue;
use crate::auth::Credential;
use crate::config::raw::Key;
use crate::config::source::{Source, Sourced};
use crate::config::wrong;
use crate::error::Error;
use crate::oauth::{PrivateKey, PrivateKeyJwt};

impl App {
    /// The credential of the app; `mode` is where its mode was set.
    pub(super) fn read(self, mode: &Source) -> Result<Authorization, Error> {
        let missing = |key: Key, variable: &str| {
            let rule = format!("PrivateKey needs {} ({variable})", key.name());
            wrong(Key::AuthorizationMode.name(), mode, rule)
        };
        let client_id = self.client_id.ok_or_else(|| missing(Key::ClientId, "OKTA_CLIENT_CLIENTID"))?;
        let key = self.private_key.ok_or_else(|| missing(Key::PrivateKey, "OKTA_CLIENT_PRIVATEKEY"))?;

        let mut app =
            PrivateKeyJwt::new(text(&client_id), read_key(&key)?).map_err(refused(Key::ClientId, &client_id))?;
        let mut sources =
            BTreeMap::from([(Key::AuthorizationMode, mode.clone()), (Key::ClientId, client_id.source.clone())]);
        if let Some(scopes) = self.scopes {
            app = app.scopes(words(text(&scopes))).map_err(refused(Key::Scopes, &scopes))?;
            sources.insert(Key::Scopes, scopes.source);
        }
        if let Some(id) = self.private_key_id {
            app = app.key_id(text(&id)).map_err(refused(Key::PrivateKeyId, &id))?;
            sources.insert(Key::PrivateKeyId, id.source);
        }
        if let Some(enabled) = self.dpop_enabled {
            app = match text(&enabled).trim() {
                "true" => app.require_dpop(),
                "false" => app,
                _ => return Err(wrong(Key::DpopEnabled.name(), &enabled.source, "must be true or false")),
            };
            sources.insert(Key::DpopEnabled, enabled.source);
        }
        Ok(Authorization { credential: Sourced::new(Credential::PrivateKey(app), key.source), sources })
    }
}

impl Authorization {
    /// Lists the values of an app.
    pub(super) fn list_app(&self, app: &PrivateKeyJwt, add: &mut dyn FnMut(&'static str, String, &Source)) {
        let settings = app.settings();
        let own = &self.credential.source;
        let source = |key| self.sources.get(&key).unwrap_or(own);
        let mut add = |key: Key, value: &str, source| add(key.name(), value.to_owned(), source);
        add(Key::AuthorizationMode, "PrivateKey", source(Key::AuthorizationMode));
        add(Key::ClientId, &settings.client_id, source(Key::ClientId));
        match &settings.scopes {
            Some(scopes) => add(Key::Scopes, scopes, source(Key::Scopes)),
            None => add(Key::Scopes, "those of each operation", &Source::Default),
        }
        add(Key::PrivateKey, "***", own);
        if let Some(id) = settings.key_id.as_deref().or_else(|| settings.key.id()) {
            add(Key::PrivateKeyId, id, source(Key::PrivateKeyId));
        }
        if settings.requires_dpop {
            add(Key::DpopEnabled, "true", source(Key::DpopEnabled));
        }
    }
}

/// The key: text of one, or the path of a file with one.
fn read_key(value: &Sourced<SecretString>) -> Result<PrivateKey, Error> {
    let source = &value.source;
    let refuse = |rule: &str| Err(wrong(Key::PrivateKey.name(), source, rule));
    if let Some(key) = PrivateKey::from_text(text(value)) {
        return key.map_err(refused(Key::PrivateKey, value));
    }
    // A key that is not whole is not to be shown for a path.
    let Some(path) = file_of(text(value).trim(), source) else {
        return refuse("must be a private key, in PEM text or as JWK, or the path of a file with one");
    };
    if !may_name(source, &path) {
        return refuse("a project's file may name a file in its own folder only");
    }
    PrivateKey::from_file(&path).map_err(|error| wrong(Key::PrivateKey.name(), source, error))
}

/// The file that is there under this path, which is relative to the file that has it.
fn file_of(path: &str, source: &Source) -> Option<PathBuf> {
    let path = folder_of(source).map_or_else(|| PathBuf::from(path), |folder| folder.join(path));
    path.is_file().then_some(path)
}

fn folder_of(source: &Source) -> Option<&Path> {
    match source {
        Source::HomeFile(path) | Source::ProjectFile(path) | Source::NamedFile(path) => path.parent(),
        Source::Default | Source::Environment(_) | Source::Code => None,
    }
}

/// Whether what the source says may lead to this file. A project's file may come with a repository that somebody else
/// wrote: a key of the user's is not its to use.
fn may_name(source: &Source, file: &Path) -> bool {
    let Source::ProjectFile(_) = source else { return true };
    let folder = folder_of(source).filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.canonicalize(), file.canonicalize()) {
        (Ok(folder), Ok(file)) => file.starts_with(folder),
        _ => false,
    }
}

fn text(value: &Sourced<SecretString>) -> &str {
    value.value.expose_secret()
}

/// Scopes, with commas or white space between.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty())
}

fn refused<T>(key: Key, value: &Sourced<T>) -> impl Fn(InvalidValue) -> Error {
    let source = value.source.clone();
    move |invalid| wrong(key.name(), &source, invalid)
}
