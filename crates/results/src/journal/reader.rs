//! Reading a whole journal: every line is checked before it is believed.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;

use super::error::Error;
use super::line;
use super::seal::{self, Damage, LONGEST};
use crate::outcomes::Outcomes;
use crate::row::{Ending, Outcome};
use crate::storage::{Kind, Storage};

/// What a journal holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// One outcome a key.
    pub outcomes: Outcomes,
    /// Outcomes that a later line replaced, or that repeat an earlier one.
    pub replaced: u64,
    /// How it ends.
    pub tail: Tail,
    /// Where the next line goes.
    pub(super) end: End,
}

/// How a journal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// With a whole line.
    Whole,
    /// With a part of a line, which a crash in the middle of writing leaves. It is no outcome, and was
    /// never acknowledged; it is cut off before the next line is written.
    Cut {
        /// Bytes of the part.
        bytes: u64,
    },
    /// With a whole record that lacks its newline. The record counts; the newline is added before the next
    /// line is written.
    Unended,
}

/// The place and checksum after the last sound line; zeros before the first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct End {
    pub(super) lines: u64,
    pub(super) bytes: u64,
    pub(super) checksum: u32,
}

pub(super) fn read(storage: &dyn Storage, path: &Path) -> Result<Recovered, Error> {
    match storage.kind(path)? {
        Some(Kind::File) => {}
        Some(Kind::Folder | Kind::Link | Kind::Other) => return Err(Error::NotAFile(path.to_owned())),
        None => return Err(Error::Missing(path.to_owned())),
    }
    let mut file = BufReader::with_capacity(1 << 16, storage.open(path)?);
    let (header, of_header) = seal::header();
    let mut reading = Reading { header, of_header, ..Reading::default() };
    let mut line = Vec::new();
    let tail = loop {
        match next_line(&mut file, &mut line)? {
            Found::Nothing => break Tail::Whole,
            Found::Line => reading.accept(&line, path)?,
            Found::Part => break reading.accept_tail(&line, path)?,
            Found::TooLong => return Err(reading.damaged(path, Damage::Long)),
        }
    };
    Ok(Recovered { outcomes: reading.outcomes, replaced: reading.replaced, tail, end: reading.end })
}

enum Found {
    Nothing,
    /// A line, given without its newline.
    Line,
    /// What stands behind the last newline.
    Part,
    TooLong,
}

fn next_line(file: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Found> {
    line.clear();
    file.take(LONGEST as u64 + 1).read_until(b'\n', line)?;
    Ok(if line.len() > LONGEST {
        Found::TooLong
    } else if line.pop_if(|last| *last == b'\n').is_some() {
        Found::Line
    } else if line.is_empty() {
        Found::Nothing
    } else {
        Found::Part
    })
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    /// The first line of every journal, newline included, and its checksum.
    header: Vec<u8>,
    of_header: u32,
    outcomes: Outcomes,
    /// The line that each of `outcomes` is from.
    lines: Vec<u64>,
    replaced: u64,
    end: End,
}

impl Reading {
    fn accept(&mut self, line: &[u8], path: &Path) -> Result<(), Error> {
        let is_header = self.header.strip_suffix(b"\n") == Some(line);
        let checksum = if self.end.lines == 0 {
            if !is_header {
                return Err(self.no_header(line, path));
            }
            self.of_header
        } else {
            if is_header {
                return Err(self.damaged(path, Damage::SecondHeader));
            }
            let checksum = seal::check(line, self.end.checksum).map_err(|damage| self.damaged(path, damage))?;
            let outcome = line::read(line).map_err(|reason| self.damaged(path, Damage::Content(reason)))?;
            self.keep(outcome, path)?;
            checksum
        };
        self.end = End { lines: self.end.lines + 1, bytes: self.end.bytes + line.len() as u64 + 1, checksum };
        Ok(())
    }

    /// Decides about bytes without a newline at the end of the file. A record is whole or cut, and that its
    /// bytes tell. But a whole record with something else in its newline's place was acknowledged and then
    /// damaged: to drop it would lose it without a word.
    fn accept_tail(&mut self, part: &[u8], path: &Path) -> Result<Tail, Error> {
        let cut = Tail::Cut { bytes: part.len() as u64 };
        if self.end.lines == 0 {
            return if self.header.starts_with(part) { Ok(cut) } else { Err(self.no_header(part, path)) };
        }
        if seal::check(part, self.end.checksum).is_ok() {
            self.accept(part, path)?;
            return Ok(Tail::Unended);
        }
        if seal::begins_with_a_whole_line(part, self.end.checksum) {
            return Err(self.damaged(path, Damage::Newline));
        }
        Ok(cut)
    }

    /// A finished or diverged trial has one result for ever; a failed one may be tried again.
    fn keep(&mut self, outcome: Outcome, path: &Path) -> Result<(), Error> {
        let second_line = self.end.lines + 1;
        let place = self.outcomes.place(&outcome.key);
        let known = place.and_then(|place| Some((self.outcomes.as_slice().get(place)?, self.lines.get_mut(place)?)));
        let Some((earlier, line)) = known else {
            self.lines.push(second_line);
            self.outcomes.insert(outcome);
            return Ok(());
        };
        self.replaced += 1;
        let failed = |outcome: &Outcome| matches!(outcome.ending, Ending::Failed { .. });
        if !failed(earlier) && failed(&outcome) {
            return Ok(());
        }
        if !failed(earlier) && !earlier.same_result(&outcome) {
            return Err(Error::Conflict { path: path.to_owned(), key: outcome.key, first_line: *line, second_line });
        }
        *line = second_line;
        self.outcomes.insert(outcome);
        Ok(())
    }

    fn no_header(&self, line: &[u8], path: &Path) -> Error {
        #[derive(Deserialize)]
        struct Header<'a> {
            format: &'a str,
            version: u64,
        }
        match serde_json::from_slice::<Header<'_>>(line) {
            Ok(header) if header.format != seal::NAME => Error::NotAJournal(path.to_owned()),
            Ok(header) if header.version != seal::VERSION => {
                Error::Version { path: path.to_owned(), found: header.version }
            }
            Ok(_) => self.damaged(path, seal::check(line, 0).err().unwrap_or(Damage::NoSeal)),
            Err(_) => Error::NotAJournal(path.to_owned()),
        }
    }

    fn damaged(&self, path: &Path, damage: Damage) -> Error {
        Error::Damaged { path: path.to_owned(), line: self.end.lines + 1, offset: self.end.bytes, damage }
    }
}
