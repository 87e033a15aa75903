//! The lines of a text, one at a time and each of bounded length: a list of ids can be larger than the memory.

use std::collections::VecDeque;
use std::io::{self, BufRead, ErrorKind};

/// The longest line that is read, in bytes. A row of an export has a hundredth of it.
pub(super) const MAX_LINE: usize = 64 * 1024;

/// The beginning of a text in UTF-8 that says so.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A line without its end. Lines end with LF or CRLF.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: u64,
    /// Empty where the line is longer than [`MAX_LINE`].
    pub(super) text: Vec<u8>,
    pub(super) too_long: bool,
}

impl Line {
    /// Whether it holds nothing to read: blank, or a comment.
    pub(super) fn is_empty(&self) -> bool {
        let text = self.text.trim_ascii();
        !self.too_long && (text.is_empty() || text.starts_with(b"#"))
    }
}

/// Reads lines.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    number: u64,
    /// Lines that were read and given back.
    returned: VecDeque<Line>,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, number: 0, returned: VecDeque::new() }
    }

    /// The next line; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.returned.pop_front() {
            return Ok(Some(line));
        }
        let mut text = Vec::new();
        let limit = MAX_LINE as u64 + 1;
        if io::Read::take(&mut self.reader, limit).read_until(b'\n', &mut text)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.number == 1 {
            if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
                return Err(io::Error::new(ErrorKind::InvalidData, "it is UTF-16; save it as UTF-8"));
            }
            if text.starts_with(BOM) {
                text.drain(..BOM.len());
            }
        }
        let ended = text.pop_if(|last| *last == b'\n').is_some();
        if !ended && text.len() > MAX_LINE {
            self.reader.skip_until(b'\n')?;
            return Ok(Some(Line { number: self.number, text: Vec::new(), too_long: true }));
        }
        text.pop_if(|last| *last == b'\r');
        Ok(Some(Line { number: self.number, text, too_long: false }))
    }

    /// Gives lines back, to be read again in this order.
    pub(super) fn give_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.returned.push_front(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Vec<String> {
        let mut lines = Lines::new(text);
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            assert_eq!(line.number, read.len() as u64 + 1);
            read.push(if line.too_long { "too long".to_owned() } else { String::from_utf8(line.text).unwrap() });
        }
        read
    }

    #[test]
    fn a_line_ends_with_lf_or_crlf_and_the_last_one_with_the_text() {
        let cases: &[(&[u8], &[&str])] = &[
            (b"", &[]),
            (b"\n", &[""]),
            (b"a", &["a"]),
            (b"a\r\n\r\nb\n", &["a", "", "b"]),
            (b"\xef\xbb\xbfa\nb", &["a", "b"]),
            (b"\xef\xbb\xbf", &[""]),
            (b"a\rb\n", &["a\rb"]),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_without_being_held() {
        let longest = "a".repeat(MAX_LINE);
        assert_eq!(read(format!("{longest}\nb").as_bytes()), [longest.as_str(), "b"]);
        assert_eq!(read(format!("{longest}a\nb").as_bytes()), ["too long", "b"]);
        assert_eq!(read(format!("{longest}{longest}a").as_bytes()), ["too long"]);
    }

    #[test]
    fn utf_16_is_refused() {
        for text in [b"\xff\xfea\0\n\0".as_slice(), b"\xfe\xff\0a\0\n"] {
            assert_eq!(Lines::new(text).next().unwrap_err().kind(), ErrorKind::InvalidData);
        }
    }
}
