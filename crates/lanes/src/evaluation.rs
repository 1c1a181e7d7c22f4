//! Loss and metric of one state over many rows, which lie side by side in the lanes: the weights are shared, and what a
//! row comes to depends on no other row.

use fearless_simd::{Select, Simd, SimdBase};

use crate::buffers::places;
use crate::kernel::activation::{Relu, values};
use crate::kernel::dense::{Plain, forward};
use crate::kernel::loss::losses;
use crate::kernel::normalization::{self, Extent};
use crate::kernel::panel::{ROWS, lines};
use crate::lane::{Each, MOST_LANES, Shared, Vector, lanes, splat};
use crate::layout::Layout;
use crate::math::exp;
use crate::rows::{Rows, Targets};
use crate::training::{Activation, Normalization, Training};

/// Rows side by side: sixteen of the first column, sixteen of the second, and so on, then the next sixteen rows.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsAbreast {
    rows: usize,
    columns: usize,
    inputs: Vec<[f32; MOST_LANES]>,
    targets: Vec<[f32; MOST_LANES]>,
    /// Targets in their own units, where those are other than `targets`.
    own: Vec<[f32; MOST_LANES]>,
}

impl RowsAbreast {
    /// Turns rows. `own` are the targets in their own units; for classes none are needed.
    pub fn new(rows: Rows<'_>, columns: usize, own: &[f64]) -> Self {
        let targets: Vec<f32> = match rows.targets {
            Targets::Numbers(numbers) => numbers.to_vec(),
            Targets::Classes(classes) | Targets::Mixed { classes, .. } => {
                classes.iter().map(|class| *class as f32).collect()
            }
        };
        let count = targets.len();
        let abreast = |numbers: &mut dyn Iterator<Item = f32>| {
            let mut groups = vec![[0.0; MOST_LANES]; count.div_ceil(MOST_LANES)];
            for (to, number) in groups.as_flattened_mut().iter_mut().zip(numbers) {
                *to = number;
            }
            groups
        };
        let mut inputs = vec![[0.0; MOST_LANES]; count.div_ceil(MOST_LANES) * columns];
        for (row, from) in lines(rows.inputs, columns.max(1)).enumerate().take(count) {
            let group = &mut inputs[row / MOST_LANES * columns..][..columns];
            for (to, number) in group.iter_mut().zip(from) {
                to[row % MOST_LANES] = *number;
            }
        }
        let targets = abreast(&mut targets.into_iter());
        let own = if own.is_empty() { Vec::new() } else { abreast(&mut own.iter().map(|number| *number as f32)) };
        Self { rows: count, columns, inputs, targets, own }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }
}

/// What is reported besides the loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metric {
    /// The mean distance of predictions from targets in the target's own units.
    AbsoluteError {
        /// What was taken off the target before it was divided by `factor`.
        shift: f32,
        /// See `shift`.
        factor: f32,
        /// What was done to the target before all that.
        transform: Transform,
    },
    /// The share of rows whose class is predicted: the largest logit, the first on ties; with one logit class 1 where it
    /// is above 0. A row with a NaN is never right.
    Accuracy,
}

/// A function of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// None.
    Identity,
    /// Natural logarithm.
    Log,
    /// ln(1 + x).
    Log1p,
    /// Square root.
    Sqrt,
}

/// Loss and metric over rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// Mean loss; NaN where there are no rows.
    pub loss: f64,
    /// Mean metric; infinite where a prediction in its own units is beyond f32.
    pub metric: f64,
}

/// Vectors of the layers' outputs that are alive at a time.
const VECTORS_OF_A_CHUNK: usize = 1 << 10;

/// The vectors of an evaluation, kept from one to the next.
pub(crate) struct Scratch<S: Simd> {
    layout: Option<Layout>,
    places: Vec<u32>,
    /// Parameters, weights in panels, and then the moving statistics.
    numbers: Vec<f32>,
    layers: [Vec<[Vector<S>; ROWS]>; 2],
    normalized: Vec<[Vector<S>; ROWS]>,
    scales: Vec<[Vector<S>; ROWS]>,
}

