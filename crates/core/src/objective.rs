//! What burn minimises besides the plain loss: smoothed labels, and classes that count more than others.

use burn::tensor::{Tensor, TensorData, activation};

use crate::data::Targets;
use crate::engine::Training;
use crate::module::device;
use crate::spec::Loss;

/// Smoothing and weights of a training that has some.
#[derive(Debug)]
pub(crate) struct Objective<'a> {
    loss: Loss,
    smoothing: f64,
    weights: Option<&'a [f32]>,
    classes: &'a [u32],
}

impl<'a> Objective<'a> {
    /// What a training minimises; `None` where that is the plain loss.
    pub(crate) fn of(training: &'a Training) -> Option<Self> {
        let weights = training.class_weights.as_deref();
        let Targets::Classes(classes) = &training.data.train.targets else { return None };
        let is_plain = training.label_smoothing <= 0.0 && weights.is_none();
        let smoothing = training.label_smoothing;
        (!is_plain).then_some(Self { loss: training.loss, smoothing, weights, classes })
    }

    /// Sum of weight * loss / sum of weights over the rows of a batch, against targets that give up the share
    /// `smoothing` of their certainty to all classes alike: a differentiable expression of `outputs` `[rows, outputs]`.
    /// `targets` are as [`batch_targets`](crate::loss::batch_targets) gives them for these rows.
    pub(crate) fn of_batch(&self, rows: &[u32], outputs: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
        let width = outputs.dims()[1];
        let even = self.smoothing / width.max(2) as f64;
        let smoothed = targets.mul_scalar(1.0 - self.smoothing).add_scalar(even);
        let losses = match self.loss {
            Loss::CrossEntropy => (activation::log_softmax(outputs, 1) * smoothed).sum_dim(1).neg(),
            _ => activation::softplus(outputs.clone(), 1.0) - outputs * smoothed,
        };
        let weights: Vec<f32> = rows.iter().map(|&row| self.weight(row)).collect();
        let total: f64 = weights.iter().map(|&weight| f64::from(weight)).sum();
        let weights = Tensor::<2>::from_data(TensorData::new(weights, [rows.len(), 1]), &device());
        (losses * weights).sum().div_scalar(total)
    }

    fn weight(&self, row: u32) -> f32 {
        let Some(weights) = self.weights else { return 1.0 };
        let class = self.classes.get(row as usize).and_then(|&class| weights.get(class as usize));
        class.copied().unwrap_or(f32::NAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::numbers;

    fn value(
        loss: Loss,
        smoothing: f64,
        weights: Option<&[f32]>,
        outputs: &[f32],
        targets: &[f32],
        classes: &[u32],
    ) -> f32 {
        let width = outputs.len() / classes.len();
        let matrix = |values: &[f32]| {
            Tensor::<2>::from_data(TensorData::new(values.to_vec(), [classes.len(), width]), &device())
        };
        let rows: Vec<u32> = (0..classes.len() as u32).collect();
        let objective = Objective { loss, smoothing, weights, classes };
        numbers(objective.of_batch(&rows, matrix(outputs), matrix(targets)))[0]
    }

    /// Figures by Keras 3.15 and PyTorch 2.15.
    #[test]
    fn smoothed_and_weighted_cross_entropies_have_the_golden_values() {
        let (logits, one_hot) = ([2.0, -1.0, 0.5, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        let of = |smoothing, weights| value(Loss::CrossEntropy, smoothing, weights, &logits, &one_hot, &[0, 2]);
        assert!((of(0.0, None) - 0.669_961_8).abs() < 2e-6);
        assert!((of(0.1, None) - 0.744_961_8).abs() < 2e-6);
        assert!((of(0.0, Some(&[1.0, 2.0, 3.0])) - 0.884_287_1).abs() < 2e-6);
    }

    /// Figures by PyTorch 2.15: `binary_cross_entropy_with_logits` of smoothed targets, its `weight` the rows' weights.
    #[test]
    fn the_binary_form_smooths_towards_a_half() {
        let of = |smoothing, weights| {
            value(Loss::BinaryCrossEntropy, smoothing, weights, &[2.0, -1.0, 0.5], &[1.0, 1.0, 0.0], &[1, 1, 0])
        };
        for (smoothing, weights, wanted) in [
            (0.0, None, 0.804_755_6),
            (0.2, None, 0.821_422_2),
            (0.0, Some(&[2.0, 0.5][..]), 0.889_416_3),
            (0.2, Some(&[2.0, 0.5][..]), 0.872_749_6),
        ] {
            assert!((of(smoothing, weights) - wanted).abs() < 2e-6, "{smoothing}, {weights:?}");
        }
    }
}
