//! Dense layers, forward and backward, in register tiles.
//!
//! Three products. Each sums one number after the other, in order and by fused multiply-adds, so that neither tiles nor
//! lanes change a bit. Matrices lie as [`super::panel`] says, and tiles run straight through them.

use fearless_simd::Simd;

use super::panel::{ROWS, columns, lines, lines_mut};
use crate::lane::{Operand, Vector, fused, splat};

/// What becomes of a sum before it is stored.
pub(crate) trait Finish<S: Simd>: Copy {
    /// `block` and `unit` are the place in the product, whose rows have `units` numbers.
    fn finish(self, simd: S, block: usize, unit: usize, units: usize, sums: [Vector<S>; ROWS]) -> [Vector<S>; ROWS];
}

/// Numbers of an operand, in blocks of rows.
pub(crate) type Blocks<'a, S, O> = &'a [[<O as Operand<S>>::Number; ROWS]];

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
    match columns::<S>() {
        4 => forward_in_panels::<S, L, R, 4>(simd, [depth, units], inputs, weights, biases, finish, out),
        _ => forward_in_panels::<S, L, R, 2>(simd, [depth, units], inputs, weights, biases, finish, out),
    }
}

#[inline(always)]
fn forward_in_panels<S: Simd, L: Operand<S>, R: Operand<S>, const COLUMNS: usize>(
    simd: S,
    [depth, units]: [usize; 2],
    inputs: Blocks<'_, S, L>,
    weights: &[R::Number],
    biases: &[R::Number],
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    let in_panels = units - units % COLUMNS;
    let (panels, singles) = weights.split_at(in_panels * depth);
    let (panels, _) = panels.as_chunks::<COLUMNS>();
    let (panel_biases, _) = biases.as_chunks::<COLUMNS>();
    for (block, (inputs, out)) in lines(inputs, depth).zip(lines_mut(out, units)).enumerate() {
        let (out, _) = out.as_chunks_mut::<COLUMNS>();
        for (panel, ((weights, biases), out)) in lines(panels, depth).zip(panel_biases).zip(out).enumerate() {
            let sums = forward_tile::<S, L, R, COLUMNS>(simd, inputs, weights, biases);
            for column in 0..COLUMNS {
                out[column] = finish.finish(simd, block, panel * COLUMNS + column, units, sums[column]);
            }
        }
    }
    for (single, (weights, bias)) in lines(singles, depth).zip(&biases[in_panels..]).enumerate() {
        let unit = in_panels + single;
        // Two blocks at a time, for one has too few sums to keep the processor busy.
        let (mut inputs, mut outs) = (lines(inputs, depth), lines_mut(out, units));
        let mut block = 0;
        while let (Some(first), Some(first_out)) = (inputs.next(), outs.next()) {
            if let (Some(second), Some(second_out)) = (inputs.next(), outs.next()) {
                let [low, high] = forward_pair::<S, L, R>(simd, first, second, weights, *bias);
                first_out[unit] = finish.finish(simd, block, unit, units, low);
                second_out[unit] = finish.finish(simd, block + 1, unit, units, high);
            } else {
                let (weights, _) = weights.as_chunks::<1>();
                let [sums] = forward_tile::<S, L, R, 1>(simd, first, weights, &[*bias]);
                first_out[unit] = finish.finish(simd, block, unit, units, sums);
            }
            block += 2;
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
        for column in 0..COLUMNS {
            let weight = R::vector(simd, weights[column]);
            for row in 0..ROWS {
                sums[column][row] = fused::<S>(L::vector(simd, inputs[row]), weight, sums[column][row]);
            }
        }
    }
    sums
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

/// `out[r][i] = finish(sum over o of deltas[r][o] * weights[i][o])`.
#[inline(always)]
pub(crate) fn backward<S: Simd>(
    simd: S,
    [depth, units]: [usize; 2],
    deltas: &[[Vector<S>; ROWS]],
    weights: &[Vector<S>],
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    match columns::<S>() {
        4 => backward_in_panels::<S, 4>(simd, [depth, units], deltas, weights, finish, out),
        _ => backward_in_panels::<S, 2>(simd, [depth, units], deltas, weights, finish, out),
    }
}

#[inline(always)]
fn backward_in_panels<S: Simd, const COLUMNS: usize>(
    simd: S,
    [depth, units]: [usize; 2],
    deltas: &[[Vector<S>; ROWS]],
    weights: &[Vector<S>],
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    let in_panels = depth - depth % COLUMNS;
    let (panels, singles) = weights.split_at(in_panels * units);
    let (panels, _) = panels.as_chunks::<COLUMNS>();
    for (block, (deltas, out)) in lines(deltas, depth).zip(lines_mut(out, units)).enumerate() {
        let (panel_deltas, single_deltas) = deltas.as_chunks::<COLUMNS>();
        let mut unit = 0;
        while unit + COLUMNS <= units {
            let sums =
                backward_tile::<S, COLUMNS, COLUMNS>(simd, units, unit, panel_deltas, single_deltas, panels, singles);
            for (column, out) in out[unit..unit + COLUMNS].iter_mut().enumerate() {
                *out = finish.finish(simd, block, unit + column, units, sums[column]);
            }
            unit += COLUMNS;
        }
        while unit < units {
            let [sums] =
                backward_tile::<S, COLUMNS, 1>(simd, units, unit, panel_deltas, single_deltas, panels, singles);
            out[unit] = finish.finish(simd, block, unit, units, sums);
            unit += 1;
        }
    }
}

#[inline(always)]
fn backward_tile<S: Simd, const COLUMNS: usize, const UNITS: usize>(
    simd: S,
    units: usize,
    unit: usize,
    panel_deltas: &[[[Vector<S>; ROWS]; COLUMNS]],
    single_deltas: &[[Vector<S>; ROWS]],
    panels: &[[Vector<S>; COLUMNS]],
    singles: &[Vector<S>],
) -> [[Vector<S>; ROWS]; UNITS] {
    let mut sums = [[splat(simd, 0.0); ROWS]; UNITS];
    for (deltas, weights) in panel_deltas.iter().zip(lines(panels, units)) {
        let weights = &weights[unit..unit + UNITS];
        for column in 0..COLUMNS {
            for index in 0..UNITS {
                for row in 0..ROWS {
                    sums[index][row] = fused::<S>(deltas[column][row], weights[index][column], sums[index][row]);
                }
            }
        }
    }
    for (deltas, weights) in single_deltas.iter().zip(lines(singles, units)) {
        let weights = &weights[unit..unit + UNITS];
        for index in 0..UNITS {
            for row in 0..ROWS {
                sums[index][row] = fused::<S>(deltas[row], weights[index], sums[index][row]);
            }
        }
    }
    sums
}

/// What becomes of the gradients of a layer: those of its weights, in panels, and then those of its biases.
pub(crate) trait Sink<S: Simd> {
    /// Fills in what the sums from `start` on begin with.
    fn begin(&self, simd: S, start: usize, sums: &mut [Vector<S>]);
    /// Takes the sums from `start` on.
    fn end(&mut self, start: usize, sums: &mut [Vector<S>]);
}

/// The gradients are kept. They go on from what stands there where `goes_on` says so: a batch may be cut into blocks of
/// rows, and no bit changes.
pub(crate) struct Kept<'a, S: Simd> {
    pub(crate) gradients: &'a mut [Vector<S>],
    pub(crate) goes_on: bool,
}

impl<S: Simd> Sink<S> for Kept<'_, S> {
    #[inline(always)]
    fn begin(&self, simd: S, start: usize, sums: &mut [Vector<S>]) {
        begin_from(simd, self.gradients, self.goes_on, start, sums);
    }

    #[inline(always)]
    fn end(&mut self, start: usize, sums: &mut [Vector<S>]) {
        self.gradients[start..start + sums.len()].copy_from_slice(sums);
    }
}

