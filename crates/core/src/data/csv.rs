//! CSV as we accept it: a strict check of the text, then polars.
//!
//! The check comes first because polars is lenient with some broken files and panics on others (0.55). Accepted is
//! RFC 4180 with LF or CRLF line ends (mixed too), UTF-8 with or without a byte order mark, blank lines at the end
//! and a last line without its end. Spaces around a cell are not part of it.

use std::borrow::Cow;
use std::io::Cursor;
use std::ops::Range;
use std::sync::Arc;

use polars::prelude::{CsvReadOptions, DataFrame, DataType, Schema, SerReader};

use super::error::shown;
use super::problem::Problem;
use super::table::{MAX_CELLS, MAX_COLUMNS, check_names, guarded};

/// A checked CSV text.
#[derive(Debug)]
pub(super) struct CsvText {
    /// Without a byte order mark and without blank lines at the end.
    text: String,
    /// The header's names, unquoted and trimmed.
    pub(super) names: Vec<String>,
    /// Where each row begins, the header not among them.
    row_starts: Vec<usize>,
}

/// A fault, and where it stands, counted from 1.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) line: Option<u64>,
    pub(super) character: Option<u64>,
    pub(super) problem: Problem,
}

impl CsvText {
    /// Checks the file's bytes.
    pub(super) fn check(bytes: Vec<u8>) -> Result<Self, Fault> {
        let text = decode(bytes)?;
        if text.trim().is_empty() {
            return Err(Fault { line: None, character: None, problem: Problem::Empty });
        }
        let mut names = Vec::new();
        let mut row_starts = Vec::new();
        let mut blank = None;
        let mut end = 0;
        let mut at = 0;
        while at < text.len() {
            let record = Record::read(&text, at, names.is_empty())?;
            if record.is_blank {
                blank = blank.or(Some(at));
            } else if let Some(blank) = blank {
                return Err(fault(&text, blank, Problem::BlankLine));
            } else if names.is_empty() {
                names = record.cells.iter().map(|cell| unquoted(&text[cell.clone()]).trim().to_owned()).collect();
                let count = names.len() as u64;
                if names.len() > MAX_COLUMNS {
                    let problem = Problem::TooLarge { what: "columns", found: count, limit: MAX_COLUMNS as u64 };
                    return Err(fault(&text, at, problem));
                }
                check_names(&names).map_err(|(column, problem)| {
                    fault(&text, record.cells.get(column).map_or(at, |cell| cell.start), problem)
                })?;
            } else if record.count == names.len() {
                row_starts.push(at);
            } else {
                let (found, expected) = (record.count as u64, names.len() as u64);
                let problem = Problem::CellCount { row: row_starts.len() as u64 + 1, found, expected };
                return Err(fault(&text, at, problem));
            }
            if !record.is_blank {
                end = record.end;
            }
            at = record.next;
        }
        if row_starts.is_empty() {
            return Err(Fault { line: None, character: None, problem: Problem::NoRows });
        }
        let cells = row_starts.len() as u64 * names.len() as u64;
        if cells > MAX_CELLS {
            let problem = Problem::TooLarge { what: "cells", found: cells, limit: MAX_CELLS };
            return Err(Fault { line: None, character: None, problem });
        }
        let mut text = text;
        text.truncate(end);
        Ok(Self { text, names, row_starts })
    }

    /// How many rows there are, the header not counted.
    pub(super) fn rows(&self) -> usize {
        self.row_starts.len()
    }

    /// All columns as text, as polars reads them.
    pub(super) fn read(&self) -> Result<DataFrame, Problem> {
        let schema: Schema = self.names.iter().map(|name| (name.as_str().into(), DataType::String)).collect();
        let options = CsvReadOptions::default().with_has_header(true).with_schema(Some(Arc::new(schema)));
        let text = self.with_line_feeds();
        let read = guarded(|| options.into_reader_with_file_handle(Cursor::new(text.as_bytes())).finish());
        let frame = read.map_err(|reason| Problem::Malformed { format: "CSV", reason })?;
        if frame.height() != self.rows() || frame.width() != self.names.len() {
            let reason = format!(
                "{} rows of {} cells were counted and {} of {} read",
                self.rows(),
                self.names.len(),
                frame.height(),
                frame.width()
            );
            return Err(Problem::Malformed { format: "CSV", reason });
        }
        Ok(frame)
    }

