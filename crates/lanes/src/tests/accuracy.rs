//! Elementary functions against the `libm` crate in f64.

use fearless_simd::{Simd, SimdBase};

use super::on_each_instruction_set;
use crate::kernel::log_cosh::log_cosh;
use crate::lane::{Vector, fused, lanes, splat};
use crate::{math, philox};

#[derive(Debug, Clone, Copy)]
enum Function {
    Exp,
    Ln,
    Ln1pUnit,
    Tanh,
    Sigmoid,
    Erf,
    LogCosh,
}

impl Function {
    fn exactly(self, x: f64) -> f64 {
        match self {
            Self::Exp => libm::exp(x),
            Self::Ln => libm::log(x),
            Self::Ln1pUnit => libm::log1p(x),
            Self::Tanh => libm::tanh(x),
            // Without the cancellation that 1 + e^-x would bring for large negative x.
            Self::Sigmoid if x < 0.0 => libm::exp(x) / (1.0 + libm::exp(x)),
            Self::Sigmoid => 1.0 / (1.0 + libm::exp(-x)),
            Self::Erf => libm::erf(x),
            // The difference would lose what is small; ln(cosh(x)) is half of ln(1 + sinh(x)^2).
            Self::LogCosh if x.abs() < 2.0 => libm::log1p(libm::sinh(x).powi(2)) / 2.0,
            Self::LogCosh => x.abs() + libm::log1p(libm::exp(-2.0 * x.abs())) - std::f64::consts::LN_2,
        }
    }

    /// Where its computation takes another way.
    fn branches(self) -> &'static [f32] {
        match self {
            Self::Exp => &[-105.0, -103.972_08, -87.336_55, 88.722_84, 90.0],
            Self::Ln => &[f32::MIN_POSITIVE, 2.0 / 3.0, 1.0, 4.0 / 3.0],
            Self::Ln1pUnit => &[1.0],
            Self::Tanh => &[-45.0, -9.01, -0.625, 0.625, 9.01, 45.0],
            Self::Sigmoid => &[-105.0, -103.972_08, -87.336_55, 16.635_532, 88.722_84, 90.0],
            Self::LogCosh => &[-1.0, 1.0],
            Self::Erf => &[-4.0, -3.832_507, -1.0, 1.0, 3.832_507, 4.0],
        }
    }

    fn takes(self, x: f32) -> bool {
        !matches!(self, Self::Ln1pUnit) || x.is_nan() || (0.0..=1.0).contains(&x)
    }
}

const FUNCTIONS: [Function; 7] = [
    Function::Exp,
    Function::Ln,
    Function::Ln1pUnit,
    Function::Tanh,
    Function::Sigmoid,
    Function::Erf,
    Function::LogCosh,
];

/// Every 1009th number, and all around those where something changes.
fn numbers(function: Function) -> Vec<f32> {
    let special = [0.0, f32::from_bits(1), f32::MIN_POSITIVE, f32::MAX, f32::INFINITY, f32::NAN];
    let edges = special.into_iter().flat_map(|x| [x, -x]).chain(function.branches().iter().copied());
    let around = edges.flat_map(|x| (0..4096).map(move |step| x.to_bits().wrapping_add(step).wrapping_sub(2048)));
    let dense = (0..=u32::MAX / 1009).map(|index| index * 1009);
    dense.chain(around).map(f32::from_bits).filter(|x| function.takes(*x)).collect()
}

/// The function of each number.
fn apply<S: Simd>(simd: S, function: Function, numbers: &[f32]) -> Vec<f32> {
    #[inline(always)]
    fn each<S: Simd>(simd: S, numbers: &[f32], function: impl Fn(S, Vector<S>) -> Vector<S>) -> Vec<f32> {
        let mut results = vec![0.0; numbers.len()];
        for (from, to) in numbers.chunks(lanes::<S>()).zip(results.chunks_mut(lanes::<S>())) {
            let mut vector = splat(simd, 0.5);
            vector.as_mut_slice()[..from.len()].copy_from_slice(from);
            to.copy_from_slice(&function(simd, vector).as_slice()[..from.len()]);
        }
        results
    }
    simd.vectorize(
        #[inline(always)]
        || match function {
            Function::Exp => each(simd, numbers, math::exp),
            Function::Ln => each(simd, numbers, math::ln),
            Function::Ln1pUnit => each(simd, numbers, math::ln_1p_unit),
            Function::Tanh => each(simd, numbers, math::tanh),
            Function::Sigmoid => each(simd, numbers, math::sigmoid),
            Function::Erf => each(simd, numbers, math::erf),
            Function::LogCosh => each(simd, numbers, log_cosh),
        },
    )
}

