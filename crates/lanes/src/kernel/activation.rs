//! Activations: value and slope at once, since both need the same exponential.

use fearless_simd::{Select, Simd, SimdBase};

use super::dense::Finish;
use super::panel::ROWS;
use crate::lane::{Vector, fused, masked, splat};
use crate::math::{erf, exp, ln_1p_unit, sigmoid, tanh};
use crate::training::Activation;

/// Selu's scale, and scale * alpha: with them mean 0 and variance 1 of inputs are kept (Klambauer et al. 2017).
const SELU_SCALE: f32 = 1.050_701;
const SELU_PRODUCT: f32 = 1.758_099_3;

/// max(x, 0), of which a NaN is a NaN.
#[inline(always)]
fn relu<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    // In this order, for x86 gives the second operand where one is NaN.
    splat(simd, 0.0).max(x)
}

/// max(sum, 0).
#[derive(Clone, Copy)]
pub(crate) struct Relu;

impl<S: Simd> Finish<S> for Relu {
    #[inline(always)]
    fn finish<const UNITS: usize>(
        self,
        simd: S,
        _: usize,
        mut sums: [[Vector<S>; ROWS]; UNITS],
    ) -> [[Vector<S>; ROWS]; UNITS] {
        for unit in 0..UNITS {
            for row in 0..ROWS {
                sums[unit][row] = relu(simd, sums[unit][row]);
            }
        }
        sums
    }
}

/// The sum where relu's value is above 0, else 0.
#[derive(Clone, Copy)]
pub(crate) struct ReluSlope<'a, S: Simd>(pub(crate) &'a [[Vector<S>; ROWS]]);

impl<S: Simd> Finish<S> for ReluSlope<'_, S> {
    #[inline(always)]
    fn finish<const UNITS: usize>(
        self,
        simd: S,
        place: usize,
        mut sums: [[Vector<S>; ROWS]; UNITS],
    ) -> [[Vector<S>; ROWS]; UNITS] {
        let zero = splat(simd, 0.0);
        let values = &self.0[place..place + UNITS];
        for unit in 0..UNITS {
            for row in 0..ROWS {
                sums[unit][row] = masked::<S>(values[unit][row].simd_gt(zero), sums[unit][row]);
            }
        }
        sums
    }
}

/// The sum times the slope.
#[derive(Clone, Copy)]
pub(crate) struct Slope<'a, S: Simd>(pub(crate) &'a [[Vector<S>; ROWS]]);

impl<S: Simd> Finish<S> for Slope<'_, S> {
    #[inline(always)]
    fn finish<const UNITS: usize>(
        self,
        _: S,
        place: usize,
        mut sums: [[Vector<S>; ROWS]; UNITS],
    ) -> [[Vector<S>; ROWS]; UNITS] {
        let slopes = &self.0[place..place + UNITS];
        for unit in 0..UNITS {
            for row in 0..ROWS {
                sums[unit][row] *= slopes[unit][row];
            }
        }
        sums
    }
}

/// Replaces sums by their activations.
#[inline(always)]
pub(crate) fn values<S: Simd>(simd: S, activation: Activation, sums: &mut [Vector<S>]) {
    each(simd, activation, sums, |_, _, _| ());
}

/// Replaces sums by their activations, and writes the slopes.
#[inline(always)]
pub(crate) fn values_and_slopes<S: Simd>(
    simd: S,
    activation: Activation,
    sums: &mut [Vector<S>],
    slopes: &mut [Vector<S>],
) {
    let slopes = &mut slopes[..sums.len()];
    each(
        simd,
        activation,
        sums,
        #[inline(always)]
        |index, _, slope| slopes[index] = slope,
    );
}

/// Chooses the function once, outside the loop.
#[inline(always)]
fn each<S: Simd>(
    simd: S,
    activation: Activation,
    sums: &mut [Vector<S>],
    mut keep: impl FnMut(usize, Vector<S>, Vector<S>),
) {
    macro_rules! apply {
        (|$x:ident| $value_and_slope:expr) => {
            for index in 0..sums.len() {
                let $x = sums[index];
                let (value, slope) = $value_and_slope;
                sums[index] = value;
                keep(index, value, slope);
            }
        };
    }
    let zero = splat(simd, 0.0);
    let one = splat(simd, 1.0);
    let half = splat(simd, 0.5);
    match activation {
        Activation::Relu => apply!(|x| {
            let value = relu(simd, x);
            (value, value.simd_gt(zero).select(one, zero))
        }),
        Activation::LeakyRelu { slope } => {
            let lower = splat(simd, slope);
            apply!(|x| {
                let is_upper = x.simd_gt(zero);
                (is_upper.select(x, lower * x), is_upper.select(one, lower))
            });
        }
        Activation::Tanh => apply!(|x| {
            let value = tanh(simd, x);
            (value, fused::<S>(-value, value, one))
        }),
        Activation::Sigmoid => apply!(|x| {
            let value = sigmoid(simd, x);
            (value, value * (one - value))
        }),
        Activation::Gelu => {
            let root = splat(simd, std::f32::consts::FRAC_1_SQRT_2);
            // 1 / sqrt(2 pi).
            let scale = splat(simd, 0.398_942_3);
            apply!(|x| {
                let probability = half * (one + erf(simd, x * root));
                let density = scale * exp(simd, -half * (x * x));
                (x * probability, fused::<S>(x, density, probability))
            });
        }
        Activation::Silu => apply!(|x| {
            let gate = sigmoid(simd, x);
            let value = x * gate;
            (value, fused::<S>(value, one - gate, gate))
        }),
        Activation::Elu => apply!(|x| {
            let is_upper = x.simd_gt(zero);
            let power = exp(simd, is_upper.select(zero, x));
            (is_upper.select(x, power - one), is_upper.select(one, power))
        }),
        Activation::Softplus => apply!(|x| {
            let power = exp(simd, -x.abs());
            let is_lower = x.simd_lt(zero);
            (relu(simd, x) + ln_1p_unit(simd, power), is_lower.select(power, one) / (one + power))
        }),
        Activation::GeluTanh => {
            // 2 sqrt(2 / pi), and times 0.044715; beyond 10 the gate is 0 or 1 whatever the slope of its inside.
            let [factor, cubic] = [1.595_769_2, 0.071_354_814].map(|number| splat(simd, number));
            let [three, ten] = [3.0, 10.0].map(|number| splat(simd, number));
            apply!(|x| {
                let upper = x.simd_gt(ten).select(ten, x);
                let inside = upper.simd_lt(-ten).select(-ten, upper);
                let square = cubic * (inside * inside);
                let gate = sigmoid(simd, inside * (factor + square));
                let value = x * gate;
                (value, fused::<S>(value * (one - gate), fused::<S>(three, square, factor), gate))
            });
        }
        Activation::Selu => {
            let [scale, product] = [SELU_SCALE, SELU_PRODUCT].map(|number| splat(simd, number));
            apply!(|x| {
                let is_upper = x.simd_gt(zero);
                let power = exp(simd, is_upper.select(zero, x));
                (is_upper.select(scale * x, product * (power - one)), is_upper.select(scale, product * power))
            });
        }
        Activation::Identity => apply!(|x| (x, one)),
    }
}
