//! Adagrad (Duchi, Hazan and Singer 2011) as PyTorch 2.15 and as Keras 3.15 define it.

use super::rule::{Memory, Rule};
use crate::spec::AdagradForm;

/// With a the initial value and the sum of all squared gradients: w -= rate * g / (sqrt(a) + epsilon) in PyTorch's form,
/// w -= rate * g / sqrt(a + epsilon) in Keras'. The sum is remembered without the initial value.
#[derive(Debug, Clone)]
pub(super) struct Adagrad {
    pub(super) initial_accumulator: f64,
    pub(super) epsilon: f64,
    pub(super) form: AdagradForm,
}

impl Rule for Adagrad {
    fn slots(&self) -> usize {
        1
    }

    fn update(&self, rate: f64, memory: &mut Memory, weights: &mut [f32], gradients: &[f32]) {
        let [squares] = memory.slots.as_mut_slice() else { return };
        let (rate, initial, epsilon) = (rate as f32, self.initial_accumulator as f32, self.epsilon as f32);
        for ((weight, &gradient), square) in weights.iter_mut().zip(gradients).zip(squares) {
            *square += gradient * gradient;
            let sum = *square + initial;
            let scale = match self.form {
                AdagradForm::Torch => sum.sqrt() + epsilon,
                AdagradForm::Keras => (sum + epsilon).sqrt(),
            };
            *weight -= rate * (gradient / scale);
        }
    }
}
