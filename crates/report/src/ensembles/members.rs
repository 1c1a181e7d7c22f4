//! Trained networks that decide together: what each says and scores, and what comes of a group of them.

use swath_results::predictions::PredictedTrial;

use super::combine::{Combined, combine};
use super::gain::Unit;
use super::quality::Quality;
use super::said::{Said, Truth};
use crate::results::Results;
use crate::statistics::mean;

/// Networks that say something of the same rows.
pub(super) struct Members<'a> {
    said: Vec<Said<'a>>,
    qualities: [Quality; 2],
    /// For each of `qualities` the scores of all members.
    scores: [Vec<Option<f64>>; 2],
    /// What the best member is chosen by, as a loss: the figure on validation rows that chooses points, too. Infinite where
    /// it is not recorded.
    losses: Vec<f64>,
    truth: Truth<'a>,
}

impl<'a> Members<'a> {
    /// The trials, in their order, on their test rows, of which `truth` is true.
    pub(super) fn new<'b: 'a>(
        results: &Results<'_>,
        trials: impl Iterator<Item = &'b PredictedTrial> + Clone,
        truth: Truth<'a>,
        qualities: [Quality; 2],
    ) -> Self {
        let said: Vec<Said<'a>> = trials.clone().map(|trial| Said::of(&trial.test)).collect();
        let scores = qualities.map(|quality| said.iter().map(|said| truth.score(said, quality)).collect());
        let losses = trials.map(|trial| chosen_by(results, trial)).collect();
        Self { said, qualities, scores, losses, truth }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.said.len()
    }

    /// What each says.
    pub(super) fn said(&self) -> Vec<&Said<'a>> {
        self.said.iter().collect()
    }

    /// The score of one of them in a figure, by its place among the qualities.
    pub(super) fn score(&self, place: usize, figure: usize) -> Option<f64> {
        self.scores.get(figure)?.get(place).copied()?
    }

    /// Those at these places combined.
    pub(super) fn combined(&self, places: &[usize]) -> Combined {
        let members: Vec<&Said<'_>> = places.iter().filter_map(|place| self.said.get(*place)).collect();
        combine(&members, self.truth)
    }

    /// How good an ensemble is in a figure.
    pub(super) fn score_of(&self, ensemble: &Said<'_>, figure: usize) -> Option<f64> {
        self.truth.score(ensemble, *self.qualities.get(figure)?)
    }

    /// An ensemble of those at these places beside them; `None` where it or one of them has no score in the figure.
    pub(super) fn unit(&self, figure: usize, places: &[usize], ensemble: &Said<'_>) -> Option<Unit> {
        let scores: Vec<f64> = places.iter().map(|place| self.score(*place, figure)).collect::<Option<_>>()?;
        let losses: Vec<f64> = places.iter().map(|place| self.losses.get(*place).copied()).collect::<Option<_>>()?;
        let best = smallest(&losses)?;
        let single = self.said.get(*places.get(best)?)?;
        let is_by_row = self.qualities.get(figure) == Some(&Quality::Accuracy);
        Some(Unit {
            ensemble: self.score_of(ensemble, figure)?,
            mean_single: mean(&scores)?,
            best_single: *scores.get(best)?,
            discordant: if is_by_row { self.truth.discordant(ensemble, single) } else { None },
        })
    }
}

/// What the best single member is chosen by.
fn chosen_by(results: &Results<'_>, trial: &PredictedTrial) -> f64 {
    let objective = results.objective();
    let values = results.row(trial.point as usize, objective.validation());
    let value = values.get(trial.replicate as usize).copied().filter(|value| !value.is_nan());
    value.map_or(f64::INFINITY, |value| objective.as_loss(f64::from(value)))
}

/// The place of the smallest value, the first on ties.
fn smallest(values: &[f64]) -> Option<usize> {
    (0..values.len()).reduce(|best, place| if values.get(place) < values.get(best) { place } else { best })
}
