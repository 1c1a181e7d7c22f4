//! The largest full grid that is easily found among the points of a sweep: what effects are taken over.

use std::collections::BTreeSet;

use swath_results::Manifest;
use thiserror::Error;

/// The work that a search for a full grid may take: points times axes times levels dropped.
const MOST_WORK: usize = 200_000_000;

/// Points that make a full product of factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullGrid {
    /// The factors, in the order of their first axes.
    pub factors: Vec<Factor>,
    /// The point of every cell, the last factor fastest.
    pub cells: Vec<usize>,
    /// Levels that were dropped because not every point exists or finished at them: axis and level.
    pub dropped: Vec<(usize, u32)>,
}

/// An axis, or several that always change together, with the levels that all others are crossed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Places of its axes in the manifest.
    pub axes: Vec<usize>,
    /// For each level of the factor the level of each of its axes.
    pub levels: Vec<Vec<u32>>,
}

/// Why there is no full grid.
#[derive(Debug, Clone, Copy, Error, PartialEq, Eq)]
pub enum NoFullGrid {
    /// Every axis has one level.
    #[error("no axis has two levels")]
    NothingVaries,
    /// Dropping level after level left nothing that varies.
    #[error("the points that finished make no full grid, and no part of one")]
    NoPart,
    /// Too many points for the search.
    #[error("the points make no full grid, and are too many to look for a part that does")]
    TooManyPoints,
}

impl Factor {
    /// Its name: that of its axis, or those of all its axes.
    pub fn name(&self, manifest: &Manifest) -> String {
        let names = self.axes.iter().filter_map(|axis| manifest.axes.get(*axis)).map(|axis| axis.name.as_str());
        names.collect::<Vec<_>>().join(" + ")
    }

    /// The name of one of its levels, made of those of its axes; empty outside it.
    pub fn label(&self, manifest: &Manifest, level: usize) -> String {
        let levels = self.levels.get(level).map_or([].as_slice(), Vec::as_slice);
        let labels = self.axes.iter().zip(levels).filter_map(|(axis, level)| {
            manifest.axes.get(*axis)?.levels.get(*level as usize).map(|level| level.label.as_str())
        });
        labels.collect::<Vec<_>>().join(" + ")
    }
}

/// The full grid of the points that are `usable`.
///
/// Axes of one level are left out. Axes whose levels determine each other, as zipped ones, become one factor. Where the
/// points then make no full product, the level at which the largest share of points lacks is dropped, again and again.
///
/// # Errors
/// Where nothing varies, nothing is left, or the search would take too long.
pub fn full_grid(manifest: &Manifest, usable: impl Fn(usize) -> bool) -> Result<FullGrid, NoFullGrid> {
    let axes = manifest.axes.len();
    let is_described = |point: &usize| manifest.points.get(*point).is_some_and(|point| point.levels.len() == axes);
    let described: Vec<usize> = (0..manifest.points.len()).filter(is_described).collect();
    if (0..axes).all(|axis| levels_of(manifest, &described, axis).len() < 2) {
        return Err(NoFullGrid::NothingVaries);
    }
    let mut points: Vec<usize> = described.iter().copied().filter(|point| usable(*point)).collect();
    let mut work = 0_usize;
    loop {
        let factors = factors(manifest, &points);
        let cells = factors.iter().fold(1_usize, |cells, factor| cells.saturating_mul(factor.levels.len()));
        if factors.is_empty() {
            return Err(NoFullGrid::NoPart);
        }
        let places: Vec<Vec<usize>> = factors.iter().map(|factor| places_of(manifest, &points, factor)).collect();
        if points.len() == cells {
            let dropped = dropped(manifest, &described, &points);
            return in_order(&factors, &places, &points)
                .map(|cells| FullGrid { factors, cells, dropped })
                .ok_or(NoFullGrid::NoPart);
        }
        work = work.saturating_add(points.len().saturating_mul(axes));
        if work > MOST_WORK {
            return Err(NoFullGrid::TooManyPoints);
        }
        let (factor, level) = emptiest(&factors, &places).ok_or(NoFullGrid::NoPart)?;
        let at = places.get(factor).ok_or(NoFullGrid::NoPart)?;
        points = points.iter().zip(at).filter(|(_, at)| **at != level).map(|(point, _)| *point).collect();
    }
}

