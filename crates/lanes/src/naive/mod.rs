//! The slow twin that tests hold the kernels to: one trial, plain loops over f32, in the order of sums that the kernels
//! state. No tiles, no panels, no blocks of rows, no lanes.
//!
//! Equal means [`same`]: the same bits, but that zeros of either sign are equal (rows that only fill a block add zeros,
//! and 0 - 0 depends on which comes first), and that a NaN equals a NaN (its bits say which instruction made it). The
//! elementary functions are the crate's own, of a single number; `tests/accuracy.rs` holds those to the `libm` crate.

pub(crate) mod epoch;
pub(crate) mod evaluation;
pub(crate) mod layer;
pub(crate) mod loss;
pub(crate) mod normalization;
pub(crate) mod optimizer;

use fearless_simd::{Level, Simd, SimdBase};

use crate::lane::{Vector, splat};

/// Row-major.
pub(crate) type Matrix = Vec<Vec<f32>>;

/// Whether two numbers count as equal.
pub(crate) fn same(one: f32, other: f32) -> bool {
    one.to_bits() == other.to_bits() || one == 0.0 && other == 0.0 || one.is_nan() && other.is_nan()
}

/// `factor * other + addend`, rounded once.
fn fused(factor: f32, other: f32, addend: f32) -> f32 {
    factor.mul_add(other, addend)
}

macro_rules! elementary {
    ($($name:ident),*) => {
        $(
            fn $name(x: f32) -> f32 {
                fn first<S: Simd>(simd: S, x: f32) -> f32 {
                    let vector: Vector<S> = crate::math::$name(simd, splat(simd, x));
                    vector.as_slice()[0]
                }
                let level = Level::new();
                #[cfg(target_arch = "x86_64")]
                let simd = level.as_sse2();
                #[cfg(target_arch = "aarch64")]
                let simd = level.as_neon();
                first(simd.expect("the narrowest set is in the baseline"), x)
            }
        )*
    };
}
elementary!(exp, ln, ln_1p_unit, tanh, sigmoid, erf);
