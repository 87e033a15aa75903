//! The bodies that Okta really sends for a session, and what becomes of them.

use serde_json::{Value, json};
use session_client::operations;
use session_client::types::{
    Session, SessionAuthenticationMethod as Method, SessionIdentityProviderType as ProviderType, SessionStatus,
};

use crate::support::{Org, answer, call, json_answer, session_body};

/// What the client returns for this body.
async fn returned(body: &Value) -> Session {
    let org = Org::answering(json_answer(200, body)).await;
    let success = call(&org.client(), &operations::GET_SESSION).await;
    success.unwrap_or_else(|error| panic!("{body} is a session: {error}")).session.expect("the operation returns one")
}

/// The smallest session with these members beside its id.
fn session_with(members: Value) -> Value {
    let mut body = json!({"id": "102a"});
    let Value::Object(members) = members else { panic!("{members} is an object") };
    body.as_object_mut().expect("it is an object").extend(members);
    body
}

fn round_trip(session: &Session) -> Value {
    serde_json::to_value(session).expect("a session can be written")
}

#[tokio::test]
async fn the_recorded_reply_is_read_to_its_last_member() {
    let session = returned(&session_body()).await;

    assert_eq!(session.id.expose_secret(), "102aBcDeFgHiJkLmNoPqRsTuVw");
    assert_eq!(session.user_id.as_deref(), Some("00uabcd1efGHIJKLM5d7"));
    assert_eq!(session.login.as_deref(), Some("user@example.com"));
    let instant = |text: &str| Some(text.parse().expect("it is an instant"));
    assert_eq!(session.created_at, instant("2026-01-22T07:01:28Z"));
    assert_eq!(session.expires_at, instant("2026-01-22T09:01:28Z"));
    assert_eq!(session.last_password_verification, instant("2026-01-22T07:01:28Z"));
    assert_eq!(session.last_factor_verification, None);
    assert_eq!(session.status, Some(SessionStatus::Active));
    assert_eq!(session.amr, Some(vec![Method::Pwd]));
    let idp = session.idp.as_ref().expect("there is an identity provider");
    assert_eq!(idp.id.as_deref(), Some("00oabcd1efGHIJKLM1d7"));
    assert_eq!(idp.type_, Some(ProviderType::Okta));
    assert!(idp.extra.is_empty());
    assert_eq!(session.extra.len(), 1);
    assert_eq!(session.extra["mfaActive"], true);
    let links = session.links.expect("there are links");
    let me = "https://acme.okta.com/api/v1/sessions/me";
    assert_eq!(links.href("self").as_deref(), Some(me));
    assert_eq!(links.href("refresh"), Some(format!("{me}/lifecycle/refresh")));
    assert_eq!(links.href("user").as_deref(), Some("https://acme.okta.com/api/v1/users/me"));
    assert_eq!(links.href("elsewhere"), None);
}

#[tokio::test]
async fn every_time_of_a_session_is_an_instant() {
    let session = returned(&session_with(json!({
        "createdAt": "2026-01-22T07:00:01Z",
        "expiresAt": "2026-01-22T07:00:02Z",
        "lastPasswordVerification": "2026-01-22T07:00:03Z",
        "lastFactorVerification": "2026-01-22T07:00:04Z",
    })))
    .await;

    let times =
        [session.created_at, session.expires_at, session.last_password_verification, session.last_factor_verification];
    let seconds = times.map(|time| time.expect("the session has it").timestamp() - 1_769_065_200);
    assert_eq!(seconds, [1, 2, 3, 4]);
}

#[tokio::test]
async fn milliseconds_and_offsets_of_an_instant_count() {
    let session = returned(&session_with(json!({
        "createdAt": "2025-09-22T07:01:28.123Z",
        "expiresAt": "2025-09-22T09:01:28.123+02:00",
    })))
    .await;

    assert_eq!(session.created_at, session.expires_at);
    assert_eq!(session.created_at.map(|instant| instant.timestamp_millis()), Some(1_758_524_488_123));
}

