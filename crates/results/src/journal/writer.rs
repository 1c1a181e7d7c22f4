//! Appending to a journal: one write and one sync a group of outcomes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::Error;
use super::reader::{self, Recovered, Tail};
use super::{line, seal};
use crate::row::Outcome;
use crate::storage::{Appending, Storage, parent_of};

/// A journal that is open for writing. One at a time: hold the folder's lock.
///
/// After any failure of the disk it accepts nothing more: what a disk has refused once to make durable
/// cannot be made durable by asking again.
#[derive(Debug)]
pub struct Journal {
    storage: Arc<dyn Storage>,
    path: PathBuf,
    file: Box<dyn Appending>,
    bytes: u64,
    checksum: u32,
    closed: bool,
}

impl Journal {
    /// Reads a journal and changes nothing. A cut tail is left out and told in [`Recovered::tail`].
    ///
    /// # Errors
    /// [`Error::Missing`]; [`Error::Damaged`] with the line where anything but the tail is not as it was
    /// written; [`Error::Version`]; [`Error::Conflict`]; or what the disk refuses.
    pub fn read(storage: &dyn Storage, path: &Path) -> Result<Recovered, Error> {
        reader::read(storage, path)
    }

    /// Opens a journal for writing, with what it holds; creates it where it is missing. A cut tail is taken
    /// off, as [`Recovered::tail`] tells. On return all that was read is durable.
    ///
    /// # Errors
    /// As [`Journal::read`], but for [`Error::Missing`].
    pub fn open(storage: Arc<dyn Storage>, path: &Path) -> Result<(Self, Recovered), Error> {
        let mut file = None;
        if storage.kind(path)?.is_none() {
            file = Some(storage.create(path)?);
        }
        let recovered = reader::read(&*storage, path)?;
        if matches!(recovered.tail, Tail::Cut { .. }) {
            storage.truncate(path, recovered.end.bytes)?;
        }
        let mut file = match file {
            Some(file) => file,
            None => storage.append_to(path)?,
        };
        let (mut bytes, mut checksum) = (recovered.end.bytes, recovered.end.checksum);
        if recovered.end.lines == 0 {
            let (header, of_header) = seal::header();
            file.append(&header)?;
            (bytes, checksum) = (header.len() as u64, of_header);
        } else if recovered.tail == Tail::Unended {
            file.append(b"\n")?;
        }
        // The process before may have been killed between its write and its sync: what was read here is
        // believed from now on, so it must be durable first, and so must the file's name.
        file.sync()?;
        storage.sync_folder(&parent_of(path))?;
        Ok((Self { storage, path: path.to_owned(), file, bytes, checksum, closed: false }, recovered))
    }

    /// Appends outcomes as one write of whole lines and one sync. When it returns, they are durable, and
    /// not before. Nothing happens for an empty slice.
    ///
    /// # Errors
    /// [`Error::Unwritable`] for an outcome that no line can hold; nothing of the group is written then,
    /// and the journal stays open. [`Error::Write`], [`Error::Sync`] and [`Error::Changed`] where the disk
    /// or somebody else interferes: none of the group counts as kept, and every later call is
    /// [`Error::Closed`].
    pub fn append(&mut self, outcomes: &[Outcome]) -> Result<(), Error> {
        if self.closed {
            return Err(Error::Closed);
        }
        if outcomes.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        let mut checksum = self.checksum;
        for outcome in outcomes {
            checksum = line::write(outcome, checksum, &mut lines)
                .map_err(|reason| Error::Unwritable { key: outcome.key, reason })?;
        }
        self.closed = true;
        self.file.append(&lines).map_err(|cause| Error::Write(cause.into()))?;
        self.file.sync().map_err(|cause| Error::Sync(cause.into()))?;
        let expected = self.bytes + lines.len() as u64;
        // A file that was removed still takes writes through its handle, and all of them would be lost.
        let found = self.storage.length(&self.path).ok();
        if found != Some(expected) {
            return Err(Error::Changed { path: self.path.clone(), expected, found });
        }
        self.bytes = expected;
        self.checksum = checksum;
        self.closed = false;
        Ok(())
    }

    /// Bytes of the journal, all of them durable.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}
