//! A pack: trials of one shape side by side, one a lane, trained together for an epoch.

use fearless_simd::{Simd, SimdBase, f32x4};

use crate::buffers::{Buffers, rows_of_a_block};
use crate::lane::{Vector, lanes, quad_of, transposed};
use crate::layout::Layout;
use crate::step::Epoch;
use crate::training::Training;
use crate::trial::Lane;

/// Trains one epoch of each lane; at most as many as a vector holds. For each the row-weighted mean of the batch losses
/// while the weights moved, or `None` where a loss, a parameter or a norm became NaN or infinite, or there was no batch.
pub(crate) fn train_epoch<S: Simd>(
    simd: S,
    training: &Training,
    layout: &Layout,
    pack: &mut [Lane<'_>],
    buffers: &mut Buffers<S>,
) -> Vec<Option<f32>> {
    let Some(first) = pack.first() else { return Vec::new() };
    let batch_rows = training.batch_size.max(1).min(first.order.len());
    let block_rows = rows_of_a_block(lanes::<S>(), training, batch_rows).max(1);
    train_epoch_in_blocks(simd, training, layout, pack, buffers, block_rows)
}

/// The same, with so many rows going through the network at a time; no bit depends on how many.
pub(crate) fn train_epoch_in_blocks<S: Simd>(
    simd: S,
    training: &Training,
    layout: &Layout,
    pack: &mut [Lane<'_>],
    buffers: &mut Buffers<S>,
    block_rows: usize,
) -> Vec<Option<f32>> {
    let Some(first) = pack.first() else { return Vec::new() };
    let all_rows = first.order.len();
    let batch_size = training.batch_size.max(1);
    buffers.grow(simd, training, layout, block_rows);
    let Buffers { numbers, places, .. } = buffers;
    simd.vectorize(
        #[inline(always)]
        || load(simd, numbers, places, pack),
    );
    let mut epoch = Epoch::new(training, layout, pack, block_rows);
    for (step, start) in (0..all_rows).step_by(batch_size).enumerate() {
        let rows = batch_size.min(all_rows - start);
        if training.drop_last && rows < batch_size {
            break;
        }
        epoch.step(simd, step, start, rows, buffers);
    }
    let means = epoch.mean_losses();
    let Buffers { numbers, places, .. } = buffers;
    simd.vectorize(
        #[inline(always)]
        || store(simd, numbers, places, pack),
    );
    let is_finite = |lane: &Lane<'_>| lane.numbers[..layout.parameters].iter().all(|value| value.is_finite());
    pack.iter().zip(means).map(|(lane, mean)| mean.filter(|_| is_finite(lane))).collect()
}

/// Interleaves the states. Lanes without a trial repeat the first one.
#[inline(always)]
fn load<S: Simd>(simd: S, numbers: &mut [Vector<S>], places: &[u32], pack: &[Lane<'_>]) {
    let lane = |index: usize| pack.get(index).unwrap_or(&pack[0]);
    for quad in 0..lanes::<S>() / 4 {
        let states: [&[f32]; 4] = std::array::from_fn(|index| &lane(quad * 4 + index).numbers[..places.len()]);
        let (fours, rest) = places.as_chunks::<4>();
        let [first, second, third, fourth] = states.map(|state| state.as_chunks::<4>());
        let rows = first.0.iter().zip(second.0).zip(third.0).zip(fourth.0);
        for ((((first, second), third), fourth), places) in rows.zip(fours) {
            let rows = [
                f32x4::load_array_ref(simd, first),
                f32x4::load_array_ref(simd, second),
                f32x4::load_array_ref(simd, third),
                f32x4::load_array_ref(simd, fourth),
            ];
            for (place, column) in places.iter().zip(transposed(rows)) {
                column.store_slice(quad_of::<S>(&mut numbers[*place as usize], quad));
            }
        }
        for (index, place) in rest.iter().enumerate() {
            let column = [first.1[index], second.1[index], third.1[index], fourth.1[index]];
            quad_of::<S>(&mut numbers[*place as usize], quad).copy_from_slice(&column);
        }
    }
}

/// Gives the states back.
#[inline(always)]
fn store<S: Simd>(simd: S, numbers: &mut [Vector<S>], places: &[u32], pack: &mut [Lane<'_>]) {
    for (quad, pack) in pack.chunks_mut(4).enumerate() {
        let (fours, rest) = places.as_chunks::<4>();
        for (index, places) in fours.iter().enumerate() {
            let mut columns = [f32x4::splat(simd, 0.0); 4];
            for (column, place) in columns.iter_mut().zip(places) {
                *column = f32x4::from_slice(simd, quad_of::<S>(&mut numbers[*place as usize], quad));
            }
            for (lane, row) in pack.iter_mut().zip(transposed(columns)) {
                row.store_slice(&mut lane.numbers[index * 4..][..4]);
            }
        }
        let start = fours.len() * 4;
        for (index, place) in rest.iter().enumerate() {
            for (lane, number) in pack.iter_mut().zip(quad_of::<S>(&mut numbers[*place as usize], quad)) {
                lane.numbers[start + index] = *number;
            }
        }
    }
}
