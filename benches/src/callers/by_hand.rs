//! What one would write by hand: no credential, no second attempt, no deadline, no bound.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderMap, HeaderValue};
use reqwest::{Client, Url};
use serde::Deserialize;

use super::{Caller, Failure, base_url, length};
use crate::answer::{ID, TOKEN};

/// reqwest and serde as their documentation shows them.
pub struct Plain {
    client: Client,
    base_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "decoded for its price")]
struct Session {
    id: String,
    user_id: Option<String>,
    login: Option<String>,
    status: Option<String>,
    created_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    last_password_verification: Option<DateTime<Utc>>,
    last_factor_verification: Option<DateTime<Utc>>,
    amr: Option<Vec<String>>,
    idp: Option<IdentityProvider>,
    #[serde(rename = "_links")]
    links: Option<HashMap<String, Link>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded for its price")]
struct IdentityProvider {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded for its price")]
struct Link {
    href: Option<String>,
    hints: Option<Hints>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "decoded for its price")]
struct Hints {
    allow: Option<Vec<String>>,
}

impl Caller for Plain {
    const NAME: &'static str = "reqwest by hand";

    async fn new(port: u16) -> Result<Self, Failure> {
        Ok(Self { client: Client::builder().no_proxy().build()?, base_url: base_url(port) })
    }

    async fn call(&self) -> Result<usize, Failure> {
        let url = format!("{}/api/v1/sessions/{ID}", self.base_url);
        let response = self.client.get(url).header(ACCEPT, "application/json").send().await?.error_for_status()?;
        let session: Session = response.json().await?;
        length(session.login.as_deref())
    }
}

/// The same with every trick of ours: the base URL is parsed once, the types are the generated ones, which leave the
/// links as text, and the headers are moved out of the answer.
pub struct Frugal {
    client: Client,
    base_url: Url,
}

impl Caller for Frugal {
    const NAME: &'static str = "by hand with our tricks";

    async fn new(port: u16) -> Result<Self, Failure> {
        Ok(Self { client: Client::builder().no_proxy().build()?, base_url: base_url(port).parse()? })
    }

    async fn call(&self) -> Result<usize, Failure> {
        frugal_call(&self.client, &self.base_url).await
    }
}

/// The same once more, sending what ours sends: the headers `Authorization` and `User-Agent`.
pub struct SameRequest {
    client: Client,
    base_url: Url,
}

impl Caller for SameRequest {
    const NAME: &'static str = "by hand with our tricks, the same request";

    async fn new(port: u16) -> Result<Self, Failure> {
        let mut token = HeaderValue::from_str(&format!("SSWS {TOKEN}"))?;
        token.set_sensitive(true);
        let headers = HeaderMap::from_iter([(AUTHORIZATION, token)]);
        let client = Client::builder()
            .no_proxy()
            .user_agent(concat!("session-client/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .build()?;
        Ok(Self { client, base_url: base_url(port).parse()? })
    }

    async fn call(&self) -> Result<usize, Failure> {
        frugal_call(&self.client, &self.base_url).await
    }
}

async fn frugal_call(client: &Client, base_url: &Url) -> Result<usize, Failure> {
    let mut url = base_url.clone();
    url.set_path(&format!("/api/v1/sessions/{ID}"));
    let request = client.get(url).header(ACCEPT, HeaderValue::from_static("application/json"));
    let mut response = request.send().await?.error_for_status()?;
    let headers: HeaderMap = std::mem::take(response.headers_mut());
    let session: session_client::types::Session = serde_json::from_slice(&response.bytes().await?)?;
    drop(headers);
    length(session.login.as_deref())
}
