//! A column of CSV, record by record. A quoted field may hold line ends; a quote that is never closed costs one line, not
//! the rest of the text.

use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::lines::{Line, Lines, MAX_LINE};

/// The most columns that are read.
const MAX_COLUMNS: usize = 512;

/// The most lines that a record may have.
const MAX_LINES: usize = 100;

/// What separates the fields: a comma; a semicolon where the comma is the decimal point; a tab.
const DELIMITERS: [u8; 3] = *b",;\t";

/// Takes one column out of the records of a text.
pub(super) struct Column {
    reader: Reader,
    /// Counted from 0.
    index: usize,
    record: Record,
}

/// The fields of the record that is being read, one after the other, and where each ends.
struct Record {
    text: Vec<u8>,
    length: usize,
    ends: [usize; MAX_COLUMNS],
    columns: usize,
}

impl Column {
    /// The column with this name, if the line is a header that has one.
    pub(super) fn find(header: &Line, name: &str) -> Option<Self> {
        DELIMITERS.into_iter().find_map(|delimiter| {
            // The end of a line is taken off before: a carriage return that is left belongs to the field.
            let reader = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
            let record = Record { text: Vec::new(), length: 0, ends: [0; MAX_COLUMNS], columns: 0 };
            let mut csv = Self { reader, index: 0, record };
            let whole = csv.feed(&header.text).ok()?;
            let is_it = |index: &usize| {
                csv.record.field(*index).is_some_and(|field| field.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
            };
            csv.index = (0..csv.record.columns).find(is_it).filter(|_| whole)?;
            Some(csv)
        })
    }

    /// The field in the record that begins with this line, or why there is none.
    pub(super) fn read<R: BufRead>(
        &mut self,
        first: &Line,
        lines: &mut Lines<R>,
    ) -> io::Result<Result<&[u8], &'static str>> {
        self.reader.reset();
        self.record.length = 0;
        self.record.columns = 0;
        let mut size = first.text.len();
        let mut taken = Vec::new();
        let mut whole = self.feed(&first.text);
        while whole == Ok(false) {
            // In the middle of a quoted field.
            let line = lines.next()?;
            let fits = |line: &Line| !line.too_long && size + line.text.len() < MAX_LINE && taken.len() < MAX_LINES;
            whole = match &line {
                Some(line) if fits(line) => self.feed(&line.text),
                _ => Err("a quote is not closed"),
            };
            size += line.as_ref().map_or(0, |line| line.text.len() + 1);
            taken.extend(line);
        }
        if let Err(reason) = whole {
            lines.give_back(taken);
            return Ok(Err(reason));
        }
        Ok(self.record.field(self.index).ok_or("it has no column `id`"))
    }

    /// Reads one more line of the record. Whether that was the last one.
    fn feed(&mut self, line: &[u8]) -> Result<bool, &'static str> {
        let record = &mut self.record;
        // No field is longer than what it is written as.
        record.text.resize(record.length + line.len() + 1, 0);
        for mut input in [line, b"\n"] {
            while !input.is_empty() {
                let (text, ends) = (&mut record.text[record.length..], &mut record.ends[record.columns..]);
                let (result, read, written, ended) = self.reader.read_record(input, text, ends);
                record.length += written;
                record.columns += ended;
                input = &input[read..];
                match result {
                    ReadRecordResult::Record => return Ok(true),
                    ReadRecordResult::InputEmpty => {}
                    ReadRecordResult::OutputEndsFull => return Err("it has too many columns"),
                    ReadRecordResult::OutputFull | ReadRecordResult::End => return Err("it is no CSV"),
                }
            }
        }
        Ok(false)
    }
}

impl Record {
    fn field(&self, index: usize) -> Option<&[u8]> {
        let ends = &self.ends[..self.columns];
        let begin = if index == 0 { 0 } else { *ends.get(index - 1)? };
        self.text.get(begin..*ends.get(index)?)
    }
}