impl<S: Simd> Default for Scratch<S> {
    fn default() -> Self {
        Self {
            layout: None,
            places: Vec::new(),
            numbers: Vec::new(),
            layers: [Vec::new(), Vec::new()],
            normalized: Vec::new(),
            scales: Vec::new(),
        }
    }
}

/// Evaluates a network of these parameters and moving statistics. Losses and metrics are summed in f64: row r into the (r mod 16)th of sixteen
/// sums, which are then added in order. What leaves the network for every row goes into `kept`, row-major, if it is there.
#[expect(clippy::too_many_arguments, reason = "what an evaluation is made of")]
pub(crate) fn evaluate<S: Simd>(
    simd: S,
    training: &Training,
    layout: &Layout,
    [parameters, moving]: [&[f32]; 2],
    rows: &RowsAbreast,
    metric: Metric,
    scratch: &mut Scratch<S>,
    mut kept: Option<&mut Vec<f32>>,
) -> Evaluation {
    scratch.take(layout, parameters, moving);
    let vectors = rows.rows.div_ceil(lanes::<S>());
    let widest = training.layers.iter().copied().max().unwrap_or(0).max(1);
    let blocks_of_a_chunk = (VECTORS_OF_A_CHUNK / (widest * ROWS)).max(1);
    let mut sums = Sums { losses: [0.0; MOST_LANES], metrics: [0.0; MOST_LANES] };
    if let Some(kept) = kept.as_deref_mut() {
        kept.clear();
        kept.resize(rows.rows * training.outputs(), 0.0);
    }
    for first in (0..vectors).step_by(blocks_of_a_chunk * ROWS) {
        let blocks = blocks_of_a_chunk.min((vectors - first).div_ceil(ROWS));
        scratch.read(simd, rows, first, blocks);
        for layer in 0..layout.layers.len() {
            scratch.forward(simd, training, layout, layer, blocks);
        }
        let (outputs, powers) = scratch.layers.split_at_mut(1);
        let width = training.outputs();
        let powers = &mut powers[0];
        if powers.len() < width {
            powers.resize(width, [splat(simd, 0.0); ROWS]);
        }
        let outputs = &outputs[0][..blocks * width];
        simd.vectorize(
            #[inline(always)]
            || sums.add(simd, training, metric, rows, first, outputs, &mut powers[..width]),
        );
        if let Some(kept) = kept.as_deref_mut() {
            keep::<S>(outputs, width, &mut kept[(first * lanes::<S>() * width).min(rows.rows * width)..]);
        }
    }
    let count = rows.rows as f64;
    Evaluation { loss: sums.losses.iter().sum::<f64>() / count, metric: sums.metrics.iter().sum::<f64>() / count }
}

impl<S: Simd> Scratch<S> {
    /// Puts the parameters in their places, and the moving statistics behind them.
    fn take(&mut self, layout: &Layout, parameters: &[f32], moving: &[f32]) {
        if self.layout.as_ref() != Some(layout) {
            self.places = places::<S>(layout);
            self.layout = Some(layout.clone());
        }
        self.numbers.resize(layout.parameters, 0.0);
        for (place, number) in self.places.iter().zip(parameters) {
            self.numbers[*place as usize] = *number;
        }
        self.numbers.extend_from_slice(moving);
    }

    /// Takes in rows: `blocks` blocks of vectors from the `first` on. Vectors beyond the last row repeat the last.
    fn read(&mut self, simd: S, rows: &RowsAbreast, first: usize, blocks: usize) {
        let columns = rows.columns;
        let inputs = &mut self.layers[0];
        if inputs.len() < blocks * columns {
            inputs.resize(blocks * columns, [splat(simd, 0.0); ROWS]);
        }
        let last = rows.rows.div_ceil(lanes::<S>()) - 1;
        for index in 0..blocks * ROWS {
            let (group, start) = place_of::<S>((first + index).min(last));
            for column in 0..columns {
                let numbers = &rows.inputs[group * columns + column][start..start + lanes::<S>()];
                inputs[index / ROWS * columns + column][index % ROWS] = Vector::<S>::from_slice(simd, numbers);
            }
        }
    }

