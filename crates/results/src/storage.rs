//! The one door to the disk: what the journal, the folder and the lock ask of a file system.
//!
//! Everything that must survive a crash goes through [`Storage`], so that a test can put a disk in its
//! place that fails, tears writes or loses what was not synced, at every single operation.

use std::error::Error as _;
use std::fmt;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

pub use crate::disk::Disk;

/// What stands at a path. Links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A device, a pipe or a socket.
    Other,
}

/// The operations on files that this crate needs, each of them one that a disk can fail.
///
/// No operation that writes follows a symbolic link in the last part of its path.
pub trait Storage: fmt::Debug + Send + Sync {
    /// What stands at the path itself, or `None`.
    ///
    /// # Errors
    /// Where it cannot be told, for want of permission for instance.
    fn kind(&self, path: &Path) -> io::Result<Option<Kind>>;

    /// Bytes of a file.
    ///
    /// # Errors
    /// Where there is no such file.
    fn length(&self, path: &Path) -> io::Result<u64>;

    /// Opens a file for reading from its start.
    ///
    /// # Errors
    /// Where there is no such file or it may not be read.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>>;

    /// The names in a folder, sorted.
    ///
    /// # Errors
    /// Where there is no such folder or it may not be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;

    /// Creates one folder, whose parent exists. Durable after [`Storage::sync_folder`] of the parent.
    ///
    /// # Errors
    /// Where something stands there, or nothing may be created.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Creates a file that is not there yet. Durable after [`Appending::sync`] and
    /// [`Storage::sync_folder`].
    ///
    /// # Errors
    /// Where something stands there, or nothing may be created.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Appending>>;

    /// Opens a file that exists, to write at its end.
    ///
    /// # Errors
    /// Where there is no such file, it is a link, or it may not be written.
    fn append_to(&self, path: &Path) -> io::Result<Box<dyn Appending>>;

    /// Cuts a file to a length and syncs it.
    ///
    /// # Errors
    /// Where there is no such file, it is a link, or it may not be written.
    fn truncate(&self, path: &Path, length: u64) -> io::Result<()>;

    /// Gives a file another name in place of whatever file bore it. Durable after
    /// [`Storage::sync_folder`].
    ///
    /// # Errors
    /// Where the disk refuses.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file, or a link but not what it points to.
    ///
    /// # Errors
    /// Where there is no such file, or the disk refuses.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable: files that were created, renamed or removed in it.
    ///
    /// # Errors
    /// Where the disk refuses; nothing in the folder may be trusted afterwards.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;

    /// Takes the lock of a file, which is created where it is missing; `None` where another holds it.
    /// The lock ends with the value or the process, whichever ends first.
    ///
    /// # Errors
    /// Where the file cannot be created, is a link, or the file system knows no locks.
    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Held>>>;

    /// The whole content of a file.
    ///
    /// # Errors
    /// Where there is no such file or it may not be read.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Creates a folder and those above it that are missing, and makes them durable.
    ///
    /// # Errors
    /// Where something that is no folder stands in the way ([`ErrorKind::NotADirectory`]), or the disk
    /// refuses.
    fn create_folders(&self, path: &Path) -> io::Result<()> {
        if path.as_os_str().is_empty() {
            return Ok(());
        }
        match self.kind(path)? {
            // A link to a folder is as good as the folder: people keep results on another disk.
            Some(Kind::Folder | Kind::Link) => return Ok(()),
            Some(Kind::File | Kind::Other) => {
                let message = format!("`{}` is no folder", path.display());
                return Err(io::Error::new(ErrorKind::NotADirectory, message));
            }
            None => {}
        }
        let parent = parent_of(path);
        self.create_folders(&parent)?;
        match self.create_folder(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            outcome => outcome?,
        }
        self.sync_folder(&parent)
    }

    /// Gives a file a new content so that a reader, and a disk after a power cut, has the old one or the
    /// new one whole: a file beside it, synced, renamed over it, and the folder synced.
    ///
    /// # Errors
    /// Where the disk refuses; the old content then stands.
    fn write_atomically(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.replace(path, bytes)?;
        self.sync_folder(&parent_of(path))
    }

