//! What a report is made from: what was asked for, and what came of it, in the manifest's order.

use std::ops::Range;

use swath_results::row::{Ending, Scores};
use swath_results::{Manifest, Outcome, TrialKey};

use crate::figure::Figure;
use crate::objective::Objective;

/// What a sweep asked for and the outcomes that are there.
///
/// Every walk follows the manifest, never the map of outcomes, so that no table depends on the order of insertion. What
/// the statistics read again and again stands in one row a figure, as a million outcomes are far apart in memory.
#[derive(Debug, Clone)]
pub struct Results<'a> {
    manifest: &'a Manifest,
    objective: Objective,
    /// One a key of the manifest.
    outcomes: Vec<Option<&'a Outcome>>,
    figures: Vec<Figure>,
    /// For each of `figures` one value a key of the manifest; NaN where it was not measured or is not finite.
    values: Vec<Vec<f32>>,
    /// One a point.
    counts: Vec<Counts>,
}

/// One trial of the manifest, with its outcome if it has one.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// Its content key.
    pub key: TrialKey,
    /// Its point, counted from 0 in the manifest's order.
    pub point: usize,
    /// Its replicate, counted from 0.
    pub replicate: u32,
    /// What became of it; `None` where it was not trained yet.
    pub outcome: Option<&'a Outcome>,
}

/// What became of a trial, as tables name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Trained to its end.
    Finished,
    /// A loss or a weight became NaN or infinite.
    Diverged,
    /// It could not be trained.
    Failed,
    /// No outcome is recorded.
    Missing,
}

/// How many trials ended in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Trained to their end.
    pub finished: u64,
    /// Became NaN or infinite.
    pub diverged: u64,
    /// Could not be trained.
    pub failed: u64,
    /// Not trained yet.
    pub missing: u64,
}

impl<'a> Results<'a> {
    /// The results of `manifest`, where `outcome_of` gives the outcome of a key, if there is one.
    pub fn new(manifest: &'a Manifest, outcome_of: impl Fn(&TrialKey) -> Option<&'a Outcome>) -> Self {
        let outcomes: Vec<Option<&Outcome>> = manifest.keys.iter().map(outcome_of).collect();
        let objective = Objective::of(manifest);
        let mut results =
            Self { manifest, objective, outcomes, figures: Vec::new(), values: Vec::new(), counts: Vec::new() };
        let tested = manifest.data.test_rows > 0
            || results.trials().filter_map(|trial| trial.scores()).any(|scores| scores.last.test_loss.is_some());
        results.figures = Figure::all().into_iter().filter(|figure| tested || !figure.is_test()).collect();
        results.values = vec![Vec::with_capacity(manifest.keys.len()); results.figures.len()];
        results.counts = vec![Counts::default(); manifest.points.len()];
        let Self { outcomes, figures, values, counts, .. } = &mut results;
        for trial in walk(manifest, outcomes, 0..outcomes.len()) {
            for (figure, values) in figures.iter().zip(&mut *values) {
                values.push(trial.figure(*figure).unwrap_or(f32::NAN));
            }
            if let Some(counts) = counts.get_mut(trial.point) {
                *counts = counts.with(trial);
            }
        }
        results
    }

