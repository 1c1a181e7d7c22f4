//! The bytes of a file of predictions, read back and held against the checksum in it.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{DataFrame, ParquetReader, PolarsResult, SerReader};
use swath_parquet::check_pages;
use swath_results::TrialKey;
use swath_results::predictions::{Predicted, PredictedRows, PredictedTrial, Predictions};
use thiserror::Error;

use super::columns::{
    KEY, METADATA, PART, POINT, PREDICTION, PROBABILITY, REPLICATE, ROW, TARGET, TEST, VALIDATION, VERSION,
};
use super::file::checksum;

/// Bytes that begin and end every Parquet file.
const MAGIC: &[u8] = b"PAR1";

/// More rows are never written: the predictions of a sweep have fewer numbers.
const MOST_ROWS: usize = 1 << 28;

/// Why a file holds no predictions.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unreadable {
    /// It is no Parquet file, or not a whole one.
    #[error("it is no whole Parquet file")]
    NotParquet,
    /// Nothing in it says which version wrote it, or another one did.
    #[error("another version of swath wrote it, or another program")]
    Version,
    /// It holds other columns or values than are written.
    #[error("its columns are not as they were written")]
    Columns,
    /// Its content does not match its checksum.
    #[error("its content does not match its checksum")]
    Checksum,
}

/// The predictions in a file.
///
/// # Errors
/// A file that was not written as it is, whole or in part.
pub fn read(bytes: &[u8]) -> Result<Predictions, Unreadable> {
    if bytes.len() < 2 * MAGIC.len() || !bytes.starts_with(MAGIC) || !bytes.ends_with(MAGIC) {
        return Err(Unreadable::NotParquet);
    }
    let (stated, frame) = guarded(|| {
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let metadata = reader.get_metadata()?;
        let mut columns = Vec::new();
        for group in &metadata.row_groups {
            columns.extend(group.byte_ranges_iter());
        }
        if metadata.num_rows > MOST_ROWS || check_pages(bytes, columns, MOST_ROWS as u64).is_err() {
            return Ok(None);
        }
        let pairs = metadata.key_value_metadata().clone().unwrap_or_default();
        let stated = pairs.into_iter().find(|pair| pair.key == METADATA).and_then(|pair| pair.value);
        Ok(Some((stated, reader.finish()?)))
    })
    .flatten()
    .ok_or(Unreadable::NotParquet)?;
    let stated = stated.ok_or(Unreadable::Version)?;
    let stated = stated.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix(' ')).ok_or(Unreadable::Version)?;
    let predictions = guarded(|| Ok(predictions(&frame))).flatten().ok_or(Unreadable::Columns)?;
    if checksum(&predictions) == stated { Ok(predictions) } else { Err(Unreadable::Checksum) }
}

/// Runs polars, which panics on some malformed files (0.55).
fn guarded<T>(read: impl FnOnce() -> PolarsResult<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok().and_then(Result::ok)
}

/// `None` where the frame is not as it was written.
fn predictions(frame: &DataFrame) -> Option<Predictions> {
    let named = |name: &str| frame.column(name).ok();
    let (keys, parts) = (texts(frame, KEY)?, texts(frame, PART)?);
    let [points, replicates, places] = [POINT, REPLICATE, ROW].map(|name| {
        let column = named(name)?.u32().ok()?;
        (column.null_count() == 0).then(|| column.into_no_null_iter().collect::<Vec<u32>>())
    });
    let (points, replicates, places) = (points?, replicates?, places?);
    let columns: Vec<&str> =
        frame.columns().iter().filter_map(|column| column.name().as_str().strip_prefix(PROBABILITY)).collect();
    let classes: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    let values = Values::read(frame, &classes)?;
    let mut trials: Vec<PredictedTrial> = Vec::new();
    let mut row = 0;
    while row < frame.height() {
        let key: TrialKey = keys.get(row)?.parse().ok()?;
        let is_same = |other: usize| {
            keys.get(other) == keys.get(row)
                && points.get(other) == points.get(row)
                && replicates.get(other) == replicates.get(row)
        };
        let end = (row..frame.height()).find(|other| !is_same(*other)).unwrap_or(frame.height());
        let middle = (row..end).find(|other| parts.get(*other) != Some(&VALIDATION)).unwrap_or(end);
        if (middle..end).any(|other| parts.get(other) != Some(&TEST)) {
            return None;
        }
        let rows = |from: usize, to: usize| -> Option<PredictedRows> {
            Some(PredictedRows { places: places.get(from..to)?.to_vec(), values: values.part(from, to)? })
        };
        trials.push(PredictedTrial {
            key,
            point: *points.get(row)?,
            replicate: *replicates.get(row)?,
            validation: rows(row, middle)?,
            test: rows(middle, end)?,
        });
        row = end;
    }
    Some(Predictions { classes, trials })
}

/// The columns of targets and predictions.
enum Values {
    Numbers { targets: Vec<f64>, predictions: Vec<f64> },
    Classes { targets: Vec<u32>, predictions: Vec<u32>, probabilities: Vec<Vec<f64>> },
}

impl Values {
    fn read(frame: &DataFrame, classes: &[String]) -> Option<Self> {
        let numbers = |name: &str| {
            let column = frame.column(name).ok()?.f64().ok()?;
            (column.null_count() == 0).then(|| column.into_no_null_iter().collect::<Vec<f64>>())
        };
        if classes.is_empty() {
            return Some(Self::Numbers { targets: numbers(TARGET)?, predictions: numbers(PREDICTION)? });
        }
        let class_numbers = |name: &str| {
            let number = |text: &&str| classes.iter().position(|class| class == text).map(|place| place as u32);
            texts(frame, name)?.iter().map(number).collect::<Option<Vec<u32>>>()
        };
        Some(Self::Classes {
            targets: class_numbers(TARGET)?,
            predictions: class_numbers(PREDICTION)?,
            probabilities: classes
                .iter()
                .map(|class| numbers(&format!("{PROBABILITY}{class}")))
                .collect::<Option<_>>()?,
        })
    }

    fn part(&self, from: usize, to: usize) -> Option<Predicted> {
        Some(match self {
            Self::Numbers { targets, predictions } => Predicted::Numbers {
                targets: targets.get(from..to)?.to_vec(),
                predictions: predictions.get(from..to)?.to_vec(),
            },
            Self::Classes { targets, predictions, probabilities } => Predicted::Classes {
                targets: targets.get(from..to)?.to_vec(),
                predictions: predictions.get(from..to)?.to_vec(),
                probabilities: (from..to)
                    .flat_map(|row| probabilities.iter().map(move |column| column.get(row).copied()))
                    .collect::<Option<_>>()?,
            },
        })
    }
}

/// A column of text without gaps.
fn texts<'a>(frame: &'a DataFrame, name: &str) -> Option<Vec<&'a str>> {
    frame.column(name).ok()?.str().ok()?.iter().collect()
}
