//! How it ends with the ids, and with the command.

use std::time::Duration;

use session_testkit::fake::Fault;

use crate::support::{LIST, Place, REPORT};

const REVOKE: &str = "--output json revoke --from ids.txt --report report.ndjson";

#[tokio::test]
async fn all_sessions_of_a_list_are_revoked() {
    let place = Place::new().await;
    let ids = place.sessions(40);
    place.write(LIST, ids.join("\n"));
    let ended = place.run("revoke --from ids.txt --report report.ndjson").await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.stdout, "revoked  40\nreport   report.ndjson\n");
    assert_eq!(ended.stderr, "");
    assert_eq!(place.org.sessions_alive(), 0);
    let mut recorded = place.recorded();
    recorded.sort_unstable();
    let expected: Vec<_> = (1..=40).map(|line| (line, "revoked".to_owned())).collect();
    assert_eq!(recorded, expected);
}

#[tokio::test]
async fn sessions_are_read_and_refreshed_in_the_same_way() {
    let place = Place::new().await;
    let ids = [place.sessions(3), place.unknown(1)].concat();
    place.write(LIST, ids.join("\n"));
    for (command, word, operation) in [("get", "found", "getSession"), ("refresh", "refreshed", "refreshSession")] {
        let ended = place.run(&format!("{command} --from ids.txt --accept-missing")).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert!(ended.stdout.starts_with(word), "{}", ended.stdout);
        let requests = place.org.take_requests();
        assert!(requests.len() == 4 && requests.iter().all(|request| request.operation == Some(operation)));
    }
    assert_eq!(place.org.sessions_alive(), 3);
}

#[tokio::test]
async fn not_found_is_no_success_unless_it_is_accepted() {
    let place = Place::new().await;
    let ids = [place.sessions(3), place.unknown(25)].concat();
    place.write(LIST, ids.join("\n"));
    let ended = place.run("revoke --from ids.txt --report report.ndjson").await;
    assert_eq!(ended.code, Some(3));
    assert!(ended.stdout.starts_with("revoked    3\nnot found  25\n"), "{}", ended.stdout);
    assert!(ended.stderr.contains("revoked 3 of 28; 25 not found"), "{}", ended.stderr);
    assert!(ended.stderr.contains("Not found is no success") && ended.stderr.contains("`sid`"), "{}", ended.stderr);

    let ended = place.run(&format!("{REVOKE}2 --accept-missing")).await;
    assert_eq!((ended.code, ended.counts()), (Some(0), [0, 28, 0, 0, 0]));
}

#[tokio::test]
async fn twenty_ids_at_the_start_that_are_not_found_stop_the_run() {
    let place = Place::new().await;
    place.write(LIST, place.unknown(100).join("\n"));
    let ended = place.run("--output json revoke --from ids.txt --concurrency 50 --report report.ndjson").await;
    assert_eq!((ended.code, ended.counts()), (Some(3), [0, 20, 0, 0, 80]));
    assert_eq!(ended.json()["stopped"], "nothing_found");
    assert!(ended.stderr.contains("none of the first 20 ids is that of a session"), "{}", ended.stderr);
    assert_eq!(place.org.requests().len(), 20);

    let ended = place.run("--output json revoke --from ids.txt --resume report.ndjson --accept-missing").await;
    assert_eq!((ended.code, ended.counts()), (Some(0), [0, 100, 0, 0, 0]));
    assert_eq!(place.org.requests().len(), 100);
}

#[tokio::test]
async fn a_refused_token_stops_the_run_and_a_good_one_goes_on() {
    for (token, status) in [(Some("00wrongWrongWrongWrongWrongWrong"), 401), (None, 403)] {
        let place = Place::new().await;
        let ids = place.sessions(30);
        place.write(LIST, ids.join("\n"));
        let mut command = place.command(REVOKE);
        if let Some(token) = token {
            command.env("OKTA_CLIENT_TOKEN", token);
        } else {
            place.org.fault(Fault::status(403));
        }
        let ended = place.end(command.spawn().unwrap()).await;
        assert_eq!((ended.code, ended.counts()), (Some(3), [0, 0, 1, 0, 29]), "{}", ended.stderr);
        assert!(ended.stderr.contains(&status.to_string()), "{}", ended.stderr);
        assert_eq!(ended.json()["stopped"], "refused");
        assert_eq!(place.org.requests().len(), 1);

        let ended = place.run("--output json revoke --from ids.txt --resume report.ndjson").await;
        assert_eq!((ended.code, ended.counts()), (Some(0), [30, 0, 0, 0, 0]), "{}", ended.stderr);
        assert_eq!(place.org.sessions_alive(), 0);
    }
}

