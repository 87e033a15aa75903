//! Which operation carries which credential.

#[cfg(feature = "oauth")]
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::AUTHORIZATION;
use reqwest::{Request, Url};

use super::authorize::{Authorize, Fetching};
use super::{Credential, TokenSource};
use crate::clock::Clock;
#[cfg(feature = "oauth")]
use crate::config::org_url;
use crate::error::Error;
#[cfg(feature = "oauth")]
use crate::oauth::{Call, Service, TOKEN_PATH};
use crate::operation::{Operation, Scheme};
use crate::transport::{Received, Transport};

/// A credential with what it becomes, made once.
pub(crate) struct Authorizer {
    pub(crate) credential: Credential,
    header: Option<HeaderValue>,
    #[cfg(feature = "oauth")]
    service: Option<Arc<Service>>,
}

impl Authorizer {
    /// The credential at this org.
    #[cfg_attr(not(feature = "oauth"), expect(unused_variables, reason = "fetching tokens needs that feature"))]
    pub(crate) fn new(credential: Credential, org_url: &Url) -> Result<Self, Error> {
        let header = match &credential {
            Credential::ApiToken(token) => Some(header("SSWS", token.expose_secret())?),
            Credential::Bearer(token) => Some(header("Bearer", token.expose_secret())?),
            _ => None,
        };
        #[cfg(feature = "oauth")]
        let service = match &credential {
            Credential::PrivateKey(app) => Some(app.service(org_url::join(org_url, format_args!("{TOKEN_PATH}")))),
            _ => None,
        };
        Ok(Self {
            credential,
            header,
            #[cfg(feature = "oauth")]
            service,
        })
    }

    /// What authorises a call of the operation: what its `security` allows and nothing else.
    #[cfg_attr(not(feature = "oauth"), expect(unused_variables, reason = "fetching tokens needs that feature"))]
    pub(crate) fn begin<'a>(
        &'a self,
        operation: &'static Operation,
        clock: &'a dyn Clock,
    ) -> Result<Authorization<'a>, Error> {
        // The caller's cookie is all that these operations carry.
        if operation.security.is_empty() {
            return Ok(Authorization::Fixed(None));
        }
        #[cfg(feature = "oauth")]
        if let (Some(service), Some(scopes)) = (&self.service, operation.scopes()) {
            return Ok(Authorization::OAuth(service.begin(operation, scopes, clock)));
        }
        match (&self.credential, operation.scopes()) {
            (Credential::None, _) if operation.anonymous => Ok(Authorization::Fixed(None)),
            (Credential::ApiToken(_), _) if operation.security.contains(&Scheme::ApiToken) => {
                Ok(Authorization::Fixed(self.header.as_ref()))
            }
            (Credential::Bearer(_), Some(_)) => Ok(Authorization::Fixed(self.header.as_ref())),
            (Credential::Source(source), Some(_)) => {
                Ok(Authorization::Source { source: source.as_ref(), operation, token: None, is_new: false })
            }
            (credential, _) => {
                let message = format!("the client has {}; {}", article(credential), takes(operation));
                Err(Error::no_credential(operation, message))
            }
        }
    }
}

/// What authorises one call.
pub(crate) enum Authorization<'a> {
    /// The same header in each attempt, or none.
    Fixed(Option<&'a HeaderValue>),
    /// A token from the source, which is asked before each attempt.
    Source { source: &'a dyn TokenSource, operation: &'static Operation, token: Option<HeaderValue>, is_new: bool },
    /// A token that the client gets for itself.
    #[cfg(feature = "oauth")]
    OAuth(Call<'a>),
}

impl Authorize for Authorization<'_> {
    fn add(&mut self, request: &mut Request) -> Result<bool, Error> {
        let header = match self {
            Self::Fixed(None) => return Ok(true),
            Self::Fixed(Some(header)) => (*header).clone(),
            Self::Source { token: Some(header), is_new, .. } if *is_new => {
                *is_new = false;
                header.clone()
            }
            Self::Source { .. } => return Ok(false),
            #[cfg(feature = "oauth")]
            Self::OAuth(call) => return call.add(request),
        };
        request.headers_mut().insert(AUTHORIZATION, header);
        Ok(true)
    }

    #[cfg_attr(not(feature = "oauth"), expect(unused_variables, reason = "fetching tokens needs that feature"))]
    fn fetch<'a>(&'a mut self, transport: &'a Transport, end: Option<Duration>) -> Fetching<'a> {
        match self {
            Self::Fixed(_) => Box::pin(async { Ok(()) }),
            Self::Source { source, operation, token, is_new } => Box::pin(async move {
                let scopes = operation.scopes().unwrap_or_default();
                let fetched = source.token(scopes).await.map_err(|error| Error::no_token(operation, error))?;
                *token = Some(header("Bearer", fetched.expose_secret())?);
                *is_new = true;
                Ok(())
            }),
            #[cfg(feature = "oauth")]
            Self::OAuth(call) => call.fetch(transport, end),
        }
    }

    #[cfg_attr(not(feature = "oauth"), expect(unused_variables, reason = "fetching tokens needs that feature"))]
    fn take_in(&mut self, received: &Received) -> bool {
        match self {
            Self::Fixed(_) | Self::Source { .. } => false,
            #[cfg(feature = "oauth")]
            Self::OAuth(call) => call.take_in(received),
        }
    }

    fn secrets<'a>(&'a self, secrets: &mut Vec<&'a str>) {
        let header = match self {
            Self::Fixed(header) => *header,
            Self::Source { token, .. } => token.as_ref(),
            #[cfg(feature = "oauth")]
            Self::OAuth(call) => return call.secrets(secrets),
        };
        let text = header.and_then(|header| header.to_str().ok());
        secrets.extend(text.and_then(|text| text.split_once(' ')).map(|(_, token)| token));
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
        _ => format!("a {}", credential.name()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::credentials::ApiToken;

    /// No operation of today is so, but the specification of another day may have one.
    static BEARER_ONLY: Operation = Operation {
        id: "getExample",
        method: http::Method::GET,
        path: "/api/v1/example",
        returns_body: true,
        security: &[Scheme::OAuth2 { scopes: &["okta.example.read"] }],
        anonymous: false,
        repeat_safe: true,
    };

    #[test]
    fn an_api_token_does_not_go_to_an_operation_that_takes_none() {
        let org_url = Url::parse("https://acme.okta.com").unwrap();
        let token = ApiToken::new("00canaryCanaryCanaryCanary").unwrap();
        let authorizer = Authorizer::new(Credential::ApiToken(token), &org_url).unwrap();

        let refused = authorizer.begin(&BEARER_ONLY, &SystemClock::new()).map(drop).unwrap_err();

        let message = "getExample failed: the client has an API token; \
                       the operation takes an OAuth 2.0 access token with okta.example.read";
        assert_eq!(refused.to_string(), message);
    }
}
