//! The client as a service app, with and without proofs, and what a proof costs at least.

use std::hint::black_box;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use session_client::{Client, PrivateKey, PrivateKeyJwt, SessionId};

use super::{Caller, Failure, base_url, length};
use crate::answer::ID;

/// With an access token that whoever has it can use.
pub struct Bearer(App);

/// With an access token that is bound by DPoP, and a proof with each request.
pub struct Bound(App);

struct App {
    client: Client,
    id: SessionId,
}

impl App {
    /// A client with the token already fetched.
    async fn new(port: u16, change: impl FnOnce(PrivateKeyJwt) -> PrivateKeyJwt) -> Result<Self, Failure> {
        let app = change(PrivateKeyJwt::new("0oaExample", key()?)?);
        let app = Self { client: Client::builder(base_url(port)).credential(app).build()?, id: SessionId::new(ID)? };
        app.call().await?;
        Ok(app)
    }

    async fn call(&self) -> Result<usize, Failure> {
        let session = self.client.get_session(&self.id).await?.into_inner();
        length(session.login.as_deref())
    }
}

impl Caller for Bearer {
    const NAME: &'static str = "bearer token";

    async fn new(port: u16) -> Result<Self, Failure> {
        App::new(port, |app| app).await.map(Self)
    }

    async fn call(&self) -> Result<usize, Failure> {
        self.0.call().await
    }
}

impl Caller for Bound {
    const NAME: &'static str = "token bound by DPoP";

    async fn new(port: u16) -> Result<Self, Failure> {
        App::new(port, PrivateKeyJwt::require_dpop).await.map(Self)
    }

    async fn call(&self) -> Result<usize, Failure> {
        self.0.call().await
    }
}

/// No call at all: an ES256 signature of as many bytes as a proof has.
pub struct Signature {
    pair: EcdsaKeyPair,
    message: Vec<u8>,
}

/// How many bytes a proof has before its signature.
const PROOF: usize = 480;

impl Caller for Signature {
    const NAME: &'static str = "ES256 signature alone";

    async fn new(_: u16) -> Result<Self, Failure> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        Ok(Self { pair, message: vec![b'a'; PROOF] })
    }

    async fn call(&self) -> Result<usize, Failure> {
        let signature = self.pair.sign(&SystemRandom::new(), black_box(&self.message))?;
        Ok(black_box(signature).as_ref().len())
    }
}

/// The app's own key, which only signs the request for a token.
fn key() -> Result<PrivateKey, Failure> {
    Ok(PrivateKey::from_pem(include_str!("../../../session-client/src/oauth/tests/keys/p256.pkcs8.pem"))?)
}
