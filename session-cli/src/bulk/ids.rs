//! The ids of a run, at sixteen bytes each: what identifies an id, and how far the run has come with it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use session_client::SessionId;
use sha2::{Digest, Sha256};

/// What the ids of a report are hashed with: reports of different runs cannot be compared with each other, nor with a
/// table that was made beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Salt(u128);

/// What stands for an id in a report: the first 128 bits of SHA-256 over salt and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IdHash(u128);

impl Salt {
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(u128::from_be_bytes(bytes)))
    }

    pub(super) fn hash(self, id: &SessionId) -> IdHash {
        let digest = Sha256::new().chain_update(self.0.to_be_bytes()).chain_update(id.expose_secret()).finalize();
        IdHash(digest.iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte)))
    }
}

/// Thirty-two hexadecimal digits.
macro_rules! hexadecimal {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl FromStr for $name {
            type Err = &'static str;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                let number = u128::from_str_radix(text, 16).ok().filter(|_| digits);
                number.map(Self).ok_or("it has to be 32 hexadecimal digits")
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
hexadecimal!(Salt);
hexadecimal!(IdHash);

/// The bits of an entry that hold no hash.
const FLAGS: u32 = 2;
/// There is nothing left to do for the id: it was given out, or an earlier run has settled it.
const TAKEN: u128 = 1;
/// An earlier run has sent the request and got no answer to it.
const IN_DOUBT: u128 = 2;

/// All ids of a run, each once. Two bits of each hash give way to how far the run has come with it: the 126 others tell
/// more ids apart than can ever be sent.
#[derive(Debug)]
pub(super) struct Ids {
    entries: Vec<u128>,
}

/// What was known of an id that is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) was_in_doubt: bool,
}

/// Why an id is not given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It was given out before, or settled by an earlier run.
    Taken,
    /// It is none of the run.
    Unknown,
}

impl Ids {
    /// Room for so many ids and no more; an error if there is no such memory.
    pub(super) fn with_capacity(count: usize) -> Result<Self, std::collections::TryReserveError> {
        let mut entries = Vec::new();
        entries.try_reserve_exact(count)?;
        Ok(Self { entries })
    }

    /// Adds an id. They can be looked up after [`Self::sort`].
    pub(super) fn push(&mut self, id: IdHash) {
        self.entries.push(id.0 & !(TAKEN | IN_DOUBT));
    }

    /// Makes the ids ready for use. The answer is how many were there more than once.
    pub(super) fn sort(&mut self) -> usize {
        let all = self.entries.len();
        self.entries.sort_unstable();
        self.entries.dedup();
        all - self.entries.len()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn entry(&mut self, id: IdHash) -> Option<&mut u128> {
        let index = self.entries.binary_search_by_key(&(id.0 >> FLAGS), |entry| entry >> FLAGS).ok()?;
        self.entries.get_mut(index)
    }

    /// Gives the id out, once.
    pub(super) fn claim(&mut self, id: IdHash) -> Result<Claim, Refused> {
        let entry = self.entry(id).ok_or(Refused::Unknown)?;
        if *entry & TAKEN != 0 {
            return Err(Refused::Taken);
        }
        *entry |= TAKEN;
        Ok(Claim { was_in_doubt: *entry & IN_DOUBT != 0 })
    }

    /// Notes that an earlier run left the id in doubt.
    pub(super) fn doubt(&mut self, id: IdHash) {
        if let Some(entry) = self.entry(id) {
            *entry |= IN_DOUBT;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(salt: u128, id: &str) -> IdHash {
        Salt(salt).hash(&SessionId::new(id).unwrap())
    }

    fn ids(names: &[&str]) -> (Ids, usize) {
        let mut ids = Ids::with_capacity(names.len()).unwrap();
        for name in names {
            ids.push(hash(7, name));
        }
        let duplicates = ids.sort();
        (ids, duplicates)
    }

    #[test]
    fn an_id_is_given_out_once() {
        let (mut ids, duplicates) = ids(&["102a", "102b", "102a", "102c", "102a"]);
        assert_eq!((ids.len(), duplicates), (3, 2));
        assert_eq!(ids.claim(hash(7, "102a")), Ok(Claim { was_in_doubt: false }));
        assert_eq!(ids.claim(hash(7, "102a")), Err(Refused::Taken));
        assert_eq!(ids.claim(hash(7, "102d")), Err(Refused::Unknown));
    }

    #[test]
    fn a_doubt_is_remembered() {
        let (mut ids, _) = ids(&["102a", "102b"]);
        ids.doubt(hash(7, "102a"));
        ids.doubt(hash(7, "102d"));
        assert_eq!(ids.claim(hash(7, "102a")), Ok(Claim { was_in_doubt: true }));
        assert_eq!(ids.claim(hash(7, "102b")), Ok(Claim { was_in_doubt: false }));
    }

    #[test]
    fn an_id_takes_sixteen_bytes() {
        let (ids, _) = ids(&["102a", "102b", "102c"]);
        assert_eq!(size_of_val(ids.entries.as_slice()) / ids.len(), 16);
        assert_eq!(ids.entries.capacity(), 3);
    }

    #[test]
    fn a_hash_depends_on_the_salt_and_is_written_as_it_is_read() {
        let (one, other) = (hash(1, "102a"), hash(2, "102a"));
        assert_ne!(one, other);
        // By sha256sum, of fifteen zero bytes, a one and the id.
        assert_eq!(one.to_string(), "bad78ee88c5790bbf1b1db3d761b8ec3");
        assert_eq!(one.to_string().parse(), Ok(one));
        for text in ["", "12", "+2345678901234567890123456789012", "g2345678901234567890123456789012"] {
            assert!(text.parse::<Salt>().is_err(), "{text}");
        }
    }
}
