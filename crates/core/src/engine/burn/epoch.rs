//! One epoch: the order of the rows, batches, dropout masks, steps.

use burn::optim::ModuleOptimizer;
use burn::tensor::{Device, Tensor, TensorData};

use crate::data::{Part, Targets};
use crate::engine::{Rates, Training};
use crate::loss;
use crate::module::{Mlp, device, numbers};
use crate::objective::Objective;
use crate::optimizer::penalize_and_clip;
use crate::random::{Purpose, Stream};

/// Trains one epoch. Returns the module, and the row-weighted mean of the batch losses; `None` where one of them, or a
/// norm to be clipped by, was NaN or infinite, which ends the epoch, or where there was no batch.
///
/// Rows come in the permutation of the stream (seed, replicate, order, epoch). A smaller last batch is kept unless
/// `drop_last`; a step follows the mean gradient of its own rows.
pub(super) fn train(
    training: &Training,
    mut module: Mlp,
    optimizer: &mut ModuleOptimizer,
    epoch: u32,
    rates: &Rates,
) -> (Mlp, Option<f32>) {
    let Training { network, seed, replicate, data, .. } = training;
    let augmented = training.augmented(epoch);
    let part = augmented.as_ref().map_or(&data.train, |augmented| &augmented.rows);
    let mixed = augmented.as_ref().and_then(|augmented| augmented.mixed.as_ref());
    let others = mixed.map(|mixed| Targets::Classes(mixed.others.clone()));
    let device = device();
    let outputs = network.outputs as usize;
    let batch_size = training.batch_size.max(1) as usize;
    let order = Stream::new(*seed, *replicate, Purpose::Order, epoch).permutation(part.rows() as u32);
    let mut masks = Masks::new(training, epoch);
    let mut connections = Connections::new(training, epoch);
    let objective = Objective::of(training, mixed);

    let (mut total, mut rows) = (0.0, 0);
    for (step, batch) in order.chunks(batch_size).enumerate() {
        if training.drop_last && batch.len() < batch_size {
            break;
        }
        let inputs = matrix(gather(part, batch), batch.len(), part.columns, &device);
        let mut targets = loss::batch_targets(training.loss, &part.targets, batch, outputs);
        if let (Some(mixed), Some(others)) = (mixed, &others) {
            let others = loss::batch_targets(training.loss, others, batch, outputs);
            mix(&mut targets, &others, batch.iter().map(|&row| mixed.share(row)), outputs);
        }
        let targets = matrix(targets, batch.len(), outputs, &device);
        let predictions =
            module.forward_in_training(inputs, masks.draw(batch.len(), &device), connections.draw(&device));
        let loss = loss::of_batch(training.loss, predictions.clone(), targets.clone());
        let minimised = objective.as_ref().map(|objective| objective.of_batch(batch, predictions, targets));
        let gradients = module.gradients(minimised.as_ref().unwrap_or(&loss).backward());
        let loss = numbers(loss).first().copied().unwrap_or(f32::NAN);
        if !loss.is_finite() {
            return (module, None);
        }
        total += f64::from(loss) * batch.len() as f64;
        rows += batch.len();
        let Some(gradients) = penalize_and_clip(&module, gradients, training.l2, training.clip) else {
            return (module, None);
        };
        module = optimizer.step(f64::from(rates.at(step)), module, gradients);
    }
    let mean = (total / rows as f64) as f32;
    (module, mean.is_finite().then_some(mean))
}

/// Gives each row of targets its share of the others.
fn mix(targets: &mut [f32], others: &[f32], shares: impl Iterator<Item = f32>, outputs: usize) {
    for ((targets, others), share) in targets.chunks_mut(outputs).zip(others.chunks(outputs)).zip(shares) {
        for (target, other) in targets.iter_mut().zip(others) {
            *target = (1.0 - share) * *target + share * other;
        }
    }
}

/// The inputs of these rows, row-major.
fn gather(part: &Part, rows: &[u32]) -> Vec<f32> {
    let mut gathered = Vec::with_capacity(rows.len() * part.columns);
    for &row in rows {
        let start = row as usize * part.columns;
        gathered.extend_from_slice(part.inputs.get(start..start + part.columns).unwrap_or_default());
    }
    gathered
}

