//! Main effects and two-way interactions as one contrast per replicate, with no assumption of sphericity.

use super::grid::Grid;
use super::mean_test::{MeanTest, Replicates};
use super::sum::mean;

/// The mean of every level of one axis, or of every pair of levels of two, in each replicate: averaged over all other
/// axes.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelMeans {
    /// Levels of the last of the axes.
    fastest: usize,
    /// One row a replicate.
    rows: Vec<Vec<f64>>,
}

/// One value per complete replicate.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// The values, replicate by replicate.
    pub values: Vec<f64>,
    /// The largest mean that they are differences of.
    largest: f64,
}

impl LevelMeans {
    /// `None` without axes, if the grid lacks one of them, or if a sum overflows.
    pub fn new(grid: &Grid, axes: &[usize]) -> Option<Self> {
        let fastest = *axes.iter().map(|axis| grid.levels().get(*axis)).collect::<Option<Vec<_>>>()?.last()?;
        let groups = grid.groups(axes);
        let rows = grid.rows().iter().map(|row| groups.means(row)).collect::<Option<_>>()?;
        Some(Self { fastest: *fastest, rows })
    }

    /// The mean at level `to` minus the mean at level `from` of one axis; `None` if there is no such level.
    pub fn main_contrast(&self, from: usize, to: usize) -> Option<Contrast> {
        self.contrast(&[to], &[from])
    }

    /// How much the step between two levels of the second axis is larger at `outer.1` than at `outer.0`, levels of the
    /// first; each pair is (from, to). `None` if there is no such level.
    pub fn interaction_contrast(&self, outer: (usize, usize), inner: (usize, usize)) -> Option<Contrast> {
        if inner.0.max(inner.1) >= self.fastest {
            return None;
        }
        let cell = |outer: usize, inner: usize| outer * self.fastest + inner;
        self.contrast(
            &[cell(outer.1, inner.1), cell(outer.0, inner.0)],
            &[cell(outer.1, inner.0), cell(outer.0, inner.1)],
        )
    }

    /// The means at some places less those at others.
    fn contrast(&self, added: &[usize], taken: &[usize]) -> Option<Contrast> {
        let mut largest = 0.0_f64;
        let mut total = |row: &[f64], places: &[usize]| {
            let values = places.iter().map(|place| row.get(*place).copied());
            values.sum::<Option<f64>>().inspect(|total| largest = largest.max(total.abs()))
        };
        let values =
            self.rows.iter().map(|row| Some(total(row, added)? - total(row, taken)?)).collect::<Option<_>>()?;
        Some(Contrast { values, largest })
    }
}

impl Contrast {
    /// The mean over the replicates; `None` if the sum overflows.
    pub fn mean(&self) -> Option<f64> {
        mean(&self.values)
    }

    /// The t test of the contrast; `None` for one replicate. Values that differ by no more than the rounding of the means
    /// are constant.
    pub fn test(&self) -> Option<MeanTest> {
        MeanTest::with_noise(&self.values, self.largest * f64::EPSILON, Replicates::Independent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::alpha::Alpha;
    use crate::statistics::golden::{assert_digits, assert_near};
    use crate::statistics::grid::tests::golden_grid;

    #[test]
    fn the_golden_main_contrast_agrees_with_scipy() {
        // NumPy 2.4 and SciPy 1.17: row means, then stats.t.interval.
        let contrast = LevelMeans::new(&golden_grid(), &[0]).unwrap().main_contrast(0, 1).unwrap();
        for (value, golden) in contrast.values.iter().zip(["0.05426667", "0.05916667", "0.05076667", "0.05700000"]) {
            assert_digits(*value, golden);
        }
        let test = contrast.test().unwrap();
        assert_near(test.mean(), 0.0553, 1e-9);
        assert_digits(test.interval(Alpha::FIVE_PERCENT).low, "0.04952903");
        assert_digits(test.interval(Alpha::FIVE_PERCENT).high, "0.06107097");
    }

    #[test]
    fn the_golden_interaction_contrast_agrees_with_scipy() {
        // SciPy 1.17: ttest_1samp of (z - x in b) - (z - x in a).
        let means = LevelMeans::new(&golden_grid(), &[0, 1]).unwrap();
        let test = means.interaction_contrast((0, 1), (0, 2)).unwrap().test().unwrap();
        assert_near(test.mean(), 0.022_975, 1e-9);
        assert_digits(test.interval(Alpha::FIVE_PERCENT).low, "0.00164375");
        assert_digits(test.interval(Alpha::FIVE_PERCENT).high, "0.04430625");
        assert_digits(test.p(), "0.041609");
    }

    #[test]
    fn swapping_the_levels_mirrors_the_contrast_and_swapping_the_axes_changes_nothing() {
        let grid = golden_grid();
        let means = LevelMeans::new(&grid, &[1]).unwrap();
        let (there, back) = (means.main_contrast(0, 2).unwrap(), means.main_contrast(2, 0).unwrap());
        assert!(there.values.iter().zip(back.values).all(|(there, back)| there + back == 0.0));
        let one = LevelMeans::new(&grid, &[0, 1]).unwrap().interaction_contrast((0, 1), (0, 2)).unwrap();
        let other = LevelMeans::new(&grid, &[1, 0]).unwrap().interaction_contrast((0, 2), (0, 1)).unwrap();
        assert!(one.values.iter().zip(other.values).all(|(one, other)| (one - other).abs() < 1e-15));
    }

    #[test]
    fn effects_that_add_up_have_a_constant_interaction_of_nothing() {
        let rows = [0.0, 0.1, 0.7].map(|shift| [0.1, 0.2, 0.3, 0.4].map(|value| Some(value + shift)).to_vec());
        let grid = Grid::new(&[2, 2], &rows).unwrap();
        let contrast = LevelMeans::new(&grid, &[0, 1]).unwrap().interaction_contrast((0, 1), (0, 1)).unwrap();
        assert!(contrast.test().unwrap().is_constant());
        assert!(contrast.mean().unwrap().abs() < 1e-15);
    }

    #[test]
    fn axes_and_levels_that_are_not_there_give_nothing() {
        let grid = golden_grid();
        assert_eq!(LevelMeans::new(&grid, &[2]), None);
        assert_eq!(LevelMeans::new(&grid, &[]), None);
        assert_eq!(LevelMeans::new(&grid, &[0]).unwrap().main_contrast(0, 2), None);
        let pairs = LevelMeans::new(&grid, &[0, 1]).unwrap();
        assert_eq!(pairs.interaction_contrast((0, 1), (0, 3)), None);
        assert_eq!(pairs.interaction_contrast((0, 2), (0, 1)), None);
    }
}
