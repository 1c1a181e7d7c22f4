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
                let (sizes, biases) = ([depth, units], &biases[unit..]);
                match depth {
                    1 => forward_known::<S, L, R, $columns, 1>(simd, units, unit, inputs, weights, biases, finish, out),
                    4 => forward_known::<S, L, R, $columns, 4>(simd, units, unit, inputs, weights, biases, finish, out),
                    8 => forward_known::<S, L, R, $columns, 8>(simd, units, unit, inputs, weights, biases, finish, out),
                    16 => {
                        forward_known::<S, L, R, $columns, 16>(simd, units, unit, inputs, weights, biases, finish, out)
                    }
                    _ => forward_run::<S, L, R, $columns>(simd, sizes, unit, inputs, weights, biases, finish, out),
                }
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
            *out = finish.finish(simd, block * units + unit + panel * COLUMNS, sums);
        }
    }
}

/// The same for a depth that the compiler knows: its small tiles are straight runs, with little between them.
#[expect(clippy::too_many_arguments, reason = "what a product is made of, and where it goes")]
#[inline(always)]
fn forward_known<S: Simd, L: Operand<S>, R: Operand<S>, const COLUMNS: usize, const DEPTH: usize>(
    simd: S,
    units: usize,
    unit: usize,
    inputs: Blocks<'_, S, L>,
    weights: &[R::Number],
    biases: &[R::Number],
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    let (panels, _) = weights.as_chunks::<COLUMNS>().0.as_chunks::<DEPTH>();
    let (biases, _) = biases.as_chunks::<COLUMNS>();
    let (inputs, _) = inputs.as_chunks::<DEPTH>();
    for (block, (inputs, out)) in inputs.iter().zip(lines_mut(out, units)).enumerate() {
        let (out, _) = out[unit..].as_chunks_mut::<COLUMNS>();
        for (panel, ((weights, biases), out)) in panels.iter().zip(biases).zip(out).enumerate() {
            let sums = forward_tile::<S, L, R, COLUMNS>(simd, inputs, weights, biases);
            *out = finish.finish(simd, block * units + unit + panel * COLUMNS, sums);
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
    let (fours_of_inputs, inputs) = inputs.as_chunks::<UNROLLED>();
    let (fours_of_weights, weights) = weights.as_chunks::<UNROLLED>();
    for (inputs, weights) in fours_of_inputs.iter().zip(fours_of_weights) {
        for index in 0..UNROLLED {
            forward_products::<S, L, R, COLUMNS>(simd, &inputs[index], &weights[index], &mut sums);
        }
    }
    for (inputs, weights) in inputs.iter().zip(weights) {
        forward_products::<S, L, R, COLUMNS>(simd, inputs, weights, &mut sums);
    }
    sums
}

/// Inputs of a run without a branch.
const UNROLLED: usize = 4;

#[inline(always)]
fn forward_products<S: Simd, L: Operand<S>, R: Operand<S>, const COLUMNS: usize>(
    simd: S,
    inputs: &[L::Number; ROWS],
    weights: &[R::Number; COLUMNS],
    sums: &mut [[Vector<S>; ROWS]; COLUMNS],
) {
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
        *out = finish.finish(simd, block, sums);
        block += 2;
    }
    for (out, inputs) in rest.iter_mut().zip(inputs) {
        let (weights, _) = weights.as_chunks::<1>();
        let sums = forward_tile::<S, L, R, 1>(simd, inputs, weights, &[bias]);
        [*out] = finish.finish(simd, block, sums);
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
