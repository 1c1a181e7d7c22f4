//! Predictions as the bytes of a Parquet file: a row a predicted row.

use data_encoding::HEXLOWER;
use polars::prelude::{Column, DataFrame, IntoSeries, NewChunkedArray, PolarsResult, StringChunked};
use polars_io::parquet::write::{KeyValueMetadata, ParquetCompression, ParquetWriter};
use sha2::{Digest, Sha256};
use swath_results::predictions::{Predicted, PredictedRows, PredictedTrial, Predictions};

use super::columns::{
    METADATA, PART, POINT, PREDICTION, PROBABILITY, REPLICATE, ROW, TARGET, TEST, VALIDATION, VERSION,
};
use crate::results::Results;
use crate::tables::columns::Columns;
use crate::text::plain;

/// The bytes of the file: trials in their order, of each the validation rows before the test rows. The same for equal
/// predictions.
///
/// # Errors
/// Where an axis, or a class, bears the name of another column.
pub fn predictions_file(results: &Results<'_>, predictions: &Predictions) -> PolarsResult<Vec<u8>> {
    let mut frame = frame(results, predictions)?;
    let mut bytes = Vec::new();
    let checksum = format!("{VERSION} {}", checksum(predictions));
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Zstd(None))
        .set_parallel(false)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(vec![(METADATA.to_owned(), checksum)])))
        .finish(&mut frame)?;
    Ok(bytes)
}

/// Names of classes as columns can bear them: plain text, no two the same.
pub(super) fn class_columns(names: &[String]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let name = plain(name);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !columns.contains(name));
        columns.push(free.unwrap_or_default());
    }
    columns
}

fn parts(trial: &PredictedTrial) -> [(&'static str, &PredictedRows); 2] {
    [(VALIDATION, &trial.validation), (TEST, &trial.test)]
}

fn frame(results: &Results<'_>, predictions: &Predictions) -> PolarsResult<DataFrame> {
    let Predictions { classes, trials } = predictions;
    debug_assert_eq!(&class_columns(classes), classes);
    let rows_of = |trial: &PredictedTrial| trial.validation.len() + trial.test.len();
    let of_trials = {
        let mut columns = Columns::new(trials.len());
        columns.add_keys(trials.iter().map(|trial| trial.key));
        columns.add(POINT, trials.iter().map(|trial| trial.point).collect::<Vec<_>>());
        columns.add(REPLICATE, trials.iter().map(|trial| trial.replicate).collect::<Vec<_>>());
        columns.add_axes(results, &trials.iter().map(|trial| trial.point as usize))?;
        columns.finish()?
    };
    let height = trials.iter().map(rows_of).sum();
    let mut columns = Columns::new(height);
    for column in of_trials.columns() {
        let places = trials.iter().zip(0..).flat_map(|(trial, place)| std::iter::repeat_n(place, rows_of(trial)));
        columns.add_repeated(column, places)?;
    }
    let parts = || trials.iter().flat_map(parts);
    let names = parts().flat_map(|(name, rows)| std::iter::repeat_n(name, rows.len()));
    columns.push(StringChunked::from_iter_values(PART.into(), names).into_series().into());
    columns.add(ROW, parts().flat_map(|(_, rows)| rows.places.iter().copied()).collect::<Vec<u32>>());
    if classes.is_empty() {
        let numbers = |read: fn(&Predicted) -> &[f64]| -> Vec<f64> {
            parts().flat_map(|(_, rows)| read(&rows.values).iter().copied()).collect()
        };
        columns.add(TARGET, numbers(targets));
        columns.add(PREDICTION, numbers(predicted));
    } else {
        let names = Column::new("class".into(), classes.iter().map(String::as_str).collect::<Vec<_>>());
        let class_of = |read: fn(&Predicted) -> &[u32]| {
            parts().flat_map(move |(_, rows)| read(&rows.values).iter().copied()).collect::<Vec<_>>()
        };
        for (name, numbers) in [(TARGET, class_of(true_classes)), (PREDICTION, class_of(predicted_classes))] {
            columns.add_repeated(&names.clone().with_name(name.into()), numbers.into_iter())?;
        }
        for (class, name) in classes.iter().enumerate() {
            let column = parts()
                .flat_map(|(_, rows)| probabilities(&rows.values).iter().copied().skip(class).step_by(classes.len()));
            columns.add(&format!("{PROBABILITY}{name}"), column.collect::<Vec<f64>>());
        }
    }
    columns.finish()
}

/// SHA-256 over all that the file says of rows, in hexadecimal digits.
pub(super) fn checksum(predictions: &Predictions) -> String {
    let mut hasher = Sha256::new();
    let mut number = |number: u64| hasher.update(number.to_le_bytes());
    number(predictions.classes.len() as u64);
    for trial in &predictions.trials {
        let key = trial.key.0;
        for word in [(key >> 64) as u64, key as u64, trial.point.into(), trial.replicate.into()] {
            number(word);
        }
        for (_, rows) in parts(trial) {
            number(rows.len() as u64);
            for place in &rows.places {
                number((*place).into());
            }
            let (classes, values): ([&[u32]; 2], [&[f64]; 2]) = match &rows.values {
                Predicted::Numbers { targets, predictions } => ([&[], &[]], [targets, predictions]),
                Predicted::Classes { targets, predictions, probabilities } => {
                    ([targets, predictions], [probabilities, &[]])
                }
            };
            for class in classes.into_iter().flatten() {
                number((*class).into());
            }
            for value in values.into_iter().flatten() {
                number(value.to_bits());
            }
        }
    }
    for name in &predictions.classes {
        hasher.update(name.as_bytes());
        hasher.update([0]);
    }
    HEXLOWER.encode(&hasher.finalize())
}

fn targets(values: &Predicted) -> &[f64] {
    match values {
        Predicted::Numbers { targets, .. } => targets,
        Predicted::Classes { .. } => &[],
    }
}

fn predicted(values: &Predicted) -> &[f64] {
    match values {
        Predicted::Numbers { predictions, .. } => predictions,
        Predicted::Classes { .. } => &[],
    }
}

fn true_classes(values: &Predicted) -> &[u32] {
    match values {
        Predicted::Classes { targets, .. } => targets,
        Predicted::Numbers { .. } => &[],
    }
}

fn predicted_classes(values: &Predicted) -> &[u32] {
    match values {
        Predicted::Classes { predictions, .. } => predictions,
        Predicted::Numbers { .. } => &[],
    }
}

fn probabilities(values: &Predicted) -> &[f64] {
    match values {
        Predicted::Classes { probabilities, .. } => probabilities,
        Predicted::Numbers { .. } => &[],
    }
}
