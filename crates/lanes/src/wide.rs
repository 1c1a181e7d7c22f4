//! One wide network at a time, whose units lie side by side in the lanes.
//!
//! A pack of wide networks does not fit the caches. So a vector holds neighbouring units of one trial, and what were
//! vectors of inputs become numbers that all lanes share. Every sum is the same chain of fused multiply-adds as in a
//! pack, and has the same bits.

use fearless_simd::{Simd, SimdBase};

use crate::buffers::has_slopes;
use crate::kernel::activation::{Relu, ReluSlope, Slope, values_and_slopes};
use crate::kernel::dense::{Kept, Plain, forward, gradient};
use crate::kernel::dropout::Masks;
use crate::kernel::loss::losses_and_gradients;
use crate::kernel::mixture::{Mixture, is_mixed};
use crate::kernel::objective::{Factors, smooth_and_weigh, tilts};
use crate::kernel::panel::{ROWS, blocks, lines_mut};
use crate::lane::{Each, MOST_LANES, Shared, Vector, fused, lanes, splat};
use crate::layout::Layout;
use crate::optimizer::at_once::{self, AtOnce};
use crate::optimizer::{Corrections, Step};
use crate::rows::Targets;
use crate::step::{Block, mask_start, mixture, penalty, slots};
use crate::training::Training;
use crate::trial::Lane;
use crate::wide_buffers::{WideBuffers, WideLayer, WidePlace, spread, turn};

/// Whether a training can run this way: norms over units, norms of whole gradients, and weights that are dropped are a
/// pack's business.
pub(crate) fn is_possible(training: &Training) -> bool {
    training.normalization.is_none() && training.clip.is_none() && training.drop_connect <= 0.0
}

/// Trains one epoch of a trial; see [`crate::pack::train_epoch`].
pub(crate) fn train_epoch<S: Simd>(
    simd: S,
    training: &Training,
    layout: &Layout,
    lane: &mut Lane<'_>,
    buffers: &mut WideBuffers<S>,
) -> Option<f32> {
    let all_rows = lane.order.len();
    let batch_size = training.batch_size.max(1);
    let block_rows = rows_of_a_block(training, batch_size.min(all_rows)).max(1);
    buffers.prepare(simd, training, layout, block_rows);
    buffers.load(lane.numbers);
    let mut epoch = Epoch { training, layout, lane: &*lane, block_rows, loss: 0.0, rows: 0 };
    for (step, start) in (0..all_rows).step_by(batch_size).enumerate() {
        let rows = batch_size.min(all_rows - start);
        if training.drop_last && rows < batch_size {
            break;
        }
        epoch.step(simd, step, start, rows, buffers);
    }
    let mean = (epoch.loss / epoch.rows as f64) as f32;
    buffers.store(lane.numbers);
    let is_finite = mean.is_finite() && lane.numbers[..layout.parameters].iter().all(|value| value.is_finite());
    is_finite.then_some(mean)
}

/// Inputs, as single numbers, that go through the widest layer at a time.
const NUMBERS_OF_A_BLOCK: usize = 1 << 16;

fn rows_of_a_block(training: &Training, batch_rows: usize) -> usize {
    let widest = training.layers.iter().copied().max().unwrap_or(1).max(1);
    (NUMBERS_OF_A_BLOCK / widest).next_multiple_of(2 * ROWS).max(2 * ROWS).min(batch_rows)
}

/// One epoch of a trial.
struct Epoch<'a> {
    training: &'a Training,
    layout: &'a Layout,
    lane: &'a Lane<'a>,
    block_rows: usize,
    loss: f64,
    rows: usize,
}

