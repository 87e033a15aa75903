//! What holds for all that can come in from outside, whatever its bytes: one function for each fuzz target in `fuzz/`
//! that needs what is private here. The tests run them over the committed corpus.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::LazyLock;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use secrecy::ExposeSecret;

use crate::auth::Credential;
use crate::clock::Clock;
use crate::clock::still::Still;
use crate::config::raw::Raw;
use crate::config::{Authorization, Config, Proxy, Source, org_url};
use crate::gate::Gate;
use crate::operations::{ALL, GET_SESSION};
use crate::parameter::{header_value, path_segment};
use crate::rate_limit::{MARGIN, RateLimit};
use crate::retry::{self, Cause, LONGEST_WAIT};
use crate::{ApiToken, BearerToken, Client, Error, SessionCookie, SessionId, SessionToken};

#[cfg(test)]
#[path = "../../fuzz/src/replay.rs"]
#[allow(unreachable_pub, reason = "it is public where the fuzzer is")]
mod replay;

/// Answers in their order, separated by `|`, each a list of headers. No header makes a wait longer than the
/// longest, and whatever a server says of its limit, a client that is alone finds a place within two windows.
pub fn rate_limit(data: &[u8]) {
    let clock = Still::at(1_769_065_200);
    let gate = Gate::new(0.25);
    for answer in data.split(|byte| *byte == b'|') {
        let headers = headers(answer);
        for operation in ALL {
            for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE, StatusCode::BAD_REQUEST] {
                let cause = Cause::Answer { status, headers: &headers };
                let wait = retry::wait(operation, cause, 1, clock.time_of_day(), Some(1));
                assert!(wait.is_none_or(|wait| wait <= LONGEST_WAIT), "{wait:?}");
                assert!(wait.is_some() || status != StatusCode::TOO_MANY_REQUESTS, "a rate limit is waited for");
            }
        }
        if let Some(wait) = RateLimit::from_headers(&headers).and_then(|told| told.wait(&headers, clock.time_of_day()))
        {
            assert!(wait >= MARGIN, "{wait:?}");
        }

        let asked = clock.elapsed();
        let permit = loop {
            match gate.admit(&clock) {
                Ok(permit) => break permit,
                Err(wait) => clock.advance(wait),
            }
            assert!(clock.elapsed() <= asked + Duration::from_secs(122), "no place after two windows");
        };
        permit.answered(Some(&headers));
        clock.advance(Duration::from_secs(1));
    }
}

/// Lines of `name: value`, as many as are headers.
fn headers(lines: &[u8]) -> HeaderMap {
    let header = |line: &[u8]| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        Some((name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?))
    };
    let mut headers = HeaderMap::new();
    for (name, value) in lines.split(|byte| *byte == b'\n').filter_map(header).take(100) {
        headers.append(name, value);
    }
    headers
}

/// A `Cookie` header of a browser, or the value of one cookie. What is sent on was in it, is a session's cookie, and
/// brings no other with it.
pub fn cookie(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(cookie) = SessionCookie::from_header(text) {
        check_cookie(&cookie);
        let incoming: Vec<_> = text.split(';').filter_map(|pair| pair.trim().split_once('=')).collect();
        for (name, value) in cookie.expose_secret().split("; ").filter_map(|pair| pair.split_once('=')) {
            let same: Vec<_> = incoming.iter().filter(|(found, _)| *found == name).collect();
            assert!(same.iter().any(|(_, found)| found.trim() == value), "`{name}` was not in the header");
            let set = same.iter().filter(|(_, found)| !found.trim().is_empty());
            assert_eq!(set.count(), 1, "`{name}` was planted beside another");
        }
    }
    for cookie in [SessionCookie::sid(text), SessionCookie::idx(text)].into_iter().flatten() {
        check_cookie(&cookie);
        let (_, value) = cookie.expose_secret().split_once('=').expect("a cookie has a name");
        assert_eq!(value, text.trim());
        check_cookie(&cookie.with_device(text).expect("what can stand in one cookie can stand in another"));
    }
}

fn check_cookie(cookie: &SessionCookie) {
    let text = cookie.expose_secret();
    let pairs: Vec<_> = text.split("; ").map(|pair| pair.split_once('=').expect("a cookie has a name")).collect();
    let order: Vec<_> =
        ["sid", "idx", "DT"].into_iter().filter(|name| pairs.iter().any(|pair| pair.0 == *name)).collect();
    assert_eq!(pairs.iter().map(|pair| pair.0).collect::<Vec<_>>(), order, "each once, and none beside them");
    assert!(pairs.iter().any(|pair| pair.0 != "DT"), "there is a session");
    for (_, value) in &pairs {
        let octet = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
        assert!(!value.is_empty() && value.bytes().all(octet), "cookie octets of RFC 6265");
    }
    assert_eq!(SessionCookie::from_header(text).as_ref(), Ok(cookie), "it reads back");
    assert_eq!(format!("{cookie:?}"), "SessionCookie(***)");
    assert!(header_value(&GET_SESSION, cookie).is_ok_and(|header| header.is_sensitive()));
}

