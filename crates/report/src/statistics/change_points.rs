//! Where a series changes its level: E-divisive (Matteson and James 2014) with a t test in place of permutations (Fleming,
//! Kolaczkowski and others, "Hunter", 2023).
//!
//! The energy statistic finds the place, Welch's t test decides whether there is a change at all. It is advice: values of
//! successive nights are no independent sample, so the p values order findings more than they bound errors.

use super::alpha::Alpha;
use super::mean_test::standard_deviation;
use super::sum::mean;
use super::welch::Welch;

/// The fewest values on either side of a change.
pub const FEWEST_VALUES: usize = 4;

/// A change of level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChangePoint {
    /// The place of the first value of the new level, counted from 0.
    pub index: usize,
    /// Mean of the values from the change before up to this one.
    pub before: f64,
    /// Mean of the values from this one up to the next change.
    pub after: f64,
    /// The p value of Welch's t test of the two; 0 where both sides are constant.
    pub p: f64,
}

impl ChangePoint {
    /// The change as a share of the level before; `None` where that is 0.
    pub fn relative(&self) -> Option<f64> {
        Some((self.after - self.before) / self.before.abs()).filter(|share| share.is_finite())
    }
}

/// The changes of level in a series, in its order: those that a test at `alpha` tells from none. Nothing for a series
/// with a value that is not finite.
pub fn change_points(values: &[f64], alpha: Alpha) -> Vec<ChangePoint> {
    if !values.iter().all(|value| value.is_finite()) {
        return Vec::new();
    }
    let mut places = Vec::new();
    divide(values, 0, alpha, &mut places);
    places.sort_unstable();
    // A place that was found in a long stretch may be none between its neighbours: the weakest goes first.
    loop {
        let found = tested(values, &places);
        let weakest = found.iter().enumerate().max_by(|(_, one), (_, other)| one.p.total_cmp(&other.p));
        match weakest {
            Some((place, change)) if change.p >= alpha.get() => drop(places.remove(place)),
            _ => return found,
        }
    }
}

/// The place that divides a series best, with its statistic; `None` for fewer than twice [`FEWEST_VALUES`].
///
/// Q = mn/(m+n) (2 E|X-Y| - E|X-X'| - E|Y-Y'|), with means over all pairs; the earliest on ties.
pub fn best_division(values: &[f64]) -> Option<(usize, f64)> {
    let last = values.len().checked_sub(FEWEST_VALUES)?;
    let all = (FEWEST_VALUES..=last).map(|place| (place, energy(values, place)));
    all.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

fn energy(values: &[f64], place: usize) -> f64 {
    let (left, right) = values.split_at(place);
    let (m, n) = (left.len() as f64, right.len() as f64);
    let between: f64 = left.iter().flat_map(|x| right.iter().map(move |y| (x - y).abs())).sum();
    m * n / (m + n) * (2.0 * between / (m * n) - within(left) - within(right))
}

/// The mean distance of two different values.
fn within(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let pairs =
        values.iter().enumerate().flat_map(|(place, x)| values.iter().skip(place + 1).map(move |y| (x - y).abs()));
    pairs.sum::<f64>() / (n * (n - 1.0) / 2.0)
}

fn divide(values: &[f64], offset: usize, alpha: Alpha, places: &mut Vec<usize>) {
    let Some((place, _)) = best_division(values) else { return };
    let (left, right) = values.split_at(place);
    if p(left, right) < alpha.get() {
        places.push(offset + place);
        divide(left, offset, alpha, places);
        divide(right, offset + place, alpha, places);
    }
}

/// Each place, tested between its neighbours.
fn tested(values: &[f64], places: &[usize]) -> Vec<ChangePoint> {
    let ends = places.iter().skip(1).copied().chain([values.len()]);
    let starts = [0].into_iter().chain(places.iter().copied());
    let change = |((start, place), end): ((usize, usize), usize)| {
        let (left, right) = (values.get(start..place)?, values.get(place..end)?);
        Some(ChangePoint { index: place, before: mean(left)?, after: mean(right)?, p: p(left, right) })
    };
    starts.zip(places.iter().copied()).zip(ends).filter_map(change).collect()
}

/// Of Welch's test; two constant stretches differ or do not.
fn p(left: &[f64], right: &[f64]) -> f64 {
    let is_constant = |values: &[f64]| standard_deviation(values).is_some_and(|sd| sd <= 0.0);
    if is_constant(left) && is_constant(right) {
        return if left.first() == right.first() { 1.0 } else { 0.0 };
    }
    Welch::new(left, right).and_then(|test| test.p()).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::assert_near;

    const SERIES: [f64; 10] = [10.0, 10.2, 9.9, 10.1, 10.0, 12.0, 12.1, 11.9, 12.2, 12.0];

    fn alpha(alpha: f64) -> Alpha {
        Alpha::new(alpha).unwrap()
    }

    #[test]
    fn the_golden_series_is_divided_at_its_step() {
        // By hand: 2 x 2 - .14 - .14, times 25/10.
        let (place, q) = best_division(&SERIES).unwrap();
        assert_eq!(place, 5);
        assert_near(q, 9.3, 1e-12);
        let found = change_points(&SERIES, alpha(0.001));
        assert_eq!(found.iter().map(|change| change.index).collect::<Vec<_>>(), [5]);
        assert_near(found[0].before, 10.04, 1e-12);
        assert_near(found[0].after, 12.04, 1e-12);
        assert_near(found[0].relative().unwrap(), 2.0 / 10.04, 1e-12);
    }

    #[test]
    fn a_series_that_is_too_short_or_level_has_no_change() {
        assert_eq!(best_division(&SERIES[..7]), None);
        assert_eq!(change_points(&SERIES[..5], alpha(0.05)), []);
        assert_eq!(change_points(&[3.0; 20], alpha(0.05)), []);
        assert_eq!(change_points(&[1.0, f64::NAN, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0], alpha(0.05)), []);
    }

    #[test]
    fn constant_stretches_change_exactly() {
        let series = [vec![1.0; 6], vec![2.0; 5], vec![1.5; 7]].concat();
        let found = change_points(&series, alpha(0.001));
        assert_eq!(found.iter().map(|change| (change.index, change.p)).collect::<Vec<_>>(), [(6, 0.0), (11, 0.0)]);
    }

    proptest! {
        #[test]
        fn scaling_and_shifting_move_no_change(
            values in prop::collection::vec(-8..8_i32, 8..24), power in -4..4_i32, shift in -64..64_i32
        ) {
            let plain: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
            let moved: Vec<f64> = plain.iter().map(|value| (value + f64::from(shift)) * 2.0_f64.powi(power)).collect();
            let places = |values: &[f64]| change_points(values, alpha(0.05)).iter().map(|change| change.index).collect::<Vec<_>>();
            prop_assert_eq!(places(&plain), places(&moved));
        }
    }
}
