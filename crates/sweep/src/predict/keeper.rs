//! What leaves the networks of finished trials, kept while a run goes on.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use swath_core::engine::{Engine, Part};
use swath_metrics::Metric;
use swath_results::{Manifest, TrialKey};

use crate::best_by::BestBy;
use crate::facts::DataFacts;
use crate::strand::Finished;

/// Numbers that are kept at most, some 80 megabytes.
const MOST_NUMBERS: u64 = 20_000_000;

/// Who is shown every trial that finishes, with its weights, before those are gone. Called by the workers.
pub trait Keeper<E: Engine>: Sync {
    /// A trial has finished.
    fn finished(&self, engine: &E, finished: &Finished<E::Weights>);
}

/// Keeps nothing.
impl<E: Engine> Keeper<E> for () {
    fn finished(&self, _: &E, _: &Finished<E::Weights>) {}
}

/// What leaves the network of a finished trial, row after row.
#[derive(Debug, Clone, PartialEq)]
pub struct Outputs {
    /// For the validation rows.
    pub validation: Vec<f32>,
    /// For the test rows.
    pub test: Vec<f32>,
}

/// The outputs of those trials of each replicate that are best on validation rows: the best point's trials are most often
/// among them, and need not be trained again. Which are kept depends on no order but among equals, and shows nowhere: what
/// is not kept is made again.
#[derive(Debug)]
pub struct KeptOutputs {
    /// One entry a replicate.
    replicates: Vec<Mutex<Vec<Kept>>>,
    most: usize,
    best_by: BestBy,
}

#[derive(Debug)]
struct Kept {
    /// What it is chosen by: less is better.
    loss: f32,
    key: TrialKey,
    outputs: Outputs,
}

impl KeptOutputs {
    /// Of the replicates whose predictions are wanted, a few more trials than points are. `metric` decides which are best;
    /// `None`: the loss.
    pub fn of_the_best(manifest: &Manifest, facts: &[DataFacts], metric: Option<Metric>) -> Self {
        let numbers = |facts: &DataFacts| (facts.validation_rows + facts.test_rows) * u64::from(facts.classes.max(1));
        let of_a_trial = facts.iter().map(numbers).max().unwrap_or(0).max(1);
        let replicates = manifest.predicted_replicates;
        let room = MOST_NUMBERS / (of_a_trial * u64::from(replicates.max(1)));
        let most = (2 * manifest.predicted_points as usize + 6).min(room as usize);
        Self { replicates: (0..replicates).map(|_| Mutex::default()).collect(), most, best_by: BestBy(metric) }
    }

    /// Of all trials of so many replicates.
    pub(super) fn of_all(replicates: u32) -> Self {
        Self {
            replicates: (0..replicates).map(|_| Mutex::default()).collect(),
            most: usize::MAX,
            best_by: BestBy(None),
        }
    }

    /// Takes out those of these trials that are there.
    pub(super) fn take(&self, keys: impl Iterator<Item = TrialKey>) -> HashMap<TrialKey, Outputs> {
        let mut kept: HashMap<TrialKey, Outputs> = HashMap::new();
        for replicate in &self.replicates {
            kept.extend(lock(replicate).drain(..).map(|kept| (kept.key, kept.outputs)));
        }
        keys.filter_map(|key| kept.remove_entry(&key)).collect()
    }
}

impl<E: Engine> Keeper<E> for KeptOutputs {
    fn finished(&self, engine: &E, finished: &Finished<E::Weights>) {
        let Some(replicate) = self.replicates.get(finished.trial.replicate as usize) else { return };
        let loss = self.best_by.as_loss(self.best_by.value(&finished.scores.last));
        let place = |kept: &[Kept]| kept.partition_point(|kept| kept.loss.total_cmp(&loss).is_le());
        if place(&lock(replicate)) >= self.most {
            return;
        }
        let outputs = |part| engine.outputs(&finished.training, &finished.weights, part);
        let outputs = Outputs { validation: outputs(Part::Validation), test: outputs(Part::Test) };
        let mut kept = lock(replicate);
        let place = place(&kept);
        kept.insert(place, Kept { loss, key: finished.trial.key, outputs });
        kept.truncate(self.most);
    }
}

/// Nothing that runs under these locks leaves a value half-changed.
fn lock(kept: &Mutex<Vec<Kept>>) -> MutexGuard<'_, Vec<Kept>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
