//! The configuration from its sources. The environment and the folders are the test's own.

use std::collections::BTreeMap;
use std::ffi::OsString;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::{ApiToken, ClientBuilder};

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
            .variable("OKTA_CLIENT_PROXY_HOST", "proxy.example.com")
            .variable("OKTA_CLIENT_PROXY_PORT", "3128")
            .variable("OKTA_CLIENT_PROXY_USERNAME", "ada")
            .variable("OKTA_CLIENT_PROXY_PASSWORD", TOKEN);
        let settings = place.settings();
        assert_eq!(settings["okta.client.orgUrl"], "https://acme.okta.com");
        assert_eq!(settings["okta.client.token"], "*** (bearer token)");
        assert_eq!(settings["okta.client.connectionTimeout"], "5s");
        assert_eq!(settings["okta.client.requestTimeout"], "500ms");
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
            ("HTTPS_PROXY", "ftp://proxy", "host name"),
            ("HTTPS_PROXY", "http://proxy/00canaryCanaryCanaryCanary?a", "host name"),
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
        let place = Place::new()
            .variable("OKTA_CLIENT_ORGURL", "https://acme.okta.com")
            .variable("OKTA_CLIENT_PROXY_HOST", "p");
        let refusal = place.variable("OKTA_CLIENT_PROXY_PORT", "70000").refusal();
        assert!(refusal.contains("OKTA_CLIENT_PROXY_PORT") && refusal.contains("65535"), "{refusal}");
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
    fn a_client_without_an_org_url_says_how_to_set_it() {
        let refusal = Place::new().variable("OKTA_CLIENT_TOKEN", TOKEN).refusal();
        assert!(refusal.contains("OKTA_CLIENT_ORGURL"), "{refusal}");
    }
}

#[cfg(feature = "config-file")]
mod files {
    use super::*;

    #[test]
    fn code_overrides_the_environment_over_the_project_over_the_home_value_by_value() {
        let place = Place::new()
            .home_file(yaml("    orgUrl: https://home.okta.com\n    connectionTimeout: 1\n    requestTimeout: 1\n"))
            .project_file(yaml("    orgUrl: https://project.okta.com\n    connectionTimeout: 2\n"))
            .variable("OKTA_CLIENT_ORGURL", "https://environment.okta.com");
        assert_eq!(place.source_of("okta.client.orgUrl"), Source::Environment("OKTA_CLIENT_ORGURL"));
        assert_eq!(place.settings()["okta.client.connectionTimeout"], "2s");
        assert!(matches!(place.source_of("okta.client.connectionTimeout"), Source::ProjectFile(_)));
        assert_eq!(place.settings()["okta.client.requestTimeout"], "1s");
        assert!(matches!(place.source_of("okta.client.requestTimeout"), Source::HomeFile(_)));
        let builder = ClientBuilder::new(place.load().unwrap()).org_url("https://code.okta.com");
        assert_eq!(builder.settings()[0].to_string(), "okta.client.orgUrl = https://code.okta.com (code)");
    }

    #[test]
    fn every_value_of_a_file_is_read() {
        let place = Place::new().project_file(yaml(&format!(
            "    oktaDomain: https://acme.okta.com\n    token: {TOKEN}\n    authorizationMode: Bearer\n    \
             connectionTimeout: 5s\n    requestTimeout: 0\n    rateLimit: {{maxRetries: 4}}\n    \
             proxy: {{host: proxy, port: 3128, username: ada, password: {TOKEN}}}\n    userAgent: ignored\n"
        )));
        let settings = place.settings();
        assert_eq!(settings["okta.client.orgUrl"], "https://acme.okta.com");
        assert_eq!(settings["okta.client.token"], "*** (bearer token)");
        assert_eq!(settings["okta.client.connectionTimeout"], "5s");
        assert_eq!(settings["okta.client.requestTimeout"], "off");
        assert_eq!(settings["okta.client.proxy.host"], "http://proxy:3128/");
        assert!(ClientBuilder::new(place.load().unwrap()).build().is_ok());
    }

    #[test]
    fn what_holds_nothing_is_no_failure() {
        let contents = [
            "",
            "# only comments\n",
            "okta:\n",
            "okta:\n  client:\n",
            "okta: {client: null}",
            "null",
            "---\n",
            "okta: {client: {token: null, proxy: null}}",
            "okta: {client: {token: ''}}",
            "other: [1, 2]",
        ];
        for content in contents {
            let place = Place::new().project_file(content).home_file(content);
            assert!(!place.settings().contains_key("okta.client.token"), "{content}");
        }
        assert!(Place::new().load().is_ok());
    }

