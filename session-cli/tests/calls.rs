//! The operations by the command, against an org.

mod support;

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use session_client::SessionId;
use session_testkit::fake::{FakeOrg, Fault};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt};

use self::support::{Place, bare};

#[tokio::test]
async fn a_session_is_created_read_refreshed_and_revoked() {
    let place = Place::new().await;
    place.file("token", &format!("{}\n", place.org.session_token(FakeOrg::LOGIN).expose_secret()));
    let created = place.run(&["create", "--token-file", "token", "--id-file", "id"]).await;
    assert_eq!(created.code, Some(0), "{created:?}");
    assert!(created.stdout.contains("login              ada@example.com"), "{created:?}");

    let id = std::fs::read_to_string(place.path("id")).unwrap();
    assert!(place.org.is_alive(&SessionId::new(&id).unwrap()));
    for command in ["get", "refresh", "revoke"] {
        let ran = place.run_with_input(&[command, "-"], &id).await;
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(ran.stderr, "");
    }
    assert_eq!(place.operations(), ["createSession", "getSession", "refreshSession", "revokeSession"]);
    assert_eq!(place.org.sessions_alive(), 0);

    let again = place.run(&["revoke", id.trim()]).await;
    assert_eq!(again.code, Some(4), "{again:?}");
    assert!(again.stderr.contains("request id req"), "{again:?}");
}

#[tokio::test]
async fn the_session_of_a_browser_is_read_refreshed_and_closed_without_the_api_token() {
    let place = Place::new().await;
    let cookie = place.org.browser_cookie(FakeOrg::LOGIN);
    place.file("cookie", cookie.expose_secret());
    let read = place.run(&["me", "get", "--cookie-file", "cookie", "--output", "json"]).await.json();
    assert_eq!(read["login"], FakeOrg::LOGIN);
    let refreshed = place.command(&["me", "refresh"]).env("OKTA_SESSION_COOKIE", cookie.expose_secret()).output().await;
    assert!(refreshed.unwrap().status.success());
    let closed = place.run_with_input(&["me", "close", "--cookie-file", "-"], cookie.expose_secret()).await;
    assert_eq!((closed.code, closed.stdout.as_str()), (Some(0), "closed the session of the cookie\n"));
    assert!(place.org.requests().iter().all(|request| request.header("authorization").is_none()));

    let nobody = place.run(&["me", "get", "--cookie-file", "cookie"]).await;
    assert_eq!(nobody.code, Some(4));
    assert!(nobody.stderr.contains("Nobody is signed in"), "{nobody:?}");
}

#[tokio::test]
async fn json_is_the_session_as_the_org_gave_it_with_ids_only_if_asked_for() {
    let place = Place::new().await;
    let id = place.session().await;
    let shown = place.run(&["get", id.expose_secret(), "--output", "json", "--show-ids"]).await.json();
    assert_eq!(shown["id"], id.expose_secret());
    assert!(shown.as_object().unwrap()["lastFactorVerification"].is_null(), "as the API gave it");
    let masked = place.run(&["get", id.expose_secret(), "--output", "json"]).await.json();
    assert_eq!(masked["_links"]["self"]["href"], format!("{}/api/v1/sessions/***", place.org.url()));
    let others = |session: &Value| {
        let mut session = session.clone();
        for name in ["id", "_links"] {
            session[name].take();
        }
        session
    };
    assert_eq!(others(&masked), others(&shown));
    assert_eq!(masked["mfaActive"], false);

    let revoked = place.run(&["revoke", id.expose_secret(), "--output", "json"]).await.json();
    assert_eq!((&revoked["outcome"], &revoked["status"]), (&"revoked".into(), &204.into()));
}

