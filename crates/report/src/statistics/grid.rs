//! A complete grid of points with its replicates: what sums of squares and contrasts are taken over.

use thiserror::Error;

use super::sum::mean;

/// Why values do not make a complete grid.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GridError {
    /// An axis with one value or none.
    #[error("axis {axis} has {levels} levels where an axis needs at least 2")]
    ShortAxis {
        /// The place of the axis.
        axis: usize,
        /// Its number of values.
        levels: usize,
    },
    /// More axes or cells than can be crossed.
    #[error("{axes} axes are more than the {MOST_AXES} that can be crossed: fix some of them")]
    ManyAxes {
        /// The number of axes.
        axes: usize,
    },
    /// A replicate with a wrong number of cells.
    #[error("replicate {replicate} has {found} cells where the axes make {expected}")]
    Width {
        /// The place of the replicate.
        replicate: usize,
        /// The cells that it has.
        found: usize,
        /// The cells of the axes.
        expected: usize,
    },
    /// No axis, or no replicate with a finite value in every cell.
    #[error("no replicate has a finite value in every cell: train the cells that failed again")]
    NoneComplete,
}

/// The most axes of a grid: of two values each they make a million cells.
pub const MOST_AXES: usize = 20;

/// Values of every cell in every replicate, all finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    levels: Vec<usize>,
    rows: Vec<Vec<f64>>,
    left_out: Vec<usize>,
}

impl Grid {
    /// `levels` has the number of values of each axis; `rows[replicate][cell]` has the last axis fastest.
    ///
    /// A replicate with a cell that is missing or not finite is left out whole: see [`Grid::left_out`].
    ///
    /// # Errors
    ///
    /// If an axis has fewer than two values, there are more than [`MOST_AXES`], a row has not one value per cell, or no
    /// complete replicate remains.
    pub fn new(levels: &[usize], rows: &[Vec<Option<f64>>]) -> Result<Self, GridError> {
        if levels.len() > MOST_AXES {
            return Err(GridError::ManyAxes { axes: levels.len() });
        }
        if let Some(axis) = levels.iter().position(|levels| *levels < 2) {
            return Err(GridError::ShortAxis { axis, levels: levels[axis] });
        }
        // Saturating: a product that overflows cannot be the width of a row either.
        let expected = levels.iter().fold(1_usize, |cells, levels| cells.saturating_mul(*levels));
        if let Some(replicate) = rows.iter().position(|row| row.len() != expected) {
            return Err(GridError::Width { replicate, found: rows[replicate].len(), expected });
        }
        let mut grid = Self { levels: levels.to_vec(), rows: Vec::new(), left_out: Vec::new() };
        for (replicate, row) in rows.iter().enumerate() {
            let whole: Option<Vec<f64>> = row.iter().map(|value| value.filter(|value| value.is_finite())).collect();
            match whole {
                Some(row) => grid.rows.push(row),
                None => grid.left_out.push(replicate),
            }
        }
        if grid.rows.is_empty() || levels.is_empty() {
            return Err(GridError::NoneComplete);
        }
        Ok(grid)
    }

    /// The number of values of each axis.
    pub fn levels(&self) -> &[usize] {
        &self.levels
    }

    /// The number of complete replicates.
    pub fn replicates(&self) -> usize {
        self.rows.len()
    }

    /// The number of cells.
    pub fn cells(&self) -> usize {
        self.levels.iter().product()
    }

    /// The places of the replicates that were left out as incomplete.
    pub fn left_out(&self) -> &[usize] {
        &self.left_out
    }

    /// The complete replicates: one value per cell, last axis fastest.
    pub(super) fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }

    /// The cells by their levels on `axes`, all of which must exist.
    pub(super) fn groups(&self, axes: &[usize]) -> Groups {
        let count = axes.iter().map(|axis| self.levels[*axis]).product();
        let below = |axis: usize| -> usize { self.levels[axis + 1..].iter().product() };
        let steps: Vec<(usize, usize)> = axes.iter().map(|axis| (below(*axis), self.levels[*axis])).collect();
        let group_of =
            |cell: usize| steps.iter().fold(0, |group, (below, levels)| group * levels + cell / below % levels);
        let mut members = vec![Vec::with_capacity(self.cells() / count); count];
        for cell in 0..self.cells() {
            members[group_of(cell)].push(cell);
        }
        Groups { members }
    }
}

