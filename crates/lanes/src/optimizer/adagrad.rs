//! Adagrad (Duchi, Hazan and Singer 2011) as PyTorch and as Keras define it.
//!
//! With a the initial value and the sum of all squared gradients: w -= rate * g / (sqrt(a) + epsilon) in PyTorch's form,
//! w -= rate * g / sqrt(a + epsilon) in Keras'. The sum is remembered without the initial value, so that it starts at 0 as
//! all that optimisers remember.

use fearless_simd::{ExtractToken, Simd, SimdFloat};

use super::{each_lane, remembered};
use crate::lane::{Vector, fused, splat};
use crate::training::Adagrad;

/// The numbers of one step.
pub(crate) struct Step<S: Simd> {
    rate: Vector<S>,
    initial: Vector<S>,
    epsilon: Vector<S>,
    keras: bool,
}

impl<S: Simd> Step<S> {
    #[inline(always)]
    pub(super) fn new(simd: S, rule: Adagrad, rates: &[f32]) -> Self {
        Self {
            rate: each_lane(simd, rates, |_, rate| rate),
            initial: splat(simd, rule.initial as f32),
            epsilon: splat(simd, rule.epsilon as f32),
            keras: rule.keras,
        }
    }

    #[inline(always)]
    pub(super) fn update(&self, weights: &mut [Vector<S>], slots: [&mut [Vector<S>]; 3], gradients: &[Vector<S>]) {
        let simd = self.rate.token();
        let count = gradients.len();
        let [squares, ..] = slots;
        let (weights, squares) = (&mut weights[..count], &mut squares[..count]);
        for index in 0..count {
            let gradient = gradients[index];
            squares[index] = remembered(simd, fused::<S>(gradient, gradient, squares[index]));
            let sum = squares[index] + self.initial;
            let scale = if self.keras { (sum + self.epsilon).sqrt() } else { sum.sqrt() + self.epsilon };
            weights[index] = fused::<S>(-self.rate, gradient / scale, weights[index]);
        }
    }
}
