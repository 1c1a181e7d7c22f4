//! The trait that trains, and its two implementations: on lanes, which is fast, and on burn, which is the reference.
//!
//! An engine trains *states*: weights and optimiser moments after some epochs. It knows neither trials nor schedules:
//! whoever calls it says the learning rate of every step, compares what comes next for the trials that share a state,
//! and clones the state where they part. States of one shape may be handed over together, so that an engine that
//! trains many at once can do so; the result of a state never depends on its neighbours.

mod auto;
mod burn;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod golden_convolution;
mod lanes;
mod support;

use std::sync::Arc;

pub use swath_lanes::InstructionSet;
use swath_metrics::Metric;
use thiserror::Error;

pub use self::auto::{AutoEngine, AutoState, AutoWeights, Chosen};
pub use self::burn::{BurnEngine, BurnState};
pub use self::lanes::{LanesEngine, LanesState, LanesWeights};
use crate::augment::{Augmented, augment};
use crate::data::Split;
use crate::spec::{Augmentation, Clip, EvaluateTraining, Loss, Network, Optimizer};

/// What stays the same for a whole training, whatever its schedule and length.
#[derive(Debug, Clone)]
pub struct Training {
    /// The network.
    pub network: Network,
    /// The update rule.
    pub optimizer: Optimizer,
    /// What is minimised.
    pub loss: Loss,
    /// See [`TrainSpec::label_smoothing`](crate::spec::TrainSpec::label_smoothing).
    pub label_smoothing: f64,
    /// How much the rows of each class count in what is minimised, by the number of the class.
    pub class_weights: Option<Arc<[f32]>>,
    /// How training rows are changed at random in each epoch.
    pub augmentation: Option<Augmentation>,
    /// Rows of a step.
    pub batch_size: u32,
    /// Whether a smaller last batch is left out.
    pub drop_last: bool,
    /// See [`TrainSpec::l2`](crate::spec::TrainSpec::l2).
    pub l2: f64,
    /// How gradients are cut.
    pub clip: Option<Clip>,
    /// What is reported beside the loss; of the task that the targets are of.
    pub metric: Metric,
    /// Whether the training loss of [`EpochReport::Trained`] is wanted.
    pub evaluate_training: EvaluateTraining,
    /// The sweep's seed.
    pub seed: u64,
    /// The replicate; with the seed it selects all random streams.
    pub replicate: u32,
    /// The rows of this replicate.
    pub data: Arc<Split>,
}

impl Training {
    /// What states must have in common to be trained together: all but seed, replicate, the rows themselves, how they are
    /// augmented (but for whether they are mixed) and the weights of their classes.
    pub fn shape(&self) -> Shape {
        let Self { network, optimizer, loss, label_smoothing, class_weights, augmentation, l2, clip, .. } = self;
        let Self { batch_size, drop_last, evaluate_training, .. } = self;
        let mixes = augmentation.is_some_and(|augmentation| augmentation.mixup > 0.0);
        let learning = (network, optimizer, loss, label_smoothing, class_weights.is_some(), mixes, l2, clip);
        Shape(format!("{:?}", (learning, batch_size, drop_last, evaluate_training, self.data.train.rows())))
    }

    /// The training rows as they are in an epoch; `None` where they are not augmented.
    pub fn augmented(&self, epoch: u32) -> Option<Augmented> {
        let augmentation = self.augmentation.as_ref()?;
        Some(augment(augmentation, &self.data, self.seed, self.replicate, epoch))
    }

    /// Optimiser steps of one epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        steps_per_epoch(self.data.train.rows() as u64, self.batch_size, self.drop_last)
    }
}

/// Optimiser steps of an epoch over so many rows: ceil(rows / batch), or floor where the smaller last batch is left out.
pub fn steps_per_epoch(rows: u64, batch_size: u32, drop_last: bool) -> u64 {
    let batch = u64::from(batch_size.max(1));
    if drop_last { rows / batch } else { rows.div_ceil(batch) }
}

/// Equal for trainings whose states may be trained together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape(String);

/// Learning rates of the steps of one epoch, rounded to f32 once.
#[derive(Debug, Clone, PartialEq)]
pub enum Rates {
    /// The same for every step.
    Constant(f32),
    /// One per step.
    PerStep(Vec<f32>),
}

