//! A pack: trials of one shape side by side, one a lane, trained together for an epoch.

use fearless_simd::{Simd, SimdBase};

use crate::kernel::activation::{Relu, ReluSlope, Slope, values_and_slopes};
use crate::kernel::dense::{Plain, backward, forward, gradient};
use crate::kernel::dropout::Dropout;
use crate::kernel::gather::gather;
use crate::kernel::loss::losses_and_gradients;
use crate::kernel::panel::{ROWS, blocks, columns, position};
use crate::lane::{Each, MOST_LANES, Vector, fused, lanes, splat};
use crate::layout::Layout;
use crate::optimizer::{Corrections, Step};
use crate::philox::Name;
use crate::rows::Rows;
use crate::training::{Activation, Training};

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
    fn at(&self, step: usize) -> f32 {
        match self {
            Self::Constant(rate) => *rate,
            Self::PerStep(rates) => rates.get(step).or(rates.last()).copied().unwrap_or(0.0),
        }
    }
}

/// Vectors of a block of rows: what bounds it is the first cache.
const BLOCK_VECTORS: usize = 1 << 12;

/// The vectors of a pack, kept from epoch to epoch.
pub(crate) struct Buffers<S: Simd> {
    /// The layout of the numbers, and where each stands.
    layout: Option<Layout>,
    places: Vec<u32>,
    numbers: Vec<Vector<S>>,
    gradients: Vec<Vector<S>>,
    inputs: Vec<[Vector<S>; ROWS]>,
    targets: Vec<Vector<S>>,
    /// What leaves each layer, row-major.
    outputs: Vec<Vec<[Vector<S>; ROWS]>>,
    /// Slopes of the hidden layers, where they do not follow from the outputs.
    slopes: Vec<Vec<[Vector<S>; ROWS]>>,
    /// Derivatives by a layer's sums: those that are read, and those that are written.
    deltas: [Vec<[Vector<S>; ROWS]>; 2],
    corrections: Corrections,
}

impl<S: Simd> Default for Buffers<S> {
    fn default() -> Self {
        Self {
            layout: None,
            places: Vec::new(),
            numbers: Vec::new(),
            gradients: Vec::new(),
            inputs: Vec::new(),
            targets: Vec::new(),
            outputs: Vec::new(),
            slopes: Vec::new(),
            deltas: [Vec::new(), Vec::new()],
            corrections: Corrections::default(),
        }
    }
}

fn grow<T: Copy>(vectors: &mut Vec<T>, count: usize, zero: T) {
    if vectors.len() < count {
        vectors.resize(count, zero);
    }
}

impl<S: Simd> Buffers<S> {
    fn grow(&mut self, simd: S, training: &Training, layout: &Layout, rows: usize) {
        if self.layout.as_ref() != Some(layout) {
            self.places = places::<S>(layout);
            self.layout = Some(layout.clone());
        }
        let zero = splat(simd, 0.0);
        let (rows, blocks) = ([zero; ROWS], blocks(rows));
        let widest = training.layers.iter().copied().max().unwrap_or(0);
        grow(&mut self.numbers, layout.numbers(), zero);
        grow(&mut self.gradients, layout.parameters, zero);
        grow(&mut self.inputs, blocks * training.inputs(), rows);
        grow(&mut self.targets, blocks * ROWS, zero);
        self.outputs.resize_with(self.outputs.len().max(layout.layers.len()), Vec::new);
        self.slopes.resize_with(self.slopes.len().max(layout.layers.len()), Vec::new);
        for (layer, place) in layout.layers.iter().enumerate() {
            grow(&mut self.outputs[layer], blocks * place.outputs, rows);
            if has_slopes(training) {
                grow(&mut self.slopes[layer], blocks * place.outputs, rows);
            }
        }
        for deltas in &mut self.deltas {
            grow(deltas, blocks * widest, rows);
        }
    }
}

/// Whether slopes are kept; those of plain relu follow from its outputs.
fn has_slopes(training: &Training) -> bool {
    training.activation != Activation::Relu || training.dropout > 0.0 || training.normalization.is_some()
}

