//! What the generated enums share: they take every string.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};

use crate::redact;

/// Prints a value from the network: on a terminal, control characters would be commands.
pub(crate) fn display(value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.pad(&redact::printable(value))
}

/// Reads any string, without a copy of the known ones.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: Deserializer<'de>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: for<'a> From<&'a str>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E>(self, value: &str) -> Result<T, E> {
            Ok(T::from(value))
        }
    }

    deserializer.deserialize_str(Text(PhantomData))
}

/// A string, with the known values as examples: the set is open.
#[cfg(feature = "schemars")]
pub(crate) fn json_schema(description: &str, known: &[&str]) -> schemars::Schema {
    schemars::json_schema!({"type": "string", "description": description, "examples": known})
}
