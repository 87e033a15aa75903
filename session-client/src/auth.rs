//! How a request is authorised: which operation carries which credential.

use http::HeaderValue;

use crate::credentials::ApiToken;
use crate::error::Error;
use crate::operation::{Operation, Scheme};

/// What the client holds to prove who it is, as the header it becomes.
#[derive(Clone)]
pub(crate) enum Credential {
    None,
    ApiToken(HeaderValue),
}

impl Credential {
    pub(crate) fn api_token(token: &ApiToken) -> Result<Self, Error> {
        let mut header = HeaderValue::from_str(&format!("SSWS {}", token.expose_secret()))
            .map_err(|_| Error::configuration("the API token cannot stand in a header"))?;
        header.set_sensitive(true);
        Ok(Self::ApiToken(header))
    }

    /// What is printed of it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ApiToken(_) => "API token",
        }
    }

    /// The header `Authorization` for the operation: what its `security` allows and nothing else.
    pub(crate) fn authorization(&self, operation: &'static Operation) -> Result<Option<&HeaderValue>, Error> {
        match self {
            // The caller's cookie is all that these operations carry.
            _ if operation.security.is_empty() => Ok(None),
            Self::ApiToken(header) if operation.security.contains(&Scheme::ApiToken) => Ok(Some(header)),
            Self::None if operation.anonymous => Ok(None),
            Self::None => {
                Err(Error::no_credential(operation, format!("the client has no credential; {}", takes(operation))))
            }
            Self::ApiToken(_) => {
                Err(Error::no_credential(operation, format!("the client has an API token; {}", takes(operation))))
            }
        }
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
