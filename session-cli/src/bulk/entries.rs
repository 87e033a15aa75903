//! The ids of a list: one a line, the column `id` of CSV, or the member `id` of JSON objects, one a line.

use std::io::{self, BufRead};

use serde::Deserialize;
use session_client::SessionId;

use super::csv::Column;
use super::lines::{Line, Lines};

/// What the ids stand under in CSV and JSON.
const NAME: &str = "id";

/// What a line of the list holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Id {
        line: u64,
        id: SessionId,
    },
    /// A line without an id that could be sent.
    Bad(BadLine),
}

/// A line that was passed over. It does not repeat what the line holds: that may be an id.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct BadLine {
    pub(super) line: u64,
    pub(super) reason: String,
}

/// How the list is written. The first line that is neither blank nor a comment tells.
enum Form {
    Plain,
    Json,
    Csv(Box<Column>),
}

/// Reads a list of ids.
pub(super) struct Entries<R> {
    lines: Lines<R>,
    form: Option<Form>,
}

impl<R: BufRead> Entries<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { lines: Lines::new(reader), form: None }
    }

    /// The next entry; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        while let Some(line) = self.lines.next()? {
            if line.is_empty() {
                continue;
            }
            let form = match &mut self.form {
                Some(form) => form,
                None => match Column::find(&line, NAME) {
                    Some(column) => {
                        self.form = Some(Form::Csv(Box::new(column)));
                        continue;
                    }
                    None if line.text.trim_ascii_start().starts_with(b"{") => self.form.insert(Form::Json),
                    None => self.form.insert(Form::Plain),
                },
            };
            let id = match form {
                _ if line.too_long => Err("it is longer than 64 KiB".to_owned()),
                Form::Plain => parse(&line.text),
                Form::Json => from_json(&line),
                Form::Csv(column) => column.read(&line, &mut self.lines)?.map_err(str::to_owned).and_then(parse),
            };
            return Ok(Some(match id {
                Ok(id) => Entry::Id { line: line.number, id },
                Err(reason) => Entry::Bad(BadLine { line: line.number, reason }),
            }));
        }
        Ok(None)
    }
}

fn parse(text: &[u8]) -> Result<SessionId, String> {
    let text = str::from_utf8(text).map_err(|_| "it is not UTF-8".to_owned())?;
    SessionId::new(text).map_err(|invalid| invalid.to_string())
}

#[derive(Deserialize)]
struct Row {
    id: SessionId,
}

