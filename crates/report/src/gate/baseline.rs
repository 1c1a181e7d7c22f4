//! What is kept of a run to be held against: its trials, its record, and their checksums.
//!
//! A baseline is `trials.csv` as the results folder has it, which any tool reads and whose numbers are exact, `run.toml`
//! without what differs from run to run, and `SHA256SUMS` for `sha256sum --check`. It is read from the table, not from
//! the sweep file of then, so a baseline of an older version keeps its keys and stays readable.

use data_encoding::HEXLOWER;
use polars::error::PolarsError;
use sha2::{Digest, Sha256};
use swath_results::manifest::{BestBy, DataSummary, Manifest, Objective, Task};
use swath_results::run::{RunError, RunRecord, RunSummary, Timeline};
use swath_results::{Folder, Outcomes};
use thiserror::Error;
use toml::Value;

use super::trials_table::TrialsTable;
use crate::compare::setting;
use crate::render::File;
use crate::results::{Counts, Results};
use crate::tables::trials;
use crate::write::csv;

/// The file of the trials.
pub const TRIALS: &str = Folder::TRIALS;
/// The file of the record.
pub const RECORD: &str = Folder::RUN;
/// The file of the checksums of the two others.
pub const SUMS: &str = "SHA256SUMS";

/// Why there is no baseline.
#[derive(Debug, Error)]
pub enum BaselineError {
    /// A file is not what its checksum says.
    #[error("`{file}` of the baseline is damaged: it is not the file that `{SUMS}` was written for")]
    Damaged {
        /// The file.
        file: &'static str,
    },
    /// There is no checksum of a file.
    #[error("`{SUMS}` of the baseline has no checksum of `{file}`")]
    NoSum {
        /// The file.
        file: &'static str,
    },
    /// The table of trials is none.
    #[error("`{TRIALS}` of the baseline is no table of trials: line {line}: {reason}")]
    Table {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The record is none.
    #[error("`{RECORD}` of the baseline: {0}")]
    Record(#[from] RunError),
    /// A run that lacks outcomes is nothing to hold others against.
    #[error(
        "{} of {} trials have no outcome and {} failed; a baseline needs them all: run the sweep again (`--retry-failed`)",
        .0.missing, .0.total(), .0.failed
    )]
    Partial(Counts),
    /// The table of trials could not be made.
    #[error("the table of trials could not be made: {0}")]
    Made(#[from] PolarsError),
}

/// The files of the baseline of a run.
///
/// # Errors
/// The run lacks outcomes, or its table cannot be made.
pub fn files(results: &Results<'_>, record: &RunRecord) -> Result<[File; 3], BaselineError> {
    let counts = results.counts();
    if counts.missing > 0 || counts.failed > 0 {
        return Err(BaselineError::Partial(counts));
    }
    let table = csv(&mut trials::table(results)?)?;
    let record = RunRecord {
        // What differs between two runs of the same program on the same file would only hide what changed.
        run: RunSummary {
            started: record.run.started.clone(),
            engine: record.run.engine.clone(),
            complete: true,
            trials: record.run.trials,
            distinct_trials: record.run.distinct_trials,
            ..RunSummary::default()
        },
        timeline: Timeline::default(),
        ..record.clone()
    };
    let record = record.to_toml()?.into_bytes();
    let sums = [(RECORD, &record), (TRIALS, &table)].map(|(name, bytes)| format!("{}  {name}\n", sum(bytes))).concat();
    let file = |name: &str, bytes: Vec<u8>| File { name: name.to_owned(), bytes };
    Ok([file(TRIALS, table), file(RECORD, record), file(SUMS, sums.into_bytes())])
}

fn sum(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The text of a file of a baseline, if `sums` has its checksum.
///
/// # Errors
/// [`BaselineError::NoSum`] or [`BaselineError::Damaged`].
pub fn checked(sums: &[u8], file: &'static str, bytes: &[u8]) -> Result<String, BaselineError> {
    let sums = String::from_utf8_lossy(sums);
    let known = sums.lines().find_map(|line| line.strip_suffix(file)?.strip_suffix("  "));
    let known = known.ok_or(BaselineError::NoSum { file })?;
    let text = String::from_utf8(bytes.to_vec()).ok().filter(|_| known == sum(bytes));
    text.ok_or(BaselineError::Damaged { file })
}

/// A baseline, as results that can be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// What was asked for, as far as the table says: levels, keys, replicates.
    pub manifest: Manifest,
    /// What came of it, without curves and effort.
    pub outcomes: Outcomes,
    /// What `run.toml` says.
    pub record: RunRecord,
}

impl Baseline {
    /// Reads a table of trials and a record.
    ///
    /// # Errors
    /// [`BaselineError::Table`] or [`BaselineError::Record`].
    pub fn read(trials: &str, record: &str) -> Result<Self, BaselineError> {
        let record = RunRecord::from_toml(record)?;
        let TrialsTable { axes, points, replicates, keys, metric, outcomes } = TrialsTable::read(trials)?;
        let manifest = Manifest {
            name: text_of(&record, "name"),
            objective: objective(&record, metric),
            axes,
            points,
            architectures: Vec::new(),
            replicates,
            confirm: 0,
            keys,
            data: DataSummary {
                test_rows: record.data.variants.iter().map(|variant| variant.test_rows).max().unwrap_or(0),
                ..DataSummary::default()
            },
            excluded_points: 0,
            pictures: None,
            predicted_points: 1,
            predicted_replicates: 0,
            surface: None,
        };
        Ok(Self { manifest, outcomes, record })
    }

    /// As results.
    pub fn results(&self) -> Results<'_> {
        Results::new(&self.manifest, |key| self.outcomes.get(key))
    }
}

/// The text of a setting; empty where the record has none.
fn text_of(record: &RunRecord, name: &str) -> String {
    setting(record, name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn objective(record: &RunRecord, metric: String) -> Objective {
    let is_classification = text_of(record, "data.task") == "classification";
    Objective {
        task: if is_classification { Task::Classification } else { Task::Regression },
        target: text_of(record, "data.target"),
        loss: text_of(record, "train.loss"),
        metric,
        best_by: BestBy::Loss,
    }
}
