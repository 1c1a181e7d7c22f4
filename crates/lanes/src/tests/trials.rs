//! Random trainings, and trials of them.

use proptest::prelude::*;

use super::elementwise::{ACTIVATIONS, LOSSES};
use super::updates::{clips, optimizers};
use crate::evaluation::{Metric, Transform};
use crate::layout::Layout;
use crate::philox::{self, Name};
use crate::rows::{Rows, Targets};
use crate::training::{Activation, Loss, Normalization, Training};
use crate::trial::{Lane, Rates};

/// Any training of small networks.
pub(super) fn trainings() -> impl Strategy<Value = Training> {
    let normalization = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Normalization::Layer { epsilon: 1e-5 })),
        1 => (0.0..0.99f64, any::<bool>())
            .prop_map(|(momentum, unbiased)| Some(Normalization::Batch { epsilon: 1e-3, momentum, unbiased })),
    ];
    let model = (
        prop::collection::vec(prop_oneof![9 => 1..21usize, 1 => 21..70usize], 1..5),
        2..6usize,
        prop_oneof![Just(Activation::Relu), prop::sample::select(ACTIVATIONS.to_vec())],
        normalization,
        [prop_oneof![2 => Just(0.0), 1 => 0.05..0.9f64], prop_oneof![2 => Just(0.0), 1 => 0.05..0.9f64]],
    );
    let learning = (
        prop::sample::select(LOSSES.to_vec()),
        optimizers(),
        prop_oneof![Just(0.0), 1e-4..0.1f64],
        prop::option::weighted(0.3, clips()),
        1..34usize,
        any::<bool>(),
        prop_oneof![2 => Just(0.0), 1 => 0.01..0.9f64],
    );
    (model, learning).prop_map(|(model, (loss, optimizer, l2, clip, batch_size, drop_last, smoothing))| {
        let (mut layers, classes, activation, normalization, [dropout, drop_connect]) = model;
        layers.push(if loss == Loss::CrossEntropy { classes } else { 1 });
        Training {
            layers,
            activation,
            normalization,
            dropout,
            drop_connect,
            loss,
            label_smoothing: if has_classes(loss) { smoothing } else { 0.0 },
            optimizer,
            l2,
            clip,
            batch_size,
            drop_last,
        }
    })
}

/// Whether the loss is of classes.
fn has_classes(loss: Loss) -> bool {
    matches!(loss, Loss::CrossEntropy | Loss::BinaryCrossEntropy)
}

/// One trial and its own data.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trial {
    pub(super) numbers: Vec<f32>,
    pub(super) steps: u64,
    pub(super) inputs: Vec<f32>,
    pub(super) scaled: Vec<f32>,
    pub(super) classes: Vec<u32>,
    /// Targets in their own units.
    pub(super) own: Vec<f64>,
    pub(super) order: Vec<u32>,
    pub(super) rates: Vec<f32>,
    /// Empty in two packs of three: then no row is in part of another class.
    pub(super) others: Vec<u32>,
    pub(super) shares: Vec<f32>,
    /// Empty in every second pack.
    pub(super) class_weights: Vec<f32>,
    pub(super) dropout: Name,
    pub(super) drop_connect: Name,
}

impl Trial {
    /// A trial that depends on seed and index alone.
    pub(super) fn new(training: &Training, rows: usize, seed: u64, index: u32) -> Self {
        let layout = Layout::new(training);
        let key = [seed as u32, (seed >> 32) as u32];
        let word = |purpose: u32, at: usize| philox::block([at as u32, purpose, index, 0], key)[0];
        let number = |purpose: u32, at: usize| word(purpose, at) as f32 / 2f32.powi(31) - 1.0;
        let mut numbers = vec![0.0; layout.numbers()];
        let moving = layout.moving_start();
        for (at, to) in numbers[..layout.parameters].iter_mut().enumerate() {
            *to = number(0, at);
        }
        for (at, to) in numbers[moving..].iter_mut().enumerate() {
            *to = number(1, at).abs();
        }
        let classes = if training.loss == Loss::CrossEntropy { training.outputs() as u32 } else { 2 };
        let mixed_rows = if seed % 3 == 1 && has_classes(training.loss) { rows } else { 0 };
        let mut order: Vec<u32> = (0..rows as u32).collect();
        order.sort_by_key(|row| word(2, *row as usize));
        Self {
            numbers,
            steps: 0,
            inputs: (0..rows * training.inputs()).map(|at| 2.0 * number(3, at)).collect(),
            scaled: (0..rows).map(|at| 2.0 * number(4, at)).collect(),
            classes: (0..rows).map(|at| word(5, at) % classes).collect(),
            own: (0..rows).map(|at| f64::from(number(6, at)) * 50.0).collect(),
            order,
            rates: (0..=word(7, 0) as usize % 4).map(|at| 0.02 + 0.01 * number(8, at)).collect(),
            others: (0..mixed_rows).map(|at| word(12, at) % classes).collect(),
            shares: (0..mixed_rows).map(|at| number(13, at).abs()).collect(),
            class_weights: if seed.is_multiple_of(2) && has_classes(training.loss) {
                (0..classes as usize).map(|at| number(10, at).abs() + 0.1).collect()
            } else {
                Vec::new()
            },
            dropout: Name { key, words: [index, 9, word(9, 0)] },
            drop_connect: Name { key, words: [index, 11, word(9, 0)] },
        }
    }

    /// As many trials.
    pub(super) fn pack(training: &Training, rows: usize, seed: u64, count: usize) -> Vec<Self> {
        (0..count as u32).map(|index| Self::new(training, rows, seed, index)).collect()
    }

    /// The trial as a lane of a pack.
    pub(super) fn lane(&mut self, loss: Loss) -> Lane<'_> {
        let Self {
            numbers, steps, inputs, scaled, classes, order, rates, class_weights, dropout, drop_connect, ..
        } = self;
        let Self { others, shares, .. } = self;
        let targets = match loss {
            Loss::CrossEntropy | Loss::BinaryCrossEntropy if !others.is_empty() => {
                Targets::Mixed { classes, others, shares }
            }
            Loss::CrossEntropy | Loss::BinaryCrossEntropy => Targets::Classes(classes),
            _ => Targets::Numbers(scaled),
        };
        let rows = Rows { inputs, targets };
        let rates = if let [rate] = rates[..] { Rates::Constant(rate) } else { Rates::PerStep(rates) };
        Lane {
            numbers,
            steps: *steps,
            rows,
            order,
            rates,
            class_weights,
            dropout: *dropout,
            drop_connect: *drop_connect,
        }
    }

    /// The rows that it learns from, and a metric for them.
    pub(super) fn evaluated(&self, loss: Loss) -> (Rows<'_>, &[f64], Metric) {
        let Self { inputs, scaled, classes, own, .. } = self;
        match loss {
            Loss::CrossEntropy | Loss::BinaryCrossEntropy => {
                (Rows { inputs, targets: Targets::Classes(classes) }, &[], Metric::Accuracy)
            }
            _ => {
                let transforms = [Transform::Identity, Transform::Log, Transform::Log1p, Transform::Sqrt];
                let transform = transforms[inputs.len() % 4];
                let metric = Metric::AbsoluteError { shift: 1.5, factor: 3.0, transform };
                (Rows { inputs, targets: Targets::Numbers(scaled) }, own, metric)
            }
        }
    }
}

/// The lanes of a pack.
pub(super) fn lanes(trials: &mut [Trial], loss: Loss) -> Vec<Lane<'_>> {
    trials.iter_mut().map(|trial| trial.lane(loss)).collect()
}
