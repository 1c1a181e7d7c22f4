//! One optimiser step of a pack: forward, backward, update.

mod layer;

use fearless_simd::{Simd, SimdBase};

pub(crate) use self::layer::mask_start;
use crate::buffers::Buffers;
use crate::kernel::clip::clip;
use crate::kernel::dropout::Dropout;
use crate::kernel::gather::gather;
use crate::kernel::loss::losses_and_gradients;
use crate::kernel::mixture::{Mixture, gather_mixtures, is_mixed};
use crate::kernel::objective::{Factors, smooth_and_weigh, tilts};
use crate::kernel::panel::blocks;
use crate::lane::{MOST_LANES, Vector, fused, lanes, splat};
use crate::layout::Layout;
use crate::optimizer::at_once;
use crate::optimizer::{Corrections, Step};
use crate::philox::Name;
use crate::rows::Rows;
use crate::training::Training;
use crate::trial::{Lane, Rates};

/// One epoch of a pack.
pub(crate) struct Epoch<'a> {
    training: &'a Training,
    layout: &'a Layout,
    data: [Rows<'a>; MOST_LANES],
    order: [&'a [u32]; MOST_LANES],
    rates: [Rates<'a>; MOST_LANES],
    steps_before: [u64; MOST_LANES],
    dropout: Option<Dropout>,
    drop_connect: Option<Dropout>,
    class_weights: [&'a [f32]; MOST_LANES],
    /// Whether rows are in part of other classes; in one pack, all lanes' or none.
    is_mixed: bool,
    /// Rows that go through the network at a time.
    block_rows: usize,
    losses: [f64; MOST_LANES],
    /// Of each lane: whether its gradients could be clipped so far.
    is_clipped: [bool; MOST_LANES],
    rows: usize,
}

/// Some rows of a batch.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    /// The first row among those of the epoch.
    pub(crate) start: usize,
    /// The first row among those of the batch.
    pub(crate) first: usize,
    /// Rows of the block.
    pub(crate) rows: usize,
    /// Rows of the batch.
    pub(crate) batch: usize,
}

impl<'a> Epoch<'a> {
    /// Lanes without a trial do what the first one does.
    pub(crate) fn new(training: &'a Training, layout: &'a Layout, pack: &[Lane<'a>], block_rows: usize) -> Self {
        let lane = |index: usize| pack.get(index).unwrap_or(&pack[0]);
        let names: [Name; MOST_LANES] = std::array::from_fn(|index| lane(index).dropout);
        let names_of_weights: [Name; MOST_LANES] = std::array::from_fn(|index| lane(index).drop_connect);
        Self {
            training,
            layout,
            data: std::array::from_fn(|index| lane(index).rows),
            order: std::array::from_fn(|index| lane(index).order),
            rates: std::array::from_fn(|index| lane(index).rates),
            steps_before: std::array::from_fn(|index| lane(index).steps),
            class_weights: std::array::from_fn(|index| lane(index).class_weights),
            is_mixed: is_mixed(lane(0).rows),
            drop_connect: (training.drop_connect > 0.0).then(|| Dropout::new(training.drop_connect, &names_of_weights)),
            dropout: (training.dropout > 0.0).then(|| Dropout::new(training.dropout, &names)),
            block_rows,
            losses: [0.0; MOST_LANES],
            is_clipped: [true; MOST_LANES],
            rows: 0,
        }
    }

    /// Row-weighted means of the batch losses; `None` where one is NaN or infinite, or gradients could not be clipped.
    pub(crate) fn mean_losses(&self) -> [Option<f32>; MOST_LANES] {
        std::array::from_fn(|lane| {
            let mean = (self.losses[lane] / self.rows as f64) as f32;
            (mean.is_finite() && self.is_clipped[lane]).then_some(mean)
        })
    }

    /// The step on the rows from `start` on.
    #[inline(always)]
    pub(crate) fn step<S: Simd>(&mut self, simd: S, step: usize, start: usize, rows: usize, buffers: &mut Buffers<S>) {
        let mut loss = splat(simd, 0.0);
        let numbers = self.step_numbers(simd, step, &mut buffers.corrections);
        let at_once = at_once::is_possible(self.training).then_some(&numbers);
        if let Some(dropout) = &self.drop_connect {
            let Buffers { connections, numbers, places, .. } = buffers;
            simd.vectorize(
                #[inline(always)]
                || connections.draw(simd, dropout, self.layout, step, numbers, places),
            );
        }
        for first in (0..rows).step_by(self.block_rows) {
            let block = Block { start: start + first, first, rows: self.block_rows.min(rows - first), batch: rows };
            let is_last = first + self.block_rows >= rows;
            loss = self.block(simd, block, at_once.filter(|_| is_last), buffers, loss);
        }
        for (sum, loss) in self.losses.iter_mut().zip(loss.as_slice()) {
            *sum += f64::from(*loss);
        }
        self.rows += rows;
        if at_once.is_none() {
            self.update(simd, &numbers, buffers);
        }
    }

    /// What the optimiser needs to know of a step.
    #[inline(always)]
    fn step_numbers<S: Simd>(&self, simd: S, step: usize, corrections: &mut Corrections) -> Step<S> {
        let rates: [f32; MOST_LANES] = std::array::from_fn(|lane| self.rates[lane].at(step));
        let steps: [u64; MOST_LANES] = std::array::from_fn(|lane| self.steps_before[lane] + step as u64 + 1);
        simd.vectorize(
            #[inline(always)]
            || Step::new(simd, self.training.optimizer, &rates, &steps, corrections),
        )
    }

    /// Forward and backward over some rows of a batch; the gradients go on from those of the rows before. With a step,
    /// moves the parameters too.
    #[inline(always)]
    fn block<S: Simd>(
        &self,
        simd: S,
        block: Block,
        at_once: Option<&Step<S>>,
        buffers: &mut Buffers<S>,
        loss: Vector<S>,
    ) -> Vector<S> {
        let training = self.training;
        let places = block.start..block.start + block.rows;
        let Buffers { inputs, targets, .. } = buffers;
        simd.vectorize(
            #[inline(always)]
            || {
                let targets = &mut targets[..block.rows];
                gather(simd, training.inputs(), &self.data, &self.order, places.clone(), inputs, targets);
            },
        );
        if self.is_mixed {
            let order: [&[u32]; MOST_LANES] = std::array::from_fn(|lane| &self.order[lane][places.clone()]);
            let [others, shares] = &mut buffers.mixtures;
            gather_mixtures::<S>(lanes::<S>(), &self.data, &order, others, shares);
        }
        let layers = self.layout.layers.len();
        for layer in 0..layers {
            self.forward(simd, layer, block, buffers);
        }
        let outputs = training.outputs();
        let count = blocks(block.rows) * outputs;
        let last = &buffers.layers[layers - 1].outputs[..count];
        let targets = &buffers.targets[..block.rows];
        let mixture = self.is_mixed.then(|| mixture(&buffers.mixtures));
        let deltas = &mut buffers.deltas[0][..count];
        let loss = simd.vectorize(
            #[inline(always)]
            || losses_and_gradients(simd, training.loss, outputs, block.batch, last, targets, mixture, deltas, loss),
        );
        self.reshape(simd, block, buffers);
        for layer in (0..layers).rev() {
            self.backward(simd, layer, block, at_once, buffers);
        }
        loss
    }

    /// Makes the gradients those of what is minimised, where that is not the plain loss.
    #[inline(always)]
    fn reshape<S: Simd>(&self, simd: S, block: Block, buffers: &mut Buffers<S>) {
        let width = self.training.outputs();
        let smoothing = self.training.label_smoothing;
        let tilts = (smoothing > 0.0).then(|| tilts(smoothing, width, block.batch));
        let has_weights = self.class_weights.iter().any(|weights| !weights.is_empty());
        if tilts.is_none() && !has_weights {
            return;
        }
        let Buffers { targets, mixtures, factors, deltas, .. } = buffers;
        let mixture = self.is_mixed.then(|| mixture(mixtures));
        let factors = has_weights.then(|| {
            let first = block.start - block.first;
            for lane in 0..lanes::<S>() {
                let order = self.order[lane];
                let batch = &order[first..first + block.batch];
                let of_lane = Factors::new(self.class_weights[lane], self.data[lane].targets, batch);
                for (factor, row) in factors.iter_mut().zip(&order[block.start..block.start + block.rows]) {
                    factor.as_mut_slice()[lane] = of_lane.of(*row);
                }
            }
            &factors[..block.rows]
        });
        let (targets, deltas) = (&targets[..block.rows], &mut deltas[0][..blocks(block.rows) * width]);
        simd.vectorize(
            #[inline(always)]
            || smooth_and_weigh(simd, width, tilts, targets, mixture, factors, deltas),
        );
    }

    /// Moves the parameters by the gradients of the whole batch.
    #[inline(always)]
    fn update<S: Simd>(&mut self, simd: S, step: &Step<S>, buffers: &mut Buffers<S>) {
        let Layout { parameters, slots: slot_count, ref layers, .. } = *self.layout;
        let Buffers { numbers, gradients, connections, .. } = buffers;
        let (weights, rest) = numbers.split_at_mut(parameters);
        let gradients = &mut gradients[..parameters];
        if self.drop_connect.is_some() {
            simd.vectorize(
                #[inline(always)]
                || connections.mask(self.layout, gradients),
            );
        }
        if let Some(double) = penalty(simd, self.training) {
            simd.vectorize(
                #[inline(always)]
                || {
                    for index in layers.iter().flat_map(|place| place.weights.clone()) {
                        gradients[index] = fused::<S>(double, weights[index], gradients[index]);
                    }
                },
            );
        }
        if let Some(limit) = self.training.clip {
            let is_possible = simd.vectorize(
                #[inline(always)]
                || clip(simd, limit, self.layout, gradients),
            );
            for (so_far, now) in self.is_clipped.iter_mut().zip(is_possible) {
                *so_far &= now;
            }
        }
        let slots = slots(rest, parameters, slot_count);
        simd.vectorize(
            #[inline(always)]
            || step.update(weights, slots, gradients),
        );
    }
}

/// Twice the factor of the penalty; `None` without one.
pub(crate) fn penalty<S: Simd>(simd: S, training: &Training) -> Option<Vector<S>> {
    (training.l2 > 0.0).then(|| splat(simd, (2.0 * training.l2) as f32))
}

/// The optimiser's slots; those that it has not are empty.
pub(crate) fn slots<V>(rest: &mut [V], parameters: usize, count: usize) -> [&mut [V]; 3] {
    let size = |slot: usize| if slot < count { parameters } else { 0 };
    let (first, rest) = rest.split_at_mut(size(0));
    let (second, rest) = rest.split_at_mut(size(1));
    let (third, _) = rest.split_at_mut(size(2));
    [first, second, third]
}

/// The mixtures of a block, of as many rows as its targets.
pub(crate) fn mixture<S: Simd>([others, shares]: &[Vec<Vector<S>>; 2]) -> Mixture<'_, S> {
    Mixture { others, shares }
}