    /// Line and character, counted from 1, of a cell; both rows and columns are counted from 0.
    pub(super) fn place(&self, row: usize, column: usize) -> (u64, u64) {
        let start = self.row_starts.get(row).copied().unwrap_or(0);
        let cell = Record::read(&self.text, start, true).ok().and_then(|record| record.cells.get(column).cloned());
        line_and_character(&self.text, cell.map_or(start, |cell| cell.start))
    }

    /// The text with LF at the end of every line. Line ends inside quotes stay as they are.
    fn with_line_feeds(&self) -> Cow<'_, str> {
        if !self.text.contains('\r') {
            return Cow::Borrowed(&self.text);
        }
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        while let Ok(record) = Record::read(&self.text, at, false) {
            text.push_str(&self.text[at..record.end]);
            text.push('\n');
            at = record.next;
            if at >= self.text.len() {
                break;
            }
        }
        Cow::Owned(text)
    }
}

/// One row of the text.
struct Record {
    /// Bytes of its cells, quotes included, where they were asked for.
    cells: Vec<Range<usize>>,
    count: usize,
    /// Past its last cell.
    end: usize,
    /// Past its line end.
    next: usize,
    is_blank: bool,
}

impl Record {
    fn read(text: &str, start: usize, keep_cells: bool) -> Result<Self, Fault> {
        let mut record = Self { cells: Vec::new(), count: 0, end: start, next: start, is_blank: false };
        loop {
            let begin = record.next;
            let end = cell_end(text, begin)?;
            record.count += 1;
            record.end = end;
            if keep_cells {
                record.cells.push(begin..end);
            }
            match text.as_bytes().get(end) {
                Some(b',') => record.next = end + 1,
                Some(b'\r') => return Ok(record.ended(text, start, end + 2)),
                Some(_) => return Ok(record.ended(text, start, end + 1)),
                None => return Ok(record.ended(text, start, end)),
            }
        }
    }

    fn ended(mut self, text: &str, start: usize, next: usize) -> Self {
        self.is_blank = self.count == 1 && text[start..self.end].trim().is_empty();
        self.next = next;
        self
    }
}

/// The end of the cell that begins at `start`: a comma, a line end or the end of the text.
fn cell_end(text: &str, start: usize) -> Result<usize, Fault> {
    let bytes = text.as_bytes();
    let rest = bytes.get(start..).unwrap_or_default();
    if rest.first() != Some(&b'"') {
        let length = rest.iter().position(|byte| matches!(byte, b',' | b'\n' | b'\r' | b'"')).unwrap_or(rest.len());
        let end = start + length;
        return match bytes.get(end) {
            Some(b'"') => Err(fault(text, end, Problem::StrayQuote(shown(line_from(text, start))))),
            Some(b'\r') if bytes.get(end + 1) != Some(&b'\n') => Err(fault(text, end, Problem::LoneCarriageReturn)),
            _ => Ok(end),
        };
    }
    let mut at = start + 1;
    loop {
        match bytes.get(at..).and_then(|rest| rest.iter().position(|&byte| byte == b'"')) {
            None => return Err(fault(text, start, Problem::OpenQuote(shown(line_from(text, start))))),
            Some(offset) if bytes.get(at + offset + 1) == Some(&b'"') => at += offset + 2,
            Some(offset) => {
                let end = at + offset + 1;
                return match bytes.get(end) {
                    None | Some(b',' | b'\n') => Ok(end),
                    Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => Ok(end),
                    Some(b'\r') => Err(fault(text, end, Problem::LoneCarriageReturn)),
                    Some(_) => Err(fault(text, end, Problem::TextAfterQuote(shown(line_from(text, start))))),
                };
            }
        }
    }
}

