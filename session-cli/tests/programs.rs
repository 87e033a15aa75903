//! `fake` with a command, and the commands that need no org.

#![cfg(unix)]

mod support;

use std::process::Stdio;

use session_testkit::fake::FakeOrg;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use self::support::{BIN, Place, Ran, bare};

async fn fake(place: &Place, arguments: &[&str], script: &str) -> Ran {
    let arguments = [&["fake"], arguments, &["--", "/bin/sh", "-c", script]].concat();
    bare(&arguments, place.folder.path()).output().await.unwrap().into()
}

#[tokio::test]
async fn a_command_runs_with_the_org_and_its_exit_code_is_the_end() {
    let place = Place::new().await;
    let told = fake(&place, &[], "echo $OKTA_FAKE_LOGIN $OKTA_FAKE_PASSWORD; exit 7").await;
    assert_eq!((told.code, told.stdout), (Some(7), format!("{} {}\n", FakeOrg::LOGIN, FakeOrg::PASSWORD)));
    assert_eq!(fake(&place, &[], "kill -TERM $$").await.code, Some(143));
    let missing = bare(&["fake", "--", "no-such-program"], place.folder.path()).output().await.unwrap();
    assert_eq!(missing.status.code(), Some(2));
}

#[tokio::test]
async fn the_org_is_what_the_arguments_say() {
    let place = Place::new().await;
    let get = format!("{BIN} get 102exampleExampleExample1 --max-retries 0 --output json");
    let limited = fake(&place, &["--rate-limit", "0/60s"], &get).await;
    assert_eq!(limited.error()["status"], 429);
    let faulty = fake(&place, &["--fault", "getSession:2:500"], &format!("{get}; {get}; {get}")).await;
    let statuses: Vec<&str> =
        faulty.stderr.lines().map(|line| line.split_once("\"status\":").unwrap().1.get(..3).unwrap()).collect();
    assert_eq!(statuses, ["500", "500", "404"]);

    let seeded = async |seed| fake(&place, &["--seed", seed], "echo $OKTA_CLIENT_TOKEN").await.stdout;
    assert_eq!(seeded("1").await, seeded("1").await);
    assert_ne!(seeded("1").await, seeded("2").await);
}

#[tokio::test]
async fn the_apps_of_the_org_are_those_of_the_arguments() {
    let place = Place::new().await;
    let key = r#"{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    place.file("key.json", key);
    let arguments = ["fake", "--port", "0", "--app", "0oaOne=key.json", "--app", "0oaTwo=key.json", "--demand-dpop"];
    let mut org = bare(&arguments, place.folder.path()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let told = BufReader::new(org.stdout.take().unwrap()).lines().next_line().await.unwrap().unwrap();
    let address = told.strip_prefix("OKTA_CLIENT_ORGURL=http://").unwrap();

    let mut connection = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /_fake HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();

    let shown: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(shown["clients"], serde_json::json!(["0oaOne", "0oaTwo"]));
    assert_eq!(shown["demandDpop"], true);
}

#[tokio::test]
async fn settings_show_where_they_come_from_and_no_secret() {
    let place = Place::new().await;
    let yaml = |url: &str| format!("okta:\n  client:\n    orgUrl: {url}\n    token: 00canaryCanaryCanaryCanary\n");
    place.file("okta.yaml", &yaml("https://project.okta.com")).file("org.yaml", &yaml("https://named.okta.com"));
    let config = async |arguments: &[&str]| -> Ran {
        let arguments = [&["config", "--output", "json"], arguments].concat();
        bare(&arguments, place.folder.path()).output().await.unwrap().into()
    };
    let own = config(&[]).await;
    assert_eq!(own.json()[0]["value"], "https://project.okta.com");
    assert_eq!(own.json()[0]["source"], "./okta.yaml");
    let named = config(&["--config", "org.yaml", "--deadline", "5s", "--max-retries", "0"]).await;
    assert_eq!(named.json()[0]["source"], "org.yaml");
    let list = named.json();
    let of = |name: &str| list.as_array().unwrap().iter().find(|setting| setting["name"] == name).unwrap().clone();
    assert_eq!(of("okta.client.requestTimeout")["value"], "5s");
    assert_eq!(of("okta.client.rateLimit.maxRetries")["source"], "command line");
    assert!(!format!("{own:?} {named:?}").contains("Canary"));

    place.file("okta.yaml", "okta: {client: {orgUrl: 'https://evil.example'}}\n");
    let mut command = bare(&["config"], place.folder.path());
    let refused: Ran = command.env("OKTA_CLIENT_TOKEN", "00canaryCanaryCanaryCanary").output().await.unwrap().into();
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("a project's file decides for its own secrets only")
            && !refused.stderr.contains("Canary"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn there_are_completions_for_every_shell_and_a_page_for_every_command() {
    let place = Place::new().await;
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = place.run(&["completions", shell]).await;
        assert!(ran.code == Some(0) && ran.stdout.contains("okta-session"), "{shell}: {ran:?}");
    }
    assert!(place.run(&["man"]).await.stdout.contains(".TH okta-session 1"));
    assert_eq!(place.run(&["man", "--dir", "pages/man1"]).await.code, Some(0));
    for page in ["okta-session", "okta-session-create", "okta-session-me-get"] {
        assert!(place.path(&format!("pages/man1/{page}.1")).exists(), "{page}");
    }
}