    /// From what enters a layer, in the first of `layers`, to what leaves it, in the first again.
    fn forward(&mut self, simd: S, training: &Training, layout: &Layout, layer: usize, blocks: usize) {
        let place = &layout.layers[layer];
        let count = blocks * place.outputs;
        let [inputs, outputs] = &mut self.layers;
        if outputs.len() < count {
            outputs.resize(count, [splat(simd, 0.0); ROWS]);
        }
        let inputs = &inputs[..blocks * place.inputs];
        let out = &mut outputs[..count];
        let sizes = [place.inputs, place.outputs];
        let weights = &self.numbers[place.weights.clone()];
        let biases = &self.numbers[place.biases.clone()];
        let is_hidden = layer + 1 < layout.layers.len();
        if is_hidden && training.activation == Activation::Relu && training.normalization.is_none() {
            simd.vectorize(
                #[inline(always)]
                || forward::<S, Each, Shared>(simd, sizes, inputs, weights, biases, Relu, out),
            );
        } else {
            simd.vectorize(
                #[inline(always)]
                || forward::<S, Each, Shared>(simd, sizes, inputs, weights, biases, Plain, out),
            );
            if is_hidden {
                self.normalize(simd, training, layout, layer, blocks);
                let out = &mut self.layers[1][..count];
                simd.vectorize(
                    #[inline(always)]
                    || values(simd, training.activation, out.as_flattened_mut()),
                );
            }
        }
        self.layers.swap(0, 1);
    }

    fn normalize(&mut self, simd: S, training: &Training, layout: &Layout, layer: usize, blocks: usize) {
        let Some(normalization) = training.normalization else { return };
        let place = &layout.layers[layer];
        let count = blocks * place.outputs;
        let factors = [&self.numbers[place.gamma.clone()], &self.numbers[place.beta.clone()]];
        let values = &mut self.layers[1][..count];
        match normalization {
            Normalization::Batch { epsilon, .. } => {
                let moving = &self.numbers[layout.parameters..];
                let statistics = [&moving[place.moving_mean.clone()], &moving[place.moving_variance.clone()]];
                simd.vectorize(
                    #[inline(always)]
                    || {
                        normalization::by_moving_statistics::<S, Shared>(
                            simd,
                            place.outputs,
                            epsilon,
                            factors,
                            statistics,
                            values,
                        );
                    },
                );
            }
            Normalization::Layer { epsilon } => {
                let block = [splat(simd, 0.0); ROWS];
                self.normalized.resize(count.max(self.normalized.len()), block);
                self.scales.resize(blocks.max(self.scales.len()), block);
                let extent = Extent { rows: blocks * ROWS, units: place.outputs };
                let (normalized, scales) = (&mut self.normalized[..count], &mut self.scales[..blocks]);
                simd.vectorize(
                    #[inline(always)]
                    || normalization::layer::<S, Shared>(simd, extent, epsilon, factors, values, normalized, scales),
                );
            }
        }
    }
}

/// Puts the outputs of blocks of rows into `kept`, row by row, which ends with the last row that there is.
fn keep<S: Simd>(outputs: &[[Vector<S>; ROWS]], width: usize, kept: &mut [f32]) {
    let in_block = ROWS * lanes::<S>();
    for (row, to) in kept.chunks_exact_mut(width.max(1)).enumerate().take(outputs.len() / width.max(1) * in_block) {
        let (block, vector, lane) = (row / in_block, row % in_block / lanes::<S>(), row % lanes::<S>());
        for (to, unit) in to.iter_mut().zip(&outputs[block * width..]) {
            *to = unit[vector].as_slice()[lane];
        }
    }
}

/// Of a vector of rows: its group of sixteen, and where it begins in it.
#[inline(always)]
fn place_of<S: Simd>(vector: usize) -> (usize, usize) {
    let of_a_group = MOST_LANES / lanes::<S>();
    (vector / of_a_group, vector % of_a_group * lanes::<S>())
}

