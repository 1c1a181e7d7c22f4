//! Parallel coordinates: every shown point a line over its levels, its size and cost, and its mean.

use super::levels::AxisLevels;
use super::point::{PointFigures, ranked};
use super::shown::Shown;
use crate::answer::Answer;
use crate::objective::Objective;
use crate::results::Results;

/// Axes of the sweep that are drawn; more would leave no room between them.
pub const MOST_AXES: usize = 12;

/// The points as lines.
#[derive(Debug, Clone, PartialEq)]
pub struct ParallelPlot {
    /// The axes of the sweep that have more than one level, at most [`MOST_AXES`].
    pub axes: Vec<AxisLevels>,
    /// Axes that are left out.
    pub axes_left_out: usize,
    /// Whether points differ in their number of parameters.
    pub has_parameters: bool,
    /// Whether points differ in their number of steps.
    pub has_steps: bool,
    /// What the points are ranked by.
    pub objective: Objective,
    /// The points, the best mean first; those without one last.
    pub lines: Vec<PointFigures>,
    /// What is said of points that are not shown.
    pub remark: Option<String>,
}

impl ParallelPlot {
    /// The plot of the points that pictures show; `None` for fewer than two with a mean.
    pub fn new(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Option<Self> {
        let lines = ranked(results, answer, &shown.points);
        if lines.iter().filter(|line| line.mean().is_some()).count() < 2 {
            return None;
        }
        let mut axes = AxisLevels::several(results.manifest());
        let axes_left_out = axes.len().saturating_sub(MOST_AXES);
        axes.truncate(MOST_AXES);
        let differ = |cost: fn(&PointFigures) -> u64| {
            lines.windows(2).any(|pair| matches!(pair, [one, other] if cost(one) != cost(other)))
        };
        Some(Self {
            axes,
            axes_left_out,
            has_parameters: differ(|line| line.parameters),
            has_steps: differ(|line| line.steps),
            objective: answer.objective.clone(),
            lines,
            remark: shown.remark(),
        })
    }

    /// For every line its place among those at the same level of an axis, from 0 for the smallest mean to 1.
    pub fn fan(&self, axis: usize) -> Vec<f64> {
        let level = |line: &PointFigures| line.level(axis);
        let mut at_level = vec![0_usize; self.lines.iter().map(level).max().map_or(0, |most| most + 1)];
        let places: Vec<(usize, usize)> = self
            .lines
            .iter()
            .map(|line| {
                let count = at_level.get_mut(level(line));
                let place = count.map_or(0, |count| {
                    *count += 1;
                    *count - 1
                });
                (level(line), place)
            })
            .collect();
        let share = |(level, place): (usize, usize)| match at_level.get(level).copied().unwrap_or(1) {
            0 | 1 => 0.5,
            many => {
                let from_best = place as f64 / (many - 1) as f64;
                self.objective.either(from_best, 1.0 - from_best)
            }
        };
        places.into_iter().map(share).collect()
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    fn plot(sweep: &Sweep) -> Option<ParallelPlot> {
        let results = sweep.results();
        let answer = Answer::new(&results);
        ParallelPlot::new(&results, &answer, &Shown::new(&results, &answer))
    }

    #[test]
    fn every_point_is_a_line_and_those_without_a_loss_come_last() {
        let mut sweep = Sweep::architectures();
        for replicate in 0..5 {
            sweep.set_ending(3, replicate, Ending::Diverged { epoch: 1 });
        }
        let plot = plot(&sweep).unwrap();
        assert_eq!((plot.lines.len(), plot.lines[7].point), (8, 3));
        assert_eq!((plot.has_parameters, plot.has_steps, plot.axes.len()), (true, true, 2));
    }

    #[test]
    fn lines_of_one_level_are_fanned_out_by_their_loss() {
        let plot = plot(&Sweep::architectures()).unwrap();
        // Two levels of epochs with four points each.
        let fan = plot.fan(1);
        for level in 0..2 {
            let of_level: Vec<f64> = plot
                .lines
                .iter()
                .zip(&fan)
                .filter(|(line, _)| line.level(1) == level)
                .map(|(_, share)| *share)
                .collect();
            assert_eq!(of_level, [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]);
        }
        let single = self::plot(&Sweep::new(Task::Regression, &[("x", &["1", "2"])], 2)).unwrap();
        assert_eq!(single.fan(0), [0.5, 0.5]);
        assert_eq!((single.has_parameters, single.has_steps), (false, false));
    }

    #[test]
    fn one_point_is_no_picture_and_very_many_axes_are_cut() {
        assert_eq!(plot(&Sweep::new(Task::Regression, &[], 3)), None);
        let names: Vec<String> = (0..MOST_AXES + 2).map(|place| format!("axis{place}")).collect();
        let mut axes: Vec<(&str, &[&str])> = names.iter().map(|name| (name.as_str(), ["1"].as_slice())).collect();
        axes[13].1 = &["1", "2"];
        let mut sweep = Sweep::new(Task::Regression, &axes, 1);
        assert_eq!(plot(&sweep).unwrap().axes.len(), 1);
        for axis in &mut sweep.manifest.axes {
            let level = axis.levels[0].clone();
            axis.levels.resize(2, level);
        }
        let plot = plot(&sweep).unwrap();
        assert_eq!((plot.axes.len(), plot.axes_left_out), (MOST_AXES, 2));
    }
}
