//! The metrics of predicted numbers, in the target's own units.

use crate::metric::RegressionMetric;

impl RegressionMetric {
    /// Its value; `None` where there are no rows or where predictions and targets are not equally many, and for
    /// [`R2`](Self::R2) where the targets do not vary.
    pub fn of(self, predictions: &[f64], targets: &[f64]) -> Option<f64> {
        match self {
            Self::Mae => mean_absolute_error(predictions, targets),
            Self::Mse => mean_squared_error(predictions, targets),
            Self::Rmse => root_mean_squared_error(predictions, targets),
            Self::R2 => r2(predictions, targets),
        }
    }
}

/// The mean of |prediction - target|, in the target's units. NaN where a prediction is; `None` as [`RegressionMetric::of`].
pub fn mean_absolute_error(predictions: &[f64], targets: &[f64]) -> Option<f64> {
    mean(predictions, targets, f64::abs)
}

/// The mean of (prediction - target)^2, in squared units of the target. NaN where a prediction is; `None` as
/// [`RegressionMetric::of`].
pub fn mean_squared_error(predictions: &[f64], targets: &[f64]) -> Option<f64> {
    mean(predictions, targets, |error| error * error)
}

/// The square root of [`mean_squared_error`], in the target's units.
pub fn root_mean_squared_error(predictions: &[f64], targets: &[f64]) -> Option<f64> {
    mean_squared_error(predictions, targets).map(f64::sqrt)
}

/// The coefficient of determination: 1 less the sum of squared errors over that of the target's distances from its mean.
/// 1 at best, 0 for predicting the mean of these targets, negative without bound. NaN where a prediction is; `None` as
/// [`RegressionMetric::of`], and where the targets do not vary, where scikit-learn's `r2_score` says 0 or 1 instead.
pub fn r2(predictions: &[f64], targets: &[f64]) -> Option<f64> {
    let unexplained = mean_squared_error(predictions, targets)?;
    let first = targets.first()?;
    if targets.iter().all(|target| target.to_bits() == first.to_bits()) {
        return None;
    }
    let centre = targets.iter().sum::<f64>() / targets.len() as f64;
    let variance = targets.iter().map(|target| (target - centre).powi(2)).sum::<f64>() / targets.len() as f64;
    (variance > 0.0).then(|| 1.0 - unexplained / variance)
}

fn mean(predictions: &[f64], targets: &[f64], of_error: impl Fn(f64) -> f64) -> Option<f64> {
    if targets.is_empty() || predictions.len() != targets.len() {
        return None;
    }
    let errors = predictions.iter().zip(targets).map(|(prediction, target)| of_error(prediction - target));
    Some(errors.sum::<f64>() / targets.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [RegressionMetric; 4] =
        [RegressionMetric::Mae, RegressionMetric::Mse, RegressionMetric::Rmse, RegressionMetric::R2];

    #[test]
    fn predicting_the_targets_is_perfect_and_predicting_their_mean_explains_nothing() {
        let targets = [1.0, 2.0, 6.0];
        assert_eq!(ALL.map(|metric| metric.of(&targets, &targets)), [Some(0.0), Some(0.0), Some(0.0), Some(1.0)]);
        assert_eq!(r2(&[3.0; 3], &targets), Some(0.0));
    }

    #[test]
    fn r2_is_undefined_where_targets_do_not_vary() {
        assert_eq!(r2(&[0.1, 0.2, 0.1], &[0.1; 3]), None);
        assert_eq!(r2(&[1.0], &[2.0]), None);
    }

    #[test]
    fn a_nan_makes_every_metric_nan_and_infinity_is_infinitely_wrong() {
        for metric in ALL {
            assert!(metric.of(&[f64::NAN, 1.0], &[0.0, 1.0]).unwrap().is_nan(), "{}", metric.name());
        }
        let infinite = ALL.map(|metric| metric.of(&[f64::INFINITY, 1.0], &[0.0, 1.0]).unwrap());
        assert!(infinite.iter().all(|value| value.is_infinite()), "{infinite:?}");
        assert_eq!(infinite.map(f64::is_sign_negative), [false, false, false, true]);
    }

    #[test]
    fn what_has_no_rows_or_does_not_fit_is_undefined() {
        for metric in ALL {
            assert_eq!((metric.of(&[], &[]), metric.of(&[1.0], &[1.0, 2.0])), (None, None), "{}", metric.name());
        }
    }

    proptest! {
        #[test]
        fn r2_needs_no_units_and_errors_follow_theirs(
            rows in prop::collection::vec((-9.0..9.0f64, -9.0..9.0f64), 3..30),
            factor in 0.1..100.0f64,
            shift in -50.0..50.0f64,
        ) {
            let (predictions, targets): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
            let other = |values: &[f64]| values.iter().map(|value| value * factor + shift).collect::<Vec<_>>();
            let (moved, moved_targets) = (other(&predictions), other(&targets));
            for (metric, scale) in ALL.into_iter().zip([factor, factor * factor, factor, 1.0]) {
                let (one, two) = (metric.of(&predictions, &targets).unwrap(), metric.of(&moved, &moved_targets).unwrap());
                prop_assert!((one * scale - two).abs() <= 1e-9 * (1.0 + two.abs()), "{}", metric.name());
            }
        }
    }
}
