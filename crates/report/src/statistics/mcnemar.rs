//! The test of `McNemar`: whether two classifiers that see the same rows are right equally often.

/// The exact two-sided p value (`McNemar` 1947, by the binomial distribution): of the rows that one alone has right and
/// those that the other alone has right, twice the probability of so uneven a share or a more uneven one, at most 1. 1
/// where no row tells them apart.
///
/// It speaks of other rows with the same two classifiers, not of other trainings of them.
pub fn mcnemar_p(only_one: u64, only_other: u64) -> f64 {
    let (fewer, all) = (only_one.min(only_other), only_one + only_other);
    if all == 0 {
        return 1.0;
    }
    // Term by term from that of 0, in logarithms: 2^-n is 0 in f64 beyond n = 1074.
    let mut logarithm = -(all as f64) * std::f64::consts::LN_2;
    let mut tail = libm::exp(logarithm);
    for right in 1..=fewer {
        logarithm += libm::log((all - right + 1) as f64) - libm::log(right as f64);
        tail += libm::exp(logarithm);
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{assert_digits, assert_near};

    /// SciPy 1.17: `binomtest(a, a + b).pvalue`.
    #[test]
    fn p_values_agree_with_scipy() {
        assert_digits(mcnemar_p(5, 15), "0.041389");
        assert_digits(mcnemar_p(0, 6), "0.03125");
        assert_near(mcnemar_p(40, 62), 0.037_066_767_438_560_584, 1e-10);
        assert_near(mcnemar_p(1000, 1100), 0.030_720_707_864_242_49, 1e-10);
        assert_near(mcnemar_p(7, 8), 1.0, 1e-12);
        assert_near(mcnemar_p(0, 0), 1.0, 1e-12);
    }

    proptest! {
        #[test]
        fn it_asks_both_sides_alike_and_is_a_probability(one in 0u64..3_000, other in 0u64..3_000) {
            let p = mcnemar_p(one, other);
            prop_assert_eq!(p.to_bits(), mcnemar_p(other, one).to_bits());
            prop_assert!((0.0..=1.0).contains(&p));
        }
    }
}
