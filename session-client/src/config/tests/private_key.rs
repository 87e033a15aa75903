//! A service app, from the sources of the configuration.

use super::*;

const KEY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/oauth/tests/keys/p256.pkcs8.pem"));
const JWK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/oauth/tests/keys/p256.jwk.json"));
/// A part of the key.
const SECRET: &str = "MIGHAgEAMBMGByqGSM49";

fn app() -> Place {
    Place::new()
        .variable("OKTA_CLIENT_ORGURL", "https://acme.okta.com")
        .variable("OKTA_CLIENT_AUTHORIZATIONMODE", "privatekey")
        .variable("OKTA_CLIENT_CLIENTID", "0oaExample")
        .variable("OKTA_CLIENT_PRIVATEKEY", KEY)
}

/// What is listed under this name, with where it comes from.
fn listed(place: &Place, name: &str) -> Option<String> {
    let settings = place.load().unwrap().settings();
    let setting = settings.into_iter().find(|setting| setting.name == format!("okta.client.{name}"));
    setting.map(|setting| setting.to_string())
}

fn builds(place: &Place) -> bool {
    ClientBuilder::new(place.load().unwrap()).build().is_ok()
}

#[test]
fn every_variable_is_read_and_the_key_is_never_shown() {
    assert!(KEY.contains(SECRET));
    let place = app()
        .variable("OKTA_CLIENT_SCOPES", "okta.sessions.read, okta.sessions.manage")
        .variable("OKTA_CLIENT_PRIVATEKEYID", "key-1")
        .variable("OKTA_CLIENT_DPOPENABLED", "true")
        .variable("OKTA_CLIENT_TOKEN", TOKEN);
    let lines = [
        ("authorizationMode", "PrivateKey (environment variable OKTA_CLIENT_AUTHORIZATIONMODE)"),
        ("clientId", "0oaExample (environment variable OKTA_CLIENT_CLIENTID)"),
        ("scopes", "okta.sessions.read okta.sessions.manage (environment variable OKTA_CLIENT_SCOPES)"),
        ("privateKey", "*** (environment variable OKTA_CLIENT_PRIVATEKEY)"),
        ("privateKeyId", "key-1 (environment variable OKTA_CLIENT_PRIVATEKEYID)"),
        ("dpopEnabled", "true (environment variable OKTA_CLIENT_DPOPENABLED)"),
    ];
    for (name, line) in lines {
        assert_eq!(listed(&place, name), Some(format!("okta.client.{name} = {line}")));
    }
    assert_eq!(listed(&place, "token"), None, "the mode says that it is not used");
    assert!(builds(&place));
    let builder = ClientBuilder::new(place.load().unwrap());
    assert!(!format!("{builder:?} {:?}", place.load().unwrap().settings()).contains(SECRET));

    let place = app().variable("OKTA_CLIENT_DPOPENABLED", "false");
    assert_eq!(listed(&place, "scopes").as_deref(), Some("okta.client.scopes = those of each operation (default)"));
    assert_eq!((listed(&place, "privateKeyId"), listed(&place, "dpopEnabled")), (None, None));
}

#[test]
fn the_key_may_be_text_in_either_form_or_the_path_of_a_file() {
    for text in [KEY.to_owned(), KEY.replace('\n', "\\n"), JWK.to_owned()] {
        assert!(builds(&app().variable("OKTA_CLIENT_PRIVATEKEY", text)));
    }
    let place = app();
    let file = place.project.path().join("key.pem");
    std::fs::write(&file, KEY).unwrap();
    let place = place.variable("OKTA_CLIENT_PRIVATEKEY", &file);
    assert!(builds(&place));
    std::fs::write(&file, "no key").unwrap();
    let refusal = place.refusal();
    assert!(refusal.contains("key.pem: holds no private key"), "{refusal}");
    let with_id = app().variable("OKTA_CLIENT_PRIVATEKEY", JWK);
    let line = "okta.client.privateKeyId = p256-key (environment variable OKTA_CLIENT_PRIVATEKEY)";
    assert_eq!(listed(&with_id, "privateKeyId").as_deref(), Some(line));
}