/// The axes that vary over some points, those that determine each other together.
fn factors(manifest: &Manifest, points: &[usize]) -> Vec<Factor> {
    let mut factors: Vec<Factor> = Vec::new();
    for axis in 0..manifest.axes.len() {
        let levels = levels_of(manifest, points, axis);
        if levels.len() < 2 {
            continue;
        }
        let same = factors.iter_mut().find_map(|factor| {
            let pairs = paired_levels(manifest, points, *factor.axes.first()?, axis)?;
            Some((factor, pairs))
        });
        match same {
            Some((factor, pairs)) => {
                factor.axes.push(axis);
                for levels in &mut factor.levels {
                    let first = levels.first().and_then(|first| pairs.get(*first as usize).copied().flatten());
                    levels.extend(first);
                }
            }
            None => {
                factors
                    .push(Factor { axes: vec![axis], levels: levels.into_iter().map(|level| vec![level]).collect() });
            }
        }
    }
    factors
}

/// The levels of an axis at some points, ascending.
fn levels_of(manifest: &Manifest, points: &[usize], axis: usize) -> BTreeSet<u32> {
    points.iter().filter_map(|point| level(manifest, *point, axis)).collect()
}

fn level(manifest: &Manifest, point: usize, axis: usize) -> Option<u32> {
    manifest.points.get(point)?.levels.get(axis).copied()
}

/// For each level of one axis the one level of another that it stands with; `None` unless they determine each other.
fn paired_levels(manifest: &Manifest, points: &[usize], one: usize, other: usize) -> Option<Vec<Option<u32>>> {
    let length = |axis: usize| manifest.axes.get(axis).map_or(0, |axis| axis.levels.len());
    let (mut there, mut back) = (vec![None; length(one)], vec![None; length(other)]);
    for point in points {
        let (from, to) = (level(manifest, *point, one)?, level(manifest, *point, other)?);
        if *there.get_mut(from as usize)?.get_or_insert(to) != to {
            return None;
        }
        if *back.get_mut(to as usize)?.get_or_insert(from) != from {
            return None;
        }
    }
    Some(there)
}

/// For each point its level of a factor.
fn places_of(manifest: &Manifest, points: &[usize], factor: &Factor) -> Vec<usize> {
    let axis = factor.axes.first().copied().unwrap_or(usize::MAX);
    let most = factor.levels.iter().filter_map(|levels| levels.first()).max().map_or(0, |most| *most as usize + 1);
    let mut places = vec![0; most];
    for (place, levels) in factor.levels.iter().enumerate() {
        if let Some(slot) = levels.first().and_then(|level| places.get_mut(*level as usize)) {
            *slot = place;
        }
    }
    let place = |point: &usize| {
        level(manifest, *point, axis).and_then(|level| places.get(level as usize).copied()).unwrap_or(0)
    };
    points.iter().map(place).collect()
}

/// The level that the smallest share of the other factors' combinations has, the last of those that tie.
fn emptiest(factors: &[Factor], places: &[Vec<usize>]) -> Option<(usize, usize)> {
    let mut found: Option<(usize, (usize, usize))> = None;
    for (factor, (described, places)) in factors.iter().zip(places).enumerate() {
        let mut counts = vec![0_usize; described.levels.len()];
        for place in places {
            if let Some(count) = counts.get_mut(*place) {
                *count += 1;
            }
        }
        for (level, count) in counts.into_iter().enumerate() {
            // The combinations are the product of all levels over those of this factor: the product is the same for all.
            let filled = count.saturating_mul(described.levels.len());
            if found.is_none_or(|(least, _)| filled <= least) {
                found = Some((filled, (factor, level)));
            }
        }
    }
    found.map(|(_, place)| place)
}

/// The points in the order of the cells; `None` where two stand at one cell.
fn in_order(factors: &[Factor], places: &[Vec<usize>], points: &[usize]) -> Option<Vec<usize>> {
    let mut cells = vec![None; points.len()];
    for (index, point) in points.iter().enumerate() {
        let cell = factors
            .iter()
            .zip(places)
            .try_fold(0, |cell, (factor, places)| Some(cell * factor.levels.len() + places.get(index)?))?;
        let slot = cells.get_mut(cell)?;
        if slot.replace(*point).is_some() {
            return None;
        }
    }
    cells.into_iter().collect()
}

