//! The client of this workspace, as an application uses it.

use session_client::{Client, SessionId};

use super::{Caller, Failure, base_url, length};
use crate::answer::{ID, TOKEN};

/// With credential, deadlines, retries and bounds on, as they are by default.
pub struct Ours {
    client: Client,
    id: SessionId,
}

impl Caller for Ours {
    const NAME: &'static str = "session-client";

    async fn new(port: u16) -> Result<Self, Failure> {
        let client = Client::builder(base_url(port)).api_token(TOKEN).build()?;
        Ok(Self { client, id: SessionId::new(ID)? })
    }

    async fn call(&self) -> Result<usize, Failure> {
        let session = self.client.get_session(&self.id).await?.into_inner();
        length(session.login.as_deref())
    }
}
