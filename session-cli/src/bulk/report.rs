//! The report of a run: NDJSON, a line as each outcome is known. A run that was broken off goes on from it. There is no id
//! in it.
//!
//! ```json
//! {"report":1,"operation":"revokeSession","org":"https://acme.okta.com/","salt":"…32 hexadecimal digits…","concurrency":8,"at":"2026-01-22T07:00:00Z"}
//! {"line":1,"id_hash":"…","outcome":"revoked","status":204,"request_id":"…"}
//! {"line":2,"outcome":"bad_line","reason":"session id: must not be empty"}
//! ```

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use session_client::redact::printable;

use super::entries::BadLine;
use super::ids::{IdHash, Salt};
use super::lines::Lines;
use super::operation::Operation;
use super::outcome::Outcome;
use crate::failure::{Exit, Failure};

/// The form of the report.
const VERSION: u32 = 1;

/// A report that is being written.
#[derive(Debug)]
pub(super) struct Report {
    file: File,
    path: PathBuf,
    operation: Operation,
    org: String,
    salt: Salt,
}

/// The first line of each run.
#[derive(Debug, Serialize, Deserialize)]
struct Head<'a> {
    report: u32,
    operation: &'a str,
    org: &'a str,
    salt: Salt,
    concurrency: usize,
    at: &'a str,
}

/// How it ended with an id.
#[derive(Debug, Serialize)]
struct Record<'a> {
    line: u64,
    id_hash: IdHash,
    outcome: &'a str,
    status: Option<u16>,
    request_id: Option<&'a str>,
}

/// What an earlier run has left behind.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Earlier {
    /// How many requests may have been under way when it was broken off.
    pub(super) concurrency: usize,
    /// Lines that cannot be read. What they recorded is sent again.
    pub(super) unreadable: u64,
}

