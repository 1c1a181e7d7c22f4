//! A training as the lanes take it.

use std::sync::{Arc, OnceLock};

use swath_lanes as lanes;
use swath_metrics::{ClassificationMetric, Metric, RegressionMetric};

use crate::augment::{Augmented, MixedClasses};
use crate::data::{self, Split, TargetScale, Targets};
use crate::engine::{Evaluation, Part, Training};
use crate::initializer::{self, LayerWeights, NormalizationWeights};
use crate::metric;
use crate::spec::{
    Activation, AdagradForm, AdamForm, AdamSettings, BatchNormForm, Clip, ClipForm, Loss, Normalization, Optimizer,
    RmsPropForm, SgdForm, Transform,
};

/// Above this, a pack leaves the second cache, and a state alone trains faster. Microseconds a trial-step of a full pack
/// and of one state, Adam, batch 32, AVX-512 and AVX2 (`cargo bench -p swath-lanes`):
///
/// | network | parameters | AVX-512 | AVX2 |
/// |---|---:|---|---|
/// | 4-8-4-1 | 81 | 0.21, 1.19 | 0.28, 1.01 |
/// | 4-8-16-16-8-1 | 601 | 1.19, 3.25 | 1.57, 3.22 |
/// | 4-64-64-1 | 4,545 | 8.98, 13.3 | 12.6, 16.7 |
/// | 64-128-10 | 9,610 | 18.2, 20.0 | 21.6, 25.4 |
/// | 4-96-96-1 | 9,889 | 21.2, 27.5 | 27.6, 34.1 |
/// | 784-16-10 | 12,730 | 41.2, 32.5 | 41.1, 36.4 |
/// | 4-128-128-1 | 17,281 | 44.4, 51.8 | 49.9, 59.1 |
/// | 784-128-10 | 101,770 | 390, 166 | 343, 210 |
const PARAMETERS_OF_A_PACK: u64 = 10_000;

/// Below this, a state alone fills too few lanes with its units.
const PARAMETERS_OF_A_LANE: u64 = 500;

/// Whether so many states are better trained one after the other, units side by side, than beside each other.
pub(super) fn suits_one_at_a_time(training: &Training, states: usize) -> bool {
    let parameters = training.network.parameters();
    let is_faster = parameters > PARAMETERS_OF_A_PACK || states == 1 && parameters > PARAMETERS_OF_A_LANE;
    is_faster && lanes::trains_wide(&lanes_training(training))
}

/// What all states of one training share.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) training: lanes::Training,
    pub(super) layout: lanes::Layout,
    metric: Metric,
    /// What the lanes take the mean of row by row, as they go: [`Self::metric`] itself where they can.
    row_metric: lanes::Metric,
    data: Arc<Split>,
    /// One for each [`Part`].
    abreast: [OnceLock<lanes::RowsAbreast>; 3],
}

impl Program {
    pub(super) fn new(training: &Training) -> Self {
        let own = lanes_training(training);
        let row_metric = match training.data.train.targets {
            Targets::Numbers { .. } => absolute_error(&training.data.target_scale),
            Targets::Classes(_) => lanes::Metric::Accuracy,
        };
        let layout = lanes::Layout::new(&own);
        Self {
            training: own,
            layout,
            metric: training.metric,
            row_metric,
            data: Arc::clone(&training.data),
            abreast: Default::default(),
        }
    }

    /// The numbers of a state before its first epoch.
    pub(super) fn start(&self, training: &Training) -> Vec<f32> {
        let weights = initializer::network(&training.network, training.seed, training.replicate);
        let mut numbers = vec![0.0; self.layout.numbers()];
        let (parameters, moving) = numbers.split_at_mut(self.layout.moving_start());
        for (place, layer) in self.layout.layers.iter().zip(&weights) {
            let LayerWeights { weights, biases, normalization } = layer;
            parameters[place.weights.clone()].copy_from_slice(weights);
            parameters[place.biases.clone()].copy_from_slice(biases);
            let Some(normalization) = normalization else { continue };
            parameters[place.gamma.clone()].copy_from_slice(&normalization.gamma);
            parameters[place.beta.clone()].copy_from_slice(&normalization.beta);
            moving[place.moving_mean.clone()].copy_from_slice(&normalization.moving_mean);
            moving[place.moving_variance.clone()].copy_from_slice(&normalization.moving_variance);
        }
        numbers
    }

