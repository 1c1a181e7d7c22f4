//! How large a difference is, free of units.

use super::mean_test::{MeanTest, Replicates, standard_deviation};
use super::paired::Pairs;

/// Standardised differences of a - b; each is `None` where its standard deviation is 0 or there are too few pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EffectSizes {
    /// `d_z`: mean over standard deviation of the differences (Cohen 1988).
    pub of_differences: Option<f64>,
    /// `d_z` times [`bias_correction`] at n - 1.
    pub of_differences_corrected: Option<f64>,
    /// `d_av`: mean difference over the root of the mean of both variances (Cumming 2012).
    pub of_averaged_sd: Option<f64>,
    /// Hedges' g: the former times [`bias_correction`] at 2n - 2, as for unpaired samples; not a paired figure.
    pub hedges: Option<f64>,
}

/// The effect sizes of a pair of points (pingouin's `cohen` and `hedges` for the averaged ones).
pub fn effect_sizes(pairs: &Pairs) -> EffectSizes {
    let test = pairs.test(Replicates::Independent);
    let of_differences = test.as_ref().and_then(effect);
    let of_averaged_sd = averaged_sd(pairs).zip(pairs.mean_difference()).map(|(sd, mean)| mean / sd);
    EffectSizes {
        of_differences,
        of_differences_corrected: test.as_ref().and_then(corrected_effect),
        of_averaged_sd,
        hedges: of_averaged_sd.zip(bias_correction(2 * pairs.n() - 2)).map(|(effect, correction)| effect * correction),
    }
}

/// `d_z` times [`bias_correction`] at n - 1 of a paired test; `None` where differences are constant or n < 3.
pub fn corrected_effect(test: &MeanTest) -> Option<f64> {
    Some(effect(test)? * bias_correction(test.n() - 1)?)
}

fn effect(test: &MeanTest) -> Option<f64> {
    (!test.is_constant()).then(|| test.mean() / test.sd())
}

/// J(m) = gamma(m/2) / (sqrt(m/2) gamma((m-1)/2)), which takes the bias from a standardised mean (Hedges 1981).
///
/// `None` for fewer than two degrees of freedom.
pub fn bias_correction(degrees: usize) -> Option<f64> {
    if degrees < 2 {
        return None;
    }
    let half = degrees as f64 / 2.0;
    Some(libm::exp(libm::lgamma(half) - libm::lgamma(half - 0.5)) / half.sqrt())
}

/// The share of all n * n combinations in which a is over b, ties counting half: the U of Mann and Whitney over n * n.
///
/// For losses, where less is better, ask it of (b, a).
pub fn probability_over(pairs: &Pairs) -> f64 {
    let over = |a: f64, b: f64| if a > b { 2_u64 } else { u64::from(a >= b) };
    let halves: u64 = pairs.a().iter().flat_map(|a| pairs.b().iter().map(|b| over(*a, *b))).sum();
    halves as f64 / (2 * pairs.n() * pairs.n()) as f64
}

/// Cliff's delta: P(a > b) - P(a < b), from -1 to 1 (Cliff 1993).
pub fn cliffs_delta(pairs: &Pairs) -> f64 {
    2.0 * probability_over(pairs) - 1.0
}

fn averaged_sd(pairs: &Pairs) -> Option<f64> {
    let sd = libm::hypot(standard_deviation(pairs.a())?, standard_deviation(pairs.b())?) / 2.0_f64.sqrt();
    (sd > 0.0).then_some(sd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::golden::{A, B, assert_digits, assert_near};

    #[test]
    fn effect_sizes_of_the_golden_pair_agree_with_pingouin() {
        // pingouin 0.7: compute_effsize and the exact correction by SciPy 1.17's gamma.
        let sizes = effect_sizes(&Pairs::of_values(&A, &B).unwrap());
        assert_digits(sizes.of_differences.unwrap(), "1.983822");
        assert_digits(sizes.of_differences_corrected.unwrap(), "1.582861");
        assert_digits(sizes.of_averaged_sd.unwrap(), "1.244761");
        assert_digits(sizes.hedges.unwrap(), "1.123650");
    }

    #[test]
    fn dominance_of_the_golden_pair_agrees_with_scipy() {
        // SciPy 1.17: mannwhitneyu(a, b).statistic / 25.
        let pairs = Pairs::of_values(&A, &B).unwrap();
        assert_near(probability_over(&pairs), 0.88, 1e-12);
        assert_near(cliffs_delta(&pairs), 0.76, 1e-12);
    }

    #[test]
    fn identical_samples_tie_everywhere_and_have_no_effect() {
        let pairs = Pairs::of_values(&A, &A).unwrap();
        assert_near(probability_over(&pairs), 0.5, 1e-15);
        assert_eq!(effect_sizes(&pairs).of_differences, None);
        assert_near(effect_sizes(&pairs).of_averaged_sd.unwrap() + 1.0, 1.0, 1e-15);
    }

    #[test]
    fn one_pair_has_no_standardised_effect() {
        let sizes = effect_sizes(&Pairs::of_values(&[1.0], &[2.0]).unwrap());
        assert_eq!((sizes.of_differences, sizes.of_differences_corrected, sizes.hedges), (None, None, None));
        assert_eq!(bias_correction(1), None);
    }
}