/// The cells of a grid in groups of equal size: one group for each combination of the levels of some axes, the last of
/// them fastest.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    members: Vec<Vec<usize>>,
}

impl Groups {
    /// The mean of each group, of one value per cell; `None` if a sum overflows.
    pub(super) fn means(&self, values: &[f64]) -> Option<Vec<f64>> {
        let mut chosen = Vec::new();
        let mean_of = |cells: &Vec<usize>| {
            chosen.clear();
            chosen.extend(cells.iter().map(|cell| values[*cell]));
            mean(&chosen)
        };
        self.members.iter().map(mean_of).collect()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Grid, GridError};

    /// Two axes (2 x 3) and 4 replicates; columns ax ay az bx by bz.
    pub(in super::super) fn golden_grid() -> Grid {
        let rows = [
            [0.3000, 0.2764, 0.2561, 0.3508, 0.3192, 0.3253],
            [0.3124, 0.2821, 0.2650, 0.3526, 0.3363, 0.3481],
            [0.2878, 0.2705, 0.2539, 0.3398, 0.3048, 0.3199],
            [0.2969, 0.2947, 0.2669, 0.3596, 0.3237, 0.3462],
        ];
        Grid::new(&[2, 3], &rows.map(|row| row.map(Some).to_vec())).unwrap()
    }

    /// The level of an axis in a cell.
    pub(in super::super) fn level(grid: &Grid, cell: usize, axis: usize) -> usize {
        let below: usize = grid.levels()[axis + 1..].iter().product();
        cell / below % grid.levels()[axis]
    }

    #[test]
    fn the_last_axis_runs_fastest() {
        let levels = |axis| (0..6).map(|cell| level(&golden_grid(), cell, axis)).collect::<Vec<_>>();
        assert_eq!(levels(0), [0, 0, 0, 1, 1, 1]);
        assert_eq!(levels(1), [0, 1, 2, 0, 1, 2]);
    }

    #[test]
    fn groups_are_averaged_over_the_other_axes() {
        let grid = golden_grid();
        let cells = [1.0, 2.0, 3.0, 4.0, 5.0, 9.0];
        assert_eq!(grid.groups(&[0]).means(&cells), Some(vec![2.0, 6.0]));
        assert_eq!(grid.groups(&[1]).means(&cells), Some(vec![2.5, 3.5, 6.0]));
        assert_eq!(grid.groups(&[1, 0]).means(&cells), Some(vec![1.0, 4.0, 2.0, 5.0, 3.0, 9.0]));
    }

    #[test]
    fn an_incomplete_replicate_is_left_out_whole_and_named() {
        let rows = [vec![Some(1.0), Some(2.0)], vec![Some(1.0), None], vec![Some(f64::NAN), Some(1.0)]];
        let grid = Grid::new(&[2], &rows).unwrap();
        assert_eq!((grid.replicates(), grid.left_out()), (1, &[1, 2][..]));
        assert_eq!(Grid::new(&[2], &rows[1..]), Err(GridError::NoneComplete));
    }

    #[test]
    fn what_is_no_grid_is_refused_with_its_place() {
        assert_eq!(Grid::new(&[2, 1], &[]), Err(GridError::ShortAxis { axis: 1, levels: 1 }));
        assert_eq!(Grid::new(&[2; 21], &[]), Err(GridError::ManyAxes { axes: 21 }));
        assert_eq!(Grid::new(&[2], &[vec![Some(1.0)]]), Err(GridError::Width { replicate: 0, found: 1, expected: 2 }));
        assert_eq!(Grid::new(&[], &[vec![Some(1.0)]]), Err(GridError::NoneComplete));
    }
}
