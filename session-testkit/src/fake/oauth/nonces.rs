//! The nonces that proofs have to bring (RFC 9449, sections 8 and 9).

/// The nonce that the org hands out, and the one before if that is still taken.
#[derive(Debug)]
pub(super) struct Nonces {
    pub(super) current: String,
    pub(super) previous: Option<String>,
}

impl Nonces {
    pub(super) fn take(&self, nonce: &str) -> bool {
        self.current == nonce || self.previous.as_deref() == Some(nonce)
    }
}
