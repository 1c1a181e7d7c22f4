//! One process at a time in a results folder.
//!
//! What counts is the lock of the operating system and not that the file exists: the system frees it
//! when its holder dies in any way, so a file that is left over stands in nobody's way. The file's
//! content is for people: it names the holder.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::storage::{Held, Kind, Storage, StorageError};

/// How often, and after what pause, the lock's file is read again where its holder has not signed it yet.
const READINGS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(10);

/// How often a lock that is held is tried again before its holder is named.
const ATTEMPTS: u32 = 3;

/// A results folder held by this process. Dropping it lets the next one in.
#[derive(Debug)]
pub struct Lock {
    _held: Box<dyn Held>,
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The process number.
    pub process: u32,
    /// The machine's name, or empty where it is not known.
    pub host: String,
    /// When it took the lock, RFC 3339, UTC.
    pub since: String,
}

/// Whether anybody holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occupation {
    /// Nobody does: there never was a holder, it has ended, or it was killed.
    Free,
    /// Another process does, which is named where its note could be read.
    Held(Option<Holder>),
}

/// Why a folder is not held.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process is at work there.
    #[error("`{path}` is held by {holder}; wait until it ends, or choose another place with `--results DIR`",
        holder = holder.as_ref().map_or_else(|| "another process".to_owned(), Holder::to_string))]
    Held {
        /// The lock's file.
        path: PathBuf,
        /// The other process, where its note could be read.
        holder: Option<Holder>,
    },
    /// The lock's file is a link.
    #[error("`{0}` is a symbolic link, and links are not written through; remove it")]
    Link(PathBuf),
    /// The disk refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Lock {
    /// Takes the lock whose file stands at `path`, or says at once who has it.
    ///
    /// # Errors
    /// [`LockError::Held`] where another has it; else where the file cannot be made or locked.
    pub fn take(storage: &dyn Storage, path: &Path) -> Result<Self, LockError> {
        if storage.kind(path).map_err(StorageError::from)? == Some(Kind::Link) {
            return Err(LockError::Link(path.to_owned()));
        }
        let mut attempts = 0..ATTEMPTS;
        loop {
            if let Some(mut held) = storage.try_lock(path).map_err(StorageError::from)? {
                held.describe(&Holder::this_process().to_string()).map_err(StorageError::from)?;
                return Ok(Self { _held: held });
            }
            // Whoever only looks ([`Lock::look`]) has it for a moment, and is no reason to refuse.
            if attempts.next().is_none() {
                return Err(LockError::Held { path: path.to_owned(), holder: read_holder(storage, path) });
            }
            thread::sleep(PAUSE);
        }
    }

    /// As [`Lock::take`], but waits up to `patience` for whoever has it.
    ///
    /// # Errors
    /// As there.
    pub fn wait_for(storage: &dyn Storage, path: &Path, patience: Duration) -> Result<Self, LockError> {
        let deadline = Instant::now() + patience;
        loop {
            match Self::take(storage, path) {
                Err(LockError::Held { .. }) if Instant::now() < deadline => thread::sleep(PAUSE),
                result => return result,
            }
        }
    }

    /// Whether anybody holds the lock whose file stands at `path`. Where a note names a holder, the lock itself is tried
    /// for a moment, as the note of a process that was killed stays.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn look(storage: &dyn Storage, path: &Path) -> Result<Occupation, StorageError> {
        if storage.kind(path)? != Some(Kind::File) || storage.length(path)? == 0 {
            return Ok(Occupation::Free);
        }
        match storage.try_lock(path)? {
            Some(_) => Ok(Occupation::Free),
            None => Ok(Occupation::Held(read_holder(storage, path))),
        }
    }
}

/// The holder signs after it has taken the lock, so the note may be a moment late.
fn read_holder(storage: &dyn Storage, path: &Path) -> Option<Holder> {
    for reading in 0..READINGS {
        if reading > 0 {
            thread::sleep(PAUSE);
        }
        let holder = storage.read(path).ok().and_then(|bytes| Holder::parse(&String::from_utf8_lossy(&bytes)));
        if holder.is_some() {
            return holder;
        }
    }
    None
}

