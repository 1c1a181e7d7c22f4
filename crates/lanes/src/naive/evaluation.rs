//! Loss and metric over rows.

use super::epoch::target;
use super::layer::{activate, forward};
use super::{exp, loss, normalization};
use crate::evaluation::{Evaluation, Metric, Transform};
use crate::layout::Layout;
use crate::rows::Rows;
use crate::training::{Normalization, Training};

/// Evaluates parameters and moving statistics; `own` are the targets in their own units, where those are others.
pub(crate) fn evaluate(
    training: &Training,
    [parameters, moving]: [&[f32]; 2],
    rows: Rows<'_>,
    own: &[f64],
    metric: Metric,
) -> Evaluation {
    let layout = Layout::new(training);
    let (mut losses, mut metrics) = ([0.0; 16], [0.0; 16]);
    let mut count = 0;
    for (row, inputs) in rows.inputs.chunks(training.inputs()).enumerate() {
        let outputs = predict(training, &layout, [parameters, moving], inputs);
        let target = target(rows, row);
        losses[row % 16] += f64::from(loss::of_row(training.loss, &outputs, target, 1.0).0);
        let own = own.get(row).map_or(target, |own| *own as f32);
        metrics[row % 16] += f64::from(of_row(metric, &outputs, target, own));
        count += 1;
    }
    let count = f64::from(count);
    Evaluation { loss: losses.iter().sum::<f64>() / count, metric: metrics.iter().sum::<f64>() / count }
}

/// What leaves the network for every row, row-major.
pub(crate) fn outputs(training: &Training, numbers: [&[f32]; 2], rows: Rows<'_>) -> Vec<f32> {
    let layout = Layout::new(training);
    rows.inputs.chunks(training.inputs()).flat_map(|inputs| predict(training, &layout, numbers, inputs)).collect()
}

fn predict(training: &Training, layout: &Layout, [parameters, moving]: [&[f32]; 2], inputs: &[f32]) -> Vec<f32> {
    let mut values = vec![inputs.to_vec()];
    for (index, place) in layout.layers.iter().enumerate() {
        values = forward(&values, &parameters[place.weights.clone()], &parameters[place.biases.clone()]);
        if index + 1 == layout.layers.len() {
            break;
        }
        let factors = [&parameters[place.gamma.clone()], &parameters[place.beta.clone()]];
        let statistics = [&moving[place.moving_mean.clone()], &moving[place.moving_variance.clone()]];
        values = match training.normalization {
            Some(Normalization::Batch { epsilon, .. }) => {
                normalization::by_moving_statistics(&values, epsilon, factors, statistics)
            }
            Some(Normalization::Layer { epsilon }) => normalization::layer(&values, epsilon, factors).values,
            None => values,
        };
        for value in &mut values[0] {
            [*value, _] = activate(training.activation, *value);
        }
    }
    values.swap_remove(0)
}

#[expect(clippy::float_cmp, reason = "a class is a whole number, and the largest logit is one of them")]
fn of_row(metric: Metric, outputs: &[f32], target: f32, own: f32) -> f32 {
    match metric {
        Metric::AbsoluteError { shift, factor, transform } => {
            let scaled = outputs[0] * factor + shift;
            let predicted = match transform {
                Transform::Identity => scaled,
                Transform::Log => exp(scaled),
                Transform::Log1p => exp(scaled) - 1.0,
                Transform::Sqrt => scaled * scaled,
            };
            (predicted - own).abs()
        }
        Metric::Accuracy if outputs.iter().any(|logit| logit.is_nan()) => 0.0,
        Metric::Accuracy => {
            let mut predicted = usize::from(outputs[0] > 0.0);
            if outputs.len() > 1 {
                let largest = outputs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                predicted = outputs.iter().position(|logit| *logit == largest).unwrap_or(0);
            }
            if predicted as f32 == target { 1.0 } else { 0.0 }
        }
    }
}
