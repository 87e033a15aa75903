//! How a request is authorised: which operation carries which credential.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use http::HeaderValue;

use crate::credentials::{ApiToken, BearerToken};
use crate::error::Error;
use crate::operation::{Operation, Scheme};

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
}

/// What a [`TokenSource`] returns: a token some time later, or why there is none.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<BearerToken, Box<dyn std::error::Error + Send + Sync>>> + Send + 'a>>;

/// A source of OAuth 2.0 access tokens, shared by all calls of a client.
///
/// It is asked before each request and should keep a token for as long as it is valid. Its errors reach the caller as
/// the [`source`](std::error::Error::source) of an [`Error`], so they must not show a secret.
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
    /// What is told of it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::None => "no credential",
            Self::ApiToken(_) => "API token",
            Self::Bearer(_) => "bearer token",
            Self::Source(_) => "source of bearer tokens",
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

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({})", self.name())
    }
}

/// A credential with the header it becomes, made once.
pub(crate) struct Authorizer {
    pub(crate) credential: Credential,
    header: Option<HeaderValue>,
}

impl Authorizer {
    pub(crate) fn new(credential: Credential) -> Result<Self, Error> {
        let header = match &credential {
            Credential::ApiToken(token) => Some(header("SSWS", token.expose_secret())?),
            Credential::Bearer(token) => Some(header("Bearer", token.expose_secret())?),
            Credential::None | Credential::Source(_) => None,
        };
        Ok(Self { credential, header })
    }

    /// The header `Authorization` for the operation: what its `security` allows and nothing else. None if a token has to
    /// be fetched first.
    pub(crate) fn ready(&self, operation: &'static Operation) -> Option<Result<Option<HeaderValue>, Error>> {
        // The caller's cookie is all that these operations carry.
        if operation.security.is_empty() {
            return Some(Ok(None));
        }
        match &self.credential {
            Credential::None if operation.anonymous => Some(Ok(None)),
            Credential::ApiToken(_) if operation.security.contains(&Scheme::ApiToken) => Some(Ok(self.header.clone())),
            Credential::Bearer(_) if operation.scopes().is_some() => Some(Ok(self.header.clone())),
            Credential::Source(_) if operation.scopes().is_some() => None,
            credential => {
                let message = format!("the client has {}; {}", article(credential), takes(operation));
                Some(Err(Error::no_credential(operation, message)))
            }
        }
    }

    /// The header with a token from the source.
    pub(crate) async fn fetch(&self, operation: &'static Operation) -> Result<Option<HeaderValue>, Error> {
        let (Credential::Source(source), Some(scopes)) = (&self.credential, operation.scopes()) else {
            return Ok(self.header.clone());
        };
        let token = source.token(scopes).await.map_err(|error| Error::no_token(operation, error))?;
        header("Bearer", token.expose_secret()).map(Some)
    }
}

fn header(scheme: &str, token: &str) -> Result<HeaderValue, Error> {
    let mut header = HeaderValue::from_str(&format!("{scheme} {token}"))
        .map_err(|_| Error::configuration("the token cannot stand in a header"))?;
    header.set_sensitive(true);
    Ok(header)
}

fn article(credential: &Credential) -> String {
    match credential {
        Credential::None => credential.name().to_owned(),
        Credential::ApiToken(_) => format!("an {}", credential.name()),
        Credential::Bearer(_) | Credential::Source(_) => format!("a {}", credential.name()),
    }
}

/// What the operation takes, for messages.
fn takes(operation: &Operation) -> String {
    let alternatives = operation.security.iter().map(|scheme| match scheme {
        Scheme::ApiToken => "an API token".to_owned(),
        Scheme::OAuth2 { scopes } => format!("an OAuth 2.0 access token with {}", scopes.join(" ")),
    });
    format!("the operation takes {}", alternatives.collect::<Vec<_>>().join(" or "))
}
