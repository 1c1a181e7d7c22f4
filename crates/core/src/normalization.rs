//! Batch and layer normalisation of what leaves a hidden dense layer.
//!
//! gamma * (x - mean) / sqrt(variance + epsilon) + beta, with the biased variance (divided by n). Over the rows of the
//! batch, unit by unit, as Ioffe and Szegedy (2015); or over the units, row by row, as Ba, Kiros and Hinton (2016).
//! Gradients flow through mean and variance. Nothing of burn's own layers is used, so that every number is stated here.

use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};

use crate::initializer::NormalizationWeights;
use crate::module::{device, numbers};
use crate::spec::{BatchNormForm, Normalization};

/// Normalises `[rows, units]`.
#[derive(Module, Debug)]
pub(crate) struct Normalizer {
    gamma: Param<Tensor<1>>,
    beta: Param<Tensor<1>>,
    #[module(skip)]
    moving_mean: Vec<f32>,
    #[module(skip)]
    moving_variance: Vec<f32>,
    #[module(skip)]
    normalization: Normalization,
}

impl Normalizer {
    /// With these weights, without automatic differentiation.
    pub(crate) fn new(normalization: Normalization, weights: &NormalizationWeights) -> Self {
        let parameter = |values: &[f32]| Param::from_data(TensorData::new(values.to_vec(), [values.len()]), &device());
        Self {
            gamma: parameter(&weights.gamma),
            beta: parameter(&weights.beta),
            moving_mean: weights.moving_mean.clone(),
            moving_variance: weights.moving_variance.clone(),
            normalization,
        }
    }

    /// The weights as plain numbers.
    pub(crate) fn weights(&self) -> NormalizationWeights {
        NormalizationWeights {
            gamma: numbers(self.gamma.val()),
            beta: numbers(self.beta.val()),
            moving_mean: self.moving_mean.clone(),
            moving_variance: self.moving_variance.clone(),
        }
    }

    /// Whether a number that is added to all rows of a unit beforehand is taken off again.
    pub(crate) fn ignores_biases(&self) -> bool {
        matches!(self.normalization, Normalization::Batch { .. })
    }

    /// In evaluation: by the moving statistics, or row by row.
    pub(crate) fn forward(&self, values: Tensor<2>) -> Tensor<2> {
        match self.normalization {
            Normalization::Batch { epsilon, .. } => {
                let row = |statistic: &[f32]| {
                    let data = TensorData::new(statistic.to_vec(), [1, statistic.len()]);
                    Tensor::<2>::from_data(data, &device())
                };
                let centered = values - row(&self.moving_mean);
                self.scaled(centered, row(&self.moving_variance), epsilon)
            }
            Normalization::Layer { epsilon } => self.of_rows(values, epsilon),
        }
    }

    /// In training: by the statistics of this batch, which move the moving ones; or row by row. A batch of one row comes
    /// to beta, and makes the moving variance of the torch form NaN.
    pub(crate) fn forward_in_training(&mut self, values: Tensor<2>) -> Tensor<2> {
        match self.normalization {
            Normalization::Batch { form, epsilon, momentum } => {
                let rows = values.dims()[0] as f64;
                let mean = values.clone().mean_dim(0);
                let centered = values - mean.clone();
                let variance = centered.clone().square().mean_dim(0);
                let unbiased = match form {
                    BatchNormForm::Torch => rows / (rows - 1.0),
                    BatchNormForm::Keras => 1.0,
                };
                follow(&mut self.moving_mean, &numbers(mean), momentum, 1.0);
                follow(&mut self.moving_variance, &numbers(variance.clone()), momentum, unbiased);
                self.scaled(centered, variance, epsilon)
            }
            Normalization::Layer { epsilon } => self.of_rows(values, epsilon),
        }
    }

    fn of_rows(&self, values: Tensor<2>, epsilon: f64) -> Tensor<2> {
        let centered = values.clone() - values.mean_dim(1);
        let variance = centered.clone().square().mean_dim(1);
        self.scaled(centered, variance, epsilon)
    }

