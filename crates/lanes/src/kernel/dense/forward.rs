//! From what enters a layer to what leaves it.

use fearless_simd::Simd;

use super::{Blocks, Finish};
use crate::kernel::panel::{ROWS, lines, lines_mut, most_columns, panels};
use crate::lane::{Operand, Vector, fused, splat};

/// `out[r][o] = finish(bias[o] + sum over i of inputs[r][i] * weights[i][o])`.
#[inline(always)]
pub(crate) fn forward<S: Simd, L: Operand<S>, R: Operand<S>>(
    simd: S,
    [depth, units]: [usize; 2],
    inputs: Blocks<'_, S, L>,
    weights: &[R::Number],
    biases: &[R::Number],
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    let counts = panels(most_columns::<S, L>(), units);
    let mut unit = 0;
    macro_rules! run {
        ($columns:literal, $count:expr) => {
            if $count > 0 {
                let weights = &weights[unit * depth..(unit + $count * $columns) * depth];
                let sizes = [depth, units];
                forward_run::<S, L, R, $columns>(simd, sizes, unit, inputs, weights, &biases[unit..], finish, out);
                unit += $count * $columns;
            }
        };
    }
    if most_columns::<S, L>() == 4 {
        run!(4, counts[0]);
    }
    run!(3, counts[1]);
    run!(2, counts[2]);
    if unit < units {
        forward_to_one::<S, L, R>(simd, depth, inputs, weights, biases[0], finish, out);
    }
}

/// Panels of so many columns, the first of which belongs to `unit`.
#[expect(clippy::too_many_arguments, reason = "what a product is made of, and where it goes")]
#[inline(always)]
fn forward_run<S: Simd, L: Operand<S>, R: Operand<S>, const COLUMNS: usize>(
    simd: S,
    [depth, units]: [usize; 2],
    unit: usize,
    inputs: Blocks<'_, S, L>,
    weights: &[R::Number],
    biases: &[R::Number],
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    let (weights, _) = weights.as_chunks::<COLUMNS>();
    let (biases, _) = biases.as_chunks::<COLUMNS>();
    for (block, (inputs, out)) in lines(inputs, depth).zip(lines_mut(out, units)).enumerate() {
        let (out, _) = out[unit..].as_chunks_mut::<COLUMNS>();
        for (panel, ((weights, biases), out)) in lines(weights, depth).zip(biases).zip(out).enumerate() {
            let sums = forward_tile::<S, L, R, COLUMNS>(simd, inputs, weights, biases);
            for column in 0..COLUMNS {
                out[column] = finish.finish(simd, block, unit + panel * COLUMNS + column, units, sums[column]);
            }
        }
    }
}

#[inline(always)]
fn forward_tile<S: Simd, L: Operand<S>, R: Operand<S>, const COLUMNS: usize>(
    simd: S,
    inputs: Blocks<'_, S, L>,
    weights: &[[R::Number; COLUMNS]],
    biases: &[R::Number; COLUMNS],
) -> [[Vector<S>; ROWS]; COLUMNS] {
    let mut sums = [[splat(simd, 0.0); ROWS]; COLUMNS];
    for column in 0..COLUMNS {
        sums[column] = [R::vector(simd, biases[column]); ROWS];
    }
    for (inputs, weights) in inputs.iter().zip(weights) {
        // Tiles of three columns fill the registers of AVX2 if the columns' numbers are what stays in them.
        if COLUMNS == 3 {
            let mut factors = [splat(simd, 0.0); COLUMNS];
            for column in 0..COLUMNS {
                factors[column] = R::vector(simd, weights[column]);
            }
            for row in 0..ROWS {
                let input = L::vector(simd, inputs[row]);
                for column in 0..COLUMNS {
                    sums[column][row] = fused::<S>(input, factors[column], sums[column][row]);
                }
            }
        } else {
            for column in 0..COLUMNS {
                let factor = R::vector(simd, weights[column]);
                for row in 0..ROWS {
                    sums[column][row] = fused::<S>(L::vector(simd, inputs[row]), factor, sums[column][row]);
                }
            }
        }
    }
    sums
}

/// To one unit. Two blocks at a time, for one has too few sums to keep the processor busy.
#[inline(always)]
fn forward_to_one<S: Simd, L: Operand<S>, R: Operand<S>>(
    simd: S,
    depth: usize,
    inputs: Blocks<'_, S, L>,
    weights: &[R::Number],
    bias: R::Number,
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    let (mut inputs, mut block) = (lines(inputs, depth), 0);
    let (pairs, rest) = out.as_chunks_mut::<2>();
    for out in pairs {
        let (Some(first), Some(second)) = (inputs.next(), inputs.next()) else { return };
        let sums = forward_pair::<S, L, R>(simd, first, second, weights, bias);
        for index in 0..2 {
            out[index] = finish.finish(simd, block + index, 0, 1, sums[index]);
        }
        block += 2;
    }
    for (out, inputs) in rest.iter_mut().zip(inputs) {
        let (weights, _) = weights.as_chunks::<1>();
        let [sums] = forward_tile::<S, L, R, 1>(simd, inputs, weights, &[bias]);
        *out = finish.finish(simd, block, 0, 1, sums);
    }
}

#[inline(always)]
fn forward_pair<S: Simd, L: Operand<S>, R: Operand<S>>(
    simd: S,
    first: Blocks<'_, S, L>,
    second: Blocks<'_, S, L>,
    weights: &[R::Number],
    bias: R::Number,
) -> [[Vector<S>; ROWS]; 2] {
    let mut sums = [[R::vector(simd, bias); ROWS]; 2];
    for ((first, second), weight) in first.iter().zip(second).zip(weights) {
        let weight = R::vector(simd, *weight);
        for row in 0..ROWS {
            sums[0][row] = fused::<S>(L::vector(simd, first[row]), weight, sums[0][row]);
            sums[1][row] = fused::<S>(L::vector(simd, second[row]), weight, sums[1][row]);
        }
    }
    sums
}