impl Rates {
    /// The rate of a step of the epoch; past the last listed one, the last.
    pub fn at(&self, step: usize) -> f32 {
        match self {
            Self::Constant(rate) => *rate,
            Self::PerStep(rates) => rates.get(step).or(rates.last()).copied().unwrap_or(0.0),
        }
    }

    /// Whether both have the same bits: a total relation, unlike `==`, in which NaN differs from itself and 0 equals -0.
    /// A list is never the same as a constant; a [`Progress`](crate::schedule::Progress) lists no equal rates.
    pub fn same_bits(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Constant(one), Self::Constant(another)) => one.to_bits() == another.to_bits(),
            (Self::PerStep(some), Self::PerStep(others)) => {
                some.len() == others.len()
                    && some.iter().zip(others).all(|(one, other)| one.to_bits() == other.to_bits())
            }
            (Self::Constant(_), Self::PerStep(_)) | (Self::PerStep(_), Self::Constant(_)) => false,
        }
    }
}

/// One state's next epoch.
#[derive(Debug)]
pub struct EpochRun<'a, State> {
    /// What is trained.
    pub training: &'a Training,
    /// Where it stands; advanced by one epoch.
    pub state: &'a mut State,
    /// The epoch, counted from 0: it selects the order of rows and the dropout masks.
    pub epoch: u32,
    /// The learning rates.
    pub rates: &'a Rates,
}

/// What an epoch came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EpochReport {
    /// All losses and weights are finite.
    Trained {
        /// Row-weighted mean of the batch losses while the weights moved.
        train_loss_running: f32,
        /// Of the whole training set in evaluation mode, where [`EvaluateTraining::Every`] asks for it.
        train_loss: Option<f32>,
        /// Of the validation rows in evaluation mode.
        validation: Evaluation,
    },
    /// A loss or a weight became NaN or infinite.
    Diverged,
}

/// Loss and metric over rows, in evaluation mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// Exact mean over the rows.
    pub loss: f32,
    /// [`Training::metric`]; see [`crate::metric`].
    pub metric: f32,
}

/// Which rows are evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The training rows.
    Train,
    /// The validation rows.
    Validation,
    /// The test rows.
    Test,
}

impl Split {
    /// The rows of a part.
    pub fn part(&self, part: Part) -> &crate::data::Part {
        match part {
            Part::Train => &self.train,
            Part::Validation => &self.validation,
            Part::Test => &self.test,
        }
    }
}

/// A model that an engine cannot train.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the {engine} engine cannot train this model: {reason}")]
pub struct Unsupported {
    /// Name of the engine.
    pub engine: &'static str,
    /// Which part of the model, and why.
    pub reason: String,
}

/// Trains states.
pub trait Engine: Sync {
    /// Weights and optimiser moments after some epochs. A clone trains on independently.
    type State: Clone + Send;
    /// Weights alone. Cheap to keep; a snapshot is not changed by further training.
    type Weights: Clone + Send;

    /// The name that the command line and the tables use.
    fn name(&self) -> &'static str;

    /// Whether it can train this model.
    ///
    /// # Errors
    /// The part that it cannot train.
    fn supports(&self, network: &Network, optimizer: &Optimizer, loss: Loss) -> Result<(), Unsupported>;

    /// How many states of this training's shape are best trained together; at least 1.
    fn width(&self, training: &Training) -> usize;

    /// The state before the first epoch: initial weights from the training's own stream.
    fn start(&self, training: &Training) -> Self::State;

    /// Trains one epoch of each state, and evaluates the validation rows after it. At most [`Engine::width`] runs, whose
    /// trainings have one [`Shape`]. One report per run, in order. A panic leaves every state as it was.
    fn train_epoch(&self, runs: &mut [EpochRun<'_, Self::State>]) -> Vec<EpochReport>;

    /// A snapshot of the weights.
    fn weights(&self, state: &Self::State) -> Self::Weights;

    /// Loss and metric over a part of the rows, in evaluation mode; `None` where the part has no rows.
    fn evaluate(&self, training: &Training, weights: &Self::Weights, part: Part) -> Option<Evaluation>;

    /// What leaves the network for a part of the rows, in evaluation mode: row after row, `network.outputs` numbers each
    /// (logits, or predictions in the units that are trained on). [`Engine::evaluate`] is of the same numbers. Empty where
    /// the part has no rows.
    fn outputs(&self, training: &Training, weights: &Self::Weights, part: Part) -> Vec<f32>;
}
