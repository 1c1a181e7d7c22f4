//! ln(cosh(x)), within two units in the last place near 0 too.

use fearless_simd::{Select, Simd, SimdBase};

use crate::lane::{Vector, fused, splat};
use crate::math::{exp, ln_1p_unit, polynomial};

/// ln(cosh(x)).
#[inline(always)]
pub(crate) fn log_cosh<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let one = splat(simd, 1.0);
    let size = x.abs();
    let capped = size.simd_gt(one).select(one, size);
    let square = capped * capped;
    // What is left of x^2 / 2, over x^4: a minimax fit.
    let tail = polynomial(
        simd,
        square,
        [-0.083_333_1, 0.022_217_417, -0.006_713_375, 0.002_082_296, -0.000_560_215_27, 8.780_548_5e-5],
    );
    let small = fused::<S>(square * square, tail, splat(simd, 0.5) * square);
    let large = size + (ln_1p_unit(simd, exp(simd, -(size + size))) - splat(simd, std::f32::consts::LN_2));
    size.simd_lt(one).select(small, large)
}
