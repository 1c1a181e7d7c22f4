//! Optimiser steps that trials asked for, and those that were computed: what sharing epochs saved.

use std::collections::HashSet;

use swath_results::row::Ending;

use crate::axes;
use crate::page::Subject;
use crate::results::Results;

/// Settings that decide which epochs trials share: trials of one schedule share all their epochs with longer ones, and those
/// of several schedules the epochs before these part.
const SETTINGS: [&str; 2] = ["train.schedule", "train.epochs"];

/// Levels of an axis that have a bar.
pub const MOST_LEVELS: usize = 12;

/// Steps asked for and computed, in all and level by level.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedSteps {
    /// All trials first, then the levels of each axis that decides what is shared.
    pub bars: Vec<StepsBar>,
    /// Levels that have no bar, as there are too many.
    pub levels_left_out: usize,
}

/// The steps of some trials.
#[derive(Debug, Clone, PartialEq)]
pub struct StepsBar {
    /// Of which trials: `all trials`, `schedule cosine`.
    pub label: String,
    /// The same, as a page can hide it.
    pub subject: Subject,
    /// Steps of the epochs that they went through, each trial by itself.
    pub asked: f64,
    /// Steps that were computed; a step that several trials share is divided among them.
    pub computed: f64,
}

impl StepsBar {
    /// The share of the steps that was not computed, from 0 to 1; `None` where none was asked for.
    pub fn saved(&self) -> Option<f64> {
        (self.asked > 0.0).then(|| (1.0 - self.computed / self.asked).clamp(0.0, 1.0))
    }
}

impl SavedSteps {
    /// The steps of all trials that have an outcome; `None` where no step was asked for.
    pub fn new(results: &Results<'_>) -> Option<Self> {
        let manifest = results.manifest();
        let mut bars = vec![bar("all trials".to_owned(), Subject::Sweep)];
        // Where the bars of each axis begin, and how many there are.
        let mut places = Vec::new();
        let mut levels_left_out = 0;
        for axis in SETTINGS.into_iter().filter_map(|path| axes::of_setting(manifest, path)) {
            let Some(described) = manifest.axes.get(axis) else { continue };
            let shown = described.levels.len().min(MOST_LEVELS);
            levels_left_out += described.levels.len() - shown;
            places.push((axis, bars.len(), shown));
            bars.extend(described.levels.iter().take(shown).enumerate().map(|(level, described_level)| {
                bar(format!("{} {}", described.name, described_level.label), Subject::Level { axis, level })
            }));
        }
        let mut seen = HashSet::new();
        for trial in results.trials() {
            let Some((outcome, point)) = trial.outcome.zip(manifest.points.get(trial.point)) else { continue };
            let begun = u64::from(matches!(outcome.ending, Ending::Diverged { .. }));
            let epochs = outcome.curves.epochs() as u64 + begun;
            let asked = (point.steps_per_epoch * epochs) as f64;
            // Trials of equal keys are one training, whose effort is recorded once.
            let computed = if seen.insert(trial.key) { outcome.effort.steps_trained } else { 0.0 };
            let of_axis = |(axis, first, shown): &(usize, usize, usize)| {
                let level = *point.levels.get(*axis)? as usize;
                (level < *shown).then_some(first + level)
            };
            for place in [0].into_iter().chain(places.iter().filter_map(of_axis)) {
                if let Some(bar) = bars.get_mut(place) {
                    bar.asked += asked;
                    bar.computed += computed;
                }
            }
        }
        bars.first().is_some_and(|all| all.asked > 0.0).then_some(Self { bars, levels_left_out })
    }
}

fn bar(label: String, subject: Subject) -> StepsBar {
    StepsBar { label, subject, asked: 0.0, computed: 0.0 }
}
