//! The nonces that proofs have to bring (RFC 9449, sections 8 and 9).

/// The nonce that the org hands out, and the one before if that is still taken.
pub(super) struct Nonces {
    /// Of their own, so that nothing else of the org depends on them.
    random: fastrand::Rng,
    current: String,
    previous: Option<String>,
}

impl Nonces {
    pub(super) fn new(seed: u64) -> Self {
        let mut nonces = Self { random: fastrand::Rng::with_seed(!seed), current: String::new(), previous: None };
        nonces.change(false);
        nonces
    }

    pub(super) fn current(&self) -> &str {
        &self.current
    }

    /// Whether a proof may bring this nonce.
    pub(super) fn take(&self, nonce: &str) -> bool {
        self.current == nonce || self.previous.as_deref() == Some(nonce)
    }

    /// Makes a new nonce. The one before is taken as well until the next, or no more.
    pub(super) fn change(&mut self, keep: bool) {
        let new = (0..32).map(|_| self.random.alphanumeric()).collect();
        let previous = std::mem::replace(&mut self.current, new);
        self.previous = keep.then_some(previous);
    }
}
