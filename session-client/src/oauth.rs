//! OAuth 2.0 for services: an app proves by its private key who it is, and gets access tokens for it.
//!
//! `private_key_jwt` is what an application sets up; a `service` is that app at one org. For each call a `call` takes a
//! token from `tokens`, which has it fetched by `token_endpoint`. An `assertion` (by the `private_key`, read by `pem` or
//! `jwk`) and a proof of `dpop` are each a `jws`. All cryptography is aws-lc-rs's.

mod assertion;
mod call;
mod dpop;
mod jwk;
mod jws;
mod pem;
mod private_key;
mod private_key_jwt;
mod service;
#[cfg(test)]
mod tests;
mod token_endpoint;
mod tokens;

pub(crate) use self::call::Call;
pub use self::private_key::{PrivateKey, SigningAlgorithm};
pub use self::private_key_jwt::PrivateKeyJwt;
pub(crate) use self::service::Service;

/// The path of the token endpoint, under the org's URL.
pub(crate) const TOKEN_PATH: &str = "/oauth2/v1/token";
