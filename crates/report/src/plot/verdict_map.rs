//! The verdicts on the points, by parameters and by how long or on how much they were trained.

use super::spread;
use crate::answer::{Answer, name_of};
use crate::fit::{Fit, FitVerdict};
use crate::results::Results;

/// Verdicts that a mark shows, the one that weighs most first: a point that overfits and still improves is marked as one
/// that overfits.
pub const KINDS: [Kind; 5] = [Kind::Overfits, Kind::Underfits, Kind::StillImproving, Kind::Fits, Kind::NoVerdict];

/// Columns and rows that are drawn; of more, those that are evenly spread.
pub const MOST: usize = 12;

/// Points that a cell shows one by one; of more, it shows how many there are.
pub const MOST_IN_CELL: usize = 24;

/// What is said of a point, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Overfits, whether its best weights were restored or not.
    Overfits,
    /// Underfits.
    Underfits,
    /// Still improving.
    StillImproving,
    /// None of these.
    Fits,
    /// Too few replicates.
    NoVerdict,
}

/// The verdicts in a grid of cells.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictMap {
    /// Numbers of parameters, ascending.
    pub parameters: Vec<u64>,
    /// Epochs or training rows, descending, so that the most stand at the top.
    pub rows: Vec<u64>,
    /// What the rows count.
    pub rows_are: Rows,
    /// The cells, row by row; [`VerdictMap::cell`].
    cells: Vec<Cell>,
    /// Columns and rows that are not drawn.
    pub left_out: usize,
}

/// What the vertical axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Epochs asked for.
    Epochs,
    /// Training rows.
    TrainingRows,
    /// One row alone.
    Nothing,
}

/// The points of one number of parameters in one row; those of one verdict together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// The first [`MOST_IN_CELL`] of them.
    pub shown: Vec<Marked>,
    /// The verdict of each.
    kinds: Vec<Kind>,
}

/// A point on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// Its place in the manifest.
    pub point: usize,
    /// Its levels in words.
    pub name: String,
    /// The verdict that weighs most.
    pub kind: Kind,
    /// The whole verdict.
    pub words: String,
}

impl Kind {
    fn of(fit: &Fit) -> Self {
        if fit.is(FitVerdict::Overfits) || fit.is(FitVerdict::OverfitsRestored) {
            Self::Overfits
        } else if fit.is(FitVerdict::Underfits) {
            Self::Underfits
        } else if fit.is(FitVerdict::StillImproving) {
            Self::StillImproving
        } else if fit.is(FitVerdict::NoVerdict) {
            Self::NoVerdict
        } else {
            Self::Fits
        }
    }

    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Overfits => "overfits",
            Self::Underfits => "underfits",
            Self::StillImproving => "still improving",
            Self::Fits => "fits",
            Self::NoVerdict => "no verdict",
        }
    }

    /// The letter that says the same as its colour.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Overfits => "O",
            Self::Underfits => "U",
            Self::StillImproving => "S",
            Self::Fits => "F",
            Self::NoVerdict => "-",
        }
    }
}

impl VerdictMap {
    /// The map; `None` where all points have the same number of parameters, or none has a verdict.
    pub fn new(results: &Results<'_>, answer: &Answer) -> Option<Self> {
        let points = &results.manifest().points;
        if answer.fits.iter().all(|fit| fit.is(FitVerdict::NoVerdict)) {
            return None;
        }
        let distinct = |read: &dyn Fn(&swath_results::manifest::Point) -> u64| {
            let mut values: Vec<u64> = points.iter().map(read).collect();
            values.sort_unstable();
            values.dedup();
            values
        };
        let parameters = distinct(&|point| point.parameters);
        if parameters.len() < 2 {
            return None;
        }
        let epochs = distinct(&|point| u64::from(point.epochs));
        let training_rows = distinct(&|point| point.settings.training_rows);
        let (rows_are, rows) = if epochs.len() > 1 {
            (Rows::Epochs, epochs)
        } else if training_rows.len() > 1 {
            (Rows::TrainingRows, training_rows)
        } else {
            (Rows::Nothing, vec![0])
        };
        let left_out = parameters.len().saturating_sub(MOST) + rows.len().saturating_sub(MOST);
        let drawn = |values: Vec<u64>| -> Vec<u64> {
            spread(values.len(), MOST).filter_map(|place| values.get(place).copied()).collect()
        };
        let (parameters, mut rows) = (drawn(parameters), drawn(rows));
        rows.reverse();
        let mut fits: Vec<Vec<(Kind, &Fit)>> = vec![Vec::new(); parameters.len() * rows.len()];
        for fit in &answer.fits {
            let Some(point) = points.get(fit.point) else { continue };
            let row = match rows_are {
                Rows::Epochs => u64::from(point.epochs),
                Rows::TrainingRows => point.settings.training_rows,
                Rows::Nothing => 0,
            };
            let place = rows
                .iter()
                .position(|known| *known == row)
                .zip(parameters.iter().position(|known| *known == point.parameters));
            if let Some(cell) = place.and_then(|(row, column)| fits.get_mut(row * parameters.len() + column)) {
                cell.push((Kind::of(fit), fit));
            }
        }
        let cells = fits.into_iter().map(|fits| Cell::new(results, fits)).collect();
        Some(Self { parameters, rows, rows_are, cells, left_out })
    }

