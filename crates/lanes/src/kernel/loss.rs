//! Losses of a batch, and their gradients.

use fearless_simd::{Select, Simd, SimdBase};

use super::log_cosh::log_cosh;
use super::mixture::{Mixed, Mixture};
use super::panel::{ROWS, lines, lines_mut};
use crate::lane::{Vector, fused, splat};
use crate::math::{exp, ln, ln_1p_unit, sigmoid, tanh};
use crate::training::Loss;

/// Losses of rows, summed in their order, starting from `sum`. `gradients` become the derivatives of the mean over
/// `batch_rows` rows, and 0 in the rows that only fill the last block. `outputs` and `gradients` lie in blocks of rows
/// with `width` units; targets are one a row: numbers, or classes from 0, of which rows may be in part by `mixture`.
#[expect(clippy::too_many_arguments, reason = "what a loss is made of, and where it goes")]
#[inline(always)]
pub(crate) fn losses_and_gradients<S: Simd>(
    simd: S,
    loss: Loss,
    width: usize,
    batch_rows: usize,
    outputs: &[[Vector<S>; ROWS]],
    targets: &[Vector<S>],
    mixture: Option<Mixture<'_, S>>,
    gradients: &mut [[Vector<S>; ROWS]],
    mut sum: Vector<S>,
) -> Vector<S> {
    let share = splat(simd, 1.0 / batch_rows as f32);
    let zero = splat(simd, 0.0);
    match loss {
        Loss::CrossEntropy => {}
        // Known to the compiler, so that there is no choice left in the loop.
        Loss::Mse => return of_outputs(simd, Loss::Mse, width, share, outputs, targets, mixture, gradients, sum),
        loss => return of_outputs(simd, loss, width, share, outputs, targets, mixture, gradients, sum),
    }
    let blocks = lines(outputs, width).zip(lines_mut(gradients, width)).zip(targets.chunks(ROWS));
    for (block, ((outputs, gradients), targets)) in blocks.enumerate() {
        for row in 0..ROWS {
            let Some(target) = targets.get(row) else {
                for gradient in gradients.iter_mut() {
                    gradient[row] = zero;
                }
                continue;
            };
            let mixed = mixture.and_then(|mixture| mixture.of(block * ROWS + row, *target));
            let (value, total) = softmax(simd, row, outputs, *target, gradients);
            let scale = share / total;
            if let Some(mixed) = mixed {
                sum += value + mixed.surplus(simd, row, outputs);
                for class in 0..width {
                    let taken = share * mixed.target(simd, class);
                    gradients[class][row] = fused::<S>(gradients[class][row], scale, -taken);
                }
                continue;
            }
            sum += value;
            for class in 0..width {
                let is_target = target.simd_eq(splat(simd, class as f32));
                let taken = is_target.select(share, zero);
                gradients[class][row] = fused::<S>(gradients[class][row], scale, -taken);
            }
        }
    }
    sum
}

/// The same for losses of one output.
#[expect(clippy::too_many_arguments, reason = "what a loss is made of, and where it goes")]
#[inline(always)]
fn of_outputs<S: Simd>(
    simd: S,
    loss: Loss,
    width: usize,
    share: Vector<S>,
    outputs: &[[Vector<S>; ROWS]],
    targets: &[Vector<S>],
    mixture: Option<Mixture<'_, S>>,
    gradients: &mut [[Vector<S>; ROWS]],
    mut sum: Vector<S>,
) -> Vector<S> {
    let mut blocks = lines(outputs, width).zip(lines_mut(gradients, width));
    if let Some(mixture) = mixture {
        for (block, ((outputs, gradients), targets)) in blocks.zip(targets.chunks(ROWS)).enumerate() {
            gradients[0] = [splat(simd, 0.0); ROWS];
            for (row, target) in targets.iter().enumerate() {
                let target = mixture.of(block * ROWS + row, *target).map_or(*target, Mixed::between);
                let (value, slope) = of_one(simd, loss, outputs[0][row], target);
                sum += value;
                gradients[0][row] = slope * share;
            }
        }
        return sum;
    }
    let (full, last) = targets.as_chunks::<ROWS>();
    for (targets, (outputs, gradients)) in full.iter().zip(&mut blocks) {
        for row in 0..ROWS {
            let (value, slope) = of_one(simd, loss, outputs[0][row], targets[row]);
            sum += value;
            gradients[0][row] = slope * share;
        }
    }
    if let Some((outputs, gradients)) = blocks.next() {
        gradients[0] = [splat(simd, 0.0); ROWS];
        for (row, target) in last.iter().enumerate() {
            let (value, slope) = of_one(simd, loss, outputs[0][row], *target);
            sum += value;
            gradients[0][row] = slope * share;
        }
    }
    sum
}

