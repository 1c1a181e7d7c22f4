//! Tests of a paired difference that assume no normal distribution: all flips of signs are counted.

use super::ranks::average_ranks;
use super::sum::sum;

/// The most differences for which the sign-flip test counts all 2^n flips.
pub const MOST_FLIPPED: usize = 20;

/// Sums nearer than this share of the sum of magnitudes count as tied.
const TIE: f64 = 1e-12;

/// The smallest two-sided p that n pairs can give in an exact test: 2 / 2^n. `None` for no pairs.
///
/// At n = 5 it is .0625: such a p says that all differences point one way, and never "no difference".
pub fn smallest_exact_p(n: usize) -> Option<f64> {
    (n > 0).then(|| (2.0 * libm::pow(0.5, n as f64)).min(1.0))
}

/// The two-sided p of the exact sign-flip test of a mean of 0 (Fisher 1935; SciPy's `permutation_test`, "samples").
///
/// `None` without differences, if one is not finite, or for more than [`MOST_FLIPPED`].
pub fn sign_flip_p(differences: &[f64]) -> Option<f64> {
    let n = differences.len();
    if n == 0 || n > MOST_FLIPPED || differences.iter().any(|difference| !difference.is_finite()) {
        return None;
    }
    let magnitude = sum(differences.iter().map(|difference| difference.abs()));
    let least = sum(differences.iter().copied()).abs() - TIE * magnitude;
    let flips = 1_u32 << n;
    let reaching = (0..flips).filter(|flip| flipped_sum(differences, *flip).abs() >= least).count();
    magnitude.is_finite().then(|| reaching as f64 / f64::from(flips))
}

/// The two-sided p of Wilcoxon's signed-rank test, exact given the ties; zero differences are dropped (Wilcoxon 1945).
///
/// p is twice the smaller tail, at most 1, as in SciPy's `wilcoxon`; 1 if all differences are zero. `None` without
/// differences or if one is not finite.
pub fn wilcoxon_p(differences: &[f64]) -> Option<f64> {
    if differences.is_empty() || differences.iter().any(|difference| !difference.is_finite()) {
        return None;
    }
    let moved: Vec<f64> = differences.iter().copied().filter(|difference| *difference != 0.0).collect();
    let ranks = average_ranks(&moved.iter().map(|difference| difference.abs()).collect::<Vec<_>>());
    // Average ranks are multiples of one half, so twice a rank is a whole number.
    let doubled: Vec<usize> = ranks.iter().map(|rank| (2.0 * rank) as usize).collect();
    let observed: usize = doubled.iter().zip(&moved).filter(|(_, moved)| **moved > 0.0).map(|(rank, _)| rank).sum();
    let chances = chances_of_rank_sums(&doubled);
    let at_most = sum(chances.iter().take(observed + 1).copied());
    let at_least = sum(chances.iter().skip(observed).copied());
    Some((2.0 * at_most.min(at_least)).min(1.0))
}

/// The sum of the differences with the signs of the set bits turned.
fn flipped_sum(differences: &[f64], flip: u32) -> f64 {
    differences
        .iter()
        .enumerate()
        .map(|(place, difference)| if flip >> place & 1 == 1 { -difference } else { *difference })
        .sum()
}