/// What sums from `start` on begin with: what stands in `before` where they go on, else 0.
#[inline(always)]
pub(crate) fn begin_from<S: Simd>(simd: S, before: &[Vector<S>], goes_on: bool, start: usize, sums: &mut [Vector<S>]) {
    if goes_on {
        sums.copy_from_slice(&before[start..start + sums.len()]);
    } else {
        sums.fill(splat(simd, 0.0));
    }
}

/// The sum over r of `inputs[r][i] * deltas[r][o]` for each weight, and of `deltas[r][o]` for each bias.
#[inline(always)]
pub(crate) fn gradient<S: Simd, L: Operand<S>>(
    simd: S,
    [depth, units]: [usize; 2],
    inputs: Blocks<'_, S, L>,
    deltas: &[[Vector<S>; ROWS]],
    sink: &mut impl Sink<S>,
) {
    match columns::<S>() {
        4 => gradient_in_panels::<S, L, 4>(simd, [depth, units], inputs, deltas, sink),
        _ => gradient_in_panels::<S, L, 2>(simd, [depth, units], inputs, deltas, sink),
    }
}

#[inline(always)]
fn gradient_in_panels<S: Simd, L: Operand<S>, const COLUMNS: usize>(
    simd: S,
    sizes: [usize; 2],
    inputs: Blocks<'_, S, L>,
    deltas: &[[Vector<S>; ROWS]],
    sink: &mut impl Sink<S>,
) {
    let units = sizes[1];
    let mut unit = 0;
    while unit + COLUMNS <= units {
        gradient_panel::<S, L, COLUMNS>(simd, sizes, unit, inputs, deltas, sink);
        unit += COLUMNS;
    }
    while unit < units {
        gradient_panel::<S, L, 1>(simd, sizes, unit, inputs, deltas, sink);
        unit += 1;
    }
}

