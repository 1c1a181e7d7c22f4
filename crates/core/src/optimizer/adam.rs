//! Adam (Kingma and Ba 2015) and, with weight decay, `AdamW` (Loshchilov and Hutter 2019).

use swath_lanes::power;

use super::rule::{Memory, Rule};
use crate::spec::{AdamForm, AdamSettings};

/// w *= 1 - rate * decay, then
/// w -= rate * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + e), where e is epsilon in the Keras form, and
/// epsilon * sqrt(1 - b2^t) in the paper's, which is the same as correcting m and v first.
#[derive(Debug, Clone)]
pub(super) struct Adam {
    pub(super) settings: AdamSettings,
    /// 0: none.
    pub(super) weight_decay: f64,
}

impl Rule for Adam {
    fn slots(&self) -> usize {
        if self.settings.amsgrad { 3 } else { 2 }
    }

    fn update(&self, rate: f64, memory: &mut Memory, weights: &mut [f32], gradients: &[f32]) {
        let AdamSettings { beta_1, beta_2, epsilon, form, .. } = self.settings;
        let (correction_1, correction_2) =
            (1.0 - power(beta_1, memory.steps.into()), 1.0 - power(beta_2, memory.steps.into()));
        let root = correction_2.sqrt();
        let step = (rate * root / correction_1) as f32;
        let epsilon = match form {
            AdamForm::Paper => epsilon * root,
            AdamForm::Keras => epsilon,
        } as f32;
        let kept = (1.0 - rate * self.weight_decay) as f32;
        let (keep_1, keep_2) = (beta_1 as f32, beta_2 as f32);
        let (add_1, add_2) = ((1.0 - beta_1) as f32, (1.0 - beta_2) as f32);

        let [first, second, largest @ ..] = memory.slots.as_mut_slice() else { return };
        let mut largest = largest.first_mut().map(|largest| largest.iter_mut());
        let moments = first.iter_mut().zip(second);
        for ((weight, &gradient), (mean, square)) in weights.iter_mut().zip(gradients).zip(moments) {
            *mean = keep_1 * *mean + add_1 * gradient;
            *square = keep_2 * *square + add_2 * (gradient * gradient);
            let scale = match largest.as_mut().and_then(Iterator::next) {
                Some(largest) => {
                    *largest = largest.max(*square);
                    *largest
                }
                None => *square,
            };
            *weight = kept * *weight - step * *mean / (scale.sqrt() + epsilon);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_is_what_the_library_says() {
        for base in [0.9, 0.99, 0.999, 0.0] {
            for exponent in [0, 1, 2, 3, 10, 1_000, 100_000, u32::MAX] {
                let wanted = libm::pow(base, f64::from(exponent));
                assert!((power(base, u64::from(exponent)) - wanted).abs() <= 1e-11 * wanted, "{base}^{exponent}");
            }
        }
    }
}
