//! `run.toml`: versions, machine, the sweep, and what a run trained, shared and reused.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::pictures::Pictures;
use crate::surface::LossSurface;

/// The content of `run.toml`. Together with the journal it is all that a run leaves that
/// cannot be derived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of this file's format.
    pub format: u32,
    /// The program that wrote it.
    pub swath: String,
    /// When, how long, how much; of the latest run in this folder.
    pub run: RunSummary,
    /// Where the latest run ran.
    pub machine: Machine,
    /// The data as it was read.
    pub data: DataRecord,
    /// What augmentation makes of training rows that are pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<Pictures>,
    /// What each worker of the latest run that trained did when.
    #[serde(default, skip_serializing_if = "Timeline::is_empty")]
    pub timeline: Timeline,
    /// The loss over the parameters and the ways over it, where every point trains two parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<LossSurface>,
    /// The base settings with every default written out, and the axes, for people and other tools to read.
    pub resolved: toml::Table,
    /// The sweep file, as written; the folder's tables are made again from it.
    pub source: Source,
}

/// Why a `run.toml` cannot be read or written.
#[derive(Debug, Error)]
pub enum RunError {
    /// It is no TOML, or lacks what a run record holds.
    #[error("this is no run record: {0}; run the sweep again, which writes it anew and trains nothing twice")]
    Read(String),
    /// Another version of swath wrote it.
    #[error(
        "this is a run record of format {found}, and this version of swath reads format {known}; \
         use the version that wrote it, or run the sweep again"
    )]
    Format {
        /// The number in the file.
        found: i64,
        /// The number that this version knows.
        known: u32,
    },
    /// A value that TOML cannot hold, as an integer beyond 64 bits with sign.
    #[error("the run record cannot be written: {0}")]
    Write(#[from] toml::ser::Error),
}

impl RunRecord {
    /// The format that this version writes and reads.
    pub const FORMAT: u32 = 1;

    /// The text of `run.toml`.
    ///
    /// # Errors
    /// [`RunError::Write`] where a count exceeds what TOML can hold.
    pub fn to_toml(&self) -> Result<String, RunError> {
        // By way of a table, which refuses the counts that no reader would take.
        Ok(toml::to_string(&toml::Table::try_from(self)?)?)
    }

    /// Reads the text of a `run.toml`.
    ///
    /// # Errors
    /// [`RunError::Format`] for any other format than [`RunRecord::FORMAT`], whatever else is in the
    /// text; [`RunError::Read`] where something is missing or of another type.
    pub fn from_toml(text: &str) -> Result<Self, RunError> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| RunError::Read(one_line(&error)))?;
        match table.get("format").and_then(toml::Value::as_integer) {
            Some(found) if found == i64::from(Self::FORMAT) => {}
            Some(found) => return Err(RunError::Format { found, known: Self::FORMAT }),
            None => return Err(RunError::Read("it has no `format` number".to_owned())),
        }
        table.try_into().map_err(|error: toml::de::Error| RunError::Read(one_line(&error)))
    }
}

/// The message without the excerpt that stands around it: the file is the program's own.
fn one_line(error: &toml::de::Error) -> String {
    error.message().lines().collect::<Vec<_>>().join(" ")
}

/// When, how long, and how much was trained.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunSummary {
    /// Start of the latest run, RFC 3339, UTC.
    pub started: String,
    /// Whether that run came to its end; `false` while it runs or where it was interrupted.
    pub complete: bool,
    /// Wall seconds of the latest run.
    pub seconds: f64,
    /// Worker threads.
    pub threads: u32,
    /// Engine as chosen: `auto`, `burn`.
    pub engine: String,
    /// Trials of the sweep.
    pub trials: u64,
    /// Distinct trainings among them (equal keys are trained once).
    pub distinct_trials: u64,
    /// Trials that confirm the winner on fresh replicates, on top of the sweep's own; 0 where none were asked for or the
    /// winner is not known yet.
    #[serde(default)]
    pub confirming: u64,
    /// Trained by the latest run.
    pub trained: u64,
    /// Found in the journal by the latest run.
    pub reused: u64,
    /// Optimiser steps asked for by the trials that were trained.
    pub steps_asked: u64,
    /// Steps computed, after sharing.
    pub steps_trained: u64,
}

/// Where a run ran.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Machine {
    /// Operating system and architecture, as `linux x86_64`.
    pub system: String,
    /// The processor's name, or empty where it is not known.
    pub processor: String,
    /// Processors that the program may use.
    pub processors: u32,
}

