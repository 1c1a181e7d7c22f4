//! An engine for tests that trains nothing, so that forking, order and endings can be tested in microseconds.

use std::num::NonZeroU32;
use std::sync::Arc;

use swath_core::data::{Part as Rows, Split, TargetScale, Targets};
use swath_core::engine::{Engine, EpochReport, EpochRun, Evaluation, Part, Training, Unsupported};
use swath_core::spec::{
    Activation, EvaluateTraining, Initializer, Loss, ModelSpec, Network, Optimizer, Schedule, SgdForm, TimeUnit,
    TrainSpec,
};
use swath_results::TrialKey;

use crate::key::StrandKey;
use crate::trial::Trial;

/// An engine whose state is the list of rates that it was trained with: what a trial saw is what it scored.
pub(crate) struct Fake {
    /// The validation loss of a training after so many epochs; NaN where it diverges.
    pub(crate) loss: fn(&Training, u32) -> f32,
}

impl Fake {
    /// Falls for ever.
    pub(crate) const FALLING: Self = Self { loss: |_, epochs| 1.0 / epochs as f32 };
}

impl Engine for Fake {
    type State = Vec<f32>;
    type Weights = Vec<f32>;

    fn name(&self) -> &'static str {
        "fake"
    }

    fn arithmetic(&self) -> &'static str {
        "fake"
    }

    fn supports(&self, _: &Network, _: &Optimizer, _: Loss) -> Result<(), Unsupported> {
        Ok(())
    }

    fn width(&self, _: &Training) -> usize {
        1
    }

    fn start(&self, _: &Training) -> Vec<f32> {
        Vec::new()
    }

    fn train_epoch(&self, runs: &mut [EpochRun<'_, Vec<f32>>]) -> Vec<EpochReport> {
        let train = |run: &mut EpochRun<'_, Vec<f32>>| {
            let loss = (self.loss)(run.training, run.state.len() as u32 + 1);
            run.state.push(run.rates.at(0));
            if loss.is_nan() {
                return EpochReport::Diverged;
            }
            EpochReport::Trained {
                train_loss_running: loss,
                train_loss: None,
                validation: Evaluation { loss, metric: loss },
            }
        };
        runs.iter_mut().map(train).collect()
    }

    fn weights(&self, state: &Vec<f32>) -> Vec<f32> {
        state.clone()
    }

    fn evaluate(&self, _: &Training, weights: &Vec<f32>, _: Part) -> Option<Evaluation> {
        Some(Evaluation { loss: weights.iter().sum(), metric: weights.len() as f32 })
    }
}

/// Ten rows in batches of five: two steps an epoch.
pub(crate) fn training() -> Arc<Training> {
    let rows = |count: usize| Rows {
        inputs: vec![0.0; count],
        columns: 1,
        targets: Targets::Numbers { scaled: vec![0.0; count], own: vec![0.0; count] },
    };
    let data = Split { train: rows(10), validation: rows(4), test: rows(4), target_scale: TargetScale::IDENTITY };
    let model = ModelSpec {
        hidden: vec![2],
        normalization: None,
        activation: Activation::Relu,
        dropout: 0.0,
        initializer: Initializer::Torch,
    };
    Arc::new(Training {
        network: Network { inputs: 1, outputs: 1, model },
        optimizer: Optimizer::Sgd { momentum: 0.0, dampening: 0.0, nesterov: false, form: SgdForm::Torch },
        loss: Loss::Mse,
        batch_size: 5,
        drop_last: false,
        l2: 0.0,
        clip: None,
        evaluate_training: EvaluateTraining::Last,
        seed: 0,
        replicate: 0,
        data: Arc::new(data),
    })
}

/// Settings of so many epochs at a rate of 0.1.
pub(crate) fn train(epochs: u32, schedule: Schedule) -> TrainSpec {
    TrainSpec {
        optimizer: training().optimizer,
        learning_rate: 0.1,
        loss: Loss::Mse,
        epochs: NonZeroU32::new(epochs).unwrap(),
        batch_size: NonZeroU32::new(5).unwrap(),
        drop_last: false,
        schedule,
        l2: 0.0,
        clip: None,
        early_stopping: None,
        evaluate_training: EvaluateTraining::Last,
    }
}

/// Half the rate after so many epochs.
pub(crate) fn step(every: u32) -> Schedule {
    Schedule::Step { factor: 0.5, every: NonZeroU32::new(every).unwrap(), by: TimeUnit::Epoch }
}

/// A trial of this number, with its number as its key.
pub(crate) fn trial(number: u32) -> Trial {
    Trial { key: TrialKey(u128::from(number)), strand: StrandKey(0), point: number, replicate: 0 }
}
