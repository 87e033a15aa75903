//! The files, and what each source may do with the secrets of another.

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
    assert_eq!(settings["okta.client.rateLimit.maxRetries"], "4");
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
        let Credential::ApiToken(read) = config.authorization.credential.value else { panic!("{written} is no token") };
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

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_opened_is_not_taken_for_one_that_is_not_there() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    // Links to themselves: whoever asks, nobody can open them.
    symlink("okta.yaml", place.project.path().join("okta.yaml")).unwrap();
    symlink("org.yaml", place.project.path().join("org.yaml")).unwrap();
    assert!(place.refusal().ends_with("okta.yaml: cannot be opened"), "{}", place.refusal());
    let named = Place { named: Some("org.yaml"), ..place };
    assert!(named.refusal().ends_with("org.yaml: cannot be opened"), "{}", named.refusal());
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
    let home = yaml(&format!("    orgUrl: https://acme.okta.com\n    proxy: {{username: ada, password: {TOKEN}}}\n"));
    let refusal = Place::new().home_file(home).project_file(yaml("    proxy: {host: evil.example}\n")).refusal();
    assert!(refusal.starts_with("the proxy password ("), "{refusal}");
}

#[test]
fn half_a_login_for_a_proxy_is_refused() {
    for half in ["username: ada".to_owned(), format!("password: {TOKEN}")] {
        let proxy = format!("    orgUrl: https://acme.okta.com\n    proxy: {{host: proxy, {half}}}\n");
        let refusal = Place::new().home_file(yaml(&proxy)).refusal();
        assert!(refusal.contains("okta.client.proxy") && refusal.contains("needs both"), "{refusal}");
    }
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
