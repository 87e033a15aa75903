//! The table of operations and the requests that follow from it, held against the contract.

use std::collections::BTreeSet;

use httpmock::HttpMockRequest;
use serde_json::Value;
use session_client::types::{SessionAuthenticationMethod, SessionIdentityProviderType, SessionStatus};
use session_client::{Scheme, operations};

use crate::contract::{self, Described, members};
use crate::support::{API_TOKEN, Org, SESSION_ID, SESSION_TOKEN, answer, call, json_answer, path, session_body};

/// The alternatives of `security`, as scheme and scopes.
fn security(described: &Described) -> Vec<(&str, Vec<&str>)> {
    let alternatives = described.value["security"].as_array().expect("every operation has security");
    let scheme = |alternative: &'static Value| {
        let mut schemes = members(alternative);
        let (name, scopes) = schemes.next().expect("an alternative names a scheme");
        assert!(schemes.next().is_none(), "{}: an alternative names one scheme", described.id);
        let scopes = scopes.as_array().expect("a scheme has scopes").iter().filter_map(Value::as_str);
        (name, scopes.collect())
    };
    alternatives.iter().map(scheme).collect()
}

fn flag(described: &Described, name: &str) -> bool {
    described.value.get(name).is_some_and(|value| value == true)
}

#[test]
fn the_table_of_operations_says_what_the_contract_says() {
    let ids: BTreeSet<_> = operations::ALL.iter().map(|operation| operation.id).collect();
    assert_eq!(ids, contract::operations().iter().map(|described| described.id).collect());
    assert_eq!((ids.len(), operations::ALL.len()), (7, 7));

    for operation in operations::ALL {
        let described = contract::operation(operation.id);
        assert_eq!(operation.method, described.method, "{}", described.id);
        assert_eq!(operation.path, described.path, "{}", described.id);
        let (_, success) = described.success();
        let returns_body = success["content"].as_object().is_some_and(|content| !content.is_empty());
        assert_eq!(operation.returns_body, returns_body, "{}", described.id);
        assert_eq!(operation.anonymous, flag(&described, "x-anonymous"), "{}", described.id);
        assert_eq!(operation.repeat_safe, flag(&described, "x-repeat-safe"), "{}", described.id);
        let schemes = operation.security.iter().map(|scheme| match scheme {
            Scheme::ApiToken => ("apiToken", Vec::new()),
            Scheme::OAuth2 { scopes, .. } => ("oauth2", scopes.to_vec()),
            other => panic!("the contract has no scheme {other:?}"),
        });
        assert_eq!(schemes.collect::<Vec<_>>(), security(&described), "{}", described.id);
    }
}

#[test]
fn only_a_creation_is_not_safe_to_repeat() {
    let repeatable: Vec<_> = operations::ALL.iter().filter(|operation| operation.repeat_safe).map(|it| it.id).collect();

    assert_eq!(repeatable.len(), 6);
    assert!(!repeatable.contains(&"createSession"), "its token works once");
}

#[tokio::test]
async fn what_is_sent_is_what_the_contract_describes() {
    let org = Org::answering(json_answer(200, &session_body())).await;
    let client = org.client();

    for operation in operations::ALL {
        let described = contract::operation(operation.id);
        call(&client, operation).await.expect("the call succeeds");

        let request = org.take_request();
        assert_eq!(request.method(), described.method, "{}", described.id);
        assert_eq!(path(&request), described.path.replace("{sessionId}", SESSION_ID), "{}", described.id);
        let takes_token = security(&described).iter().any(|(scheme, _)| *scheme == "apiToken");
        let token = takes_token.then(|| format!("SSWS {API_TOKEN}"));
        assert_eq!(header(&request, "authorization"), token, "{}", described.id);
        for name in ["cookie", "api-version"] {
            let takes_header = described.parameters.iter().any(|parameter| {
                parameter["in"] == "header"
                    && parameter["name"].as_str().is_some_and(|it| it.eq_ignore_ascii_case(name))
            });
            assert_eq!(header(&request, name).is_some(), takes_header, "{}: {name}", described.id);
        }
        assert_eq!(request.body_string(), expected_body(&described), "{}", described.id);
    }
}

fn header(request: &HttpMockRequest, name: &str) -> Option<String> {
    request.headers().get(name).map(|value| value.to_str().expect("the header is text").to_owned())
}

/// The body that the contract's schema asks for, made of the test's secret.
fn expected_body(described: &Described) -> String {
    let Some(content) = described.request_content() else { return String::new() };
    let schema = contract::schema(contract::referenced_name(&content["schema"]));
    let members: Vec<_> =
        members(&schema["properties"]).map(|(name, _)| format!(r#""{name}":"{SESSION_TOKEN}""#)).collect();
    format!("{{{}}}", members.join(","))
}

#[tokio::test]
async fn the_success_that_the_contract_promises_is_a_success() {
    let org = Org::start().await;
    let client = org.client();

    for operation in operations::ALL {
        let described = contract::operation(operation.id);
        let (status, success) = described.success();
        let example = contract::examples(contract::json_content(success)).first().map(|(_, example)| &example["value"]);
        org.answer(match example {
            Some(body) => json_answer(status.as_u16(), body),
            None => answer(status.as_u16(), &[], ""),
        });

        let success = call(&client, operation).await.expect("the call succeeds");

        assert_eq!(success.status, status, "{}", described.id);
        let id = success.session.map(|session| session.id.expose_secret().to_owned());
        assert_eq!(id.as_deref(), example.and_then(|body| body["id"].as_str()), "{}", described.id);
    }
}

#[test]
fn the_known_values_of_an_enum_are_those_of_the_contract() {
    let cases = [
        ("SessionStatus", SessionStatus::KNOWN),
        ("SessionAuthenticationMethod", SessionAuthenticationMethod::KNOWN),
        ("SessionIdentityProviderType", SessionIdentityProviderType::KNOWN),
    ];
    for (name, known) in cases {
        let values = contract::schema(name)["enum"].as_array().expect("it is an enum").iter().filter_map(Value::as_str);
        assert_eq!(known, values.collect::<Vec<_>>(), "{name}");
    }
    assert!(SessionStatus::KNOWN.iter().all(|value| !matches!(SessionStatus::from(*value), SessionStatus::Unknown(_))));
}