/// The levels at which there are points, but none of those kept, on axes of which another level is kept or not.
fn dropped(manifest: &Manifest, all: &[usize], kept: &[usize]) -> Vec<(usize, u32)> {
    let of_axis = |axis: usize| {
        let kept = levels_of(manifest, kept, axis);
        levels_of(manifest, all, axis)
            .into_iter()
            .filter(move |level| !kept.contains(level))
            .map(move |level| (axis, level))
    };
    (0..manifest.axes.len()).flat_map(of_axis).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use swath_results::manifest::Task;

    use super::*;
    use crate::tests::fixture::Sweep;

    /// A grid of two, three and two levels of which only the points at `kept` are there.
    fn sweep(kept: &[usize]) -> Sweep {
        let axes: &[(&str, &[&str])] =
            &[("architecture", &["a", "b"]), ("epochs", &["1", "2", "3"]), ("batch_size", &["8", "16"])];
        let mut sweep = Sweep::new(Task::Regression, axes, 1);
        sweep.manifest.points = kept.iter().map(|point| sweep.manifest.points[*point].clone()).collect();
        sweep
    }

    fn names(grid: &FullGrid, sweep: &Sweep) -> Vec<String> {
        grid.factors.iter().map(|factor| factor.name(&sweep.manifest)).collect()
    }

    #[test]
    fn a_full_grid_is_kept_whole_and_in_order() {
        let sweep = sweep(&(0..12).collect::<Vec<_>>());
        let grid = full_grid(&sweep.manifest, |_| true).unwrap();
        assert_eq!(names(&grid, &sweep), ["architecture", "epochs", "batch_size"]);
        assert_eq!((grid.cells, grid.dropped), ((0..12).collect(), vec![]));
    }

    #[test]
    fn axes_that_change_together_are_one_factor() {
        // Epochs 1 with batches of 8 and epochs 2 with batches of 16.
        let sweep = sweep(&[0, 3, 6, 9]);
        let grid = full_grid(&sweep.manifest, |_| true).unwrap();
        assert_eq!(names(&grid, &sweep), ["architecture", "epochs + batch_size"]);
        assert_eq!(grid.factors[1].label(&sweep.manifest, 1), "2 + 16");
        assert_eq!((grid.cells, grid.dropped), (vec![0, 1, 2, 3], vec![]));
    }

    #[test]
    fn a_level_with_a_missing_point_is_dropped_and_the_rest_is_full() {
        let sweep = sweep(&[0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]);
        let grid = full_grid(&sweep.manifest, |_| true).unwrap();
        assert_eq!(grid.dropped, [(1, 2)]);
        assert_eq!(grid.cells, [0, 1, 2, 3, 5, 6, 7, 8]);
        let grid = full_grid(&sweep.manifest, |point| point != 1).unwrap();
        assert_eq!((grid.dropped, grid.cells.len()), (vec![(2, 1)], 6));
    }

    #[test]
    fn where_nothing_varies_or_nothing_finished_there_is_no_grid() {
        assert_eq!(full_grid(&sweep(&[3]).manifest, |_| true), Err(NoFullGrid::NothingVaries));
        assert_eq!(full_grid(&sweep(&[0, 1]).manifest, |_| false), Err(NoFullGrid::NoPart));
        assert_eq!(full_grid(&sweep(&[0, 1]).manifest, |point| point == 0), Err(NoFullGrid::NoPart));
    }

    proptest! {
        #[test]
        fn whatever_points_there_are_the_cells_are_the_product_of_the_factors(
            kept in prop::sample::subsequence((0..12_usize).collect::<Vec<_>>(), 0..=12)
        ) {
            let sweep = sweep(&kept);
            if let Ok(grid) = full_grid(&sweep.manifest, |_| true) {
                let levels: Vec<usize> = grid.factors.iter().map(|factor| factor.levels.len()).collect();
                prop_assert!(levels.iter().all(|levels| *levels > 1));
                prop_assert_eq!(levels.iter().product::<usize>(), grid.cells.len());
                for (cell, point) in grid.cells.iter().enumerate() {
                    let mut rest = cell;
                    for factor in grid.factors.iter().rev() {
                        let levels = &factor.levels[rest % factor.levels.len()];
                        rest /= factor.levels.len();
                        for (axis, level) in factor.axes.iter().zip(levels) {
                            prop_assert_eq!(sweep.manifest.points[*point].levels[*axis], *level);
                        }
                    }
                }
            }
        }
    }
}
