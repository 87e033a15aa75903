//! Values that cannot be right are refused before anything is sent. The message names the rule and never the value.

use serde_json::json;
use session_client::types::{CreateSessionRequest, Session};
use session_client::{ApiToken, Client, Error, ErrorKind, InvalidValue, SessionCookie, SessionId, SessionToken};

use crate::support::{API_TOKEN, CANARY, Org, answer, session_id};

const UNRESERVED: &str = "session id: must consist of the characters A-Z a-z 0-9 - . _ ~";
const TOKEN: &str = "must consist of visible ASCII characters, without spaces, line ends or `;`";
const COOKIE: &str = "session cookie: must have a value without white space, line ends, `\"`, `,`, `;` and `\\`";

/// Session ids that cannot stand in a path, and the rule that each breaks.
fn bad_ids() -> Vec<(String, &'static str)> {
    let mut ids = vec![
        (String::new(), "session id: must not be empty"),
        (".".to_owned(), "session id: must not be `.` or `..`, which change the path"),
        ("..".to_owned(), "session id: must not be `.` or `..`, which change the path"),
        ("me".to_owned(), "session id: must not be `me`, which means the current session"),
        (CANARY.repeat(5000), "session id: must not be longer than 4096 bytes"),
    ];
    let characters = [
        "/", "\\", " ", "ä", "\r\n", "\r", "\n", "\0", "%", "%2e", "?", "#", ";", ":", "@", "\u{1b}", "+", "é",
        "\u{2028}",
    ];
    ids.extend(characters.map(|character| (format!("{CANARY}{character}b"), UNRESERVED)));
    ids.extend([("../users".to_owned(), UNRESERVED), ("me/lifecycle".to_owned(), UNRESERVED)]);
    ids
}

fn check_message(message: &str, expected: &str) {
    assert!(message.ends_with(expected), "{message:?} says {expected:?}");
    assert!(!message.contains(CANARY), "{message}");
}

#[test]
fn an_id_that_cannot_stand_in_a_path_is_refused() {
    for (id, rule) in bad_ids() {
        let refused = SessionId::new(&id).expect_err(&id);

        check_message(&refused.to_string(), rule);
        check_message(&Error::from(refused).to_string(), rule);
    }
}

#[tokio::test]
async fn an_id_of_an_answer_that_cannot_stand_in_a_path_is_kept_but_not_sent() {
    let org = Org::start().await;
    let client = org.client();
    let padded = (format!(" {CANARY}\n"), "session id: must not begin or end with white space");
    let blank = ("\t".to_owned(), "session id: must not begin or end with white space");
    for (id, rule) in bad_ids().into_iter().chain([padded, blank]) {
        let session: Session = serde_json::from_value(json!({"id": id})).expect("every text is an id in an answer");
        assert_eq!(session.id.expose_secret(), id);

        let refused = [
            ("getSession", client.get_session(&session.id).await.map(drop)),
            ("revokeSession", client.revoke_session(&session.id).await.map(drop)),
            ("refreshSession", client.refresh_session(&session.id).await.map(drop)),
        ];

        for (operation, result) in refused {
            let error = result.expect_err(&id);
            assert_eq!(error.kind(), ErrorKind::InvalidValue, "{id:?}");
            assert_eq!(error.operation().map(|operation| operation.id), Some(operation), "{id:?}");
            assert_eq!(error.status(), None, "{id:?}");
            check_message(&error.to_string(), rule);
        }
    }
    assert!(org.take_requests().is_empty());
}

#[tokio::test]
async fn an_address_that_is_too_long_to_be_sent_is_refused_at_once() {
    let base_path = "a".repeat(70_000);
    let client = Client::builder(format!("https://acme.okta.com/{base_path}")).api_token(API_TOKEN).build();

    let refused = client.expect("the client can be built").get_session(&session_id()).await.map(drop);

    let error = refused.expect_err("no request has room for it");
    assert_eq!((error.kind(), error.attempts(), error.may_have_been_sent()), (ErrorKind::InvalidValue, 1, false));
    check_message(&error.to_string(), "getSession failed: the request cannot be built");
}