#[inline(always)]
fn gradient_panel<S: Simd, L: Operand<S>, const COLUMNS: usize>(
    simd: S,
    [depth, units]: [usize; 2],
    unit: usize,
    inputs: Blocks<'_, S, L>,
    deltas: &[[Vector<S>; ROWS]],
    sink: &mut impl Sink<S>,
) {
    let sizes = [depth, units];
    let mut input = 0;
    if COLUMNS == 1 {
        while input + 8 <= depth {
            gradient_tile::<S, L, COLUMNS, 8>(simd, sizes, [input, unit], inputs, deltas, sink);
            input += 8;
        }
    }
    while input + 4 <= depth {
        gradient_tile::<S, L, COLUMNS, 4>(simd, sizes, [input, unit], inputs, deltas, sink);
        input += 4;
    }
    while input < depth {
        gradient_tile::<S, L, COLUMNS, 1>(simd, sizes, [input, unit], inputs, deltas, sink);
        input += 1;
    }
    bias_tile::<S, COLUMNS>(simd, sizes, unit, deltas, sink);
}

#[inline(always)]
fn gradient_tile<S: Simd, L: Operand<S>, const COLUMNS: usize, const INPUTS: usize>(
    simd: S,
    [depth, units]: [usize; 2],
    [input, unit]: [usize; 2],
    inputs: Blocks<'_, S, L>,
    deltas: &[[Vector<S>; ROWS]],
    sink: &mut impl Sink<S>,
) {
    let start = unit * depth + input * COLUMNS;
    let mut sums = [[splat(simd, 0.0); COLUMNS]; INPUTS];
    sink.begin(simd, start, sums.as_flattened_mut());
    for (inputs, deltas) in lines(inputs, depth).zip(lines(deltas, units)) {
        let inputs = &inputs[input..input + INPUTS];
        let deltas = &deltas[unit..unit + COLUMNS];
        for row in 0..ROWS {
            for index in 0..INPUTS {
                let value = L::vector(simd, inputs[index][row]);
                for column in 0..COLUMNS {
                    sums[index][column] = fused::<S>(value, deltas[column][row], sums[index][column]);
                }
            }
        }
    }
    sink.end(start, sums.as_flattened_mut());
}

#[inline(always)]
fn bias_tile<S: Simd, const COLUMNS: usize>(
    simd: S,
    [depth, units]: [usize; 2],
    unit: usize,
    deltas: &[[Vector<S>; ROWS]],
    sink: &mut impl Sink<S>,
) {
    let start = depth * units + unit;
    let mut sums = [splat(simd, 0.0); COLUMNS];
    sink.begin(simd, start, &mut sums);
    for deltas in lines(deltas, units) {
        let deltas = &deltas[unit..unit + COLUMNS];
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                sums[column] += deltas[column][row];
            }
        }
    }
    sink.end(start, &mut sums);
}

/// The sum as it is.
#[derive(Clone, Copy)]
pub(crate) struct Plain;

impl<S: Simd> Finish<S> for Plain {
    #[inline(always)]
    fn finish(self, _: S, _: usize, _: usize, _: usize, sums: [Vector<S>; ROWS]) -> [Vector<S>; ROWS] {
        sums
    }
}
