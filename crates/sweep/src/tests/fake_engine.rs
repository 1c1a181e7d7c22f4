//! An engine for tests that trains nothing, so that forking, order and endings can be tested in microseconds.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

use swath_core::data::{Part as Rows, Split, TargetScale, Targets};
use swath_core::engine::{Engine, EpochReport, EpochRun, Evaluation, Part, Shape, Training, Unsupported};
use swath_core::spec::{
    Activation, EvaluateTraining, Initializer, Loss, ModelSpec, Network, Optimizer, Schedule, SgdForm, TimeUnit,
    TrainSpec,
};
use swath_metrics::Metric;
use swath_results::TrialKey;

use crate::key::StrandKey;
use crate::trial::Trial;

/// An engine whose state is the list of rates that it was trained with: what a trial saw is what it scored.
pub(crate) struct Fake {
    losses: Losses,
    width: usize,
    at_start: AtStart,
    at_evaluation: AtEvaluation,
    packs: Mutex<Vec<Vec<Run>>>,
}

/// The validation loss of a training after so many epochs; NaN where it diverges.
type Losses = Box<dyn Fn(&Training, u32) -> f32 + Send + Sync>;

type AtStart = Box<dyn Fn(&Training) + Send + Sync>;
type AtEvaluation = Box<dyn Fn(&Training, usize) + Send + Sync>;

/// What a pack trained for an epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    /// Which replicate; tests give each root its own.
    pub(crate) replicate: u32,
    /// Counted from 0.
    pub(crate) epoch: u32,
    /// The shape of its training.
    pub(crate) shape: Shape,
}

impl Fake {
    /// Its losses fall for ever.
    pub(crate) fn falling() -> Self {
        Self::losing(|_, epochs| 1.0 / epochs as f32)
    }

    /// These are its validation losses.
    pub(crate) fn losing(losses: impl Fn(&Training, u32) -> f32 + Send + Sync + 'static) -> Self {
        Self {
            losses: Box::new(losses),
            width: 1,
            at_start: Box::new(|_| ()),
            at_evaluation: Box::new(|_, _| ()),
            packs: Mutex::default(),
        }
    }

    /// It trains so many states at once.
    pub(crate) fn of_width(self, width: usize) -> Self {
        Self { width, ..self }
    }

    /// Called before a state is made.
    pub(crate) fn at_start(self, hook: impl Fn(&Training) + Send + Sync + 'static) -> Self {
        Self { at_start: Box::new(hook), ..self }
    }

    /// Called before weights are evaluated, with the number of epochs that made them.
    pub(crate) fn at_evaluation(self, hook: impl Fn(&Training, usize) + Send + Sync + 'static) -> Self {
        Self { at_evaluation: Box::new(hook), ..self }
    }

    /// What trained together so far, in order.
    pub(crate) fn packs(&self) -> Vec<Vec<Run>> {
        self.packs.lock().unwrap().clone()
    }
}

impl Engine for Fake {
    type State = Vec<f32>;
    type Weights = Vec<f32>;

    fn name(&self) -> &'static str {
        "fake"
    }

    fn supports(&self, _: &Network, _: &Optimizer, _: Loss) -> Result<(), Unsupported> {
        Ok(())
    }

    fn width(&self, _: &Training) -> usize {
        self.width
    }

    fn start(&self, training: &Training) -> Vec<f32> {
        (self.at_start)(training);
        Vec::new()
    }

    fn train_epoch(&self, runs: &mut [EpochRun<'_, Vec<f32>>]) -> Vec<EpochReport> {
        assert!(runs.len() <= self.width, "{} runs", runs.len());
        let record = |run: &EpochRun<'_, Vec<f32>>| {
            assert_eq!(run.state.len(), run.epoch as usize, "each epoch is trained once");
            Run { replicate: run.training.replicate, epoch: run.epoch, shape: run.training.shape() }
        };
        let pack = runs.iter().map(record).collect();
        self.packs.lock().unwrap().push(pack);
        // Before any state is changed: a panic must leave all as they were.
        let losses: Vec<f32> = runs.iter().map(|run| (self.losses)(run.training, run.epoch + 1)).collect();
        let train = |(run, loss): (&mut EpochRun<'_, Vec<f32>>, f32)| {
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
        runs.iter_mut().zip(losses).map(train).collect()
    }

    fn weights(&self, state: &Vec<f32>) -> Vec<f32> {
        state.clone()
    }

    fn evaluate(&self, training: &Training, weights: &Vec<f32>, _: Part) -> Option<Evaluation> {
        (self.at_evaluation)(training, weights.len());
        Some(Evaluation { loss: weights.iter().sum(), metric: weights.len() as f32 })
    }

    /// Of every row the number of epochs that made the weights.
    fn outputs(&self, training: &Training, weights: &Vec<f32>, part: Part) -> Vec<f32> {
        vec![weights.len() as f32; training.data.part(part).rows()]
    }
}

/// Ten rows in batches of five: two steps an epoch.
pub(crate) fn training() -> Arc<Training> {
    training_on(10)
}

/// So many rows in batches of five.
pub(crate) fn training_on(rows: usize) -> Arc<Training> {
    let part = |count: usize| Rows {
        inputs: vec![0.0; count],
        columns: 1,
        targets: Targets::Numbers { scaled: vec![0.0; count], own: vec![0.0; count] },
    };
    let data = Split {
        train: part(rows),
        validation: part(4),
        test: part(4),
        target_scale: TargetScale::IDENTITY,
        image: None,
    };
    let model = ModelSpec {
        image_layers: Vec::new(),
        hidden: vec![2],
        normalization: None,
        activation: Activation::Relu,
        dropout: 0.0,
        drop_connect: 0.0,
        initializer: Initializer::Torch,
    };
    Arc::new(Training {
        network: Network { inputs: 1, image: None, outputs: 1, model },
        optimizer: Optimizer::Sgd { momentum: 0.0, dampening: 0.0, nesterov: false, form: SgdForm::Torch },
        loss: Loss::Mse,
        label_smoothing: 0.0,
        class_weights: None,
        augmentation: None,
        batch_size: 5,
        drop_last: false,
        l2: 0.0,
        clip: None,
        metric: Metric::default_of(swath_metrics::Task::Regression),
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
        label_smoothing: 0.0,
        class_weights: None,
        augmentation: None,
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
