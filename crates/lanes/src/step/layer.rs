//! One layer of a step: forward, and backward.

use fearless_simd::Simd;

use super::{Block, Epoch, penalty, slots};
use crate::buffers::{Buffers, LayerBuffers, has_slopes};
use crate::kernel::activation::{Relu, ReluSlope, Slope, values_and_slopes};
use crate::kernel::dense::{Kept, Plain, forward, gradient, transpose};
use crate::kernel::panel::{ROWS, blocks};
use crate::lane::{Each, splat};
use crate::normalize::{normalize, normalize_backward};
use crate::optimizer::Step;
use crate::optimizer::at_once::AtOnce;
use crate::training::Training;

impl Epoch<'_> {
    #[inline(always)]
    pub(super) fn forward<S: Simd>(&self, simd: S, layer: usize, block: Block, buffers: &mut Buffers<S>) {
        let place = &self.layout.layers[layer];
        let sizes = [place.inputs, place.outputs];
        let blocks = blocks(block.rows);
        let (before, from) = buffers.layers.split_at_mut(layer);
        let inputs = before.last().map_or(&buffers.inputs, |layer| &layer.outputs);
        let inputs = &inputs[..blocks * place.inputs];
        let out = &mut from[0].outputs[..blocks * place.outputs];
        let is_last = layer + 1 == self.layout.layers.len();
        let weights = if self.drop_connect.is_some() && !is_last {
            buffers.connections.weights(&place.weights)
        } else {
            &buffers.numbers[place.weights.clone()]
        };
        let biases = &buffers.numbers[place.biases.clone()];
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
        if let Some(normalization) = self.training.normalization {
            normalize(simd, normalization, self.layout, layer, block.rows, buffers);
        }
        let LayerBuffers { outputs, slopes: kept, .. } = &mut buffers.layers[layer];
        let out = &mut outputs[..blocks * place.outputs];
        let slopes = &mut kept[..blocks * place.outputs];
        simd.vectorize(
            #[inline(always)]
            || values_and_slopes(simd, self.training.activation, out.as_flattened_mut(), slopes.as_flattened_mut()),
        );
        if let Some(dropout) = &self.dropout {
            let start = mask_start(self.training, layer, block);
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

    /// Gradients of a layer from the derivatives by its sums, and the derivatives by the sums of the layer before. With a
    /// step, moves the layer's parameters too.
    #[inline(always)]
    pub(super) fn backward<S: Simd>(
        &self,
        simd: S,
        layer: usize,
        block: Block,
        at_once: Option<&Step<S>>,
        buffers: &mut Buffers<S>,
    ) {
        let place = &self.layout.layers[layer];
        let blocks = blocks(block.rows);
        if layer + 1 < self.layout.layers.len()
            && let Some(normalization) = self.training.normalization
        {
            normalize_backward(simd, normalization, self.layout, layer, block.rows, block.first > 0, buffers);
        }
        let [deltas, before] = &mut buffers.deltas;
        let deltas = &deltas[..blocks * place.outputs];
        let (below, from) = buffers.layers.split_at_mut(layer);
        let below = below.last();
        let inputs = &below.map_or(&buffers.inputs, |below| &below.outputs)[..blocks * place.inputs];
        if let Some(below) = below {
            let transposed = &mut from[0].transposed[..place.weights.len()];
            if block.first == 0 {
                let is_last = layer + 1 == self.layout.layers.len();
                let weights = if self.drop_connect.is_some() && !is_last {
                    buffers.connections.weights(&place.weights)
                } else {
                    &buffers.numbers[place.weights.clone()]
                };
                simd.vectorize(
                    #[inline(always)]
                    || transpose(simd, [place.inputs, place.outputs], weights, transposed),
                );
            }
            let sizes = [place.outputs, place.inputs];
            let zeros = &buffers.zeros[..place.inputs];
            let out = &mut before[..blocks * place.inputs];
            if has_slopes(self.training) {
                let finish = Slope(&below.slopes);
                simd.vectorize(
                    #[inline(always)]
                    || forward::<S, Each, Each>(simd, sizes, deltas, transposed, zeros, finish, out),
                );
            } else {
                let finish = ReluSlope(inputs);
                simd.vectorize(
                    #[inline(always)]
                    || forward::<S, Each, Each>(simd, sizes, deltas, transposed, zeros, finish, out),
                );
            }
        }
        let sizes = [place.inputs, place.outputs];
        let parameters = place.weights.start..place.biases.end;
        let gradients = &mut buffers.gradients[parameters.clone()];
        let goes_on = block.first > 0;
        if let Some(step) = at_once {
            let (numbers, moments) = buffers.numbers.split_at_mut(self.layout.parameters);
            let [means, squares, _] = slots(moments, self.layout.parameters, self.layout.slots);
            let slices = [&mut numbers[parameters.clone()], &mut means[parameters.clone()], &mut squares[parameters]];
            let penalty = penalty(simd, self.training);
            let sink = AtOnce::new(step, gradients, goes_on, slices, penalty, place.weights.len());
            let Some(mut sink) = sink else { return };
            simd.vectorize(
                #[inline(always)]
                || gradient::<S, Each>(simd, sizes, inputs, deltas, &mut sink),
            );
        } else {
            let mut sink = Kept { gradients, goes_on };
            simd.vectorize(
                #[inline(always)]
                || gradient::<S, Each>(simd, sizes, inputs, deltas, &mut sink),
            );
            if !place.moving_mean.is_empty() {
                // Batch normalization takes off what a bias adds: what is left of its gradient would be rounding.
                buffers.gradients[place.biases.clone()].fill(splat(simd, 0.0));
            }
        }
        buffers.deltas.swap(0, 1);
    }
}

/// Where the masks of a hidden layer and block begin among those of the epoch.
pub(crate) fn mask_start(training: &Training, layer: usize, block: Block) -> u64 {
    let hidden = training.layers.len().saturating_sub(2);
    let units = |layers: usize| training.layers.iter().skip(1).take(layers).sum::<usize>() as u64;
    let steps_before = (block.start - block.first) as u64 * units(hidden);
    let layers_before = block.batch as u64 * units(layer);
    let rows_before = block.first as u64 * training.layers[layer + 1] as u64;
    steps_before + layers_before + rows_before
}