    /// Parameters, and the moving statistics behind them, layer by layer.
    pub(super) fn layers(&self, numbers: &[f32]) -> Vec<LayerWeights> {
        let (parameters, moving) = numbers.split_at(self.layout.parameters);
        let is_hidden = |index: usize| index + 1 < self.layout.layers.len();
        let layer = |(index, place): (usize, &lanes::LayerPlace)| LayerWeights {
            weights: parameters[place.weights.clone()].to_vec(),
            biases: parameters[place.biases.clone()].to_vec(),
            normalization: self.training.normalization.filter(|_| is_hidden(index)).map(|_| NormalizationWeights {
                gamma: parameters[place.gamma.clone()].to_vec(),
                beta: parameters[place.beta.clone()].to_vec(),
                moving_mean: moving[place.moving_mean.clone()].to_vec(),
                moving_variance: moving[place.moving_variance.clone()].to_vec(),
            }),
        };
        self.layout.layers.iter().enumerate().map(layer).collect()
    }

    /// Loss and metric of parameters and moving statistics; `None` where the part has no rows.
    pub(super) fn evaluate(
        &self,
        workspace: &mut lanes::Workspace,
        numbers: [&[f32]; 2],
        part: Part,
    ) -> Option<Evaluation> {
        let (training, layout, row_metric) = (&self.training, &self.layout, self.row_metric);
        let rows = self.rows_abreast(part);
        if rows.rows() == 0 {
            return None;
        }
        if self.is_mean_of_rows() {
            let lanes::Evaluation { loss, metric } = workspace.evaluate(training, layout, numbers, rows, row_metric);
            return Some(Evaluation { loss: loss as f32, metric: metric::bounded(metric) });
        }
        let (found, outputs) = workspace.evaluate_with_outputs(training, layout, numbers, rows, row_metric);
        let (width, targets) = (training.outputs(), &self.data.part(part).targets);
        let metric = metric::of_rows(self.metric, &outputs, width, targets, &self.data.target_scale);
        Some(Evaluation { loss: found.loss as f32, metric })
    }

    /// What leaves the network for a part of the rows; empty where it has none.
    pub(super) fn outputs(&self, workspace: &mut lanes::Workspace, numbers: [&[f32]; 2], part: Part) -> Vec<f32> {
        let rows = self.rows_abreast(part);
        if rows.rows() == 0 {
            return Vec::new();
        }
        workspace.evaluate_with_outputs(&self.training, &self.layout, numbers, rows, self.row_metric).1
    }

    /// Whether the lanes can take the metric as they go through the rows. All others are made from the outputs of the rows.
    fn is_mean_of_rows(&self) -> bool {
        matches!(
            self.metric,
            Metric::Classification(ClassificationMetric::Accuracy) | Metric::Regression(RegressionMetric::Mae)
        )
    }

    fn rows_abreast(&self, part: Part) -> &lanes::RowsAbreast {
        let data = self.data.part(part);
        self.abreast[part as usize].get_or_init(|| {
            let own = match &data.targets {
                Targets::Numbers { own, .. } => own.as_slice(),
                Targets::Classes(_) => &[],
            };
            lanes::RowsAbreast::new(rows(data), data.columns, own)
        })
    }
}

/// Rows as the lanes take them.
pub(super) fn rows(part: &data::Part) -> lanes::Rows<'_> {
    let targets = match &part.targets {
        Targets::Numbers { scaled, .. } => lanes::Targets::Numbers(scaled),
        Targets::Classes(classes) => lanes::Targets::Classes(classes),
    };
    lanes::Rows { inputs: &part.inputs, targets }
}

/// Augmented rows as the lanes take them.
pub(super) fn augmented_rows(augmented: &Augmented) -> lanes::Rows<'_> {
    let rows = rows(&augmented.rows);
    match (&augmented.mixed, rows.targets) {
        (Some(MixedClasses { others, shares }), lanes::Targets::Classes(classes)) => {
            lanes::Rows { targets: lanes::Targets::Mixed { classes, others, shares }, ..rows }
        }
        _ => rows,
    }
}

