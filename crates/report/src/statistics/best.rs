//! The best of many points: how it improves with their number, and what choosing it costs.

use super::describe::sorted;
use super::distribution::{normal_cdf, normal_density, trapezoid};
use super::sum::sum;

/// The expected best (smallest) of `draws` of these losses without replacement: sum over i of
/// `C(B - i, draws - 1) / C(B, draws) * v_i` (Tang et al. 2020).
///
/// Only for points that are exchangeable; give the mean of each over its replicates. `None` if a loss is not finite, or
/// unless `1 <= draws <= losses`.
pub fn expected_best(losses: &[f64], draws: usize) -> Option<f64> {
    let sorted = sorted(losses)?;
    let count = sorted.len();
    if draws == 0 || draws > count {
        return None;
    }
    // The probability that the i-th smallest is the best: draws / B for the first, then each from the one before.
    let mut chance = draws as f64 / count as f64;
    let mut terms = Vec::with_capacity(count);
    for (place, value) in sorted.iter().enumerate() {
        terms.push(chance * value);
        let left = count - 1 - place;
        chance *= (left + 1).saturating_sub(draws) as f64 / left.max(1) as f64;
    }
    Some(sum(terms)).filter(|expected| expected.is_finite())
}

/// As [`expected_best`] with replacement (Dodge et al. 2019), which expects too little of a search.
///
/// `draws` may exceed the losses. `None` for no draws, no losses, or if a loss is not finite.
pub fn expected_best_with_replacement(losses: &[f64], draws: usize) -> Option<f64> {
    let sorted = sorted(losses)?;
    if draws == 0 {
        return None;
    }
    let count = sorted.len();
    let none_below = |place: usize| libm::pow((count - place) as f64 / count as f64, draws as f64);
    let mut above = 1.0;
    let terms = sorted.iter().enumerate().map(|(place, value)| {
        let next = none_below(place + 1);
        let chance = std::mem::replace(&mut above, next) - next;
        value * chance
    });
    Some(sum(terms)).filter(|expected| expected.is_finite())
}

/// The expected largest of `count` independent standard normals; 0 for one, `None` for none.
pub fn expected_largest_normal(count: usize) -> Option<f64> {
    if count == 0 {
        return None;
    }
    let others = (count - 1) as f64;
    let integral = trapezoid(-9.0, 13.0, 2_200, |z| z * normal_density(z) * libm::pow(normal_cdf(z), others));
    Some(count as f64 * integral)
}

/// How far the smallest of `points` means lies under the truth if all points are equal: the winner's curse, in the
/// units of `sd`, the standard deviation between replicates.
///
/// `E[max of K normals] * sd / sqrt(n)`. `None` for no points or replicates, or unless `sd` is finite and not negative.
pub fn winners_curse(points: usize, sd: f64, replicates: usize) -> Option<f64> {
    if replicates == 0 || !sd.is_finite() || sd < 0.0 {
        return None;
    }
    Some(expected_largest_normal(points)? * sd / (replicates as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{assert_digits, assert_near};

    const LOSSES: [f64; 8] = [0.27, 0.28, 0.29, 0.30, 0.31, 0.33, 0.35, 0.40];

    #[test]
    fn expected_bests_agree_with_their_formulas_in_scipy() {
        // SciPy 1.17: special.comb in the form of Tang et al. (2020); NumPy in that of Dodge et al. (2019).
        for (draws, golden) in [(1, "0.31625"), (2, "0.291429"), (4, "0.278000"), (8, "0.270000")] {
            assert_digits(expected_best(&LOSSES, draws).unwrap(), golden);
        }
        for (draws, golden) in [(1, "0.31625"), (2, "0.294531"), (4, "0.281663"), (8, "0.274717")] {
            assert_digits(expected_best_with_replacement(&LOSSES, draws).unwrap(), golden);
        }
        assert_eq!(expected_best(&LOSSES, 9), None);
        assert_eq!(expected_best(&LOSSES, 0), None);
        assert_eq!(expected_best_with_replacement(&LOSSES, 0), None);
        assert_eq!(expected_best(&[0.1, f64::NAN], 1), None);
    }

    #[test]
    fn the_expected_largest_normals_agree_with_scipy() {
        // SciPy 1.17: integrate.quad of K z phi(z) Phi(z)^(K - 1).
        for (count, golden) in
            [(4, "1.029375373"), (16, "1.765991393"), (24, "1.947674074"), (96, "2.492967470"), (480, "3.024264851")]
        {
            assert_digits(expected_largest_normal(count).unwrap(), golden);
        }
        // By hand: 0, 1 / sqrt(pi) and 1.5 / sqrt(pi).
        let root = std::f64::consts::PI.sqrt();
        assert!(expected_largest_normal(1).unwrap().abs() < 1e-12);
        assert_near(expected_largest_normal(2).unwrap(), 1.0 / root, 1e-12);
        assert_near(expected_largest_normal(3).unwrap(), 1.5 / root, 1e-12);
        assert_eq!(expected_largest_normal(0), None);
    }

    #[test]
    fn the_winners_curse_of_96_points_and_5_replicates_is_over_a_standard_deviation() {
        assert_digits(winners_curse(96, 1.0, 5).unwrap(), "1.11");
        assert_eq!(winners_curse(96, f64::NAN, 5), None);
        assert_eq!(winners_curse(96, 1.0, 0), None);
    }

    proptest! {
        #[test]
        fn more_draws_never_expect_a_worse_best(losses in prop::collection::vec(0.0..1.0_f64, 2..12)) {
            for draws in 1..losses.len() {
                let fewer = expected_best(&losses, draws).unwrap();
                let more = expected_best(&losses, draws + 1).unwrap();
                prop_assert!(more <= fewer + 1e-12);
                prop_assert!(fewer <= expected_best_with_replacement(&losses, draws).unwrap() + 1e-12);
            }
        }
    }
}
