//! A whole epoch of one trial.

use super::layer::{activate, backward, forward, gradient, mask};
use super::normalization::{self, Normalized};
use super::optimizer::{Parameter, clip, update};
use super::{Matrix, fused, loss};
use crate::layout::{LayerPlace, Layout};
use crate::rows::{Rows, Targets};
use crate::training::{Normalization, Training};
use crate::trial::Lane;

/// What is known of a layer on the way back.
struct Trace {
    inputs: Matrix,
    normalized: Option<Normalized>,
    slopes: Matrix,
}

/// The target of a row, as losses take it.
pub(crate) fn target(rows: Rows<'_>, row: usize) -> f32 {
    match rows.targets {
        Targets::Numbers(numbers) => numbers[row],
        Targets::Classes(classes) | Targets::Mixed { classes, .. } => classes[row] as f32,
    }
}

/// The other class of a row that is in part of another, and its share.
fn mixed(rows: Rows<'_>, row: usize) -> Option<[f32; 2]> {
    match rows.targets {
        Targets::Mixed { others, shares, .. } => Some([others[row] as f32, shares[row]]),
        _ => None,
    }
}

/// How much a row is of a class.
#[expect(clippy::float_cmp, reason = "a class is a whole number")]
pub(crate) fn part(class: f32, own: f32, [other, share]: [f32; 2]) -> f32 {
    (if own == class { 1.0 - share } else { 0.0 }) + (if other == class { share } else { 0.0 })
}

/// Advances the lane's numbers by an epoch; the row-weighted mean of the batch losses, if all went well.
pub(crate) fn train(training: &Training, lane: &mut Lane<'_>) -> Option<f32> {
    let layout = Layout::new(training);
    let (mut total, mut rows, mut is_clipped) = (0.0, 0, true);
    let mut element = 0;
    for (step, batch) in lane.order.chunks(training.batch_size).enumerate() {
        if training.drop_last && batch.len() < training.batch_size {
            break;
        }
        let masks = connections(training, &layout, lane, step);
        let (loss, mut gradients) = differentiate(training, &layout, lane, batch, &mut element, masks.as_deref());
        for (gradient, mask) in gradients.iter_mut().zip(masks.iter().flatten()) {
            *gradient *= mask;
        }
        total += f64::from(loss);
        rows += batch.len();
        penalize(training, &layout, lane.numbers, &mut gradients);
        if let Some(limit) = training.clip {
            is_clipped &= clip(limit, &layout, &mut gradients);
        }
        move_all(training, &layout, lane, step, &gradients);
    }
    let mean = (total / rows as f64) as f32;
    let is_finite = lane.numbers[..layout.parameters].iter().all(|number| number.is_finite());
    (is_finite && is_clipped && mean.is_finite()).then_some(mean)
}