/// Row-major values as a matrix.
pub(super) fn matrix(values: Vec<f32>, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

/// Masks of weights of an epoch, all from the stream (seed, replicate, drop connect, epoch): step by step, within a step
/// layer by layer from the inputs on, without the last, within a layer row by row of the weights. A weight is dropped
/// where its number in `[0, 1)` is below the rate, else kept and multiplied by 1 / (1 - rate).
struct Connections {
    stream: Stream,
    rate: f64,
    /// Inputs and units of the layers into hidden units.
    shapes: Vec<[usize; 2]>,
}

impl Connections {
    fn new(training: &Training, epoch: u32) -> Self {
        let layers = training.network.layers();
        let hidden = training.network.model.hidden.len();
        Self {
            stream: Stream::new(training.seed, training.replicate, Purpose::DropConnect, epoch),
            rate: training.network.model.drop_connect,
            shapes: layers.windows(2).take(hidden).map(|pair| [pair[0] as usize, pair[1] as usize]).collect(),
        }
    }

    /// The masks of the next step, one a layer into hidden units; none where no weight is dropped.
    fn draw(&mut self, device: &Device) -> Vec<Tensor<2>> {
        if self.rate <= 0.0 {
            return Vec::new();
        }
        let (stream, rate) = (&mut self.stream, self.rate);
        self.shapes
            .iter()
            .map(|&[inputs, units]| {
                let mask = (0..inputs * units).map(|_| element(stream, rate)).collect();
                matrix(mask, inputs, units, device)
            })
            .collect()
    }
}

/// 0 where the next number of the stream is below the rate, else 1 / (1 - rate).
fn element(stream: &mut Stream, rate: f64) -> f32 {
    if f64::from(stream.unit_f32()) < rate { 0.0 } else { (1.0 / (1.0 - rate)) as f32 }
}

/// Dropout masks of an epoch, all from the stream (seed, replicate, dropout, epoch): step by step, within a step layer
/// by layer from the inputs on, within a layer row by row in the order of the batch, within a row unit by unit. An
/// element is dropped where its number in `[0, 1)` is below the rate, else kept and multiplied by 1 / (1 - rate).
struct Masks {
    stream: Stream,
    rate: f64,
    hidden: Vec<usize>,
}

impl Masks {
    fn new(training: &Training, epoch: u32) -> Self {
        Self {
            stream: Stream::new(training.seed, training.replicate, Purpose::Dropout, epoch),
            rate: training.network.model.dropout,
            hidden: training.network.hidden_outputs().into_iter().map(|units| units as usize).collect(),
        }
    }

    /// The masks of the next step, one a hidden layer; none without dropout.
    fn draw(&mut self, rows: usize, device: &Device) -> Vec<Tensor<2>> {
        if self.rate <= 0.0 {
            return Vec::new();
        }
        let (stream, rate) = (&mut self.stream, self.rate);
        self.hidden
            .iter()
            .map(|&units| matrix((0..rows * units).map(|_| element(stream, rate)).collect(), rows, units, device))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "a mask is one of two numbers")]

    use super::*;

    #[test]
    fn connections_keep_the_expected_weight_and_change_with_every_step_and_epoch() {
        let shapes = vec![[4, 6], [6, 3]];
        let name = |epoch| Stream::new(7, 2, Purpose::DropConnect, epoch);
        let masks = |stream| Connections { stream, rate: 0.2, shapes: shapes.clone() };
        let mut of_epoch = masks(name(0));
        let steps: Vec<Vec<f32>> =
            (0..1000).map(|_| of_epoch.draw(&device()).into_iter().flat_map(numbers).collect()).collect();
        assert_eq!(steps[0].len(), 4 * 6 + 6 * 3);
        assert_ne!(steps[0], steps[1]);
        let first = masks(name(1)).draw(&device());
        assert_eq!(first.iter().map(Tensor::dims).collect::<Vec<_>>(), shapes);
        assert_ne!(steps[0], first.into_iter().flat_map(numbers).collect::<Vec<_>>());
        // A mask is 1.25 with probability 0.8: mean 1 and standard deviation 0.5.
        let all = steps.concat();
        assert!(all.iter().all(|&mask| mask == 0.0 || mask == 1.25));
        let mean = all.iter().map(|&mask| f64::from(mask)).sum::<f64>() / all.len() as f64;
        assert!((mean - 1.0).abs() < 4.0 * 0.5 / (all.len() as f64).sqrt(), "mean {mean}");
        let mut none = Connections { stream: name(0), rate: 0.0, shapes };
        assert!(none.draw(&device()).is_empty());
    }
}
