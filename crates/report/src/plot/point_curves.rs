//! How one point learned: training and validation loss over its epochs.

use swath_results::row::{Ending, Outcome, PackedCurves};

use super::mean_curve::MeanCurve;
use crate::answer::name_of;
use crate::figure::Figure;
use crate::results::{Results, Trial};
use crate::statistics::mean;

/// The learning curves of one point.
#[derive(Debug, Clone, PartialEq)]
pub struct PointCurves {
    /// Its place in the manifest.
    pub point: usize,
    /// Its levels in words.
    pub name: String,
    /// Validation loss of the replicates that finished.
    pub validation: MeanCurve,
    /// Training loss of the same.
    pub training: MeanCurve,
    /// How [`PointCurves::training`] was measured.
    pub training_is: Training,
    /// Training loss in evaluation mode of the weights that training ended with, by the epoch of these weights: the mean
    /// where all replicates ended with the same epoch, else one entry a replicate; empty where the whole curve is of this
    /// kind.
    pub training_at_end: Vec<(usize, f64)>,
    /// The validation loss of single replicates where the mean does not speak for them.
    pub alone: Vec<Alone>,
}

/// How a training loss was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Training {
    /// While the weights moved and dropout dropped: above or below what the same weights would have in evaluation mode.
    Running,
    /// On the whole training set after the epoch, as the validation loss is on its own rows.
    Evaluated,
}

/// A replicate where the mean does not speak for it: beyond the mean's end, or because it diverged.
#[derive(Debug, Clone, PartialEq)]
pub struct Alone {
    /// Its number, counted from 0.
    pub replicate: u32,
    /// The epoch of the first value, counted from 1.
    pub from: usize,
    /// Validation loss, one an epoch.
    pub values: Vec<f32>,
    /// The epoch, counted from 1, in which it diverged, if it did.
    pub diverged: Option<u32>,
}

impl PointCurves {
    /// The curves of a point; `None` where no trial of it finished or diverged.
    pub fn new(results: &Results<'_>, point: usize) -> Option<Self> {
        let trials: Vec<(Trial<'_>, &Outcome)> =
            results.point(point).filter_map(|trial| Some((trial, trial.outcome?))).collect();
        let finished: Vec<(Trial<'_>, &Outcome)> =
            trials.iter().copied().filter(|(trial, _)| trial.scores().is_some()).collect();
        let mean_of = |read: fn(&PackedCurves) -> &[f32]| {
            MeanCurve::new(&finished.iter().map(|(_, outcome)| read(&outcome.curves)).collect::<Vec<_>>())
        };
        let is_evaluated =
            !finished.is_empty() && finished.iter().all(|(_, outcome)| !outcome.curves.train_loss().is_empty());
        let validation = mean_of(PackedCurves::validation_loss);
        let shared = validation.means.len();
        let alone: Vec<Alone> =
            trials.iter().filter_map(|(trial, outcome)| Alone::new(trial, outcome, shared)).collect();
        if finished.is_empty() && alone.is_empty() {
            return None;
        }
        Some(Self {
            point,
            name: name_of(results, point),
            validation,
            training: mean_of(if is_evaluated { PackedCurves::train_loss } else { PackedCurves::train_loss_running }),
            training_is: if is_evaluated { Training::Evaluated } else { Training::Running },
            training_at_end: if is_evaluated { Vec::new() } else { at_end(&finished) },
            alone,
        })
    }

    /// The most epochs that a replicate completed; 1 where none did.
    pub fn epochs(&self) -> usize {
        let alone = self.alone.iter().map(Alone::last_epoch).max().unwrap_or(1);
        self.validation.means.len().max(self.training.means.len()).max(alone)
    }

    /// How many replicates diverged.
    pub fn diverged(&self) -> usize {
        self.alone.iter().filter(|alone| alone.diverged.is_some()).count()
    }

    /// Whether replicates went on after another had stopped.
    pub fn has_ends_apart(&self) -> bool {
        self.alone.iter().any(|alone| alone.diverged.is_none())
    }
}

impl Alone {
    /// The part of a trial's curve that the mean of the first `shared` epochs does not speak for: of a finished one what
    /// follows, of a diverged one all.
    fn new(trial: &Trial<'_>, outcome: &Outcome, shared: usize) -> Option<Self> {
        let curve = outcome.curves.validation_loss();
        let (from, diverged) = match outcome.ending {
            // From the last shared epoch on, so that the line is seen to come from there.
            Ending::Finished(_) if curve.len() > shared => (shared.max(1), None),
            Ending::Diverged { epoch } => (1, Some(epoch)),
            Ending::Finished(_) | Ending::Failed { .. } => return None,
        };
        let values = curve.get(from - 1..).unwrap_or_default().to_vec();
        Some(Self { replicate: trial.replicate, from, values, diverged })
    }

    /// The last epoch of its line, counted from 1; the one in which it diverged where it completed none.
    pub fn last_epoch(&self) -> usize {
        match (self.values.len(), self.diverged) {
            (0, Some(epoch)) => (epoch as usize).max(1),
            (0, None) => self.from,
            (length, _) => self.from + length - 1,
        }
    }
}

fn at_end(finished: &[(Trial<'_>, &Outcome)]) -> Vec<(usize, f64)> {
    let ends: Vec<(usize, f64)> = finished
        .iter()
        .filter_map(|(trial, outcome)| {
            let scores = trial.scores()?;
            let epoch = scores.restored_epoch.map_or(outcome.curves.epochs(), |epoch| epoch as usize);
            Some((epoch, f64::from(Figure::TrainLoss.of(scores)?)))
        })
        .collect();
    match ends.as_slice() {
        [(epoch, _), rest @ ..] if rest.iter().all(|(other, _)| other == epoch) => {
            let losses: Vec<f64> = ends.iter().map(|(_, loss)| *loss).collect();
            mean(&losses).map(|loss| (*epoch, loss)).into_iter().collect()
        }
        _ => ends,
    }
}
