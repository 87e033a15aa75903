//! The clients that are compared. Each makes the same call on a connection that stays open.

mod by_hand;
mod floor;
mod ours;
mod service_app;

use std::error::Error;

pub use by_hand::{Frugal, Plain, SameRequest};
pub use floor::{Connection, Pool};
pub use ours::Ours;
pub use service_app::{Bearer, Bound, Signature};

/// Any failure. None is expected.
pub type Failure = Box<dyn Error + Send + Sync>;

/// A client with everything that one call needs.
#[expect(async_fn_in_trait, reason = "nobody else implements it")]
pub trait Caller: Sized {
    /// What the table calls it.
    const NAME: &'static str;
    /// Whether several calls can be under way at the same time.
    const CONCURRENT: bool = true;

    /// A client of the server at this port.
    ///
    /// # Errors
    /// The client cannot be built.
    async fn new(port: u16) -> Result<Self, Failure>;

    /// Reads the session and gives the length of its login, so that nothing is optimised away.
    ///
    /// # Errors
    /// The call fails.
    async fn call(&self) -> Result<usize, Failure>;
}

/// A host name: an address costs reqwest another 9,000 instructions a call.
fn base_url(port: u16) -> String {
    format!("http://localhost:{port}")
}

fn length(text: Option<&str>) -> Result<usize, Failure> {
    text.map(str::len).ok_or_else(|| "the answer has no login".into())
}
