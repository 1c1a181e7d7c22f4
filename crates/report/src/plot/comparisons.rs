//! Every comparison of two levels, axis by axis: the difference as a share of the reference, with its interval.

use super::levels::AxisLevels;
use crate::answer::{Answer, AxisAnswer};
use crate::contrast::Comparison;
use crate::objective::Objective;
use crate::results::Results;
use crate::statistics::{Interval, Verdict};

/// An axis of more pairs shows each level against the first alone.
pub const MOST_PAIRS: usize = 15;

/// Levels of an axis that are shown against the first.
pub const MOST_LEVELS: usize = 30;

/// Rows of all axes together.
pub const MOST_ROWS: usize = 150;

/// The comparisons of every axis.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonsPlot {
    /// What is compared: `test loss`.
    pub figure: String,
    /// What levels are compared by, and which way it improves.
    pub objective: Objective,
    /// The axes that have something to compare.
    pub axes: Vec<ComparedAxis>,
}

/// The comparisons of one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedAxis {
    /// The axis, by its place in the manifest.
    pub axis: usize,
    /// Its name.
    pub name: String,
    /// The comparisons that are shown.
    pub rows: Vec<ComparisonRow>,
    /// How many comparisons it has.
    pub all: usize,
    /// Whether only those with the first level are shown.
    pub is_against_first: bool,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonRow {
    /// The labels of the level that the verdict is about, and of the one it is held against.
    pub labels: [String; 2],
    /// The same as they are drawn.
    pub short_labels: [String; 2],
    /// The comparison.
    pub comparison: Comparison,
    /// Its interval as a share of the reference.
    pub interval: Option<Interval>,
}

impl ComparisonsPlot {
    /// The plot of all axes; `None` where no pair of levels has a difference.
    pub fn new(results: &Results<'_>, answer: &Answer) -> Option<Self> {
        let mut room = MOST_ROWS;
        let mut axes = Vec::new();
        for (place, axis) in answer.axes.iter().enumerate().filter(|(_, axis)| !axis.comparisons.is_empty()) {
            let Some(levels) = AxisLevels::new(results.manifest(), place) else { continue };
            let compared = ComparedAxis::new(axis, &levels, room);
            room = room.saturating_sub(compared.rows.len());
            axes.push(compared);
        }
        let is_empty = axes.iter().flat_map(|axis| &axis.rows).all(|row| row.share().is_none());
        (!is_empty).then(|| Self { figure: answer.compared_by_name.clone(), objective: answer.objective.clone(), axes })
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &ComparisonRow> {
        self.axes.iter().flat_map(|axis| &axis.rows)
    }
}

impl ComparedAxis {
    fn new(axis: &AxisAnswer, levels: &AxisLevels, room: usize) -> Self {
        let is_against_first = axis.comparisons.len() > MOST_PAIRS;
        let most = if is_against_first { MOST_LEVELS.min(room) } else { room };
        let shown = axis.comparisons.iter().filter(|comparison| !is_against_first || comparison.b == 0).take(most);
        let rows = shown.map(|comparison| ComparisonRow {
            labels: [comparison.a, comparison.b].map(|level| levels.label(level).to_owned()),
            short_labels: [comparison.a, comparison.b].map(|level| levels.short_label(level).to_owned()),
            interval: comparison.interval.zip(comparison.reference).and_then(|(interval, reference)| {
                let [low, high] = [interval.low, interval.high].map(|end| end / reference.abs());
                (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
            }),
            comparison: comparison.clone(),
        });
        Self {
            axis: levels.axis,
            name: levels.name.clone(),
            rows: rows.collect(),
            all: axis.comparisons.len(),
            is_against_first,
        }
    }
}

impl ComparisonRow {
    /// The difference as a share of the reference.
    pub fn share(&self) -> Option<f64> {
        self.comparison.relative()
    }

    /// Whether the verdict is better or worse.
    pub fn is_told_apart(&self) -> bool {
        matches!(self.comparison.verdict, Verdict::Better | Verdict::Worse)
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;

    use super::*;
    use crate::tests::fixture::Sweep;

    fn plot(sweep: &Sweep) -> Option<ComparisonsPlot> {
        let results = sweep.results();
        ComparisonsPlot::new(&results, &Answer::new(&results))
    }

    #[test]
    fn a_difference_stands_as_a_share_of_the_level_it_is_held_against() {
        let plot = plot(&Sweep::architectures()).unwrap();
        let counts: Vec<(&str, usize)> = plot.axes.iter().map(|axis| (axis.name.as_str(), axis.rows.len())).collect();
        assert_eq!(counts, [("architecture", 6), ("epochs", 1)]);
        // 30 epochs lower the loss by 0.01, of a mean of about 0.247.
        let row = &plot.axes[1].rows[0];
        assert_eq!(row.labels, ["30", "10"]);
        assert!((row.share().unwrap() + 0.01 / 0.247).abs() < 0.005, "{row:?}");
        let interval = row.interval.unwrap();
        assert!(interval.contains(row.share().unwrap()) && interval.high < 0.0, "{interval:?}");
        assert!(row.is_told_apart());
    }

    #[test]
    fn a_large_axis_is_held_against_its_first_level_and_cut() {
        let labels: Vec<String> = (1..=40).map(|level| level.to_string()).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let plot = plot(&Sweep::new(Task::Regression, &[("x", &labels), ("y", &["1", "2"])], 3)).unwrap();
        let [x, y] = plot.axes.as_slice() else { panic!("{:?}", plot.axes) };
        assert_eq!((x.rows.len(), x.all, x.is_against_first), (MOST_LEVELS, 780, true));
        assert!(x.rows.iter().all(|row| row.labels[1] == "1"));
        assert_eq!((y.rows.len(), y.all, y.is_against_first), (1, 1, false));
    }

    #[test]
    fn one_replicate_has_differences_without_intervals_and_no_axis_has_none() {
        let plot_of_one = plot(&Sweep::new(Task::Regression, &[("epochs", &["10", "30"])], 1)).unwrap();
        assert!(plot_of_one.rows().all(|row| row.share().is_some() && row.interval.is_none()));
        assert_eq!(plot(&Sweep::new(Task::Regression, &[], 5)), None);
    }

    #[test]
    fn levels_that_never_change_alone_are_no_picture() {
        let mut sweep = Sweep::new(Task::Regression, &[("epochs", &["10", "30"]), ("batch_size", &["16", "32"])], 3);
        sweep.manifest.points = [0, 3].map(|point: usize| sweep.manifest.points[point].clone()).to_vec();
        sweep.manifest.keys.truncate(6);
        assert_eq!(plot(&sweep), None);
    }
}
