//! How two axes act together: what levels are compared by, at each pair of their levels, averaged over all else.

use super::levels::AxisLevels;
use crate::answer::Answer;
use crate::averaging::{Averages, Rows};
use crate::objective::Objective;
use crate::results::{Counts, Results};
use crate::statistics::{Summary, mean};
use crate::tables::summary::of_values;

/// Levels that an axis of a pair may have; cells of more would not be readable.
pub const MOST_LEVELS: usize = 20;

/// Axes that are paired: of more, those whose levels differ most.
pub const MOST_AXES: usize = 6;

/// Pairs that are shown: those that act together most.
pub const MOST_PAIRS: usize = 10;

/// Two axes.
#[derive(Debug, Clone, PartialEq)]
pub struct PairPlot {
    /// The axis whose levels are rows, which has at least as many as the other.
    pub rows: AxisLevels,
    /// The axis whose levels are columns.
    pub columns: AxisLevels,
    /// What is shown: `test loss`.
    pub figure: String,
    /// What is best.
    pub objective: Objective,
    /// `cells[row][column]`.
    pub cells: Vec<Vec<Cell>>,
    /// The largest interaction contrast: by how much the difference of two rows differs between two columns. `None`
    /// where no two rows have two columns in common.
    pub interaction: Option<Contrast>,
    /// Whether every cell that has points averages over as many of them.
    pub is_even: bool,
}

/// The points at one level of each.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Mean and interval of the averages in each replicate; `None` where no replicate is complete.
    pub summary: Option<Summary>,
    /// Points of the sweep.
    pub points: usize,
    /// How their trials ended.
    pub counts: Counts,
}

/// A difference of differences of cell means: between two rows, at one column against at another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    /// The two rows.
    pub rows: [usize; 2],
    /// The two columns.
    pub columns: [usize; 2],
    /// `(cell[r1][c1] - cell[r0][c1]) - (cell[r1][c0] - cell[r0][c0])`.
    pub value: f64,
}

/// The pairs that are shown.
#[derive(Debug, Clone, PartialEq)]
pub struct PairPlots {
    /// The pair with the largest interaction contrast first.
    pub pairs: Vec<PairPlot>,
    /// How many pairs the axes of more than one level have.
    pub all: usize,
}

impl PairPlots {
    /// The crossed pairs of axes of two to [`MOST_LEVELS`] levels; of more than [`MOST_AXES`] axes those whose level means are
    /// furthest apart.
    pub fn new(results: &Results<'_>, answer: &Answer) -> Self {
        let range = |axis: usize| {
            let levels = answer.axes.get(axis).map(|axis| axis.levels.as_slice()).unwrap_or_default();
            let means =
                levels.iter().filter_map(|level| mean(&level.replicates.iter().copied().flatten().collect::<Vec<_>>()));
            let (low, high) =
                means.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), mean| (mean.min(low), mean.max(high)));
            high - low
        };
        let several = answer.axes.iter().filter(|axis| axis.levels.len() > 1).count();
        let can_pair =
            |axis: &usize| answer.axes.get(*axis).is_some_and(|axis| (2..=MOST_LEVELS).contains(&axis.levels.len()));
        let mut axes: Vec<usize> = (0..answer.axes.len()).filter(can_pair).collect();
        axes.sort_by(|one, other| range(*other).total_cmp(&range(*one)).then(one.cmp(other)));
        axes.truncate(MOST_AXES);
        axes.sort_unstable();
        let mut pairs: Vec<PairPlot> = Vec::new();
        for (place, one) in axes.iter().enumerate() {
            for other in axes.iter().skip(place + 1) {
                pairs.extend(PairPlot::new(results, answer, *one, *other).filter(PairPlot::is_crossed));
            }
        }
        let size = |pair: &PairPlot| pair.interaction.map_or(-1.0, |contrast| contrast.value.abs());
        pairs.sort_by(|one, other| size(other).total_cmp(&size(one)));
        pairs.truncate(MOST_PAIRS);
        Self { pairs, all: several * several.saturating_sub(1) / 2 }
    }
}