impl Report {
    /// Begins a report, in a new file that only its owner can read.
    pub(super) fn create(path: &Path, operation: Operation, org: &str, concurrency: usize) -> Result<Self, Failure> {
        let salt = Salt::random().map_err(|error| Failure::io("cannot get random numbers", &error.into()))?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            let failure = Failure::io(format_args!("cannot create the report {}", shown(path)), &error);
            match error.kind() {
                ErrorKind::AlreadyExists => Failure::usage(format!("the report {} exists already", shown(path)))
                    .with_hint(format!("To go on with it: --resume {}", shown(path))),
                _ => failure.with_hint("Name another place with --report."),
            }
        })?;
        let mut report = Self { file, path: path.to_owned(), operation, org: org.to_owned(), salt };
        report.lock()?;
        report.begin(concurrency)?;
        Ok(report)
    }

    /// Opens the report of an earlier run. Nothing is written yet.
    pub(super) fn resume(path: &Path, operation: Operation, org: &str) -> Result<Self, Failure> {
        let unusable = |reason: &str| Failure::usage(format!("cannot go on with {}: {reason}", shown(path)));
        let file = OpenOptions::new().read(true).append(true).open(path);
        let file = file.map_err(|error| unusable(&error.to_string()))?;
        let mut report = Self { file, path: path.to_owned(), operation, org: org.to_owned(), salt: Salt::default() };
        report.lock()?;
        let first = report.lines()?.next().map_err(|error| report.failed("read", &error))?.unwrap_or_default();
        let head: Head<'_> = serde_json::from_slice(&first.text).map_err(|_| unusable("it is no report of a run"))?;
        if head.report != VERSION {
            return Err(unusable("it is the report of another version of this command"));
        }
        if head.operation != operation.api().id {
            return Err(unusable("it is the report of another command"));
        }
        if head.org != org {
            return Err(unusable("it is the report of another org"));
        }
        report.salt = head.salt;
        Ok(report)
    }

    /// Two runs that write one report would send the same ids.
    fn lock(&self) -> Result<(), Failure> {
        match self.file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                Err(Failure::new(Exit::Usage, "usage", format!("another run is writing {}", shown(&self.path))))
            }
            // Where there are no locks it goes without.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
        }
    }

    pub(super) fn salt(&self) -> Salt {
        self.salt
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Hands out what the report holds, oldest first.
    pub(super) fn earlier(&self, mut each: impl FnMut(IdHash, Outcome)) -> Result<Earlier, Failure> {
        #[derive(Deserialize)]
        struct Line {
            id_hash: Option<IdHash>,
            outcome: Option<String>,
            concurrency: Option<usize>,
        }
        let mut lines = self.lines()?;
        let mut earlier = Earlier::default();
        while let Some(line) = lines.next().map_err(|error| self.failed("read", &error))? {
            let Ok(line) = serde_json::from_slice::<Line>(&line.text) else {
                // The end of a line is missing where a run was broken off while it wrote.
                earlier.unreadable += u64::from(!line.is_empty());
                continue;
            };
            earlier.concurrency = line.concurrency.unwrap_or(earlier.concurrency);
            let outcome = line.outcome.and_then(|word| Outcome::from_word(&word, self.operation));
            if let (Some(id), Some(outcome)) = (line.id_hash, outcome) {
                each(id, outcome);
            }
        }
        Ok(earlier)
    }

    /// Notes that a run begins.
    pub(super) fn begin(&mut self, concurrency: usize) -> Result<(), Failure> {
        let mut end_line = || -> io::Result<()> {
            if self.file.seek(SeekFrom::End(0))? == 0 {
                return Ok(());
            }
            let mut last = [0];
            self.file.seek(SeekFrom::End(-1))?;
            self.file.read_exact(&mut last)?;
            // What a run that was broken off was writing stays alone on its line.
            if last == *b"\n" { Ok(()) } else { self.file.write_all(b"\n") }
        };
        end_line().map_err(|error| self.failed("write", &error))?;
        let at = DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Secs, true);
        let operation = self.operation.api().id;
        let (org, salt) = (self.org.clone(), self.salt);
        self.write(&Head { report: VERSION, operation, org: &org, salt, concurrency, at: &at })
    }

    /// Records how it ended with the id on this line.
    pub(super) fn record(
        &mut self,
        line: u64,
        id_hash: IdHash,
        outcome: Outcome,
        status: Option<u16>,
        request_id: Option<&str>,
    ) -> Result<(), Failure> {
        self.write(&Record { line, id_hash, outcome: outcome.word(self.operation), status, request_id })
    }

    /// Records a line that holds no id.
    pub(super) fn bad_line(&mut self, bad: &BadLine) -> Result<(), Failure> {
        self.write(&serde_json::json!({"line": bad.line, "outcome": "bad_line", "reason": bad.reason}))
    }

    /// Writes a line in one piece, straight to the file: what is recorded stays recorded however this process ends.
    fn write(&mut self, line: &impl Serialize) -> Result<(), Failure> {
        let written = serde_json::to_vec(line).map_err(io::Error::from).and_then(|mut text| {
            text.push(b'\n');
            self.file.write_all(&text)
        });
        written.map_err(|error| self.failed("write", &error))
    }

    fn lines(&self) -> Result<Lines<BufReader<&File>>, Failure> {
        (&self.file).rewind().map_err(|error| self.failed("read", &error))?;
        Ok(Lines::new(BufReader::new(&self.file)))
    }

    fn failed(&self, verb: &str, error: &io::Error) -> Failure {
        Failure::io(format_args!("cannot {verb} the report {}", shown(&self.path)), error)
    }
}

/// Where a report goes if nobody says where: into the current folder, under the name of the command and the time.
pub(super) fn default_path(operation: Operation) -> PathBuf {
    let now = DateTime::<Utc>::from(SystemTime::now()).format("%Y%m%dT%H%M%S%3fZ");
    format!("{}-{now}.ndjson", operation.command()).into()
}

