//! An ensemble against single members, over independent units: groups of replicates, or replicates.

use super::combine::Way;
use super::quality::Quality;
use crate::statistics::{Interval, Summary, mcnemar_p};
use crate::tables::summary::of_values;

/// What an ensemble gains over a single member; above 0 it is better, whatever the figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// Units that it is the mean over.
    pub n: usize,
    /// The mean, in the figure's own units.
    pub mean: f64,
    /// Its 95 % t interval; `None` for one unit.
    pub interval: Option<Interval>,
    /// Of an error: by which share of the single member's it is lower, mean over units; `None` for what is no error.
    pub share: Option<f64>,
    /// The t interval of the share; `None` for one unit.
    pub share_interval: Option<Interval>,
}

/// Rows that one alone has right, ensemble and best single member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discordant {
    /// Rows that the ensemble alone has right, summed over units.
    pub only_ensemble: u64,
    /// Rows that the best single member alone has right, summed over units.
    pub only_single: u64,
    /// Units.
    pub units: usize,
    /// Of these, those in which the exact test of `McNemar` says that they differ (p below 0.05).
    pub different: usize,
}

/// An ensemble in one figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How the members are combined.
    pub way: Way,
    /// The figure.
    pub quality: Quality,
    /// The ensemble over the units.
    pub value: Summary,
    /// The mean of a unit's members, over the units.
    pub mean_single: Summary,
    /// The member of a unit that is best on validation rows, over the units.
    pub best_single: Summary,
    /// Against the mean of a unit's members.
    pub over_mean: Gain,
    /// Against the member of a unit that is best on validation rows.
    pub over_best: Gain,
    /// Against that member, row by row; `None` for all but accuracy.
    pub discordant: Option<Discordant>,
}

/// One unit in one figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unit {
    pub(super) ensemble: f64,
    pub(super) mean_single: f64,
    pub(super) best_single: f64,
    /// Rows that ensemble and best member alone have right; `None` for all figures but accuracy.
    pub(super) discordant: Option<(u64, u64)>,
}

impl Found {
    /// `None` without units.
    pub(super) fn new(way: Way, quality: Quality, units: &[Unit]) -> Option<Self> {
        let over = |read: fn(&Unit) -> f64| of_values(&units.iter().map(|unit| Some(read(unit))).collect::<Vec<_>>());
        let discordant: Option<Vec<(u64, u64)>> = units.iter().map(|unit| unit.discordant).collect();
        Some(Self {
            way,
            quality,
            value: over(|unit| unit.ensemble)?,
            mean_single: over(|unit| unit.mean_single)?,
            best_single: over(|unit| unit.best_single)?,
            over_mean: Gain::new(quality, units, |unit| unit.mean_single)?,
            over_best: Gain::new(quality, units, |unit| unit.best_single)?,
            discordant: discordant.map(|rows| Discordant {
                only_ensemble: rows.iter().map(|(ensemble, _)| ensemble).sum(),
                only_single: rows.iter().map(|(_, single)| single).sum(),
                units: rows.len(),
                different: rows.iter().filter(|(ensemble, single)| mcnemar_p(*ensemble, *single) < 0.05).count(),
            }),
        })
    }
}

impl Gain {
    fn new(quality: Quality, units: &[Unit], single: fn(&Unit) -> f64) -> Option<Self> {
        let gain = |unit: &Unit| {
            if quality.is_error() { single(unit) - unit.ensemble } else { unit.ensemble - single(unit) }
        };
        let gains: Vec<Option<f64>> = units.iter().map(|unit| Some(gain(unit))).collect();
        let gain = of_values(&gains)?;
        let shares: Vec<Option<f64>> = units
            .iter()
            .map(|unit| Some(1.0 - unit.ensemble / single(unit)).filter(|share| share.is_finite()))
            .collect();
        let all_shares = quality.is_error() && shares.iter().all(Option::is_some);
        let share = if all_shares { of_values(&shares) } else { None };
        Some(Self {
            n: gain.n,
            mean: gain.mean,
            interval: gain.interval,
            share: share.map(|share| share.mean),
            share_interval: share.and_then(|share| share.interval),
        })
    }
}

impl Discordant {
    /// The p value of `McNemar`'s exact test; `None` for several units, whose rows are the same.
    pub fn p(&self) -> Option<f64> {
        (self.units == 1).then(|| mcnemar_p(self.only_ensemble, self.only_single))
    }
}
