//! Many comparisons at once.

/// Holm's adjusted p values (Holm 1979), in the order given: sorted, times m, m - 1, ..., running maximum, at most 1.
///
/// Empty for none; `None` if one is not a probability.
pub fn holm(p_values: &[f64]) -> Option<Vec<f64>> {
    let order = ascending(p_values)?;
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, place) in order.into_iter().enumerate() {
        largest = largest.max(p_values[place] * (p_values.len() - rank) as f64).min(1.0);
        adjusted[place] = largest;
    }
    Some(adjusted)
}

/// [`holm`] over those that have a p: the others have none after it, and do not count as compared. All are `None` if one is
/// not a probability.
pub fn holm_of(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let known: Vec<f64> = p_values.iter().copied().flatten().collect();
    let mut adjusted = holm(&known).unwrap_or_default().into_iter();
    p_values.iter().map(|p| p.and_then(|_| adjusted.next())).collect()
}

/// Adjusted p values of Benjamini and Hochberg (1995), in the order given: they bound the share of false discoveries,
/// so they are for exploration and decide nothing.
///
/// Empty for none; `None` if one is not a probability.
pub fn benjamini_hochberg(p_values: &[f64]) -> Option<Vec<f64>> {
    let order = ascending(p_values)?;
    let mut adjusted = vec![0.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, place) in order.into_iter().enumerate().rev() {
        smallest = smallest.min(p_values[place] * p_values.len() as f64 / (rank + 1) as f64);
        adjusted[place] = smallest;
    }
    Some(adjusted)
}

/// The places of the p values from the smallest up; `None` if one is not a probability.
fn ascending(p_values: &[f64]) -> Option<Vec<usize>> {
    if p_values.iter().any(|p| !(0.0..=1.0).contains(p)) {
        return None;
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|one, other| p_values[*one].total_cmp(&p_values[*other]));
    Some(order)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{benjamini_hochberg, holm, holm_of};
    use crate::statistics::golden::assert_near;

    const P_VALUES: [f64; 6] = [0.0012, 0.0104, 0.0201, 0.0378, 0.0499, 0.2];

    fn check(actual: &[f64], golden: [f64; 6]) {
        for (actual, golden) in actual.iter().zip(golden) {
            assert_near(*actual, golden, 1e-9);
        }
    }

    #[test]
    fn holm_agrees_with_statsmodels() {
        // statsmodels 0.15: multipletests(method="holm").
        check(&holm(&P_VALUES).unwrap(), [0.0072, 0.052, 0.0804, 0.1134, 0.1134, 0.2]);
    }

    #[test]
    fn benjamini_and_hochberg_agree_with_statsmodels() {
        // statsmodels 0.15: multipletests(method="fdr_bh").
        check(&benjamini_hochberg(&P_VALUES).unwrap(), [0.0072, 0.0312, 0.0402, 0.0567, 0.05988, 0.2]);
    }

    #[test]
    fn one_p_stays_and_what_is_no_probability_is_refused() {
        assert_eq!(holm(&[0.3]), Some(vec![0.3]));
        assert_eq!(holm(&[]), Some(vec![]));
        for wrong in [f64::NAN, -0.1, 1.1] {
            assert_eq!(holm(&[0.1, wrong]), None);
            assert_eq!(benjamini_hochberg(&[0.1, wrong]), None);
        }
    }

    #[test]
    fn what_has_no_p_has_none_afterwards_and_does_not_count() {
        assert_eq!(holm_of(&[None, Some(0.01), None, Some(0.04)]), [None, Some(0.02), None, Some(0.04)]);
        assert_eq!(holm_of(&[Some(0.1), Some(f64::NAN)]), [None, None]);
        assert_eq!(holm_of(&[]), []);
    }

    proptest! {
        #[test]
        fn permuting_p_values_permutes_the_adjusted_ones(
            p_values in prop::collection::vec(0.0..=1.0_f64, 1..12), turn in 0..12_usize
        ) {
            let turn = turn % p_values.len();
            let mut turned = p_values.clone();
            turned.rotate_left(turn);
            for adjust in [holm, benjamini_hochberg] {
                let mut expected = adjust(&p_values).unwrap();
                expected.rotate_left(turn);
                prop_assert_eq!(adjust(&turned).unwrap(), expected);
            }
        }

        #[test]
        fn adjusting_never_lowers_a_p_and_holm_is_never_under_benjamini_and_hochberg(
            p_values in prop::collection::vec(0.0..=1.0_f64, 1..12)
        ) {
            let (strict, mild) = (holm(&p_values).unwrap(), benjamini_hochberg(&p_values).unwrap());
            for ((p, strict), mild) in p_values.iter().zip(strict).zip(mild) {
                prop_assert!(*p <= mild + 1e-15 && mild <= strict + 1e-15 && strict <= 1.0);
            }
        }
    }
}
