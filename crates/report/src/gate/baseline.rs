//! What is kept of a run to be held against: its trials, its record, and their checksums.
//!
//! A baseline is `trials.csv` as the results folder has it, which any tool reads and whose numbers are exact, `run.toml`
//! without what differs from run to run, and `SHA256SUMS` for `sha256sum --check`. It is read from the table, not from
//! the sweep file of then, so a baseline of an older version keeps its keys and stays readable.

use data_encoding::HEXLOWER;
use polars::error::PolarsError;
use sha2::{Digest, Sha256};
use swath_results::manifest::{Axis, BestBy, DataSummary, Level, Manifest, Objective, Point, Task};
use swath_results::row::{Effort, Ending, Outcome, PackedCurves, Score, Scores};
use swath_results::run::{RunError, RunRecord, RunSummary, Timeline};
use swath_results::settings::PointSettings;
use swath_results::{Folder, Outcomes, TrialKey};
use thiserror::Error;
use toml::Value;

use crate::cells::cells;
use crate::figure::{Figure, Part, Quantity, When};
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
        let rows = cells(trials).map_err(|line| wrong(line, "a quote is not closed"))?;
        let (header, rows) = rows.split_first().ok_or_else(|| wrong(1, "it is empty"))?;
        let columns = Columns::new(header)?;
        let mut builder = Builder::new(&columns);
        for (place, row) in rows.iter().enumerate() {
            if row.len() != header.len() {
                return Err(wrong(place + 2, format!("{} cells under {} names", row.len(), header.len())));
            }
            builder.add(row).map_err(|reason| wrong(place + 2, reason))?;
        }
        let replicates = builder.replicates.unwrap_or(builder.next_replicate);
        if builder.points.is_empty() || builder.next_replicate != replicates {
            return Err(wrong(rows.len() + 1, "trials are missing at its end"));
        }
        let Builder { axes, points, keys, outcomes, .. } = builder;
        let manifest = Manifest {
            name: text_of(&record, &["name"]),
            objective: objective(&record, &columns),
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

fn wrong(line: usize, reason: impl Into<String>) -> BaselineError {
    BaselineError::Table { line, reason: reason.into() }
}

fn text_of(record: &RunRecord, path: &[&str]) -> String {
    let (first, rest) = path.split_first().unzip();
    let start = first.and_then(|first| record.resolved.get(*first));
    let found = rest.unwrap_or_default().iter().try_fold(start, |value, part| Some(value?.get(*part)));
    found.flatten().and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn objective(record: &RunRecord, columns: &Columns) -> Objective {
    let task =
        if text_of(record, &["data", "task"]) == "classification" { Task::Classification } else { Task::Regression };
    Objective {
        task,
        target: text_of(record, &["data", "target"]),
        loss: text_of(record, &["train", "loss"]),
        metric: columns.metric.clone(),
        best_by: BestBy::Loss,
    }
}

/// Where the columns stand.
struct Columns {
    names: Vec<String>,
    /// Where the axes are.
    axes: std::ops::Range<usize>,
    metric: String,
}

impl Columns {
    fn new(header: &[String]) -> Result<Self, BaselineError> {
        let place = |name: &str| {
            let found = header.iter().position(|known| known == name);
            found.ok_or_else(|| wrong(1, format!("there is no column `{name}`")))
        };
        for name in ["key", "train_loss", "validation_loss", "best_epoch"] {
            place(name)?;
        }
        let axes = place("replicate")? + 1..place("status")?;
        let metric = header.iter().filter_map(|name| name.strip_prefix("validation_")).find(|name| *name != "loss");
        Ok(Self { names: header.to_vec(), axes, metric: metric.unwrap_or_default().to_owned() })
    }

    /// The cell of a row under a name; empty where there is no such column.
    fn cell<'a>(&self, row: &'a [String], name: &str) -> &'a str {
        let place = self.names.iter().position(|known| known == name);
        place.and_then(|place| row.get(place)).map_or("", String::as_str)
    }
}

/// Points and outcomes, row by row.
struct Builder<'a> {
    columns: &'a Columns,
    axes: Vec<Axis>,
    points: Vec<Point>,
    keys: Vec<TrialKey>,
    outcomes: Outcomes,
    /// Of each point; known once a second one begins.
    replicates: Option<u32>,
    next_replicate: u32,
}

