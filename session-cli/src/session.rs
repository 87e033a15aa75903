//! How a session is shown.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::Value;
use session_client::Response;
use session_client::redact::mask_lookalikes;
use session_client::types::{Session, SessionAuthenticationMethod, SessionIdentityProviderType};

use crate::failure::Failure;
use crate::output::Output;
use crate::{mask, table};

/// Writes the session to standard output.
pub(crate) fn show(answer: &Response<Session>, output: &Output) -> Result<(), Failure> {
    if !output.is_json() {
        return output.line(table::pairs(lines(answer.value(), output)));
    }
    let value = json(answer, output).map_err(|error| Failure::io("cannot write the session as JSON", &error.into()))?;
    output.json(&value)
}

/// The session as the API gave it, nulls included, with its ids masked unless they are to be shown.
pub(crate) fn json(answer: &Response<Session>, output: &Output) -> serde_json::Result<Value> {
    let session = answer.value();
    // What the client could read and this cannot, such as a mark before the text, is in the value.
    let value = serde_json::from_slice(answer.expose_secret_body()).or_else(|_| serde_json::to_value(session))?;
    Ok(if output.show_ids { value } else { mask::session(value, session) })
}

/// What the session says of itself, but for its links.
fn lines<'a>(session: &'a Session, output: &Output) -> Vec<(Cow<'a, str>, String)> {
    let mut lines = vec![("id".into(), output.id(session.id.expose_secret()).into_owned())];
    let mut add = |label: &'a str, value: Option<String>| lines.extend(value.map(|value| (label.into(), value)));
    add("login", session.login.clone());
    add("user", session.user_id.clone());
    add("status", session.status.as_ref().map(ToString::to_string));
    add("created", session.created_at.map(time));
    add("expires", session.expires_at.map(time));
    add("password proved", session.last_password_verification.map(time));
    add("factor proved", session.last_factor_verification.map(time));
    let methods = session.amr.iter().flatten().map(SessionAuthenticationMethod::as_str).collect::<Vec<_>>().join(", ");
    add("methods", Some(methods).filter(|methods| !methods.is_empty()));
    add(
        "identity provider",
        session.idp.as_ref().map(|idp| {
            let parts = [idp.type_.as_ref().map(SessionIdentityProviderType::as_str), idp.id.as_deref()];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        }),
    );
    for (name, value) in session.extra.iter() {
        let text = match value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        let (name, text) =
            if output.show_ids { (name.into(), text) } else { (mask_lookalikes(name).into(), mask_lookalikes(&text)) };
        lines.push((name, text));
    }
    lines
}

/// Such as `2026-01-22 09:01:28 UTC`.
fn time(time: DateTime<Utc>) -> String {
    time.format("%F %T UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;

    #[test]
    fn a_member_that_nobody_knows_is_masked_with_its_name_unless_ids_are_to_be_shown() {
        let id = "102zYxWvUtSrQpOnMlKjIhGfEd";
        let text = format!(r#"{{"id": "102aBcDeFgHiJkLmNoPqRsTuVw", "{id}": "of {id}"}}"#);
        let session: Session = serde_json::from_str(&text).unwrap();

        let last = |show_ids| lines(&session, &Output::new(Format::Table, show_ids)).pop().unwrap();

        assert_eq!(last(false), ("***".into(), "of ***".to_owned()));
        assert_eq!(last(true), (id.into(), format!("of {id}")));
    }
}