/// What each worker of a run did when, in seconds since the run began.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Timeline {
    /// What is trained side by side: the network's layers and the batch size, as `4-8-4-1, batch 32`.
    pub groups: Vec<String>,
    /// Seconds that each worker trained.
    pub busy_seconds: Vec<f64>,
    /// Worker by worker in the order of time; each an array of worker, group, start, end, seconds of training in it, and
    /// trials side by side.
    pub spans: Vec<WorkerSpan>,
}

/// A time in which one worker trained one group. Short ones are merged with their neighbours, so that there are some 500
/// at most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "(u32, u32, f64, f64, f64, f64)", into = "(u32, u32, f64, f64, f64, f64)")]
pub struct WorkerSpan {
    /// Which worker, counted from 0.
    pub worker: u32,
    /// Which of [`Timeline::groups`]; of merged spans, the one that trained longer.
    pub group: u32,
    /// Its begin, in seconds since the run began.
    pub start: f64,
    /// Its end, in seconds since the run began.
    pub end: f64,
    /// Seconds of training in it; the rest was waiting.
    pub busy: f64,
    /// Training states side by side, on average over these seconds: lanes that were filled.
    pub lanes: f64,
}

impl Timeline {
    /// Whether nothing was trained.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The time from the first begin to the last end of any span; `None` where nothing was trained.
    pub fn range(&self) -> Option<(f64, f64)> {
        let starts = self.spans.iter().map(|span| span.start);
        let ends = self.spans.iter().map(|span| span.end);
        starts.reduce(f64::min).zip(ends.reduce(f64::max))
    }

    /// The share of [`Timeline::range`] that a worker trained, from 0 to 1; `None` where there is no such worker or the
    /// range is empty.
    pub fn busy_share(&self, worker: usize) -> Option<f64> {
        let (start, end) = self.range()?;
        let share = self.busy_seconds.get(worker)? / (end - start);
        share.is_finite().then(|| share.clamp(0.0, 1.0))
    }
}

impl From<(u32, u32, f64, f64, f64, f64)> for WorkerSpan {
    fn from((worker, group, start, end, busy, lanes): (u32, u32, f64, f64, f64, f64)) -> Self {
        Self { worker, group, start, end, busy, lanes }
    }
}

impl From<WorkerSpan> for (u32, u32, f64, f64, f64, f64) {
    fn from(span: WorkerSpan) -> Self {
        (span.worker, span.group, span.start, span.end, span.busy, span.lanes)
    }
}

/// The data as it was read, so that the tables can be made again without it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DataRecord {
    /// The path as the sweep file writes it.
    pub path: String,
    /// One entry for each distinct `[data]` setting of the sweep.
    pub variants: Vec<DataVariant>,
}

/// What one `[data]` setting came to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DataVariant {
    /// Hash of the columns that are used, 64 hexadecimal digits.
    pub digest: String,
    /// Columns that enter the network.
    pub inputs: u32,
    /// Classes of the target; 0 for regression.
    pub classes: u32,
    /// Rows of the training part.
    pub training_rows: u64,
    /// Rows of the validation part.
    pub validation_rows: u64,
    /// Rows of the test part.
    pub test_rows: u64,
    /// Remarks that a reader must know.
    pub remarks: Vec<String>,
    /// What the best constant prediction costs under each loss that points use on these data; those for which none is
    /// known are left out, as all are from a file of an older version.
    #[serde(default)]
    pub constants: Vec<ConstantRecord>,
}

/// What the best constant prediction costs under a loss: a mean over replicates.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConstantRecord {
    /// The loss: `mse`, `huber(delta=0.5)`.
    pub loss: String,
    /// On the training rows.
    pub training: f64,
    /// On the validation rows.
    pub validation: f64,
}