/// The sum of a batch's losses, and the gradients of their mean; moving statistics take in the batch.
fn differentiate(
    training: &Training,
    layout: &Layout,
    lane: &mut Lane<'_>,
    batch: &[u32],
    element: &mut u64,
    masks: Option<&[f32]>,
) -> (f32, Vec<f32>) {
    let columns = training.inputs();
    let connected =
        masks.map(|masks| lane.numbers.iter().zip(masks).map(|(number, mask)| number * mask).collect::<Vec<_>>());
    let weights: Vec<f64> = batch.iter().map(|row| weight(lane, *row)).collect();
    let total_weight: f64 = weights.iter().sum();
    let (parameters, moving) = lane.numbers.split_at_mut(layout.moving_start());
    let parameters = connected.as_deref().unwrap_or(parameters);
    let mut values: Matrix =
        batch.iter().map(|row| lane.rows.inputs[*row as usize * columns..][..columns].to_vec()).collect();
    let mut traces = Vec::new();
    for (index, place) in layout.layers.iter().enumerate() {
        let mut sums = forward(&values, &parameters[place.weights.clone()], &parameters[place.biases.clone()]);
        let mut trace = Trace { inputs: values, normalized: None, slopes: Vec::new() };
        if index + 1 < layout.layers.len() {
            trace.normalized = normalize(training, place, parameters, moving, &sums);
            if let Some(normalized) = &trace.normalized {
                sums.clone_from(&normalized.values);
            }
            trace.slopes.clone_from(&sums);
            for (sum, slope) in sums.iter_mut().flatten().zip(trace.slopes.iter_mut().flatten()) {
                [*sum, *slope] = activate(training.activation, *sum);
                if training.dropout > 0.0 {
                    let mask = mask(training.dropout, lane.dropout, *element);
                    *element += 1;
                    (*sum, *slope) = (*sum * mask, *slope * mask);
                }
            }
        }
        traces.push(trace);
        values = sums;
    }
    let mut sum = 0.0;
    let mut deltas = Vec::new();
    for ((outputs, row), weight) in values.iter().zip(batch).zip(&weights) {
        let target = target(lane.rows, *row as usize);
        let mixed = mixed(lane.rows, *row as usize);
        let share = 1.0 / batch.len() as f32;
        let (value, mut slopes) = match mixed {
            None => loss::of_row(training.loss, outputs, target, share),
            Some(mixed) => loss::of_mixed_row(training.loss, outputs, target, mixed, share),
        };
        sum += value;
        smooth(training.label_smoothing, batch.len(), target, mixed, &mut slopes);
        if !lane.class_weights.is_empty() {
            let factor = weight * (batch.len() as f64 / total_weight);
            for slope in &mut slopes {
                *slope *= factor as f32;
            }
        }
        deltas.push(slopes);
    }
    (sum, all_gradients(layout, parameters, &traces, deltas))
}

/// What each parameter is multiplied by in a step, if weights are dropped: a mask for those into hidden layers, else 1.
fn connections(training: &Training, layout: &Layout, lane: &Lane<'_>, step: usize) -> Option<Vec<f32>> {
    let places = &layout.layers[..layout.layers.len() - 1];
    let of_a_step: usize = places.iter().map(|place| place.weights.len()).sum();
    let mut masks = vec![1.0; layout.parameters];
    let weights = places.iter().flat_map(|place| place.weights.clone());
    for (element, index) in ((step * of_a_step) as u64..).zip(weights) {
        masks[index] = mask(training.drop_connect, lane.drop_connect, element);
    }
    (training.drop_connect > 0.0).then_some(masks)
}

/// How much a row counts.
fn weight(lane: &Lane<'_>, row: u32) -> f64 {
    let of_class = |classes: &[u32]| {
        lane.class_weights.get(classes[row as usize] as usize).map_or(f64::NAN, |weight| f64::from(*weight))
    };
    match lane.rows.targets {
        Targets::Classes(classes) if !lane.class_weights.is_empty() => of_class(classes),
        Targets::Mixed { classes, others, shares } if !lane.class_weights.is_empty() => {
            let share = f64::from(shares[row as usize]);
            (1.0 - share) * of_class(classes) + share * of_class(others)
        }
        _ => 1.0,
    }
}

/// Adds what smoothed labels change in the derivatives of a row.
#[expect(clippy::float_cmp, reason = "a class is a whole number")]
fn smooth(smoothing: f64, rows: usize, target: f32, mixed: Option<[f32; 2]>, slopes: &mut [f32]) {
    if smoothing <= 0.0 {
        return;
    }
    let is_binary = slopes.len() == 1;
    let classes = if is_binary { 2.0 } else { slopes.len() as f64 };
    let share = smoothing / rows as f64;
    for (class, slope) in slopes.iter_mut().enumerate() {
        let class = if is_binary { 1.0 } else { class as f32 };
        let [own, other] = [(share * (1.0 - 1.0 / classes)) as f32, (-share / classes) as f32];
        *slope += match mixed {
            Some(mixed) => fused(part(class, target, mixed), own - other, other),
            None if target == class => own,
            None => other,
        };
    }
}

