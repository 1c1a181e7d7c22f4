//! What the best points say of validation and test rows: kept as their trials finish, or trained again.
//!
//! Weights are stored nowhere: a trial's key is its recipe, and a training has the same bits each time. So what a run did
//! not keep is made again, and held against what is recorded.
//!
//! | module | what it holds |
//! |---|---|
//! | `keeper` | what leaves the networks of finished trials, kept while a run goes on |
//! | `again` | trials trained a second time |
//! | `words` | from what leaves a network to predictions with their rows |

mod again;
mod keeper;
#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

use rayon::ThreadPoolBuildError;
use swath_results::predictions::Predictions;
use swath_results::{Outcomes, TrialKey};
use thiserror::Error;

pub use self::keeper::{Keeper, KeptOutputs, Outputs};
use crate::engine_choice::with_engine;
use crate::run::{Options, Ready};
use crate::sweep::Sweep;
use crate::trial::Trial;

/// Why there are no predictions.
#[derive(Debug, Error)]
pub enum PredictionError {
    /// A trial comes to something else than is recorded.
    #[error(
        "the trial {trial} (key {key}) was trained again for its predictions, and {found}: another version of swath \
         recorded it, or, with `--engine burn`, another machine. The tables are those of the record; run the sweep \
         into another folder (`--results DIR`) to have predictions"
    )]
    Differs {
        /// Its levels and replicate.
        trial: String,
        /// Its key.
        key: TrialKey,
        /// What it came to.
        found: String,
    },
    /// The operating system gives no threads.
    #[error("failed to start the worker threads: {0}")]
    Threads(#[from] ThreadPoolBuildError),
}

/// The predictions of the finished trials of these points on the first of their replicates (as many as the manifest
/// says), point by point. What `kept` does not hold is trained again, all at once; setting `interrupt` stops that, and
/// gives `None`.
///
/// # Errors
/// A trial that comes to something else than `outcomes` say of it.
pub fn predict(
    sweep: &Sweep,
    ready: &Ready,
    points: &[usize],
    outcomes: &Outcomes,
    kept: &KeptOutputs,
    options: Options,
    interrupt: &AtomicBool,
) -> Result<Option<Predictions>, PredictionError> {
    let wanted = wanted(ready, points, outcomes);
    let mut outputs: HashMap<TrialKey, Outputs> = kept.take(wanted.iter().map(|wanted| wanted.trial.key));
    let mut lacking: Vec<Trial> = Vec::new();
    for Wanted { trial, .. } in &wanted {
        if !outputs.contains_key(&trial.key) && lacking.iter().all(|known| known.key != trial.key) {
            lacking.push(*trial);
        }
    }
    if !lacking.is_empty() {
        let made = with_engine!(options.engine, engine => {
            again::train(engine, sweep, ready, &lacking, outcomes, options.threads, interrupt)
        })?;
        let Some(made) = made else { return Ok(None) };
        outputs.extend(made);
    }
    words::predictions(sweep, &ready.prepared, &wanted, &outputs).map(Some)
}

/// A trial of which predictions are wanted.
struct Wanted {
    /// The point that it is wanted for.
    point: usize,
    /// The trial that stands for its key.
    trial: Trial,
}

fn wanted(ready: &Ready, points: &[usize], outcomes: &Outcomes) -> Vec<Wanted> {
    let manifest = &ready.trials.manifest;
    let known: HashMap<TrialKey, Trial> = ready.trials.distinct.iter().map(|trial| (trial.key, *trial)).collect();
    let of_point = |point: usize| {
        (0..manifest.predicted_replicates).filter_map(move |replicate| Some((point, manifest.key(point, replicate)?)))
    };
    let finished = |key: &TrialKey| {
        outcomes.get(key).is_some_and(|outcome| matches!(outcome.ending, swath_results::row::Ending::Finished(_)))
    };
    let trials = points.iter().copied().flat_map(of_point).filter(|(_, key)| finished(key));
    trials.filter_map(|(point, key)| Some(Wanted { point, trial: *known.get(&key)? })).collect()
}

/// The trial in words: `architecture wide, epochs 30, replicate 3`.
fn name_of(ready: &Ready, trial: &Trial) -> String {
    let manifest = &ready.trials.manifest;
    let level = |(place, axis): (usize, &swath_results::manifest::Axis)| {
        format!("{} {}, ", axis.name, manifest.label(trial.point as usize, place))
    };
    let levels: String = manifest.axes.iter().enumerate().map(level).collect();
    format!("{levels}replicate {}", trial.replicate)
}
