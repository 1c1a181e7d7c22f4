//! What a smaller sweep would have found: the expected best of k of its points.

use crate::level_losses::has_one_loss;
use crate::results::Results;
use crate::statistics::{expected_best, expected_best_with_replacement, mean};

/// The most numbers of points that are listed.
pub const MOST_BUDGETS: usize = 200;

/// Losses that may be gone through for all budgets together, and the fewest budgets for which more are.
const MOST_WORK: usize = 20_000_000;
const FEWEST_BUDGETS: usize = 20;

/// The expected best of some of the points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// How many points are tried.
    pub points: usize,
    /// Optimiser steps of one replicate of so many points, on average.
    pub steps: f64,
    /// The expected best mean, of what the best point is chosen by, of so many different points.
    pub expected_best: f64,
    /// The same where a point may be drawn twice, which expects too little.
    pub with_replacement: f64,
}

/// The expected best mean, of what the best point is chosen by on validation rows, of 1, 2, ... of the points whose replicates all finished.
///
/// Of more than [`MOST_BUDGETS`] points, and of so many that the work would be felt, only some numbers in about equal
/// ratios. Empty where the loss decides and an axis changes what it measures, so that points cannot be drawn for each other.
pub fn budgets(results: &Results<'_>) -> Vec<Budget> {
    let manifest = results.manifest();
    let objective = results.objective();
    if objective.is_loss() && !has_one_loss(manifest) {
        return Vec::new();
    }
    let loss_of = |point: usize| -> Option<f64> {
        let values: Option<Vec<f64>> = results.values(point, objective.validation()).into_iter().collect();
        mean(&values?).map(|mean| objective.as_loss(mean))
    };
    let (mut losses, steps): (Vec<f64>, Vec<f64>) = manifest
        .points
        .iter()
        .enumerate()
        .filter_map(|(place, point)| Some((loss_of(place)?, point.steps as f64)))
        .unzip();
    let Some(steps) = mean(&steps) else { return Vec::new() };
    losses.sort_by(f64::total_cmp);
    let budget = |points: usize| {
        Some(Budget {
            points,
            steps: steps * points as f64,
            expected_best: objective.as_loss(expected_best(&losses, points)?),
            with_replacement: objective.as_loss(expected_best_with_replacement(&losses, points)?),
        })
    };
    let most = (MOST_WORK / losses.len().max(1)).clamp(FEWEST_BUDGETS, MOST_BUDGETS);
    numbers(losses.len(), most).into_iter().filter_map(budget).collect()
}

/// All numbers from 1 to `last`, or at most `most` of them in about equal ratios, with both ends.
fn numbers(last: usize, most: usize) -> Vec<usize> {
    if last <= most {
        return (1..=last).collect();
    }
    let exponent = |place: usize| place as f64 / (most - 1) as f64;
    let mut numbers: Vec<usize> =
        (0..most).map(|place| libm::round(libm::pow(last as f64, exponent(place))) as usize).collect();
    numbers.dedup();
    numbers
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::figure::Figure;
    use crate::tests::fixture::Sweep;

    #[test]
    fn few_numbers_are_all_there_and_many_are_spread_with_both_ends() {
        assert_eq!(numbers(3, 200), [1, 2, 3]);
        let spread = numbers(1_000_000, 20);
        assert_eq!((spread.first(), spread.last(), spread.len()), (Some(&1), Some(&1_000_000), 20));
        assert!(spread.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(numbers(1_000, 200).len() < 200);
        assert_eq!(numbers(0, 200), [0; 0]);
    }

    #[test]
    fn the_first_budget_is_the_mean_point_and_the_last_the_best_one() {
        let sweep = Sweep::architectures();
        let found = budgets(&sweep.results());
        let results = sweep.results();
        let means: Vec<f64> = (0..8)
            .map(|point| {
                let values: Vec<f64> = results.values(point, Figure::VALIDATION_LOSS).into_iter().flatten().collect();
                values.iter().sum::<f64>() / 5.0
            })
            .collect();
        assert_eq!(found.iter().map(|budget| budget.points).collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
        assert!((found[0].expected_best - means.iter().sum::<f64>() / 8.0).abs() < 1e-12);
        assert!((found[7].expected_best - means.iter().copied().fold(1.0, f64::min)).abs() < 1e-12);
        // Half of the points take 250 steps, half 750.
        assert!((found[2].steps - 1_500.0).abs() < 1e-9);
        assert!(found.iter().all(|budget| budget.with_replacement >= budget.expected_best));
    }

    #[test]
    fn points_that_lack_a_replicate_are_not_drawn() {
        let mut sweep = Sweep::architectures();
        sweep.set_ending(1, 2, Ending::Diverged { epoch: 2 });
        assert_eq!(budgets(&sweep.results()).len(), 7);
    }

    #[test]
    fn losses_of_other_units_are_not_drawn_for_each_other() {
        let sweep = Sweep::new(Task::Regression, &[("train.loss", &["mse", "mae"])], 3);
        assert_eq!(budgets(&sweep.results()), []);
        assert_eq!(sweep.file("expected_best.csv").lines().count(), 1);
    }
}