#[test]
fn an_app_that_is_not_whole_or_has_a_value_that_cannot_be_used_is_refused_with_the_rule() {
    let cases = [
        ("OKTA_CLIENT_CLIENTID", "", "PrivateKey needs okta.client.clientId (OKTA_CLIENT_CLIENTID)"),
        ("OKTA_CLIENT_PRIVATEKEY", "", "PrivateKey needs okta.client.privateKey (OKTA_CLIENT_PRIVATEKEY)"),
        ("OKTA_CLIENT_CLIENTID", "0oa Example", "OKTA_CLIENT_CLIENTID): client id: must consist"),
        ("OKTA_CLIENT_SCOPES", "okta.\"a\"", "OKTA_CLIENT_SCOPES): scope: must not contain"),
        ("OKTA_CLIENT_PRIVATEKEYID", "é", "OKTA_CLIENT_PRIVATEKEYID): key id: must consist"),
        ("OKTA_CLIENT_DPOPENABLED", "maybe", "OKTA_CLIENT_DPOPENABLED): must be true or false"),
        ("OKTA_CLIENT_PRIVATEKEY", "00canaryCanaryCanaryCanary", "or the path of a file with one"),
        (
            "OKTA_CLIENT_PRIVATEKEY",
            "{\"00canaryCanaryCanaryCanary\": 1",
            "OKTA_CLIENT_PRIVATEKEY): private key: is no JWK",
        ),
        ("OKTA_CLIENT_PRIVATEKEY", "-----BEGIN RSA PRIVATE KEY-----\n00canaryCanaryCanaryCanary", "no whole PEM text"),
        ("OKTA_CLIENT_AUTHORIZATIONMODE", "", "is used with authorizationMode PrivateKey only"),
    ];
    for (variable, value, rule) in cases {
        let refusal = app().variable(variable, value).refusal();
        assert!(refusal.contains(rule), "{refusal}");
    }
}

#[test]
fn another_mode_or_a_token_without_a_mode_leaves_the_key_unused() {
    let token = || app().variable("OKTA_CLIENT_TOKEN", TOKEN);
    for mode in ["SSWS", "Bearer", ""] {
        let place = token().variable("OKTA_CLIENT_AUTHORIZATIONMODE", mode);
        assert!(listed(&place, "token").is_some() && listed(&place, "privateKey").is_none(), "{mode}");
    }
    let anonymous = app().variable("OKTA_CLIENT_AUTHORIZATIONMODE", "SSWS");
    assert!(matches!(anonymous.load().unwrap().authorization.credential.value, Credential::None));
}

#[test]
fn a_credential_from_code_takes_the_place_of_all_of_it() {
    let builder = ClientBuilder::new(app().load().unwrap()).org_url("https://acme.okta.com").api_token(TOKEN);
    let names: Vec<_> = builder.settings().into_iter().map(|setting| setting.name).collect();
    assert!(names.contains(&"okta.client.token") && !names.contains(&"okta.client.clientId"), "{names:?}");

    let key = crate::PrivateKey::from_pem(KEY).unwrap();
    let credential = Credential::private_key("0oaOther", key, ["a"]).unwrap();
    let builder = ClientBuilder::new(app().load().unwrap()).credential(credential);
    let shown: Vec<_> = builder.settings().iter().map(ToString::to_string).collect();
    assert!(shown.contains(&"okta.client.clientId = 0oaOther (code)".to_owned()), "{shown:?}");
    assert!(shown.contains(&"okta.client.scopes = a (code)".to_owned()), "{shown:?}");
}

#[cfg(feature = "config-file")]
mod files {
    use super::*;

    fn values(key: &str) -> String {
        yaml(&format!("    authorizationMode: PrivateKey\n    clientId: 0oaExample\n    privateKey: {key}\n"))
    }

    /// The key as a block of YAML.
    fn block() -> String {
        format!("|\n      {}\n", KEY.trim().replace('\n', "\n      "))
    }

