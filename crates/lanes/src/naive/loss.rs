//! Losses of one row.

use super::{exp, fused, ln, ln_1p_unit, sigmoid, tanh};
use crate::training::Loss;

/// The loss of a row, and its derivatives times `share`, which is 1 / rows.
pub(crate) fn of_row(loss: Loss, outputs: &[f32], target: f32, share: f32) -> (f32, Vec<f32>) {
    if loss == Loss::CrossEntropy {
        return cross_entropy(outputs, target, share);
    }
    let output = outputs[0];
    let residual = output - target;
    let (value, slope) = match loss {
        Loss::Mse => (residual * residual, residual + residual),
        Loss::Mae if residual > 0.0 => (residual, 1.0),
        Loss::Mae if residual < 0.0 => (-residual, -1.0),
        Loss::Huber { delta } if residual.abs() > delta => {
            let cut = delta.copysign(residual);
            (cut * fused(cut, -0.5, residual), cut)
        }
        Loss::Huber { .. } => (residual * fused(residual, -0.5, residual), residual),
        Loss::BinaryCrossEntropy => {
            let positive = if output < 0.0 { 0.0 } else { output };
            (fused(-output, target, positive) + ln_1p_unit(exp(-output.abs())), sigmoid(output) - target)
        }
        Loss::LogCosh => (log_cosh(residual), tanh(residual)),
        // 0, or NaN.
        _ => (residual, residual),
    };
    (value, vec![slope * share])
}

/// The same for a row that is in part of another class: that class, and its share.
pub(crate) fn of_mixed_row(
    loss: Loss,
    outputs: &[f32],
    target: f32,
    [other, part]: [f32; 2],
    share: f32,
) -> (f32, Vec<f32>) {
    if loss != Loss::CrossEntropy {
        return of_row(loss, outputs, fused(part, other - target, target), share);
    }
    let (value, _) = cross_entropy(outputs, target, share);
    let largest =
        outputs.iter().copied().fold(f32::NEG_INFINITY, |so_far, logit| if logit > so_far { logit } else { so_far });
    let mut total = 0.0;
    for logit in outputs {
        total += exp(logit - largest);
    }
    let slope = |(class, logit): (usize, &f32)| {
        let taken = share * super::epoch::part(class as f32, target, [other, part]);
        fused(exp(logit - largest), share / total, -taken)
    };
    let slopes = outputs.iter().enumerate().map(slope).collect();
    (value + part * (outputs[target as usize] - outputs[other as usize]), slopes)
}

/// By a polynomial below 1, else by e^-2|x|.
fn log_cosh(x: f32) -> f32 {
    let size = x.abs();
    if size < 1.0 {
        let square = size * size;
        let coefficients = [-0.000_560_215_27, 0.002_082_296, -0.006_713_375, 0.022_217_417, -0.083_333_1];
        let tail = coefficients.iter().fold(8.780_548_5e-5, |tail, coefficient| fused(tail, square, *coefficient));
        return fused(square * square, tail, 0.5 * square);
    }
    size + (ln_1p_unit(exp(-(size + size))) - std::f32::consts::LN_2)
}

#[expect(clippy::float_cmp, reason = "a class is a whole number")]
fn cross_entropy(logits: &[f32], target: f32, share: f32) -> (f32, Vec<f32>) {
    let largest =
        logits.iter().copied().fold(f32::NEG_INFINITY, |so_far, logit| if logit > so_far { logit } else { so_far });
    let is_target = |class: usize| class as f32 == target;
    let chosen = logits.iter().enumerate().find(|(class, _)| is_target(*class)).map_or(f32::NAN, |(_, logit)| *logit);
    let mut total = 0.0;
    for logit in logits {
        total += exp(logit - largest);
    }
    let slope = |class: usize, logit: f32| {
        let taken = if is_target(class) { share } else { 0.0 };
        fused(exp(logit - largest), share / total, -taken)
    };
    let slopes = logits.iter().enumerate().map(|(class, logit)| slope(class, *logit)).collect();
    (ln(total) - (chosen - largest), slopes)
}
