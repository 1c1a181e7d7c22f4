//! Making the predictions of the best points, where the folder does not have them.

use std::sync::atomic::{AtomicBool, Ordering};

use swath_report::predictions::{KeptPredictions, predicted_points};
use swath_report::{Answer, Results};
use swath_sweep::predict::{PredictionError, predict};
use swath_sweep::run::{Ended, Options, Ready};
use swath_sweep::sweep::Sweep;

use super::tables::{Known, predictions_of};
use crate::exit::Failure;

/// What came of it.
pub(crate) struct Made {
    /// The answer to the run's outcomes, and the predictions.
    pub(crate) known: Known,
    /// Whether it was interrupted.
    pub(crate) is_interrupted: bool,
    /// Why there are none, where that is a failure: the tables can be written all the same.
    pub(crate) failure: Option<PredictionError>,
}

/// Reads the folder's predictions, or makes them where they are not whole. A run that stopped early has no best point to
/// speak of yet, and makes none.
pub(crate) fn make(
    sweep: &Sweep,
    ready: &Ready,
    ended: &Ended,
    answer: Option<Answer>,
    options: Options,
    interrupt: &AtomicBool,
) -> Result<Made, Failure> {
    let results = Results::new(&ended.manifest, |key| ended.outcomes.get(key));
    let answer = answer.unwrap_or_else(|| Answer::new(&results));
    let mut predictions = KeptPredictions::new(&results, &answer, predictions_of(&ended.folder)?);
    let (mut is_interrupted, mut failure) = (false, None);
    let is_over = ended.stopped || answer.counts.missing > 0 || interrupt.load(Ordering::Relaxed);
    if matches!(predictions, KeptPredictions::Lacking(_)) && !is_over {
        let points = predicted_points(&results, &answer);
        match predict(sweep, ready, &points, &ended.outcomes, &ended.outputs, options, interrupt) {
            Ok(Some(made)) => predictions = KeptPredictions::new(&results, &answer, Some(Ok(made))),
            Ok(None) => is_interrupted = true,
            Err(error) => failure = Some(error),
        }
    }
    Ok(Made { known: Known { answer, predictions }, is_interrupted, failure })
}
