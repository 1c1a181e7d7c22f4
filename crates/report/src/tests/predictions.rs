//! The file of predictions: what was written is read back, and nothing else.

use std::io::Cursor;

use polars::prelude::{ParquetReader, SerReader};
use proptest::prelude::*;
use swath_results::manifest::Task;
use swath_results::predictions::Predictions;

use super::fixture::Sweep;
use super::said::{answer_with, predictions};
use crate::answer::Answer;
use crate::predictions::{KeptPredictions, Lack, Unreadable, predictions_file, read};

fn sweep(task: Task) -> Sweep {
    Sweep::new(task, &[("architecture", &["baseline", "wide", "deep"]), ("epochs", &["10", "30"])], 3)
}

fn written(task: Task, classes: usize) -> (Sweep, Predictions, Vec<u8>) {
    let mut sweep = sweep(task);
    let predictions = predictions(&mut sweep, 2, classes);
    let bytes = predictions_file(&sweep.results(), &predictions).unwrap();
    (sweep, predictions, bytes)
}

#[test]
fn predictions_survive_the_way_through_their_file() {
    for (task, classes) in [(Task::Regression, 0), (Task::Classification, 2), (Task::Classification, 5)] {
        let (sweep, predictions, bytes) = written(task, classes);
        assert_eq!(predictions.trials.len(), 2 * 3);
        assert_eq!(read(&bytes), Ok(predictions.clone()));
        assert_eq!(predictions_file(&sweep.results(), &predictions).unwrap(), bytes, "the same bytes each time");
    }
}

#[test]
fn names_of_classes_cannot_be_confused_with_each_other_or_with_columns() {
    let mut sweep = sweep(Task::Classification);
    let mut predictions = predictions(&mut sweep, 1, 3);
    predictions.classes = ["key", "a\u{202e}b", "ab"].map(str::to_owned).to_vec();
    let answer = answer_with(&sweep, predictions);
    let kept = answer.predictions.whole().unwrap();
    assert_eq!(kept.classes, ["key", "ab", "ab_2"]);
    let bytes = predictions_file(&sweep.results(), kept).unwrap();
    assert_eq!(read(&bytes).as_ref(), Ok(kept));
}

#[test]
fn what_is_no_such_file_is_refused() {
    let (_, _, bytes) = written(Task::Regression, 0);
    assert_eq!(read(b""), Err(Unreadable::NotParquet));
    assert_eq!(read(b"key,point\n"), Err(Unreadable::NotParquet));
    assert_eq!(read(&bytes[..bytes.len() - 1]), Err(Unreadable::NotParquet));
    let other = Sweep::architectures().render().into_iter().find(|file| file.name == "epochs.parquet").unwrap();
    assert_eq!(read(&other.bytes), Err(Unreadable::Version));
}

#[test]
fn predictions_of_other_trials_are_older_and_without_a_file_they_are_missing() {
    let (mut sweep, predictions, _) = written(Task::Classification, 3);
    let kept = |sweep: &Sweep, found| {
        let results = sweep.results();
        KeptPredictions::new(&results, &Answer::new(&results), found)
    };
    assert_eq!(kept(&sweep, Some(Ok(predictions.clone()))), KeptPredictions::Whole(predictions.clone()));
    assert_eq!(kept(&sweep, None), KeptPredictions::Lacking(Lack::Missing));
    let damaged = kept(&sweep, Some(Err(Unreadable::Checksum)));
    assert_eq!(damaged, KeptPredictions::Lacking(Lack::Damaged("its content does not match its checksum".to_owned())));
    let mut fewer = predictions.clone();
    fewer.trials.pop();
    assert_eq!(kept(&sweep, Some(Ok(fewer))), KeptPredictions::Lacking(Lack::Older));
    // Another best point has other keys.
    sweep.manifest.keys.reverse();
    let outcomes = std::mem::take(&mut sweep.outcomes);
    let all = outcomes.len() as u128;
    sweep.outcomes = outcomes
        .into_values()
        .zip(0..all)
        .filter_map(|(mut outcome, place)| {
            outcome.key = *sweep.manifest.keys.get(place as usize)?;
            Some((outcome.key, outcome))
        })
        .collect();
    sweep.manifest.predicted_points = 6;
    assert_eq!(kept(&sweep, Some(Ok(predictions))), KeptPredictions::Lacking(Lack::Older));
}

#[test]
fn a_partial_sweep_lacks_its_predictions_only_for_now() {
    let mut sweep = sweep(Task::Regression);
    sweep.remove(0, 0);
    let results = sweep.results();
    let kept = KeptPredictions::new(&results, &Answer::new(&results), None);
    assert_eq!(kept, KeptPredictions::Lacking(Lack::NotYet));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_byte_that_flipped_is_never_taken_for_what_was_written(at in 0.0..1.0f64, flip in 1u8..) {
        let (_, predictions, mut bytes) = written(Task::Regression, 0);
        let place = (at * bytes.len() as f64) as usize;
        bytes[place] ^= flip;
        // Some bytes of a Parquet file say nothing of its content.
        prop_assert!(read(&bytes).is_err() || read(&bytes) == Ok(predictions));
    }
}

/// A page that promises more than there is would end the process.
#[test]
fn no_damaged_page_header_is_believed() {
    let (_, predictions, bytes) = written(Task::Classification, 3);
    let mut reader = ParquetReader::new(Cursor::new(&bytes));
    let mut columns = Vec::new();
    for group in &reader.get_metadata().unwrap().row_groups {
        columns.extend(group.byte_ranges_iter());
    }
    assert!(columns.len() > 5);
    for place in columns.iter().flat_map(|column| column.start..column.end.min(column.start + 24)) {
        for flip in [0x01, 0x40, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[place as usize] ^= flip;
            let found = read(&damaged);
            assert!(found.is_err() || found.as_ref() == Ok(&predictions), "byte {place}");
        }
    }
}