    /// As [`Storage::write_atomically`], but durable only after [`Storage::sync_folder`]: until then a disk after a
    /// power cut may have the old content, whole.
    ///
    /// # Errors
    /// Where the disk refuses; the old content then stands.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let beside = beside(path);
        if self.kind(&beside)?.is_some() {
            self.remove(&beside)?;
        }
        let written = self
            .create(&beside)
            .and_then(|mut file| file.append(bytes).and_then(|()| file.sync()))
            .and_then(|()| self.rename(&beside, path));
        if let Err(error) = written {
            // Best effort, to give a full disk its room back; the next writing removes it otherwise.
            let _ = self.remove(&beside);
            return Err(error);
        }
        Ok(())
    }

    /// Whether a file has this content.
    ///
    /// # Errors
    /// Where it cannot be told.
    fn holds(&self, path: &Path, bytes: &[u8]) -> io::Result<bool> {
        if self.kind(path)? != Some(Kind::File) || self.length(path)? != bytes.len() as u64 {
            return Ok(false);
        }
        let mut file = BufReader::with_capacity(1 << 16, self.open(path)?);
        let mut rest = bytes;
        loop {
            let read = file.fill_buf()?;
            let length = read.len();
            match rest.split_at_checked(length) {
                Some((same, behind)) if same == read && length > 0 => rest = behind,
                _ => return Ok(length == 0 && rest.is_empty()),
            }
            file.consume(length);
        }
    }
}

/// A file that grows at its end.
pub trait Appending: fmt::Debug + Send {
    /// Writes all the bytes at the end of the file.
    ///
    /// # Errors
    /// Where the disk refuses; any part of the bytes may have been written then.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes all that was written durable.
    ///
    /// # Errors
    /// Where the disk refuses. Nothing written since the last sync may be trusted then, not even if a
    /// later sync succeeds: a system may have dropped the pages that it could not write.
    fn sync(&mut self) -> io::Result<()>;
}

/// A lock that is held.
pub trait Held: fmt::Debug + Send + Sync {
    /// Replaces the content of the lock's file, which tells others who holds it.
    ///
    /// # Errors
    /// Where the disk refuses.
    fn describe(&mut self, text: &str) -> io::Result<()>;
}

/// The disk refused: what it was asked, on which path, why, and what to do.
#[derive(Debug)]
pub struct StorageError(io::Error);

impl StorageError {
    /// What sort of refusal it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind()
    }
}

impl From<io::Error> for StorageError {
    fn from(cause: io::Error) -> Self {
        Self(cause)
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The path stands in the outer error, the reason in its source; both belong into one sentence.
        write!(formatter, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(formatter, ": {cause}")?;
            source = cause.source();
        }
        match remedy(self.0.kind()) {
            Some(remedy) => write!(formatter, "; {remedy}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for StorageError {}

fn remedy(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::PermissionDenied => "ask for permission there, or choose another place with `--results DIR`",
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only: choose another place with `--results DIR`",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "free some space and run again: what finished is kept"
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "move it away, or choose another place with `--results DIR`"
        }
        ErrorKind::InvalidFilename => "shorten the path with `--results DIR`",
        ErrorKind::Unsupported => "this file system cannot do it: choose another place with `--results DIR`",
        _ => return None,
    })
}

/// The folder that a path stands in; `.` for a bare name.
pub(crate) fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The path under which a new content of `path` is prepared.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_path_the_reason_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing");
        let text = StorageError::from(Disk.open(&missing).err().unwrap()).to_string();
        assert!(text.contains("missing`: No such file"), "{text}");
        let full = StorageError::from(io::Error::new(ErrorKind::StorageFull, "no space on `x`"));
        assert_eq!(full.to_string(), "no space on `x`; free some space and run again: what finished is kept");
    }

    #[test]
    fn a_file_holds_its_bytes_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert!(!Disk.holds(&path, b"").unwrap());
        for length in [0, 1, 65_536, 200_000] {
            let mut bytes = vec![b'x'; length];
            Disk.write_atomically(&path, &bytes).unwrap();
            assert!(Disk.holds(&path, &bytes).unwrap(), "{length}");
            bytes.push(b'x');
            assert!(!Disk.holds(&path, &bytes).unwrap(), "{length}");
            bytes.pop();
            if let Some(last) = bytes.last_mut() {
                *last = b'y';
                assert!(!Disk.holds(&path, &bytes).unwrap(), "{length}");
            }
        }
        assert!(!Disk.holds(folder.path(), b"").unwrap());
    }

    #[test]
    fn the_parent_of_a_bare_name_is_the_current_folder() {
        assert_eq!(parent_of(Path::new("a")), Path::new("."));
        assert_eq!(parent_of(Path::new("a/b")), Path::new("a"));
    }
}
