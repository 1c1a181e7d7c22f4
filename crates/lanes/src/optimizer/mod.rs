//! Update rules. What a step needs besides gradients is worked out once a step for each lane, in f64.

mod adagrad;
mod adam;
pub(crate) mod at_once;
mod rms_prop;
mod sgd;

use fearless_simd::{Simd, SimdBase};

pub(crate) use self::adam::Corrections;
pub use self::adam::power;
use crate::lane::{Vector, masked, splat};
use crate::training::Optimizer;

/// The numbers of one step.
pub(crate) enum Step<S: Simd> {
    /// See [`sgd`].
    Sgd(sgd::Step<S>),
    /// See [`adam`].
    Adam(adam::Step<S>),
    /// See [`rms_prop`].
    RmsProp(rms_prop::Step<S>),
    /// See [`adagrad`].
    Adagrad(adagrad::Step<S>),
}

impl<S: Simd> Step<S> {
    /// The numbers of the step that is each lane's `step`th, counted from 1, at its rate.
    #[inline(always)]
    pub(crate) fn new(
        simd: S,
        optimizer: Optimizer,
        rates: &[f32],
        steps: &[u64],
        corrections: &mut Corrections,
    ) -> Self {
        match optimizer {
            Optimizer::Sgd(rule) => Self::Sgd(sgd::Step::new(simd, rule, rates, steps)),
            Optimizer::Adam(rule) => Self::Adam(adam::Step::new(simd, rule, rates, steps, corrections)),
            Optimizer::RmsProp(rule) => Self::RmsProp(rms_prop::Step::new(simd, rule, rates)),
            Optimizer::Adagrad(rule) => Self::Adagrad(adagrad::Step::new(simd, rule, rates)),
        }
    }

    /// Moves the weights. `slots` are what the optimiser remembers, each as long as the weights.
    #[inline(always)]
    pub(crate) fn update(&self, weights: &mut [Vector<S>], slots: [&mut [Vector<S>]; 3], gradients: &[Vector<S>]) {
        match self {
            Self::Sgd(step) => step.update(weights, slots, gradients),
            Self::Adam(step) => step.update(weights, slots, gradients),
            Self::RmsProp(step) => step.update(weights, slots, gradients),
            Self::Adagrad(step) => step.update(weights, slots, gradients),
        }
    }
}

/// Numbers below this are remembered as 0. What decays (the moments of a unit that no longer learns) would become
/// denormal, which processors compute with up to a hundred times slower; it is far too small to move a weight.
const NEGLIGIBLE: f32 = 1e-30;

/// 0 where the number is negligible.
#[inline(always)]
fn remembered<S: Simd>(simd: S, value: Vector<S>) -> Vector<S> {
    masked::<S>(!value.abs().simd_lt(splat(simd, NEGLIGIBLE)), value)
}

/// One number a lane.
#[inline(always)]
fn each_lane<S: Simd>(simd: S, values: &[f32], number: impl Fn(usize, f32) -> f32) -> Vector<S> {
    let mut vector = splat(simd, 0.0);
    for (lane, value) in values.iter().enumerate().take(crate::lane::lanes::<S>()) {
        vector.as_mut_slice()[lane] = number(lane, *value);
    }
    vector
}
