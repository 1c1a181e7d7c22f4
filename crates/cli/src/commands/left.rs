//! What a run left in its folder: `run.toml`, the journal, and the trials that they speak of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use swath_report::Results;
use swath_results::folder::Folder;
use swath_results::lock::Occupation;
use swath_results::storage::StorageError;
use swath_results::{Disk, Outcomes, RunRecord, TrialKey, journal};
use swath_sweep::run::{EngineChoice, RunError, earlier, fresh_trials, read_record};
use swath_sweep::why::Earlier;

use super::run::keys;
use super::tables::Held;
use crate::exit::Failure;

/// What a run left.
pub(crate) struct Left {
    /// What `run.toml` says.
    pub(crate) record: RunRecord,
    /// The sweep and its trials.
    pub(crate) known: Earlier,
    /// What is recorded; the torn tail of a line that is being written is no outcome.
    pub(crate) outcomes: Outcomes,
}

/// Refuses a folder without a run before anything is written in it.
pub(crate) fn look_for_a_run(folder: &Folder) -> Result<(), Failure> {
    for missing in [Folder::RUN, Folder::JOURNAL] {
        if folder.storage().kind(&folder.file(missing)).map_err(StorageError::from)?.is_none() {
            let folder_path = folder.path().to_owned();
            return Err(match folder.occupation()? {
                Occupation::Held(_) => Failure::NotYet(folder_path),
                Occupation::Free => Failure::NoRun { folder: folder_path, missing },
            });
        }
    }
    Ok(())
}

/// Opens a folder and reads it, and changes nothing.
pub(crate) fn open(path: &Path) -> Result<Left, Failure> {
    let folder = Folder::open(Arc::new(Disk), path)?;
    look_for_a_run(&folder)?;
    read(&folder)
}

/// Reads a folder, and changes nothing.
pub(crate) fn read(folder: &Folder) -> Result<Left, Failure> {
    let failed = |error: RunError| Failure::Run { error, sweep: None };
    let path: PathBuf = folder.path().to_owned();
    let no_run = |missing| Failure::NoRun { folder: path.clone(), missing };
    let record = read_record(folder).map_err(failed)?.ok_or_else(|| no_run(Folder::RUN))?;
    let known = earlier(Some(&record)).ok_or_else(|| Failure::NotUnderstood(folder.file(Folder::RUN)))?;
    let recovered = folder.read_journal().map_err(|error| match error {
        journal::Error::Missing(_) => no_run(Folder::JOURNAL),
        error => failed(error.into()),
    })?;
    Ok(Left { record, known, outcomes: recovered.outcomes })
}

impl Left {
    /// What is recorded, by the points and replicates that the sweep asked for.
    pub(crate) fn results(&self) -> Results<'_> {
        Results::new(&self.known.trials.manifest, |key| self.outcomes.get(key))
    }

    /// The keys of a point's fresh replicates.
    pub(crate) fn fresh_keys(&self, point: usize) -> Vec<TrialKey> {
        let engine = EngineChoice::named(&self.record.run.engine).unwrap_or_default();
        keys(&fresh_trials(&self.known.sweep, &self.known.facts, engine, point))
    }

    /// It, ready to be answered.
    pub(crate) fn held<'a>(&'a self, fresh_keys: &'a dyn Fn(usize) -> Vec<TrialKey>) -> Held<'a> {
        Held { manifest: &self.known.trials.manifest, outcomes: &self.outcomes, fresh_keys }
    }
}