impl<'a> Builder<'a> {
    fn new(columns: &'a Columns) -> Self {
        let names = columns.names.get(columns.axes.clone()).unwrap_or_default();
        Self {
            columns,
            axes: names.iter().map(|name| Axis { name: name.clone(), levels: Vec::new() }).collect(),
            points: Vec::new(),
            keys: Vec::new(),
            outcomes: Outcomes::default(),
            replicates: None,
            next_replicate: 0,
        }
    }

    fn add(&mut self, row: &[String]) -> Result<(), String> {
        let cell = |name: &str| self.columns.cell(row, name);
        let key: TrialKey = cell("key").parse().map_err(|error: swath_results::row::NoTrialKey| error.to_string())?;
        let replicate: u32 = whole(cell("replicate"))?.ok_or("it has no `replicate`")?;
        let ending = ending(self.columns, row)?;
        let labels = row.get(self.columns.axes.clone()).unwrap_or_default();
        if replicate == 0 {
            if !self.points.is_empty() && *self.replicates.get_or_insert(self.next_replicate) != self.next_replicate {
                return Err("the point before it has another number of replicates".to_owned());
            }
            let levels = self.axes.iter_mut().zip(labels).map(|(axis, label)| level(axis, label)).collect();
            self.points.push(Point {
                levels,
                parameters: 0,
                steps: 0,
                steps_per_epoch: 0,
                epochs: 0,
                engine: String::new(),
                constant_loss: None,
                settings: PointSettings::default(),
                is_bootstrap: false,
            });
        } else if replicate != self.next_replicate {
            return Err(format!("replicate {replicate} follows replicate {}", self.next_replicate.wrapping_sub(1)));
        }
        self.next_replicate = replicate + 1;
        self.keys.push(key);
        if let Some(ending) = ending {
            self.outcomes.insert(Outcome { key, ending, curves: PackedCurves::default(), effort: Effort::default() });
        }
        Ok(())
    }
}

/// The place of a label on its axis.
fn level(axis: &mut Axis, label: &str) -> u32 {
    let known = axis.levels.iter().position(|level| level.label == label);
    let place = known.unwrap_or_else(|| {
        axis.levels.push(Level { label: label.to_owned(), number: label.parse().ok() });
        axis.levels.len() - 1
    });
    place as u32
}

fn ending(columns: &Columns, row: &[String]) -> Result<Option<Ending>, String> {
    let cell = |name: &str| columns.cell(row, name);
    let missing = |name: &str| format!("it has no `{name}`");
    Ok(Some(match cell("status") {
        "finished" => {
            let figure = |figure: Figure| number(cell(&figure.column(&columns.metric)));
            // What this version measures and the baseline did not have is not a number, which equals nothing.
            let measured = |value: Option<f32>| value.unwrap_or(f32::NAN);
            let score = |when: When| {
                let held = |part, quantity| figure(Figure::Held { part, when, quantity });
                Ok::<_, String>(Score {
                    validation_loss: measured(held(Part::Validation, Quantity::Loss)?),
                    validation_metric: measured(held(Part::Validation, Quantity::Metric)?),
                    test_loss: held(Part::Test, Quantity::Loss)?,
                    test_metric: held(Part::Test, Quantity::Metric)?,
                })
            };
            Ending::Finished(Scores {
                last: score(When::End)?,
                train_loss: measured(figure(Figure::TrainLoss)?),
                restored_epoch: whole(cell("restored_epoch"))?,
                best_epoch: whole(cell("best_epoch"))?.ok_or_else(|| missing("best_epoch"))?,
                best: score(When::BestEpoch)?,
            })
        }
        "diverged" => {
            let epoch = whole(cell("diverged_epoch"))?.ok_or_else(|| missing("diverged_epoch"))?;
            Ending::Diverged { epoch }
        }
        "failed" => Ending::Failed { message: cell("message").to_owned() },
        "missing" => return Ok(None),
        other => return Err(format!("`{other}` is no status")),
    }))
}

/// A number as it was written, bit for bit; `None` for an empty cell.
fn number(cell: &str) -> Result<Option<f32>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| format!("`{cell}` is no number"))
}

fn whole(cell: &str) -> Result<Option<u32>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| format!("`{cell}` is no whole number"))
}