#[tokio::test]
async fn an_id_of_an_answer_that_can_stand_in_a_path_is_sent() {
    let org = Org::answering(answer(204, &[], "")).await;
    let session: Session = serde_json::from_value(json!({"id": "a.b-c_d~e"})).expect("it is a session");

    org.client().revoke_session(&session.id).await.expect("the call succeeds");

    assert_eq!(org.take_requests().len(), 1);
}

#[test]
fn a_token_that_cannot_stand_in_a_header_is_refused() {
    let too_long = CANARY.repeat(5000);
    let mut cases: Vec<(String, String)> = vec![
        (String::new(), "must not be empty".to_owned()),
        (" \r\n".to_owned(), "must not be empty".to_owned()),
        (too_long, "must not be longer than 4096 bytes".to_owned()),
    ];
    for character in ["\r\n", "\r", "\n", "\0", ";", " ", "\t", "ä", "\u{7f}", "\u{1b}"] {
        cases.push((format!("{CANARY}{character}b"), TOKEN.to_owned()));
    }
    for (token, rule) in cases {
        let session_token = SessionToken::new(&token).expect_err("the session token is refused");
        let api_token = ApiToken::new(&token).expect_err("the API token is refused");

        check_message(&session_token.to_string(), &format!("session token: {rule}"));
        check_message(&api_token.to_string(), &format!("API token: {rule}"));
    }
}

#[test]
fn a_client_with_a_bad_token_is_not_built() {
    for token in ["", "\n", "canary\r\nx: y", "canary;", "canary x", "SSWS canary"] {
        let error =
            Client::builder("https://acme.okta.com").api_token(token).build().expect_err("the token is refused");

        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{token:?}");
        check_message(&error.to_string(), if token.trim().is_empty() { "API token: must not be empty" } else { TOKEN });
    }
}

#[test]
fn a_session_token_read_from_json_is_held_to_the_same_rule() {
    for text in ["canary\r\nx", "canary;", ""] {
        let refused = serde_json::from_value::<CreateSessionRequest>(json!({"sessionToken": text}));

        let message = refused.expect_err("the token is refused").to_string();
        assert!(message.contains("session token: must ") && !message.contains(CANARY), "{message}");
    }
}

#[test]
fn a_cookie_value_that_cannot_stand_in_a_header_is_refused() {
    let characters = ["\r\n", "\r", "\n", "\0", ";", " ", ",", "\"", "\\", "ä", "\u{7f}"];
    for value in characters.map(|character| format!("{CANARY}{character}b")) {
        let made = [
            SessionCookie::sid(&value),
            SessionCookie::idx(&value),
            SessionCookie::sid("s").and_then(|cookie| cookie.with_device(&value)),
        ];
        for result in made {
            check_message(&result.expect_err(&value).to_string(), COOKIE);
        }
    }
    for (value, rule) in [(String::new(), "must not be empty"), (CANARY.repeat(5000), "longer than 4096 bytes")] {
        check_message(&SessionCookie::sid(&value).expect_err("the value is refused").to_string(), rule);
    }
}

#[test]
fn a_cookie_header_gives_the_cookies_of_okta_and_nothing_else() {
    let cases = [
        ("sid=a", "sid=a"),
        ("idx=b", "idx=b"),
        ("DT=d;idx=b ; sid=a", "sid=a; idx=b; DT=d"),
        ("theme=dark; sid=a; JSESSIONID=x; oktaStateToken=y", "sid=a"),
        ("sid=a; xsid=1; sidx=2; SID=3; dt=4; Idx=5", "sid=a"),
        ("x; ; =; sid=a=b;", "sid=a=b"),
        ("a=b; a=c; sid=s", "sid=s"),
        ("sid=; idx=b", "idx=b"),
    ];
    for (header, expected) in cases {
        assert_eq!(
            SessionCookie::from_header(header).map(|cookie| cookie.expose_secret().to_owned()),
            Ok(expected.into())
        );
    }
}

