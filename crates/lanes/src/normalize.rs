//! Normalization of a hidden layer's sums in a pack, and back.

use fearless_simd::Simd;

use crate::buffers::{Buffers, LayerBuffers};
use crate::kernel::normalization::{self, Extent};
use crate::kernel::panel::blocks;
use crate::lane::{Each, fused, splat};
use crate::layout::Layout;
use crate::training::Normalization;

/// Normalises the sums of a hidden layer.
#[inline(always)]
pub(crate) fn normalize<S: Simd>(
    simd: S,
    normalization: Normalization,
    layout: &Layout,
    layer: usize,
    rows: usize,
    buffers: &mut Buffers<S>,
) {
    let place = &layout.layers[layer];
    let extent = Extent { rows, units: place.outputs };
    let count = blocks(rows) * place.outputs;
    let LayerBuffers { outputs, normalized, scales_of_units, scales_of_rows, .. } = &mut buffers.layers[layer];
    let (values, normalized) = (&mut outputs[..count], &mut normalized[..count]);
    let (parameters, moving) = buffers.numbers.split_at_mut(layout.moving_start());
    let factors = [&parameters[place.gamma.clone()], &parameters[place.beta.clone()]];
    match normalization {
        Normalization::Layer { epsilon } => simd.vectorize(
            #[inline(always)]
            || normalization::layer::<S, Each>(simd, extent, epsilon, factors, values, normalized, scales_of_rows),
        ),
        Normalization::Batch { epsilon, momentum, unbiased } => {
            let count = rows as f64;
            let correction = if unbiased { count / (count - 1.0) } else { 1.0 };
            let keep = splat(simd, momentum as f32);
            let add_mean = splat(simd, (1.0 - momentum) as f32);
            let add_variance = splat(simd, ((1.0 - momentum) * correction) as f32);
            let (means, variances) = (place.moving_mean.start, place.moving_variance.start);
            simd.vectorize(
                #[inline(always)]
                || {
                    normalization::batch(
                        simd,
                        extent,
                        epsilon,
                        factors,
                        values,
                        normalized,
                        scales_of_units,
                        #[inline(always)]
                        |unit, mean, variance| {
                            moving[means + unit] = fused::<S>(keep, moving[means + unit], add_mean * mean);
                            moving[variances + unit] =
                                fused::<S>(keep, moving[variances + unit], add_variance * variance);
                        },
                    );
                },
            );
        }
    }
}

/// From the derivatives by what left a hidden layer's normalization to those by its sums. The gradients of gamma and beta
/// go on from those of the rows before where `goes_on` says so.
#[inline(always)]
pub(crate) fn normalize_backward<S: Simd>(
    simd: S,
    normalization: Normalization,
    layout: &Layout,
    layer: usize,
    rows: usize,
    goes_on: bool,
    buffers: &mut Buffers<S>,
) {
    let place = &layout.layers[layer];
    let extent = Extent { rows, units: place.outputs };
    let count = blocks(rows) * place.outputs;
    let LayerBuffers { normalized, scales_of_units, scales_of_rows, .. } = &buffers.layers[layer];
    let normalized = &normalized[..count];
    let deltas = &mut buffers.deltas[0][..count];
    let gamma = &buffers.numbers[place.gamma.clone()];
    let (gammas, betas) = buffers.gradients[place.gamma.start..].split_at_mut(place.gamma.len());
    let gradients = [gammas, &mut betas[..place.outputs]];
    match normalization {
        Normalization::Batch { .. } => simd.vectorize(
            #[inline(always)]
            || normalization::batch_backward(simd, extent, gamma, normalized, scales_of_units, deltas, gradients),
        ),
        Normalization::Layer { .. } => {
            simd.vectorize(
                #[inline(always)]
                || {
                    normalization::layer_backward(
                        simd,
                        extent,
                        goes_on,
                        gamma,
                        normalized,
                        scales_of_rows,
                        deltas,
                        gradients,
                    );
                },
            );
        }
    }
}