    #[test]
    fn every_value_of_a_file_is_read() {
        let org = "    orgUrl: https://acme.okta.com\n    privateKeyId: key-1\n    dpopEnabled: true\n";
        let scopes = [
            ("[okta.sessions.read, okta.sessions.manage]", "okta.sessions.read okta.sessions.manage"),
            ("okta.sessions.read okta.sessions.manage", "okta.sessions.read okta.sessions.manage"),
            ("okta.sessions.read,okta.sessions.manage", "okta.sessions.read okta.sessions.manage"),
            ("\n      - okta.sessions.read", "okta.sessions.read"),
            ("[]", "those of each operation"),
            ("null", "those of each operation"),
        ];
        for (written, read) in scopes {
            let place = Place::new().project_file(format!("{}{org}    scopes: {written}\n", values(&block())));
            assert_eq!(place.settings()["okta.client.scopes"], read, "{written}");
            assert_eq!(place.settings()["okta.client.privateKeyId"], "key-1");
            assert_eq!(place.settings()["okta.client.dpopEnabled"], "true");
            assert!(builds(&place));
        }
        let wrong = Place::new().project_file(format!("{}    scopes: {{a: b}}\n", values(&block())));
        assert!(wrong.refusal().contains("must be YAML"), "{}", wrong.refusal());
    }

    #[test]
    fn a_path_is_relative_to_the_file_that_has_it() {
        let org = "    orgUrl: https://acme.okta.com\n";
        let place = Place::new().home_file(format!("{}{org}", values("key.pem")));
        std::fs::write(place.home.path().join(".okta/key.pem"), KEY).unwrap();
        assert!(builds(&place));
        let place = Place::new().project_file(format!("{}{org}", values("keys/key.pem")));
        std::fs::create_dir(place.project.path().join("keys")).unwrap();
        std::fs::write(place.project.path().join("keys/key.pem"), KEY).unwrap();
        assert!(builds(&place));
    }

    #[test]
    fn a_project_cannot_use_a_key_that_is_not_its_own() {
        let org = "    orgUrl: https://evil.example\n";
        let users = TempDir::new().unwrap();
        let file = users.path().join("key.pem");
        std::fs::write(&file, KEY).unwrap();
        let path = file.to_str().unwrap();

        let absolute = Place::new().project_file(format!("{}{org}", values(path)));
        assert!(absolute.refusal().contains("its own folder only"), "{}", absolute.refusal());
        let relative = Place::new();
        let name = users.path().file_name().unwrap().to_str().unwrap();
        let relative = relative.project_file(format!("{}{org}", values(&format!("../{name}/key.pem"))));
        assert!(relative.refusal().contains("its own folder only"), "{}", relative.refusal());
        #[cfg(unix)]
        {
            let linked = Place::new().project_file(format!("{}{org}", values("link.pem")));
            std::os::unix::fs::symlink(&file, linked.project.path().join("link.pem")).unwrap();
            assert!(linked.refusal().contains("its own folder only"), "{}", linked.refusal());
        }
        // Whom the user has named, or the user, may name any.
        assert!(builds(&Place::new().named_file(format!("{}{org}", values(path)))));
        assert!(builds(&Place::new().home_file(format!("{}{org}", values(path)))));
    }

    #[test]
    fn a_project_cannot_send_what_a_key_that_is_not_its_own_signs() {
        let elsewhere = yaml("    orgUrl: https://evil.example\n");
        let refusal = Place::new().home_file(values(&block())).project_file(&elsewhere).refusal();
        assert!(refusal.starts_with("the private key (file ") && refusal.contains("the org URL (file "), "{refusal}");
        let refusal = app().variable("OKTA_CLIENT_ORGURL", "").project_file(&elsewhere).refusal();
        assert!(refusal.starts_with("the private key (environment variable OKTA_CLIENT_PRIVATEKEY)"), "{refusal}");

        let client_id = yaml("    clientId: 0oaOther\n    scopes: okta.users.manage\n");
        let place = Place::new()
            .home_file(format!("{}    orgUrl: https://acme.okta.com\n", values(&block())))
            .project_file(client_id);
        assert!(builds(&place), "to which app of the user's own org is no secret");
        assert!(matches!(place.source_of("okta.client.clientId"), Source::ProjectFile(_)));
        assert!(matches!(place.source_of("okta.client.privateKey"), Source::HomeFile(_)));
    }
}