/// A token or an id, and the target of a redirect. What is taken is what was given and can stand where it is sent.
pub fn credential(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let tokens = [
        ApiToken::new(text).map(|token| (token.expose_secret().to_owned(), format!("{token:?}"))),
        BearerToken::new(text).map(|token| (token.expose_secret().to_owned(), format!("{token:?}"))),
        SessionToken::new(text).map(|token| (token.expose_secret().to_owned(), format!("{token:?}"))),
    ];
    for (token, shown) in tokens.into_iter().flatten() {
        assert_eq!(token, text.trim());
        assert!(token.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';'), "it can stand in a header");
        assert!(shown.ends_with("Token(***)"), "{shown}");
    }
    // An id from an answer is taken as it came, and checked when it is used.
    let id: SessionId = serde_json::from_value(text.into()).expect("an answer's id can be any text");
    assert_eq!(path_segment(&GET_SESSION, &id).is_ok(), SessionId::new(text).is_ok() && text.trim() == text);
    if let Ok(id) = SessionId::new(text) {
        let segment = path_segment(&GET_SESSION, &id).expect("an id is a segment");
        assert_eq!(segment, text.trim());
        let org = org_url::parse("https://acme.okta.com/base", false).expect("it is an org URL");
        let url = org_url::join(&org, format_args!("/api/v1/sessions/{segment}"));
        assert_eq!(url.as_str(), format!("https://acme.okta.com/base/api/v1/sessions/{segment}"));
        assert_ne!(segment, "me");
        assert_eq!(format!("{id:?}"), "SessionId(***)");
    }
    check_redirect(text);
}

/// The browser goes to the org, which gets the token and the target, and nothing that stands in the target.
fn check_redirect(target: &str) {
    static CLIENT: LazyLock<Client> =
        LazyLock::new(|| Client::builder("http://localhost").build().expect("the client can be built"));
    let token = SessionToken::new("20111&example=#").expect("the token is valid");
    let Ok(redirect) = CLIENT.session_cookie_redirect(&token, target) else { return };
    let url = url::Url::parse(redirect.expose_secret()).expect("the address is a URL");
    assert_eq!((url.host_str(), url.path(), url.fragment()), (Some("localhost"), "/login/sessionCookieRedirect", None));
    assert!(HeaderValue::from_str(redirect.expose_secret()).is_ok(), "it can stand in a header");
    let pairs: Vec<_> = url.query_pairs().collect();
    let names: Vec<_> = pairs.iter().map(|(name, _)| name.as_ref()).collect();
    assert_eq!(names, ["token", "redirectUrl"]);
    assert_eq!(pairs[0].1, token.expose_secret());
    let goal = url::Url::parse(&pairs[1].1).expect("the target is a URL");
    assert!(goal.scheme() == "https" && goal.has_host() && goal.username().is_empty() && goal.password().is_none());
}

/// The project's file beside a token in the environment. No value of the file shows in an error, and the token goes
/// nowhere that the file alone names.
#[cfg(feature = "config-file")]
pub fn okta_yaml(data: &[u8]) {
    let path = std::path::Path::new("okta.yaml");
    let mut raw = Raw::default();
    let source = Source::ProjectFile(path.into());
    let read = crate::config::file::read_bytes(data.to_vec(), path, &source, &mut raw);
    raw.read_environment(&|name| (name == "OKTA_CLIENT_TOKEN").then(|| "00environment-token".into()))
        .expect("the variable is text");
    match read.and_then(|()| Config::from_raw(raw)) {
        Ok(config) => check_config(&config),
        Err(error) => assert_hides(&error, &[CANARY]),
    }
}

