//! A grid by indices alone: its axes become points.

/// The axes of one grid, by their lengths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// Levels of every axis, each at least 1.
    pub lengths: Vec<u32>,
    /// Axes that walk together: each entry lists axes of equal lengths; an axis stands in one entry at most.
    pub zips: Vec<Vec<usize>>,
    /// Rules that remove points: each lists axes with the level that must match, all of them.
    pub excludes: Vec<Vec<(usize, u32)>>,
}

/// The points of a grid.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expansion {
    /// For every point its level on every axis; the last axis varies fastest.
    pub points: Vec<Vec<u32>>,
    /// For every rule how many points it removed; a point counts for the first rule that matches it.
    pub removed: Vec<u64>,
}

/// Axes that walk together, or one alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dimension {
    /// Its axes; the first decides its place among the dimensions.
    pub(crate) axes: Vec<usize>,
    /// Their common length.
    pub(crate) length: u32,
}

impl Shape {
    /// Points before any rule removes some; a grid without axes has one. Saturates at the limit of `u128`.
    pub fn points(&self) -> u128 {
        self.dimensions().iter().fold(1, |product: u128, dimension| product.saturating_mul(dimension.length.into()))
    }

    /// Every point in order, less those that a rule removes.
    ///
    /// Takes time and memory by [`points`](Self::points): the caller decides first whether that many are meant.
    pub fn expand(&self) -> Expansion {
        let dimensions = self.dimensions();
        let mut expansion = Expansion { points: Vec::new(), removed: vec![0; self.excludes.len()] };
        let mut levels = vec![0; self.lengths.len()];
        if self.lengths.contains(&0) {
            return expansion;
        }
        loop {
            match self.excludes.iter().position(|rule| matches(rule, &levels)) {
                Some(rule) => expansion.removed.iter_mut().skip(rule).take(1).for_each(|removed| *removed += 1),
                None => expansion.points.push(levels.clone()),
            }
            if !advance(&dimensions, &mut levels) {
                return expansion;
            }
        }
    }

    /// The dimensions of the product, in the order of their first axes.
    pub(crate) fn dimensions(&self) -> Vec<Dimension> {
        let mut dimensions: Vec<Dimension> = Vec::new();
        let mut taken = vec![false; self.lengths.len()];
        for (axis, &length) in self.lengths.iter().enumerate() {
            if taken.get(axis) == Some(&true) {
                continue;
            }
            let axes = match self.zips.iter().find(|zip| zip.contains(&axis)) {
                Some(zip) => {
                    let mut axes = zip.clone();
                    axes.sort_unstable();
                    axes.dedup();
                    axes
                }
                None => vec![axis],
            };
            for &axis in &axes {
                taken.iter_mut().skip(axis).take(1).for_each(|taken| *taken = true);
            }
            dimensions.push(Dimension { axes, length });
        }
        dimensions
    }
}

fn matches(rule: &[(usize, u32)], levels: &[u32]) -> bool {
    rule.iter().all(|(axis, level)| levels.get(*axis) == Some(level))
}

/// Moves to the next point, the last dimension first; `false` after the last point.
fn advance(dimensions: &[Dimension], levels: &mut [u32]) -> bool {
    for dimension in dimensions.iter().rev() {
        let current = dimension.axes.first().and_then(|&axis| levels.get(axis)).copied().unwrap_or(0);
        let next = if current + 1 < dimension.length { current + 1 } else { 0 };
        for &axis in &dimension.axes {
            if let Some(level) = levels.get_mut(axis) {
                *level = next;
            }
        }
        if next > 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The obvious way: every level of the first axis, and for each of them all points of the rest. Of axes that walk
    /// together, the first is free and the others follow it.
    fn naive(shape: &Shape, chosen: &mut Vec<u32>, points: &mut Vec<Vec<u32>>) {
        let axis = chosen.len();
        if axis == shape.lengths.len() {
            let excluded = shape.excludes.iter().any(|rule| rule.iter().all(|&(axis, level)| chosen[axis] == level));
            if !excluded {
                points.push(chosen.clone());
            }
            return;
        }
        let leader = shape.zips.iter().filter(|zip| zip.contains(&axis)).find_map(|zip| zip.iter().min());
        let levels = match leader {
            Some(&leader) if leader < axis => chosen[leader]..chosen[leader] + 1,
            _ => 0..shape.lengths[axis],
        };
        for level in levels {
            chosen.push(level);
            naive(shape, chosen, points);
            chosen.pop();
        }
    }

    fn shapes() -> impl Strategy<Value = Shape> {
        let axes = proptest::collection::vec((1_u32..4, proptest::option::of(0_usize..2)), 0..6);
        let rules = proptest::collection::vec(proptest::collection::vec((0_usize..6, 0_u32..4), 1..3), 0..4);
        (axes, rules).prop_map(|(axes, rules)| {
            let zips: Vec<Vec<usize>> =
                (0..2).map(|zip| (0..axes.len()).filter(|&axis| axes[axis].1 == Some(zip)).collect()).collect();
            let mut lengths: Vec<u32> = axes.iter().map(|(length, _)| *length).collect();
            for zip in &zips {
                for &axis in zip {
                    lengths[axis] = lengths[zip[0]];
                }
            }
            let excludes: Vec<Vec<(usize, u32)>> = rules
                .into_iter()
                .map(|rule| rule.into_iter().filter(|(axis, _)| *axis < axes.len()).collect())
                .filter(|rule: &Vec<_>| !rule.is_empty())
                .collect();
            Shape { lengths, zips: zips.into_iter().filter(|zip| !zip.is_empty()).collect(), excludes }
        })
    }

    proptest! {
        #[test]
        fn the_odometer_gives_the_points_of_the_obvious_recursion_in_its_order(shape in shapes()) {
            let mut expected = Vec::new();
            naive(&shape, &mut Vec::new(), &mut expected);
            let expansion = shape.expand();
            let removed: u64 = expansion.removed.iter().sum();
            prop_assert_eq!(u128::from(removed) + expected.len() as u128, shape.points());
            prop_assert_eq!(expansion.points, expected);
        }
    }

    #[test]
    fn the_last_axis_varies_fastest() {
        let shape = Shape { lengths: vec![2, 3], ..Shape::default() };
        let points = [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]];
        assert_eq!(shape.expand().points, points.map(Vec::from));
    }

    #[test]
    fn zipped_axes_walk_together_at_the_place_of_the_first() {
        let shape = Shape { lengths: vec![2, 3, 2], zips: vec![vec![0, 2]], ..Shape::default() };
        let points = [[0, 0, 0], [0, 1, 0], [0, 2, 0], [1, 0, 1], [1, 1, 1], [1, 2, 1]];
        assert_eq!(shape.expand().points, points.map(Vec::from));
        assert_eq!(shape.points(), 6);
    }

    #[test]
    fn a_grid_without_axes_is_one_point() {
        assert_eq!(Shape::default().expand().points, vec![Vec::<u32>::new()]);
    }

    #[test]
    fn the_count_of_a_grid_beyond_all_numbers_saturates() {
        assert_eq!(Shape { lengths: vec![u32::MAX; 5], ..Shape::default() }.points(), u128::MAX);
    }
}