#[tokio::test]
async fn no_secret_shows_anywhere() {
    let place = Place::new().await;
    let id = place.session().await;
    let token = place.org.session_token(FakeOrg::LOGIN);
    let cookie = place.org.browser_cookie(FakeOrg::LOGIN);
    place.file("token", token.expose_secret()).file("cookie", cookie.expose_secret());
    let api_token = place.org.api_token();
    place.org.fault(Fault::status(503).of("getSession").times(1));
    let commands: [&[&str]; 12] = [
        &["get", id.expose_secret()],
        &["refresh", id.expose_secret()],
        &["me", "get", "--cookie-file", "cookie"],
        &["me", "refresh", "--cookie-file", "cookie"],
        &["me", "get", "--cookie-file", "token"],
        &["me", "close", "--cookie-file", "cookie"],
        &["create", "--token-file", "token"],
        &["create", "--token-file", "token"],
        &["create", token.expose_secret()],
        &["revoke", id.expose_secret()],
        &["revoke", id.expose_secret()],
        &["config"],
    ];
    let secrets = [id.expose_secret(), token.expose_secret(), &cookie.expose_secret()["sid=".len()..], &api_token];
    for command in commands {
        for form in ["table", "json"] {
            let ran = place.run(&[command, &["-v", "--output", form]].concat()).await;
            for secret in secrets {
                assert!(!format!("{ran:?}").contains(secret), "{command:?}: {ran:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_failure_is_one_json_object_with_everything_that_is_known() {
    let place = Place::new().await;
    let id = place.session().await;
    let get = ["get", id.expose_secret(), "--output", "json", "--max-retries", "0"];

    place.org.fault(Fault::status(429).of("getSession"));
    let limited = place.run(&get).await;
    let error = limited.error();
    assert_eq!(limited.code, Some(1));
    assert_eq!((&error["operation"], &error["kind"]), (&"getSession".into(), &"status".into()));
    assert_eq!((&error["status"], &error["code"]), (&429.into(), &"E0000047".into()));
    assert_eq!(error["attempts"], 1);
    assert!(error["retry_after_s"].as_f64().unwrap() > 1.0, "{error}");
    assert!(error["request_id"].as_str().unwrap().starts_with("req"), "{error}");
    assert_eq!(limited.stdout, "");

    place.org.fault(Fault::html().of("getSession"));
    let error = place.run(&get).await.error();
    assert_eq!((&error["status"], &error["code"], &error["request_id"]), (&502.into(), &Value::Null, &Value::Null));

    let refused = place.command(&get).env("OKTA_CLIENT_TOKEN", "wrong").output().await.unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let usage = place.run(&["get", "--output", "json"]).await;
    assert_eq!((usage.code, &usage.error()["kind"]), (Some(2), &"usage".into()));
}

#[tokio::test]
async fn a_short_outage_is_bridged_and_told_of_under_v() {
    let place = Place::new().await;
    let id = place.session().await;
    place.org.fault(Fault::status(503).of("refreshSession"));
    let ran = place.run(&["refresh", id.expose_secret(), "-v"]).await;
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.contains("retry") && ran.stderr.contains("http.response.status_code=503"), "{ran:?}");
}

#[tokio::test]
async fn without_an_answer_it_is_told_what_may_be_done_and_what_to_try() {
    let place = Place::new().await;
    let id = place.session().await;
    let (lost, late) = (Fault::reset_connection, || Fault::delay(Duration::from_secs(3600)));
    let doubt = "It may be done all the same; look before you try again.";
    let cases = [
        ("get", lost(), "Try again later.", false),
        ("revoke", lost(), doubt, true),
        ("get", late(), "A longer --deadline gives it more time.", false),
        ("revoke", late(), "A longer --deadline gives it more time.", true),
    ];
    for (name, fault, advice, is_in_doubt) in cases {
        place.org.fault(fault);

        let ran = place.run(&[name, id.expose_secret(), "--max-retries", "0", "--deadline", "300ms"]).await;

        let told = ran.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(advice), "{name}: {told}");
        assert_eq!(told.contains(doubt), is_in_doubt, "{name}: {told}");
    }
}

#[tokio::test]
async fn a_404_that_is_not_oktas_says_nothing_of_a_session() {
    let place = Place::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = stream.read(&mut [0; 4096]).await.unwrap();
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        std::future::pending::<()>().await;
    });
    let ran = place.run(&["get", "102exampleExampleExample1", "--org-url", &gateway]).await;
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("Is the URL that of an Okta org?"), "{ran:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_of_an_id_is_new_and_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new().await;
    let token = || place.org.session_token(FakeOrg::LOGIN).expose_secret().to_owned();
    let create = |file| ["create", "--token-file", "-", "--id-file", file];
    place.run_with_input(&create("id"), &token()).await;
    assert_eq!(std::fs::metadata(place.path("id")).unwrap().permissions().mode() & 0o777, 0o600);
    let _ = place.org.take_requests();

    place.file("other", "kept");
    std::os::unix::fs::symlink(place.path("elsewhere"), place.path("link")).unwrap();
    for (file, code) in [("other", 2), ("link", 2), ("missing/id", 1)] {
        let ran = place.run_with_input(&create(file), &token()).await;
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(ran.stderr.contains("Nothing was sent."), "{ran:?}");
    }
    assert_eq!(std::fs::read_to_string(place.path("other")).unwrap(), "kept");
    assert!(place.org.requests().is_empty() && !place.path("elsewhere").exists());

    let failed = place.run_with_input(&create("unused"), "20111spentSpentSpent").await;
    assert_eq!(failed.code, Some(1));
    assert!(!place.path("unused").exists());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_session_whose_id_cannot_be_written_down_is_revoked() {
    let place = Place::new().await;
    let token = place.org.session_token(FakeOrg::LOGIN);
    // Files have no room at all.
    let line = format!("ulimit -f 0; trap '' XFSZ; exec {} create --id-file id", support::BIN);
    let mut command = tokio::process::Command::new("sh");
    command.args(["-c", &line]).env_clear().current_dir(place.folder.path());
    command.env("OKTA_CLIENT_ORGURL", place.org.url()).env("OKTA_CLIENT_TOKEN", place.org.api_token());
    let ran: support::Ran = command.env("OKTA_SESSION_TOKEN", token.expose_secret()).output().await.unwrap().into();
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("is revoked"), "{ran:?}");
    assert_eq!(place.operations(), ["createSession", "revokeSession"]);
    assert_eq!(place.org.sessions_alive(), 0);
    assert!(!place.path("id").exists());
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_nothing_with_a_panic() {
    let place = Place::new().await;
    let id = place.session().await;
    let commands: [&[&str]; 4] = [&["get", id.expose_secret()], &["demo", "--in-memory"], &["--help"], &["man"]];
    for command in commands {
        let mut child = place.command(command).spawn().unwrap();
        drop(child.stdout.take());
        let ran = support::Ran::from(child.wait_with_output().await.unwrap());
        assert_eq!(ran.code, Some(0), "{command:?}: {ran:?}");
        assert!(!ran.stderr.contains("panicked"), "{ran:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_a_call_with_130() {
    let place = Place::new().await;
    let id = place.session().await;
    place.org.fault(Fault::delay(Duration::from_secs(3600)));
    let child = place.command(&["revoke", id.expose_secret()]).spawn().unwrap();
    while place.org.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let pid = child.id().unwrap().to_string();
    assert!(tokio::process::Command::new("kill").args(["-INT", &pid]).status().await.unwrap().success());
    let ran = support::Ran::from(child.wait_with_output().await.unwrap());
    assert_eq!(ran.code, Some(130));
    assert!(ran.stderr.contains("may be done all the same"), "{ran:?}");
}

#[tokio::test]
async fn secrets_are_not_taken_from_what_is_no_secret() {
    let place = Place::new().await;
    let cases: [(&[&str], &str, &str); 5] = [
        (&["create", "--token-file", "-"], "", "session token: must not be empty"),
        (&["create", "--token-file", "missing"], "", "session token (missing): cannot be read"),
        (&["me", "get", "--cookie-file", "-"], "sid=a; sid=b", "must not hold the same cookie twice"),
        (&["get", "-"], "102aaa\n102bbb\n", "session id: must consist of"),
        (&["get", "../users"], "", "session id: must consist of"),
    ];
    for (command, input, rule) in cases {
        let ran = place.run_with_input(command, input).await;
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(rule), "{ran:?}");
    }
    assert!(place.org.requests().is_empty());
}

#[tokio::test]
async fn colours_are_for_terminals_and_not_under_no_color() {
    let place = Place::new().await;
    let run = async |variables: &[(&str, &str)]| {
        let mut command = bare(&["demo"], place.folder.path());
        let output = command.envs(variables.iter().copied()).output().await.unwrap();
        String::from_utf8(output.stdout).unwrap().contains('\u{1b}')
    };
    assert!(!run(&[]).await);
    assert!(run(&[("CLICOLOR_FORCE", "1")]).await);
    assert!(!run(&[("NO_COLOR", "1")]).await);
}

#[tokio::test]
async fn the_demo_runs_all_seven_operations_on_an_org_that_is_configured_and_leaves_no_session() {
    let place = Place::new().await;
    let token = || place.org.session_token(FakeOrg::LOGIN).expose_secret().to_owned();
    let ran = place.run_with_input(&["demo", "--token-file", "-"], &token()).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let mut operations = place.operations();
    operations.sort_unstable();
    operations.dedup();
    assert_eq!(operations.len(), 7, "{operations:?}");
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);

    place.org.fault(Fault::status(500).of("getCurrentSession"));
    let failed = place.run_with_input(&["demo", "--token-file", "-"], &token()).await;
    assert_eq!(failed.code, Some(1));
    assert!(failed.stdout.contains("500") && failed.stdout.contains("revokeSession"), "{failed:?}");
    assert_eq!(place.org.sessions_alive(), 0);

    let steps = place.run(&["demo", "--in-memory", "--output", "json"]).await.json();
    assert_eq!(steps.as_array().unwrap().len(), 9);
    assert_eq!(steps[8]["status"], 404);
}

#[tokio::test]
async fn the_org_in_memory_serves_others_until_it_is_stopped() {
    let place = Place::new().await;
    let mut child =
        bare(&["fake", "--port", "0", "--seed", "7"], place.folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = tokio::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let mut variables = Vec::new();
    for _ in 0..5 {
        let line = lines.next_line().await.unwrap().unwrap();
        let (name, value) = line.split_once('=').unwrap();
        variables.push((name.to_owned(), value.to_owned()));
    }
    let names: Vec<&str> = variables.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "OKTA_CLIENT_ORGURL",
        "OKTA_CLIENT_TOKEN",
        "OKTA_TESTING_TESTINGDISABLEHTTPSCHECK",
        "OKTA_FAKE_LOGIN",
        "OKTA_FAKE_PASSWORD",
    ];
    assert_eq!(names, expected);
    let mut get = bare(&["get", "102exampleExampleExample1"], place.folder.path());
    assert_eq!(get.envs(variables).output().await.unwrap().status.code(), Some(4));
}
