//! Trials trained a second time, for what their networks say.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Instant;

use swath_core::engine::Engine;
use swath_results::row::{Ending, Outcome};
use swath_results::{Outcomes, TrialKey};

use super::keeper::{KeptOutputs, Outputs};
use super::{PredictionError, name_of};
use crate::plan::roots;
use crate::run::Ready;
use crate::runner;
use crate::strand::Advance;
use crate::sweep::Sweep;
use crate::timeline::Timekeeper;
use crate::trial::Trial;

/// Trains all of these trials on `threads` workers, and gives what leaves their networks; `None` where `interrupt` was
/// set before they were done.
///
/// # Errors
/// The first trial, in order, that comes to something else than is recorded of it.
pub(super) fn train<E: Engine>(
    engine: &E,
    sweep: &Sweep,
    ready: &Ready,
    trials: &[Trial],
    recorded: &Outcomes,
    threads: usize,
    interrupt: &AtomicBool,
) -> Result<Option<HashMap<TrialKey, Outputs>>, PredictionError> {
    let (sender, receiver) = channel();
    let kept = KeptOutputs::of_all(sweep.replicates.get());
    let timekeeper = Timekeeper::new(Instant::now(), threads);
    let roots = roots(sweep, &ready.prepared, trials);
    runner::train(engine, roots, threads, interrupt, &sender, &timekeeper, &kept)?;
    drop(sender);
    let ended: HashMap<TrialKey, Outcome> =
        receiver.into_iter().flat_map(|advance: Advance| advance.ended).map(|outcome| (outcome.key, outcome)).collect();
    if ended.len() < trials.len() && interrupt.load(Ordering::Relaxed) {
        return Ok(None);
    }
    for trial in trials {
        let before = recorded.get(&trial.key).map(|outcome| &outcome.ending);
        let after = ended.get(&trial.key).map(|outcome| &outcome.ending);
        if before != after || after.is_none() {
            let found = difference(before, after);
            return Err(PredictionError::Differs { trial: name_of(ready, trial), key: trial.key, found });
        }
    }
    Ok(Some(kept.take(trials.iter().map(|trial| trial.key))))
}

/// What a trial came to, beside what is recorded of it.
fn difference(before: Option<&Ending>, after: Option<&Ending>) -> String {
    let loss = |ending: Option<&Ending>| match ending {
        Some(Ending::Finished(scores)) => Some(scores.last.validation_loss),
        _ => None,
    };
    match (loss(before), loss(after), after) {
        (Some(before), Some(after), _) => {
            format!("its scores are others than those recorded (validation loss {after:e}, recorded {before:e})")
        }
        (_, _, Some(Ending::Failed { message })) => format!("it failed: {message}"),
        _ => "it did not end as is recorded".to_owned(),
    }
}