impl Epoch<'_> {
    fn step<S: Simd>(&mut self, simd: S, step: usize, start: usize, rows: usize, buffers: &mut WideBuffers<S>) {
        let mut loss = splat(simd, 0.0);
        let numbers = self.step_numbers(simd, step, &mut buffers.corrections);
        let at_once = at_once::is_possible(self.training).then_some(&numbers);
        for first in (0..rows).step_by(self.block_rows) {
            let block = Block { start: start + first, first, rows: self.block_rows.min(rows - first), batch: rows };
            let is_last = first + self.block_rows >= rows;
            loss = self.block(simd, block, at_once.filter(|_| is_last), buffers, loss);
        }
        self.loss += f64::from(loss.as_slice()[0]);
        self.rows += rows;
        if at_once.is_none() {
            self.update(simd, &numbers, buffers);
        }
        buffers.transpose(simd);
    }

    /// Forward and backward over some rows of a batch; the gradients go on from those of the rows before.
    fn block<S: Simd>(
        &self,
        simd: S,
        block: Block,
        at_once: Option<&Step<S>>,
        buffers: &mut WideBuffers<S>,
        loss: Vector<S>,
    ) -> Vector<S> {
        self.gather(simd, block, buffers);
        for layer in 0..buffers.places.len() {
            self.forward(simd, layer, block, buffers);
        }
        let loss = self.loss(simd, block, buffers, loss);
        for layer in (0..buffers.places.len()).rev() {
            self.backward(simd, layer, block, at_once, buffers);
        }
        loss
    }

    fn gather<S: Simd>(&self, simd: S, block: Block, buffers: &mut WideBuffers<S>) {
        let columns = self.training.inputs();
        let order = &self.lane.order[block.start..block.start + block.rows];
        let WideBuffers { inputs, targets, mixtures: [other_classes, of_others], .. } = buffers;
        for (rows, out) in order.chunks(ROWS).zip(lines_mut(inputs, columns)) {
            for (row, from) in rows.iter().enumerate() {
                let from = &self.lane.rows.inputs[*from as usize * columns..][..columns];
                for (to, number) in out.iter_mut().zip(from) {
                    // Rows that only fill the block repeat the last one, which is as finite as the trial is.
                    to[row..].fill(*number);
                }
            }
            // Rows that only fill the last block repeat the last row, as in a pack.
            for to in out {
                let (filled, rest) = to.split_at_mut(rows.len());
                rest.fill(filled[filled.len() - 1]);
            }
        }
        for (target, row) in targets.iter_mut().zip(order) {
            let number = match self.lane.rows.targets {
                Targets::Numbers(numbers) => numbers[*row as usize],
                Targets::Classes(classes) | Targets::Mixed { classes, .. } => classes[*row as usize] as f32,
            };
            *target = splat(simd, number);
        }
        if let Targets::Mixed { others, shares, .. } = self.lane.rows.targets {
            for ((other, share), row) in other_classes.iter_mut().zip(of_others).zip(order) {
                *other = splat(simd, others[*row as usize] as f32);
                *share = splat(simd, shares[*row as usize]);
            }
        }
    }

    fn forward<S: Simd>(&self, simd: S, layer: usize, block: Block, buffers: &mut WideBuffers<S>) {
        let WideBuffers { places, layers, inputs, numbers, .. } = buffers;
        let is_last = layer + 1 == places.len();
        let WidePlace { inputs: depth, outputs: units, vectors, ref weights, ref biases, .. } = places[layer];
        let blocks = blocks(block.rows);
        let (before, from) = layers.split_at_mut(layer);
        let inputs = &before.last().map_or(&*inputs, |layer| &layer.numbers)[..blocks * depth];
        let WideLayer { outputs, slopes, numbers: turned } = &mut from[0];
        let out = &mut outputs[..blocks * vectors];
        let (weights, biases) = (&numbers[weights.clone()], &numbers[biases.clone()]);
        if is_last || has_slopes(self.training) {
            simd.vectorize(
                #[inline(always)]
                || forward::<S, Shared, Each>(simd, [depth, vectors], inputs, weights, biases, Plain, out),
            );
        } else {
            simd.vectorize(
                #[inline(always)]
                || forward::<S, Shared, Each>(simd, [depth, vectors], inputs, weights, biases, Relu, out),
            );
        }
        if !is_last && has_slopes(self.training) {
            let slopes = &mut slopes[..blocks * vectors];
            simd.vectorize(
                #[inline(always)]
                || values_and_slopes(simd, self.training.activation, out.as_flattened_mut(), slopes.as_flattened_mut()),
            );
            self.drop_out::<S>(layer, block, units, vectors, out, slopes);
        }
        simd.vectorize(
            #[inline(always)]
            || turn::<S>(out, vectors, units, turned),
        );
    }

    fn drop_out<S: Simd>(
        &self,
        layer: usize,
        block: Block,
        units: usize,
        vectors: usize,
        out: &mut [[Vector<S>; ROWS]],
        slopes: &mut [[Vector<S>; ROWS]],
    ) {
        if self.training.dropout <= 0.0 {
            return;
        }
        let start = mask_start(self.training, layer, block);
        let mut masks = Masks::new(self.training.dropout, self.lane.dropout, start);
        let rows = lines_mut(out, vectors).zip(lines_mut(slopes, vectors));
        for (index, (out, slopes)) in rows.enumerate() {
            for row in 0..ROWS.min(block.rows - index * ROWS) {
                let numbers = out.iter_mut().flat_map(|out| out[row].as_mut_slice());
                let slopes = slopes.iter_mut().flat_map(|slopes| slopes[row].as_mut_slice());
                for ((number, slope), mask) in numbers.zip(slopes).zip(masks.by_ref()).take(units) {
                    *number *= mask;
                    *slope *= mask;
                }
            }
        }
    }

    /// Losses, and the derivatives by the outputs. It is little work: every lane does it.
    fn loss<S: Simd>(&self, simd: S, block: Block, buffers: &mut WideBuffers<S>, loss: Vector<S>) -> Vector<S> {
        let WideBuffers { layers, targets, mixtures, spread: [outputs, gradients], .. } = buffers;
        let WideBuffers { deltas, delta_numbers, places, .. } = buffers;
        let mixture = is_mixed(self.lane.rows).then(|| mixture(mixtures));
        let (Some(layer), Some(place)) = (layers.get(places.len() - 1), places.last()) else { return loss };
        let count = blocks(block.rows) * place.outputs;
        spread(simd, &layer.numbers[..count], outputs);
        let (outputs, gradients) = (&outputs[..count], &mut gradients[..count]);
        let targets = &targets[..block.rows];
        let loss = simd.vectorize(
            #[inline(always)]
            || {
                losses_and_gradients(
                    simd,
                    self.training.loss,
                    place.outputs,
                    block.batch,
                    outputs,
                    targets,
                    mixture,
                    gradients,
                    loss,
                )
            },
        );
        self.reshape(simd, block, targets, mixture, gradients);
        for (numbers, gradients) in delta_numbers.iter_mut().zip(gradients) {
            for row in 0..ROWS {
                numbers[row] = gradients[row].as_slice()[0];
            }
        }
        // Lanes behind the last output count for nothing.
        deltas[0][..blocks(block.rows) * place.vectors].fill([splat(simd, 0.0); ROWS]);
        let rows = delta_numbers[..count].chunks(place.outputs).zip(lines_mut(&mut deltas[0], place.vectors));
        for (numbers, deltas) in rows {
            for (unit, numbers) in numbers.iter().enumerate() {
                for row in 0..ROWS {
                    deltas[unit / lanes::<S>()][row].as_mut_slice()[unit % lanes::<S>()] = numbers[row];
                }
            }
        }
        loss
    }

    /// Makes the gradients those of what is minimised, where that is not the plain loss.
    fn reshape<S: Simd>(
        &self,
        simd: S,
        block: Block,
        targets: &[Vector<S>],
        mixture: Option<Mixture<'_, S>>,
        gradients: &mut [[Vector<S>; ROWS]],
    ) {
        let (width, smoothing) = (self.training.outputs(), self.training.label_smoothing);
        let Lane { class_weights, rows, order, .. } = *self.lane;
        let tilts = (smoothing > 0.0).then(|| tilts(smoothing, width, block.batch));
        if tilts.is_none() && class_weights.is_empty() {
            return;
        }
        let factors: Option<Vec<Vector<S>>> = (!class_weights.is_empty()).then(|| {
            let first = block.start - block.first;
            let of_batch = Factors::new(class_weights, rows.targets, &order[first..first + block.batch]);
            let of_block = &order[block.start..block.start + block.rows];
            of_block.iter().map(|row| splat(simd, of_batch.of(*row))).collect()
        });
        simd.vectorize(
            #[inline(always)]
            || smooth_and_weigh(simd, width, tilts, targets, mixture, factors.as_deref(), gradients),
        );
    }

    fn backward<S: Simd>(
        &self,
        simd: S,
        layer: usize,
        block: Block,
        at_once: Option<&Step<S>>,
        buffers: &mut WideBuffers<S>,
    ) {
        let WideBuffers { places, parameters: parameter_count, layers, numbers, gradients, .. } = buffers;
        let WideBuffers { inputs, transposed, deltas, delta_numbers, zeros, .. } = buffers;
        let WidePlace { inputs: depth, outputs: units, vectors, ref weights, ref biases, .. } = places[layer];
        let blocks = blocks(block.rows);
        let [current, before] = deltas;
        let current = &current[..blocks * vectors];
        let below = layer.checked_sub(1).map(|below| (&layers[below], places[below].vectors));
        if let Some((below, below_vectors)) = below {
            simd.vectorize(
                #[inline(always)]
                || turn::<S>(current, vectors, units, delta_numbers),
            );
            let delta_numbers = &delta_numbers[..blocks * units];
            let transposed = &transposed[layer];
            let out = &mut before[..blocks * below_vectors];
            let zeros = &zeros[..below_vectors];
            let sizes = [units, below_vectors];
            if has_slopes(self.training) {
                let finish = Slope(&below.slopes);
                simd.vectorize(
                    #[inline(always)]
                    || forward::<S, Shared, Each>(simd, sizes, delta_numbers, transposed, zeros, finish, out),
                );
            } else {
                let finish = ReluSlope(&below.outputs);
                simd.vectorize(
                    #[inline(always)]
                    || forward::<S, Shared, Each>(simd, sizes, delta_numbers, transposed, zeros, finish, out),
                );
            }
        }
        let inputs = &below.map_or(&*inputs, |(below, _)| &below.numbers)[..blocks * depth];
        let parameters = weights.start..biases.end;
        let gradients = &mut gradients[parameters.clone()];
        let goes_on = block.first > 0;
        if let Some(step) = at_once {
            let (all, moments) = numbers.split_at_mut(*parameter_count);
            let [means, squares, _] = slots(moments, *parameter_count, self.layout.slots);
            let slices = [&mut all[parameters.clone()], &mut means[parameters.clone()], &mut squares[parameters]];
            let penalty = penalty(simd, self.training);
            let sink = AtOnce::new(step, gradients, goes_on, slices, penalty, weights.len());
            let Some(mut sink) = sink else { return };
            simd.vectorize(
                #[inline(always)]
                || gradient::<S, Shared>(simd, [depth, vectors], inputs, current, &mut sink),
            );
        } else {
            let mut sink = Kept { gradients, goes_on };
            simd.vectorize(
                #[inline(always)]
                || gradient::<S, Shared>(simd, [depth, vectors], inputs, current, &mut sink),
            );
        }
        deltas.swap(0, 1);
    }

    /// What the optimiser needs to know of a step.
    fn step_numbers<S: Simd>(&self, simd: S, step: usize, corrections: &mut Corrections) -> Step<S> {
        let rates = [self.lane.rates.at(step); MOST_LANES];
        let steps = [self.lane.steps + step as u64 + 1; MOST_LANES];
        Step::new(simd, self.training.optimizer, &rates, &steps, corrections)
    }

    /// Moves the parameters by the gradients of the whole batch.
    fn update<S: Simd>(&self, simd: S, step: &Step<S>, buffers: &mut WideBuffers<S>) {
        let WideBuffers { numbers, gradients, places, parameters, .. } = buffers;
        let (weights, rest) = numbers.split_at_mut(*parameters);
        let gradients = &mut gradients[..*parameters];
        if let Some(double) = penalty(simd, self.training) {
            simd.vectorize(
                #[inline(always)]
                || {
                    for index in places.iter().flat_map(|place| place.weights.clone()) {
                        gradients[index] = fused::<S>(double, weights[index], gradients[index]);
                    }
                },
            );
        }
        let slots = slots(rest, *parameters, self.layout.slots);
        simd.vectorize(
            #[inline(always)]
            || step.update(weights, slots, gradients),
        );
    }
}
