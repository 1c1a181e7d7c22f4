//! `[train]`: how the network learns.

use std::num::NonZeroU32;

use super::{Augmentation, Schedule, Task};

/// Everything that `[train]` says.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainSpec {
    /// The update rule.
    pub optimizer: Optimizer,
    /// The rate that the schedule starts from; above 0.
    pub learning_rate: f64,
    /// What is minimised.
    pub loss: Loss,
    /// Share of a class's certainty that is spread evenly over all classes in what is minimised: the target of the class
    /// is 1 - this * (1 - 1 / classes), of the others this / classes. Reported losses never contain it. In `0.0..1.0`; 0:
    /// none, and for regression.
    pub label_smoothing: f64,
    /// How much the rows of each class count in what is minimised: sum of weight * loss / sum of weights in every batch.
    /// Reported losses never contain it. `None`: all rows the same, and for regression.
    pub class_weights: Option<ClassWeights>,
    /// How training rows are changed at random, anew in each epoch; `None`: not at all. Evaluation sees them unchanged.
    pub augmentation: Option<Augmentation>,
    /// Passes over the training rows.
    pub epochs: NonZeroU32,
    /// Rows of a step; the last batch of an epoch may be smaller.
    pub batch_size: NonZeroU32,
    /// Whether that smaller last batch is left out. (An epoch that has no full batch then is refused.)
    pub drop_last: bool,
    /// How the rate changes.
    pub schedule: Schedule,
    /// The loss that is minimised contains `l2` * w^2 for every weight of a dense layer, but not for biases, gammas and
    /// betas (Keras' `L2`); reported losses never contain it. At least 0; 0: none.
    pub l2: f64,
    /// How gradients are cut, that of `l2` included, before the update rule sees them.
    pub clip: Option<Clip>,
    /// When training ends before its last epoch.
    pub early_stopping: Option<EarlyStopping>,
    /// How often the whole training set is evaluated.
    pub evaluate_training: EvaluateTraining,
}

/// How often the loss of the whole training set in evaluation mode is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvaluateTraining {
    /// At the end.
    Last,
    /// After every epoch.
    Every,
}

/// What is minimised: a mean over every element of the batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// (y - p)^2.
    Mse,
    /// |y - p|, gradient 0 at 0.
    Mae,
    /// r^2/2 up to delta, then delta * |r| - delta^2/2.
    Huber {
        /// Above 0; Keras' default is 1.
        delta: f64,
    },
    /// ln(cosh(y - p)).
    LogCosh,
    /// From logits by log-softmax; one output per class.
    CrossEntropy,
    /// From one logit; two classes.
    BinaryCrossEntropy,
}

impl Loss {
    /// The name as the sweep file writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mse => "mse",
            Self::Mae => "mae",
            Self::Huber { .. } => "huber",
            Self::LogCosh => "log_cosh",
            Self::CrossEntropy => "cross_entropy",
            Self::BinaryCrossEntropy => "binary_cross_entropy",
        }
    }

    /// The task that it is for.
    pub fn task(self) -> Task {
        match self {
            Self::Mse | Self::Mae | Self::Huber { .. } | Self::LogCosh => Task::Regression,
            Self::CrossEntropy | Self::BinaryCrossEntropy => Task::Classification,
        }
    }

    /// Units that leave a network trained with it: one a class for cross-entropy, else 1.
    pub fn outputs(self, classes: u32) -> u32 {
        match self {
            Self::CrossEntropy => classes,
            Self::Mse | Self::Mae | Self::Huber { .. } | Self::LogCosh | Self::BinaryCrossEntropy => 1,
        }
    }
}

/// How much the rows of each class count in what is minimised.
#[derive(Debug, Clone, PartialEq)]
pub enum ClassWeights {
    /// Rows / (classes * rows of the class), over the training rows, as scikit-learn's "balanced": every class counts as
    /// much as any other.
    Balanced,
    /// The weight of every class by its name; above 0.
    Listed(Vec<(String, f64)>),
}

/// The update rule, without its learning rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Optimizer {
    /// Stochastic gradient descent.
    Sgd {
        /// 0: none. In `0.0..1.0`.
        momentum: f64,
        /// PyTorch's; 0 by default; must be 0 for Nesterov and for the Keras form.
        dampening: f64,
        /// Nesterov's momentum; needs momentum above 0.
        nesterov: bool,
        /// Whose order of momentum and rate.
        form: SgdForm,
    },
    /// Adam (Kingma and Ba 2015).
    Adam(AdamSettings),
    /// Adam with decoupled weight decay (Loshchilov and Hutter 2019): w *= 1 - rate * decay before the update.
    AdamW {
        /// Its Adam part.
        adam: AdamSettings,
        /// 0.01 by default, as PyTorch's; applies to biases too.
        weight_decay: f64,
    },
    /// `RMSprop` (Tieleman and Hinton 2012).
    RmsProp {
        /// Decay of the squared gradients; see [`RmsPropForm::rho`].
        rho: f64,
        /// See [`RmsPropForm::epsilon`].
        epsilon: f64,
        /// 0: none.
        momentum: f64,
        /// Whether the mean gradient's square is taken off.
        centered: bool,
        /// Whose definition.
        form: RmsPropForm,
    },
    /// Adagrad (Duchi, Hazan and Singer 2011).
    Adagrad {
        /// What the sum of squared gradients starts from; see [`AdagradForm::initial_accumulator`].
        initial_accumulator: f64,
        /// See [`AdagradForm::epsilon`].
        epsilon: f64,
        /// Whose definition.
        form: AdagradForm,
    },
}

