//! Pages on what users of the client meet, for reading; there is nothing to call here.

#[doc = include_str!("guide/credentials.md")]
pub mod credentials {}

#[doc = include_str!("guide/errors.md")]
pub mod errors {}

#[doc = include_str!("guide/retry_and_limits.md")]
pub mod retry_and_limits {}

#[cfg(feature = "oauth")]
#[doc = include_str!("guide/service_apps.md")]
pub mod service_apps {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/upstream.md")]
pub mod upstream {}
