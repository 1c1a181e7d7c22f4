//! Gradients of weights and biases.

use fearless_simd::Simd;

use super::Blocks;
use crate::kernel::panel::{ROWS, lines, most_columns, panels};
use crate::lane::{Operand, Vector, fused, splat};

/// What becomes of the gradients of a layer: those of its weights, one column after the other, and then those of its
/// biases.
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
    sizes: [usize; 2],
    inputs: Blocks<'_, S, L>,
    deltas: &[[Vector<S>; ROWS]],
    sink: &mut impl Sink<S>,
) {
    let counts = panels(most_columns::<S, L>(), sizes[1]);
    let mut unit = 0;
    if most_columns::<S, L>() == 4 {
        for _ in 0..counts[0] {
            gradient_panels::<S, L, 1, 4, 4>(simd, sizes, unit, inputs, deltas, sink);
            unit += 4;
        }
    }
    for _ in 0..counts[1] {
        gradient_panels::<S, L, 1, 3, 4>(simd, sizes, unit, inputs, deltas, sink);
        unit += 3;
    }
    for _ in 0..counts[2] / 2 {
        gradient_panels::<S, L, 2, 2, 3>(simd, sizes, unit, inputs, deltas, sink);
        unit += 4;
    }
    if counts[2] % 2 == 1 {
        gradient_panels::<S, L, 1, 2, 4>(simd, sizes, unit, inputs, deltas, sink);
    }
    if counts[3] == 1 {
        gradient_panels::<S, L, 1, 1, 8>(simd, sizes, unit, inputs, deltas, sink);
    }
    biases(simd, sizes, deltas, sink);
}

/// So many panels, by tiles of so many inputs.
#[inline(always)]
fn gradient_panels<S: Simd, L: Operand<S>, const PANELS: usize, const COLUMNS: usize, const INPUTS: usize>(
    simd: S,
    sizes: [usize; 2],
    unit: usize,
    inputs: Blocks<'_, S, L>,
    deltas: &[[Vector<S>; ROWS]],
    sink: &mut impl Sink<S>,
) {
    let depth = sizes[0];
    let mut input = 0;
    macro_rules! tile {
        ($inputs:expr) => {{
            gradient_tile::<S, L, PANELS, COLUMNS, { $inputs }>(simd, sizes, [input, unit], inputs, deltas, sink);
            input += $inputs;
        }};
    }
    // Four are two tiles of two rather than one of three and one of one.
    while input + INPUTS <= depth && (INPUTS != 3 || input + 4 != depth) {
        tile!(INPUTS);
    }
    if INPUTS > 4 && input + 4 <= depth {
        tile!(4);
    }
    while input + 2 <= depth {
        tile!(2);
    }
    if input < depth {
        gradient_tile::<S, L, PANELS, COLUMNS, 1>(simd, sizes, [input, unit], inputs, deltas, sink);
    }
}

/// The biases of a layer, whatever the panels of its weights: many at a time, for each sum alone waits for itself.
#[inline(always)]
fn biases<S: Simd>(simd: S, sizes: [usize; 2], deltas: &[[Vector<S>; ROWS]], sink: &mut impl Sink<S>) {
    let (units, mut unit) = (sizes[1], 0);
    while unit + 8 <= units {
        bias_tile::<S, 8>(simd, sizes, unit, deltas, sink);
        unit += 8;
    }
    if unit + 4 <= units {
        bias_tile::<S, 4>(simd, sizes, unit, deltas, sink);
        unit += 4;
    }
    if unit + 2 <= units {
        bias_tile::<S, 2>(simd, sizes, unit, deltas, sink);
        unit += 2;
    }
    if unit < units {
        bias_tile::<S, 1>(simd, sizes, unit, deltas, sink);
    }
}

#[inline(always)]
fn gradient_tile<S: Simd, L: Operand<S>, const PANELS: usize, const COLUMNS: usize, const INPUTS: usize>(
    simd: S,
    [depth, units]: [usize; 2],
    [input, unit]: [usize; 2],
    inputs: Blocks<'_, S, L>,
    deltas: &[[Vector<S>; ROWS]],
    sink: &mut impl Sink<S>,
) {
    let start = |panel: usize| (unit + panel * COLUMNS) * depth + input * COLUMNS;
    let mut sums = [[[splat(simd, 0.0); COLUMNS]; INPUTS]; PANELS];
    for panel in 0..PANELS {
        sink.begin(simd, start(panel), sums[panel].as_flattened_mut());
    }
    for (inputs, deltas) in lines(inputs, depth).zip(lines(deltas, units)) {
        let inputs = &inputs[input..input + INPUTS];
        let (deltas, _) = deltas[unit..unit + PANELS * COLUMNS].as_chunks::<COLUMNS>();
        let deltas = &deltas[..PANELS];
        for row in 0..ROWS {
            if PANELS * COLUMNS <= INPUTS {
                for index in 0..INPUTS {
                    let value = L::vector(simd, inputs[index][row]);
                    for panel in 0..PANELS {
                        for column in 0..COLUMNS {
                            let sum = &mut sums[panel][index][column];
                            *sum = fused::<S>(value, deltas[panel][column][row], *sum);
                        }
                    }
                }
            } else {
                for panel in 0..PANELS {
                    for column in 0..COLUMNS {
                        for index in 0..INPUTS {
                            let value = L::vector(simd, inputs[index][row]);
                            let sum = &mut sums[panel][index][column];
                            *sum = fused::<S>(value, deltas[panel][column][row], *sum);
                        }
                    }
                }
            }
        }
    }
    for panel in 0..PANELS {
        sink.end(start(panel), sums[panel].as_flattened_mut());
    }
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
