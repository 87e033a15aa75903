//! The files `~/.okta/okta.yaml` and `./okta.yaml`, as users of Okta's other SDKs have them.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use secrecy::SecretString;
use serde::Deserialize;

use super::raw::{Key, Raw};
use super::source::Source;
use crate::error::Error;

/// Far above what a configuration needs.
const MAX_SIZE: u64 = 1024 * 1024;

/// Every section and value may be missing or null. A number or a boolean counts as the text that was written.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    okta: Option<Okta>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Okta {
    client: Option<Client>,
}

#[expect(clippy::struct_field_names, reason = "the names are those of okta.yaml")]
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Client {
    org_url: Option<SecretString>,
    okta_domain: Option<SecretString>,
    token: Option<SecretString>,
    authorization_mode: Option<SecretString>,
    client_id: Option<SecretString>,
    scopes: Option<Scopes>,
    private_key: Option<SecretString>,
    private_key_id: Option<SecretString>,
    dpop_enabled: Option<SecretString>,
    connection_timeout: Option<SecretString>,
    request_timeout: Option<SecretString>,
    rate_limit: Option<RateLimit>,
    proxy: Option<Proxy>,
}

/// A list, or text with commas or spaces between.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scopes {
    List(Vec<String>),
    Text(String),
}

impl From<Scopes> for SecretString {
    fn from(scopes: Scopes) -> Self {
        match scopes {
            Scopes::List(scopes) => scopes.join(",").into(),
            Scopes::Text(scopes) => scopes.into(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RateLimit {
    max_retries: Option<SecretString>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Proxy {
    host: Option<SecretString>,
    port: Option<SecretString>,
    username: Option<SecretString>,
    password: Option<SecretString>,
}

/// Sets what the file holds. A missing file holds nothing.
pub(crate) fn read(path: &Path, source: &Source, raw: &mut Raw) -> Result<(), Error> {
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        opened => read_opened(opened, path, source, raw),
    }
}

/// Sets what the file holds, which has to be there.
pub(crate) fn read_existing(path: &Path, source: &Source, raw: &mut Raw) -> Result<(), Error> {
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Error::configuration(format!("{}: there is no such file", path.display())).with_source(error))
        }
        opened => read_opened(opened, path, source, raw),
    }
}

fn read_opened(opened: std::io::Result<File>, path: &Path, source: &Source, raw: &mut Raw) -> Result<(), Error> {
    let wrong = |message: &str| Error::configuration(format!("{}: {message}", path.display()));
    let file = opened.map_err(|error| wrong("cannot be opened").with_source(error))?;
    let mut bytes = Vec::new();
    file.take(MAX_SIZE + 1).read_to_end(&mut bytes).map_err(|error| wrong("cannot be read").with_source(error))?;
    read_bytes(bytes, path, source, raw)
}

/// Sets what the bytes of the file hold.
pub(crate) fn read_bytes(bytes: Vec<u8>, path: &Path, source: &Source, raw: &mut Raw) -> Result<(), Error> {
    let wrong = |message: &str| Error::configuration(format!("{}: {message}", path.display()));
    if bytes.len() as u64 > MAX_SIZE {
        return Err(wrong("must not be larger than 1 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("must be UTF-8 text"))?;
    // The parser's message shows the line, and with it perhaps the token: the place is all that is safe to tell.
    let document: Option<Document> = serde_saphyr::from_str(&text).map_err(|error| {
        let place = error.location().map(|place| format!(" at line {}, column {}", place.line(), place.column()));
        wrong(&format!(
            "must be YAML with the values under okta: client:, each a single word or number{}",
            place.unwrap_or_default()
        ))
    })?;
    let client = document.and_then(|document| document.okta).and_then(|okta| okta.client).unwrap_or_default();
    let proxy = client.proxy.unwrap_or_default();
    let values = [
        // Of the two names the second one overrides the first, unless it is empty.
        (Key::OrgUrl, client.okta_domain),
        (Key::OrgUrl, client.org_url),
        (Key::Token, client.token),
        (Key::AuthorizationMode, client.authorization_mode),
        (Key::ClientId, client.client_id),
        (Key::Scopes, client.scopes.map(Into::into)),
        (Key::PrivateKey, client.private_key),
        (Key::PrivateKeyId, client.private_key_id),
        (Key::DpopEnabled, client.dpop_enabled),
        (Key::ConnectionTimeout, client.connection_timeout),
        (Key::RequestTimeout, client.request_timeout),
        (Key::MaxRetries, client.rate_limit.and_then(|rate_limit| rate_limit.max_retries)),
        (Key::ProxyHost, proxy.host),
        (Key::ProxyPort, proxy.port),
        (Key::ProxyUsername, proxy.username),
        (Key::ProxyPassword, proxy.password),
    ];
    for (key, value) in values {
        if let Some(value) = value {
            raw.set(key, value, source.clone());
        }
    }
    Ok(())
}