impl PairPlot {
    /// The plot of two axes; `None` outside the manifest and where no cell has a mean.
    pub fn new(results: &Results<'_>, answer: &Answer, one: usize, other: usize) -> Option<Self> {
        let manifest = results.manifest();
        let (one, other) = (AxisLevels::new(manifest, one)?, AxisLevels::new(manifest, other)?);
        let (rows, columns) = if one.labels.len() >= other.labels.len() { (one, other) } else { (other, one) };
        let mut found: Vec<(Rows<'_>, Counts)> = vec![Default::default(); rows.labels.len() * columns.labels.len()];
        for (place, point) in manifest.points.iter().enumerate() {
            let at = |axis: &AxisLevels| point.levels.get(axis.axis).map(|level| *level as usize);
            let Some((row, column)) = at(&rows).zip(at(&columns)) else { continue };
            if let Some((values, counts)) = found.get_mut(row * columns.labels.len() + column) {
                values.push(results.row(place, answer.compared_by));
                *counts = counts.and(results.counts_of(place));
            }
        }
        let cells: Vec<Cell> = found.into_iter().map(|(values, counts)| Cell::new(values, counts)).collect();
        if cells.iter().all(|cell| cell.summary.is_none()) {
            return None;
        }
        let sizes: Vec<usize> = cells.iter().map(|cell| cell.points).filter(|points| *points > 0).collect();
        let cells: Vec<Vec<Cell>> = cells.chunks(columns.labels.len().max(1)).map(<[Cell]>::to_vec).collect();
        Some(Self {
            interaction: largest_contrast(&cells),
            is_even: sizes.windows(2).all(|pair| pair.first() == pair.last()),
            rows,
            columns,
            figure: answer.compared_by_name.clone(),
            objective: answer.objective.clone(),
            cells,
        })
    }

    /// Whether two levels of one axis each have points at the same two levels of the other: else nothing tells what the
    /// one does from what the other does.
    pub fn is_crossed(&self) -> bool {
        let has_both = |one: &[Cell], other: &[Cell]| {
            one.iter().zip(other).filter(|(one, other)| one.points > 0 && other.points > 0).count() > 1
        };
        let below = |place: usize| self.cells.iter().skip(place + 1);
        self.cells.iter().enumerate().any(|(place, row)| below(place).any(|other| has_both(row, other)))
    }

    /// All cells with their row and column.
    pub fn cells(&self) -> impl Iterator<Item = (usize, usize, &Cell)> + Clone {
        let in_row = |(row, cells)| -> (usize, &Vec<Cell>) { (row, cells) };
        self.cells
            .iter()
            .enumerate()
            .map(in_row)
            .flat_map(|(row, cells)| cells.iter().enumerate().map(move |(column, cell)| (row, column, cell)))
    }

    /// The cell with the best mean, of those that have all their trials.
    pub fn best(&self) -> Option<(usize, usize, &Cell)> {
        let complete = self.cells().filter(|(_, _, cell)| cell.counts.is_complete() && cell.summary.is_some());
        complete.min_by(|one, other| {
            let mean = |cell: &Cell| cell.mean().map_or(f64::INFINITY, |mean| self.objective.as_loss(mean));
            mean(one.2).total_cmp(&mean(other.2))
        })
    }

    /// What is best in words of labels: `wide_deep, 30`.
    pub fn name(&self, row: usize, column: usize) -> String {
        let (rows, columns) = (&self.rows, &self.columns);
        format!("{} {}, {} {}", rows.name, rows.label(row), columns.name, columns.label(column))
    }
}

impl Cell {
    fn new(mut values: Rows<'_>, counts: Counts) -> Self {
        let kept = values.fullest();
        let averages: Averages = values.averages(&kept);
        Self { summary: of_values(&averages), points: values.len(), counts }
    }

    /// Its mean.
    pub fn mean(&self) -> Option<f64> {
        self.summary.map(|summary| summary.mean)
    }

    /// Why it has no mean, in a word; `None` where it has one.
    pub fn absence(&self) -> Option<&'static str> {
        match (self.summary, self.points, self.counts) {
            (Some(_), ..) => None,
            (None, 0, _) => Some("no point"),
            (None, _, counts) if counts.finished > 0 => Some("incomplete"),
            (None, _, counts) if counts.diverged > 0 => Some("diverged"),
            (None, _, counts) if counts.failed > 0 => Some("failed"),
            _ => Some("missing"),
        }
    }
}