    /// What was asked for.
    pub fn manifest(&self) -> &'a Manifest {
        self.manifest
    }

    /// What decides which point is best.
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The figures that this sweep has, in the order of the columns: without those of the test rows where it keeps
    /// none.
    pub fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// Whether the sweep keeps test rows.
    pub fn is_tested(&self) -> bool {
        self.figures.iter().any(|figure| figure.is_test())
    }

    /// The column of a figure: its metric under the name that the manifest gives it.
    pub fn column(&self, figure: Figure) -> String {
        figure.column(&self.manifest.objective.metric)
    }

    /// All trials, point by point, replicate by replicate.
    pub fn trials(&self) -> impl ExactSizeIterator<Item = Trial<'a>> + Clone {
        walk(self.manifest, &self.outcomes, 0..self.outcomes.len())
    }

    /// The trials of one point, replicate by replicate; none outside the grid.
    pub fn point(&self, point: usize) -> impl Iterator<Item = Trial<'a>> {
        walk(self.manifest, &self.outcomes, self.places(point))
    }

    /// A figure of one point, one value a replicate; NaN where it was not measured or is not finite. Empty outside the
    /// grid and for a figure that the sweep does not have.
    pub fn row(&self, point: usize, figure: Figure) -> &[f32] {
        let values = self.figures.iter().position(|known| *known == figure).and_then(|place| self.values.get(place));
        values.and_then(|values| values.get(self.places(point))).unwrap_or_default()
    }

    /// A figure of one point, one entry a replicate; `None` where it was not measured or is not finite.
    pub fn values(&self, point: usize, figure: Figure) -> Vec<Option<f64>> {
        self.row(point, figure).iter().map(|value| Some(f64::from(*value)).filter(|value| !value.is_nan())).collect()
    }

    /// Where the trials of a point stand among all; empty outside the grid.
    fn places(&self, point: usize) -> Range<usize> {
        let replicates = self.manifest.replicates as usize;
        let start = point.saturating_mul(replicates).min(self.outcomes.len());
        start..start.saturating_add(replicates).min(self.outcomes.len())
    }

    /// How the trials of one point ended.
    pub fn counts_of(&self, point: usize) -> Counts {
        self.counts.get(point).copied().unwrap_or_default()
    }

    /// How all trials ended.
    pub fn counts(&self) -> Counts {
        self.counts.iter().fold(Counts::default(), |all, counts| all.and(*counts))
    }
}

/// The trials at these places of the manifest.
fn walk<'a, 'b>(
    manifest: &'a Manifest,
    outcomes: &'b [Option<&'a Outcome>],
    places: Range<usize>,
) -> impl ExactSizeIterator<Item = Trial<'a>> + Clone + use<'a, 'b> {
    let replicates = (manifest.replicates as usize).max(1);
    let keys = manifest.keys.get(places.clone()).unwrap_or_default();
    let outcomes = outcomes.get(places.clone()).unwrap_or_default();
    keys.iter().zip(outcomes).enumerate().map(move |(index, (key, outcome))| {
        let place = places.start + index;
        Trial { key: *key, point: place / replicates, replicate: (place % replicates) as u32, outcome: *outcome }
    })
}

impl<'a> Trial<'a> {
    /// What became of it.
    pub fn status(&self) -> Status {
        match self.outcome.map(|outcome| &outcome.ending) {
            Some(Ending::Finished(_)) => Status::Finished,
            Some(Ending::Diverged { .. }) => Status::Diverged,
            Some(Ending::Failed { .. }) => Status::Failed,
            None => Status::Missing,
        }
    }

    /// The scores of a finished trial.
    pub fn scores(&self) -> Option<&'a Scores> {
        match self.outcome.map(|outcome| &outcome.ending) {
            Some(Ending::Finished(scores)) => Some(scores),
            _ => None,
        }
    }

    /// A figure of a finished trial; `None` where it was not measured or is not finite.
    pub fn figure(&self, figure: Figure) -> Option<f32> {
        self.scores().and_then(|scores| figure.of(scores))
    }

    /// Epochs that were completed; `None` without an outcome.
    pub fn epochs_run(&self) -> Option<u32> {
        self.outcome.map(|outcome| u32::try_from(outcome.curves.epochs()).unwrap_or(u32::MAX))
    }
}

impl Status {
    /// The word in the column `status`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Diverged => "diverged",
            Self::Failed => "failed",
            Self::Missing => "missing",
        }
    }
}

impl Counts {
    fn with(mut self, trial: Trial<'_>) -> Self {
        match trial.status() {
            Status::Finished => self.finished += 1,
            Status::Diverged => self.diverged += 1,
            Status::Failed => self.failed += 1,
            Status::Missing => self.missing += 1,
        }
        self
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            finished: self.finished + other.finished,
            diverged: self.diverged + other.diverged,
            failed: self.failed + other.failed,
            missing: self.missing + other.missing,
        }
    }

    /// Those that ended so.
    pub fn of(self, status: Status) -> u64 {
        match status {
            Status::Finished => self.finished,
            Status::Diverged => self.diverged,
            Status::Failed => self.failed,
            Status::Missing => self.missing,
        }
    }

    /// All trials.
    pub fn total(self) -> u64 {
        self.finished + self.diverged + self.failed + self.missing
    }

    /// Whether every trial finished.
    pub fn is_complete(self) -> bool {
        self.finished == self.total()
    }
}
