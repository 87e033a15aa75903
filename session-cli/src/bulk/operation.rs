//! What is done to each session of a list.

use serde::{Serialize, Serializer};
use session_client::{Client, Error, Operation as ApiOperation, SessionId, operations};

use super::pace::Told;

/// What is done to each session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Get,
    Refresh,
    Revoke,
}

/// What an answer says, as far as many sessions need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    pub(super) told: Option<Told>,
}

impl Operation {
    /// The subcommand.
    pub(super) fn command(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Refresh => "refresh",
            Self::Revoke => "revoke",
        }
    }

    /// What a session is when it is done.
    pub(super) fn done(self) -> &'static str {
        match self {
            Self::Get => "found",
            Self::Refresh => "refreshed",
            Self::Revoke => "revoked",
        }
    }

    pub(super) fn api(self) -> &'static ApiOperation {
        match self {
            Self::Get => &operations::GET_SESSION,
            Self::Refresh => &operations::REFRESH_SESSION,
            Self::Revoke => &operations::REVOKE_SESSION,
        }
    }

    pub(super) async fn call(self, client: &Client, id: &SessionId) -> Result<Answered, Error> {
        match self {
            Self::Get => client.get_session(id).await.map(|response| Answered::of(&response)),
            Self::Refresh => client.refresh_session(id).await.map(|response| Answered::of(&response)),
            Self::Revoke => client.revoke_session(id).await.map(|response| Answered::of(&response)),
        }
    }
}

impl Answered {
    fn of<T>(response: &session_client::Response<T>) -> Self {
        Self {
            status: response.status().as_u16(),
            request_id: response.request_id().map(str::to_owned),
            told: Told::by(response.rate_limit(), Some(response.headers())),
        }
    }
}

/// By its name in the API.
impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.api().id)
    }
}