/// Environment variables, each a line of `NAME=value`. No value shows in an error, and what passes leads where it says.
pub fn settings(data: &[u8]) {
    let pair = |line: &[u8]| {
        let equals = line.iter().position(|byte| *byte == b'=')?;
        Some((line[..equals].to_vec(), os_string(&line[equals + 1..])))
    };
    let variables: BTreeMap<Vec<u8>, OsString> = data.split(|byte| *byte == b'\n').filter_map(pair).collect();
    let mut raw = Raw::default();
    let read = raw.read_environment(&|name| variables.get(name.as_bytes()).cloned());
    match read.and_then(|()| Config::from_raw(raw)) {
        Ok(config) => check_config(&config),
        Err(error) => assert_hides(&error, &[CANARY]),
    }
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// This word in a value of the corpus must not come out in an error.
const CANARY: &str = "canary";

fn check_config(config: &Config) {
    let mut secrets = vec![CANARY];
    match &config.authorization.credential.value {
        Credential::ApiToken(token) => secrets.push(token.expose_secret()),
        Credential::Bearer(token) => secrets.push(token.expose_secret()),
        _ => {}
    }
    let login = config.proxy.as_ref().and_then(|proxy| proxy.login.as_ref());
    secrets.extend(login.map(|login| login.value.password.expose_secret()));
    check_settings(config, &secrets);
    if let Some(url) = &config.org_url {
        match org_url::parse(&url.value, false) {
            Ok(url) => check_org_url(&url),
            Err(invalid) => assert_hides(&Error::from(invalid), &secrets[..1]),
        }
    }
    if let Some(proxy) = &config.proxy {
        check_proxy(proxy);
    }
    match config.destinations() {
        Ok(destinations) => {
            let goes = destinations.check(&config.authorization.credential);
            assert!(goes.is_err() || !sends_to_a_stranger(config), "a project's file sends another's token away");
        }
        Err(error) => assert_hides(&error, &secrets[..1]),
    }
}

/// Whether a token that the project's file does not hold would go where that file says.
fn sends_to_a_stranger(config: &Config) -> bool {
    let of_project = |source: &Source| matches!(source, Source::ProjectFile(_));
    let org_url = config.org_url.as_ref().map(|url| &url.source);
    let proxy = config.proxy.as_ref().map(|proxy| &proxy.url.source);
    !of_project(&config.authorization.credential.source) && org_url.into_iter().chain(proxy).any(of_project)
}

/// A secret shows in none of the settings, but where the same text is set as no secret as well.
fn check_settings(config: &Config, secrets: &[&str]) {
    let shown = |config: &Config| -> Vec<String> {
        config.settings().iter().map(|setting| format!("{setting} {setting:?}")).collect()
    };
    let public = shown(&Config { authorization: Authorization::default(), ..config.clone() });
    let settings = shown(config);
    for secret in secrets.iter().skip(1) {
        let has_it = |settings: &[String]| settings.iter().any(|setting| setting.contains(secret));
        assert!(!has_it(&settings) || has_it(&public), "a secret shows");
    }
    assert!(!settings.iter().any(|setting| setting.contains(char::is_control)), "{settings:?}");
}

fn check_org_url(url: &url::Url) {
    assert!(url.scheme() == "https" || org_url::is_loopback(url), "{url}");
    assert!(url.has_host() && url.username().is_empty() && url.password().is_none(), "{url}");
    assert!(url.query().is_none() && url.fragment().is_none(), "{url}");
    let page = org_url::join(url, format_args!("/api/v1/sessions/me"));
    assert_eq!((page.host(), page.port(), page.scheme()), (url.host(), url.port(), url.scheme()));
    assert!(page.path().ends_with("/api/v1/sessions/me"), "{page}");
    assert_eq!(org_url::parse(url.as_str(), false).as_ref(), Ok(url), "it reads back");
}

fn check_proxy(proxy: &Proxy) {
    let url = &proxy.url.value;
    assert!(url.has_host() && url.username().is_empty() && url.password().is_none(), "the login is kept apart");
    if let Err(error) = proxy.to_http() {
        assert_hides(&error, &[CANARY]);
    }
}

fn assert_hides(error: &Error, secrets: &[&str]) {
    let mut shown = vec![format!("{error} {error:?}")];
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        shown.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    let is_in_it = |secret: &&str| shown.iter().any(|text| text.contains(secret));
    assert!(!secrets.iter().any(is_in_it), "a value shows in an error");
    assert!(!error.to_string().contains(char::is_control), "{error:?}");
}

#[cfg(test)]
mod tests {
    use super::replay::replay;
    use super::*;

    #[test]
    fn the_corpus_of_rate_limits_has_no_finding() {
        replay("rate_limit", rate_limit);
    }

    #[test]
    fn the_corpus_of_cookies_has_no_finding() {
        replay("cookie", cookie);
    }

    #[test]
    fn the_corpus_of_credentials_has_no_finding() {
        replay("credential", credential);
    }

    #[cfg(feature = "config-file")]
    #[test]
    fn the_corpus_of_configuration_files_has_no_finding() {
        replay("okta_yaml", okta_yaml);
    }

    #[test]
    fn the_corpus_of_settings_has_no_finding() {
        replay("settings", settings);
    }
}