/// The path as a message may show it.
pub(super) fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use session_client::SessionId;

    use super::*;

    const ORG: &str = "https://acme.okta.com/";

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self) -> PathBuf {
            self.0.path().join("report.ndjson")
        }

        fn text(&self) -> String {
            std::fs::read_to_string(self.path()).unwrap()
        }
    }

    fn id(name: &str, salt: Salt) -> IdHash {
        salt.hash(&SessionId::new(name).unwrap())
    }

    fn written(folder: &Folder) -> Salt {
        let mut report = Report::create(&folder.path(), Operation::Revoke, ORG, 8).unwrap();
        let salt = report.salt();
        report.bad_line(&BadLine { line: 1, reason: "it is not UTF-8".to_owned() }).unwrap();
        report.record(2, id("102a", salt), Outcome::Done, Some(204), Some("request-1")).unwrap();
        report.record(3, id("102b", salt), Outcome::InDoubt, None, None).unwrap();
        salt
    }

    fn read(report: &Report) -> (Vec<(IdHash, Outcome)>, Earlier) {
        let mut records = Vec::new();
        let earlier = report.earlier(|id, outcome| records.push((id, outcome))).unwrap();
        (records, earlier)
    }

    #[test]
    fn what_is_recorded_is_read_by_the_next_run() {
        let folder = Folder::new();
        let salt = written(&folder);
        let mut report = Report::resume(&folder.path(), Operation::Revoke, ORG).unwrap();
        assert_eq!(report.salt(), salt);
        report.begin(3).unwrap();
        report.record(4, id("102c", salt), Outcome::NotFound, Some(404), None).unwrap();
        let (records, earlier) = read(&report);
        let expected = [("102a", Outcome::Done), ("102b", Outcome::InDoubt), ("102c", Outcome::NotFound)];
        assert_eq!(records, expected.map(|(name, outcome)| (id(name, salt), outcome)));
        assert_eq!(earlier, Earlier { concurrency: 3, unreadable: 0 });
        assert!(!folder.text().contains("102a") && folder.text().lines().count() == 6, "{}", folder.text());
    }

    #[test]
    fn a_report_torn_at_any_byte_keeps_all_lines_before() {
        let folder = Folder::new();
        let salt = written(&folder);
        let whole = folder.text();
        let head = whole.find('\n').unwrap() + 1;
        for length in 0..whole.len() {
            std::fs::write(folder.path(), &whole[..length]).unwrap();
            let Ok(mut report) = Report::resume(&folder.path(), Operation::Revoke, ORG) else {
                assert!(length < head - 1, "{length}");
                continue;
            };
            report.begin(8).unwrap();
            report.record(9, id("102d", salt), Outcome::Done, None, None).unwrap();
            // A line may be whole though its end is missing.
            let complete = whole.lines().skip(2).filter(|line| whole[..length].contains(line)).count();
            assert_eq!(read(&report).0.len(), complete + 1, "{length}");
        }
    }

    #[test]
    fn only_its_own_report_is_continued() {
        let folder = Folder::new();
        written(&folder);
        assert_eq!(Report::resume(&folder.path(), Operation::Get, ORG).unwrap_err().exit(), Exit::Usage);
        let other = Report::resume(&folder.path(), Operation::Revoke, "https://other.okta.com/").unwrap_err();
        assert_eq!(other.exit(), Exit::Usage);
        assert_eq!(Report::create(&folder.path(), Operation::Revoke, ORG, 1).unwrap_err().exit(), Exit::Usage);
        for text in ["", "\n", "102a\n", "{}\n", "{\"report\":2}\n"] {
            std::fs::write(folder.path(), text).unwrap();
            assert_eq!(
                Report::resume(&folder.path(), Operation::Revoke, ORG).unwrap_err().exit(),
                Exit::Usage,
                "{text:?}"
            );
        }
    }

    #[test]
    fn one_run_at_a_time_writes_a_report() {
        let folder = Folder::new();
        let _running = Report::create(&folder.path(), Operation::Revoke, ORG, 1).unwrap();
        assert!(Report::resume(&folder.path(), Operation::Revoke, ORG).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new();
        written(&folder);
        assert_eq!(std::fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
