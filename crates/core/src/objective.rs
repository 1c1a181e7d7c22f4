//! What burn minimises besides the plain loss: smoothed labels, and classes that count more than others.

use burn::tensor::{Tensor, TensorData, activation};

use crate::augment::MixedClasses;
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
    /// Classes of which rows are in part.
    mixed: Option<&'a MixedClasses>,
}

impl<'a> Objective<'a> {
    /// What a training minimises; `None` where that is the plain loss.
    pub(crate) fn of(training: &'a Training, mixed: Option<&'a MixedClasses>) -> Option<Self> {
        let weights = training.class_weights.as_deref();
        let Targets::Classes(classes) = &training.data.train.targets else { return None };
        let is_plain = training.label_smoothing <= 0.0 && weights.is_none();
        let smoothing = training.label_smoothing;
        (!is_plain).then_some(Self { loss: training.loss, smoothing, weights, classes, mixed })
    }

    /// Sum of weight * loss / sum of weights over the rows of a batch, against targets that give up the share
    /// `smoothing` of their certainty to all classes alike: a differentiable expression of `outputs` `[rows, outputs]`.
    /// `targets` are as [`batch_targets`](crate::loss::batch_targets) gives them for these rows, or mixtures of those. A row
    /// of two classes has the weight of each in its share.
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
        let of = |classes: &[u32]| {
            let class = classes.get(row as usize).and_then(|&class| weights.get(class as usize));
            class.copied().unwrap_or(f32::NAN)
        };
        match self.mixed {
            None => of(self.classes),
            Some(mixed) => (1.0 - mixed.share(row)) * of(self.classes) + mixed.share(row) * of(&mixed.others),
        }
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
        let objective = Objective { loss, smoothing, weights, classes, mixed: None };
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

    /// Zhang et al. (2018): share * loss of one class + (1 - share) * loss of the other, here with the weight of each class
    /// in its share.
    #[test]
    fn the_loss_of_mixed_classes_is_the_mixture_of_their_losses() {
        let (logits, classes, others) = ([2.0_f32, -1.0, 0.5, 0.3, 0.0, -0.7], [0_u32, 2], [1_u32, 2]);
        let shares = [0.3_f32, 0.4];
        let weights = [1.0_f32, 2.0, 3.0];
        let mixed = MixedClasses { others: others.to_vec(), shares: shares.to_vec() };
        let (mut sum, mut total) = (0.0, 0.0);
        let mut targets = vec![0.0_f32; 6];
        for row in 0..2 {
            let of = |class: u32| {
                let row = &logits[row * 3..][..3];
                let powers: f64 = row.iter().map(|&logit| libm::exp(f64::from(logit))).sum();
                libm::log(powers) - f64::from(row[class as usize])
            };
            let share = f64::from(shares[row]);
            let weight = (1.0 - share) * f64::from(weights[classes[row] as usize])
                + share * f64::from(weights[others[row] as usize]);
            sum += weight * ((1.0 - share) * of(classes[row]) + share * of(others[row]));
            total += weight;
            targets[row * 3 + classes[row] as usize] += 1.0 - shares[row];
            targets[row * 3 + others[row] as usize] += shares[row];
        }
        let matrix = |values: &[f32]| Tensor::<2>::from_data(TensorData::new(values.to_vec(), [2, 3]), &device());
        let objective = Objective {
            loss: Loss::CrossEntropy,
            smoothing: 0.0,
            weights: Some(&weights),
            classes: &classes,
            mixed: Some(&mixed),
        };
        let found = numbers(objective.of_batch(&[0, 1], matrix(&logits), matrix(&targets)))[0];
        assert!((f64::from(found) - sum / total).abs() < 2e-6, "{found}, not {}", sum / total);
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
