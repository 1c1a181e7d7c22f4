//! Weights by their outputs instead of their inputs. With them the way back is the same product as the way forward: of the
//! derivatives by a layer's sums, to those by what entered it.

use fearless_simd::Simd;

use crate::kernel::panel::{most_columns, panels};
use crate::lane::{Each, Vector};

/// Transposes the weights of a layer: both lie in panels, of the layer's outputs and of its inputs.
#[inline(always)]
pub(crate) fn transpose<S: Simd>(
    simd: S,
    [inputs, outputs]: [usize; 2],
    weights: &[Vector<S>],
    transposed: &mut [Vector<S>],
) {
    let counts = panels(most_columns::<S, Each>(), outputs);
    let mut output = 0;
    macro_rules! run {
        ($columns:literal, $count:expr) => {
            for _ in 0..$count {
                let panel = &weights[output * inputs..(output + $columns) * inputs];
                transpose_panel::<S, $columns>(simd, [inputs, outputs], output, panel.as_chunks().0, transposed);
                output += $columns;
            }
        };
    }
    if most_columns::<S, Each>() == 4 {
        run!(4, counts[0]);
    }
    run!(3, counts[1]);
    run!(2, counts[2]);
    run!(1, counts[3]);
}

/// The panel whose first column belongs to `output`.
#[inline(always)]
fn transpose_panel<S: Simd, const COLUMNS: usize>(
    _: S,
    [inputs, outputs]: [usize; 2],
    output: usize,
    panel: &[[Vector<S>; COLUMNS]],
    transposed: &mut [Vector<S>],
) {
    let counts = panels(most_columns::<S, Each>(), inputs);
    let (mut panel, mut transposed) = (panel, transposed);
    macro_rules! run {
        ($rows:literal, $count:expr) => {
            for _ in 0..$count {
                let Some((from, rest)) = panel.split_first_chunk::<$rows>() else { return };
                let Some((to, others)) = std::mem::take(&mut transposed).split_at_mut_checked($rows * outputs) else {
                    return;
                };
                let to = &mut to.as_chunks_mut::<$rows>().0[output..output + COLUMNS];
                for column in 0..COLUMNS {
                    for row in 0..$rows {
                        to[column][row] = from[row][column];
                    }
                }
                (panel, transposed) = (rest, others);
            }
        };
    }
    if most_columns::<S, Each>() == 4 {
        run!(4, counts[0]);
    }
    run!(3, counts[1]);
    run!(2, counts[2]);
    run!(1, counts[3]);
}