fn largest_contrast(cells: &[Vec<Cell>]) -> Option<Contrast> {
    let means: Vec<Vec<Option<f64>>> = cells.iter().map(|row| row.iter().map(Cell::mean).collect()).collect();
    let mut largest: Option<Contrast> = None;
    for (first, above) in means.iter().enumerate() {
        for (second, below) in means.iter().enumerate().skip(first + 1) {
            // Of the differences of two rows, the largest and the smallest are furthest apart.
            let differences = above.iter().zip(below).enumerate();
            let differences = differences.filter_map(|(column, (above, below))| Some((column, (*below)? - (*above)?)));
            let by_value = |one: &(usize, f64), other: &(usize, f64)| one.1.total_cmp(&other.1);
            let (low, high) = (differences.clone().min_by(by_value), differences.max_by(by_value));
            let Some((low, high)) = low.zip(high).filter(|(low, high)| low.0 != high.0) else { continue };
            let value = high.1 - low.1;
            if largest.is_none_or(|known| value > known.value) {
                largest = Some(Contrast { rows: [first, second], columns: [low.0, high.0], value });
            }
        }
    }
    largest
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;
    use swath_results::row::Ending;

    use super::*;
    use crate::tests::fixture::Sweep;

    /// Two axes of two levels with the test losses 1, 2, 3, 7 (and one replicate more by 1).
    fn sweep() -> Sweep {
        let mut sweep = Sweep::new(Task::Regression, &[("x", &["1", "2"]), ("y", &["1", "2"])], 2);
        for (point, loss) in [1.0, 2.0, 3.0, 7.0].into_iter().enumerate() {
            for replicate in 0..2 {
                let key = sweep.manifest.key(point, replicate).unwrap();
                let Ending::Finished(scores) = &mut sweep.outcomes.get_mut(&key).unwrap().ending else { panic!() };
                scores.last.test_loss = Some(loss + replicate as f32);
            }
        }
        sweep
    }

    fn plots(sweep: &Sweep) -> PairPlots {
        let results = sweep.results();
        PairPlots::new(&results, &Answer::new(&results))
    }

    #[test]
    fn a_cell_is_the_mean_over_replicates_and_the_contrast_a_difference_of_differences() {
        let plots = plots(&sweep());
        assert_eq!((plots.pairs.len(), plots.all), (1, 1));
        let pair = &plots.pairs[0];
        let means: Vec<f64> = pair.cells().map(|(_, _, cell)| cell.mean().unwrap()).collect();
        assert_eq!(means, [1.5, 2.5, 3.5, 7.5]);
        // (7.5 - 2.5) - (3.5 - 1.5) = 3.
        assert_eq!(pair.interaction, Some(Contrast { rows: [0, 1], columns: [0, 1], value: 3.0 }));
        assert_eq!(pair.best().map(|(row, column, _)| (row, column)), Some((0, 0)));
        assert_eq!(pair.name(0, 1), "x 1, y 2");
        assert!(pair.is_even);
    }

    #[test]
    fn a_cell_averages_within_each_replicate_over_all_else() {
        let axes: &[(&str, &[&str])] =
            &[("architecture", &["a", "b"]), ("epochs", &["10", "30"]), ("batch_size", &["16", "32"])];
        let sweep = Sweep::new(Task::Regression, axes, 3);
        let results = sweep.results();
        let answer = Answer::new(&results);
        let pair = PairPlot::new(&results, &answer, 0, 1).unwrap();
        let by_hand = |replicate: usize| {
            let loss = |point: usize| results.values(point, answer.compared_by)[replicate].unwrap();
            f64::midpoint(loss(0), loss(1))
        };
        let cell = pair.cells[0][0].summary.unwrap();
        assert_eq!((cell.n, pair.cells[0][0].points), (3, 2));
        assert!((cell.mean - (by_hand(0) + by_hand(1) + by_hand(2)) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_cell_without_a_loss_says_why_and_an_incomplete_one_is_never_best() {
        let mut sweep = sweep();
        sweep.set_ending(0, 0, Ending::Diverged { epoch: 1 });
        for replicate in 0..2 {
            sweep.set_ending(3, replicate, Ending::Diverged { epoch: 1 });
        }
        let plots = plots(&sweep);
        let pair = &plots.pairs[0];
        assert_eq!(pair.cells[1][1].absence(), Some("diverged"));
        assert_eq!(pair.cells[0][0].mean(), Some(2.0));
        assert_eq!(pair.best().map(|(row, column, _)| (row, column)), Some((0, 1)));
        assert_eq!(pair.interaction, None);
    }

    #[test]
    fn two_axes_that_change_together_are_no_pair() {
        let mut sweep = sweep();
        sweep.manifest.points = [0, 3].map(|point: usize| sweep.manifest.points[point].clone()).to_vec();
        sweep.manifest.keys.truncate(4);
        let plots = plots(&sweep);
        assert_eq!((plots.pairs.len(), plots.all), (0, 1));
    }

    #[test]
    fn pairs_come_by_their_interaction_and_are_bounded() {
        let levels: &[&str] = &["1", "2"];
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        let axes: Vec<(&str, &[&str])> = names.iter().map(|name| (*name, levels)).collect();
        let plots = plots(&Sweep::new(Task::Regression, &axes, 2));
        assert_eq!((plots.pairs.len(), plots.all), (MOST_PAIRS, 21));
        let sizes: Vec<f64> = plots.pairs.iter().map(|pair| pair.interaction.unwrap().value).collect();
        assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]), "{sizes:?}");
    }

    #[test]
    fn an_axis_of_too_many_levels_one_axis_and_none_have_no_pair() {
        let labels: Vec<String> = (0..=MOST_LEVELS).map(|level| level.to_string()).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let none = |axes: &[(&str, &[&str])]| plots(&Sweep::new(Task::Regression, axes, 2)).pairs.is_empty();
        assert!(none(&[("x", &labels), ("y", &["1", "2"])]) && none(&[("x", &["1", "2"])]) && none(&[]));
    }
}
