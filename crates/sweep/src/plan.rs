//! Trials less the journal: what is to be trained, why, and what it will cost.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use swath_core::engine::Training;
use swath_core::spec::TrainSpec;
use swath_results::Outcomes;
use swath_results::row::Ending;

use crate::key::StrandKey;
use crate::preparation::Prepared;
use crate::rehearsal::steps_after_sharing;
use crate::root::Root;
use crate::sweep::{Point, Sweep};
use crate::trial::Trial;
use crate::why::{Earlier, Reason, reasons};

/// What is to be trained, why, and how many steps it takes.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Outcomes of the trials asked for that the journal holds and that stand.
    pub held: Held,
    /// The trials to train, in the order of the manifest.
    pub to_train: Vec<Trial>,
    /// The same by who may share.
    pub roots: Vec<Root<'a>>,
    /// Why, counted.
    pub reasons: BTreeMap<Reason, usize>,
    /// Optimiser steps that these trials ask for.
    pub steps_asked: u64,
}

/// Outcomes that stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Trained to the end.
    pub finished: usize,
    /// Became NaN or infinite.
    pub diverged: usize,
    /// Failed, and not to be tried again.
    pub failed: usize,
}

impl Held {
    /// All that stand.
    pub fn total(self) -> usize {
        self.finished + self.diverged + self.failed
    }
}

impl<'a> Plan<'a> {
    /// Subtracts what is recorded from what is asked for: distinct trials, in order. With `retry_failed`, failed outcomes
    /// do not stand. `earlier` is asked where something is to be trained, to say why.
    pub fn new(
        sweep: &'a Sweep,
        prepared: &Prepared,
        trials: &[Trial],
        recorded: &Outcomes,
        earlier: impl FnOnce() -> Option<Earlier>,
        retry_failed: bool,
    ) -> Self {
        let mut held = Held::default();
        let mut to_train = Vec::new();
        let mut failed_before = HashSet::new();
        for trial in trials {
            match recorded.get(&trial.key).map(|outcome| &outcome.ending) {
                Some(Ending::Finished(_)) => held.finished += 1,
                Some(Ending::Diverged { .. }) => held.diverged += 1,
                Some(Ending::Failed { .. }) if retry_failed => {
                    failed_before.insert(trial.key);
                    to_train.push(*trial);
                }
                Some(Ending::Failed { .. }) => held.failed += 1,
                None => to_train.push(*trial),
            }
        }
        let roots = roots(sweep, prepared, &to_train);
        let steps_asked = roots.iter().map(Root::steps_asked).sum();
        let earlier = if to_train.is_empty() { None } else { earlier() };
        let reasons = reasons(sweep, &prepared.facts, &to_train, &failed_before, earlier.as_ref());
        Self { held, to_train, roots, reasons, steps_asked }
    }

    /// The steps that will be computed if every validation loss keeps falling, and so at least: `reduce_on_plateau` and
    /// early stopping part trials only when it does not.
    pub fn steps_after_sharing(&self) -> u64 {
        steps_after_sharing(&self.roots)
    }
}

/// Trials by who may share.
pub(crate) fn roots<'a>(sweep: &'a Sweep, prepared: &Prepared, trials: &[Trial]) -> Vec<Root<'a>> {
    let mut position: HashMap<StrandKey, usize> = HashMap::new();
    let mut roots: Vec<Root<'a>> = Vec::new();
    for trial in trials {
        let Some(point) = sweep.points.get(trial.point as usize) else { continue };
        if let Some(root) = position.get(&trial.strand).and_then(|index| roots.get_mut(*index)) {
            root.trials.push((*trial, &point.train));
            continue;
        }
        let Some(training) = training(sweep, prepared, point, trial.replicate) else { continue };
        position.insert(trial.strand, roots.len());
        roots.push(Root { training: Arc::new(training), trials: vec![(*trial, &point.train)] });
    }
    roots
}

/// The training of a point's replicate.
pub(crate) fn training(sweep: &Sweep, prepared: &Prepared, point: &Point, replicate: u32) -> Option<Training> {
    let TrainSpec { optimizer, loss, label_smoothing, batch_size, drop_last, l2, clip, evaluate_training, .. } =
        &point.train;
    Some(Training {
        network: prepared.facts.get(point.data)?.network(sweep.data.get(point.data)?.image, &point.model, *loss),
        optimizer: *optimizer,
        loss: *loss,
        label_smoothing: *label_smoothing,
        class_weights: prepared.class_weights(point, replicate).ok()?,
        augmentation: point.train.augmentation,
        batch_size: batch_size.get(),
        drop_last: *drop_last,
        l2: *l2,
        clip: *clip,
        metric: sweep.reported_metric(),
        evaluate_training: *evaluate_training,
        seed: sweep.seed,
        replicate,
        data: Arc::clone(prepared.split(point.data, replicate)?),
    })
}
