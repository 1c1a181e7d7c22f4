//! What a report is made from: what was asked for, and what came of it, in the manifest's order.

use std::collections::HashMap;

use swath_results::row::{Ending, Scores};
use swath_results::{Manifest, Outcome, TrialKey};

use crate::figure::Figure;

/// What a sweep asked for and the outcomes that are there.
///
/// Every walk follows the manifest, never the map of outcomes, so that no table depends on the order of insertion.
#[derive(Debug, Clone)]
pub struct Results<'a> {
    manifest: &'a Manifest,
    outcomes: &'a HashMap<TrialKey, Outcome>,
    figures: Vec<Figure>,
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
    /// The results of `manifest`; outcomes of other keys are not looked at.
    pub fn new(manifest: &'a Manifest, outcomes: &'a HashMap<TrialKey, Outcome>) -> Self {
        let mut results = Self { manifest, outcomes, figures: Vec::new() };
        let tested = manifest.data.test_rows > 0
            || results.trials().filter_map(|trial| trial.scores()).any(|scores| scores.last.test_loss.is_some());
        results.figures = Figure::all().into_iter().filter(|figure| tested || !figure.is_test()).collect();
        results
    }

    /// What was asked for.
    pub fn manifest(&self) -> &'a Manifest {
        self.manifest
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
    pub fn trials(&self) -> impl Iterator<Item = Trial<'a>> {
        let results = Source { manifest: self.manifest, outcomes: self.outcomes };
        (0..self.manifest.points.len()).flat_map(move |point| results.point(point))
    }

    /// The trials of one point, replicate by replicate; none outside the grid.
    pub fn point(&self, point: usize) -> impl Iterator<Item = Trial<'a>> {
        Source { manifest: self.manifest, outcomes: self.outcomes }.point(point)
    }

    /// A figure of one point, one entry a replicate; `None` where it was not measured or is not finite.
    pub fn values(&self, point: usize, figure: Figure) -> Vec<Option<f64>> {
        self.point(point).map(|trial| trial.figure(figure).map(f64::from)).collect()
    }

    /// How the trials of one point ended.
    pub fn counts_of(&self, point: usize) -> Counts {
        self.point(point).fold(Counts::default(), Counts::with)
    }

    /// How all trials ended.
    pub fn counts(&self) -> Counts {
        self.trials().fold(Counts::default(), Counts::with)
    }
}

#[derive(Clone, Copy)]
struct Source<'a> {
    manifest: &'a Manifest,
    outcomes: &'a HashMap<TrialKey, Outcome>,
}

impl<'a> Source<'a> {
    fn point(self, point: usize) -> impl Iterator<Item = Trial<'a>> {
        (0..self.manifest.replicates).filter_map(move |replicate| {
            let key = self.manifest.key(point, replicate)?;
            Some(Trial { key, point, replicate, outcome: self.outcomes.get(&key) })
        })
    }
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

    /// All trials.
    pub fn total(self) -> u64 {
        self.finished + self.diverged + self.failed + self.missing
    }

    /// Whether every trial finished.
    pub fn is_complete(self) -> bool {
        self.finished == self.total()
    }
}
