//! The results folder of one sweep: how its files are read and written.

mod names;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use crate::journal::{self, Journal, Recovered};
use crate::lock::{Lock, LockError, Occupation};
use crate::name::{self, NameError, SweepName};
use crate::storage::{Kind, Storage, StorageError, parent_of};

/// The folder `results/<name>/` of one sweep.
#[derive(Debug, Clone)]
pub struct Folder {
    storage: Arc<dyn Storage>,
    path: PathBuf,
}

/// Longer than any process takes to make the tables of a million trials.
const TABLES_PATIENCE: Duration = Duration::from_secs(60);

/// The right to write the derived files of a folder; dropping it lets the next one in.
#[derive(Debug)]
pub struct TablesLock {
    _lock: Lock,
}

/// Why a results folder cannot be used.
#[derive(Debug, Error)]
pub enum FolderError {
    /// Something that is no folder has the folder's name.
    #[error("`{0}` is no folder; move it away, or choose another place with `--results DIR`")]
    NotAFolder(PathBuf),
    /// There is no such folder.
    #[error("there is no folder `{0}`; name the folder of a run, as `results/NAME`")]
    Missing(PathBuf),
    /// A file has no name that may be written.
    #[error("no file of this name is written in a results folder: {0}")]
    FileName(#[from] NameError),
    /// The disk refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Folder {
    /// The folder of a sweep under `results`, created where it is missing, with those above it.
    ///
    /// # Errors
    /// [`FolderError::NotAFolder`] where something else has the name, or what the disk refuses.
    pub fn create(storage: Arc<dyn Storage>, results: &Path, name: &SweepName) -> Result<Self, FolderError> {
        let path = results.join(name.as_str());
        for part in [results, &path] {
            if matches!(storage.kind(part).map_err(StorageError::from)?, Some(Kind::File | Kind::Other)) {
                return Err(FolderError::NotAFolder(part.to_owned()));
            }
        }
        storage.create_folders(&path).map_err(StorageError::from)?;
        // A run that was killed may have made the folder and not yet its name durable.
        storage.sync_folder(&parent_of(&path)).map_err(StorageError::from)?;
        Ok(Self { storage, path })
    }

    /// A folder that a run left.
    ///
    /// # Errors
    /// [`FolderError::Missing`] and [`FolderError::NotAFolder`], or what the disk refuses.
    pub fn open(storage: Arc<dyn Storage>, path: &Path) -> Result<Self, FolderError> {
        match storage.kind(path).map_err(StorageError::from)? {
            None => Err(FolderError::Missing(path.to_owned())),
            Some(Kind::Folder | Kind::Link) => Ok(Self { storage, path: path.to_owned() }),
            Some(Kind::File | Kind::Other) => Err(FolderError::NotAFolder(path.to_owned())),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The disk that it is on.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// Takes the folder for this process, or says at once who has it.
    ///
    /// # Errors
    /// [`LockError::Held`] where another process has it, or what the disk refuses.
    pub fn lock(&self) -> Result<Lock, LockError> {
        Lock::take(&*self.storage, &self.file(Self::LOCK))
    }

    /// Whether a process trains in the folder; changes nothing and disturbs nobody.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn occupation(&self) -> Result<Occupation, StorageError> {
        Lock::look(&*self.storage, &self.file(Self::LOCK))
    }

    /// Takes the right to write the derived files, and waits for whoever has it: they are read from the journal and
    /// written by one process at a time, so that an older reading never replaces a newer one.
    ///
    /// # Errors
    /// [`LockError::Held`] where another process keeps it for a minute, or what the disk refuses.
    pub fn lock_tables(&self) -> Result<TablesLock, LockError> {
        let path = self.file(Self::TABLES_LOCK);
        Ok(TablesLock { _lock: Lock::wait_for(&*self.storage, &path, TABLES_PATIENCE)? })
    }

    /// Opens the journal for writing, with all that it holds; only for who holds the folder.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open_journal(&self, _held: &Lock) -> Result<(Journal, Recovered), journal::Error> {
        Journal::open(Arc::clone(&self.storage), &self.file(Self::JOURNAL))
    }

    /// Reads the journal, and changes nothing.
    ///
    /// # Errors
    /// As [`Journal::read`].
    pub fn read_journal(&self) -> Result<Recovered, journal::Error> {
        Journal::read(&*self.storage, &self.file(Self::JOURNAL))
    }

    /// The content of a file in the folder.
    ///
    /// # Errors
    /// Where it is missing or may not be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, FolderError> {
        Ok(self.storage.read(&self.file(name)).map_err(StorageError::from)?)
    }

