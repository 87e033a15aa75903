//! The `_links` of a session.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

/// Links to related resources and operations, kept as the JSON text that came.
///
/// Okta promises no shape: a link may lack its address, be a list, or be a bare string. The addresses contain ids, some
/// of which are not the session's own, so printing hides them and nothing should be read out of them.
///
/// ```
/// use session_client::types::Session;
///
/// let session: Session = serde_json::from_str(
///     r#"{"id": "102exampleExampleExample1", "_links": {"self": {"href": "https://acme.okta.com/api/v1/sessions/me"}}}"#,
/// )?;
/// let links = session.links.expect("the answer has links");
/// assert_eq!(links.href("self").as_deref(), Some("https://acme.okta.com/api/v1/sessions/me"));
/// assert_eq!(links.href("user"), None);
/// assert_eq!(format!("{links:?}"), "Links(***)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Links(Box<RawValue>);

impl Links {
    /// The address of the link with this relation; of the first one where there are several. None where there is no
    /// such link or it has no address.
    #[must_use]
    pub fn href(&self, relation: &str) -> Option<String> {
        let mut links: Value = serde_json::from_str(self.0.get()).ok()?;
        match links.get_mut(relation)?.take() {
            Value::String(address) => Some(address),
            Value::Array(list) => list.into_iter().find_map(address),
            link => address(link),
        }
    }

    /// The links as the JSON text that came.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.0.get()
    }
}

fn address(mut link: Value) -> Option<String> {
    match link.get_mut("href")?.take() {
        Value::String(address) => Some(address),
        _ => None,
    }
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Links(***)")
    }
}

/// By this name serde_json hands out the text as it is. Every other format, and serde_json where it has read the text
/// into memory already, hands out the value instead.
const RAW_VALUE: &str = "$serde_json::private::RawValue";

impl<'de> Deserialize<'de> for Links {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrValue;

        impl<'de> Visitor<'de> for TextOrValue {
            type Value = Links;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_map<A: MapAccess<'de>>(self, text: A) -> Result<Links, A::Error> {
                Box::<RawValue>::deserialize(MapAccessDeserializer::new(text)).map(Links)
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Links, D::Error> {
                let value = Value::deserialize(value)?;
                to_raw_value(&value).map(Links).map_err(serde::de::Error::custom)
            }
        }

        deserializer.deserialize_newtype_struct(RAW_VALUE, TextOrValue)
    }
}

impl Serialize for Links {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<Value>(self.0.get()) {
            Ok(value) => value.serialize(serializer),
            // A number that no format but the text can hold.
            Err(_) => self.0.serialize(serializer),
        }
    }
}

impl PartialEq for Links {
    fn eq(&self, other: &Self) -> bool {
        self.expose_secret() == other.expose_secret()
    }
}

impl Eq for Links {}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Links {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Links".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"description": "Links by relation, of any shape"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Session;

    const SESSION: &str = r#"{"id":"102a","_links":{"self":{"href":"https://acme.okta.com/"},"user":[1,null]}}"#;

    #[test]
    fn the_text_is_kept_as_it_came() {
        let links: Links = serde_json::from_str(r#"{"b" : 1.0, "a": [ ]}"#).unwrap();
        assert_eq!(links.expose_secret(), r#"{"b" : 1.0, "a": [ ]}"#);
        assert_eq!(serde_json::to_string(&links).unwrap(), r#"{"a":[],"b":1.0}"#);
    }

    #[test]
    fn a_session_can_be_part_of_another_type() {
        #[derive(serde::Serialize, serde::Deserialize)]
        struct Stored {
            note: String,
            #[serde(flatten)]
            session: Session,
        }
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Either {
            Session(Box<Session>),
        }

        let text = SESSION.replacen('{', r#"{"note":"n","#, 1);
        let stored: Stored = serde_json::from_str(&text).unwrap();
        let Either::Session(session) = serde_json::from_str(SESSION).unwrap();
        assert_eq!(stored.session.links.as_ref().unwrap().href("self").as_deref(), Some("https://acme.okta.com/"));
        assert_eq!(session.links, stored.session.links);
        let written: Value = serde_json::to_value(&stored).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(&text).unwrap());
        assert!(serde_json::from_value::<Session>(serde_json::from_str(SESSION).unwrap()).unwrap().links.is_some());
    }

    #[cfg(feature = "config-file")]
    #[test]
    fn other_formats_hold_the_value() {
        let session: Session = serde_json::from_str(SESSION).unwrap();
        let yaml = serde_saphyr::to_string(&session).unwrap();
        assert!(!yaml.contains("private"), "{yaml}");
        let read: Session = serde_saphyr::from_str(&yaml).unwrap();
        assert_eq!(read.links.unwrap().href("self").as_deref(), Some("https://acme.okta.com/"));
    }
}
