//! How the levels of an axis learned: the mean validation loss of each over the epochs, at the same settings of all else.

use swath_results::manifest::Point;

use super::mean_curve::thinned;
use super::spread;
use crate::contrast::settings;
use crate::results::Results;
use crate::statistics::mean;

/// Levels that are drawn; of an axis with more, so many that are evenly spread.
pub const MOST_LEVELS: usize = 16;

/// Numbers of epochs that have a panel of their own.
const MOST_PANELS: usize = 3;

/// Trials that the lines of a panel are averaged over; of a larger sweep, settings that are evenly spread.
const MOST_TRIALS: usize = 20_000;

/// Levels of an axis, compared over the course of the training.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisCurves {
    /// The axis, by its place in the manifest.
    pub axis: usize,
    /// Its name.
    pub name: String,
    /// One for each number of epochs that was asked for, the shortest first; one alone where the axis itself changes it.
    pub panels: Vec<Lengths>,
    /// Numbers of epochs that have no panel, as there are too many.
    pub panels_left_out: usize,
    /// Whether an epoch has more steps at one level than at another, so that epochs and steps tell different stories.
    pub changes_steps: bool,
    /// Levels that are left out, as they have no setting in common with those drawn.
    pub apart: Vec<String>,
    /// Levels that are left out, as there are too many.
    pub levels_left_out: usize,
}

/// The levels at the settings that train for the same number of epochs.
#[derive(Debug, Clone, PartialEq)]
pub struct Lengths {
    /// How many epochs these settings ask for; `None` where the axis itself changes it.
    pub epochs: Option<u32>,
    /// Settings of the other axes that every line is the mean over.
    pub settings: usize,
    /// How many settings there are.
    pub settings_in_all: usize,
    /// Replicates that every line is the mean over.
    pub n: usize,
    /// One a level.
    pub lines: Vec<LevelLine>,
}

/// The mean validation loss of one level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelLine {
    /// The level, by its place on the axis.
    pub level: usize,
    /// How it is named.
    pub label: String,
    /// Epochs, counted from 1, of which the mean is known.
    pub epochs: Vec<usize>,
    /// The mean validation loss after each of these.
    pub means: Vec<f64>,
    /// Optimiser steps of an epoch, the mean over the settings.
    pub steps_per_epoch: f64,
    /// Training rows that an epoch passes, the mean over the settings.
    pub rows_per_epoch: f64,
    /// The epoch after which the first trial trained no more, where others went on: from here on it counts with the loss
    /// that it ended with.
    pub first_stop: Option<usize>,
}

impl AxisCurves {
    /// The curves of an axis; `None` where no two of its levels have a setting with finished trials in common.
    pub fn new(results: &Results<'_>, axis: usize) -> Option<Self> {
        let manifest = results.manifest();
        let described = manifest.axes.get(axis)?;
        let count = described.levels.len();
        let drawn: Vec<usize> = spread(count, MOST_LEVELS).collect();
        let all: Vec<Vec<Option<usize>>> = settings(manifest, axis, |_| true)
            .map(|points| {
                let at = |level: &usize| points.iter().find(|(known, _)| known == level).map(|(_, point)| *point);
                drawn.iter().map(at).collect()
            })
            .collect();
        let together = levels_together(&all)?;
        let kept: Vec<Vec<usize>> = all
            .iter()
            .filter_map(|points| together.iter().map(|place| points.get(*place).copied().flatten()).collect())
            .collect();
        let levels: Vec<usize> = together.iter().filter_map(|place| drawn.get(*place).copied()).collect();
        let differs = |read: fn(&Point) -> u64| {
            kept.iter().any(|points| {
                let mut values = points.iter().filter_map(|point| manifest.points.get(*point)).map(read);
                values.next().is_some_and(|first| values.any(|other| other != first))
            })
        };
        let changes_epochs = differs(|point| u64::from(point.epochs));
        let length =
            |points: &[usize]| points.first().and_then(|point| manifest.points.get(*point)).map(|point| point.epochs);
        let mut lengths: Vec<Option<u32>> =
            if changes_epochs { vec![None] } else { kept.iter().map(|points| length(points)).collect() };
        lengths.sort_unstable();
        lengths.dedup();
        let chosen: Vec<Option<u32>> = match lengths.len() {
            count @ 0..=MOST_PANELS => lengths.get(..count).unwrap_or_default().to_vec(),
            count => [0, count / 2, count - 1].into_iter().filter_map(|place| lengths.get(place).copied()).collect(),
        };
        let panels: Vec<Lengths> = chosen
            .iter()
            .filter_map(|epochs| {
                let of_length: Vec<&[usize]> = kept
                    .iter()
                    .filter(|points| epochs.is_none() || length(points) == *epochs)
                    .map(Vec::as_slice)
                    .collect();
                Lengths::new(results, axis, &levels, &of_length, *epochs)
            })
            .collect();
        let label = |level: &usize| described.levels.get(*level).map(|level| level.label.clone());
        (!panels.is_empty()).then(|| Self {
            axis,
            name: described.name.clone(),
            panels,
            panels_left_out: lengths.len() - chosen.len(),
            changes_steps: differs(|point| point.steps_per_epoch),
            apart: drawn.iter().filter(|level| !levels.contains(level)).filter_map(label).collect(),
            levels_left_out: count - drawn.len(),
        })
    }
}