/// Sixteen sums each.
struct Sums {
    losses: [f64; MOST_LANES],
    metrics: [f64; MOST_LANES],
}

impl Sums {
    /// Adds the rows of some blocks, of which the first vector is the `first`.
    #[expect(clippy::too_many_arguments, reason = "what losses and metrics are made of")]
    #[inline(always)]
    fn add<S: Simd>(
        &mut self,
        simd: S,
        training: &Training,
        metric: Metric,
        rows: &RowsAbreast,
        first: usize,
        outputs: &[[Vector<S>; ROWS]],
        powers: &mut [[Vector<S>; ROWS]],
    ) {
        let last = rows.rows.div_ceil(lanes::<S>()) - 1;
        for (block, outputs) in lines(outputs, training.outputs()).enumerate() {
            let mut targets = [splat(simd, 0.0); ROWS];
            let mut own = targets;
            for row in 0..ROWS {
                let (group, start) = place_of::<S>((first + block * ROWS + row).min(last));
                let part = start..start + lanes::<S>();
                targets[row] = Vector::<S>::from_slice(simd, &rows.targets[group][part.clone()]);
                own[row] = rows.own.get(group).map_or(targets[row], |own| Vector::<S>::from_slice(simd, &own[part]));
            }
            let losses = losses(simd, training.loss, outputs, &targets, powers);
            for row in 0..ROWS {
                let value = match metric {
                    Metric::AbsoluteError { shift, factor, transform } => {
                        let scaled = outputs[0][row] * splat(simd, factor) + splat(simd, shift);
                        (from_transformed(simd, transform, scaled) - own[row]).abs()
                    }
                    Metric::Accuracy => is_right(simd, row, outputs, targets[row]),
                };
                self.add_vector(first + block * ROWS + row, rows.rows, losses[row], value);
            }
        }
    }

    #[inline(always)]
    fn add_vector<S: Simd<f32s = V>, V: SimdBase<S, Element = f32>>(
        &mut self,
        vector: usize,
        rows: usize,
        loss: V,
        metric: V,
    ) {
        let (_, start) = place_of::<S>(vector);
        let count = rows.saturating_sub(vector * lanes::<S>()).min(lanes::<S>());
        let numbers = loss.as_slice().iter().zip(metric.as_slice()).take(count);
        let sums = self.losses[start..].iter_mut().zip(&mut self.metrics[start..]);
        for ((loss, metric), (losses, metrics)) in numbers.zip(sums) {
            *losses += f64::from(*loss);
            *metrics += f64::from(*metric);
        }
    }
}

/// Undoes a transform.
#[inline(always)]
fn from_transformed<S: Simd>(simd: S, transform: Transform, value: Vector<S>) -> Vector<S> {
    match transform {
        Transform::Identity => value,
        Transform::Log => exp(simd, value),
        Transform::Log1p => exp(simd, value) - splat(simd, 1.0),
        Transform::Sqrt => value * value,
    }
}

/// 1 where the class of a row is predicted, else 0.
#[inline(always)]
fn is_right<S: Simd>(simd: S, row: usize, outputs: &[[Vector<S>; ROWS]], target: Vector<S>) -> Vector<S> {
    let (zero, one) = (splat(simd, 0.0), splat(simd, 1.0));
    let mut largest = splat(simd, f32::NEG_INFINITY);
    let mut predicted = zero;
    // NaN as soon as one logit is.
    let mut poison = zero;
    for (class, logits) in outputs.iter().enumerate() {
        let logit = logits[row];
        let is_larger = logit.simd_gt(largest);
        largest = is_larger.select(logit, largest);
        predicted = is_larger.select(splat(simd, class as f32), predicted);
        poison = logit.simd_eq(logit).select(poison, splat(simd, f32::NAN));
    }
    if let [logits] = outputs {
        predicted = logits[row].simd_gt(zero).select(one, zero);
    }
    (predicted + poison).simd_eq(target).select(one, zero)
}