    #[test]
    fn numbers_and_booleans_are_the_text_that_was_written() {
        for (written, token) in [("00123", "00123"), ("1.10", "1.10"), ("true", "true"), ("0x10", "0x10")] {
            let config = Place::new().project_file(yaml(&format!("    token: {written}\n"))).load().unwrap();
            let Credential::ApiToken(read) = config.authorization.credential.value else {
                panic!("{written} is no token")
            };
            assert_eq!(read.expose_secret(), token);
        }
    }

    #[test]
    fn a_file_that_cannot_be_used_is_refused_by_its_name_and_shows_nothing_of_its_content() {
        let cases: [(&[u8], &str); 12] = [
            (b"okta: {client: {token: \"00canaryCanaryCanaryCanary", "must be YAML"),
            (b"okta:\n  client:\n    token: 00canaryCanaryCanaryCanary: x\n", "line 3"),
            (b"okta:\n\tclient: 00canaryCanaryCanaryCanary\n", "line 2"),
            (b"- 00canaryCanaryCanaryCanary\n", "must be YAML"),
            (b"okta: 00canaryCanaryCanaryCanary\n", "must be YAML"),
            (b"okta: {client: [00canaryCanaryCanaryCanary]}\n", "must be YAML"),
            (b"okta: {client: {token: [00canaryCanaryCanaryCanary]}}\n", "must be YAML"),
            (b"okta: {client: {token: {a: 00canaryCanaryCanaryCanary}}}\n", "must be YAML"),
            (b"okta: {client: {token: a, token: 00canaryCanaryCanaryCanary}}\n", "must be YAML"),
            (b"okta: &a {client: *a}\n", "must be YAML"),
            (b"okta: \xff\xfe\n", "UTF-8"),
            (b"okta: {client: {token: 'a b 00canaryCanaryCanaryCanary'}}\n", "visible ASCII"),
        ];
        for (content, rule) in cases {
            let refusal = Place::new().project_file(content).refusal();
            assert!(refusal.contains("okta.yaml") && refusal.contains(rule), "{refusal}");
            let refusal = Place::new().home_file(content).refusal();
            assert!(refusal.contains(".okta") && refusal.contains(rule), "{refusal}");
        }
    }

