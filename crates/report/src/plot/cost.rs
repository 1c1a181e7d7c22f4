//! Cost against quality: every point's mean over what it costs, and which points nothing is both cheaper and better than.

use super::levels::AxisLevels;
use super::point::{PointFigures, ranked};
use super::shown::Shown;
use crate::answer::{ARCHITECTURE, Answer};
use crate::objective::Objective;
use crate::results::Results;
use crate::statistics::mean;

/// Architectures beyond which colours and symbols would begin again.
const MOST_SERIES: usize = 8;

/// What a point costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Trainable parameters.
    Parameters,
    /// Optimiser steps of one trial.
    Steps,
    /// Mean seconds of one worker for a trial; these differ between two runs.
    Seconds,
}

/// What the best is chosen by, over cost.
#[derive(Debug, Clone, PartialEq)]
pub struct CostPlot {
    /// What the cost is.
    pub measure: Measure,
    /// What the points are ranked by.
    pub objective: Objective,
    /// The points that have a mean and a cost, the best mean first.
    pub dots: Vec<CostDot>,
    /// The places in `dots` of those that none is both cheaper and better than, the cheapest first. Only points whose
    /// trials all finished are among them.
    pub frontier: Vec<usize>,
    /// The axis that dots differ by in colour and symbol.
    pub series: Option<AxisLevels>,
    /// The costs of points of which no trial finished, and how many of their trials diverged.
    pub diverged: Vec<(f64, u64)>,
    /// What is said of points that are not shown.
    pub remark: Option<String>,
}

/// A point.
#[derive(Debug, Clone, PartialEq)]
pub struct CostDot {
    /// The point.
    pub point: PointFigures,
    /// Its cost.
    pub cost: f64,
    /// The mean that it is ranked by.
    pub mean: f64,
}

impl Measure {
    /// As titles name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Steps => "steps",
            Self::Seconds => "seconds",
        }
    }

    fn of(self, results: &Results<'_>, point: &PointFigures) -> Option<f64> {
        let cost = match self {
            Self::Parameters => Some(point.parameters as f64),
            Self::Steps => Some(point.steps as f64),
            Self::Seconds => {
                let seconds = results.point(point.point).filter_map(|trial| Some(trial.outcome?.effort.seconds));
                mean(&seconds.map(f64::from).filter(|seconds| seconds.is_finite()).collect::<Vec<_>>())
            }
        };
        cost.filter(|cost| *cost > 0.0)
    }
}

impl CostPlot {
    /// The plot of the points that pictures show; `None` where all cost the same, or fewer than two have a mean.
    pub fn new(results: &Results<'_>, answer: &Answer, shown: &Shown, measure: Measure) -> Option<Self> {
        let mut dots = Vec::new();
        let mut diverged = Vec::new();
        for point in ranked(results, answer, &shown.points) {
            let Some(cost) = measure.of(results, &point) else { continue };
            match point.mean() {
                Some(mean) => dots.push(CostDot { point, cost, mean }),
                None if point.counts.diverged > 0 => diverged.push((cost, point.counts.diverged)),
                None => {}
            }
        }
        let first = dots.first()?.cost;
        if dots.iter().all(|dot| dot.cost.total_cmp(&first).is_eq()) {
            return None;
        }
        let manifest = results.manifest();
        let is_colour = |axis: &AxisLevels| (2..=MOST_SERIES).contains(&axis.labels.len());
        let series = manifest.axis(ARCHITECTURE).and_then(|place| AxisLevels::new(manifest, place)).filter(is_colour);
        Some(Self {
            measure,
            objective: answer.objective.clone(),
            frontier: frontier(&answer.objective, &dots),
            dots,
            series,
            diverged,
            remark: shown.remark(),
        })
    }

    /// The dots of the frontier, the cheapest first.
    pub fn best(&self) -> impl Iterator<Item = &CostDot> {
        self.frontier.iter().filter_map(|place| self.dots.get(*place))
    }

