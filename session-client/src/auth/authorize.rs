//! How the transport has each attempt of a call authorised, without knowing by what.

use std::pin::Pin;
use std::time::Duration;

use reqwest::Request;

use crate::error::Error;
use crate::transport::{Received, Transport};

/// Authorises the attempts of one call: it is asked before each of them, and shown each answer.
pub(crate) trait Authorize: Send {
    /// Adds what proves who is asking. False if that has to be fetched first.
    fn add(&mut self, request: &mut Request) -> Result<bool, Error>;

    /// Fetches what `add` missed. Nothing is begun that does not end at `end`, by the transport's clock.
    fn fetch<'a>(&'a mut self, transport: &'a Transport, end: Option<Duration>) -> Fetching<'a>;

    /// Takes in what came back. True if nothing was done for want of another proof, and `add` has it now or fetches it:
    /// the request is then sent again at once, however often it may be sent.
    fn take_in(&mut self, received: &Received) -> bool;

    /// Adds the secrets that the last `add` put into the request.
    fn secrets<'a>(&'a self, secrets: &mut Vec<&'a str>);
}

/// A proof some time later.
pub(crate) type Fetching<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;