    #[test]
    fn a_file_over_a_mebibyte_is_refused() {
        let fits = format!("#{}\n", "x".repeat(1024 * 1024 - 2));
        assert!(Place::new().project_file(&fits).load().is_ok());
        let refusal = Place::new().project_file(format!("{fits}\n")).refusal();
        assert!(refusal.ends_with("okta.yaml: must not be larger than 1 MiB"), "{refusal}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_refused_by_its_name() {
        let place = Place::new();
        std::fs::create_dir(place.project.path().join("okta.yaml")).unwrap();
        let refusal = place.refusal();
        assert!(refusal.contains("okta.yaml: cannot be"), "{refusal}");
    }

    #[test]
    fn a_project_cannot_send_a_token_that_is_not_its_own() {
        let token = yaml(&format!("    token: {TOKEN}\n"));
        let elsewhere = yaml("    orgUrl: https://evil.example\n");
        let refusal = Place::new().home_file(&token).project_file(&elsewhere).refusal();
        assert!(refusal.contains(".okta/okta.yaml") && refusal.matches("okta.yaml").count() > 1, "{refusal}");
        let refusal = Place::new().variable("OKTA_CLIENT_TOKEN", TOKEN).project_file(&elsewhere).refusal();
        assert!(refusal.contains("OKTA_CLIENT_TOKEN") && refusal.contains("okta.yaml"), "{refusal}");

        let home = yaml(&format!("    token: {TOKEN}\n    orgUrl: https://acme.okta.com\n"));
        let proxy = yaml("    proxy: {host: evil.example}\n");
        let refusal = Place::new().home_file(&home).project_file(&proxy).refusal();
        assert!(refusal.contains("the proxy ("), "{refusal}");

        let own = yaml(&format!("    token: {TOKEN}\n    orgUrl: https://acme.okta.com\n    proxy: {{host: p}}\n"));
        assert!(ClientBuilder::new(Place::new().project_file(own).load().unwrap()).build().is_ok());
    }

    #[test]
    fn a_project_cannot_send_what_calls_bring_along_unless_it_brings_the_token_too() {
        let alone = Place::new().project_file(yaml("    orgUrl: https://evil.example\n"));
        assert!(alone.refusal().contains("session token or cookie"), "{}", alone.refusal());

        let own = yaml(&format!("    token: {TOKEN}\n    orgUrl: https://acme.okta.com\n"));
        let client = ClientBuilder::new(Place::new().project_file(&own).load().unwrap()).build().unwrap();
        let token = ApiToken::new(TOKEN).unwrap();
        let refused = client.with_credential(token).unwrap_err().to_string();
        assert!(refused.contains("okta.yaml") && !refused.contains(TOKEN), "{refused}");
        assert!(client.with_credential(Credential::None).is_err());
    }

    #[test]
    fn a_project_cannot_change_the_port_of_a_proxy() {
        let home = yaml(&format!("    token: {TOKEN}\n    orgUrl: https://acme.okta.com\n    proxy: {{host: p}}\n"));
        let place = Place::new().home_file(home).project_file(yaml("    proxy: {port: 9999}\n"));
        assert!(place.refusal().contains("has to be set where the host is set"), "{}", place.refusal());
    }

    #[test]
    fn an_empty_name_of_the_org_does_not_hide_the_other() {
        let place = Place::new().project_file(yaml("    orgUrl: ''\n    oktaDomain: acme.okta.com\n"));
        assert_eq!(place.settings()["okta.client.orgUrl"], "acme.okta.com");
    }

    #[test]
    fn a_proxy_password_goes_to_its_own_proxy() {
        let home =
            yaml(&format!("    orgUrl: https://acme.okta.com\n    proxy: {{username: ada, password: {TOKEN}}}\n"));
        let refusal = Place::new().home_file(home).project_file(yaml("    proxy: {host: evil.example}\n")).refusal();
        assert!(refusal.starts_with("the proxy password ("), "{refusal}");
    }

    #[test]
    fn a_token_from_code_is_not_sent_where_a_file_says() {
        let place = Place::new().project_file(yaml("    orgUrl: https://evil.example\n"));
        let error = ClientBuilder::new(place.load().unwrap()).api_token(TOKEN).build().unwrap_err();
        assert!(error.to_string().contains("okta.yaml"), "{error}");
    }

    #[test]
    fn a_file_that_the_user_names_stands_for_the_projects_and_overrides_the_environment() {
        let place = Place::new()
            .home_file(yaml("    orgUrl: https://home.okta.com\n    requestTimeout: 1\n"))
            .project_file(yaml("    orgUrl: https://project.okta.com\n    connectionTimeout: 2\n"))
            .variable("OKTA_CLIENT_ORGURL", "https://environment.okta.com")
            .named_file(yaml("    orgUrl: https://named.okta.com\n"));
        assert!(matches!(place.source_of("okta.client.orgUrl"), Source::NamedFile(_)));
        assert_eq!(place.source_of("okta.client.connectionTimeout"), Source::Default);
        assert!(matches!(place.source_of("okta.client.requestTimeout"), Source::HomeFile(_)));

        let missing = Place { named: Some("missing.yaml"), ..Place::new() };
        assert!(missing.refusal().ends_with("missing.yaml: there is no such file"), "{}", missing.refusal());
    }

    #[test]
    fn to_name_a_file_is_to_send_the_token_where_it_says() {
        let elsewhere = yaml("    orgUrl: https://named.okta.com\n");
        let build = |place: &Place| ClientBuilder::new(place.load().unwrap()).build();
        assert!(build(&Place::new().variable("OKTA_CLIENT_TOKEN", TOKEN).named_file(&elsewhere)).is_ok());
        assert!(build(&Place::new().home_file(yaml(&format!("    token: {TOKEN}\n"))).named_file(&elsewhere)).is_ok());
        let token = yaml(&format!("    token: {TOKEN}\n"));
        let place = Place::new().variable("OKTA_CLIENT_ORGURL", "https://other.okta.com").named_file(token);
        assert!(place.refusal().contains("OKTA_CLIENT_ORGURL") && place.refusal().contains("org.yaml"));
    }

    proptest! {
        #[test]
        fn no_content_panics_or_shows_its_secret(before in "(?s).{0,40}", after in "(?s).{0,40}") {
            let place = Place::new().project_file(format!("{before}{TOKEN}{after}"));
            if let Err(error) = place.load() {
                let shown = format!("{error} {error:?}");
                prop_assert!(!shown.contains(TOKEN), "{}", shown);
            }
        }
    }
}