    /// The series of a dot.
    pub fn series_of(&self, dot: &CostDot) -> usize {
        self.series.as_ref().map_or(0, |axis| dot.point.level(axis.axis))
    }
}

/// The dots that no other one is at most as costly and at most as bad as, and better in one of the two.
fn frontier(objective: &Objective, dots: &[CostDot]) -> Vec<usize> {
    let mut order: Vec<usize> =
        (0..dots.len()).filter(|place| dots.get(*place).is_some_and(|dot| dot.point.counts.is_complete())).collect();
    let key = |place: usize| {
        dots.get(place).map_or((f64::INFINITY, f64::INFINITY), |dot| (dot.cost, objective.as_loss(dot.mean)))
    };
    order.sort_by(|one, other| {
        let (one, other) = (key(*one), key(*other));
        one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1))
    });
    let mut least = f64::INFINITY;
    order.retain(|place| {
        let (_, loss) = key(*place);
        let is_better = loss < least;
        least = least.min(loss);
        is_better
    });
    order
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    fn plot(sweep: &Sweep, measure: Measure) -> Option<CostPlot> {
        let results = sweep.results();
        let answer = Answer::new(&results);
        CostPlot::new(&results, &answer, &Shown::new(&results, &answer), measure)
    }

    /// Three points of one replicate with these steps and validation losses.
    fn three(points: [(u64, f32); 3]) -> Sweep {
        let mut sweep = Sweep::new(Task::Regression, &[("x", &["1", "2", "3"])], 1);
        for (point, (steps, loss)) in points.into_iter().enumerate() {
            sweep.manifest.points[point].steps = steps;
            let key = sweep.manifest.key(point, 0).unwrap();
            let outcome = sweep.outcomes.get_mut(&key).unwrap();
            outcome.effort.seconds = steps as f32 / 100.0;
            let Ending::Finished(scores) = &mut outcome.ending else { panic!() };
            scores.last.validation_loss = loss;
        }
        sweep
    }

    fn frontier_of(sweep: &Sweep, measure: Measure) -> Vec<usize> {
        plot(sweep, measure).unwrap().best().map(|dot| dot.point.point).collect()
    }

    #[test]
    fn the_frontier_holds_what_nothing_is_both_cheaper_and_better_than() {
        assert_eq!(frontier_of(&three([(10, 0.5), (20, 0.25), (30, 0.375)]), Measure::Steps), [0, 1]);
        assert_eq!(frontier_of(&three([(10, 0.25), (20, 0.5), (30, 0.375)]), Measure::Seconds), [0]);
        // Of two that cost the same the better one; of two that are as good the cheaper one.
        assert_eq!(frontier_of(&three([(10, 0.5), (10, 0.25), (30, 0.25)]), Measure::Steps), [1]);
    }

    #[test]
    fn a_point_that_lacks_a_replicate_is_drawn_and_never_on_the_frontier() {
        let mut sweep = Sweep::architectures();
        let best = plot(&sweep, Measure::Steps).unwrap().dots[0].point.point;
        sweep.set_ending(best, 0, Ending::Diverged { epoch: 1 });
        for replicate in 0..5 {
            sweep.set_ending(0, replicate, Ending::Diverged { epoch: 1 });
        }
        let plot = plot(&sweep, Measure::Steps).unwrap();
        assert!(plot.dots.iter().any(|dot| dot.point.point == best));
        assert!(plot.best().all(|dot| dot.point.point != best));
        assert_eq!(plot.diverged, [(250.0, 5)]);
    }

    #[test]
    fn points_that_all_cost_the_same_are_no_picture() {
        assert_eq!(plot(&three([(10, 0.5), (10, 0.25), (10, 0.375)]), Measure::Steps), None);
        assert_eq!(plot(&three([(10, 0.5), (20, 0.25), (30, 0.375)]), Measure::Parameters), None);
        assert!(plot(&Sweep::architectures(), Measure::Parameters).unwrap().series.is_some());
        assert_eq!(plot(&Sweep::new(Task::Regression, &[], 3), Measure::Steps), None);
    }
}
