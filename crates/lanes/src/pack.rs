//! A pack: trials of one shape side by side, one a lane, trained together for an epoch.

use fearless_simd::{Simd, SimdBase};

use crate::buffers::{Buffers, rows_of_a_block};
use crate::lane::{Vector, lanes};
use crate::layout::Layout;
use crate::philox::Name;
use crate::rows::Rows;
use crate::step::Epoch;
use crate::training::Training;

/// One trial of a pack, and what its next epoch needs.
#[derive(Debug)]
pub struct Lane<'a> {
    /// The state's numbers, in the order of the [`Layout`]; advanced by one epoch.
    pub numbers: &'a mut [f32],
    /// Steps done before this epoch.
    pub steps: u64,
    /// The rows to learn from.
    pub rows: Rows<'a>,
    /// The order of the rows in this epoch.
    pub order: &'a [u32],
    /// The learning rates.
    pub rates: Rates<'a>,
    /// The stream of the dropout masks of this epoch.
    pub dropout: Name,
}

/// Learning rates of the steps of one epoch.
#[derive(Debug, Clone, Copy)]
pub enum Rates<'a> {
    /// The same for every step.
    Constant(f32),
    /// One a step; past the last listed one, the last.
    PerStep(&'a [f32]),
}

impl Rates<'_> {
    /// The rate of a step of the epoch.
    pub(crate) fn at(&self, step: usize) -> f32 {
        match self {
            Self::Constant(rate) => *rate,
            Self::PerStep(rates) => rates.get(step).or(rates.last()).copied().unwrap_or(0.0),
        }
    }
}

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
    let block_rows = rows_of_a_block(training, batch_rows).max(1);
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
    load::<S>(&mut buffers.numbers, &buffers.places, pack);
    let mut epoch = Epoch::new(training, layout, pack, block_rows);
    for (step, start) in (0..all_rows).step_by(batch_size).enumerate() {
        let rows = batch_size.min(all_rows - start);
        if training.drop_last && rows < batch_size {
            break;
        }
        epoch.step(simd, step, start, rows, buffers);
    }
    let means = epoch.mean_losses();
    store::<S>(&buffers.numbers, &buffers.places, pack);
    let is_finite = |lane: &Lane<'_>| lane.numbers[..layout.parameters].iter().all(|value| value.is_finite());
    pack.iter().zip(means).map(|(lane, mean)| mean.filter(|_| is_finite(lane))).collect()
}

/// Interleaves the states. Lanes without a trial repeat the first one.
fn load<S: Simd>(numbers: &mut [Vector<S>], places: &[u32], pack: &[Lane<'_>]) {
    for lane in 0..lanes::<S>() {
        let Some(from) = pack.get(lane).or(pack.first()) else { return };
        for (place, value) in places.iter().zip(from.numbers.iter()) {
            numbers[*place as usize].as_mut_slice()[lane] = *value;
        }
    }
}

fn store<S: Simd>(numbers: &[Vector<S>], places: &[u32], pack: &mut [Lane<'_>]) {
    for (lane, to) in pack.iter_mut().enumerate() {
        for (to, place) in to.numbers.iter_mut().zip(places) {
            *to = numbers[*place as usize].as_slice()[lane];
        }
    }
}
