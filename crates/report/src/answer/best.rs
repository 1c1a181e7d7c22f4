//! The best point by the mean of what the sweep chooses by, all points that cannot be told from it, and the cheapest of these.

use swath_results::manifest::Point;

use crate::averaging::differences;
use crate::contrast::{ALPHA, FEWEST_REPLICATES};
use crate::figure::Figure;
use crate::objective::Objective;
use crate::results::Results;
use crate::statistics::{Interval, Leaders, Summary, draws, leaders, mean, stability, winners_curse};
use crate::tables::summary::{of_point, of_values};

/// Fewer replicates can be drawn in too few ways for the share to say much.
const FEWEST_FOR_STABILITY: usize = 5;

/// Draws of the replicates, where there are too many to go through all; the share is then good to two digits.
const RESAMPLES: usize = 2_000;

/// Values that are added up to know how often the leader stays the best: points times replicates times draws.
const MOST_WORK: usize = 20_000_000;

/// Of the draws of the replicates.
const SEED: u64 = 0;

/// The best point and what stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Best {
    /// The point with the best mean of [`Objective::validation`] of those whose replicates all finished.
    pub leader: Candidate,
    /// All points whose replicates all finished, the best first.
    pub ranking: Vec<usize>,
    /// The points not told apart from it, the leader among them, in the manifest's order; all eligible ones where there
    /// are fewer than [`FEWEST_REPLICATES`].
    pub not_told_apart: Vec<usize>,
    /// Of these the cheapest whose mean lies within the leader's interval: fewest steps, then parameters, then the best mean.
    /// That a point is not told apart says little with few replicates; a mean far off is no offer.
    pub cheapest: Candidate,
    /// Points whose replicates all finished: only these could be best.
    pub eligible: usize,
    /// Of the other points the one with the best mean, where that is better than the leader's.
    pub passed_over: Option<Candidate>,
    /// How much better than the truth the leader's mean would read if all eligible points were equal; `None` for
    /// one point or one replicate.
    pub price_of_choosing: Option<f64>,
    /// How often another draw of the replicates would have chosen the leader; `None` for one point or one replicate.
    pub stability: Option<Stability>,
    /// What chose the leader less the same on test rows, paired by replicate.
    pub validation_minus_test: Option<Gap>,
}

/// A point with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its place in the manifest.
    pub point: usize,
    /// Its levels in words: `architecture wide, epochs 30`.
    pub name: String,
    /// Trainable parameters.
    pub parameters: u64,
    /// Optimiser steps of one trial: the mean of those that ran, where training may stop early.
    pub steps: u64,
    /// What is chosen by, [`Objective::validation`], over the replicates that finished.
    pub validation: Summary,
    /// The same on test rows; `None` where the sweep keeps none.
    pub test: Option<Summary>,
    /// The other one of loss and metric, [`Objective::beside`].
    pub beside: Option<Summary>,
    /// Over the replicates that finished.
    pub validation_loss: Summary,
    /// `None` where the sweep keeps no test rows.
    pub test_loss: Option<Summary>,
    /// The metric on test rows, or on validation rows where the sweep keeps no test rows.
    pub metric: Option<Summary>,
}

/// How often the leader stays the best when the replicates are drawn again from those that there are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stability {
    /// The share of the draws.
    pub share: f64,
    /// How many points took part: those of the best means, where all are too many.
    pub points: usize,
}

/// A mean of paired differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// The mean.
    pub mean: f64,
    /// Its 95 % t interval; `None` for one replicate.
    pub interval: Option<Interval>,
}

impl Gap {
    /// Of one less the other in the replicates that have both; `None` where none has.
    pub fn new(one: &[Option<f64>], other: &[Option<f64>]) -> Option<Self> {
        of_values(&differences(one, other)).map(|summary| Self { mean: summary.mean, interval: summary.interval })
    }
}

