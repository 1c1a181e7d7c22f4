//! What a sweep cannot say.

use swath_results::manifest::{Manifest, Task};

use super::{AxisAnswer, Best};
use crate::contrast::FEWEST_REPLICATES;
use crate::results::Results;

/// A reason why something cannot be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// Trials that have no outcome yet.
    Partial {
        /// Trials with an outcome.
        done: u64,
        /// Trials asked for.
        asked: u64,
    },
    /// Axes that change what the loss measures, so that losses at their levels are no rivals. Not where a metric decides.
    UnlikeLosses {
        /// Their names.
        axes: Vec<String>,
        /// The figure that is measured alike at all levels.
        metric: String,
    },
    /// No trial finished.
    NothingFinished,
    /// Trials finished, but every point lacks a replicate, so none may be called best.
    NoCompletePoint,
    /// Points that lack a replicate (diverged, failed, missing), so that they could not be best.
    IncompletePoints {
        /// How many.
        points: usize,
    },
    /// Fewer replicates than an interval needs to say anything.
    FewReplicates {
        /// How many there are.
        replicates: u32,
    },
    /// No test rows: what the winner was chosen by stands on the rows that chose it.
    NoTest {
        /// What that is, in words: `loss`.
        chosen_by: String,
        /// Which way it reads wrong: `too low`.
        reads: &'static str,
    },
    /// The best point is to be trained again on fresh replicates, and is not yet, or in part.
    NotConfirmed {
        /// Fresh replicates asked for.
        replicates: u32,
        /// Fresh trials with an outcome.
        done: u64,
        /// Fresh trials in all; `None` as long as the best point is not known.
        asked: Option<u64>,
    },
    /// An axis that never changes alone.
    Entangled {
        /// Its name.
        axis: String,
    },
}

pub(super) fn limits(results: &Results<'_>, best: Option<&Best>, axes: &[AxisAnswer]) -> Vec<Limit> {
    let counts = results.counts();
    let manifest = results.manifest();
    let mut limits = Vec::new();
    if counts.missing > 0 {
        limits.push(Limit::Partial { done: counts.total() - counts.missing, asked: counts.total() });
    }
    let unlike: Vec<String> = unlike_axes(manifest).map(str::to_owned).collect();
    if results.objective().is_loss() && !unlike.is_empty() && counts.finished > 0 {
        limits.push(Limit::UnlikeLosses { axes: unlike, metric: manifest.objective.metric.clone() });
    }
    match best {
        None if counts.finished == 0 => limits.push(Limit::NothingFinished),
        None => limits.push(Limit::NoCompletePoint),
        Some(best) if best.eligible < manifest.points.len() => {
            limits.push(Limit::IncompletePoints { points: manifest.points.len() - best.eligible });
        }
        Some(_) => {}
    }
    if (manifest.replicates as usize) < FEWEST_REPLICATES {
        limits.push(Limit::FewReplicates { replicates: manifest.replicates });
    }
    if !results.is_tested() {
        let objective = results.objective();
        let chosen_by = objective.quantity_words().to_owned();
        limits.push(Limit::NoTest { chosen_by, reads: objective.flattered_word() });
    }
    if manifest.confirm > 0 {
        limits.push(Limit::NotConfirmed { replicates: manifest.confirm, done: 0, asked: None });
    }
    let entangled = axes.iter().filter(|axis| axis.is_entangled());
    limits.extend(entangled.map(|axis| Limit::Entangled { axis: axis.name.clone() }));
    limits
}

/// The axes over which losses are in units of their own.
pub(crate) fn unlike_axes(manifest: &Manifest) -> impl Iterator<Item = &str> {
    let several = manifest.axes.iter().filter(|axis| axis.levels.len() > 1);
    several.map(|axis| axis.name.as_str()).filter(|name| changes_the_loss(name, manifest.objective.task))
}

/// Whether losses at the levels of an axis are in units of their own: another loss, or another scale of the target.
pub(crate) fn changes_the_loss(axis: &str, task: Task) -> bool {
    axis == "train.loss" || axis.starts_with("train.loss.") || (axis == "data.scale" && task == Task::Regression)
}