fn lanes_training(training: &Training) -> lanes::Training {
    let model = &training.network.model;
    lanes::Training {
        layers: training.network.layers().into_iter().map(|units| units as usize).collect(),
        activation: activation(model.activation),
        normalization: model.normalization.map(normalization),
        dropout: model.dropout,
        drop_connect: model.drop_connect,
        loss: loss(training.loss),
        label_smoothing: training.label_smoothing,
        optimizer: optimizer(training.optimizer),
        l2: training.l2,
        clip: training.clip.map(clip),
        batch_size: training.batch_size.max(1) as usize,
        drop_last: training.drop_last,
    }
}

fn activation(activation: Activation) -> lanes::Activation {
    match activation {
        Activation::Relu => lanes::Activation::Relu,
        Activation::LeakyRelu { slope } => lanes::Activation::LeakyRelu { slope: slope as f32 },
        Activation::Tanh => lanes::Activation::Tanh,
        Activation::Sigmoid => lanes::Activation::Sigmoid,
        Activation::Gelu => lanes::Activation::Gelu,
        Activation::Silu => lanes::Activation::Silu,
        Activation::Elu => lanes::Activation::Elu,
        Activation::Softplus => lanes::Activation::Softplus,
        Activation::GeluTanh => lanes::Activation::GeluTanh,
        Activation::Selu => lanes::Activation::Selu,
        Activation::Identity => lanes::Activation::Identity,
    }
}

fn normalization(normalization: Normalization) -> lanes::Normalization {
    match normalization {
        Normalization::Batch { form, epsilon, momentum } => {
            lanes::Normalization::Batch { epsilon: epsilon as f32, momentum, unbiased: form == BatchNormForm::Torch }
        }
        Normalization::Layer { epsilon } => lanes::Normalization::Layer { epsilon: epsilon as f32 },
    }
}

fn loss(loss: Loss) -> lanes::Loss {
    match loss {
        Loss::Mse => lanes::Loss::Mse,
        Loss::Mae => lanes::Loss::Mae,
        Loss::Huber { delta } => lanes::Loss::Huber { delta: delta as f32 },
        Loss::LogCosh => lanes::Loss::LogCosh,
        Loss::CrossEntropy => lanes::Loss::CrossEntropy,
        Loss::BinaryCrossEntropy => lanes::Loss::BinaryCrossEntropy,
    }
}

fn optimizer(optimizer: Optimizer) -> lanes::Optimizer {
    match optimizer {
        Optimizer::Sgd { momentum, dampening, nesterov, form } => {
            lanes::Optimizer::Sgd(lanes::Sgd { momentum, dampening, nesterov, keras: form == SgdForm::Keras })
        }
        Optimizer::Adam(settings) => adam(settings, 0.0),
        Optimizer::AdamW { adam: settings, weight_decay } => adam(settings, weight_decay),
        Optimizer::RmsProp { rho, epsilon, momentum, centered, form } => {
            let keras = form == RmsPropForm::Keras;
            lanes::Optimizer::RmsProp(lanes::RmsProp { rho, epsilon, momentum, centered, keras })
        }
        Optimizer::Adagrad { initial_accumulator: initial, epsilon, form } => {
            lanes::Optimizer::Adagrad(lanes::Adagrad { initial, epsilon, keras: form == AdagradForm::Keras })
        }
    }
}

fn adam(settings: AdamSettings, weight_decay: f64) -> lanes::Optimizer {
    let AdamSettings { beta_1, beta_2, epsilon, amsgrad, form } = settings;
    let keras = form == AdamForm::Keras;
    lanes::Optimizer::Adam(lanes::Adam { beta_1, beta_2, epsilon, amsgrad, keras, weight_decay })
}

fn clip(clip: Clip) -> lanes::Clip {
    match clip {
        Clip::Value(at) => lanes::Clip::Value(at as f32),
        Clip::Norm(at) => lanes::Clip::Norm(at),
        Clip::GlobalNorm { at, form: ClipForm::Torch } => lanes::Clip::GlobalNorm { at, added: 1e-6 },
        Clip::GlobalNorm { at, form: ClipForm::Keras } => lanes::Clip::GlobalNorm { at, added: 0.0 },
    }
}

fn absolute_error(scale: &TargetScale) -> lanes::Metric {
    let transform = match scale.transform {
        None => lanes::Transform::Identity,
        Some(Transform::Log) => lanes::Transform::Log,
        Some(Transform::Log1p) => lanes::Transform::Log1p,
        Some(Transform::Sqrt) => lanes::Transform::Sqrt,
    };
    lanes::Metric::AbsoluteError { shift: scale.shift as f32, factor: scale.factor as f32, transform }
}