impl Best {
    /// `None` where no point has all its replicates.
    pub(super) fn new(results: &Results<'_>) -> Option<Self> {
        let manifest = results.manifest();
        let objective = results.objective();
        let values = |point: &usize| results.values(*point, objective.validation());
        let (eligible, others): (Vec<usize>, Vec<usize>) = (0..manifest.points.len()).partition(|point| {
            let values = values(point);
            !values.is_empty() && values.iter().all(Option::is_some)
        });
        let rows: Vec<Vec<Option<f64>>> = eligible.iter().map(values).collect();
        let Leaders { leader: leader_row, not_told_apart } = leaders(&rows, objective.direction(), ALPHA)?;
        let means: Vec<f64> = rows.iter().map(|row| mean_of(row).unwrap_or(f64::NAN)).collect();
        let not_told_apart: Vec<usize> = if (manifest.replicates as usize) < FEWEST_REPLICATES {
            (0..eligible.len()).collect()
        } else {
            not_told_apart
        };
        let order = by_mean(objective, &means);
        let others_of_leader = order.iter().copied().filter(|row| *row != leader_row);
        let ranking =
            std::iter::once(leader_row).chain(others_of_leader).filter_map(|row| eligible.get(row).copied()).collect();
        let leader = Candidate::new(results, *eligible.get(leader_row)?)?;
        let worst = leader.validation.interval.map(|interval| objective.worse_end(interval));
        let is_offer =
            |row: usize, mean: f64| row == leader_row || worst.is_some_and(|worst| !objective.is_better(worst, mean));
        let offers = not_told_apart
            .iter()
            .filter_map(|row| Some((*row, *eligible.get(*row)?, *means.get(*row)?)))
            .filter(|(row, _, mean)| is_offer(*row, *mean))
            .map(|(_, point, mean)| (point, mean));
        let cheapest = cheapest(results, offers)?;
        let not_told_apart = not_told_apart.into_iter().filter_map(|row| eligible.get(row).copied()).collect();
        let mut better: Vec<(f64, usize)> = others
            .into_iter()
            .filter_map(|point| Some((mean_of(&values(&point))?, point)))
            .filter(|(mean, _)| objective.is_better(*mean, leader.validation.mean))
            .collect();
        better.sort_by(|one, other| objective.order(one.0, other.0));
        let passed_over = better.into_iter().find_map(|(_, point)| Candidate::new(results, point));
        let price_of_choosing = leader
            .validation
            .sd
            .filter(|_| eligible.len() > 1)
            .and_then(|sd| winners_curse(eligible.len(), sd, leader.validation.n));
        let stability = stability_of(objective, &rows, order, leader_row);
        let [validation, test] =
            [objective.validation(), objective.test()].map(|figure| results.values(leader.point, figure));
        let validation_minus_test = Gap::new(&validation, &test);
        Some(Self {
            leader,
            ranking,
            not_told_apart,
            cheapest,
            eligible: eligible.len(),
            passed_over,
            price_of_choosing,
            stability,
            validation_minus_test,
        })
    }

    /// Whether a point is in the set that is not told apart from the leader.
    pub fn holds(&self, point: usize) -> bool {
        self.not_told_apart.binary_search(&point).is_ok()
    }

    /// Whether the cheapest point is worth naming beside the leader: another one, with fewer steps or parameters.
    pub fn has_cheaper(&self) -> bool {
        (self.cheapest.steps, self.cheapest.parameters) < (self.leader.steps, self.leader.parameters)
    }
}

impl Candidate {
    /// `None` outside the grid, or where no replicate finished.
    pub fn new(results: &Results<'_>, point: usize) -> Option<Self> {
        let described = results.manifest().points.get(point)?;
        let metric = if results.is_tested() { Figure::TEST_METRIC } else { Figure::VALIDATION_METRIC };
        let objective = results.objective();
        Some(Self {
            point,
            name: name_of(results, point),
            validation: of_point(results, point, objective.validation())?,
            test: of_point(results, point, objective.test()),
            beside: of_point(results, point, objective.beside(results.is_tested())),
            parameters: described.parameters,
            steps: steps_of(results, point)?,
            validation_loss: of_point(results, point, Figure::VALIDATION_LOSS)?,
            test_loss: of_point(results, point, Figure::TEST_LOSS),
            metric: of_point(results, point, metric),
        })
    }
}