/// The probability of each sum of positive ranks if every sign is a fair coin.
fn chances_of_rank_sums(ranks: &[usize]) -> Vec<f64> {
    let mut chances = vec![0.0; ranks.iter().sum::<usize>() + 1];
    chances[0] = 1.0;
    for rank in ranks {
        for total in (0..chances.len()).rev() {
            let with = total.checked_sub(*rank).map_or(0.0, |rest| chances[rest]);
            chances[total] = 0.5 * (chances[total] + with);
        }
    }
    chances
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{A, B, assert_digits, assert_near};

    fn golden_differences() -> Vec<f64> {
        A.iter().zip(B).map(|(a, b)| a - b).collect()
    }

    #[test]
    fn exact_tests_of_the_golden_pair_agree_with_scipy() {
        // SciPy 1.17: permutation_test(permutation_type="samples") and wilcoxon(method="exact").
        assert_near(sign_flip_p(&golden_differences()).unwrap(), 0.0625, 1e-12);
        assert_near(wilcoxon_p(&golden_differences()).unwrap(), 0.0625, 1e-12);
    }

    #[test]
    fn the_floor_halves_with_every_replicate() {
        for (n, golden) in [(5, "0.0625"), (6, "0.03125"), (7, "0.0156"), (8, "0.0078"), (10, "0.002")] {
            assert_digits(smallest_exact_p(n).unwrap(), golden);
        }
        assert_eq!(smallest_exact_p(0), None);
    }

    #[test]
    fn mixed_signs_agree_with_scipy() {
        // SciPy 1.17: wilcoxon(d, method="exact") and permutation_test over np.mean.
        let differences = [0.3, -0.1, 0.5, 0.45, -0.2, 0.7, 0.05];
        assert_near(wilcoxon_p(&differences).unwrap(), 0.156_25, 1e-12);
        assert_near(sign_flip_p(&differences).unwrap(), 0.125, 1e-12);
    }

    #[test]
    fn differences_of_zero_are_dropped_and_all_zero_is_a_p_of_one() {
        assert_near(wilcoxon_p(&[0.0; 4]).unwrap(), 1.0, 1e-15);
        assert_near(sign_flip_p(&[0.0; 4]).unwrap(), 1.0, 1e-15);
        assert_eq!(wilcoxon_p(&[0.0, 1.0, 2.0, 3.0]), wilcoxon_p(&[1.0, 2.0, 3.0]));
    }

    #[test]
    fn no_differences_too_many_or_nan_give_nothing() {
        assert_eq!(sign_flip_p(&[]), None);
        assert_eq!(sign_flip_p(&[1.0; MOST_FLIPPED + 1]), None);
        assert_eq!(sign_flip_p(&[1.0, f64::NAN]), None);
        assert_eq!(wilcoxon_p(&[]), None);
        assert_eq!(wilcoxon_p(&[f64::INFINITY]), None);
    }

    proptest! {
        #[test]
        fn permuting_or_mirroring_the_differences_leaves_p_as_it_was(
            differences in prop::collection::vec((-40..40_i32).prop_map(|whole| f64::from(whole) / 8.0), 1..9),
            turn in 0..9_usize,
        ) {
            let mut turned = differences.clone();
            turned.reverse();
            turned.rotate_left(turn % differences.len());
            let mirrored: Vec<f64> = differences.iter().map(|difference| -difference).collect();
            for other in [&turned, &mirrored] {
                prop_assert_eq!(sign_flip_p(&differences), sign_flip_p(other));
                let (one, two) = (wilcoxon_p(&differences).unwrap(), wilcoxon_p(other).unwrap());
                prop_assert!((one - two).abs() < 1e-12);
            }
        }

        #[test]
        fn no_p_is_under_the_floor_or_over_one(
            differences in prop::collection::vec(-5.0..5.0_f64, 1..9)
        ) {
            let floor = smallest_exact_p(differences.len()).unwrap();
            for p in [sign_flip_p(&differences).unwrap(), wilcoxon_p(&differences).unwrap()] {
                prop_assert!(floor - 1e-12 <= p && p <= 1.0);
            }
        }

        #[test]
        fn wilcoxon_counts_what_an_enumeration_of_all_signs_counts(
            differences in prop::collection::vec((-6..7_i32).prop_map(f64::from), 1..8)
        ) {
            let moved: Vec<f64> = differences.iter().copied().filter(|difference| *difference != 0.0).collect();
            let ranks = average_ranks(&moved.iter().map(|difference| difference.abs()).collect::<Vec<_>>());
            let positive = |keep: &dyn Fn(usize) -> bool| -> f64 {
                ranks.iter().enumerate().filter(|(place, _)| keep(*place)).map(|(_, rank)| rank).sum()
            };
            let observed = positive(&|place| moved[place] > 0.0);
            let all: Vec<f64> =
                (0..1_u32 << moved.len()).map(|flip| positive(&|place| flip >> place & 1 == 1)).collect();
            let share = |count: usize| count as f64 / all.len() as f64;
            let at_most = share(all.iter().filter(|total| **total <= observed).count());
            let at_least = share(all.iter().filter(|total| **total >= observed).count());
            let expected = (2.0 * at_most.min(at_least)).min(1.0);
            prop_assert!((wilcoxon_p(&differences).unwrap() - expected).abs() < 1e-12);
        }
    }
}
