//! Elementary functions of lane vectors, by polynomials of our own: the same bits on every machine, with no library
//! behind them. Each is within 2 units in the last place over its whole range; the coefficients are minimax fits.

use fearless_simd::{Bytes, Select, Simd, SimdBase, SimdFloat, SimdInt};

use crate::lane::{Vector, fused, splat};

/// `sum of coefficients[k] * x^k`, by Horner's rule.
#[inline(always)]
pub(crate) fn polynomial<S: Simd, const TERMS: usize>(simd: S, x: Vector<S>, coefficients: [f32; TERMS]) -> Vector<S> {
    let mut sum = splat(simd, coefficients[TERMS - 1]);
    for term in (0..TERMS - 1).rev() {
        sum = fused::<S>(sum, x, splat(simd, coefficients[term]));
    }
    sum
}

/// 2^n for whole n from -126 to 127, given as a number.
#[inline(always)]
fn power_of_two<S: Simd>(simd: S, n: Vector<S>) -> Vector<S> {
    // The sum's lowest bits are n + 127: shifted, they are the exponent.
    let biased = n + splat(simd, 8_388_608.0 + 127.0);
    let bits: S::u32s = biased.bitcast();
    (bits << 23u32).bitcast()
}

/// e^x. Overflows to infinity above 88.72, and goes to 0 by way of the denormals below -87.33.
#[inline(always)]
pub(crate) fn exp<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    // Beyond these the result is infinite or 0 anyway, and NaN passes both comparisons.
    let high = splat(simd, 90.0);
    let low = splat(simd, -105.0);
    let x = x.simd_gt(high).select(high, x);
    let x = x.simd_lt(low).select(low, x);
    let n = (x * splat(simd, std::f32::consts::LOG2_E)).round_ties_even();
    let rest = fused::<S>(n, splat(simd, -0.693_145_75), x);
    let rest = fused::<S>(n, splat(simd, -1.428_606_8e-6), rest);
    let tail =
        polynomial(simd, rest, [0.5, 0.166_666_66, 0.041_666_31, 0.008_333_504, 0.001_394_377_3, 0.000_197_860_31]);
    let power = fused::<S>(rest * rest, tail, rest) + splat(simd, 1.0);
    // In two steps, since 2^n alone may be beyond the range; the first is exact.
    let half = (n * splat(simd, 0.5)).round_ties_even();
    power * power_of_two::<S>(simd, half) * power_of_two::<S>(simd, n - half)
}

/// The natural logarithm; -infinity at 0, NaN below.
#[inline(always)]
pub(crate) fn ln<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let zero = splat(simd, 0.0);
    let is_small = x.simd_lt(splat(simd, f32::MIN_POSITIVE));
    let scaled = is_small.select(x * splat(simd, 8_388_608.0), x);
    let shift = is_small.select(splat(simd, -23.0), zero);
    // Exponent and mantissa, the latter in 2/3 .. 4/3.
    let bits: S::i32s = scaled.bitcast();
    let exponent_bits: S::i32s = (bits - S::i32s::splat(simd, 0x3f2a_aaab)) & S::i32s::splat(simd, -0x0080_0000);
    let mantissa: Vector<S> = (bits - exponent_bits).bitcast();
    let exponent: Vector<S> = (exponent_bits >> 23u32).to_float();
    let t = mantissa - splat(simd, 1.0);
    let tail = polynomial(
        simd,
        t,
        [
            -0.5,
            0.333_332_15,
            -0.249_998_06,
            0.200_104_27,
            -0.166_801_96,
            0.140_057_34,
            -0.121_874_794,
            0.139_845_94,
            -0.128_800_42,
        ],
    );
    let exponent = exponent + shift;
    let low = fused::<S>(t * t, tail, exponent * splat(simd, -1.904_654_3e-9));
    let value = fused::<S>(exponent, splat(simd, std::f32::consts::LN_2), t + low);
    let value = x.simd_lt(zero).select(splat(simd, f32::NAN), value);
    let value = x.simd_eq(zero).select(splat(simd, f32::NEG_INFINITY), value);
    // Infinity, and NaN, stay what they are.
    x.simd_lt(splat(simd, f32::INFINITY)).select(value, x.simd_le(zero).select(value, x))
}

/// ln(1 + x) for x in 0..=1.
#[inline(always)]
pub(crate) fn ln_1p_unit<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    // 2 atanh(x / (2 + x)).
    let s = x / (x + splat(simd, 2.0));
    let square = s * s;
    let tail = polynomial(simd, square, [0.666_666_75, 0.399_989_28, 0.286_154_27, 0.214_444_73, 0.242_346_23]);
    let double = s + s;
    fused::<S>(s * square, tail, double)
}

/// The hyperbolic tangent.
#[inline(always)]
pub(crate) fn tanh<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let size = x.abs();
    let square = x * x;
    let tail = polynomial(simd, square, [-0.333_332_8, 0.133_314_42, -0.053_739_566, 0.020_638_542, -0.005_704_369_4]);
    let small = fused::<S>(x * square, tail, x);
    let double = size + size;
    let large = splat(simd, 1.0) - splat(simd, 2.0) / (exp(simd, double) + splat(simd, 1.0));
    size.simd_lt(splat(simd, 0.625)).select(small, large.copysign(x))
}

/// 1 / (1 + e^-x).
#[inline(always)]
pub(crate) fn sigmoid<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let one = splat(simd, 1.0);
    let power = exp(simd, -x.abs());
    let upper = one / (one + power);
    // p / (1 + p) = p - p * (p / (1 + p)), in which only the first p's error counts where p is small.
    let lower = fused::<S>(-power, power * upper, power);
    x.simd_lt(splat(simd, 0.0)).select(lower, upper)
}

/// The error function.
#[inline(always)]
pub(crate) fn erf<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let size = x.abs();
    let square = x * x;
    let tail = polynomial(
        simd,
        square,
        [0.128_379_17, -0.376_126_26, 0.112_835_87, -0.026_853_874, 0.005_188_405_5, -0.000_801_058_9, 7.854_394e-5],
    );
    let small = fused::<S>(x, tail, x);
    // Beyond 4, 1 - erf is below half a unit in the last place.
    let four = splat(simd, 4.0);
    let capped = size.simd_gt(four).select(four, size);
    let logarithm = polynomial(
        simd,
        capped,
        [
            0.000_184_321_6,
            -1.129_563_9,
            -0.633_240_5,
            -0.108_408_42,
            0.025_213_324,
            -0.004_213_573_4,
            0.000_446_035_1,
            -2.281_459_6e-5,
            1.055_556_6e-7,
        ],
    );
    let large = (splat(simd, 1.0) - exp(simd, logarithm)).copysign(x);
    size.simd_lt(splat(simd, 1.0)).select(small, large)
}