/// Mean steps of the replicates that finished, as far as they ran, where one of them stopped early; else the steps of a whole
/// training. `None` outside the grid.
fn steps_of(results: &Results<'_>, point: usize) -> Option<u64> {
    let Point { steps, steps_per_epoch, epochs, .. } = results.manifest().points.get(point)?;
    let finished = results.point(point).filter(|trial| trial.scores().is_some());
    let epochs_run: Vec<u32> = finished.filter_map(|trial| trial.epochs_run()).collect();
    if epochs_run.iter().all(|run| run >= epochs) {
        return Some(*steps);
    }
    let count = epochs_run.len() as u64;
    let run: u64 = epochs_run.iter().map(|run| steps_per_epoch * u64::from(*run)).sum();
    Some((run + count / 2) / count)
}

/// The levels of a point in words; `the only point` where the sweep has no axes.
pub fn name_of(results: &Results<'_>, point: usize) -> String {
    let manifest = results.manifest();
    if manifest.axes.is_empty() {
        return "the only point".to_owned();
    }
    let levels = manifest.axes.iter().enumerate();
    let words: Vec<String> =
        levels.map(|(place, axis)| format!("{} {}", axis.name, manifest.label(point, place))).collect();
    words.join(", ")
}

/// The mean of the replicates that there are.
fn mean_of(row: &[Option<f64>]) -> Option<f64> {
    mean(&row.iter().copied().flatten().collect::<Vec<_>>())
}

/// The places of the means, the best first; the first on ties.
fn by_mean(objective: &Objective, means: &[f64]) -> Vec<usize> {
    let mut order: Vec<(f64, usize)> = means.iter().copied().zip(0..).collect();
    order.sort_by(|one, other| objective.order(one.0, other.0).then(one.1.cmp(&other.1)));
    order.into_iter().map(|(_, place)| place).collect()
}

/// How often the leader stays the best of the points that an affordable number of draws leaves room for; `order` are the
/// places of the rows, the best first.
fn stability_of(
    objective: &Objective,
    rows: &[Vec<Option<f64>>],
    mut order: Vec<usize>,
    leader: usize,
) -> Option<Stability> {
    let n = rows.first()?.len();
    if rows.len() < 2 || n < FEWEST_FOR_STABILITY {
        return None;
    }
    order.truncate((MOST_WORK / (n * draws(n, RESAMPLES))).max(2));
    let chosen: Vec<Vec<f64>> =
        order.iter().filter_map(|row| rows.get(*row)?.iter().copied().collect::<Option<_>>()).collect();
    let place = order.iter().position(|row| *row == leader)?;
    let shares = stability(&chosen, objective.direction(), SEED, RESAMPLES)?;
    Some(Stability { share: *shares.get(place)?, points: chosen.len() })
}

/// The cheapest of points with their means; described are not all of them, but it alone.
fn cheapest(results: &Results<'_>, offers: impl Iterator<Item = (usize, f64)>) -> Option<Candidate> {
    let mut offers: Vec<Offer> = offers.filter_map(|(point, mean)| Offer::new(results, point, mean)).collect();
    offers.sort_by(|one, other| one.cheaper(other, results.objective()));
    offers.into_iter().find_map(|offer| Candidate::new(results, offer.point))
}

/// A point with what makes it cheap.
struct Offer {
    point: usize,
    steps: u64,
    parameters: u64,
    mean: f64,
}

impl Offer {
    fn new(results: &Results<'_>, point: usize, mean: f64) -> Option<Self> {
        let described = results.manifest().points.get(point)?;
        Some(Self { point, steps: steps_of(results, point)?, parameters: described.parameters, mean })
    }

    /// The cheaper one first: fewest steps, then parameters, then the best mean.
    fn cheaper(&self, other: &Self, objective: &Objective) -> std::cmp::Ordering {
        let cost = |offer: &Self| (offer.steps, offer.parameters);
        cost(self).cmp(&cost(other)).then(objective.order(self.mean, other.mean))
    }
}
