//! The client. Its operations are in `generated.rs`.

use std::fmt;
use std::sync::Arc;

use reqwest::{RequestBuilder, Url};
use serde::de::DeserializeOwned;

use crate::auth::{Authorizer, Credential};
use crate::builder::ClientBuilder;
use crate::config::{Config, Destinations, Sourced, org_url};
use crate::error::Error;
use crate::observe;
use crate::operation::Operation;
use crate::response::Response;
use crate::transport::Transport;

/// A client of one Okta org. Its methods are the operations of the API.
///
/// Cloning it is cheap; the clones share their connections.
///
/// ```
/// use session_client::Client;
///
/// let client = Client::builder("https://acme.okta.com").api_token("00exampleExampleExampleExample").build()?;
/// # Ok::<(), session_client::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    authorizer: Arc<Authorizer>,
}

struct Shared {
    transport: Transport,
    org_url: Url,
    destinations: Destinations,
}

impl Client {
    /// Begins a client of the org at this URL, such as `https://acme.okta.com`. It reads nothing from its surroundings.
    pub fn builder(org_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(Config::new()).org_url(org_url)
    }

    /// The client that the environment and, with the feature `config-file`, okta.yaml describe. [`ClientBuilder`] tells
    /// what is read.
    ///
    /// # Errors
    /// As [`ClientBuilder::from_env`] and [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    pub(crate) fn new(transport: Transport, org_url: Url, destinations: Destinations, authorizer: Authorizer) -> Self {
        Self { shared: Arc::new(Shared { transport, org_url, destinations }), authorizer: Arc::new(authorizer) }
    }

    /// The same client with another credential, on the same connections. For services that act with the credentials of
    /// many.
    ///
    /// ```
    /// use session_client::{ApiToken, Client};
    ///
    /// let client = Client::builder("https://acme.okta.com").build()?;
    /// let other = client.with_credential(ApiToken::new("00exampleExampleExampleExample")?)?;
    /// # Ok::<(), session_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// The org's URL or the proxy comes from a file or the environment, which have no say over a credential from code;
    /// or the token cannot stand in a header.
    pub fn with_credential(&self, credential: impl Into<Credential>) -> Result<Self, Error> {
        let credential = Sourced::code(credential.into());
        self.shared.destinations.check(&credential)?;
        let authorizer = Arc::new(Authorizer::new(credential.value, &self.shared.org_url)?);
        Ok(Self { shared: Arc::clone(&self.shared), authorizer })
    }

    /// The URL of the org.
    #[must_use]
    pub fn org_url(&self) -> &str {
        self.shared.org_url.as_str()
    }

    /// The URL of a page or an operation of the org; `path` begins with a slash, its values are encoded.
    pub(crate) fn url(&self, path: fmt::Arguments<'_>) -> Url {
        org_url::join(&self.shared.org_url, path)
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.shared.transport.http
    }

    /// Sends the request of an operation and reads its answer.
    pub(crate) fn call<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> impl Future<Output = Result<Response<T>, Error>> {
        let Shared { transport, org_url, .. } = &*self.shared;
        observe::call(operation, org_url, transport.send(operation, &self.authorizer, request))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("org_url", &self.shared.org_url.as_str())
            .field("credential", &self.authorizer.credential)
            .finish()
    }
}
