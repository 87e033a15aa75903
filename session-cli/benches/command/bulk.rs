//! `revoke --from`: beside the client alone, over a long list, and beside what an org's limit allows.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt};
use session_client::{Client, SessionId};
use session_testkit::fake::FakeOrg;

use crate::processes::{Org, command, peak_memory};
use crate::{Failure, Row, median};

/// Enough that the start of the process does not count.
const FREE: usize = 50_000;
const ROUNDS: usize = 7;

/// What the command has under way at the same time, unless it is told otherwise.
const CONCURRENCY: usize = 8;

const LONG_LIST: usize = 1_000_000;

/// The limit, and a list that needs three of its windows: the third one begins two minutes after the first.
const LIMIT: u64 = 600;
const WINDOW: Duration = Duration::from_secs(60);
const LIMITED: usize = 1_300;

/// How often the other client asks that the reserve is for: twice a second, a fifth of the limit.
const OTHER: Duration = Duration::from_millis(500);

/// Without a limit, the command and a program with nothing but the client take turns.
pub(crate) async fn free() -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    let list = write_list(folder.path(), FREE)?;
    let org = Org::start(folder.path())?;
    let (mut alone, mut by_command) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(revoke_all(&org).await?);
        let begin = Instant::now();
        revoke(&org, &list, folder.path())?;
        by_command.push(begin.elapsed());
    }
    let (alone, by_command) = (median(alone).as_secs_f64(), median(by_command).as_secs_f64());
    let mut rows = vec![
        (
            "`revoke --from` of 50,000 ids without a limit, beside the client alone",
            format!("{by_command:.2} s, {alone:.2} s: {:.2}", by_command / alone),
        ),
        ("from the start of `fake` until it listens", format!("{:.1} ms", org.started_in.as_secs_f64() * 1000.0)),
    ];
    if let Some(cpu) = org.cpu_time() {
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = (2 * ROUNDS * FREE) as f64 / cpu.as_secs_f64();
        rows.push(("requests that `fake` answers in a second of CPU time", format!("{rate:.0}")));
    }
    Ok(rows)
}

/// The same ids with as many under way, and nothing around it: no list, no report, no progress.
async fn revoke_all(org: &Org) -> Result<Duration, Failure> {
    let client = Client::builder(&org.url).api_token(&org.token).build()?;
    let begin = Instant::now();
    let calls = stream::iter((0..FREE).map(|index| {
        let client = &client;
        async move { client.revoke_session(&SessionId::new(id(index))?).await.map(drop) }
    }));
    let missing = calls.buffer_unordered(CONCURRENCY).filter(|outcome| {
        let is_missing = outcome.as_ref().is_err_and(session_client::Error::is_not_found);
        std::future::ready(is_missing)
    });
    if missing.count().await == FREE { Ok(begin.elapsed()) } else { Err("the org has these sessions".into()) }
}

pub(crate) fn long_list() -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    let list = write_list(folder.path(), LONG_LIST)?;
    let org = Org::start(folder.path())?;
    let mut process = revocation(&org.url, &org.token, &list, folder.path(), &[]).spawn()?;
    let peak = peak_memory(&mut process)?;
    let shown = peak.map_or("not told by this system".to_owned(), |peak| format!("{peak:.1} MB"));
    Ok(vec![("largest memory of `revoke --from` of 1,000,000 ids", shown)])
}

/// Two orgs at the same time: the command alone, and with a reserve beside another client.
pub(crate) async fn limited() -> Result<Vec<Row>, Failure> {
    let (alone, reserved) = tokio::try_join!(
        one_limited("1,300 ids at 600 a minute, alone", &["--reserve", "0%"], false),
        one_limited("1,300 ids at 600 a minute, with `--reserve 25%`", &["--reserve", "25%"], true),
    )?;
    Ok([alone, reserved].concat())
}

async fn one_limited(what: &'static str, arguments: &[&str], with_other: bool) -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    let list = write_list(folder.path(), LIMITED)?;
    let org = FakeOrg::builder().real_time().rate_limit(LIMIT, WINDOW).start().await?;
    let other = Client::builder(org.url()).api_token(org.api_token()).max_retries(0).build()?;
    let mut process =
        tokio::process::Command::from(revocation(&org.url(), &org.api_token(), &list, folder.path(), arguments))
            .spawn()?;
    let begin = Instant::now();
    let (mut asked, mut refused) = (0, 0);
    let took = loop {
        tokio::select! {
            ended = process.wait() => {
                ended?;
                break begin.elapsed().as_secs_f64();
            }
            () = tokio::time::sleep(OTHER), if with_other => {
                asked += 1;
                refused += u32::from(other.get_session(&SessionId::new("102other")?).await.is_err_and(|error| error.is_rate_limited()));
            }
        }
    };
    let too_many = org.take_requests().iter().filter(|request| request.status == Some(429)).count();
    let allowed = (2 * WINDOW).as_secs_f64();
    let mut figure =
        format!("{took:.1} s, {:.3} of the {allowed:.0} s that the limit asks for; {too_many} × 429", took / allowed);
    if with_other {
        write!(figure, "; the other client was refused {refused} of {asked} times")?;
    }
    Ok(vec![(what, figure)])
}

fn revocation(url: &str, token: &str, list: &Path, folder: &Path, arguments: &[&str]) -> std::process::Command {
    let mut revocation = command(&["revoke", "--accept-missing", "--output", "json"], folder);
    revocation.arg("--from").arg(list).args(arguments);
    revocation.env("OKTA_CLIENT_ORGURL", url).env("OKTA_CLIENT_TOKEN", token);
    revocation
}

fn revoke(org: &Org, list: &Path, folder: &Path) -> Result<(), Failure> {
    let status = revocation(&org.url, &org.token, list, folder, &[]).status()?;
    if status.success() { Ok(()) } else { Err(format!("the command has failed: {status}").into()) }
}

fn write_list(folder: &Path, count: usize) -> Result<PathBuf, Failure> {
    let mut text = String::new();
    for index in 0..count {
        writeln!(text, "{}", id(index))?;
    }
    let path = folder.join("ids.txt");
    fs::write(&path, text)?;
    Ok(path)
}

/// An id as long as Okta's, of no session.
fn id(index: usize) -> String {
    format!("102missing{index:015}")
}