/// Normalises the sums of a hidden layer, where that is asked for.
fn normalize(
    training: &Training,
    place: &LayerPlace,
    parameters: &[f32],
    moving: &mut [f32],
    sums: &[Vec<f32>],
) -> Option<Normalized> {
    let factors = [&parameters[place.gamma.clone()], &parameters[place.beta.clone()]];
    match training.normalization? {
        Normalization::Layer { epsilon } => Some(normalization::layer(sums, epsilon, factors)),
        Normalization::Batch { epsilon, momentum, unbiased } => {
            let normalized = normalization::batch(sums, epsilon, factors);
            let rows = sums.len() as f64;
            let correction = if unbiased { rows / (rows - 1.0) } else { 1.0 };
            for (range, news, factor) in [
                (&place.moving_mean, &normalized.means, 1.0 - momentum),
                (&place.moving_variance, &normalized.variances, (1.0 - momentum) * correction),
            ] {
                for (number, new) in moving[range.clone()].iter_mut().zip(news) {
                    *number = fused(momentum as f32, *number, factor as f32 * new);
                }
            }
            Some(normalized)
        }
    }
}

/// The gradients of all parameters, from the derivatives by the outputs.
fn all_gradients(layout: &Layout, parameters: &[f32], traces: &[Trace], mut deltas: Matrix) -> Vec<f32> {
    let mut gradients = vec![0.0; layout.parameters];
    for (place, trace) in layout.layers.iter().zip(traces).rev() {
        if !trace.slopes.is_empty() {
            for (delta, slope) in deltas.iter_mut().flatten().zip(trace.slopes.iter().flatten()) {
                *delta *= slope;
            }
        }
        if let Some(Normalized { plain, scales, means, .. }) = &trace.normalized {
            let way_back = if means.is_empty() { normalization::layer_backward } else { normalization::batch_backward };
            let derivatives = way_back(&deltas, plain, scales, &parameters[place.gamma.clone()]);
            deltas = derivatives.deltas;
            gradients[place.gamma.clone()].copy_from_slice(&derivatives.gamma);
            gradients[place.beta.clone()].copy_from_slice(&derivatives.beta);
        }
        let [of_weights, mut of_biases] = gradient(&trace.inputs, &deltas);
        if !place.moving_mean.is_empty() {
            // Batch normalization takes off what a bias adds.
            of_biases.fill(0.0);
        }
        gradients[place.weights.clone()].copy_from_slice(&of_weights);
        gradients[place.biases.clone()].copy_from_slice(&of_biases);
        deltas = backward(&deltas, &parameters[place.weights.clone()], place.inputs);
    }
    gradients
}

/// Adds the gradient of the penalty.
fn penalize(training: &Training, layout: &Layout, numbers: &[f32], gradients: &mut [f32]) {
    if training.l2 > 0.0 {
        for index in layout.layers.iter().flat_map(|place| place.weights.clone()) {
            gradients[index] = fused((2.0 * training.l2) as f32, numbers[index], gradients[index]);
        }
    }
}

/// Moves every parameter.
fn move_all(training: &Training, layout: &Layout, lane: &mut Lane<'_>, step: usize, gradients: &[f32]) {
    for (index, gradient) in gradients.iter().enumerate() {
        let place = |slot: usize| (1 + slot) * layout.parameters + index;
        let mut parameter = Parameter { weight: lane.numbers[index], slots: [0.0; 3] };
        for slot in 0..layout.slots {
            parameter.slots[slot] = lane.numbers[place(slot)];
        }
        update(training.optimizer, lane.rates.at(step), lane.steps + step as u64 + 1, &mut parameter, *gradient);
        lane.numbers[index] = parameter.weight;
        for slot in 0..layout.slots {
            lane.numbers[place(slot)] = parameter.slots[slot];
        }
    }
}