#[test]
fn a_cookie_header_that_is_doubtful_is_refused() {
    let twice = "session cookie: must not hold the same cookie twice";
    let none = "session cookie: must hold `sid` or `idx`";
    let cases = [
        ("sid=canary; sid=canary2", twice),
        ("sid=canary; sid=canary", twice),
        ("idx=canary; a=b; idx=c", twice),
        ("sid=canary; DT=a; DT=b", twice),
        ("", none),
        ("theme=canary", none),
        ("DT=canary", none),
        ("sid", none),
        ("sid=", "session cookie: must hold `sid` or `idx`"),
        ("sid=canary\r\nx: y", COOKIE),
        ("sid=canary b", COOKIE),
        ("sid=canary\0", COOKIE),
        ("sid=\"canary\"", COOKIE),
    ];
    for (header, rule) in cases {
        check_message(&SessionCookie::from_header(header).expect_err(header).to_string(), rule);
    }
    let device = SessionCookie::sid("a").and_then(|cookie| cookie.with_device("b")).expect("the cookie is valid");
    check_message(&device.with_device("canary").expect_err("there is one already").to_string(), twice);
}

#[test]
fn white_space_around_a_value_is_dropped() {
    let texts = |space: &str| -> Result<[String; 5], InvalidValue> {
        let value = format!("{space}abc{space}");
        Ok([
            SessionId::new(&value)?.expose_secret().to_owned(),
            SessionToken::new(&value)?.expose_secret().to_owned(),
            ApiToken::new(&value)?.expose_secret().to_owned(),
            SessionCookie::sid(&value)?.expose_secret().to_owned(),
            SessionCookie::idx(&value)?.with_device(&value)?.expose_secret().to_owned(),
        ])
    };
    for space in ["", " ", "\n", "\r\n", "\t \n"] {
        let expected = ["abc", "abc", "abc", "sid=abc", "idx=abc; DT=abc"].map(str::to_owned);
        assert_eq!(texts(space), Ok(expected), "{space:?}");
    }
}

#[test]
fn an_org_url_that_breaks_a_rule_is_refused_with_the_rule() {
    let cases = [
        ("", "must not be empty; give it as https://acme.okta.com"),
        ("http://canary.okta.com", "must use https; without it the credentials could be read on the way"),
        ("ftp://canary.okta.com", "must begin with https://"),
        ("https://{yourOktaDomain}", "must be that of your org, not the placeholder of an example"),
        ("https://canary-admin.okta.com", "must be that of the org, not of its admin console: leave out `-admin`"),
        ("https://canary.okta.com.com", "must not end with `.com.com`"),
        ("https://https://canary.okta.com", "must contain `://` once"),
        ("https://user:canary@acme.okta.com", "must not contain a user name or a password"),
        ("https://acme.okta.com?token=canary", "must not contain a query or a fragment"),
        ("https://acme.okta.com#canary", "must not contain a query or a fragment"),
        ("https://canary .okta.com", "must not contain white space, control characters or `\\`"),
        ("https://[canary", "must be a URL such as https://acme.okta.com"),
    ];
    for (url, rule) in cases {
        let error = Client::builder(url).api_token(API_TOKEN).build().expect_err(url);

        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{url}");
        check_message(&error.to_string(), &format!("org URL: {rule}"));
    }
    assert!(Client::builder("http://canary.example.com").allow_http(true).build().is_ok());
}

#[tokio::test]
async fn a_call_by_id_without_credential_fails_and_says_what_it_takes() {
    let org = Org::start().await;
    let client = org.anonymous_client();
    let id = SessionId::new("102a").expect("the id is valid");
    let refused = [
        (client.get_session(&id).await.map(drop), "getSession", "okta.sessions.read"),
        (client.revoke_session(&id).await.map(drop), "revokeSession", "okta.sessions.manage"),
        (client.refresh_session(&id).await.map(drop), "refreshSession", "okta.sessions.manage"),
    ];

    for (result, operation, scope) in refused {
        let error = result.expect_err(operation);

        assert_eq!(error.kind(), ErrorKind::Configuration, "{operation}");
        assert_eq!(error.status(), None, "{operation}");
        let takes = format!("an API token or an OAuth 2.0 access token with {scope}");
        let message = format!("{operation} failed: the client has no credential; the operation takes {takes}");
        assert_eq!(error.to_string(), message);
    }
    assert!(org.take_requests().is_empty());
}
