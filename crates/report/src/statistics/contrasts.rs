//! Main effects and two-way interactions as one contrast per replicate, with no assumption of sphericity.

use super::grid::Grid;
use super::sum::mean;

/// Two levels of one axis, between which a contrast is taken: `to` minus `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The place of the axis in the grid.
    pub axis: usize,
    /// The level taken away.
    pub from: usize,
    /// The level taken from.
    pub to: usize,
}

/// The mean at `to` minus the mean at `from` in each replicate, averaged over all other axes.
///
/// One value per complete replicate, for [`super::mean_test::MeanTest`]. `None` if the grid has no such axis or level,
/// or if a sum overflows.
pub fn main_contrast(grid: &Grid, step: Step) -> Option<Vec<f64>> {
    is_in(grid, step).then_some(())?;
    grid.rows()
        .iter()
        .map(|row| {
            Some(mean_where(grid, row, &[(step.axis, step.to)])? - mean_where(grid, row, &[(step.axis, step.from)])?)
        })
        .collect()
}

/// How much the contrast of `inner` is larger at `outer.to` than at `outer.from`, in each replicate.
///
/// One value per complete replicate. `None` as for [`main_contrast`], or if both steps are along one axis.
pub fn interaction_contrast(grid: &Grid, outer: Step, inner: Step) -> Option<Vec<f64>> {
    (is_in(grid, outer) && is_in(grid, inner) && outer.axis != inner.axis).then_some(())?;
    let contrast = |row: &[f64], level: usize| {
        let at = |inner_level| mean_where(grid, row, &[(outer.axis, level), (inner.axis, inner_level)]);
        Some(at(inner.to)? - at(inner.from)?)
    };
    grid.rows().iter().map(|row| Some(contrast(row, outer.to)? - contrast(row, outer.from)?)).collect()
}

fn is_in(grid: &Grid, step: Step) -> bool {
    grid.levels().get(step.axis).is_some_and(|levels| step.from < *levels && step.to < *levels)
}

/// The mean of the cells of one replicate whose axes have the levels given.
fn mean_where(grid: &Grid, row: &[f64], fixed: &[(usize, usize)]) -> Option<f64> {
    let chosen: Vec<f64> = row
        .iter()
        .enumerate()
        .filter(|(cell, _)| fixed.iter().all(|(axis, level)| grid.level(*cell, *axis) == *level))
        .map(|(_, value)| *value)
        .collect();
    mean(&chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::alpha::Alpha;
    use crate::statistics::golden::{assert_digits, assert_near};
    use crate::statistics::grid::tests::golden_grid;
    use crate::statistics::mean_test::{MeanTest, Replicates};

    #[test]
    fn the_golden_main_contrast_agrees_with_scipy() {
        // NumPy 2.4 and SciPy 1.17: row means, then stats.t.interval.
        let values = main_contrast(&golden_grid(), Step { axis: 0, from: 0, to: 1 }).unwrap();
        for (value, golden) in values.iter().zip(["0.05426667", "0.05916667", "0.05076667", "0.05700000"]) {
            assert_digits(*value, golden);
        }
        let test = MeanTest::new(&values, Replicates::Independent).unwrap();
        assert_near(test.mean(), 0.0553, 1e-9);
        assert_digits(test.interval(Alpha::FIVE_PERCENT).low, "0.04952903");
        assert_digits(test.interval(Alpha::FIVE_PERCENT).high, "0.06107097");
    }

    #[test]
    fn the_golden_interaction_contrast_agrees_with_scipy() {
        // SciPy 1.17: ttest_1samp of (z - x in b) - (z - x in a).
        let outer = Step { axis: 0, from: 0, to: 1 };
        let values = interaction_contrast(&golden_grid(), outer, Step { axis: 1, from: 0, to: 2 }).unwrap();
        let test = MeanTest::new(&values, Replicates::Independent).unwrap();
        assert_near(test.mean(), 0.022_975, 1e-9);
        assert_digits(test.interval(Alpha::FIVE_PERCENT).low, "0.00164375");
        assert_digits(test.interval(Alpha::FIVE_PERCENT).high, "0.04430625");
        assert_digits(test.p(), "0.041609");
    }

    #[test]
    fn swapping_the_levels_mirrors_the_contrast() {
        let grid = golden_grid();
        let there = main_contrast(&grid, Step { axis: 1, from: 0, to: 2 }).unwrap();
        let back = main_contrast(&grid, Step { axis: 1, from: 2, to: 0 }).unwrap();
        assert!(there.iter().zip(back).all(|(there, back)| there + back == 0.0));
    }

    #[test]
    fn axes_and_levels_that_are_not_there_give_nothing() {
        let grid = golden_grid();
        assert_eq!(main_contrast(&grid, Step { axis: 2, from: 0, to: 1 }), None);
        assert_eq!(main_contrast(&grid, Step { axis: 0, from: 0, to: 2 }), None);
        let step = Step { axis: 0, from: 0, to: 1 };
        assert_eq!(interaction_contrast(&grid, step, step), None);
    }
}