#[tokio::test]
async fn every_member_but_the_id_may_be_missing_or_null() {
    let recorded = session_body();
    let members = recorded.as_object().expect("it is an object").keys().filter(|name| *name != "id");
    for name in members {
        let mut without = recorded.clone();
        without.as_object_mut().expect("it is an object").remove(name);
        let mut with_null = recorded.clone();
        with_null[name] = Value::Null;

        let missing = round_trip(&returned(&without).await);
        let null = round_trip(&returned(&with_null).await);

        assert_eq!(missing.get(name), None, "{name}");
        // Only what the specification does not name is kept to the null.
        assert_eq!(null.get(name), (name == "mfaActive").then_some(&Value::Null), "{name}");
        assert_eq!(missing["id"], recorded["id"], "{name}");
    }
}

#[tokio::test]
async fn a_session_may_have_nothing_but_its_id() {
    let session = returned(&session_with(json!({}))).await;

    assert_eq!(round_trip(&session), json!({"id": "102a"}));
}

#[tokio::test]
async fn members_that_the_specification_does_not_name_are_kept_as_they_came() {
    let body = session_with(json!({
        "mfaActive": false,
        "extra": {"extra": 1},
        "deep": [1, -2.5, "x", null, {"y": [true]}],
        "": "no name",
        "idp": {"id": "0oa1", "type": "OKTA", "vendor": {"name": "n"}},
    }));

    let session = returned(&body).await;

    assert_eq!(session.extra["extra"], json!({"extra": 1}));
    assert_eq!(session.extra["deep"], body["deep"]);
    assert_eq!(session.idp.as_ref().expect("there is one").extra["vendor"], json!({"name": "n"}));
    assert!(!session.extra.contains_key("id") && !session.extra.contains_key("idp"));
    assert_eq!(round_trip(&session), body);
}