impl Optimizer {
    /// How many numbers it remembers of each parameter.
    pub fn moments(&self) -> u64 {
        match self {
            Self::Sgd { momentum, .. } => u64::from(*momentum > 0.0),
            Self::Adam(adam) | Self::AdamW { adam, .. } => 2 + u64::from(adam.amsgrad),
            Self::RmsProp { momentum, centered, .. } => 1 + u64::from(*centered) + u64::from(*momentum > 0.0),
            Self::Adagrad { .. } => 1,
        }
    }
}

/// Settings of Adam.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamSettings {
    /// Decay of the mean gradient; 0.9.
    pub beta_1: f64,
    /// Decay of the mean squared gradient; 0.999.
    pub beta_2: f64,
    /// See [`AdamForm::epsilon`].
    pub epsilon: f64,
    /// Whether the running maximum of the uncorrected second moment takes its place (Reddi 2018).
    pub amsgrad: bool,
    /// Whose definition.
    pub form: AdamForm,
}

/// Whose order of momentum and rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SgdForm {
    /// The rate multiplies the momentum buffer (PyTorch; ours by default).
    Torch,
    /// The momentum buffer contains the rate (Keras).
    Keras,
}

/// Where epsilon stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdamForm {
    /// Beside the corrected second moment (the paper, PyTorch; ours by default).
    Paper,
    /// Beside the uncorrected one (Keras).
    Keras,
}

impl AdamForm {
    /// The epsilon that is taken where none is written (the paper and PyTorch; Keras).
    pub fn epsilon(self) -> f64 {
        match self {
            Self::Paper => 1e-8,
            Self::Keras => 1e-7,
        }
    }
}

/// Where epsilon stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RmsPropForm {
    /// g / (sqrt(v) + epsilon), the momentum buffer without the rate (PyTorch; ours by default).
    Torch,
    /// g / sqrt(v + epsilon), the momentum buffer with the rate (Keras).
    Keras,
}

impl RmsPropForm {
    /// The rho that is taken where none is written (PyTorch; Keras).
    pub fn rho(self) -> f64 {
        match self {
            Self::Torch => 0.99,
            Self::Keras => 0.9,
        }
    }

    /// The epsilon that is taken where none is written (PyTorch; Keras).
    pub fn epsilon(self) -> f64 {
        match self {
            Self::Torch => 1e-8,
            Self::Keras => 1e-7,
        }
    }
}

/// Where epsilon stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdagradForm {
    /// g / (sqrt(a) + epsilon) (PyTorch; ours by default).
    Torch,
    /// g / sqrt(a + epsilon) (Keras).
    Keras,
}

impl AdagradForm {
    /// What the sum of squared gradients starts from where nothing is written (PyTorch; Keras).
    pub fn initial_accumulator(self) -> f64 {
        match self {
            Self::Torch => 0.0,
            Self::Keras => 0.1,
        }
    }

    /// The epsilon that is taken where none is written (PyTorch; Keras).
    pub fn epsilon(self) -> f64 {
        match self {
            Self::Torch => 1e-10,
            Self::Keras => 1e-7,
        }
    }
}

/// How gradients are cut. Norms are Euclidean, their squares summed in f64.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clip {
    /// Each element to +- this; above 0 (Keras' `clipvalue`).
    Value(f64),
    /// Each tensor (weights, biases, gamma or beta of a layer) whose norm is above this is scaled to it; above 0
    /// (Keras' `clipnorm`).
    Norm(f64),
    /// All tensors by one factor, from the norm of all of them together.
    GlobalNorm {
        /// Above 0.
        at: f64,
        /// Whose factor.
        form: ClipForm,
    },
}

/// What all gradients are multiplied by where their common norm is above a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClipForm {
    /// limit / (norm + 1e-6), at most 1 (PyTorch's `clip_grad_norm_`; ours by default).
    Torch,
    /// limit / norm (Keras' `global_clipnorm`).
    Keras,
}

/// Early stopping on the validation loss; the defaults are Keras'.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlyStopping {
    /// 0.
    pub patience: u32,
    /// 0.
    pub min_delta: f64,
    /// Epochs before this one (counted from 0) are not looked at; 0.
    pub start_from_epoch: u32,
    /// A loss that must be beaten before patience is renewed.
    pub baseline: Option<f64>,
    /// Whether the best epoch's weights are taken at the end, stopped early or not; false.
    pub restore_best_weights: bool,
}
