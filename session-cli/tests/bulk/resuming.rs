//! A run that is killed, and the one that goes on from its report.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::time::Duration;

use session_testkit::fake::Fault;

use crate::support::{LIST, Place, REPORT};

const CONCURRENCY: usize = 4;
const RESUME: &str = "--output json revoke --from ids.txt --resume report.ndjson";

/// The lines of the list that a report settles, each once.
fn settled(place: &Place) -> HashSet<u64> {
    let recorded = place.recorded();
    let lines: HashSet<u64> = recorded.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines.len(), recorded.len(), "an id is recorded twice");
    lines
}

#[tokio::test]
async fn after_a_kill_what_is_recorded_is_not_repeated_and_every_id_is_accounted_for() {
    const IDS: usize = 80;
    let place = Place::new().await;
    let ids = place.sessions(IDS);
    place.write(LIST, ids.join("\n"));
    place.org.fault(Fault::delay(Duration::from_millis(20)).times(10_000));

    // Killed in the middle, and once more.
    let mut child = place.start(&format!("revoke --from ids.txt --concurrency {CONCURRENCY} --report report.ndjson"));
    place.until_asked(IDS / 3).await;
    child.kill().await.unwrap();
    let mut recorded = settled(&place);
    assert!((IDS / 3 - CONCURRENCY..=IDS / 3 + CONCURRENCY).contains(&recorded.len()), "{}", recorded.len());
    OpenOptions::new().append(true).open(place.path(REPORT)).unwrap().write_all(b"{\"line\":99,\"id_ha").unwrap();

    let mut child = place.start(&format!("{RESUME} --concurrency {CONCURRENCY}"));
    place.until_asked(2 * IDS / 3).await;
    child.kill().await.unwrap();
    let second = settled(&place);
    assert!(second.is_superset(&recorded) && second.len() < IDS);
    recorded = second;

    let ended = place.run(RESUME).await;
    let repeated = place.asked().values().filter(|times| **times > 1).count();
    let [done, not_found, failed, in_doubt, left] = ended.counts();
    assert_eq!((done + not_found, failed, in_doubt, left), (IDS as u64, 0, 0, 0), "{}", ended.stderr);
    // The org may have done what was under way when the run was killed: the next run does not find it.
    assert!(not_found <= 2 * CONCURRENCY as u64 && repeated <= 2 * CONCURRENCY, "{not_found} {repeated}");
    assert_eq!(ended.code, Some(if not_found == 0 { 0 } else { 3 }));
    assert_eq!(place.org.sessions_alive(), 0);

    // The org's own record against the report.
    assert_eq!(settled(&place), (1..=IDS as u64).collect());
    let asked = place.asked();
    let mut requests = 0;
    for (id, line) in ids.iter().zip(1_u64..) {
        assert!(asked[id] == 1 || (asked[id] <= 3 && !recorded.contains(&line)) || asked[id] == 2, "line {line}");
        requests += asked[id];
    }
    assert_eq!(requests, place.org.requests().len());
    let gone = place.org.requests().iter().filter(|request| request.status == Some(404)).count();
    assert_eq!(gone as u64, not_found);

    // There is nothing left to do.
    let ended = place.run(&format!("{RESUME} --accept-missing")).await;
    assert_eq!((ended.code, place.org.requests().len()), (Some(0), requests));
}

#[tokio::test]
async fn a_run_goes_on_with_another_list_of_the_same_ids() {
    let place = Place::new().await;
    let ids = place.sessions(10);
    place.write(LIST, ids[..6].join("\n"));
    let ended = place.run("revoke --from ids.txt --report report.ndjson").await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    // In another order, in another form, with more of them.
    let rows: Vec<_> = ids.iter().rev().map(|id| format!("x,{id}\n")).collect();
    let ended =
        place.run_with("--output json revoke --from - --resume report.ndjson", format!("x,id\n{}", rows.concat()));
    let ended = ended.await;
    assert_eq!((ended.code, ended.counts()), (Some(0), [10, 0, 0, 0, 0]), "{}", ended.stderr);
    assert!(place.asked().values().all(|times| *times == 1));
}

#[tokio::test]
async fn without_a_name_the_report_is_named_by_command_and_time() {
    let place = Place::new().await;
    place.write(LIST, place.sessions(2).join("\n"));
    let ended = place.run("--output json revoke --from ids.txt").await;
    let json = ended.json();
    let name = json["report"].as_str().unwrap();
    assert!(name.starts_with("revoke-20") && place.path(name).is_file(), "{name}");
}
