//! Rows of each lane's own data, side by side.

use fearless_simd::{Simd, SimdBase, f32x4};

use super::panel::ROWS;
use crate::lane::{MOST_LANES, Vector, lanes, quad_of, transposed};
use crate::rows::{Rows, Targets};

/// The rows `order[lane]` of each lane: `inputs` in blocks of rows, `targets` one a row. Rows that only fill the last
/// block repeat the last row: what stood there before could overflow where no row of the lane does, and 0 times infinity
/// is no 0.
#[inline(always)]
pub(crate) fn gather<S: Simd>(
    simd: S,
    columns: usize,
    data: &[Rows<'_>; MOST_LANES],
    order: &[&[u32]; MOST_LANES],
    inputs: &mut [[Vector<S>; ROWS]],
    targets: &mut [Vector<S>],
) {
    let (data, _) = data.as_chunks::<4>();
    let (order, _) = order.as_chunks::<4>();
    for (quad, (data, order)) in data.iter().zip(order).enumerate().take(lanes::<S>() / 4) {
        let [first, second, third, fourth] = order;
        let rows = first.iter().zip(*second).zip(*third).zip(*fourth);
        for (row, (((first, second), third), fourth)) in rows.enumerate() {
            let out = &mut inputs[row / ROWS * columns..][..columns];
            let from = [
                row_of(data[0].inputs, *first, columns),
                row_of(data[1].inputs, *second, columns),
                row_of(data[2].inputs, *third, columns),
                row_of(data[3].inputs, *fourth, columns),
            ];
            turn(simd, quad, row % ROWS, from, out);
        }
        if let [Targets::Numbers(a), Targets::Numbers(b), Targets::Numbers(c), Targets::Numbers(d)] =
            [data[0].targets, data[1].targets, data[2].targets, data[3].targets]
        {
            // All four at once: a loop for each lane takes longer than what it does.
            let rows = first.iter().zip(*second).zip(*third).zip(*fourth);
            for ((((first, second), third), fourth), target) in rows.zip(targets.iter_mut()) {
                let to = quad_of::<S>(target, quad);
                to[0] = a[*first as usize];
                to[1] = b[*second as usize];
                to[2] = c[*third as usize];
                to[3] = d[*fourth as usize];
            }
        } else {
            for lane in 0..4 {
                gather_targets::<S>(quad * 4 + lane, data[lane].targets, order[lane], targets);
            }
        }
    }
    let rows = targets.len();
    if !rows.is_multiple_of(ROWS) {
        for column in &mut inputs[rows / ROWS * columns..][..columns] {
            let (filled, rest) = column.split_at_mut(rows % ROWS);
            rest.fill(filled[filled.len() - 1]);
        }
    }
}

#[inline(always)]
fn row_of(inputs: &[f32], row: u32, columns: usize) -> &[f32] {
    &inputs[row as usize * columns..][..columns]
}

/// Writes one row of four lanes: what are rows in memory become columns of the lane vectors.
#[inline(always)]
fn turn<S: Simd>(simd: S, quad: usize, row: usize, from: [&[f32]; 4], out: &mut [[Vector<S>; ROWS]]) {
    let (first, first_rest) = from[0].as_chunks::<4>();
    let (second, second_rest) = from[1].as_chunks::<4>();
    let (third, third_rest) = from[2].as_chunks::<4>();
    let (fourth, fourth_rest) = from[3].as_chunks::<4>();
    let (outs, out_rest) = out.as_chunks_mut::<4>();
    for ((((first, second), third), fourth), out) in first.iter().zip(second).zip(third).zip(fourth).zip(outs) {
        let rows = [
            f32x4::load_array_ref(simd, first),
            f32x4::load_array_ref(simd, second),
            f32x4::load_array_ref(simd, third),
            f32x4::load_array_ref(simd, fourth),
        ];
        for (out, column) in out.iter_mut().zip(transposed(rows)) {
            column.store_slice(quad_of::<S>(&mut out[row], quad));
        }
    }
    let rests = first_rest.iter().zip(second_rest).zip(third_rest).zip(fourth_rest).zip(out_rest);
    for ((((first, second), third), fourth), out) in rests {
        quad_of::<S>(&mut out[row], quad).copy_from_slice(&[*first, *second, *third, *fourth]);
    }
}

#[inline(always)]
fn gather_targets<S: Simd>(lane: usize, from: Targets<'_>, order: &[u32], targets: &mut [Vector<S>]) {
    match from {
        Targets::Numbers(numbers) => {
            for (target, row) in targets.iter_mut().zip(order) {
                target.as_mut_slice()[lane] = numbers[*row as usize];
            }
        }
        Targets::Classes(classes) | Targets::Mixed { classes, .. } => {
            for (target, row) in targets.iter_mut().zip(order) {
                target.as_mut_slice()[lane] = classes[*row as usize] as f32;
            }
        }
    }
}
