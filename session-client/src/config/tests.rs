//! The configuration from its sources. The environment and the folders are the test's own.

use std::collections::BTreeMap;
use std::ffi::OsString;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::{ApiToken, ClientBuilder};

#[cfg(feature = "config-file")]
mod files;
#[cfg(feature = "oauth")]
mod private_key;

const TOKEN: &str = "00canaryCanaryCanaryCanary";

/// An environment and two folders.
struct Place {
    variables: BTreeMap<&'static str, OsString>,
    project: TempDir,
    named: Option<&'static str>,
    home: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = || TempDir::new().unwrap();
        Self { variables: BTreeMap::new(), project: folder(), named: None, home: folder() }
    }

    fn variable(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name, value.into());
        self
    }

    fn project_file(self, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.project.path().join("okta.yaml"), content).unwrap();
        self
    }

    /// A file in the project's folder that the user has named.
    #[cfg(feature = "config-file")]
    fn named_file(mut self, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.project.path().join("org.yaml"), content).unwrap();
        self.named = Some("org.yaml");
        self
    }

    fn home_file(self, content: impl AsRef<[u8]>) -> Self {
        std::fs::create_dir_all(self.home.path().join(".okta")).unwrap();
        std::fs::write(self.home.path().join(".okta/okta.yaml"), content).unwrap();
        self
    }

    fn load(&self) -> Result<Config, Error> {
        Config::load(&Surroundings {
            variable: &|name| self.variables.get(name).cloned(),
            project: self.project.path().to_owned(),
            named: self.named.map(|name| self.project.path().join(name)),
            home: Some(self.home.path().to_owned()),
        })
    }

    /// The effective values by name, without where they come from.
    fn settings(&self) -> BTreeMap<&'static str, String> {
        let config = self.load().unwrap();
        config.settings().into_iter().map(|setting| (setting.name, setting.value)).collect()
    }

    fn source_of(&self, name: &str) -> Source {
        self.load().unwrap().settings().into_iter().find(|setting| setting.name == name).unwrap().source
    }

    fn refusal(&self) -> String {
        let error = match self.load() {
            Ok(config) => ClientBuilder::new(config).build().map(drop).unwrap_err(),
            Err(error) => error,
        };
        let text = format!("{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(!text.contains(TOKEN), "{text}");
        error.to_string()
    }
}

fn yaml(client: &str) -> String {
    format!("okta:\n  client:\n{client}")
}

mod environment {
    use super::*;

    #[test]
    fn every_variable_is_read() {
        let place = Place::new()
            .variable("OKTA_CLIENT_ORGURL", "https://acme.okta.com")
            .variable("OKTA_CLIENT_TOKEN", TOKEN)
            .variable("OKTA_CLIENT_AUTHORIZATIONMODE", "bearer")
            .variable("OKTA_CLIENT_CONNECTIONTIMEOUT", "5")
            .variable("OKTA_CLIENT_REQUESTTIMEOUT", "500ms")
            .variable("OKTA_CLIENT_RATELIMIT_MAXRETRIES", "4")
            .variable("OKTA_CLIENT_PROXY_HOST", "proxy.example.com")
            .variable("OKTA_CLIENT_PROXY_PORT", "3128")
            .variable("OKTA_CLIENT_PROXY_USERNAME", "ada")
            .variable("OKTA_CLIENT_PROXY_PASSWORD", TOKEN);
        let settings = place.settings();
        assert_eq!(settings["okta.client.orgUrl"], "https://acme.okta.com");
        assert_eq!(settings["okta.client.token"], "*** (bearer token)");
        assert_eq!(settings["okta.client.connectionTimeout"], "5s");
        assert_eq!(settings["okta.client.requestTimeout"], "500ms");
        assert_eq!(settings["okta.client.rateLimit.maxRetries"], "4");
        assert_eq!(settings["okta.client.proxy.host"], "http://proxy.example.com:3128/");
        assert_eq!(settings["okta.client.proxy.password"], "***");
        assert_eq!(place.source_of("okta.client.token"), Source::Environment("OKTA_CLIENT_TOKEN"));
        assert!(ClientBuilder::new(place.load().unwrap()).build().is_ok());
    }

    #[test]
    fn the_org_url_has_two_names_and_the_first_wins() {
        let place = Place::new().variable("OKTA_CLIENT_OKTADOMAIN", "https://two.okta.com");
        assert_eq!(place.settings()["okta.client.orgUrl"], "https://two.okta.com");
        let place = place.variable("OKTA_CLIENT_ORGURL", "https://one.okta.com");
        assert_eq!(place.settings()["okta.client.orgUrl"], "https://one.okta.com");
        let place = place.variable("OKTA_CLIENT_ORGURL", " ");
        assert_eq!(place.settings()["okta.client.orgUrl"], "https://two.okta.com");
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let place = Place::new().variable("OKTA_CLIENT_TOKEN", "").variable("OKTA_CLIENT_REQUESTTIMEOUT", "  ");
        let settings = place.settings();
        assert!(!settings.contains_key("okta.client.token"));
        assert_eq!(settings["okta.client.requestTimeout"], "120s");
    }

