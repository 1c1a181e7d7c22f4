//! What pictures of points know of each.

use crate::answer::{Answer, name_of};
use crate::contrast::FEWEST_REPLICATES;
use crate::number::count;
use crate::objective::Objective;
use crate::results::{Counts, Results};
use crate::sentences::{counted, mean};
use crate::statistics::Summary;
use crate::tables::summary::of_point;

/// A point as pictures show it.
#[derive(Debug, Clone, PartialEq)]
pub struct PointFigures {
    /// Its place in the manifest.
    pub point: usize,
    /// Its levels in words: `architecture wide, epochs 30`.
    pub name: String,
    /// Its level on every axis.
    pub levels: Vec<usize>,
    /// Trainable parameters.
    pub parameters: u64,
    /// Optimiser steps of one trial.
    pub steps: u64,
    /// What the best point is chosen by, over the replicates that finished; `None` where none did.
    pub validation: Option<Summary>,
    /// The same on test rows; `None` also where the sweep keeps no test rows.
    pub test: Option<Summary>,
    /// How its trials ended.
    pub counts: Counts,
    /// How it stands to the best.
    pub standing: Standing,
    /// Whether it is the cheapest of several points that are not told apart from the best.
    pub is_cheapest: bool,
}

/// How a point stands to the best one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the best.
    Best,
    /// It is not told apart from the best.
    NotToldApart,
    /// It is told apart from the best: worse.
    Worse,
    /// It lacks a replicate, so it could not be best and was not compared.
    Incomplete,
}

impl Standing {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::NotToldApart => "not told apart from the best",
            Self::Worse => "worse than the best",
            Self::Incomplete => "lacks a replicate",
        }
    }
}

impl PointFigures {
    /// `None` outside the grid.
    pub fn new(results: &Results<'_>, answer: &Answer, point: usize) -> Option<Self> {
        let manifest = results.manifest();
        let described = manifest.points.get(point)?;
        let counts = results.counts_of(point);
        let best = answer.best.as_ref();
        let standing = match best {
            Some(best) if best.leader.point == point => Standing::Best,
            Some(best) if best.holds(point) => Standing::NotToldApart,
            _ if !counts.is_complete() => Standing::Incomplete,
            _ => Standing::Worse,
        };
        let can_tell = answer.replicates as usize >= FEWEST_REPLICATES;
        let is_cheapest =
            can_tell && best.is_some_and(|best| best.cheapest.point == point && best.not_told_apart.len() > 1);
        Some(Self {
            point,
            name: name_of(results, point),
            levels: described.levels.iter().map(|level| *level as usize).collect(),
            parameters: described.parameters,
            steps: described.steps,
            validation: of_point(results, point, answer.objective.validation()),
            test: of_point(results, point, answer.objective.test()),
            counts,
            standing,
            is_cheapest,
        })
    }

    /// Its level on an axis; 0 outside the manifest.
    pub fn level(&self, axis: usize) -> usize {
        self.levels.get(axis).copied().unwrap_or(0)
    }

    /// The mean that it is ranked by: of [`validation`](Self::validation).
    pub fn mean(&self) -> Option<f64> {
        self.validation.map(|summary| summary.mean)
    }

    /// All of it in a line or two, for who points at its mark.
    pub fn words(&self, objective: &Objective) -> String {
        let mut words = vec![format!("{} {}", objective.validation_words(), mean(self.validation.as_ref()))];
        if self.test.is_some() {
            words.push(format!("{} {}", objective.words(objective.test()), mean(self.test.as_ref())));
        }
        words.push(counted(self.parameters, "parameter"));
        words.push(counted(self.steps, "step"));
        words.push(self.standing.word().to_owned());
        if self.is_cheapest {
            words.push("the cheapest not told apart".to_owned());
        }
        words.extend(self.accidents());
        format!("{}: {}", self.name, words.join(", "))
    }

    /// Which of its trials did not finish: `2 of 8 trials diverged, 1 missing`; `None` where all did.
    pub fn accidents(&self) -> Option<String> {
        let Counts { diverged, failed, missing, .. } = self.counts;
        let parts: Vec<String> = [(diverged, "diverged"), (failed, "failed"), (missing, "missing")]
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, how)| format!("{} {how}", count(number)))
            .collect();
        (!parts.is_empty()).then(|| format!("of {}: {}", counted(self.counts.total(), "trial"), parts.join(", ")))
    }
}

/// The points at these places, the best mean first; those without one last.
pub fn ranked(results: &Results<'_>, answer: &Answer, points: &[usize]) -> Vec<PointFigures> {
    let mut found: Vec<PointFigures> =
        points.iter().filter_map(|point| PointFigures::new(results, answer, *point)).collect();
    // A mean is finite, so infinity puts those without one behind all others.
    let key = |point: &PointFigures| point.mean().map_or(f64::INFINITY, |mean| answer.objective.as_loss(mean));
    found.sort_by(|one, other| key(one).total_cmp(&key(other)).then(one.point.cmp(&other.point)));
    found
}
