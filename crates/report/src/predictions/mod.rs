//! The predictions of the best points, which a run keeps beside its journal: which are wanted, and whether they are there.
//!
//! They cannot be made from the journal: they are read back from their own file, and belong to trials by their keys.
//!
//! | module | what it holds |
//! |---|---|
//! | `file` | predictions as the bytes of a Parquet file |
//! | `read` | the bytes of such a file as predictions |
//! | `columns` | how the columns of the file are called |

mod columns;
mod file;
mod read;

use std::collections::HashMap;

use swath_results::TrialKey;
use swath_results::predictions::{PredictedTrial, Predictions};

use self::file::class_columns;
pub use self::file::predictions_file;
pub use self::read::{Unreadable, read};
use crate::answer::Answer;
use crate::results::Results;

/// What is known of the predictions of a sweep's best points.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum KeptPredictions {
    /// None are wanted: no point is best, or nobody asked.
    #[default]
    NotWanted,
    /// All that are wanted, point by point, the best first, then replicate by replicate.
    Whole(Predictions),
    /// They are not there.
    Lacking(Lack),
}

/// Why predictions are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// Trials of the grid have no outcome yet.
    NotYet,
    /// There is no file.
    Missing,
    /// The file cannot be read.
    Damaged(String),
    /// The file is of other trials: the sweep or its best point has changed since.
    Older,
}

/// The points whose predictions are wanted, the best first: as many as the manifest says, or all that could be best. None
/// where no point is best.
pub fn predicted_points(results: &Results<'_>, answer: &Answer) -> Vec<usize> {
    let most = results.manifest().predicted_points as usize;
    answer.best.as_ref().map_or_else(Vec::new, |best| best.ranking.iter().copied().take(most).collect())
}

impl KeptPredictions {
    /// Looks in what was read, or made; `None` where there is no file.
    pub fn new(results: &Results<'_>, answer: &Answer, found: Option<Result<Predictions, Unreadable>>) -> Self {
        let points = predicted_points(results, answer);
        if points.is_empty() {
            return Self::NotWanted;
        }
        let lack = match found {
            None => Lack::Missing,
            Some(Err(error)) => Lack::Damaged(error.to_string()),
            Some(Ok(predictions)) => match chosen(results, &points, predictions) {
                Some(whole) => return Self::Whole(whole),
                None => Lack::Older,
            },
        };
        Self::Lacking(if answer.counts.missing > 0 { Lack::NotYet } else { lack })
    }

    /// The predictions, if they are there.
    pub fn whole(&self) -> Option<&Predictions> {
        match self {
            Self::Whole(predictions) => Some(predictions),
            Self::NotWanted | Self::Lacking(_) => None,
        }
    }
}

impl Lack {
    /// Why there are none, and what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::NotYet => {
                "Predictions are kept once every trial of the grid has an outcome: run the sweep again to go on."
                    .to_owned()
            }
            Self::Missing => "There is no predictions.parquet: run the sweep again to have it.".to_owned(),
            Self::Damaged(reason) => {
                format!("predictions.parquet is damaged ({reason}): run the sweep again to have it anew.")
            }
            Self::Older => {
                "predictions.parquet is of an earlier state of this sweep: run the sweep again to have it anew."
                    .to_owned()
            }
        }
    }
}

/// The trials of these points, in order, numbered as in the manifest; `None` where one is not there.
fn chosen(results: &Results<'_>, points: &[usize], predictions: Predictions) -> Option<Predictions> {
    let manifest = results.manifest();
    let mut known: HashMap<TrialKey, PredictedTrial> =
        predictions.trials.into_iter().map(|trial| (trial.key, trial)).collect();
    let mut trials = Vec::with_capacity(known.len());
    for point in points {
        for replicate in 0..manifest.predicted_replicates {
            let key = manifest.key(*point, replicate)?;
            // Points that come to the same training have the same keys.
            let is_needed_again =
                points.iter().filter(|other| manifest.key(**other, replicate) == Some(key)).count() > 1;
            let trial = if is_needed_again { known.get(&key).cloned() } else { known.remove(&key) }?;
            let is_tested = manifest.data.test_rows > 0;
            if trial.validation.is_empty() || trial.test.is_empty() == is_tested {
                return None;
            }
            trials.push(PredictedTrial { point: u32::try_from(*point).ok()?, replicate, ..trial });
        }
    }
    Some(Predictions { classes: class_columns(&predictions.classes), trials })
}
