//! Momentum as Keras 3.15 defines it: the buffer contains the rate, so that after a cut it keeps moving at the old one.

use super::rule::{Memory, Rule};

/// m = mu * m - rate * g; w += m, or with Nesterov's form w += mu * m - rate * g.
#[derive(Debug, Clone)]
pub(super) struct KerasMomentum {
    pub(super) momentum: f64,
    pub(super) nesterov: bool,
}

impl Rule for KerasMomentum {
    fn slots(&self) -> usize {
        1
    }

    fn update(&self, rate: f64, memory: &mut Memory, weights: &mut [f32], gradients: &[f32]) {
        let [buffer] = memory.slots.as_mut_slice() else { return };
        let (rate, momentum) = (rate as f32, self.momentum as f32);
        for ((weight, &gradient), moved) in weights.iter_mut().zip(gradients).zip(buffer) {
            *moved = momentum * *moved - rate * gradient;
            *weight += if self.nesterov { momentum * *moved - rate * gradient } else { *moved };
        }
    }
}
