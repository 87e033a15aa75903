//! What a session can tell of itself.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

use crate::types::{Session, SessionStatus};

impl Session {
    /// Whether the user is fully signed in: the status is `ACTIVE`. It says nothing of the time; see
    /// [`expires_within`](Self::expires_within).
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Some(SessionStatus::Active)
    }

    /// Whether the session ends within this time from now, by this machine's clock, or has ended. A session that does
    /// not say when it ends is taken to end.
    ///
    /// ```
    /// use std::time::Duration;
    /// use session_client::types::Session;
    ///
    /// let session: Session = serde_json::from_str(
    ///     r#"{"id": "102exampleExampleExample1", "status": "ACTIVE", "expiresAt": "2026-01-22T09:01:28.000Z"}"#,
    /// )?;
    /// assert!(session.is_active());
    /// assert!(session.expires_within(Duration::from_secs(60)));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn expires_within(&self, time: Duration) -> bool {
        self.expires_within_from(SystemTime::now().into(), time)
    }

    fn expires_within_from(&self, now: DateTime<Utc>, time: Duration) -> bool {
        let left = self.expires_at.map(|end| end.signed_duration_since(now));
        // An end in the past leaves no time at all.
        left.and_then(|left| left.to_std().ok()).is_none_or(|left| left <= time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(members: &str) -> Session {
        serde_json::from_str(&format!(r#"{{"id": "102exampleExampleExample1"{members}}}"#)).unwrap()
    }

    #[test]
    fn a_session_is_active_by_its_status_alone() {
        assert!(session(r#", "status": "ACTIVE""#).is_active());
        assert!(!session(r#", "status": "MFA_REQUIRED""#).is_active());
        assert!(!session(r#", "status": "NEW_ONE""#).is_active());
        assert!(!session("").is_active());
    }

    #[test]
    fn a_session_expires_within_the_time_that_is_left_or_more() {
        let session = session(r#", "expiresAt": "2026-01-22T09:00:00.000Z""#);
        let cases = [
            ("2026-01-22T08:59:00Z", 60, true),
            ("2026-01-22T08:59:00Z", 59, false),
            ("2026-01-22T09:00:00Z", 0, true),
            ("2026-01-22T10:00:00Z", 0, true),
            ("2026-01-01T00:00:00Z", 3600, false),
        ];
        for (now, seconds, expires) in cases {
            let within = session.expires_within_from(now.parse().unwrap(), Duration::from_secs(seconds));
            assert_eq!(within, expires, "{now} {seconds}");
        }
    }

    #[test]
    fn a_session_without_an_end_is_taken_to_end() {
        assert!(session("").expires_within(Duration::ZERO));
    }
}
