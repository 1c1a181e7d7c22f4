//! The results folder of one sweep: the names of its files, and how they are written.

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
    /// The durable record: one line an outcome.
    pub const JOURNAL: &str = "journal.jsonl";
    /// Versions, machine, the sweep: see [`crate::run::RunRecord`].
    pub const RUN: &str = "run.toml";
    /// A row a trial.
    pub const TRIALS: &str = "trials.csv";
    /// A row an epoch.
    pub const EPOCHS: &str = "epochs.parquet";
    /// A row a grid point.
    pub const SUMMARY: &str = "summary.csv";
    /// A row a comparison.
    pub const COMPARISONS: &str = "comparisons.csv";
    /// A row a fresh trial of winner and baseline.
    pub const CONFIRMATION: &str = "confirmation.csv";
    /// A row a predicted row of a trial of the best points.
    pub const PREDICTIONS: &str = "predictions.parquet";
    /// A row an ensemble in one figure.
    pub const ENSEMBLES: &str = "ensembles.csv";
    /// A row an effect.
    pub const EFFECTS: &str = "effects.csv";
    /// A row a grid point: trained too long, too short, or not.
    pub const VERDICTS: &str = "verdicts.csv";
    /// A row an update rule and learning rate; only where a rule has several.
    pub const OPTIMIZERS: &str = "optimizers.csv";
    /// A row a number of training rows; only where that is an axis.
    pub const LEARNING_CURVE: &str = "learning_curve.csv";
    /// A row a number of points.
    pub const EXPECTED_BEST: &str = "expected_best.csv";
    /// Seconds and worker of each trial.
    pub const TIMINGS: &str = "timings.csv";
    /// The report for a terminal or a forge.
    pub const REPORT: &str = "report.md";
    /// The report as one page.
    pub const PAGE: &str = "report.html";
    /// The folder of the plots.
    pub const PLOTS: &str = "plots";
    /// The lock of who trains, which names its holder.
    pub const LOCK: &str = ".lock";
    /// The lock of who writes the derived files.
    pub const TABLES_LOCK: &str = ".tables.lock";

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faulty_disk::{Fault, FaultyDisk, Lies, Survives};
    use crate::storage::Disk;

    fn name() -> SweepName {
        "sweep".parse().unwrap()
    }

    /// Ways to give files a content: each returns whether it was acknowledged.
    type Write = fn(&Folder, &str) -> bool;

    const ONE_BELOW: Write = |folder, text| folder.write_atomically("plots/a.svg", text.as_bytes()).is_ok();
    const SEVERAL: Write = |folder, text| {
        let files = [("a", "always the same"), ("b", text), ("c", text), ("plots/a.svg", text)];
        folder.write_all(files.map(|(name, text)| (name, text.as_bytes()))).is_ok()
    };

    /// Two versions are written; returns how many of them were acknowledged.
    fn write_twice(disk: &FaultyDisk, write: Write) -> usize {
        let Ok(folder) = Folder::create(Arc::new(disk.clone()), Path::new("results"), &name()) else { return 0 };
        ["one", "other"].iter().take_while(|text| write(&folder, text)).count()
    }

    fn disturb(
        write: Write,
        file: &str,
        lies: Lies,
        operation: usize,
        fault: Fault,
        survives: Survives,
    ) -> Result<(), String> {
        let disk = FaultyDisk::default();
        disk.tell(lies);
        disk.plan(operation, fault);
        let acknowledged = write_twice(&disk, write);
        disk.reboot(survives);
        let path = Path::new("results/sweep").join(file);
        let version = match disk.kind(&path).unwrap().map(|_| disk.read(&path).unwrap()).as_deref() {
            None => 0,
            Some(b"one") => 1,
            Some(b"other") => 2,
            Some(bytes) => return Err(format!("half a file: {}", bytes.escape_ascii())),
        };
        if version < acknowledged {
            return Err(format!("version {acknowledged} was acknowledged, and version {version} is there"));
        }
        if write_twice(&disk, write) == 2 { Ok(()) } else { Err("it cannot be written any more".to_owned()) }
    }

    fn disturb_everywhere(write: Write, file: &str, lies: Lies) -> Vec<String> {
        let disk = FaultyDisk::default();
        assert_eq!(write_twice(&disk, write), 2);
        let mut wrong = Vec::new();
        for (operation, appended) in disk.operations().into_iter().enumerate() {
            let whole = [Fault::Once, Fault::ForEver, Fault::Short, Fault::Crash];
            for fault in whole.into_iter().chain((0..=appended.unwrap_or(0)).map(Fault::Torn)) {
                for survives in [Survives::Synced, Survives::Everything] {
                    if let Err(message) = disturb(write, file, lies, operation, fault, survives) {
                        wrong.push(format!("operation {operation}, {fault:?}, {survives:?}: {message}"));
                    }
                }
            }
        }
        wrong
    }

    const WAYS: [(Write, &str); 4] =
        [(ONE_BELOW, "plots/a.svg"), (SEVERAL, "b"), (SEVERAL, "c"), (SEVERAL, "plots/a.svg")];

    #[test]
    fn a_fault_at_any_operation_leaves_the_old_file_or_the_new_one() {
        for (write, file) in WAYS {
            assert_eq!(disturb_everywhere(write, file, Lies::default()), [""; 0]);
        }
    }

    #[test]
    fn a_sync_left_out_or_a_short_write_ignored_is_caught_by_the_test_above() {
        for lies in [
            Lies { file_syncs: true, ..Lies::default() },
            Lies { folder_syncs: true, ..Lies::default() },
            Lies { short_writes: true, ..Lies::default() },
        ] {
            for (write, file) in WAYS {
                assert!(!disturb_everywhere(write, file, lies).is_empty(), "{lies:?}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_has_its_content_already_is_left_alone() {
        use std::os::unix::fs::MetadataExt;
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
        let number = |file: &str| fs_err::metadata(folder.file(file)).unwrap().ino();
        folder.write_all([("a", &b"1"[..]), ("b", b"2")]).unwrap();
        let before = [number("a"), number("b")];
        folder.write_all([("a", &b"1"[..]), ("b", b"3")]).unwrap();
        assert_eq!(number("a"), before[0]);
        assert_ne!(number("b"), before[1]);
        assert!(matches!(folder.write_all([("plots/../a", &b"1"[..])]), Err(FolderError::FileName(_))));
    }

    #[test]
    fn a_file_in_place_of_a_folder_is_named_with_the_way_out() {
        let place = tempfile::tempdir().unwrap();
        let results = place.path().join("results");
        Disk.write_atomically(&results, b"").unwrap();
        let error = Folder::create(Arc::new(Disk), &results, &name()).unwrap_err();
        assert!(matches!(&error, FolderError::NotAFolder(path) if *path == results));
        assert!(error.to_string().contains("`--results DIR`"), "{error}");
        assert!(matches!(Folder::open(Arc::new(Disk), &results), Err(FolderError::NotAFolder(_))));
        let below = results.join("below");
        let error = Folder::create(Arc::new(Disk), &below, &name()).unwrap_err();
        assert!(error.to_string().contains("move it away"), "{error}");
        assert!(matches!(Folder::open(Arc::new(Disk), &place.path().join("none")), Err(FolderError::Missing(_))));
    }

    #[test]
    fn no_file_is_written_outside_the_folder() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
        for file in ["../x", "/x", "a/../x", "a/b/c", "", "plots/", "a//b", ".."] {
            assert!(matches!(folder.write_atomically(file, b""), Err(FolderError::FileName(_))), "{file}");
        }
        assert_eq!(Disk.list(place.path()).unwrap(), ["sweep"]);
        assert_eq!(Disk.list(folder.path()).unwrap(), [""; 0]);
    }

    #[test]
    fn pictures_of_an_earlier_sweep_are_removed_and_other_files_are_not() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
        folder.remove_others("plots", ".svg", |_| false).unwrap();
        let files = ["plots/new.svg", "plots/old.svg", "plots/notes.txt"];
        folder.write_all(files.map(|file| (file, &b"1"[..]))).unwrap();
        folder.remove_others("plots", ".svg", |file| file == "new.svg").unwrap();
        assert_eq!(Disk.list(&folder.file("plots")).unwrap(), ["new.svg", "notes.txt"]);
        assert!(folder.remove_others("..", ".svg", |_| false).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_of_plots_that_is_a_link_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
        std::os::unix::fs::symlink(place.path(), folder.file(Folder::PLOTS)).unwrap();
        assert!(matches!(folder.write_atomically("plots/x.svg", b""), Err(FolderError::NotAFolder(_))));
        assert!(matches!(folder.write_all([("plots/x.svg", &b""[..])]), Err(FolderError::NotAFolder(_))));
        folder.remove_others("plots", "", |_| false).unwrap();
    }

    #[test]
    fn the_journal_is_opened_by_who_holds_the_folder_and_read_by_all() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::create(Arc::new(Disk), place.path(), &name()).unwrap();
        let lock = folder.lock().unwrap();
        assert!(matches!(folder.lock(), Err(LockError::Held { .. })));
        let (journal, recovered) = folder.open_journal(&lock).unwrap();
        assert!(recovered.outcomes.is_empty());
        drop(journal);
        assert!(folder.read_journal().unwrap().outcomes.is_empty());
        let error = journal::Journal::read(&Disk, &folder.file("none")).unwrap_err();
        assert!(error.to_string().contains("there is no journal"), "{error}");
        folder.write_atomically(Folder::REPORT, b"text").unwrap();
        assert_eq!(folder.read(Folder::REPORT).unwrap(), b"text");
        assert_eq!(Disk.list(folder.path()).unwrap(), [Folder::LOCK, Folder::JOURNAL, Folder::REPORT]);
    }
}
