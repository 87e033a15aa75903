//! The credential of a service app: its name and its private key.

use std::sync::{Arc, Mutex, PoisonError};

use url::Url;

use super::dpop::ProofKeys;
use super::private_key::{PrivateKey, SigningAlgorithm};
use super::service::Service;
use crate::InvalidValue;

/// A service app that proves who it is by its private key, and gets access tokens for it
/// ([RFC 7523](https://www.rfc-editor.org/rfc/rfc7523)).
///
/// The client asks the org for an access token when it needs one and keeps it; clones of this value share their tokens.
/// A token is fetched once however many calls wait for it, renewed before it ends, and renewed once when the org does
/// not accept it any more. Where the org demands it of the app, tokens are bound to a key of this process by DPoP
/// ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449)).
///
/// ```no_run
/// use session_client::{Client, PrivateKey, PrivateKeyJwt};
///
/// let key = PrivateKey::from_file("service-app.pem")?;
/// let app = PrivateKeyJwt::new("0oaExampleExample", key)?.key_id("example-key")?;
/// let client = Client::builder("https://acme.okta.com").credential(app).build()?;
/// # Ok::<(), session_client::Error>(())
/// ```
#[derive(Clone)]
pub struct PrivateKeyJwt {
    settings: Arc<Settings>,
    state: Arc<State>,
}

/// What the app is made of.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) client_id: String,
    pub(crate) key: PrivateKey,
    pub(crate) key_id: Option<String>,
    pub(crate) algorithm: Option<SigningAlgorithm>,
    /// The scopes to ask for, with spaces between; none: those of the operation.
    pub(crate) scopes: Option<String>,
    pub(crate) requires_dpop: bool,
}

/// What clones share.
#[derive(Default)]
struct State {
    proof_keys: Arc<ProofKeys>,
    /// One for each org.
    services: Mutex<Vec<Arc<Service>>>,
}

impl PrivateKeyJwt {
    /// The app with this client id. It signs as is usual for its key, and asks for the scopes of each operation.
    ///
    /// # Errors
    /// The client id is empty or has a character that is not visible ASCII.
    pub fn new(client_id: impl AsRef<str>, key: PrivateKey) -> Result<Self, InvalidValue> {
        let settings = Settings {
            client_id: word("client id", client_id.as_ref())?,
            key,
            key_id: None,
            algorithm: None,
            scopes: None,
            requires_dpop: false,
        };
        Ok(Self { settings: Arc::new(settings), state: Arc::default() })
    }

    /// Asks for these scopes with every token. If not set, or empty, each operation gets a token with its own scopes:
    /// `okta.sessions.read` to read a session, `okta.sessions.manage` for the rest.
    ///
    /// # Errors
    /// A scope is empty or has a character that a scope cannot have.
    pub fn scopes(self, scopes: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, InvalidValue> {
        let scopes = scopes.into_iter().map(|scope| {
            let scope = word("scope", scope.as_ref())?;
            let is_one = !scope.contains(['"', '\\', ',']);
            if is_one { Ok(scope) } else { Err(InvalidValue::new("scope", "must not contain `\"`, `\\` or `,`")) }
        });
        let scopes = scopes.collect::<Result<Vec<_>, _>>()?.join(" ");
        Ok(self.with(|settings| settings.scopes = Some(scopes).filter(|scopes| !scopes.is_empty())))
    }

    /// The id by which Okta knows the key. If not set, that of the key's JWK.
    ///
    /// # Errors
    /// The id is empty or has a character that is not visible ASCII.
    pub fn key_id(self, id: impl AsRef<str>) -> Result<Self, InvalidValue> {
        let id = word("key id", id.as_ref())?;
        Ok(self.with(|settings| settings.key_id = Some(id)))
    }

    /// Signs so. If not set, `RS256`, `ES256` or `ES384`, as the key is.
    ///
    /// # Errors
    /// The key cannot sign so.
    pub fn algorithm(self, algorithm: SigningAlgorithm) -> Result<Self, InvalidValue> {
        if !self.settings.key.can_sign(algorithm) {
            return Err(InvalidValue::new(
                "signing algorithm",
                "must fit the key: RS… for RSA, ES256 for P-256, ES384 for P-384",
            ));
        }
        Ok(self.with(|settings| settings.algorithm = Some(algorithm)))
    }

    /// Accepts only tokens that are bound to a key of this process by DPoP. If not set, DPoP is used where the org
    /// demands it.
    #[must_use]
    pub fn require_dpop(self) -> Self {
        self.with(|settings| settings.requires_dpop = true)
    }

    /// Drops the key that tokens are bound to by DPoP. The next call makes a new one and fetches a token for it; calls
    /// under way end with the old one.
    pub fn rotate_dpop_key(&self) {
        self.state.proof_keys.rotate();
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The app at the authorization server of one org.
    pub(crate) fn service(&self, token_endpoint: Url) -> Arc<Service> {
        let mut services = self.state.services.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = services.iter().find(|service| service.endpoint == token_endpoint) {
            return Arc::clone(known);
        }
        let service = Service::new(token_endpoint, Arc::clone(&self.settings), Arc::clone(&self.state.proof_keys));
        services.push(Arc::new(service));
        Arc::clone(&services[services.len() - 1])
    }

    /// The app with another setting. Tokens that were fetched without it are not its own.
    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self.state = Arc::default();
        self
    }
}

impl std::fmt::Debug for PrivateKeyJwt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Settings { client_id, key, key_id, algorithm, scopes, requires_dpop } = self.settings();
        f.debug_struct("PrivateKeyJwt")
            .field("client_id", client_id)
            .field("key", key)
            .field("key_id", key_id)
            .field("algorithm", algorithm)
            .field("scopes", scopes)
            .field("requires_dpop", requires_dpop)
            .finish()
    }
}

/// A word of visible ASCII, without the white space around it.
fn word(what: &'static str, text: &str) -> Result<String, InvalidValue> {
    let text = text.trim();
    if text.is_empty() {
        Err(InvalidValue::new(what, "must not be empty"))
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(InvalidValue::new(what, "must consist of visible ASCII characters, without spaces"))
    } else {
        Ok(text.to_owned())
    }
}
