//! Ctrl-C.
#![cfg(unix)]

use std::time::Duration;

use session_testkit::fake::Fault;
use tokio::process::{Child, Command};

use crate::support::{LIST, Place};

const REVOKE: &str = "--output json revoke --from ids.txt --concurrency 4 --report report.ndjson";
const RESUME: &str = "--output json revoke --from ids.txt --resume report.ndjson";

async fn signal(child: &Child, signal: &str) {
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-s", signal, &id]).status().await.unwrap().success());
}

#[tokio::test]
async fn the_first_finishes_what_is_under_way_and_says_how_to_go_on() {
    for name in ["INT", "TERM"] {
        let place = Place::new().await;
        place.write(LIST, place.sessions(60).join("\n"));
        place.org.fault(Fault::delay(Duration::from_millis(50)).times(10_000));
        let child = place.start(REVOKE);
        place.until_asked(15).await;
        signal(&child, name).await;
        let ended = place.end(child).await;
        assert_eq!(ended.code, Some(130), "{}", ended.stderr);
        assert_eq!(ended.json()["stopped"], "interrupted");
        let [done, .., left] = ended.counts();
        assert_eq!(done + left, 60);
        // Nothing was sent that is not recorded.
        assert_eq!((place.org.requests().len() as u64, place.recorded().len() as u64), (done, done));

        place.org.clear_faults();
        let ended = place.run(RESUME).await;
        assert_eq!((ended.code, ended.counts()), (Some(0), [60, 0, 0, 0, 0]), "{}", ended.stderr);
        assert_eq!(place.org.requests().len(), 60);
    }
}

#[tokio::test]
async fn the_second_stops_at_once() {
    let place = Place::new().await;
    place.write(LIST, place.sessions(20).join("\n"));
    place.org.fault(Fault::delay(Duration::from_millis(1)).times(5));
    place.org.fault(Fault::delay(Duration::from_secs(3600)).times(100));
    let mut child = place.start("revoke --from ids.txt --concurrency 4 --report report.ndjson");
    place.until_asked(9).await;
    signal(&child, "INT").await;
    place.until_it_says(&mut child, "Ctrl-C again stops at once").await;
    signal(&child, "INT").await;
    // Long before the org answers.
    let ended = place.end(child).await;
    assert_eq!(ended.code, Some(130), "{}", ended.stderr);
    assert!(ended.stderr.contains("revoked 5 of 20, 15 left, 4 of them perhaps sent"), "{}", ended.stderr);
    let go_on = "okta-session revoke --from ids.txt --resume report.ndjson";
    assert!(ended.stderr.contains(go_on), "{}", ended.stderr);

    place.org.clear_faults();
    let ended = place.run(RESUME).await;
    assert_eq!(ended.counts()[4], 0);
    assert_eq!(place.recorded().len(), 20);
}

#[tokio::test]
async fn a_wait_for_the_rate_limit_is_left_at_once() {
    let place = Place::with(|org| org.rate_limit(8, Duration::from_secs(60))).await;
    place.write(LIST, place.sessions(20).join("\n"));
    let child = place.start(REVOKE);
    place.until_recorded(6).await;
    signal(&child, "INT").await;
    // Long before the window ends.
    let ended = place.end(child).await;
    assert_eq!((ended.code, ended.counts()), (Some(130), [6, 0, 0, 0, 14]), "{}", ended.stderr);
}
