//! What is the address of an Okta org, and what only looks like one.

use url::{Host, Url};

use crate::InvalidValue;

/// Hosts under which an org's admin console lives: `acme-admin.okta.com` answers the API with redirects.
const OKTA_DOMAINS: [&str; 7] = [
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
    "okta-miltest.com",
    "trex-govcloud.com",
];

/// Reads the URL of an org. A missing scheme becomes `https`, trailing slashes go; port and base path stay.
///
/// `http` is taken for loopback, and elsewhere where `allow_http` says so.
pub(crate) fn parse(text: &str, allow_http: bool) -> Result<Url, InvalidValue> {
    let refuse = |rule| Err(InvalidValue::new("org URL", rule));
    let text = text.trim();
    if text.is_empty() {
        return refuse("must not be empty; give it as https://acme.okta.com");
    }
    let placeholder = "must be that of your org, not the placeholder of an example";
    if text.contains(['{', '}']) {
        return refuse(placeholder);
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return refuse("must not contain white space, control characters or `\\`");
    }
    if text.matches("://").count() > 1 {
        return refuse("must contain `://` once");
    }
    let text = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    // The parser would also take `https:host`, and the `://` that was found would be part of the path.
    let begins_with_scheme = |url: &Url| text[url.scheme().len()..].starts_with("://");
    let Some(mut url) = Url::parse(&text).ok().filter(begins_with_scheme) else {
        return refuse("must be a URL such as https://acme.okta.com");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("must not contain a user name or a password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("must not contain a query or a fragment");
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(&url) => {}
        "http" => return refuse("must use https; without it the credentials could be read on the way"),
        _ => return refuse("must begin with https://"),
    }
    if let Some(Host::Domain(host)) = url.host() {
        let host = host.strip_suffix('.').unwrap_or(host);
        if host.split('.').any(|label| label == "youroktadomain") {
            return refuse(placeholder);
        }
        if OKTA_DOMAINS.iter().any(|domain| host.strip_suffix(domain).is_some_and(|org| org.ends_with("-admin."))) {
            return refuse("must be that of the org, not of its admin console: leave out `-admin`");
        }
        if host.ends_with(".com.com") {
            return refuse("must not end with `.com.com`");
        }
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// The URL of a page of the org, under the org's base path.
pub(crate) fn join(org_url: &Url, path: std::fmt::Arguments<'_>) -> Url {
    let mut url = org_url.clone();
    url.set_path(&format!("{}{path}", org_url.path().trim_end_matches('/')));
    url
}

/// Whether the URL leads to this machine: `localhost` or a loopback address, never a name that begins like one.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_an_org_url_is_put_right() {
        let cases = [
            ("https://acme.okta.com", "https://acme.okta.com/"),
            ("https://acme.okta.com///", "https://acme.okta.com/"),
            ("acme.okta.com", "https://acme.okta.com/"),
            (" acme.okta.com\n", "https://acme.okta.com/"),
            ("HTTPS://ACME.OKTA.COM", "https://acme.okta.com/"),
            ("https://youroktapartner.example", "https://youroktapartner.example/"),
            ("https://my-admins.example.com", "https://my-admins.example.com/"),
            ("https://acme-admin.example.com", "https://acme-admin.example.com/"),
            ("https://acme.okta.com:8443/base/", "https://acme.okta.com:8443/base"),
            ("http://localhost:8080", "http://localhost:8080/"),
            ("http://127.0.0.1:1", "http://127.0.0.1:1/"),
            ("http://127.1.2.3", "http://127.1.2.3/"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
        ];
        for (text, url) in cases {
            assert_eq!(parse(text, false).map(String::from), Ok(url.to_owned()), "{text}");
        }
        assert_eq!(parse("http://okta.internal", true).map(String::from), Ok("http://okta.internal/".to_owned()));
    }

    #[test]
    fn what_is_none_is_refused_with_the_rule() {
        let cases = [
            ("", "must not be empty"),
            ("  ", "must not be empty"),
            ("https://{yourOktaDomain}", "placeholder"),
            ("https://${yourOktaDomain}.com", "placeholder"),
            ("https://yourOktaDomain.okta.com", "placeholder"),
            ("https://acme-admin.okta.com", "admin console"),
            ("https://acme-admin.oktapreview.com", "admin console"),
            ("https://acme-admin.okta-emea.com", "admin console"),
            ("https://acme-admin.okta-gov.com", "admin console"),
            ("https://acme-admin.okta.mil", "admin console"),
            ("https://acme-admin.okta-miltest.com", "admin console"),
            ("https://acme-admin.trex-govcloud.com", "admin console"),
            ("https://acme-admin.okta.com.", "admin console"),
            ("https://acme.okta.com.com", ".com.com"),
            ("https://acme.okta.com.com.", ".com.com"),
            ("https://https://acme.okta.com", "`://` once"),
            ("http://acme.okta.com", "must use https"),
            ("http://127.0.0.1.example.com", "must use https"),
            ("http://localhost.example.com", "must use https"),
            ("ftp://acme.okta.com", "must begin with https://"),
            ("https://user@acme.okta.com", "user name"),
            ("https://:secret@acme.okta.com", "user name"),
            ("https://acme.okta.com?a=b", "query"),
            ("https://acme.okta.com/?", "query"),
            ("https://acme.okta.com#a", "fragment"),
            ("https://acme.okta.com\\@evil.example", "white space"),
            ("https://ac me.okta.com", "white space"),
            ("https://", "must be a URL"),
            ("https://[::1", "must be a URL"),
            ("https:acme.okta.com/https://", "must be a URL"),
        ];
        for (text, rule) in cases {
            let refused = parse(text, false).expect_err(text).to_string();
            assert!(refused.starts_with("org URL: ") && refused.contains(rule), "{text}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_passes_is_https_or_loopback(text in ".*") {
            if let Ok(url) = parse(&text, false) {
                prop_assert!(url.scheme() == "https" || is_loopback(&url));
                prop_assert!(url.host().is_some() && url.query().is_none() && url.username().is_empty());
            }
        }

        #[test]
        fn a_refusal_never_repeats_the_value(secret in "[A-Za-z0-9]{12,20}") {
            for text in [format!("https://u:{secret}@acme.okta.com"), format!("https://acme.okta.com?{secret}")] {
                prop_assert!(!parse(&text, false).unwrap_err().to_string().contains(&secret));
            }
        }
    }
}