/// The losses of a block of rows. `powers` has room for as many numbers as there are outputs.
#[inline(always)]
pub(crate) fn losses<S: Simd>(
    simd: S,
    loss: Loss,
    outputs: &[[Vector<S>; ROWS]],
    targets: &[Vector<S>; ROWS],
    powers: &mut [[Vector<S>; ROWS]],
) -> [Vector<S>; ROWS] {
    let mut values = *targets;
    for row in 0..ROWS {
        values[row] = match loss {
            Loss::CrossEntropy => softmax(simd, row, outputs, targets[row], powers).0,
            _ => of_one(simd, loss, outputs[0][row], targets[row]).0,
        };
    }
    values
}

/// Loss and slope of one output.
#[inline(always)]
fn of_one<S: Simd>(simd: S, loss: Loss, output: Vector<S>, target: Vector<S>) -> (Vector<S>, Vector<S>) {
    let zero = splat(simd, 0.0);
    let residual = output - target;
    match loss {
        Loss::Mse => (residual * residual, residual + residual),
        Loss::Mae => {
            let one = splat(simd, 1.0);
            let sign = residual.simd_gt(zero).select(one, residual.simd_lt(zero).select(-one, residual));
            (residual.abs(), sign)
        }
        Loss::Huber { delta } => {
            let delta = splat(simd, delta);
            let upper = residual.simd_gt(delta).select(delta, residual);
            let cut = upper.simd_lt(-delta).select(-delta, upper);
            // With c = r cut to +-delta, c * (r - c / 2) is the loss on both sides, and c its gradient.
            (cut * fused::<S>(cut, splat(simd, -0.5), residual), cut)
        }
        Loss::BinaryCrossEntropy => {
            let positive = zero.simd_gt(output).select(zero, output);
            let tail = ln_1p_unit(simd, exp(simd, -output.abs()));
            (fused::<S>(-output, target, positive) + tail, sigmoid(simd, output) - target)
        }
        Loss::LogCosh => (log_cosh(simd, residual), tanh(simd, residual)),
        Loss::CrossEntropy => (splat(simd, f32::NAN), splat(simd, f32::NAN)),
    }
}

/// Writes e^(logit - largest) of a row, and gives the loss and their sum.
#[inline(always)]
fn softmax<S: Simd>(
    simd: S,
    row: usize,
    logits: &[[Vector<S>; ROWS]],
    target: Vector<S>,
    powers: &mut [[Vector<S>; ROWS]],
) -> (Vector<S>, Vector<S>) {
    let mut largest = splat(simd, f32::NEG_INFINITY);
    // NaN where the target is no class.
    let mut chosen = splat(simd, f32::NAN);
    for (class, logits) in logits.iter().enumerate() {
        let logit = logits[row];
        largest = logit.simd_gt(largest).select(logit, largest);
        chosen = target.simd_eq(splat(simd, class as f32)).select(logit, chosen);
    }
    let mut total = splat(simd, 0.0);
    for (powers, logits) in powers.iter_mut().zip(logits) {
        powers[row] = exp(simd, logits[row] - largest);
        total += powers[row];
    }
    (ln(simd, total) - (chosen - largest), total)
}
