//! What is reported besides the loss: accuracy for classification, the mean absolute error for regression.

use crate::data::{TargetScale, Targets};
use crate::spec::Task;

/// Name of the metric of a task: `accuracy`, or `mae` (in the target's own units, transform and scaling undone).
pub fn name(task: Task) -> &'static str {
    match task {
        Task::Regression => "mae",
        Task::Classification => "accuracy",
    }
}

/// The metric of the targets' task; `outputs` is row-major, `width` values a row. NaN where there are no rows.
pub fn of_rows(outputs: &[f32], width: usize, targets: &Targets, scale: &TargetScale) -> f32 {
    match targets {
        Targets::Numbers { own, .. } => mean_absolute_error(outputs, own, scale),
        Targets::Classes(classes) => accuracy(outputs, width, classes) as f32,
    }
}

/// Mean distance of predictions, in the units that are trained on, from targets in their own units.
///
/// In f64; a mean beyond f32's range, infinity included, counts as [`f32::MAX`], for a far-off prediction under a
/// logarithm is no divergence. A NaN prediction makes it NaN.
pub fn mean_absolute_error(predictions: &[f32], own: &[f64], scale: &TargetScale) -> f32 {
    let total: f64 = predictions
        .iter()
        .zip(own)
        .map(|(&prediction, target)| (scale.to_own_units(f64::from(prediction)) - target).abs())
        .sum();
    let mean = total / own.len() as f64;
    if mean > f64::from(f32::MAX) { f32::MAX } else { mean as f32 }
}

/// Share of rows whose class is predicted: the largest of `width` logits, the first on ties; with one logit, class 1
/// where its probability is above 0.5, so that a logit of exactly 0 is class 0. A row with a NaN is never right.
pub fn accuracy(logits: &[f32], width: usize, classes: &[u32]) -> f64 {
    let right =
        logits.chunks_exact(width.max(1)).zip(classes).filter(|(row, class)| predicted(row) == Some(**class)).count();
    right as f64 / classes.len() as f64
}

/// The class that a row of logits says; `None` where one is NaN.
fn predicted(row: &[f32]) -> Option<u32> {
    if row.iter().any(|logit| logit.is_nan()) {
        return None;
    }
    if let [logit] = row {
        return Some(u32::from(*logit > 0.0));
    }
    let mut best = (0, f32::NEG_INFINITY);
    for (class, &logit) in (0..).zip(row) {
        if logit > best.1 {
            best = (class, logit);
        }
    }
    Some(best.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Transform;

    #[test]
    fn the_largest_logit_is_the_class_and_the_first_on_ties() {
        let logits = [0.0, 1.0, 0.5, 2.0, 2.0, 1.0, -1.0, -3.0, -1.0, f32::NEG_INFINITY, 0.0, f32::INFINITY];
        assert!((accuracy(&logits, 3, &[1, 0, 0, 2]) - 1.0).abs() < 1e-12);
        assert!((accuracy(&logits, 3, &[1, 1, 2, 0]) - 0.25).abs() < 1e-12);
    }

    #[test]
    fn one_logit_of_exactly_0_is_class_0() {
        assert!((accuracy(&[0.0, -0.0, 1e-30, -1e-30], 1, &[0, 0, 1, 0]) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_nan_is_never_right() {
        assert!(accuracy(&[f32::NAN, 1.0, 0.0, f32::NAN], 2, &[0, 0]).abs() < 1e-12);
        assert!(accuracy(&[f32::NAN], 1, &[0]).abs() < 1e-12);
    }

    #[test]
    fn the_absolute_error_is_in_the_targets_own_units() {
        let scale = TargetScale { shift: 7.0, factor: 2.0, transform: Some(Transform::Log) };
        let error = mean_absolute_error(&[0.0, -1.0], &[1000.0, 150.0], &scale);
        let wanted = f64::midpoint((7f64.exp() - 1000.0).abs(), (5f64.exp() - 150.0).abs());
        assert!((f64::from(error) - wanted).abs() < 1e-4, "{error} for {wanted}");
        let plain = mean_absolute_error(&[1.0, 2.0], &[2.0, 5.0], &TargetScale::IDENTITY);
        assert!((plain - 2.0).abs() < 1e-7);
    }

    #[test]
    fn an_error_beyond_f32_counts_as_its_largest_number() {
        let scale = TargetScale { shift: 0.0, factor: 1.0, transform: Some(Transform::Log) };
        for prediction in [200.0, 1e30] {
            assert_eq!(mean_absolute_error(&[prediction], &[1.0], &scale).to_bits(), f32::MAX.to_bits());
        }
        assert!(mean_absolute_error(&[f32::NAN], &[1.0], &scale).is_nan());
    }

    #[test]
    fn the_metric_follows_the_targets() {
        let classes = Targets::Classes(vec![1, 1]);
        assert!((of_rows(&[1.0, -1.0], 1, &classes, &TargetScale::IDENTITY) - 0.5).abs() < 1e-7);
        let numbers = Targets::Numbers { scaled: vec![0.0], own: vec![3.0] };
        assert!((of_rows(&[1.0], 1, &numbers, &TargetScale::IDENTITY) - 2.0).abs() < 1e-7);
        assert!(of_rows(&[], 1, &Targets::Classes(Vec::new()), &TargetScale::IDENTITY).is_nan());
    }
}