/// How many units in the last place of the exact value lie between; infinity counts as 2^128.
fn distance(value: f32, exact: f64) -> f64 {
    if exact.is_nan() || value.is_nan() {
        return if exact.is_nan() && value.is_nan() { 0.0 } else { f64::INFINITY };
    }
    let end = 2f64.powi(128);
    let exact = exact.clamp(-end, end);
    let exponent = ((exact.to_bits() >> 52) & 0x7ff) as i32 - 1023;
    (f64::from(value).clamp(-end, end) - exact).abs() / 2f64.powi(exponent.clamp(-126, 127) - 23)
}

#[test]
fn elementary_functions_are_within_two_units_in_the_last_place() {
    for function in FUNCTIONS {
        let numbers = numbers(function);
        let results = on_each_instruction_set!(apply(function, &numbers));
        let (_, first) = &results[0];
        let (mut worst, mut at) = (0.0, 0.0);
        for (x, value) in numbers.iter().zip(first) {
            let distance = distance(*value, function.exactly(f64::from(*x)));
            if distance > worst {
                (worst, at) = (distance, *x);
            }
        }
        assert!(worst <= 2.0, "{function:?} is {worst} units off at {at:e}");
        for (name, others) in &results {
            for ((x, one), other) in numbers.iter().zip(first).zip(others) {
                let is_same = one.to_bits() == other.to_bits() || one.is_nan() && other.is_nan();
                assert!(is_same, "{function:?} of {x:e} is {one:e} on {} and {other:e} on {name}", results[0].0);
            }
        }
    }
}

/// Philox words as numbers: of any size, or all of about the same, so that sums cancel and products are denormal.
fn triples() -> Vec<[f32; 3]> {
    let words = |index| philox::block([index, 0, 0, 0], [7, 0]);
    let any = (0..400_000).map(|index| words(index).map(f32::from_bits));
    let alike = (400_000..800_000).map(|index| {
        let near = |word: u32, exponent: u32| f32::from_bits(word & 0x807f_ffff | (exponent + (word >> 23 & 3)) << 23);
        let [first, second, third, kind] = words(index);
        match kind % 3 {
            0 => [near(first, 126), near(second, 126), near(third, 126), 0.0],
            1 => [near(first, 64), near(second, 60), near(third, 0), 0.0],
            _ => [near(first, 190), near(second, 190), near(third, 250), 0.0],
        }
    });
    any.chain(alike).map(|[first, second, third, _]| [first, second, third]).collect()
}

fn fuse<S: Simd>(simd: S, triples: &[[f32; 3]]) -> Vec<f32> {
    simd.vectorize(
        #[inline(always)]
        || {
            let fuse_one = |[factor, other, addend]: &[f32; 3]| {
                fused::<S>(splat(simd, *factor), splat(simd, *other), splat(simd, *addend)).as_slice()[lanes::<S>() - 1]
            };
            triples.iter().map(fuse_one).collect()
        },
    )
}

#[test]
fn fused_multiply_adds_are_rounded_once_on_every_instruction_set() {
    let triples = triples();
    for (name, results) in on_each_instruction_set!(fuse(&triples)) {
        for ([factor, other, addend], value) in triples.iter().zip(results) {
            let wanted = factor.mul_add(*other, *addend);
            let is_same = value.to_bits() == wanted.to_bits() || value.is_nan() && wanted.is_nan();
            assert!(is_same, "{factor:e} * {other:e} + {addend:e} is {value:e} on {name}, not {wanted:e}");
        }
    }
}