/// The sweep file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// Its path as given on the command line.
    pub path: String,
    /// Its text.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pictures::{AugmentedPictures, Pixels};
    use crate::surface::{Means, WeightPath};

    fn record(text: &str, seconds: f64, trials: u32) -> RunRecord {
        let resolved = "name = 'x'\n[train]\nrates = [0.1, 1e-7]\n[[points]]\nepochs = 3".parse().unwrap();
        RunRecord {
            format: RunRecord::FORMAT,
            swath: "swath 0.1.0".to_owned(),
            run: RunSummary { seconds, trials: u64::from(trials), complete: true, ..RunSummary::default() },
            machine: Machine { system: "linux x86_64".to_owned(), ..Machine::default() },
            data: DataRecord {
                path: "../data/x.csv".to_owned(),
                variants: vec![
                    DataVariant {
                        digest: text.to_owned(),
                        constants: vec![ConstantRecord { loss: text.to_owned(), training: seconds, validation: 0.5 }],
                        ..DataVariant::default()
                    };
                    2
                ],
            },
            pictures: trials.is_multiple_of(2).then(|| Pictures {
                height: 1,
                width: 2,
                channels: 1,
                originals: vec![Pixels(vec![0, trials as u8])],
                augmentations: vec![AugmentedPictures {
                    label: text.to_owned(),
                    copies: vec![vec![Pixels(vec![255, 16])]],
                }],
            }),
            timeline: timeline(seconds),
            surface: Some(LossSurface {
                means: Means { x: seconds, y: 0.5, ..Means::default() },
                paths: vec![WeightPath { point: 1, places: vec![(0.5, -0.25), (0.1, 1e-7)], diverged: true }],
            }),
            resolved,
            source: Source { path: text.to_owned(), text: text.to_owned() },
        }
    }

    fn timeline(seconds: f64) -> Timeline {
        let span = |worker: u32, start: f64, end: f64| WorkerSpan {
            worker,
            group: 0,
            start,
            end,
            busy: end - start,
            lanes: 8.0,
        };
        Timeline {
            groups: vec!["4-8-1, batch 32".to_owned()],
            busy_seconds: vec![seconds, seconds / 2.0],
            spans: vec![span(0, 1.0, 1.0 + seconds), span(1, 1.0, 1.0 + seconds / 2.0)],
        }
    }

    #[test]
    fn a_worker_is_busy_for_its_share_of_the_time_in_which_anybody_trained() {
        let timeline = timeline(4.0);
        assert_eq!(timeline.range(), Some((1.0, 5.0)));
        assert_eq!([0, 1, 2].map(|worker| timeline.busy_share(worker)), [Some(1.0), Some(0.5), None]);
        assert_eq!(Timeline::default().busy_share(0), None);
    }

    #[test]
    fn a_record_of_before_there_were_timelines_and_confirmations_is_read_and_spans_are_short_arrays() {
        let whole = record("x", 4.0, 1);
        let text = whole.to_toml().unwrap();
        assert!(text.contains("spans = [[0, 0, 1.0, 5.0, 4.0, 8.0], [1, 0, 1.0, 3.0, 2.0, 8.0]]"), "{text}");
        let mut table: toml::Table = text.parse().unwrap();
        table.remove("timeline");
        table["run"].as_table_mut().unwrap().remove("confirming");
        let old = RunRecord::from_toml(&table.to_string()).unwrap();
        assert_eq!(old, RunRecord { timeline: Timeline::default(), ..whole });
    }

    proptest! {
        #[test]
        fn a_record_reads_back_as_it_was_written(text in any::<String>(), seconds in 0.0..1e9_f64, trials in any::<u32>()) {
            let record = record(&text, seconds, trials);
            prop_assert_eq!(RunRecord::from_toml(&record.to_toml().unwrap()).unwrap(), record);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(format *= *1)?[\\[\\]a-z.=\"'\n0-9]{0,60}") {
            prop_assert!(RunRecord::from_toml(&text).is_err());
        }
    }

    #[test]
    fn a_record_from_before_constants_were_kept_is_read_without_them() {
        let mut wanted = record("x", 1.0, 1);
        let mut older = toml::Table::try_from(&wanted).unwrap();
        for variant in older["data"]["variants"].as_array_mut().unwrap() {
            variant.as_table_mut().unwrap().remove("constants").unwrap();
        }
        for variant in &mut wanted.data.variants {
            variant.constants.clear();
        }
        assert_eq!(RunRecord::from_toml(&older.to_string()).unwrap(), wanted);
    }

    #[test]
    fn another_format_is_refused_by_its_number_before_anything_else() {
        let error = RunRecord::from_toml("format = 2\nnews = true").unwrap_err();
        assert!(matches!(error, RunError::Format { found: 2, known: 1 }));
        assert!(error.to_string().contains("format 2"), "{error}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = RunRecord::from_toml("format = 1").unwrap_err();
        assert!(error.to_string().contains("missing field `swath`"), "{error}");
        assert!(RunRecord::from_toml("").unwrap_err().to_string().contains("no `format` number"));
        assert!(matches!(RunRecord::from_toml("format ="), Err(RunError::Read(_))));
    }

    #[test]
    fn a_count_that_toml_cannot_hold_is_an_error() {
        let mut record = record("", 0.0, 0);
        record.run.steps_asked = u64::MAX;
        assert!(matches!(record.to_toml(), Err(RunError::Write(_))));
    }
}