#[tokio::test]
async fn passing_faults_are_no_failures() {
    let faults = ["503", "empty", "html", "cut", "reset", "429"];
    for fault in faults {
        let place = Place::with(|org| org.rate_limit(600, Duration::from_secs(1))).await;
        place.write(LIST, place.sessions(10).join("\n"));
        place.org.fault(fault.parse().unwrap());
        let ended = place.run(REVOKE).await;
        assert_eq!((ended.code, ended.counts()), (Some(0), [10, 0, 0, 0, 0]), "{fault} {}", ended.stderr);
        assert_eq!((place.org.sessions_alive(), place.org.requests().len()), (0, 11), "{fault}");
    }
}

#[tokio::test]
async fn what_failed_and_what_is_in_doubt_is_told_apart_and_sent_again() {
    let place = Place::new().await;
    let ids = place.sessions(5);
    place.write(LIST, ids.join("\n"));
    for fault in [Fault::status(500), Fault::status(503), Fault::html(), Fault::reset_connection()] {
        place.org.fault(fault);
    }
    let once = "--concurrency 1 --max-retries 0";
    let ended = place.run(&format!("{REVOKE} {once}")).await;
    assert_eq!((ended.code, ended.counts()), (Some(3), [1, 0, 2, 2, 0]), "{}", ended.stderr);
    let outcomes: Vec<_> = place.recorded().into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, ["failed", "failed", "in_doubt", "in_doubt", "revoked"]);
    // The reset came after the org had done it, the page of the gateway before.
    assert_eq!([true, true, true, false, false], [0, 1, 2, 3, 4].map(|index: usize| place.is_alive(&ids[index])));

    // What was sent without an answer and is gone was revoked.
    let ended = place.run("--output json revoke --from ids.txt --resume report.ndjson").await;
    assert_eq!((ended.code, ended.counts()), (Some(0), [5, 0, 0, 0, 0]), "{}", ended.stderr);
    assert_eq!(ended.json()["earlier"]["done"], 1);
    assert_eq!(place.asked()[&ids[4]], 1);
}

#[tokio::test]
async fn an_org_that_cannot_be_reached_fails_every_id_and_none_is_in_doubt() {
    let place = Place::new().await;
    place.write(LIST, place.sessions(2).join("\n"));
    let mut command = place.command(&format!("{REVOKE} --max-retries 0"));
    let ended = place.end(command.env("OKTA_CLIENT_ORGURL", "http://127.0.0.1:1").spawn().unwrap()).await;
    assert_eq!((ended.code, ended.counts()), (Some(3), [0, 0, 2, 0, 0]), "{}", ended.stderr);
}

#[tokio::test]
async fn the_rate_limit_is_kept_and_a_share_of_it_left_to_others() {
    let place = Place::with(|org| org.rate_limit(8, Duration::from_secs(5))).await;
    place.write(LIST, place.sessions(10).join("\n"));
    let run = place.run("revoke --from ids.txt --reserve 25% --report report.ndjson");
    let others = async {
        // Six of eight places are taken, and the rest waits.
        place.until_asked(6).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        place.org.requests().len()
    };
    let (ended, asked) = tokio::join!(run, others);
    assert_eq!(asked, 6);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let requests = place.org.requests();
    assert!(requests.len() == 10 && requests.iter().all(|request| request.status == Some(204)));
    // Off a terminal, a line every few seconds.
    let line = ended.stderr.lines().next().unwrap();
    assert!(line.contains(" of 10, ") && line.contains(" revoked, ") && line.contains(" left"), "{line}");
    assert!(std::fs::metadata(place.path(REPORT)).is_ok());
}

#[tokio::test]
async fn an_id_that_the_rate_limit_had_no_place_for_comes_again() {
    let place = Place::with(|org| org.rate_limit(600, Duration::from_secs(1))).await;
    place.write(LIST, place.sessions(6).join("\n"));
    place.org.fault(Fault::status(429).times(2));
    let ended = place.run(&format!("{REVOKE} --max-retries 0")).await;
    assert_eq!((ended.code, ended.counts()), (Some(0), [6, 0, 0, 0, 0]), "{}", ended.stderr);
}