/// Trains one epoch of each lane; at most as many as a vector holds. For each the row-weighted mean of the batch losses
/// while the weights moved, or `None` where a loss or a parameter became NaN or infinite, or there was no batch.
pub(crate) fn train_epoch<S: Simd>(
    simd: S,
    training: &Training,
    layout: &Layout,
    pack: &mut [Lane<'_>],
    buffers: &mut Buffers<S>,
) -> Vec<Option<f32>> {
    let Some(first) = pack.first() else { return Vec::new() };
    let all_rows = first.order.len();
    let batch_size = training.batch_size.max(1);
    let block_rows = block_rows(training).min(batch_size).min(all_rows);
    buffers.grow(simd, training, layout, block_rows);
    load::<S>(&mut buffers.numbers, &buffers.places, pack);
    let mut epoch = Epoch::new(training, layout, pack);
    for (step, start) in (0..all_rows).step_by(batch_size).enumerate() {
        let rows = batch_size.min(all_rows - start);
        if training.drop_last && rows < batch_size {
            break;
        }
        epoch.step(simd, step, start, rows, block_rows, pack, buffers);
    }
    store::<S>(&buffers.numbers, &buffers.places, pack);
    pack.iter().zip(epoch.losses).map(|(lane, sum)| {
        let mean = (sum / epoch.rows as f64) as f32;
        let is_finite = mean.is_finite() && lane.numbers[..layout.parameters].iter().all(|value| value.is_finite());
        is_finite.then_some(mean)
    }).collect()
}

fn block_rows(training: &Training) -> usize {
    let vectors: usize = training.layers.iter().sum();
    (BLOCK_VECTORS / vectors.max(1)).next_multiple_of(8).max(8)
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

/// Where each number of a state stands in a pack: the weights lie in panels, in each of the optimiser's slots too.
fn places<S: Simd>(layout: &Layout) -> Vec<u32> {
    let mut of_parameters = Vec::with_capacity(layout.parameters);
    for place in &layout.layers {
        for input in 0..place.inputs {
            for output in 0..place.outputs {
                let within = position(place.inputs, place.outputs, columns::<S>(), input, output);
                of_parameters.push((place.weights.start + within) as u32);
            }
        }
        of_parameters.extend((place.weights.end..place.beta.end).map(|index| index as u32));
    }
    let mut places = Vec::with_capacity(layout.numbers());
    for slot in 0..=layout.slots {
        places.extend(of_parameters.iter().map(|place| place + (slot * layout.parameters) as u32));
    }
    places.extend((layout.moving_start()..layout.numbers()).map(|index| index as u32));
    places
}

/// One epoch of a pack.
struct Epoch<'a> {
    training: &'a Training,
    layout: &'a Layout,
    dropout: Option<Dropout>,
    /// Of the hidden layers, together.
    hidden_units: usize,
    losses: [f64; MOST_LANES],
    rows: usize,
}

impl<'a> Epoch<'a> {
    fn new(training: &'a Training, layout: &'a Layout, pack: &[Lane<'_>]) -> Self {
        let names: Vec<Name> = pack.iter().map(|lane| lane.dropout).collect();
        let hidden = training.layers.len().saturating_sub(2);
        Self {
            training,
            layout,
            dropout: (training.dropout > 0.0).then(|| Dropout::new(training.dropout, &names)),
            hidden_units: training.layers.iter().skip(1).take(hidden).sum(),
            losses: [0.0; MOST_LANES],
            rows: 0,
        }
    }

    #[inline(always)]
    fn step<S: Simd>(
        &mut self,
        simd: S,
        step: usize,
        start: usize,
        rows: usize,
        block_rows: usize,
        pack: &[Lane<'_>],
        buffers: &mut Buffers<S>,
    ) {
        let mut loss = splat(simd, 0.0);
        for first in (0..rows).step_by(block_rows) {
            let block = Block { start: start + first, first, rows: block_rows.min(rows - first), batch: rows };
            loss = self.block(simd, block, pack, buffers, loss);
        }
        for (sum, loss) in self.losses.iter_mut().zip(loss.as_slice()) {
            *sum += f64::from(*loss);
        }
        self.rows += rows;
        self.update(simd, step, pack, buffers);
    }

    /// Forward and backward over some rows of a batch; the gradients go on from those of the rows before.
    #[inline(always)]
    fn block<S: Simd>(
        &self,
        simd: S,
        block: Block,
        pack: &[Lane<'_>],
        buffers: &mut Buffers<S>,
        loss: Vector<S>,
    ) -> Vector<S> {
        let training = self.training;
        let data: [Rows<'_>; MOST_LANES] = std::array::from_fn(|lane| pack.get(lane).unwrap_or(&pack[0]).rows);
        let order: [&[u32]; MOST_LANES] =
            std::array::from_fn(|lane| &pack.get(lane).unwrap_or(&pack[0]).order[block.start..][..block.rows]);
        let Buffers { inputs, targets, .. } = buffers;
        simd.vectorize(
            #[inline(always)]
            || gather(simd, training.inputs(), &data, &order, inputs, &mut targets[..block.rows]),
        );
        for layer in 0..self.layout.layers.len() {
            self.forward(simd, layer, block, buffers);
        }
        let outputs = training.outputs();
        let count = blocks(block.rows) * outputs;
        let last = &buffers.outputs[self.layout.layers.len() - 1][..count];
        let targets = &buffers.targets[..block.rows];
        let deltas = &mut buffers.deltas[0][..count];
        let loss = simd.vectorize(
            #[inline(always)]
            || losses_and_gradients(simd, training.loss, outputs, block.batch, last, targets, deltas, loss),
        );
        for layer in (0..self.layout.layers.len()).rev() {
            self.backward(simd, layer, block, buffers);
        }
        loss
    }

    #[inline(always)]
    fn forward<S: Simd>(&self, simd: S, layer: usize, block: Block, buffers: &mut Buffers<S>) {
        let place = &self.layout.layers[layer];
        let sizes = [place.inputs, place.outputs];
        let blocks = blocks(block.rows);
        let (before, from) = buffers.outputs.split_at_mut(layer);
        let inputs = &before.last().unwrap_or(&buffers.inputs)[..blocks * place.inputs];
        let out = &mut from[0][..blocks * place.outputs];
        let weights = &buffers.numbers[place.weights.clone()];
        let biases = &buffers.numbers[place.biases.clone()];
        let is_last = layer + 1 == self.layout.layers.len();
        if !is_last && !has_slopes(self.training) {
            simd.vectorize(
                #[inline(always)]
                || forward::<S, Each, Each>(simd, sizes, inputs, weights, biases, Relu, out),
            );
            return;
        }
        simd.vectorize(
            #[inline(always)]
            || forward::<S, Each, Each>(simd, sizes, inputs, weights, biases, Plain, out),
        );
        if is_last {
            return;
        }
        let slopes = &mut buffers.slopes[layer][..blocks * place.outputs];
        simd.vectorize(
            #[inline(always)]
            || values_and_slopes(simd, self.training.activation, out.as_flattened_mut(), slopes.as_flattened_mut()),
        );
        if let Some(dropout) = &self.dropout {
            let start = self.mask_start(layer, block);
            let units = place.outputs;
            simd.vectorize(
                #[inline(always)]
                || {
                    dropout.masks(
                        simd,
                        start,
                        block.rows * units,
                        #[inline(always)]
                        |index, mask| {
                            let (row, unit) = (index / units, index % units);
                            let place = row / ROWS * units + unit;
                            out[place][row % ROWS] *= mask;
                            slopes[place][row % ROWS] *= mask;
                        },
                    );
                },
            );
        }
    }

    /// Where the masks of a layer and block begin among those of the epoch.
    fn mask_start(&self, layer: usize, block: Block) -> u64 {
        let units_before: usize = self.training.layers.iter().skip(1).take(layer).sum();
        let steps_before = (block.start - block.first) as u64 * self.hidden_units as u64;
        let layers_before = block.batch as u64 * units_before as u64;
        let rows_before = block.first as u64 * self.layout.layers[layer].outputs as u64;
        steps_before + layers_before + rows_before
    }

    /// Gradients of a layer from the derivatives by its sums, and the derivatives by the sums of the layer before.
    #[inline(always)]
    fn backward<S: Simd>(&self, simd: S, layer: usize, block: Block, buffers: &mut Buffers<S>) {
        let place = &self.layout.layers[layer];
        let blocks = blocks(block.rows);
        let [deltas, before] = &mut buffers.deltas;
        let deltas = &deltas[..blocks * place.outputs];
        let inputs = if layer == 0 { &buffers.inputs } else { &buffers.outputs[layer - 1] };
        let inputs = &inputs[..blocks * place.inputs];
        if layer > 0 {
            let sizes = [place.outputs, place.inputs];
            let weights = &buffers.numbers[place.weights.clone()];
            let out = &mut before[..blocks * place.inputs];
            if has_slopes(self.training) {
                let finish = Slope(&buffers.slopes[layer - 1]);
                simd.vectorize(
                    #[inline(always)]
                    || backward(simd, sizes, deltas, weights, finish, out),
                );
            } else {
                let finish = ReluSlope(inputs);
                simd.vectorize(
                    #[inline(always)]
                    || backward(simd, sizes, deltas, weights, finish, out),
                );
            }
        }
        let (weights, rest) = buffers.gradients[place.weights.start..].split_at_mut(place.weights.len());
        let biases = &mut rest[..place.outputs];
        let goes_on = block.first > 0;
        simd.vectorize(
            #[inline(always)]
            || gradient::<S, Each>(simd, [place.inputs, place.outputs], inputs, deltas, goes_on, weights, biases),
        );
        buffers.deltas.swap(0, 1);
    }

    #[inline(always)]
    fn update<S: Simd>(&self, simd: S, step: usize, pack: &[Lane<'_>], buffers: &mut Buffers<S>) {
        let rates: [f32; MOST_LANES] = std::array::from_fn(|lane| pack.get(lane).unwrap_or(&pack[0]).rates.at(step));
        let steps: [u64; MOST_LANES] =
            std::array::from_fn(|lane| pack.get(lane).unwrap_or(&pack[0]).steps + step as u64 + 1);
        let parameters = self.layout.parameters;
        let l2 = self.training.l2;
        let Buffers { numbers, gradients, corrections, .. } = buffers;
        let (weights, rest) = numbers.split_at_mut(parameters);
        if l2 > 0.0 {
            let double = splat(simd, (2.0 * l2) as f32);
            for place in &self.layout.layers {
                for index in place.weights.clone() {
                    gradients[index] = fused::<S>(double, weights[index], gradients[index]);
                }
            }
        }
        let [first, second, third] = slots(rest, parameters, self.layout.slots);
        let gradients = &gradients[..parameters];
        let optimizer = self.training.optimizer;
        simd.vectorize(
            #[inline(always)]
            || {
                Step::new(simd, optimizer, &rates, &steps, corrections)
                    .update(weights, [first, second, third], gradients);
            },
        );
    }
}

/// Some rows of a batch.
#[derive(Clone, Copy)]
struct Block {
    /// The first row among those of the epoch.
    start: usize,
    /// The first row among those of the batch.
    first: usize,
    /// Rows of the block.
    rows: usize,
    /// Rows of the batch.
    batch: usize,
}

/// The optimiser's slots; those that it has not are empty.
fn slots<V>(rest: &mut [V], parameters: usize, count: usize) -> [&mut [V]; 3] {
    let size = |slot: usize| if slot < count { parameters } else { 0 };
    let (first, rest) = rest.split_at_mut(size(0));
    let (second, rest) = rest.split_at_mut(size(1));
    let (third, _) = rest.split_at_mut(size(2));
    [first, second, third]
}