    /// A cell; `None` outside the map.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells.get(row * self.parameters.len() + column)
    }

    /// How many points of the map have a verdict.
    pub fn count(&self, kind: Kind) -> usize {
        self.cells.iter().map(|cell| cell.count(kind)).sum()
    }
}

impl Cell {
    fn new(results: &Results<'_>, mut fits: Vec<(Kind, &Fit)>) -> Self {
        let weight = |kind: Kind| KINDS.iter().position(|known| *known == kind);
        fits.sort_by_key(|(kind, fit)| (weight(*kind), fit.point));
        let marked = |(kind, fit): &(Kind, &Fit)| Marked {
            point: fit.point,
            name: name_of(results, fit.point),
            kind: *kind,
            words: fit.words(),
        };
        Self {
            shown: fits.iter().take(MOST_IN_CELL).map(marked).collect(),
            kinds: fits.iter().map(|(kind, _)| *kind).collect(),
        }
    }

    /// How many points it has.
    pub fn points(&self) -> usize {
        self.kinds.len()
    }

    /// How many of them have a verdict.
    pub fn count(&self, kind: Kind) -> usize {
        self.kinds.iter().filter(|known| **known == kind).count()
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;

    use super::*;
    use crate::tests::fixture::Sweep;

    fn map(sweep: &Sweep) -> Option<VerdictMap> {
        let results = sweep.results();
        VerdictMap::new(&results, &Answer::new(&results))
    }

    #[test]
    fn every_point_stands_in_the_cell_of_its_parameters_and_epochs() {
        let sweep = Sweep::architectures();
        let map = map(&sweep).unwrap();
        assert_eq!((map.parameters.as_slice(), map.rows.as_slice()), (&[81, 205, 225, 697][..], &[30, 10][..]));
        assert_eq!(map.rows_are, Rows::Epochs);
        // The points of the fixture are baseline 10, baseline 30, wide 10, ...
        assert_eq!(map.cell(1, 0).unwrap().shown[0].point, 0);
        assert_eq!(map.cell(0, 3).unwrap().shown[0].point, 7);
        assert_eq!(KINDS.iter().map(|kind| map.count(*kind)).sum::<usize>(), 8);
    }

    #[test]
    fn a_full_cell_names_the_first_points_and_counts_all() {
        let labels: Vec<String> = (0..30).map(|label| label.to_string()).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let sweep =
            Sweep::new(Task::Regression, &[("architecture", &["baseline", "wide"]), ("batch_size", &labels)], 5);
        let map = map(&sweep).unwrap();
        let cell = map.cell(0, 1).unwrap();
        assert_eq!((cell.points(), cell.shown.len()), (30, MOST_IN_CELL));
        assert_eq!(KINDS.iter().map(|kind| cell.count(*kind)).sum::<usize>(), 30);
        assert_eq!(map.cell(1, 0), None);
    }

    #[test]
    fn points_of_one_size_or_without_replicates_are_no_map() {
        assert_eq!(map(&Sweep::new(Task::Regression, &[("epochs", &["10", "30"])], 5)), None);
        assert_eq!(map(&Sweep::new(Task::Regression, &[("architecture", &["baseline", "wide"])], 1)), None);
    }

    #[test]
    fn of_many_sizes_twelve_are_drawn_from_the_smallest_to_the_largest() {
        let labels: Vec<String> = (0..100).map(|label| label.to_string()).collect();
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        let mut sweep = Sweep::new(Task::Regression, &[("model.hidden", &labels)], 5);
        for (place, point) in sweep.manifest.points.iter_mut().enumerate() {
            point.parameters = place as u64 + 1;
        }
        let map = map(&sweep).unwrap();
        assert_eq!((map.parameters.len(), map.parameters[0], map.parameters[11], map.left_out), (12, 1, 100, 88));
    }
}
