//! Adam (Kingma and Ba 2015) and, with weight decay, `AdamW` (Loshchilov and Hutter 2019).
//!
//! w *= 1 - rate * decay, then w -= rate * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + e), where e is epsilon in the
//! Keras form, and epsilon * sqrt(1 - b2^t) in the paper's, which is the same as correcting m and v first.

use fearless_simd::{ExtractToken, Select, Simd, SimdBase, SimdFloat};

use super::{each_lane, remembered};
use crate::lane::{Vector, fused, lanes, splat};
use crate::training::Adam;

/// The numbers of one step.
pub(crate) struct Step<S: Simd> {
    /// -rate * sqrt(1 - b2^t) / (1 - b1^t).
    minus_rate: Vector<S>,
    epsilon: Vector<S>,
    /// 1 - rate * decay.
    kept: Vector<S>,
    decays: bool,
    amsgrad: bool,
    keep: [Vector<S>; 2],
    add: [Vector<S>; 2],
}

impl<S: Simd> Step<S> {
    #[inline(always)]
    pub(super) fn new(simd: S, rule: Adam, rates: &[f32], steps: &[u64], corrections: &mut Corrections) -> Self {
        let Adam { beta_1, beta_2, epsilon, amsgrad, keras, weight_decay } = rule;
        let mut minus_rate = splat(simd, 0.0);
        let mut correction = Correction { ratio: 1.0, root: 1.0 };
        let mut epsilons = splat(simd, epsilon as f32);
        for (lane, (&rate, &step)) in rates.iter().zip(steps).enumerate().take(lanes::<S>()) {
            if lane == 0 || step != steps[lane - 1] {
                correction = corrections.at([beta_1, beta_2], step);
            }
            let Correction { ratio, root } = correction;
            minus_rate.as_mut_slice()[lane] = -(f64::from(rate) * ratio) as f32;
            if !keras {
                epsilons.as_mut_slice()[lane] = (epsilon * root) as f32;
            }
        }
        Self {
            minus_rate,
            epsilon: epsilons,
            kept: each_lane(simd, rates, |_, rate| (1.0 - f64::from(rate) * weight_decay) as f32),
            decays: weight_decay > 0.0,
            amsgrad,
            keep: [splat(simd, beta_1 as f32), splat(simd, beta_2 as f32)],
            add: [splat(simd, (1.0 - beta_1) as f32), splat(simd, (1.0 - beta_2) as f32)],
        }
    }

    #[inline(always)]
    pub(super) fn update(&self, weights: &mut [Vector<S>], slots: [&mut [Vector<S>]; 3], gradients: &[Vector<S>]) {
        let [means, squares, largest] = slots;
        let count = gradients.len();
        let (weights, means, squares) = (&mut weights[..count], &mut means[..count], &mut squares[..count]);
        if !self.amsgrad {
            self.update_plain(weights, means, squares, gradients);
            return;
        }
        let largest = &mut largest[..count];
        self.decay(weights);
        for index in 0..count {
            let (mean, square) = self.moments(means[index], squares[index], gradients[index]);
            (means[index], squares[index]) = (mean, square);
            largest[index] = square.simd_gt(largest[index]).select(square, largest[index]);
            weights[index] = self.moved(weights[index], mean, largest[index]);
        }
    }

    /// Moves weights without `AMSGrad`. All slices are of the same length.
    #[inline(always)]
    pub(super) fn update_plain(
        &self,
        weights: &mut [Vector<S>],
        means: &mut [Vector<S>],
        squares: &mut [Vector<S>],
        gradients: &[Vector<S>],
    ) {
        let count = gradients.len();
        let (weights, means, squares) = (&mut weights[..count], &mut means[..count], &mut squares[..count]);
        self.decay(weights);
        for index in 0..count {
            let (mean, square) = self.moments(means[index], squares[index], gradients[index]);
            (means[index], squares[index]) = (mean, square);
            weights[index] = self.moved(weights[index], mean, square);
        }
    }

    #[inline(always)]
    fn decay(&self, weights: &mut [Vector<S>]) {
        if self.decays {
            for weight in weights {
                *weight *= self.kept;
            }
        }
    }

    #[inline(always)]
    fn moments(&self, mean: Vector<S>, square: Vector<S>, gradient: Vector<S>) -> (Vector<S>, Vector<S>) {
        let simd = mean.token();
        let mean = fused::<S>(self.keep[0], mean, self.add[0] * gradient);
        let square = fused::<S>(self.keep[1], square, self.add[1] * (gradient * gradient));
        (remembered(simd, mean), remembered(simd, square))
    }

    #[inline(always)]
    fn moved(&self, weight: Vector<S>, mean: Vector<S>, scale: Vector<S>) -> Vector<S> {
        fused::<S>(self.minus_rate, mean / (scale.sqrt() + self.epsilon), weight)
    }
}

/// What the moments are corrected by at a step.
#[derive(Clone, Copy)]
pub(crate) struct Correction {
    /// sqrt(1 - b2^t) / (1 - b1^t).
    ratio: f64,
    /// sqrt(1 - b2^t).
    root: f64,
}

/// Corrections by step, kept because all lanes need the same ones again and again.
#[derive(Default)]
pub(crate) struct Corrections {
    betas: [f64; 2],
    known: Vec<Correction>,
}

/// Steps whose corrections are kept.
const KEPT: u64 = 1 << 16;

impl Corrections {
    /// The correction of a step, counted from 1.
    fn at(&mut self, betas: [f64; 2], step: u64) -> Correction {
        if step >= KEPT {
            return correction(betas, step);
        }
        if self.betas.map(f64::to_bits) != betas.map(f64::to_bits) {
            self.known.clear();
            self.betas = betas;
        }
        while self.known.len() as u64 <= step {
            self.known.push(correction(betas, self.known.len() as u64));
        }
        self.known[step as usize]
    }
}

fn correction([beta_1, beta_2]: [f64; 2], step: u64) -> Correction {
    let root = (1.0 - power(beta_2, step)).sqrt();
    Correction { ratio: root / (1.0 - power(beta_1, step)), root }
}

/// base^exponent by repeated squaring: a handful of products in f64, the same on every machine.
pub fn power(base: f64, exponent: u64) -> f64 {
    let (mut result, mut factor, mut rest) = (1.0, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= factor;
        }
        factor *= factor;
        rest >>= 1;
    }
    result
}
