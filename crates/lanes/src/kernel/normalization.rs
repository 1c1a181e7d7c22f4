//! Batch normalization (Ioffe and Szegedy 2015) and layer normalization (Ba, Kiros and Hinton 2016), forward and
//! backward: gamma * (x - mean) / sqrt(variance + epsilon) + beta, with the biased variance.
//!
//! Numbers lie in blocks of rows. Rows that only fill the last block count for nothing and become 0.

use fearless_simd::{Simd, SimdFloat};

use super::panel::{ROWS, blocks, lines, lines_mut};
use crate::lane::{Operand, Vector, fused, splat};

/// Where the rows are, and how many units each has.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) rows: usize,
    pub(crate) units: usize,
}

impl Extent {
    /// Rows of a block that count.
    #[inline(always)]
    fn rows_of(self, block: usize) -> usize {
        (self.rows - block * ROWS).min(ROWS)
    }

    /// The sum of a number over the rows that count, in their order.
    #[inline(always)]
    fn sum<S: Simd>(self, simd: S, mut number: impl FnMut(usize, usize) -> Vector<S>) -> Vector<S> {
        let mut sum = splat(simd, 0.0);
        for block in 0..blocks(self.rows) {
            for row in 0..self.rows_of(block) {
                sum += number(block * self.units, row);
            }
        }
        sum
    }
}

/// Normalises each unit over the rows of a batch. `values` become what leaves, `normalized` what it was before gamma and
/// beta, `scales` 1 / sqrt(variance + epsilon), one a unit. `moving` is told mean and variance of each unit.
#[expect(clippy::too_many_arguments, reason = "what a normalization is made of, and where it goes")]
#[inline(always)]
pub(crate) fn batch<S: Simd>(
    simd: S,
    extent: Extent,
    epsilon: f32,
    [gamma, beta]: [&[Vector<S>]; 2],
    values: &mut [[Vector<S>; ROWS]],
    normalized: &mut [[Vector<S>; ROWS]],
    scales: &mut [Vector<S>],
    mut moving: impl FnMut(usize, Vector<S>, Vector<S>),
) {
    let count = splat(simd, extent.rows as f32);
    let (one, epsilon) = (splat(simd, 1.0), splat(simd, epsilon));
    for unit in 0..extent.units {
        let mean = extent.sum(
            simd,
            #[inline(always)]
            |start, row| values[start + unit][row],
        ) / count;
        let variance = extent.sum(
            simd,
            #[inline(always)]
            |start, row| {
                let centered = values[start + unit][row] - mean;
                centered * centered
            },
        ) / count;
        moving(unit, mean, variance);
        let scale = one / (variance + epsilon).sqrt();
        scales[unit] = scale;
        for block in 0..blocks(extent.rows) {
            let place = block * extent.units + unit;
            for row in 0..ROWS {
                let is_row = row < extent.rows_of(block);
                let value = if is_row { (values[place][row] - mean) * scale } else { splat(simd, 0.0) };
                normalized[place][row] = value;
                values[place][row] = fused::<S>(value, gamma[unit], beta[unit]);
            }
        }
    }
}

/// From the derivatives by what left [`batch`] to those by what entered, and the gradients of gamma and beta.
#[inline(always)]
pub(crate) fn batch_backward<S: Simd>(
    simd: S,
    extent: Extent,
    gamma: &[Vector<S>],
    normalized: &[[Vector<S>; ROWS]],
    scales: &[Vector<S>],
    deltas: &mut [[Vector<S>; ROWS]],
    [gamma_gradient, beta_gradient]: [&mut [Vector<S>]; 2],
) {
    let share = splat(simd, 1.0 / extent.rows as f32);
    for unit in 0..extent.units {
        let sum = extent.sum(
            simd,
            #[inline(always)]
            |start, row| deltas[start + unit][row],
        );
        let along = extent.sum(
            simd,
            #[inline(always)]
            |start, row| deltas[start + unit][row] * normalized[start + unit][row],
        );
        beta_gradient[unit] = sum;
        gamma_gradient[unit] = along;
        let (mean, mean_along) = (sum * share, along * share);
        let factor = gamma[unit] * scales[unit];
        for block in 0..blocks(extent.rows) {
            let place = block * extent.units + unit;
            for row in 0..extent.rows_of(block) {
                let centered = deltas[place][row] - mean;
                deltas[place][row] = factor * fused::<S>(-normalized[place][row], mean_along, centered);
            }
        }
    }
}

