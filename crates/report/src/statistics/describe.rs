//! One point in one metric: centre, spread and interval over its replicates.

use super::alpha::Alpha;
use super::distribution::student_t_critical;
use super::interval::Interval;
use super::mean_test::{MeanTest, Replicates, standard_deviation};
use super::sum::mean;

/// What the table of points shows for one metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The number of replicates.
    pub n: usize,
    /// The mean.
    pub mean: f64,
    /// The standard deviation with n - 1; `None` for one replicate.
    pub sd: Option<f64>,
    /// The median; the mean of the middle two for an even number.
    pub median: f64,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
    /// The t interval of the mean; `None` for one replicate.
    pub interval: Option<Interval>,
}

/// Summarises finite values, one per replicate; `None` if there are none or one is not finite.
pub fn describe(values: &[f64], alpha: Alpha) -> Option<Summary> {
    let sorted = sorted(values)?;
    Some(Summary {
        n: values.len(),
        mean: mean(values)?,
        sd: standard_deviation(values),
        median: quantile(values, 0.5)?,
        min: *sorted.first()?,
        max: *sorted.last()?,
        interval: mean_interval(values, alpha),
    })
}

/// The t interval of the mean; `None` for fewer than two values or if one is not finite.
///
/// Half as wide as the values are spread at n = 10 (.72 standard deviations) and hardly informative at n = 3 (2.48).
pub fn mean_interval(values: &[f64], alpha: Alpha) -> Option<Interval> {
    MeanTest::new(values, Replicates::Independent).map(|test| test.interval(alpha))
}

/// The geometric mean with the t interval of the mean logarithm: exact for lognormal values, so for skewed losses.
///
/// The interval is `None` for one value; all is `None` without values or unless all are positive and finite.
pub fn geometric_mean(values: &[f64], alpha: Alpha) -> Option<(f64, Option<Interval>)> {
    if values.iter().any(|value| *value <= 0.0 || value.is_nan()) {
        return None;
    }
    let logarithms: Vec<f64> = values.iter().map(|value| libm::log(*value)).collect();
    let interval = mean_interval(&logarithms, alpha).map(|interval| interval.map(libm::exp));
    Some((libm::exp(mean(&logarithms)?), interval))
}

/// Half the width of the t interval of `n` replicates, in standard deviations; `None` for fewer than two.
pub fn half_width_in_sd(n: usize, alpha: Alpha) -> Option<f64> {
    if n < 2 {
        return None;
    }
    student_t_critical(alpha.get() / 2.0, (n - 1) as f64).map(|t| t / (n as f64).sqrt())
}

/// The quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7, NumPy's default).
///
/// `None` without values, if one is not finite, or unless `0 <= probability <= 1`.
pub fn quantile(values: &[f64], probability: f64) -> Option<f64> {
    let sorted = sorted(values)?;
    if !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let position = probability * (sorted.len() - 1) as f64;
    let below = *sorted.get(libm::floor(position) as usize)?;
    let above = *sorted.get(libm::ceil(position) as usize)?;
    let share = position - libm::floor(position);
    Some(below * (1.0 - share) + above * share)
}

/// The median: [`quantile`] at one half.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The mean of the middle half: floor(n/4) values are cut from each end (SciPy's `trim_mean` at .25).
///
/// Over a matrix of tasks and runs, pool all values first (Agarwal et al. 2021, rliable). `None` without values or if
/// one is not finite.
pub fn interquartile_mean(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values)?;
    let cut = sorted.len() / 4;
    mean(sorted.get(cut..sorted.len() - cut)?)
}

