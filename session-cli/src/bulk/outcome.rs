//! How it ends with an id.

use session_client::{Error, ErrorKind};

use super::operation::{Answered, Operation};
use crate::failure::is_no_session;

/// How it ended with an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// There is no session with this id. That is no success: the id may be of a kind that the operation does not know, and
    /// the session alive.
    NotFound,
    /// It was certainly not done.
    Failed,
    /// It was sent, and the answer is not known: it may be done.
    InDoubt,
}

impl Outcome {
    /// How it ended. `was_in_doubt`: an earlier run sent the same and got no answer.
    pub(super) fn of(operation: Operation, result: &Result<Answered, Error>, was_in_doubt: bool) -> Self {
        let Err(error) = result else { return Self::Done };
        if is_no_session(error) {
            // As within one call: what was sent without an answer, and is gone afterwards, was done.
            let by_earlier_run = was_in_doubt && operation == Operation::Revoke;
            return if by_earlier_run { Self::Done } else { Self::NotFound };
        }
        // Reading leaves nothing behind that could be in doubt.
        if operation != Operation::Get && error.is_in_doubt() { Self::InDoubt } else { Self::Failed }
    }

    /// The word for it in a report.
    pub(super) fn word(self, operation: Operation) -> &'static str {
        match self {
            Self::Done => operation.done(),
            Self::NotFound => "not_found",
            Self::Failed => "failed",
            Self::InDoubt => "in_doubt",
        }
    }

    /// The outcome that a report calls so.
    pub(super) fn from_word(word: &str, operation: Operation) -> Option<Self> {
        [Self::Done, Self::NotFound, Self::Failed, Self::InDoubt].into_iter().find(|it| it.word(operation) == word)
    }
}

/// Whether it is not the id that failed but the command: no other id will fare better.
pub(super) fn is_of_all(error: &Error) -> bool {
    let refused = matches!(error.status().map(|status| status.as_u16()), Some(401 | 403));
    refused || matches!(error.kind(), ErrorKind::Configuration | ErrorKind::Credential)
}

/// Whether the id only came at a bad moment: the rate limit had no place for it.
pub(super) fn is_rate_limit(error: &Error) -> bool {
    let no_place = error.kind() == ErrorKind::Timeout && !error.may_have_been_sent() && error.is_retryable();
    error.is_rate_limited() || no_place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_read_as_it_is_written() {
        for operation in [Operation::Get, Operation::Refresh, Operation::Revoke] {
            for outcome in [Outcome::Done, Outcome::NotFound, Outcome::Failed, Outcome::InDoubt] {
                assert_eq!(Outcome::from_word(outcome.word(operation), operation), Some(outcome));
            }
        }
        assert_eq!(Outcome::from_word("revoked", Operation::Get), None);
    }
}
