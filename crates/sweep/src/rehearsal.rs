//! What sharing will save, found by letting the strands run without training.

use std::collections::HashMap;

use swath_core::engine::{Engine, EpochReport, EpochRun, Evaluation, Part, Training, Unsupported};
use swath_core::spec::{Loss, Network, Optimizer};

use crate::root::Root;
use crate::strand::{Member, ReadyStrand, Strand};

/// Optimiser steps that the roots will compute if every validation loss keeps falling: a lower bound, because
/// `reduce_on_plateau` and early stopping part trials only when it does not.
pub(crate) fn steps_after_sharing(roots: &[Root<'_>]) -> u64 {
    // Replicates of the same points part alike, so that each set of points is rehearsed once.
    let mut known: HashMap<(Vec<u32>, u64), u64> = HashMap::new();
    let steps = roots.iter().map(|root| {
        let points = root.trials.iter().map(|(trial, _)| trial.point).collect();
        *known.entry((points, root.training.steps_per_epoch())).or_insert_with(|| steps_of_root(root))
    });
    steps.sum()
}

fn steps_of_root(root: &Root<'_>) -> u64 {
    let members = root.trials.iter().map(|(trial, train)| Member::new(*trial, train, &root.training)).collect();
    let mut waiting = vec![Strand::start(&Rehearsal, root.training.clone(), members)];
    let mut steps = 0;
    while let Some(strand) = waiting.pop() {
        for ReadyStrand { mut strand, rates } in strand.part() {
            let reports = Rehearsal.train_epoch(&mut [strand.epoch_run(&rates)]);
            let report = reports.first().copied().unwrap_or(EpochReport::Diverged);
            steps += strand.observe(&Rehearsal, &rates, report, 0.0, 0).steps_trained;
            waiting.push(strand);
        }
    }
    steps
}

/// An engine whose losses fall by 1 an epoch.
struct Rehearsal;

impl Engine for Rehearsal {
    type State = ();
    type Weights = ();

    fn name(&self) -> &'static str {
        "rehearsal"
    }

    fn supports(&self, _: &Network, _: &Optimizer, _: Loss) -> Result<(), Unsupported> {
        Ok(())
    }

    fn width(&self, _: &Training) -> usize {
        1
    }

    fn start(&self, _: &Training) {}

    fn train_epoch(&self, runs: &mut [EpochRun<'_, ()>]) -> Vec<EpochReport> {
        let report = |run: &EpochRun<'_, ()>| {
            let loss = -(run.epoch as f32);
            EpochReport::Trained {
                train_loss_running: loss,
                train_loss: None,
                validation: Evaluation { loss, metric: loss },
            }
        };
        runs.iter().map(report).collect()
    }

    fn weights(&self, (): &()) {}

    fn evaluate(&self, _: &Training, (): &(), _: Part) -> Option<Evaluation> {
        Some(Evaluation { loss: 0.0, metric: 0.0 })
    }

    fn outputs(&self, _: &Training, (): &(), _: Part) -> Vec<f32> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use swath_core::spec::Schedule;

    use super::*;
    use crate::tests::fake_engine::{step, train, training, trial};

    #[test]
    fn ten_and_thirty_epochs_cost_thirty() {
        let trains = [train(10, Schedule::Constant), train(30, Schedule::Constant), train(30, step(20))];
        let trials = trains.iter().zip(0..).map(|(train, number)| (trial(number), train)).collect();
        let root = Root { training: training(), trials };
        assert_eq!(root.steps_asked(), 2 * 70);
        assert_eq!(steps_after_sharing(&[root]), 2 * (30 + 10));
        assert_eq!(steps_after_sharing(&[]), 0);
    }
}