    fn scaled(&self, centered: Tensor<2>, variance: Tensor<2>, epsilon: f64) -> Tensor<2> {
        let normalized = centered / variance.add_scalar(epsilon).sqrt();
        normalized * self.gamma.val().unsqueeze() + self.beta.val().unsqueeze()
    }
}

/// moving = momentum * moving + (1 - momentum) * factor * batch; the numbers that multiply are rounded to f32 once.
fn follow(moving: &mut [f32], batch: &[f32], momentum: f64, factor: f64) {
    let (keep, add) = (momentum as f32, ((1.0 - momentum) * factor) as f32);
    for (moving, batch) in moving.iter_mut().zip(batch) {
        *moving = keep * *moving + add * batch;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TORCH: Normalization = Normalization::Batch { form: BatchNormForm::Torch, epsilon: 1e-5, momentum: 0.9 };
    const KERAS: Normalization = Normalization::Batch { form: BatchNormForm::Keras, epsilon: 1e-3, momentum: 0.99 };
    const LAYER: Normalization = Normalization::Layer { epsilon: 1e-5 };

    fn matrix(values: &[f32], units: usize) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / units, units]), &device())
    }

    fn start(normalization: Normalization, units: u32) -> Normalizer {
        Normalizer::new(normalization, &NormalizationWeights::start(normalization, units))
    }

    fn check(values: &[f32], wanted: &[f64]) {
        assert_eq!(values.len(), wanted.len());
        for (value, wanted) in values.iter().zip(wanted) {
            assert!((f64::from(*value) - wanted).abs() < 2e-6, "{values:?} for {wanted:?}");
        }
    }

    /// Figures by Keras 3.15 and PyTorch 2.15.
    #[test]
    fn a_batch_of_three_has_the_golden_values_and_moves_the_moving_statistics() {
        for (normalization, wanted, mean, variance) in [
            (TORCH, [-1.069_041_5, -0.267_260_3, 1.336_301_9], 0.233_333_3, 1.133_333_3),
            (KERAS, [-1.068_701_7, -0.267_175_6, 1.335_876_7], 0.023_333_3, 1.005_555_5),
        ] {
            let mut normalizer = start(normalization, 1);
            check(&numbers(normalizer.forward_in_training(matrix(&[1.0, 2.0, 4.0], 1))), &wanted);
            let weights = normalizer.weights();
            check(&weights.moving_mean, &[mean]);
            check(&weights.moving_variance, &[variance]);
        }
    }

    #[test]
    fn evaluation_takes_the_moving_statistics_row_by_row() {
        let weights = NormalizationWeights {
            gamma: vec![2.0, 1.0],
            beta: vec![0.5, -1.0],
            moving_mean: vec![1.0, -1.0],
            moving_variance: vec![4.0, 0.25],
        };
        let normalizer = Normalizer::new(TORCH, &weights);
        let values = numbers(normalizer.forward(matrix(&[3.0, 0.0, 1.0, -2.0], 2)));
        check(&values, &[2.5 - 2.5e-6, 1.0 - 4e-5, 0.5, -3.0 + 4e-5]);
        assert_eq!(normalizer.weights(), weights);
    }

    #[test]
    fn a_layer_is_normalised_row_by_row_in_training_as_in_evaluation() {
        let mut normalizer = start(LAYER, 3);
        let values = matrix(&[1.0, 2.0, 4.0, 100.0, 100.0, 100.0], 3);
        let evaluated = numbers(normalizer.forward(values.clone()));
        check(&evaluated, &[-1.069_041_5, -0.267_260_3, 1.336_301_9, 0.0, 0.0, 0.0]);
        assert_eq!(numbers(normalizer.forward_in_training(values)), evaluated);
        assert!(normalizer.weights().moving_mean.is_empty());
    }

    /// Of numbers over which mean and variance are taken: d loss / d x, from d loss / d normalised, by the formula.
    fn backward(xs: &[f64], upstream: &[f64], epsilon: f64) -> Vec<f64> {
        let count = xs.len() as f64;
        let mean_of = |numbers: &[f64]| numbers.iter().sum::<f64>() / count;
        let mean = mean_of(xs);
        let variance = mean_of(&xs.iter().map(|x| (x - mean) * (x - mean)).collect::<Vec<_>>());
        let root = (variance + epsilon).sqrt();
        let normalized: Vec<f64> = xs.iter().map(|x| (x - mean) / root).collect();
        let along = mean_of(&normalized.iter().zip(upstream).map(|(x, up)| x * up).collect::<Vec<_>>());
        normalized.iter().zip(upstream).map(|(x, up)| (up - mean_of(upstream) - x * along) / root).collect()
    }

    #[test]
    fn gradients_of_values_gamma_and_beta_follow_the_formula() {
        let (rows, units) = (5usize, 3usize);
        let number = |index: usize, step: usize| ((index * step + 3) % 11) as f32 / 4.0 - 1.2;
        let values: Vec<f32> = (0..rows * units).map(|index| number(index, 7)).collect();
        let upstream: Vec<f32> = (0..rows * units).map(|index| number(index, 5)).collect();
        let weights = |normalization| NormalizationWeights {
            gamma: vec![0.5, -1.5, 2.0],
            beta: vec![0.1, 0.2, 0.3],
            ..NormalizationWeights::start(normalization, 3)
        };
        for (normalization, epsilon) in [(TORCH, 1e-5), (KERAS, 1e-3), (LAYER, 1e-5)] {
            let weights = weights(normalization);
            let mut normalizer = Normalizer::new(normalization, &weights).train();
            let inputs = Tensor::<2>::from_inner(matrix(&values, units)).require_grad();
            let outputs = normalizer.forward_in_training(inputs.clone());
            let loss = (outputs * Tensor::from_inner(matrix(&upstream, units))).sum();
            let gradients = loss.backward();

            // The groups of indices over which mean and variance are taken.
            let groups: Vec<Vec<usize>> = if normalizer.ignores_biases() {
                (0..units).map(|unit| (0..rows).map(|row| row * units + unit).collect()).collect()
            } else {
                (0..rows).map(|row| (row * units..(row + 1) * units).collect()).collect()
            };
            let mut wanted = vec![0.0; rows * units];
            let (mut gamma, mut beta) = (vec![0.0; units], vec![0.0; units]);
            for group in groups {
                let xs: Vec<f64> = group.iter().map(|&index| f64::from(values[index])).collect();
                let scaled = |&index: &usize| f64::from(upstream[index]) * f64::from(weights.gamma[index % units]);
                let of_group = backward(&xs, &group.iter().map(scaled).collect::<Vec<_>>(), epsilon);
                let mean = xs.iter().sum::<f64>() / xs.len() as f64;
                let variance = xs.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / xs.len() as f64;
                for ((&index, x), gradient) in group.iter().zip(&xs).zip(of_group) {
                    wanted[index] = gradient;
                    gamma[index % units] += f64::from(upstream[index]) * (x - mean) / (variance + epsilon).sqrt();
                    beta[index % units] += f64::from(upstream[index]);
                }
            }
            check(&numbers(inputs.grad(&gradients).expect("tracked")), &wanted);
            check(&numbers(normalizer.gamma.grad(&gradients).expect("tracked")), &gamma);
            check(&numbers(normalizer.beta.grad(&gradients).expect("tracked")), &beta);
        }
    }

    #[test]
    fn a_unit_without_variance_comes_to_beta_with_finite_gradients() {
        for normalization in [TORCH, KERAS, LAYER] {
            let mut normalizer = start(normalization, 2).train();
            let inputs = Tensor::<2>::from_inner(matrix(&[7.0; 6], 2)).require_grad();
            let outputs = normalizer.forward_in_training(inputs.clone());
            assert_eq!(numbers(outputs.clone().inner()), [0.0; 6]);
            let gradients = outputs.square().sum().backward();
            assert_eq!(numbers(inputs.grad(&gradients).expect("tracked")), [0.0; 6]);
            assert!(normalizer.weights().values().all(f32::is_finite));
        }
    }
}