    #[test]
    fn a_value_that_cannot_be_used_is_refused_with_its_variable_and_rule() {
        let cases = [
            ("OKTA_CLIENT_TOKEN", "00canaryCanaryCanaryCanary\u{7}", "visible ASCII"),
            ("OKTA_CLIENT_ORGURL", "https://00canaryCanaryCanaryCanary@acme.okta.com", "user name"),
            ("OKTA_CLIENT_ORGURL", "http://acme.okta.com", "https"),
            ("OKTA_CLIENT_CONNECTIONTIMEOUT", "30000", "30000ms"),
            ("OKTA_CLIENT_REQUESTTIMEOUT", "soon", "seconds"),
            ("OKTA_CLIENT_AUTHORIZATIONMODE", "Basic", "SSWS, Bearer or PrivateKey"),
            ("OKTA_CLIENT_PROXY_HOST", "ftp://proxy", "host name"),
            ("OKTA_CLIENT_PROXY_HOST", "http://ada:00canaryCanaryCanaryCanary@proxy", "user name"),
            ("OKTA_CLIENT_PROXY_HOST", "http://00canaryCanaryCanaryCanary@proxy", "user name"),
            ("OKTA_CLIENT_PROXY_HOST", "http://:00canaryCanaryCanaryCanary@proxy", "user name"),
            ("HTTPS_PROXY", "ftp://proxy", "host name"),
            ("HTTPS_PROXY", "http://proxy/00canaryCanaryCanaryCanary", "host name"),
            ("HTTPS_PROXY", "http://proxy/?00canaryCanaryCanaryCanary", "host name"),
            ("HTTPS_PROXY", "http://proxy/#00canaryCanaryCanaryCanary", "host name"),
            ("OKTA_CLIENT_PROXY_PORT", "3128", "needs a host"),
            ("OKTA_CLIENT_REQUESTTIMEOUT", "18446744073709551615s", "a day"),
        ];
        for (variable, value, rule) in cases {
            let place = Place::new()
                .variable("OKTA_CLIENT_ORGURL", "https://acme.okta.com")
                .variable("OKTA_CLIENT_TOKEN", TOKEN);
            let refusal = place.variable(variable, value).refusal();
            assert!(refusal.contains(&format!("environment variable {variable}")), "{refusal}");
            assert!(refusal.contains(rule), "{refusal}");
        }
        for port in ["0", "70000", "http"] {
            let place = Place::new()
                .variable("OKTA_CLIENT_ORGURL", "https://acme.okta.com")
                .variable("OKTA_CLIENT_PROXY_HOST", "p");
            let refusal = place.variable("OKTA_CLIENT_PROXY_PORT", port).refusal();
            assert!(refusal.contains("OKTA_CLIENT_PROXY_PORT") && refusal.contains("65535"), "{refusal}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_refused_by_its_name() {
        use std::os::unix::ffi::OsStringExt;
        let place = Place::new().variable("OKTA_CLIENT_TOKEN", OsString::from_vec(vec![0xff, b'a']));
        assert_eq!(place.refusal(), "environment variable OKTA_CLIENT_TOKEN: must be UTF-8 text");
    }

    #[test]
    fn the_machines_proxy_is_used_where_none_is_configured() {
        let place = Place::new()
            .variable("HTTPS_PROXY", format!("http://ada:{TOKEN}@machine:3128"))
            .variable("NO_PROXY", "a.com");
        assert_eq!(place.settings()["HTTPS_PROXY"], "http://machine:3128/, but not for a.com");
        let place = place.variable("OKTA_CLIENT_PROXY_HOST", "configured");
        assert_eq!(place.settings()["okta.client.proxy.host"], "http://configured/");
        assert!(!place.settings().contains_key("HTTPS_PROXY"));
    }

    #[test]
    fn a_mode_that_is_not_known_is_refused_with_and_without_a_token() {
        let place = Place::new().variable("OKTA_CLIENT_ORGURL", "https://acme.okta.com");
        let refusal = place.variable("OKTA_CLIENT_AUTHORIZATIONMODE", "Basic").refusal();
        assert!(refusal.contains("OKTA_CLIENT_AUTHORIZATIONMODE"), "{refusal}");
    }

    #[cfg(not(feature = "oauth"))]
    #[test]
    fn a_build_without_oauth_says_what_it_lacks() {
        let refusal = Place::new().variable("OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey").refusal();
        assert!(refusal.contains("feature `oauth`"), "{refusal}");
    }

    #[test]
    fn a_client_without_a_credential_goes_to_the_org_of_the_environment() {
        let place = Place::new().variable("OKTA_CLIENT_ORGURL", "https://acme.okta.com");
        assert!(ClientBuilder::new(place.load().unwrap()).build().is_ok());
    }

    #[test]
    fn a_client_without_an_org_url_says_how_to_set_it() {
        let refusal = Place::new().variable("OKTA_CLIENT_TOKEN", TOKEN).refusal();
        assert!(refusal.contains("OKTA_CLIENT_ORGURL"), "{refusal}");
    }
}
