//! Of each point the one that is better in training and in validation, with the evidence.

use std::collections::BTreeMap;

use super::tested;
use crate::answer::changes_the_loss;
use crate::contrast::{FEWEST_REPLICATES, MARGIN};
use crate::figure::Figure;
use crate::results::Results;
use crate::statistics::mean;

/// Another point that is better in training and in validation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beaten {
    /// Its place in the manifest.
    pub by: usize,
    /// How much lower its training loss is.
    pub training: f64,
    /// How much lower its validation loss is.
    pub validation: f64,
    /// The larger p of the two one-sided tests that these are over the margin.
    pub p: f64,
    /// The same after Holm, over all points.
    pub p_holm: f64,
    /// Whether both are told from chance.
    pub holds: bool,
}

/// Training and validation loss of one point in one replicate, or a mean of them.
#[derive(Debug, Clone, Copy)]
struct Losses {
    training: f64,
    validation: f64,
}

/// For each point the best of those that have lower training loss, with the evidence that it is better in both.
///
/// Which point that is, is asked of all replicates but the one that is compared, and so anew for each: the smallest of
/// many means is small by luck, but not in a replicate that had no say. Points are held against those on the same data
/// under the same loss; only a point that lacks no replicate can be the better one.
pub(super) fn rivals(results: &Results<'_>) -> Vec<Option<Beaten>> {
    let manifest = results.manifest();
    let axes: Vec<usize> = (0..manifest.axes.len())
        .filter(|axis| manifest.axes.get(*axis).is_some_and(|axis| is_unlike(&axis.name, results)))
        .collect();
    let mut groups: BTreeMap<Vec<Option<u32>>, Vec<usize>> = BTreeMap::new();
    for (place, point) in manifest.points.iter().enumerate() {
        let group = axes.iter().map(|axis| point.levels.get(*axis).copied()).collect();
        groups.entry(group).or_default().push(place);
    }
    let mut found = vec![None; manifest.points.len()];
    for points in groups.values() {
        for (point, beaten) in points.iter().zip(rivals_among(results, points)) {
            if let Some(slot) = found.get_mut(*point) {
                *slot = beaten;
            }
        }
    }
    found
}

/// Whether losses at the levels of an axis are of other rows or in other units.
fn is_unlike(axis: &str, results: &Results<'_>) -> bool {
    axis.starts_with("data.") || changes_the_loss(axis, results.manifest().objective.task)
}

/// As [`rivals`], for points that can all be compared.
fn rivals_among(results: &Results<'_>, points: &[usize]) -> Vec<Option<Beaten>> {
    let replicates = results.manifest().replicates as usize;
    if points.len() < 2 || replicates < FEWEST_REPLICATES {
        return vec![None; points.len()];
    }
    let rows: Vec<Vec<Option<Losses>>> = points.iter().map(|point| losses(results, *point)).collect();
    let totals: Vec<(Losses, usize)> = rows.iter().map(|row| total(row)).collect();
    let is_whole = |place: usize| totals.get(place).is_some_and(|(_, n)| *n == replicates);
    let whole: Vec<usize> = (0..points.len()).filter(|place| is_whole(*place)).collect();

    let mean_of = |place: usize, without: Option<Losses>| -> Option<Losses> {
        let (total, n) = totals.get(place)?;
        let left_out = without.unwrap_or(Losses { training: 0.0, validation: 0.0 });
        let n = n.checked_sub(usize::from(without.is_some())).filter(|n| *n > 0)? as f64;
        Some(Losses {
            training: (total.training - left_out.training) / n,
            validation: (total.validation - left_out.validation) / n,
        })
    };
    let mut differences: Vec<Vec<Losses>> = vec![Vec::new(); points.len()];
    for replicate in 0..replicates {
        let here = |place: usize| rows.get(place).and_then(|row| row.get(replicate).copied().flatten());
        let means = whole.iter().filter_map(|place| Some((*place, mean_of(*place, Some(here(*place)?))?)));
        let frontier = Frontier::new(means.collect());
        for (place, differences) in differences.iter_mut().enumerate() {
            let Some(own) = here(place) else { continue };
            let rival = mean_of(place, Some(own)).and_then(|mean| frontier.best_under(mean.training)).and_then(here);
            differences.extend(rival.map(|rival| Losses {
                training: own.training - rival.training,
                validation: own.validation - rival.validation,
            }));
        }
    }

    let frontier = Frontier::new(whole.iter().filter_map(|place| Some((*place, mean_of(*place, None)?))).collect());
    let beaten = |(place, differences): (usize, &Vec<Losses>)| {
        let (_, n) = totals.get(place)?;
        let mean = mean_of(place, None)?;
        let by = *points.get(frontier.best_under(mean.training)?)?;
        let side = |read: fn(&Losses) -> f64| {
            tested(&differences.iter().map(read).collect::<Vec<_>>(), mean.validation * MARGIN, 1)
        };
        let (training, validation) = (side(|losses| losses.training)?, side(|losses| losses.validation)?);
        let p = training.p.max(validation.p);
        (differences.len() == *n && *n >= FEWEST_REPLICATES).then_some(Beaten {
            by,
            training: training.mean,
            validation: validation.mean,
            p,
            p_holm: p,
            holds: training.holds && validation.holds,
        })
    };
    differences.iter().enumerate().map(beaten).collect()
}

/// Training and validation loss at the end, replicate by replicate.
fn losses(results: &Results<'_>, point: usize) -> Vec<Option<Losses>> {
    let training = results.row(point, Figure::TrainLoss).iter();
    let both = training.zip(results.row(point, Figure::VALIDATION_LOSS)).map(|(training, validation)| {
        let losses = Losses { training: f64::from(*training), validation: f64::from(*validation) };
        (!training.is_nan() && !validation.is_nan()).then_some(losses)
    });
    both.collect()
}

/// The sums over the replicates that are there, and how many these are.
fn total(row: &[Option<Losses>]) -> (Losses, usize) {
    let there: Vec<Losses> = row.iter().copied().flatten().collect();
    let sum = |read: fn(&Losses) -> f64| {
        mean(&there.iter().map(read).collect::<Vec<_>>()).map_or(0.0, |mean| mean * there.len() as f64)
    };
    (Losses { training: sum(|losses| losses.training), validation: sum(|losses| losses.validation) }, there.len())
}

/// Points by their mean training loss, each with the one of smallest mean validation loss up to it.
struct Frontier(Vec<(f64, f64, usize)>);

impl Frontier {
    fn new(mut points: Vec<(usize, Losses)>) -> Self {
        points.sort_by(|(one, its), (other, others)| {
            its.training
                .total_cmp(&others.training)
                .then(its.validation.total_cmp(&others.validation))
                .then(one.cmp(other))
        });
        let mut best: Option<(f64, usize)> = None;
        let entry = |(place, losses): (usize, Losses)| {
            let better = best.filter(|(validation, _)| *validation <= losses.validation);
            let (validation, place) = better.unwrap_or((losses.validation, place));
            best = Some((validation, place));
            (losses.training, validation, place)
        };
        Self(points.into_iter().map(entry).collect())
    }

    /// The point of smallest validation loss among those with a training loss below `training`.
    fn best_under(&self, training: f64) -> Option<usize> {
        let under = self.0.partition_point(|(known, ..)| *known < training);
        self.0.get(under.checked_sub(1)?).map(|(.., place)| *place)
    }
}
