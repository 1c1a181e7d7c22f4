//! Whether an ensemble is at least two percent better than a single network.

use super::combine::Way;
use super::gain::{Found, Gain};
use super::quality::Quality;
use super::{Ensembles, OverPoints, OverReplicates};
use crate::statistics::Interval;

/// What is claimed: two percentage points of accuracy, or an error that is two percent lower.
pub const CLAIM: f64 = 0.02;

/// Whether a claim holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The whole interval is at or above the claim.
    Yes,
    /// The whole interval is below it.
    No,
    /// The interval holds it, or there is none.
    Unknown,
}

/// What can be said of the claim for one ensemble.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The ensemble in words: `8 networks of the best point, averaging`.
    pub ensemble: String,
    /// The figure.
    pub quality: Quality,
    /// The gain over the mean single member: a share of rows for accuracy, a share of the error for errors.
    pub gain: f64,
    /// Its 95 % interval; `None` with one unit.
    pub interval: Option<Interval>,
    /// What it is the mean over: `5 groups of replicates`, `8 replicates`.
    pub units: String,
    /// Whether it is at least two percent.
    pub holds: Holds,
}

impl Holds {
    /// The word in the column `claim`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "holds",
            Self::No => "does not hold",
            Self::Unknown => "cannot tell",
        }
    }

    /// Of a gain.
    pub fn of(quality: Quality, gain: &Gain) -> Self {
        match of_claim(quality, gain).1 {
            Some(interval) if interval.low >= CLAIM => Self::Yes,
            Some(interval) if interval.high < CLAIM => Self::No,
            _ => Self::Unknown,
        }
    }
}

/// The gain in what the claim is about, with its interval.
fn of_claim(quality: Quality, gain: &Gain) -> (f64, Option<Interval>) {
    match gain.share.filter(|_| quality.is_error()) {
        Some(share) => (share, gain.share_interval),
        None => (gain.mean, gain.interval),
    }
}

pub(super) fn claims(ensembles: &Ensembles) -> Vec<Claim> {
    let [quality, _] = ensembles.qualities;
    let mut claims = Vec::new();
    if let Some(best) = ensembles.over_replicates.first() {
        claims.extend(over_replicates(best, quality));
    }
    if let Some(Ok(over_points)) = &ensembles.over_points {
        claims.extend(over_points_claims(over_points, quality));
    }
    claims
}

fn over_replicates(best: &OverReplicates, quality: Quality) -> Vec<Claim> {
    let judged = best.judged();
    let all = best.all().filter(|all| judged.is_none_or(|judged| judged.members < all.members));
    let sizes = judged.into_iter().chain(all);
    sizes
        .filter_map(|size| {
            let found = size.of(Way::Averaging, quality)?;
            let kind = if best.is_bagged { "bagged networks" } else { "networks" };
            let ensemble = format!("{} {kind} of the best point, averaged", size.members);
            let units = if size.groups == 1 {
                "the one group that there is".to_owned()
            } else {
                format!("{} disjoint groups of replicates", size.groups)
            };
            Some(claim(ensemble, units, found))
        })
        .collect()
}

fn over_points_claims(over_points: &OverPoints, quality: Quality) -> Vec<Claim> {
    [Way::Vote, Way::Averaging, Way::Stacking]
        .into_iter()
        .filter_map(|way| over_points.of(way, quality))
        .map(|found| {
            let ensemble = format!("the {} best points, {}", over_points.members.len(), found.way.label());
            let units = match over_points.replicates {
                1 => "the one replicate".to_owned(),
                replicates => format!("{replicates} replicates"),
            };
            claim(ensemble, units, found)
        })
        .collect()
}

fn claim(ensemble: String, units: String, found: &Found) -> Claim {
    let (gain, interval) = of_claim(found.quality, &found.over_mean);
    Claim { ensemble, quality: found.quality, gain, interval, units, holds: Holds::of(found.quality, &found.over_mean) }
}
