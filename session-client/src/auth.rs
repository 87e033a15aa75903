//! What a client proves itself with.

mod authorize;
mod authorizer;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

pub(crate) use self::authorize::Authorize;
#[cfg(feature = "oauth")]
pub(crate) use self::authorize::Fetching;
pub(crate) use self::authorizer::Authorizer;
use crate::credentials::{ApiToken, BearerToken};
#[cfg(feature = "oauth")]
use crate::oauth::{PrivateKey, PrivateKeyJwt};

/// What a client proves itself with.
///
/// The specification decides which operation carries it: the operations on the current session never do, and a call of
/// an operation that does not take this kind of credential fails before anything is sent.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Credential {
    /// Nothing.
    #[default]
    None,
    /// An API token of the org.
    ApiToken(ApiToken),
    /// An OAuth 2.0 access token that stays the same.
    Bearer(BearerToken),
    /// A source of OAuth 2.0 access tokens, asked before each request.
    Source(Arc<dyn TokenSource>),
    /// A service app that gets its OAuth 2.0 access tokens by a private key.
    #[cfg(feature = "oauth")]
    PrivateKey(PrivateKeyJwt),
}

/// What a [`TokenSource`] returns: a token some time later, or why there is none.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<BearerToken, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// A source of OAuth 2.0 access tokens, shared by all calls of a client.
///
/// It is asked before each request and should keep a token for as long as it is valid. Its errors reach the caller as
/// the [`source`](std::error::Error::source) of an [`Error`](crate::Error), so they must not show a secret.
///
/// ```
/// use session_client::{BearerToken, Client, TokenFuture, TokenSource};
///
/// struct FromVault;
///
/// impl TokenSource for FromVault {
///     fn token<'a>(&'a self, scopes: &'a [&'a str]) -> TokenFuture<'a> {
///         Box::pin(async move {
///             // Ask for a token with these scopes, such as `okta.sessions.read`.
///             Ok(BearerToken::new(format!("example-token-for-{}", scopes.join("-")))?)
///         })
///     }
/// }
///
/// let client = Client::builder("https://acme.okta.com").token_source(FromVault).build()?;
/// # Ok::<(), session_client::Error>(())
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// A token that is valid now and has these scopes.
    fn token<'a>(&'a self, scopes: &'a [&'a str]) -> TokenFuture<'a>;
}

impl Credential {
    /// A service app with this client id and private key, which asks for these scopes; without any, each operation gets a
    /// token with its own scopes. [`PrivateKeyJwt`] has the other settings.
    ///
    /// ```no_run
    /// use session_client::{Client, Credential, PrivateKey};
    ///
    /// let key = PrivateKey::from_file("service-app.pem")?;
    /// let app = Credential::private_key("0oaExampleExample", key, ["okta.sessions.read"])?;
    /// let client = Client::builder("https://acme.okta.com").credential(app).build()?;
    /// # Ok::<(), session_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// The client id or a scope has characters that it cannot have.
    #[cfg(feature = "oauth")]
    pub fn private_key(
        client_id: impl AsRef<str>,
        key: PrivateKey,
        scopes: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, crate::InvalidValue> {
        Ok(Self::PrivateKey(PrivateKeyJwt::new(client_id, key)?.scopes(scopes)?))
    }

    /// What is told of it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::None => "no credential",
            Self::ApiToken(_) => "API token",
            Self::Bearer(_) => "bearer token",
            Self::Source(_) => "source of bearer tokens",
            #[cfg(feature = "oauth")]
            Self::PrivateKey(_) => "private key",
        }
    }
}

impl From<ApiToken> for Credential {
    fn from(token: ApiToken) -> Self {
        Self::ApiToken(token)
    }
}

impl From<BearerToken> for Credential {
    fn from(token: BearerToken) -> Self {
        Self::Bearer(token)
    }
}

#[cfg(feature = "oauth")]
impl From<PrivateKeyJwt> for Credential {
    fn from(app: PrivateKeyJwt) -> Self {
        Self::PrivateKey(app)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({})", self.name())
    }
}
