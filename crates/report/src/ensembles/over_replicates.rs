//! The replicates of one point as members: trained apart, with other splits, orders and first weights.

use swath_results::predictions::PredictedTrial;

use super::combine::{Combined, Way};
use super::gain::{Found, Unit};
use super::members::Members;
use super::quality::Quality;
use super::said::Truth;
use crate::answer::name_of;
use crate::results::Results;
use crate::statistics::mean;

/// Members that an ensemble has at most: of more replicates the first ones.
const MOST_MEMBERS: usize = 64;

/// Disjoint groups that an interval is best founded on; with fewer the ensemble of two has it.
pub const FEWEST_GROUPS: usize = 4;

/// Numbers that are added up for the curve: of more, fewer ensembles are averaged at each size.
const MOST_WORK: usize = 200_000_000;

/// The ensembles of one point's replicates.
#[derive(Debug, Clone, PartialEq)]
pub struct OverReplicates {
    /// Its place in the manifest.
    pub point: usize,
    /// Its levels in words.
    pub name: String,
    /// Whether each member learnt from rows that were drawn with replacement.
    pub is_bagged: bool,
    /// Replicates that take part.
    pub members: usize,
    /// Ensembles by size, from 1 on.
    pub sizes: Vec<Size>,
}

/// Ensembles of one size.
#[derive(Debug, Clone, PartialEq)]
pub struct Size {
    /// How many members they have.
    pub members: usize,
    /// Disjoint groups of so many consecutive replicates: the units of `found`.
    pub groups: usize,
    /// For each way and figure the mean over groups of consecutive replicates that overlap: one from each replicate on,
    /// where the last is followed by the first. All replicates count alike in it, so it makes a smooth curve.
    pub curve: Vec<(Way, Quality, f64)>,
    /// For each way and figure what the disjoint groups come to.
    pub found: Vec<Found>,
}

impl OverReplicates {
    /// `None` for fewer than two replicates, or where their test rows differ.
    pub(super) fn new(results: &Results<'_>, point: usize, trials: &[&PredictedTrial], classes: usize) -> Option<Self> {
        let trials = trials.get(..MOST_MEMBERS).unwrap_or(trials);
        let first = trials.first()?;
        if trials.len() < 2 || trials.iter().any(|trial| trial.test.places != first.test.places) {
            return None;
        }
        let truth = Truth::of(&first.test, classes);
        let qualities = Quality::of_task(classes > 0);
        let members = Members::new(results, trials.iter().copied(), truth, qualities);
        let n = members.count();
        let starts = starts(n, truth.rows() * classes.max(1));
        let sizes = (1..=n).map(|size| of_size(&members, size, &starts, qualities)).collect();
        let is_bagged = results.manifest().points.get(point).is_some_and(|point| point.is_bootstrap);
        Some(Self { point, name: name_of(results, point), is_bagged, members: n, sizes })
    }

    /// The largest ensembles that leave enough disjoint groups for an interval; `None` where two members leave none.
    pub fn judged(&self) -> Option<&Size> {
        let several = || self.sizes.iter().filter(|size| size.members > 1);
        several()
            .rev()
            .find(|size| size.groups >= FEWEST_GROUPS)
            .or_else(|| several().find(|size| size.members == 2 && size.groups > 1))
    }

    /// The ensemble of all members.
    pub fn all(&self) -> Option<&Size> {
        self.sizes.last()
    }
}

impl Size {
    /// What was found for a way and a figure.
    pub fn of(&self, way: Way, quality: Quality) -> Option<&Found> {
        self.found.iter().find(|found| found.way == way && found.quality == quality)
    }
}

/// The replicates that groups for the curve begin with: all, or as many as the work allows, evenly spread.
fn starts(n: usize, numbers: usize) -> Vec<usize> {
    let of_one_start = (n * (n + 1) / 2).saturating_mul(numbers.max(1));
    let count = (MOST_WORK / of_one_start.max(1)).clamp(1, n);
    (0..count).map(|place| place * n / count).collect()
}

fn of_size(members: &Members<'_>, size: usize, starts: &[usize], qualities: [Quality; 2]) -> Size {
    let n = members.count();
    let round = |start: usize| (start..start + size).map(|place| place % n).collect::<Vec<usize>>();
    let windows: Vec<Vec<usize>> =
        if size == n { vec![round(0)] } else { starts.iter().map(|start| round(*start)).collect() };
    let groups: Vec<Vec<usize>> = (0..n / size).map(|group| round(group * size)).collect();
    let of_windows: Vec<Combined> = windows.iter().map(|places| members.combined(places)).collect();
    let of_groups: Vec<Combined> = groups.iter().map(|places| members.combined(places)).collect();
    let (mut curve, mut found) = (Vec::new(), Vec::new());
    for way in [Way::Averaging, Way::Vote] {
        for (figure, quality) in qualities.into_iter().enumerate() {
            let scores: Option<Vec<f64>> =
                of_windows.iter().map(|combined| members.score_of(combined.of(way)?, figure)).collect();
            if let Some(mean) = scores.and_then(|scores| mean(&scores)) {
                curve.push((way, quality, mean));
            }
            let units: Option<Vec<Unit>> = groups
                .iter()
                .zip(&of_groups)
                .map(|(places, combined)| members.unit(figure, places, combined.of(way)?))
                .collect();
            found.extend(units.and_then(|units| Found::new(way, quality, &units)));
        }
    }
    Size { members: size, groups: groups.len(), curve, found }
}