    /// Gives a file of the folder a new content: whoever reads it, or finds it after a power cut, has the
    /// old content or the new one, whole. `name` may stand in one folder below, as `plots/loss.svg`.
    ///
    /// # Errors
    /// [`FolderError::FileName`] for a name that could lead elsewhere, [`FolderError::NotAFolder`] where
    /// the folder below is a file or a link, or what the disk refuses; the old content then stands.
    pub fn write_atomically(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        if let Some(below) = below(name)? {
            self.make_below(below)?;
        }
        Ok(self.storage.write_atomically(&self.file(name), bytes).map_err(StorageError::from)?)
    }

    /// Takes a file out of the folder, if it is there.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn remove(&self, name: &str) -> Result<(), FolderError> {
        name::check(name)?;
        let path = self.file(name);
        if self.storage.kind(&path).map_err(StorageError::from)?.is_some() {
            self.storage.remove(&path).map_err(StorageError::from)?;
            self.storage.sync_folder(&self.path).map_err(StorageError::from)?;
        }
        Ok(())
    }

    /// As [`Folder::write_atomically`] for each of several files, whose names become durable together. A file that has
    /// its content already is left alone.
    ///
    /// # Errors
    /// As there, for the first file that is refused; those before it may be written.
    pub fn write_all<'a>(&self, files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<(), FolderError> {
        let mut made: BTreeSet<&str> = BTreeSet::new();
        for (name, bytes) in files {
            if let Some(below) = below(name)?
                && made.insert(below)
            {
                self.make_below(below)?;
            }
            let path = self.file(name);
            if !self.storage.holds(&path, bytes).map_err(StorageError::from)? {
                self.storage.replace(&path, bytes).map_err(StorageError::from)?;
            }
        }
        // Even where nothing changed: a run before may have been killed between a new name and its sync.
        for below in made {
            self.storage.sync_folder(&self.file(below)).map_err(StorageError::from)?;
        }
        Ok(self.storage.sync_folder(&self.path).map_err(StorageError::from)?)
    }

    /// Removes the files of a folder below whose names end so, but for those that are `kept`: what an earlier version of
    /// a sweep left. Nothing is removed where the folder below is a link or no folder.
    ///
    /// # Errors
    /// What the disk refuses.
    pub fn remove_others(&self, below: &str, ending: &str, kept: impl Fn(&str) -> bool) -> Result<(), FolderError> {
        name::check(below)?;
        let folder = self.file(below);
        if self.storage.kind(&folder).map_err(StorageError::from)? != Some(Kind::Folder) {
            return Ok(());
        }
        for file in self.storage.list(&folder).map_err(StorageError::from)? {
            let path = folder.join(&file);
            let is_file = self.storage.kind(&path).map_err(StorageError::from)? == Some(Kind::File);
            if is_file && file.ends_with(ending) && !kept(&file) {
                self.storage.remove(&path).map_err(StorageError::from)?;
            }
        }
        Ok(())
    }

    fn make_below(&self, below: &str) -> Result<(), FolderError> {
        let below = self.file(below);
        if !matches!(self.storage.kind(&below).map_err(StorageError::from)?, None | Some(Kind::Folder)) {
            return Err(FolderError::NotAFolder(below));
        }
        Ok(self.storage.create_folders(&below).map_err(StorageError::from)?)
    }
}

/// The folder below that a file's name leads to, if it leads to one; an error for a name that could lead elsewhere.
fn below(name: &str) -> Result<Option<&str>, NameError> {
    let Some((below, file)) = name.split_once('/') else {
        name::check(name)?;
        return Ok(None);
    };
    name::check(below)?;
    name::check(file)?;
    Ok(Some(below))
}
