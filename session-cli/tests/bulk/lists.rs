//! What is read, and what is told of it before anything is sent.

use crate::support::{LIST, Place};

#[tokio::test]
async fn a_list_is_read_as_lines_csv_and_ndjson_from_a_file_or_standard_input() {
    let forms: [fn(&[String]) -> String; 4] = [
        |ids| format!("\u{feff}# by the incident team\r\n\r\n{}\r\n", ids.join("\r\n")),
        |ids| ids.join("\n"),
        |ids| {
            let rows: Vec<_> = ids.iter().map(|id| format!("\"Ada, \"\"A\"\"\nL.\",{id},now\r\n")).collect();
            format!("\u{feff}who,ID,when\r\n{}", rows.concat())
        },
        |ids| {
            let objects: Vec<_> = ids.iter().map(|id| format!("{{\"login\":\"ada\",\"id\":\"{id}\"}}\n")).collect();
            objects.concat()
        },
    ];
    let place = Place::new().await;
    for (index, form) in forms.iter().enumerate() {
        for from_stdin in [false, true] {
            let list = form(&place.sessions(12));
            let options = format!("--output json revoke --report {index}{from_stdin}.ndjson --from");
            let ended = if from_stdin {
                place.run_with(&format!("{options} -"), list).await
            } else {
                place.write(LIST, list);
                place.run(&format!("{options} ids.txt")).await
            };
            assert_eq!((ended.code, ended.counts()), (Some(0), [12, 0, 0, 0, 0]), "{index} {}", ended.stderr);
        }
    }
    assert_eq!(place.org.sessions_alive(), 0);
}

#[tokio::test]
async fn a_pipe_that_is_named_as_a_file_is_read_once() {
    let place = Place::new().await;
    let ids = place.sessions(3);
    let ended = place.run_with("--output json revoke --from /dev/stdin", ids.join("\n")).await;
    assert_eq!((ended.code, ended.counts()), (Some(0), [3, 0, 0, 0, 0]), "{}", ended.stderr);
}

#[tokio::test]
async fn bad_lines_are_told_by_number_and_the_rest_goes_on() {
    let place = Place::new().await;
    let ids = place.sessions(3);
    let secret = format!("{} {}", ids[0], ids[1]);
    place.write(LIST, format!("{}\n{secret}\n{}\nme\n{}\n", ids[0], ids[1], ids[2]));
    let ended = place.run("revoke --from ids.txt --report report.ndjson").await;
    assert_eq!(ended.code, Some(3));
    let told: Vec<_> = ended.stderr.lines().take(2).collect();
    assert!(
        told[0].starts_with("line 2 is passed over: ") && told[1].starts_with("line 4 is passed over: "),
        "{told:?}"
    );
    assert!(ended.stdout.contains("revoked    3\nbad lines  2\n"), "{}", ended.stdout);
    assert_eq!(place.org.sessions_alive(), 0);
    let bad: Vec<_> = place.recorded().into_iter().filter(|(_, outcome)| outcome == "bad_line").collect();
    assert_eq!(bad, [(2, "bad_line".to_owned()), (4, "bad_line".to_owned())]);

    // They are recorded once.
    let ended = place.run("--output json revoke --from ids.txt --resume report.ndjson").await;
    assert_eq!((ended.code, ended.counts()), (Some(3), [3, 0, 0, 0, 0]));
    assert_eq!(ended.json()["bad_lines"]["first"][1]["line"], 4);
    assert_eq!(place.recorded().len(), 5);
}

#[tokio::test]
async fn a_duplicate_is_sent_once() {
    let place = Place::new().await;
    let ids = place.sessions(5);
    place.write(LIST, [ids.clone(), ids.clone(), ids.clone()].concat().join("\n"));
    let ended = place.run("--output json revoke --from ids.txt").await;
    assert_eq!((ended.code, ended.counts()), (Some(0), [5, 0, 0, 0, 0]));
    assert_eq!(ended.json()["duplicates"], 10);
    assert!(place.asked().values().all(|times| *times == 1));
}

#[tokio::test]
async fn a_dry_run_sends_and_writes_nothing() {
    let place = Place::new().await;
    let ids = place.sessions(4);
    place.write(LIST, format!("{}\n{}\na b\n", ids.join("\n"), ids[0]));
    let ended = place.run("revoke --from ids.txt --report report.ndjson --dry-run").await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.starts_with("would send  4\nduplicates  1\nbad lines   1\n"), "{}", ended.stdout);
    assert!(place.org.requests().is_empty());
    let files: Vec<_> = std::fs::read_dir(place.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, [LIST]);

    place.run("revoke --from ids.txt --report report.ndjson").await;
    let ended = place.run("--output json revoke --from ids.txt --resume report.ndjson --dry-run").await;
    assert_eq!(ended.json()["would_send"], 0);
    assert_eq!(ended.json()["earlier"]["done"], 4);
    assert_eq!(place.org.requests().len(), 4);
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_before_anything_is_sent() {
    let place = Place::new().await;
    place.write(LIST, place.sessions(2).join("\n"));
    place.write("utf16.txt", b"\xff\xfe1\x000\x00");
    place.write("other.ndjson", "{}\n");
    let cases = [
        ("revoke --from none.txt", 2),
        ("revoke --from utf16.txt", 2),
        ("revoke --from ids.txt --resume none.ndjson", 2),
        ("revoke --from ids.txt --resume other.ndjson", 2),
        ("revoke --from ids.txt --report ids.txt", 2),
        ("revoke --from ids.txt --report a --resume b", 2),
        ("revoke --from ids.txt --concurrency 0", 2),
        ("revoke --from ids.txt --reserve 100%", 2),
        ("revoke --resume report.ndjson", 2),
        ("revoke --report report.ndjson 102", 2),
        ("revoke --dry-run 102", 2),
        ("revoke 102 --accept-missing", 2),
        ("revoke 102 --from ids.txt", 2),
        ("revoke --dry-run", 2),
    ];
    for (arguments, code) in cases {
        let ended = place.run(arguments).await;
        assert_eq!(ended.code, Some(code), "{arguments}: {}", ended.stderr);
        assert!(ended.stdout.is_empty() && !ended.stderr.is_empty(), "{arguments}");
    }
    assert!(place.org.requests().is_empty());
}

#[tokio::test]
async fn an_empty_list_is_done() {
    let place = Place::new().await;
    place.write(LIST, "# none\n");
    let ended = place.run("revoke --from ids.txt").await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), "ids.txt holds no ids\n"));
}
