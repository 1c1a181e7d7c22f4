//! The expected best of a number of points: what a search of that size would have found.

use crate::answer::Answer;
use crate::objective::Objective;
use crate::results::Results;
use crate::statistics::expected_best;
use crate::tables::summary::of_point;

/// Numbers of points at which the expectation is computed at most.
const MOST_PLACES: usize = 64;

/// The expected best mean over the number of points drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetPlot {
    /// Numbers of points drawn without replacement, from 1 to all, and the expected mean of the best of them.
    pub expected: Vec<(usize, f64)>,
    /// What is best.
    pub objective: Objective,
    /// Points drawn from: those whose trials all finished.
    pub points: usize,
    /// Points that lack a replicate, and so are not drawn from.
    pub incomplete: usize,
}

impl BudgetPlot {
    /// The plot over the points whose trials all finished; `None` for fewer than three of them.
    pub fn new(results: &Results<'_>, answer: &Answer) -> Option<Self> {
        let all = 0..results.manifest().points.len();
        let complete = all.filter(|point| results.counts_of(*point).is_complete());
        let objective = &answer.objective;
        let as_loss = |point| Some(objective.as_loss(of_point(results, point, objective.validation())?.mean));
        let means: Vec<f64> = complete.filter_map(as_loss).collect();
        if means.len() < 3 {
            return None;
        }
        let expected = |k| Some((k, objective.as_loss(expected_best(&means, k)?)));
        let expected = places(means.len()).into_iter().filter_map(expected).collect();
        Some(Self {
            expected,
            objective: objective.clone(),
            points: means.len(),
            incomplete: answer.points - means.len(),
        })
    }

    /// The fewest points of those computed whose expected best is within `share` of the best of all.
    pub fn enough(&self, share: f64) -> Option<usize> {
        let (_, best) = self.expected.last()?;
        let found = self.expected.iter().find(|(_, expected)| (expected - best).abs() <= best.abs() * share);
        found.map(|(drawn, _)| *drawn)
    }
}

/// From 1 to `all`: every number while they are few, then about equal ratios.
fn places(all: usize) -> Vec<usize> {
    if all <= MOST_PLACES {
        return (1..=all).collect();
    }
    let ratio = libm::log(all as f64) / (MOST_PLACES - 1) as f64;
    let mut places: Vec<usize> =
        (0..MOST_PLACES).map(|place| libm::round(libm::exp(ratio * place as f64)) as usize).collect();
    places.push(all);
    places.retain(|place| (1..=all).contains(place));
    places.sort_unstable();
    places.dedup();
    places
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    fn plot(sweep: &Sweep) -> Option<BudgetPlot> {
        let results = sweep.results();
        BudgetPlot::new(&results, &Answer::new(&results))
    }

    fn of_losses(losses: [f32; 4]) -> Sweep {
        let mut sweep = Sweep::new(Task::Regression, &[("x", &["1", "2", "3", "4"])], 1);
        for (point, loss) in losses.into_iter().enumerate() {
            let key = sweep.manifest.key(point, 0).unwrap();
            let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
            scores.last.validation_loss = loss;
        }
        sweep
    }

    #[test]
    fn the_expected_best_goes_from_the_mean_of_all_to_the_smallest() {
        // By hand: of 4, 1, 3, 2 the best of two is 1 in 3 of 6 draws, 2 in 2 and 3 in 1; of three 1 in 3 of 4, else 2.
        let plot = plot(&of_losses([4.0, 1.0, 3.0, 2.0])).unwrap();
        let by_hand = [(1, 2.5), (2, 10.0 / 6.0), (3, 1.25), (4, 1.0)];
        for ((drawn, loss), (k, expected)) in plot.expected.iter().zip(by_hand) {
            assert!(*drawn == k && (loss - expected).abs() < 1e-12, "{drawn} {loss}");
        }
        assert_eq!((plot.points, plot.incomplete), (4, 0));
        assert_eq!((plot.enough(0.3), plot.enough(0.01)), (Some(3), Some(4)));
    }

    #[test]
    fn points_that_lack_a_replicate_are_left_out_and_counted() {
        let mut sweep = of_losses([4.0, 1.0, 3.0, 2.0]);
        sweep.set_ending(1, 0, Ending::Diverged { epoch: 1 });
        let found = plot(&sweep).unwrap();
        assert_eq!((found.points, found.incomplete, found.expected.last().copied()), (3, 1, Some((3, 2.0))));
        sweep.set_ending(0, 0, Ending::Diverged { epoch: 1 });
        assert_eq!(plot(&sweep), None);
    }

    #[test]
    fn many_numbers_of_points_are_thinned_and_keep_both_ends() {
        let places = places(3_000);
        assert!(places.len() <= MOST_PLACES + 1);
        assert_eq!((places.first(), places.get(1), places.last()), (Some(&1), Some(&2), Some(&3_000)));
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(super::places(3), [1, 2, 3]);
    }
}
