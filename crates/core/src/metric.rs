//! What is reported besides the loss: a metric of [`swath_metrics`], from what leaves a network.

use swath_metrics::Metric;

use crate::data::{TargetScale, Targets};

/// The metric of `outputs`, row-major, `width` values a row: of logits for classes, and for numbers of predictions in the
/// units that are trained on, taken back to the target's own.
///
/// In f64, and rounded to f32. A value beyond f32's range, infinity included, counts as its largest or smallest number, for
/// a far-off prediction under a logarithm is no divergence. NaN where there are no rows, where a mean meets a NaN, and where
/// the metric is undefined or of the other task.
pub fn of_rows(metric: Metric, outputs: &[f32], width: usize, targets: &Targets, scale: &TargetScale) -> f32 {
    let value = match (metric, targets) {
        (Metric::Classification(metric), Targets::Classes(classes)) => metric.of_logits(outputs, width, classes),
        (Metric::Regression(metric), Targets::Numbers { own, .. }) => {
            let predictions: Vec<f64> = outputs.iter().map(|output| scale.to_own_units(f64::from(*output))).collect();
            metric.of(&predictions, own)
        }
        (Metric::Classification(_), Targets::Numbers { .. }) | (Metric::Regression(_), Targets::Classes(_)) => None,
    };
    value.map_or(f32::NAN, bounded)
}

/// A metric as it is recorded: see [`of_rows`].
pub(crate) fn bounded(value: f64) -> f32 {
    // `clamp` keeps NaN.
    value.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32
}

#[cfg(test)]
mod tests {
    use swath_metrics::{ClassificationMetric, RegressionMetric, Task};

    use super::*;
    use crate::spec::Transform;

    const ACCURACY: Metric = Metric::Classification(ClassificationMetric::Accuracy);
    const MAE: Metric = Metric::Regression(RegressionMetric::Mae);

    fn numbers(own: &[f64]) -> Targets {
        Targets::Numbers { scaled: own.iter().map(|number| *number as f32).collect(), own: own.to_vec() }
    }

    #[test]
    fn the_absolute_error_is_in_the_targets_own_units() {
        let scale = TargetScale { shift: 7.0, factor: 2.0, transform: Some(Transform::Log) };
        let error = of_rows(MAE, &[0.0, -1.0], 1, &numbers(&[1000.0, 150.0]), &scale);
        let wanted = f64::midpoint((7f64.exp() - 1000.0).abs(), (5f64.exp() - 150.0).abs());
        assert!((f64::from(error) - wanted).abs() < 1e-4, "{error} for {wanted}");
        let plain = of_rows(MAE, &[1.0, 2.0], 1, &numbers(&[2.0, 5.0]), &TargetScale::IDENTITY);
        assert!((plain - 2.0).abs() < 1e-7);
    }

    #[test]
    fn what_is_beyond_f32_counts_as_its_largest_or_smallest_number() {
        let scale = TargetScale { shift: 0.0, factor: 1.0, transform: Some(Transform::Log) };
        for metric in Metric::of_task(Task::Regression) {
            let far = if metric.name() == "r2" { f32::MIN } else { f32::MAX };
            for prediction in [400.0, 1e30] {
                let value = of_rows(metric, &[prediction, 0.0], 1, &numbers(&[1.0, 2.0]), &scale);
                assert_eq!(value.to_bits(), far.to_bits(), "{} of {prediction}", metric.name());
            }
            let value = of_rows(metric, &[f32::NAN, 0.0], 1, &numbers(&[1.0, 2.0]), &scale);
            assert!(value.is_nan(), "{}", metric.name());
        }
    }

    #[test]
    fn logits_say_classes_and_probabilities() {
        let classes = Targets::Classes(vec![1, 1]);
        let of = |metric, outputs: &[f32], width| of_rows(metric, outputs, width, &classes, &TargetScale::IDENTITY);
        assert!((of(ACCURACY, &[1.0, -1.0], 1) - 0.5).abs() < 1e-7);
        assert!((of(ACCURACY, &[f32::NAN, 0.0, 0.0, 1.0], 2) - 0.5).abs() < 1e-7);
        let brier = Metric::Classification(ClassificationMetric::Brier);
        assert!((of(brier, &[0.0, 0.0], 1) - 0.5).abs() < 1e-7);
    }

    #[test]
    fn a_metric_without_rows_or_of_the_other_task_is_nan() {
        assert!(of_rows(ACCURACY, &[], 1, &Targets::Classes(Vec::new()), &TargetScale::IDENTITY).is_nan());
        assert!(of_rows(MAE, &[1.0], 1, &Targets::Classes(vec![1]), &TargetScale::IDENTITY).is_nan());
        assert!(of_rows(ACCURACY, &[1.0], 1, &numbers(&[1.0]), &TargetScale::IDENTITY).is_nan());
    }
}