fn from_json(line: &Line) -> Result<SessionId, String> {
    // The parser's own words repeat what it found.
    let row: Row = serde_json::from_slice(&line.text)
        .map_err(|_| format!("it is no JSON object with a member `{NAME}` that is text"))?;
    parse(row.id.expose_secret().as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `7 abc` for an id on line 7, `7 !` for a bad line.
    fn read(text: impl AsRef<[u8]>) -> Vec<String> {
        let mut entries = Entries::new(text.as_ref());
        let mut read = Vec::new();
        while let Some(entry) = entries.next().unwrap() {
            read.push(match entry {
                Entry::Id { line, id } => format!("{line} {}", id.expose_secret()),
                Entry::Bad(BadLine { line, .. }) => format!("{line} !"),
            });
        }
        read
    }

    #[test]
    fn a_list_is_read_in_all_its_forms() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("nothing", "", &[]),
            ("nothing but a comment", "# none today\n\n", &[]),
            ("a line each", "102a\n102b", &["1 102a", "2 102b"]),
            ("white space", " 102a \n\t102b\t\n", &["1 102a", "2 102b"]),
            ("comments and blank lines", "# the list\n\n102a\n  # more\n102b\n", &["3 102a", "5 102b"]),
            ("CRLF and BOM", "\u{feff}102a\r\n\r\n102b\r\n", &["1 102a", "3 102b"]),
            ("bad lines", "102a\n../x\nme\n102b c\n102d\n", &["1 102a", "2 !", "3 !", "4 !", "5 102d"]),
            ("a heading alone", "id\n102a\n", &["2 102a"]),
            ("CSV", "login,id,when\nada,102a,now\nbob,102b,then\n", &["2 102a", "3 102b"]),
            ("CSV with BOM, CRLF, quotes", "\u{feff}\"ID\",\"who\"\r\n\"102a\",\"a, b\"\r\n", &["2 102a"]),
            ("CSV with semicolons", "who;Id\nada;102a\n", &["2 102a"]),
            ("CSV with tabs", "who\tid\nada\t102a\n", &["2 102a"]),
            ("CSV, a field of two lines", "note,id\n\"one\ntwo\",102a\nx,102b\n", &["2 102a", "4 102b"]),
            ("CSV, an escaped quote", "note,id\n\"a \"\"b\"\"\",102a\n", &["2 102a"]),
            ("CSV, a short line and an empty field", "who,id\nada\nbob,\ncy,102c\n", &["2 !", "3 !", "4 102c"]),
            ("CSV, a long line", "who,id\nada,102a,x,y\n", &["2 102a"]),
            ("CSV, a quote that stays open", "id,who\n102a,\"x\n102b,y\n102c,z", &["2 !", "3 102b", "4 102c"]),
            ("CSV, comments", "# exported\nwho,id\n# none\nada,102a\n", &["4 102a"]),
            ("CSV without the column", "who,when\nada,now\n", &["1 !", "2 !"]),
            ("NDJSON", "{\"id\":\"102a\",\"x\":[1]}\r\n\r\n{\"id\": \"102b\"}\n", &["1 102a", "3 102b"]),
            (
                "NDJSON, bad lines",
                "{\"id\":\"102a\"}\n{\"id\":7}\n{}\n[]\n{\n{\"id\":\"a b\"}\n{\"id\":\"102c\"}",
                &["1 102a", "2 !", "3 !", "4 !", "5 !", "6 !", "7 102c"],
            ),
            ("JSON that is not a line each", "[\n{\"id\":\"102a\"}\n]\n", &["1 !", "2 !", "3 !"]),
        ];
        for (name, text, expected) in cases {
            assert_eq!(read(text), *expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_text_is_a_bad_line() {
        assert_eq!(read(b"102a\n\xff\xfe\n102b"), ["1 102a", "2 !", "3 102b"]);
        assert_eq!(read(b"id\n\xff\n102b"), ["2 !", "3 102b"]);
    }

    #[test]
    fn lines_and_records_beyond_all_measure_cost_nothing_but_themselves() {
        let long = "a".repeat(70_000);
        assert_eq!(read(format!("102a\n{long}\n102b")), ["1 102a", "2 !", "3 102b"]);
        assert_eq!(read(format!("{{\"id\":\"102a\"}}\n{long}\n{{\"id\":\"102b\"}}")), ["1 102a", "2 !", "3 102b"]);
        assert_eq!(read(format!("id,x\n102a,\"{long}\n102b,\"\n{long}\n102c,d\n")), ["2 !", "3 !", "4 !", "5 102c"]);
        let wide = ",".repeat(2000);
        assert_eq!(read(format!("id,x\n102a{wide}\n102b,x\n")), ["2 !", "3 102b"]);
        let many = "102b,y\n".repeat(300);
        assert_eq!(read(format!("id,x\n102a,\"x\n{many}")).len(), 301);
    }

    /// Texts that look like lists.
    fn lists() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(b"id,who\n".to_vec()),
            Just(b"{\"id\":\"".to_vec()),
            Just(b"\"".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\n".to_vec()),
            Just(b",".to_vec()),
            Just(b"\"}".to_vec()),
            Just(b"\xef\xbb\xbf".to_vec()),
            "[a-z0-9 ;#]{0,8}".prop_map(String::into_bytes),
            proptest::collection::vec(any::<u8>(), 0..6),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn no_text_makes_a_panic_and_no_reason_repeats_what_a_line_holds(text in lists(), secret in "[a-zA-Z0-9]{12}") {
            for text in [text.clone(), [&text, secret.as_bytes(), b" ", &text].concat()] {
                let mut entries = Entries::new(text.as_slice());
                let mut last = 0;
                // UTF-16 is refused as a whole.
                while let Ok(Some(entry)) = entries.next() {
                    let line = match entry {
                        Entry::Id { line, .. } => line,
                        Entry::Bad(bad) => {
                            prop_assert!(!bad.reason.contains(&secret), "{}", bad.reason);
                            bad.line
                        }
                    };
                    prop_assert!(line > last);
                    last = line;
                }
            }
        }

        #[test]
        fn ids_come_out_as_they_went_in(ids in proptest::collection::vec("10[A-Za-z0-9_-]{1,30}", 0..20)) {
            let expected: Vec<_> = ids.iter().enumerate().map(|(index, id)| format!("{} {id}", index + 1)).collect();
            prop_assert_eq!(read(ids.join("\r\n")), expected.clone());
            let objects: Vec<_> = ids.iter().map(|id| format!("{{\"x\":1,\"id\":\"{id}\"}}")).collect();
            prop_assert_eq!(read(objects.join("\n")), expected);
        }
    }
}
