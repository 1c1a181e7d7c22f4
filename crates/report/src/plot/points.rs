//! All points under each other, the best first: means with their intervals.

use super::levels::AxisLevels;
use super::point::{PointFigures, Standing, ranked};
use super::shown::Shown;
use crate::answer::Answer;
use crate::contrast::FEWEST_REPLICATES;
use crate::objective::Objective;
use crate::results::Results;

/// Points that the picture has a row for.
pub const MOST_ROWS: usize = 100;

/// A row a point, the best mean first.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsPlot {
    /// The axes of more than one level.
    pub axes: Vec<AxisLevels>,
    /// The points.
    pub rows: Vec<PointFigures>,
    /// Points of which no trial finished: they have no mean and no row.
    pub without_mean: usize,
    /// Points of the sweep.
    pub all: usize,
    /// What the points are ranked by.
    pub objective: Objective,
    /// Whether the figure on test rows is shown beside that on validation rows.
    pub is_tested: bool,
    /// Whether there are replicates enough to tell a point from the best.
    pub can_tell: bool,
}

impl PointsPlot {
    /// The plot of the points that pictures show, at most [`MOST_ROWS`]; `None` for fewer than two points with a mean.
    pub fn new(results: &Results<'_>, answer: &Answer, shown: &Shown) -> Option<Self> {
        let manifest = results.manifest();
        let mut rows = ranked(results, answer, &shown.points);
        rows.retain(|row| row.mean().is_some());
        if rows.len() < 2 {
            return None;
        }
        rows.truncate(MOST_ROWS);
        Some(Self {
            axes: AxisLevels::several(manifest),
            rows,
            without_mean: (0..manifest.points.len()).filter(|point| results.counts_of(*point).finished == 0).count(),
            all: manifest.points.len(),
            objective: answer.objective.clone(),
            is_tested: results.is_tested(),
            can_tell: answer.replicates as usize >= FEWEST_REPLICATES,
        })
    }

    /// The best of the rows, where one may be called so.
    pub fn best(&self) -> Option<&PointFigures> {
        self.rows.iter().find(|row| row.standing == Standing::Best)
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    fn plot(sweep: &Sweep) -> Option<PointsPlot> {
        let results = sweep.results();
        let answer = Answer::new(&results);
        PointsPlot::new(&results, &answer, &Shown::new(&results, &answer))
    }

    #[test]
    fn rows_stand_by_their_validation_loss_and_the_best_set_is_marked() {
        let plot = plot(&Sweep::architectures()).unwrap();
        assert!(plot.rows.windows(2).all(|pair| pair[0].mean() <= pair[1].mean()));
        // Wide and wide_deep lower the loss by about as much, and 30 epochs by 0.01 more: points 3 and 7.
        let standing = |point: usize| plot.rows.iter().find(|row| row.point == point).unwrap().standing;
        let best = plot.rows[0].point;
        assert!([3, 7].contains(&best));
        assert_eq!((standing(best), standing(10 - best)), (Standing::Best, Standing::NotToldApart));
        assert_eq!(standing(0), Standing::Worse);
        // Wide has 225 parameters, wide_deep 697.
        assert_eq!(plot.rows.iter().filter(|row| row.is_cheapest).map(|row| row.point).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_point_that_lacks_replicates_keeps_its_row_and_one_without_any_is_counted() {
        let mut sweep = Sweep::architectures();
        let before = plot(&sweep).unwrap().rows[0].point;
        sweep.set_ending(before, 4, Ending::Diverged { epoch: 2 });
        for replicate in 0..5 {
            sweep.set_ending(0, replicate, Ending::Diverged { epoch: 1 });
        }
        let plot = plot(&sweep).unwrap();
        let row = plot.rows.iter().find(|row| row.point == before).unwrap();
        assert_eq!((row.standing, row.counts.diverged), (Standing::Incomplete, 1));
        assert_eq!((plot.rows.len(), plot.without_mean, plot.all), (7, 1, 8));
    }

    #[test]
    fn of_very_many_points_the_best_hundred_have_rows() {
        let labels: Vec<String> = (1..=60).map(|level| level.to_string()).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let plot = plot(&Sweep::new(Task::Regression, &[("x", &labels), ("y", &labels[..50])], 2)).unwrap();
        assert_eq!((plot.rows.len(), plot.all), (MOST_ROWS, 3_000));
    }

    #[test]
    fn one_point_and_none_that_finished_are_no_picture() {
        assert_eq!(plot(&Sweep::new(Task::Regression, &[], 3)), None);
        let mut sweep = Sweep::architectures();
        sweep.outcomes.clear();
        assert_eq!(plot(&sweep), None);
    }
}
