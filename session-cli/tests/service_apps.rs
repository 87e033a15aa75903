//! The command as a service app, with a private key in place of an API token.

mod support;

use session_client::SessionId;
use session_testkit::fake::Fault;
use tokio::process::Command;

use self::support::{Place, Ran};

const CLIENT_ID: &str = "0oaExampleService";
const KEY: &str = include_str!("../../session-client/src/oauth/tests/keys/p256.pkcs8.pem");
/// A part of the key.
const SECRET: &str = "MIGHAgEAMBMGByqGSM49";

/// An org that knows the app with these scopes, and the key in a file.
async fn place(scopes: &[&str]) -> (Place, SessionId) {
    let place = Place::new().await;
    place.file("key.pem", KEY);
    place.org.register_client(CLIENT_ID, KEY, scopes).unwrap();
    let id = place.session().await;
    (place, id)
}

fn command(place: &Place, arguments: &[&str]) -> Command {
    let mut command = place.command(arguments);
    command
        .env_remove("OKTA_CLIENT_TOKEN")
        .env("OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey")
        .env("OKTA_CLIENT_CLIENTID", CLIENT_ID)
        .env("OKTA_CLIENT_PRIVATEKEY", "key.pem");
    command
}

async fn run(command: &mut Command) -> Ran {
    let ran: Ran = command.output().await.unwrap().into();
    assert!(!format!("{ran:?}").contains(SECRET), "{ran:?}");
    ran
}

/// What the command advises after a failure, on one line.
fn advice(ran: &Ran) -> String {
    assert_eq!(ran.code, Some(1), "{ran:?}");
    ran.stderr.lines().skip(1).map(str::trim).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn an_app_reads_refreshes_and_revokes_with_and_without_dpop() {
    for demand_dpop in [false, true] {
        let (place, id) = place(&["okta.sessions.read", "okta.sessions.manage"]).await;
        place.org.demand_dpop(demand_dpop);
        for operation in ["get", "refresh", "revoke"] {
            let ran = run(&mut command(&place, &[operation, id.expose_secret()])).await;
            assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        }
        assert!(!place.org.is_alive(&id));
        let kinds: Vec<_> = place.org.token_requests().iter().filter_map(|request| request.token_type).collect();
        assert_eq!(kinds, [if demand_dpop { "DPoP" } else { "Bearer" }; 3]);
    }
}

#[tokio::test]
async fn the_settings_of_an_app_are_shown_without_its_key() {
    let (place, _) = place(&[]).await;
    for key in ["key.pem", KEY] {
        let mut command = command(&place, &["config", "--verbose"]);
        let ran = run(command.env("OKTA_CLIENT_PRIVATEKEY", key).env("OKTA_CLIENT_PRIVATEKEYID", "key-1")).await;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        let rows: Vec<_> =
            ran.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        for row in [
            "okta.client.authorizationMode PrivateKey OKTA_CLIENT_AUTHORIZATIONMODE",
            "okta.client.clientId 0oaExampleService OKTA_CLIENT_CLIENTID",
            "okta.client.scopes those of each operation default",
            "okta.client.privateKey *** OKTA_CLIENT_PRIVATEKEY",
            "okta.client.privateKeyId key-1 OKTA_CLIENT_PRIVATEKEYID",
        ] {
            assert!(rows.iter().any(|it| it == row), "{row}: {ran:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_of_the_token_endpoint_comes_with_what_to_do() {
    let (place, id) = place(&["okta.sessions.read"]).await;
    let get = || command(&place, &["get", id.expose_secret(), "--max-retries", "0"]);

    let unknown = run(get().env("OKTA_CLIENT_CLIENTID", "0oaOther")).await;
    assert!(unknown.stderr.contains("invalid_client"), "{unknown:?}");
    assert!(advice(&unknown).contains("compare clientId, privateKey and privateKeyId"), "{unknown:?}");

    let revoke = run(&mut command(&place, &["revoke", id.expose_secret()])).await;
    assert!(revoke.stderr.contains("invalid_scope"), "{revoke:?}");
    assert!(advice(&revoke).starts_with("Grant the app okta.sessions.read"), "{revoke:?}");

    let json = run(get().env("OKTA_CLIENT_CLIENTID", "0oaOther").args(["--output", "json"])).await.error();
    assert_eq!(
        (&json["kind"], &json["code"], &json["status"]),
        (&"credential".into(), &"invalid_client".into(), &401.into())
    );
    assert!(json["request_id"].as_str().is_some_and(|id| id.starts_with("req")), "{json}");

    place.file("token", "20111exampleExampleExample");
    let created = run(&mut command(&place, &["create", "--token-file", "token"])).await;
    assert_eq!(created.code, Some(2), "{created:?}");
    assert!(created.stderr.contains("Sessions are created with an API token"), "{created:?}");

    for (fault, hint) in [
        (Fault::status(503), "Try again later; https://status.okta.com"),
        (Fault::status(429), "Try again in"),
        (Fault::reset_connection(), "Check the org's URL, the network and the proxy"),
    ] {
        place.org.fault(fault.of("token"));
        let ran = run(&mut get()).await;
        assert!(advice(&ran).starts_with(hint), "{hint}: {ran:?}");
    }
}

#[tokio::test]
async fn a_list_is_left_at_the_first_id_when_there_is_no_token_for_any() {
    let (place, _) = place(&["okta.sessions.read"]).await;
    place.file("ids", "102aaaaaaaaaaaaaaaaaaaaaa\n102bbbbbbbbbbbbbbbbbbbbbb\n102cccccccccccccccccccccc\n");

    let ran = run(&mut command(&place, &["revoke", "--from", "ids"])).await;

    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stderr.contains("invalid_scope") && ran.stderr.contains("Grant the app"), "{ran:?}");
    assert!(!place.operations().contains(&"revokeSession"), "nothing was sent");
}