/// The text of the file, without a byte order mark.
fn decode(bytes: Vec<u8>) -> Result<String, Fault> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Err(Fault { line: None, character: None, problem: Problem::Utf16 });
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let before = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default()).into_owned();
        let problem = Problem::NotUtf8(bytes.get(valid).copied().unwrap_or_default());
        fault(&before, valid, problem)
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    match text.bytes().position(|byte| byte == 0) {
        Some(at) => Err(fault(&text, at, Problem::Nul)),
        None => Ok(text),
    }
}

/// The cell's content: without quotes around it, and doubled quotes taken once.
fn unquoted(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => Cow::Owned(inner.replace("\"\"", "\"")),
        None => Cow::Borrowed(cell),
    }
}

fn line_from(text: &str, start: usize) -> &str {
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

fn fault(text: &str, at: usize, problem: Problem) -> Fault {
    let (line, character) = line_and_character(text, at);
    Fault { line: Some(line), character: Some(character), problem }
}

fn line_and_character(text: &str, at: usize) -> (u64, u64) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() as u64 + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    (line, last.chars().count() as u64 + 1)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let frame = CsvText::check(bytes.to_vec()).unwrap().read().unwrap();
        frame
            .columns()
            .iter()
            .map(|column| column.str().unwrap().iter().map(|cell| cell.unwrap_or_default().to_owned()).collect())
            .collect()
    }

    fn refused(bytes: &[u8]) -> (Option<u64>, Option<u64>, Problem) {
        let fault = CsvText::check(bytes.to_vec()).unwrap_err();
        (fault.line, fault.character, fault.problem)
    }

    #[test]
    fn the_usual_forms_read_the_same() {
        let expected = vec![vec!["1".to_owned(), "3".to_owned()], vec!["x".to_owned(), "y".to_owned()]];
        for bytes in [
            &b"a,b\n1,x\n3,y\n"[..],
            b"a,b\n1,x\n3,y",
            b"a,b\r\n1,x\r\n3,y\r\n",
            b"a,b\r\n1,x\n3,y\r\n",
            b"\xef\xbb\xbfa,b\n1,x\n3,y\n",
            b"a,b\n1,x\n3,y\n\n  \n\r\n",
            b"\"a\",\"b\"\r\n\"1\",\"x\"\r\n3,\"y\"\r\n",
        ] {
            assert_eq!(cells(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn line_ends_and_commas_and_quotes_inside_quotes_are_part_of_the_cell() {
        let expected = vec![vec!["x\r\ny\nz".to_owned(), "p,q".to_owned()], vec!["1".to_owned(), "\"".to_owned()]];
        assert_eq!(cells(b"a,b\r\n\"x\r\ny\nz\",1\r\n\"p,q\",\"\"\"\"\r\n"), expected);
    }

    #[test]
    fn a_broken_text_is_refused_at_its_place() {
        let count = |row, found, expected| Problem::CellCount { row, found, expected };
        for (bytes, expected) in [
            (&b""[..], (None, None, Problem::Empty)),
            (b"\n \r\n", (None, None, Problem::Empty)),
            (b"\xef\xbb\xbf", (None, None, Problem::Empty)),
            (b"a,b\n", (None, None, Problem::NoRows)),
            (b"a,b\n\n", (None, None, Problem::NoRows)),
            (b"\xff\xfea\0,\0", (None, None, Problem::Utf16)),
            (b"a,b\n1,caf\xe9\n", (Some(2), Some(6), Problem::NotUtf8(0xe9))),
            (b"a,b\n1,\0\n", (Some(2), Some(3), Problem::Nul)),
            (b"a,b\n1,\"x\n2,y\n", (Some(2), Some(3), Problem::OpenQuote("\"x".to_owned()))),
            (b"a,b\n1,x\"y\"\n", (Some(2), Some(4), Problem::StrayQuote("x\"y\"".to_owned()))),
            (b"a,b\n\"1\"2,x\n", (Some(2), Some(4), Problem::TextAfterQuote("\"1\"2,x".to_owned()))),
            (b"a,b\r1,x\r", (Some(1), Some(4), Problem::LoneCarriageReturn)),
            (b"a,b\n1,\"x\"\ry", (Some(2), Some(6), Problem::LoneCarriageReturn)),
            (b"a,b\n1,x\n\n2,y\n", (Some(3), Some(1), Problem::BlankLine)),
            (b"\na,b\n1,x\n", (Some(1), Some(1), Problem::BlankLine)),
            (b"a,b\n1,x\n1,x,\n", (Some(3), Some(1), count(2, 3, 2))),
            (b"a,b\n\"1\n\n2\",x\n3\n", (Some(5), Some(1), count(2, 1, 2))),
            (b"a, ,c\n1,2,3\n", (Some(1), Some(3), Problem::BlankName(2))),
            (
                b"a,b, a \n1,2,3\n",
                (Some(1), Some(5), Problem::DoubledName { name: "a".to_owned(), first: 1, second: 3 }),
            ),
        ] {
            assert_eq!(refused(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn too_many_columns_are_refused() {
        let header = (0..100_000).map(|index| index.to_string()).collect::<Vec<_>>().join(",");
        let (line, _, problem) = refused(format!("{header},z\n").as_bytes());
        assert_eq!(line, Some(1));
        assert_eq!(problem, Problem::TooLarge { what: "columns", found: 100_001, limit: MAX_COLUMNS as u64 });
    }

    #[test]
    fn a_cells_place_is_found_past_quoted_line_ends() {
        let text = CsvText::check("a,b\n\"é\n,\",1\n2,3\n".as_bytes().to_vec()).unwrap();
        assert_eq!(text.place(0, 0), (2, 1));
        assert_eq!(text.place(0, 1), (3, 4));
        assert_eq!(text.place(1, 1), (4, 3));
    }

    /// polars splits large texts between threads, where quoted line ends have been miscounted before.
    #[test]
    fn a_large_text_with_quoted_line_ends_reads_whole() {
        let mut text = "a,b\n".to_owned();
        for row in 0..20_000 {
            writeln!(text, "\"{row}\n,\"\"{}\n\",{row}", "x\n".repeat(row % 13)).unwrap();
        }
        let columns = cells(text.as_bytes());
        for (row, (word, number)) in columns[0].iter().zip(&columns[1]).enumerate() {
            assert_eq!(number, &row.to_string());
            assert_eq!(word, &format!("{row}\n,\"{}\n", "x\n".repeat(row % 13)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_was_written_in_quotes_reads_back(
            rows in prop::collection::vec(("[a-c\",\r\n é]{0,6}", "[a-c\",\r\n é]{0,6}", any::<bool>()), 1..20),
        ) {
            let mut text = "p,q\r\n".to_owned();
            for (first, second, carriage_return) in &rows {
                let quote = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
                text.push_str(&quote(first));
                text.push(',');
                text.push_str(&quote(second));
                text.push_str(if *carriage_return { "\r\n" } else { "\n" });
            }
            let expected =
                vec![rows.iter().map(|row| row.0.clone()).collect(), rows.iter().map(|row| row.1.clone()).collect::<Vec<_>>()];
            prop_assert_eq!(cells(text.as_bytes()), expected);
        }

        #[test]
        fn whatever_the_check_lets_through_polars_reads(bytes in "[ab1,\"\r\n ]{0,40}") {
            if let Ok(text) = CsvText::check(bytes.clone().into_bytes()) {
                let frame = text.read();
                prop_assert!(frame.is_ok(), "{:?}", frame);
            }
        }
    }
}
