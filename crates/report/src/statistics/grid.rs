//! A complete grid of points with its replicates: what sums of squares and contrasts are taken over.

use thiserror::Error;

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
    #[error("{axes} axes are more than the {MOST_AXES} whose interactions can be listed: fix some of them")]
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

/// The most axes of a grid: 2^8 - 1 effects.
pub const MOST_AXES: usize = 8;

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

    /// The level of `axis` in `cell`; the axis must exist.
    pub(super) fn level(&self, cell: usize, axis: usize) -> usize {
        let below: usize = self.levels[axis + 1..].iter().product();
        cell / below % self.levels[axis]
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

    #[test]
    fn the_last_axis_runs_fastest() {
        let levels = |axis| (0..6).map(|cell| golden_grid().level(cell, axis)).collect::<Vec<_>>();
        assert_eq!(levels(0), [0, 0, 0, 1, 1, 1]);
        assert_eq!(levels(1), [0, 1, 2, 0, 1, 2]);
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
        assert_eq!(Grid::new(&[2; 9], &[]), Err(GridError::ManyAxes { axes: 9 }));
        assert_eq!(Grid::new(&[2], &[vec![Some(1.0)]]), Err(GridError::Width { replicate: 0, found: 1, expected: 2 }));
        assert_eq!(Grid::new(&[], &[vec![Some(1.0)]]), Err(GridError::NoneComplete));
    }
}
