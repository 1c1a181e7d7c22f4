//! Stochastic gradient descent, with momentum as PyTorch and as Keras define it.
//!
//! PyTorch: b = mu * b + (1 - dampening) * g, but b = g at the first step; w -= rate * b, or with Nesterov's form
//! w -= rate * (g + mu * b). Keras: m = mu * m - rate * g; w += m, or w += mu * m - rate * g.

use fearless_simd::{ExtractToken, Simd};

use super::{each_lane, remembered};
use crate::lane::{Vector, fused, splat};
use crate::training::Sgd;

/// The numbers of one step.
pub(crate) struct Step<S: Simd> {
    minus_rate: Vector<S>,
    momentum: Vector<S>,
    /// 1 - dampening, and 1 at the first step.
    add: Vector<S>,
    has_momentum: bool,
    nesterov: bool,
    keras: bool,
}

impl<S: Simd> Step<S> {
    #[inline(always)]
    pub(super) fn new(simd: S, rule: Sgd, rates: &[f32], steps: &[u64]) -> Self {
        let Sgd { momentum, dampening, nesterov, keras } = rule;
        let add = |lane: usize| if steps[lane] <= 1 { 1.0 } else { (1.0 - dampening) as f32 };
        Self {
            minus_rate: each_lane(simd, rates, |_, rate| -rate),
            momentum: splat(simd, momentum as f32),
            add: each_lane(simd, rates, |lane, _| add(lane)),
            has_momentum: momentum > 0.0,
            nesterov,
            keras,
        }
    }

    #[inline(always)]
    pub(super) fn update(&self, weights: &mut [Vector<S>], slots: [&mut [Vector<S>]; 3], gradients: &[Vector<S>]) {
        let count = gradients.len();
        let weights = &mut weights[..count];
        if !self.has_momentum {
            for index in 0..count {
                weights[index] = fused::<S>(self.minus_rate, gradients[index], weights[index]);
            }
            return;
        }
        let simd = self.momentum.token();
        let [buffer, ..] = slots;
        let buffer = &mut buffer[..count];
        for index in 0..count {
            let gradient = gradients[index];
            if self.keras {
                let moved = remembered(simd, fused::<S>(self.momentum, buffer[index], self.minus_rate * gradient));
                buffer[index] = moved;
                let step =
                    if self.nesterov { fused::<S>(self.momentum, moved, self.minus_rate * gradient) } else { moved };
                weights[index] += step;
            } else {
                let moved = remembered(simd, fused::<S>(self.momentum, buffer[index], self.add * gradient));
                buffer[index] = moved;
                let step = if self.nesterov { fused::<S>(self.momentum, moved, gradient) } else { moved };
                weights[index] = fused::<S>(self.minus_rate, step, weights[index]);
            }
        }
    }
}