/// Normalises each row over its units. `normalized` becomes what it was before gamma and beta, and `scales`
/// 1 / sqrt(variance + epsilon), one a row.
#[inline(always)]
pub(crate) fn layer<S: Simd, O: Operand<S>>(
    simd: S,
    extent: Extent,
    epsilon: f32,
    [gamma, beta]: [&[O::Number]; 2],
    values: &mut [[Vector<S>; ROWS]],
    normalized: &mut [[Vector<S>; ROWS]],
    scales: &mut [[Vector<S>; ROWS]],
) {
    let count = splat(simd, extent.units as f32);
    let (one, epsilon) = (splat(simd, 1.0), splat(simd, epsilon));
    let places = lines_mut(values, extent.units).zip(lines_mut(normalized, extent.units)).zip(scales);
    for ((values, normalized), scales) in places {
        for row in 0..ROWS {
            let mut sum = splat(simd, 0.0);
            for value in values.iter() {
                sum += value[row];
            }
            let mean = sum / count;
            let mut squares = splat(simd, 0.0);
            for value in values.iter() {
                let centered = value[row] - mean;
                squares = fused::<S>(centered, centered, squares);
            }
            let scale = one / (squares / count + epsilon).sqrt();
            scales[row] = scale;
            for unit in 0..extent.units {
                let value = (values[unit][row] - mean) * scale;
                normalized[unit][row] = value;
                let (gamma, beta) = (O::vector(simd, gamma[unit]), O::vector(simd, beta[unit]));
                values[unit][row] = fused::<S>(value, gamma, beta);
            }
        }
    }
}

/// From the derivatives by what left [`layer`] to those by what entered, and the gradients of gamma and beta, which go
/// on from what stands there where `goes_on` says so. The derivatives of rows that count for nothing are 0, and stay so.
#[expect(clippy::too_many_arguments, reason = "what a normalization is made of, and where it goes")]
#[inline(always)]
pub(crate) fn layer_backward<S: Simd>(
    simd: S,
    extent: Extent,
    goes_on: bool,
    gamma: &[Vector<S>],
    normalized: &[[Vector<S>; ROWS]],
    scales: &[[Vector<S>; ROWS]],
    deltas: &mut [[Vector<S>; ROWS]],
    [gamma_gradient, beta_gradient]: [&mut [Vector<S>]; 2],
) {
    let share = splat(simd, 1.0 / extent.units as f32);
    if !goes_on {
        gamma_gradient.fill(splat(simd, 0.0));
        beta_gradient.fill(splat(simd, 0.0));
    }
    let places = lines_mut(deltas, extent.units).zip(lines(normalized, extent.units)).zip(scales);
    for ((deltas, normalized), scales) in places {
        for row in 0..ROWS {
            let (mut sum, mut along) = (splat(simd, 0.0), splat(simd, 0.0));
            for unit in 0..extent.units {
                let (delta, normal) = (deltas[unit][row], normalized[unit][row]);
                gamma_gradient[unit] = fused::<S>(delta, normal, gamma_gradient[unit]);
                beta_gradient[unit] += delta;
                let upstream = delta * gamma[unit];
                sum += upstream;
                along = fused::<S>(upstream, normal, along);
            }
            let (mean, mean_along) = (sum * share, along * share);
            for unit in 0..extent.units {
                let centered = fused::<S>(deltas[unit][row], gamma[unit], -mean);
                deltas[unit][row] = scales[row] * fused::<S>(-normalized[unit][row], mean_along, centered);
            }
        }
    }
}

/// Normalises by statistics that are given.
#[inline(always)]
pub(crate) fn by_moving_statistics<S: Simd, O: Operand<S>>(
    simd: S,
    units: usize,
    epsilon: f32,
    [gamma, beta]: [&[O::Number]; 2],
    [means, variances]: [&[O::Number]; 2],
    values: &mut [[Vector<S>; ROWS]],
) {
    let epsilon = splat(simd, epsilon);
    for values in lines_mut(values, units) {
        for unit in 0..units {
            let scale = (O::vector(simd, variances[unit]) + epsilon).sqrt();
            let (gamma, beta) = (O::vector(simd, gamma[unit]), O::vector(simd, beta[unit]));
            let mean = O::vector(simd, means[unit]);
            for value in &mut values[unit] {
                *value = fused::<S>((*value - mean) / scale, gamma, beta);
            }
        }
    }
}