#[tokio::test]
async fn a_whole_number_too_large_for_a_double_is_kept_exactly() {
    let org = Org::answering(answer(200, &[], r#"{"id": "102a", "big": 18446744073709551615}"#)).await;

    let success = call(&org.client(), &operations::GET_SESSION).await.expect("it is a session");

    assert_eq!(success.session.expect("there is one").extra["big"], u64::MAX);
}

#[tokio::test]
async fn values_that_an_enum_does_not_know_are_kept_with_their_text() {
    let body = session_with(json!({
        "status": "PASSWORD_EXPIRED",
        "amr": ["pwd", "phr", "PWD", ""],
        "idp": {"type": "X509"},
    }));

    let session = returned(&body).await;

    assert_eq!(session.status, Some(SessionStatus::Unknown("PASSWORD_EXPIRED".to_owned())));
    let unknown = |text: &str| Method::Unknown(text.to_owned());
    assert_eq!(session.amr, Some(vec![Method::Pwd, unknown("phr"), unknown("PWD"), unknown("")]));
    let idp = session.idp.as_ref().expect("there is an identity provider");
    assert_eq!(idp.type_, Some(ProviderType::Unknown("X509".to_owned())));
    assert_eq!(session.status.as_ref().map(ToString::to_string).as_deref(), Some("PASSWORD_EXPIRED"));
    assert_eq!(round_trip(&session), body);
}

#[test]
fn every_known_value_of_an_enum_has_the_variant_of_its_name() {
    let methods = [
        ("fpt", Method::Fpt),
        ("geo", Method::Geo),
        ("hwk", Method::Hwk),
        ("kba", Method::Kba),
        ("mca", Method::Mca),
        ("mfa", Method::Mfa),
        ("otp", Method::Otp),
        ("pwd", Method::Pwd),
        ("sc", Method::Sc),
        ("sms", Method::Sms),
        ("swk", Method::Swk),
        ("tel", Method::Tel),
    ];
    let providers = [
        ("ACTIVE_DIRECTORY", ProviderType::ActiveDirectory),
        ("FEDERATION", ProviderType::Federation),
        ("LDAP", ProviderType::Ldap),
        ("OKTA", ProviderType::Okta),
        ("SOCIAL", ProviderType::Social),
    ];
    let statuses = [
        ("ACTIVE", SessionStatus::Active),
        ("MFA_ENROLL", SessionStatus::MfaEnroll),
        ("MFA_REQUIRED", SessionStatus::MfaRequired),
    ];

    assert_eq!(Method::KNOWN, methods.each_ref().map(|(text, _)| *text));
    assert_eq!(ProviderType::KNOWN, providers.each_ref().map(|(text, _)| *text));
    assert_eq!(SessionStatus::KNOWN, statuses.each_ref().map(|(text, _)| *text));
    assert!(methods.iter().all(|(text, variant)| Method::from(*text) == *variant));
    assert!(providers.iter().all(|(text, variant)| ProviderType::from(*text) == *variant));
    assert!(statuses.iter().all(|(text, variant)| SessionStatus::from(*text) == *variant));
}

#[tokio::test]
async fn values_that_an_enum_knows_are_read_and_written_as_they_are() {
    let body = session_with(json!({"amr": Method::KNOWN}));

    let session = returned(&body).await;

    assert!(
        !session.amr.as_ref().expect("there are methods").iter().any(|method| matches!(method, Method::Unknown(_)))
    );
    assert_eq!(round_trip(&session), body);
}

#[tokio::test]
async fn the_list_of_methods_may_be_empty_null_or_missing() {
    for (body, expected) in [(json!({"amr": []}), Some(Vec::new())), (json!({"amr": null}), None), (json!({}), None)] {
        assert_eq!(returned(&session_with(body.clone())).await.amr, expected, "{body}");
    }
}

#[tokio::test]
async fn links_of_any_shape_are_kept_and_give_the_addresses_they_have() {
    let address = "https://acme.okta.com/api/v1/sessions/me";
    let cases = [
        (json!({"self": {"href": address}}), Some(address)),
        (json!({"self": [{"name": "first"}, {"href": address}, {"href": "second"}]}), Some(address)),
        (json!({"self": address}), Some(address)),
        (json!({"self": {"hints": {"allow": ["GET"]}}}), None),
        (json!({"self": {"href": null}}), None),
        (json!({"self": {"href": 17}}), None),
        (json!({"self": null}), None),
        (json!({"self": []}), None),
        (json!({"href": address}), None),
        (json!({}), None),
        (json!([{"href": address}]), None),
        (json!(address), None),
        (json!(17), None),
        (json!(true), None),
    ];
    for (links, expected) in cases {
        let session = returned(&session_with(json!({"_links": links}))).await;

        assert_eq!(session.links.as_ref().and_then(|links| links.href("self")).as_deref(), expected, "{links}");
        assert_eq!(round_trip(&session), session_with(json!({"_links": links})));
    }
}

#[tokio::test]
async fn links_that_are_null_or_missing_are_none() {
    for body in [json!({"_links": null}), json!({})] {
        assert_eq!(returned(&session_with(body.clone())).await.links, None, "{body}");
    }
}

#[tokio::test]
async fn links_are_kept_as_the_text_that_came() {
    let text = r#"{ "self" : {"href":"https:\/\/acme.okta.com"} , "n": 1.50 }"#;
    let org = Org::answering(answer(200, &[], format!(r#"{{"id":"102a","_links": {text} }}"#))).await;

    let success = call(&org.client(), &operations::GET_SESSION).await.expect("it is a session");

    let links = success.session.expect("there is one").links.expect("there are links");
    assert_eq!(links.expose_secret(), text);
    assert_eq!(links.href("self").as_deref(), Some("https://acme.okta.com"));
}

#[tokio::test]
async fn the_id_is_that_of_the_body_and_never_of_a_link() {
    let body = session_with(json!({"_links": {"self": {"href": "https://acme.okta.com/api/v1/sessions/102b"}}}));

    assert_eq!(returned(&body).await.id.expose_secret(), "102a");
}