impl Holder {
    fn this_process() -> Self {
        let host = hostname().unwrap_or_default();
        let since = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self { process: std::process::id(), host, since }
    }

    fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("process ")?;
        let (rest, since) = rest.split_once(" since ")?;
        let (process, host) = rest.split_once(" on ").unwrap_or((rest, ""));
        // Whoever may write in the folder may write this; it ends on a terminal.
        let plain = |text: &str| text.chars().filter(|character| !character.is_control()).take(80).collect();
        Some(Self { process: process.parse().ok()?, host: plain(host), since: plain(since) })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "process {}", self.process)?;
        if !self.host.is_empty() {
            write!(formatter, " on {}", self.host)?;
        }
        write!(formatter, " since {}", self.since)
    }
}

fn hostname() -> io::Result<String> {
    let text =
        fs_err::read_to_string("/proc/sys/kernel/hostname").or_else(|_| fs_err::read_to_string("/etc/hostname"))?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Disk;

    #[test]
    fn a_second_taker_is_told_who_has_it_and_gets_it_after_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let lock = Lock::take(&Disk, &path).unwrap();
        let error = Lock::take(&Disk, &path).unwrap_err();
        assert!(matches!(&error, LockError::Held { holder: Some(holder), .. } if holder.process == std::process::id()));
        assert!(error.to_string().contains(&format!("held by process {}", std::process::id())), "{error}");
        drop(lock);
        Lock::take(&Disk, &path).unwrap();
    }

    #[test]
    fn looking_tells_a_holder_from_a_free_lock_and_from_the_note_of_a_dead_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        assert_eq!(Lock::look(&Disk, &path).unwrap(), Occupation::Free);
        assert!(!path.exists(), "looking makes no file");
        let lock = Lock::take(&Disk, &path).unwrap();
        let held = Lock::look(&Disk, &path).unwrap();
        assert!(matches!(held, Occupation::Held(Some(holder)) if holder.process == std::process::id()));
        drop(lock);
        assert_eq!(Lock::look(&Disk, &path).unwrap(), Occupation::Free);
        Disk.write_atomically(&path, b"process 1 on elsewhere since 2001-01-01T00:00:00Z").unwrap();
        assert_eq!(Lock::look(&Disk, &path).unwrap(), Occupation::Free);
    }

    #[test]
    fn whoever_waits_gets_the_lock_when_it_is_given_back_and_is_refused_when_patience_ends() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let lock = Lock::take(&Disk, &path).unwrap();
        assert!(matches!(Lock::wait_for(&Disk, &path, Duration::ZERO), Err(LockError::Held { .. })));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| Lock::wait_for(&Disk, &path, Duration::from_secs(60)));
            thread::sleep(Duration::from_millis(50));
            drop(lock);
            waiting.join().unwrap().unwrap();
        });
    }

    #[test]
    fn a_file_left_over_by_a_dead_process_is_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        Disk.write_atomically(&path, b"process 1 on elsewhere since 2001-01-01T00:00:00Z").unwrap();
        let _lock = Lock::take(&Disk, &path).unwrap();
        let text = String::from_utf8(Disk.read(&path).unwrap()).unwrap();
        assert!(text.starts_with(&format!("process {}", std::process::id())), "{text}");
    }

    #[test]
    fn a_note_that_cannot_be_read_leaves_the_holder_unnamed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".lock");
        let mut held = Disk.try_lock(&path).unwrap().unwrap();
        held.describe("\u{1b}[31m").unwrap();
        let error = Lock::take(&Disk, &path).unwrap_err();
        assert!(error.to_string().contains("held by another process"), "{error}");
    }

    #[test]
    fn a_holder_reads_back_as_it_was_written() {
        for host in ["machine", ""] {
            let holder = Holder { process: 42, host: host.to_owned(), since: "2030-01-01T00:00:00Z".to_owned() };
            assert_eq!(Holder::parse(&holder.to_string()), Some(holder));
        }
        assert_eq!(Holder::parse("process x since y"), None);
    }
}
