//! `RMSprop` (Tieleman and Hinton 2012) as PyTorch 2.15 and as Keras 3.15 define it.

use super::rule::{Memory, Rule};
use crate::spec::RmsPropForm;

/// v = rho * v + (1 - rho) * g^2, and s = v, or v less the mean gradient's square where centered. Then, in PyTorch's
/// form, b = mu * b + g / (sqrt(s) + epsilon) and w -= rate * b; in Keras', b = mu * b + rate * g / sqrt(s + epsilon)
/// and w -= b.
#[derive(Debug, Clone)]
pub(super) struct RmsProp {
    pub(super) rho: f64,
    pub(super) epsilon: f64,
    /// 0: none.
    pub(super) momentum: f64,
    pub(super) centered: bool,
    pub(super) form: RmsPropForm,
}

impl Rule for RmsProp {
    fn slots(&self) -> usize {
        3
    }

    fn update(&self, rate: f64, memory: &mut Memory, weights: &mut [f32], gradients: &[f32]) {
        let [squares, means, buffer] = memory.slots.as_mut_slice() else { return };
        let (rate, momentum, epsilon) = (rate as f32, self.momentum as f32, self.epsilon as f32);
        let (keep, add) = (self.rho as f32, (1.0 - self.rho) as f32);
        let remembered = squares.iter_mut().zip(means).zip(buffer);
        for ((weight, &gradient), ((square, mean), moved)) in weights.iter_mut().zip(gradients).zip(remembered) {
            *square = keep * *square + add * (gradient * gradient);
            let mut scale = *square;
            if self.centered {
                *mean = keep * *mean + add * gradient;
                scale -= *mean * *mean;
            }
            match self.form {
                RmsPropForm::Torch => {
                    *moved = momentum * *moved + gradient / (scale.sqrt() + epsilon);
                    *weight -= rate * *moved;
                }
                RmsPropForm::Keras => {
                    *moved = momentum * *moved + rate * gradient / (scale + epsilon).sqrt();
                    *weight -= *moved;
                }
            }
        }
    }
}
