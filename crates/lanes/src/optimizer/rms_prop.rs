//! `RMSprop` (Tieleman and Hinton 2012) as PyTorch and as Keras define it.
//!
//! v = rho * v + (1 - rho) * g^2, and s = v, or v less the mean gradient's square where centered. Then, in PyTorch's
//! form, b = mu * b + g / (sqrt(s) + epsilon) and w -= rate * b; in Keras', b = mu * b + rate * g / sqrt(s + epsilon)
//! and w -= b.

use fearless_simd::{ExtractToken, Simd, SimdFloat};

use super::{each_lane, remembered};
use crate::lane::{Vector, fused, splat};
use crate::training::RmsProp;

/// The numbers of one step.
pub(crate) struct Step<S: Simd> {
    rate: Vector<S>,
    epsilon: Vector<S>,
    momentum: Vector<S>,
    keep: Vector<S>,
    add: Vector<S>,
    has_momentum: bool,
    centered: bool,
    keras: bool,
}

impl<S: Simd> Step<S> {
    #[inline(always)]
    pub(super) fn new(simd: S, rule: RmsProp, rates: &[f32]) -> Self {
        let RmsProp { rho, epsilon, momentum, centered, keras } = rule;
        let number = |value: f64| splat(simd, value as f32);
        Self {
            rate: each_lane(simd, rates, |_, rate| rate),
            epsilon: number(epsilon),
            momentum: number(momentum),
            keep: number(rho),
            add: number(1.0 - rho),
            has_momentum: momentum > 0.0,
            centered,
            keras,
        }
    }

    #[inline(always)]
    pub(super) fn update(&self, weights: &mut [Vector<S>], slots: [&mut [Vector<S>]; 3], gradients: &[Vector<S>]) {
        let simd = self.rate.token();
        let count = gradients.len();
        let [squares, second, third] = slots;
        let (means, buffer) = if self.centered { (second, third) } else { (third, second) };
        let (weights, squares) = (&mut weights[..count], &mut squares[..count]);
        for index in 0..count {
            let gradient = gradients[index];
            let square = remembered(simd, fused::<S>(self.keep, squares[index], self.add * (gradient * gradient)));
            squares[index] = square;
            let mut scale = square;
            if self.centered {
                let mean = remembered(simd, fused::<S>(self.keep, means[index], self.add * gradient));
                means[index] = mean;
                scale = fused::<S>(-mean, mean, scale);
            }
            let step = if self.keras {
                self.rate * gradient / (scale + self.epsilon).sqrt()
            } else {
                gradient / (scale.sqrt() + self.epsilon)
            };
            let step = if self.has_momentum {
                let moved = remembered(simd, fused::<S>(self.momentum, buffer[index], step));
                buffer[index] = moved;
                moved
            } else {
                step
            };
            weights[index] =
                if self.keras { weights[index] - step } else { fused::<S>(-self.rate, step, weights[index]) };
        }
    }
}
