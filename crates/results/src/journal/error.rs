//! What can be wrong with a journal, where, and what to do.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::line::Unwritable;
use super::seal::{Damage, VERSION};
use crate::row::TrialKey;
use crate::storage::StorageError;

/// Why a journal cannot be read or written.
#[derive(Debug, Error)]
pub enum Error {
    /// There is none.
    #[error("there is no journal `{0}`; run the sweep first, or name the folder of a run, as `results/NAME`")]
    Missing(PathBuf),
    /// Something that is no regular file has its name.
    #[error("`{0}` is a link, a folder or a device and no file of its own; move it away and run the sweep again")]
    NotAFile(PathBuf),
    /// Its first line is not that of a journal.
    #[error("`{0}` does not begin as a journal does; restore it from a copy, or move it away and run the sweep again")]
    NotAJournal(PathBuf),
    /// It is of a version that is not known here.
    #[error(
        "`{path}` is a swath journal of version {found}, and this version of swath reads version {VERSION}; \
         use the version that wrote it, or move it away and run the sweep again"
    )]
    Version {
        /// The journal.
        path: PathBuf,
        /// The version that it states.
        found: u64,
    },
    /// A line is not as it was written.
    #[error("`{path}`, line {line} (from byte {offset}): {damage}; {remedy}", remedy = remedy(*line))]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// Bytes before the line.
        offset: u64,
        /// What is wrong.
        damage: Damage,
    },
    /// Two lines give the same trial different results, which the same arithmetic cannot.
    #[error(
        "`{path}`: line {first_line} and line {second_line} give trial {key} different results; \
         at least one is not of this version of swath: move the journal away and run the sweep again"
    )]
    Conflict {
        /// The journal.
        path: PathBuf,
        /// The trial.
        key: TrialKey,
        /// The line of the one result, counted from 1.
        first_line: u64,
        /// The line of the other.
        second_line: u64,
    },
    /// An outcome that no line can hold; nothing of its group was written.
    #[error("the outcome of trial {key} cannot be written: {reason}")]
    Unwritable {
        /// The trial.
        key: TrialKey,
        /// What is wrong with it.
        reason: Unwritable,
    },
    /// The disk did not take a group of lines whole. What was acknowledged before stands.
    #[error("the journal could not be written, and the last group of outcomes is not kept: {0}")]
    Write(StorageError),
    /// The disk did not confirm that a group of lines is durable. What was acknowledged before stands.
    #[error(
        "the disk did not confirm that the journal is durable, so the last group of outcomes counts as lost: {0}; \
         check the disk, then run again"
    )]
    Sync(StorageError),
    /// The file is not the one that was written: removed, replaced, or written by another program.
    #[error("`{path}` should have {expected} bytes and {found}; something else changes it: run again when that has ended",
        found = found.map_or_else(|| "is gone".to_owned(), |found| format!("has {found}")))]
    Changed {
        /// The journal.
        path: PathBuf,
        /// Bytes that it should have.
        expected: u64,
        /// Bytes that it has; `None` where it is gone.
        found: Option<u64>,
    },
    /// An earlier write failed, and after that nothing is accepted any more.
    #[error("the journal accepts nothing more, since an earlier write failed; run again")]
    Closed,
    /// The disk refused something else.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<io::Error> for Error {
    fn from(cause: io::Error) -> Self {
        Self::Storage(cause.into())
    }
}

fn remedy(line: u64) -> String {
    let again = "move it away (add `.damaged` to its name) and run the sweep again";
    match line {
        0..=2 => format!("restore it from a copy, or {again}"),
        _ => format!(
            "restore it from a copy, or keep the sound lines before it (`head -n {}` into a new file that takes its \
             place) and run the sweep again, or {again}",
            line - 1
        ),
    }
}