/// The levels, by their places in each row, that are compared: the most that have a setting in common, of these the ones
/// with the most settings; `None` for fewer than two.
fn levels_together(settings: &[Vec<Option<usize>>]) -> Option<Vec<usize>> {
    let mask = |points: &Vec<Option<usize>>| {
        points.iter().rev().fold(0_u32, |mask, point| mask << 1 | u32::from(point.is_some()))
    };
    let masks: Vec<u32> = settings.iter().map(mask).collect();
    let mut sets = masks.clone();
    sets.sort_unstable();
    sets.dedup();
    let common = |set: &u32| masks.iter().filter(|mask| *mask & set == *set).count();
    // Of equals the one with the earlier levels.
    let best = sets.into_iter().rev().min_by_key(|set| std::cmp::Reverse((set.count_ones(), common(set))))?;
    (best.count_ones() > 1).then(|| (0..MOST_LEVELS).filter(|place| best >> place & 1 == 1).collect())
}

impl Lengths {
    fn new(
        results: &Results<'_>,
        axis: usize,
        levels: &[usize],
        settings: &[&[usize]],
        epochs: Option<u32>,
    ) -> Option<Self> {
        let replicates = results.manifest().replicates as usize;
        let room = (MOST_TRIALS / (levels.len() * replicates).max(1)).max(1);
        let taken = room.min(settings.len());
        let sample = (0..taken).filter_map(|place| settings.get(place * settings.len() / taken).copied());
        // Which replicates finished at all levels of a setting.
        let finished = |points: &[usize]| -> Vec<bool> {
            let mut all = vec![true; replicates];
            for point in points {
                for (all, trial) in all.iter_mut().zip(results.point(*point)) {
                    *all &= trial.scores().is_some();
                }
            }
            all
        };
        let counted: Vec<(&[usize], Vec<bool>)> = sample.map(|points| (points, finished(points))).collect();
        let number = |finished: &[bool]| finished.iter().filter(|is| **is).count();
        let most = counted.iter().map(|(_, finished)| number(finished)).max().unwrap_or(0);
        let kept: Vec<&(&[usize], Vec<bool>)> =
            counted.iter().filter(|(_, finished)| most > 0 && 2 * number(finished) >= most).collect();
        let in_all = |replicate: &usize| kept.iter().all(|(_, finished)| finished.get(*replicate) == Some(&true));
        let whole: Vec<usize> = (0..replicates).filter(in_all).collect();
        if kept.is_empty() || whole.is_empty() {
            return None;
        }
        let line = |(place, level): (usize, &usize)| {
            let points: Vec<usize> = kept.iter().filter_map(|(points, _)| points.get(place).copied()).collect();
            LevelLine::new(results, axis, *level, &points, &whole)
        };
        Some(Self {
            epochs,
            settings: kept.len(),
            settings_in_all: settings.len(),
            n: whole.len(),
            lines: levels.iter().enumerate().map(line).collect(),
        })
    }
}

impl LevelLine {
    fn new(results: &Results<'_>, axis: usize, level: usize, points: &[usize], replicates: &[usize]) -> Self {
        let manifest = results.manifest();
        let curves: Vec<&[f32]> = points
            .iter()
            .flat_map(|point| results.point(*point))
            .filter(|trial| replicates.contains(&(trial.replicate as usize)))
            .filter_map(|trial| Some(trial.outcome?.curves.validation_loss()))
            .collect();
        let longest = curves.iter().map(|curve| curve.len()).max().unwrap_or(0);
        let shortest = curves.iter().map(|curve| curve.len()).min().unwrap_or(0);
        let mut values = Vec::with_capacity(curves.len());
        let mut mean_after = |place: &usize| {
            values.clear();
            let at = |curve: &&[f32]| curve.get(*place).or(curve.last()).map(|value| f64::from(*value));
            values.extend(curves.iter().filter_map(at));
            mean(&values).unwrap_or(f64::NAN)
        };
        let places = thinned(longest, longest);
        let mean_of = |read: fn(&Point) -> u64| {
            let values: Vec<f64> =
                points.iter().filter_map(|point| manifest.points.get(*point)).map(|point| read(point) as f64).collect();
            mean(&values).unwrap_or(0.0)
        };
        Self {
            level,
            label: manifest
                .axes
                .get(axis)
                .and_then(|axis| axis.levels.get(level))
                .map_or_else(String::new, |level| level.label.clone()),
            means: places.iter().map(&mut mean_after).collect(),
            epochs: places.iter().map(|place| place + 1).collect(),
            steps_per_epoch: mean_of(|point| point.steps_per_epoch),
            rows_per_epoch: mean_of(|point| point.settings.rows_per_epoch),
            first_stop: (shortest < longest).then_some(shortest),
        }
    }

    /// The epoch of the smallest mean, the earliest on ties, and this mean.
    pub fn lowest(&self) -> Option<(usize, f64)> {
        let lowest = |one: (usize, f64), other: (usize, f64)| if other.1 < one.1 { other } else { one };
        self.epochs.iter().copied().zip(self.means.iter().copied()).reduce(lowest)
    }

    /// The last epoch and its mean.
    pub fn last(&self) -> Option<(usize, f64)> {
        Some((*self.epochs.last()?, *self.means.last()?))
    }
}