/// The values in ascending order; `None` without values or if one is not finite.
pub(super) fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(sorted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{A, assert_digits, assert_near};

    #[test]
    fn the_summary_of_the_golden_losses_agrees_with_scipy() {
        // SciPy 1.17: stats.t.interval over NumPy's mean and std(ddof=1).
        let summary = describe(&A, Alpha::FIVE_PERCENT).unwrap();
        assert_near(summary.mean, 0.26182, 1e-9);
        assert_digits(summary.sd.unwrap(), "0.010445430");
        assert_digits(summary.interval.unwrap().low, "0.24885029");
        assert_digits(summary.interval.unwrap().high, "0.27478971");
        assert_near(summary.median, 0.2602, 1e-9);
        assert_near(summary.min, 0.2510, 1e-9);
        assert_near(summary.max, 0.2783, 1e-9);
    }

    #[test]
    fn one_replicate_has_neither_spread_nor_interval() {
        let summary = describe(&[0.3], Alpha::FIVE_PERCENT).unwrap();
        assert_eq!((summary.n, summary.sd, summary.interval), (1, None, None));
        assert_near(summary.mean, 0.3, 1e-15);
    }

    #[test]
    fn nothing_is_said_of_no_values_or_of_values_that_are_not_finite() {
        for values in [&[][..], &[0.1, f64::NAN], &[0.1, f64::INFINITY]] {
            assert_eq!(describe(values, Alpha::FIVE_PERCENT), None);
            assert_eq!(interquartile_mean(values), None);
            assert_eq!(quantile(values, 0.5), None);
            assert_eq!(geometric_mean(values, Alpha::FIVE_PERCENT), None);
        }
    }

    #[test]
    fn half_widths_fall_with_the_number_of_replicates_as_scipy_says() {
        // SciPy 1.17: stats.t.ppf(.975, n - 1) / sqrt(n).
        for (n, golden) in [(3, "2.48"), (5, "1.24"), (8, "0.84"), (10, "0.72"), (20, "0.47"), (30, "0.37")] {
            assert_digits(half_width_in_sd(n, Alpha::FIVE_PERCENT).unwrap(), golden);
        }
        assert_eq!(half_width_in_sd(1, Alpha::FIVE_PERCENT), None);
    }

    #[test]
    fn interquartile_means_agree_with_scipy() {
        // SciPy 1.17: stats.trim_mean(values, .25), which is rliable's aggregate over the pooled matrix.
        assert_digits(interquartile_mean(&A).unwrap(), "0.2599333");
        let matrix = [0.1, 0.5, 0.9, 0.2, 0.4, 1.4, 0.3, 0.6, 0.7, 0.15, 0.55, 0.8, 0.22, 0.45, 0.95];
        assert_digits(interquartile_mean(&matrix).unwrap(), "0.5022222");
    }

    #[test]
    fn quantiles_interpolate_as_numpy_does() {
        // NumPy 2.4: np.quantile([4, 1, 3, 2], q).
        for (probability, golden) in [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)] {
            assert_near(quantile(&[4.0, 1.0, 3.0, 2.0], probability).unwrap(), golden, 1e-12);
        }
        assert_eq!(quantile(&[1.0], 1.1), None);
        assert_eq!(quantile(&[1.0], f64::NAN), None);
    }

    #[test]
    fn the_geometric_mean_needs_positive_values() {
        assert_eq!(geometric_mean(&[1.0, 0.0], Alpha::FIVE_PERCENT), None);
        let (centre, interval) = geometric_mean(&[1.0, 4.0], Alpha::FIVE_PERCENT).unwrap();
        assert_near(centre, 2.0, 1e-12);
        let interval = interval.unwrap();
        assert_near(interval.low * interval.high, 4.0, 1e-9);
    }

    proptest! {
        #[test]
        fn permuting_replicates_changes_no_bit_of_the_summary(
            values in prop::collection::vec(1e-3..1e3_f64, 1..12), turn in 0..12_usize
        ) {
            let mut turned = values.clone();
            turned.reverse();
            turned.rotate_left(turn % values.len());
            prop_assert_eq!(describe(&values, Alpha::FIVE_PERCENT), describe(&turned, Alpha::FIVE_PERCENT));
            prop_assert_eq!(geometric_mean(&values, Alpha::FIVE_PERCENT), geometric_mean(&turned, Alpha::FIVE_PERCENT));
            prop_assert_eq!(interquartile_mean(&values), interquartile_mean(&turned));
        }

        #[test]
        fn nan_never_reaches_a_mean(
            values in prop::collection::vec(-1e3..1e3_f64, 0..8),
            place in 0..9_usize,
            wrong in prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
        ) {
            let mut spoilt = values;
            spoilt.insert(place.min(spoilt.len()), wrong);
            prop_assert_eq!(describe(&spoilt, Alpha::FIVE_PERCENT), None);
            prop_assert_eq!(mean_interval(&spoilt, Alpha::FIVE_PERCENT), None);
            prop_assert_eq!(interquartile_mean(&spoilt), None);
        }
    }
}
