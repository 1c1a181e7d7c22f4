//! The engine itself.

use std::fmt;
use std::sync::Arc;

use burn::module::Module;
use burn::optim::ModuleOptimizer;

use super::{epoch, evaluation};
use crate::engine::{Engine, EpochReport, EpochRun, Evaluation, Part, Training, Unsupported, support};
use crate::initializer::{self, LayerWeights};
use crate::module::Mlp;
use crate::optimizer::module_optimizer;
use crate::spec::{EvaluateTraining, Loss, Network, Optimizer};

/// Trains by burn.
#[derive(Debug, Clone, Copy, Default)]
pub struct BurnEngine;

/// A module and its optimiser after some epochs.
#[derive(Clone)]
pub struct BurnState {
    /// Without automatic differentiation.
    module: Mlp,
    optimizer: ModuleOptimizer,
}

impl BurnEngine {
    /// See [`Engine::name`].
    pub const NAME: &'static str = "burn";
    /// What its bits depend on besides the training: engine and version. Part of a trial's key.
    pub const ARITHMETIC: &'static str = "burn-ndarray 0.22.1/1";
}

impl fmt::Debug for BurnState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BurnState").field("module", &self.module).finish_non_exhaustive()
    }
}

impl Engine for BurnEngine {
    type State = BurnState;
    /// One entry a layer, from the inputs to the outputs.
    type Weights = Arc<[LayerWeights]>;

    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn supports(&self, network: &Network, optimizer: &Optimizer, loss: Loss) -> Result<(), Unsupported> {
        support::check(network, optimizer, loss).map_err(|reason| Unsupported { engine: self.name(), reason })
    }

    fn width(&self, _training: &Training) -> usize {
        1
    }

    fn start(&self, training: &Training) -> BurnState {
        let weights = initializer::network(&training.network, training.seed, training.replicate);
        BurnState { module: Mlp::new(&training.network, &weights), optimizer: module_optimizer(&training.optimizer) }
    }

    fn train_epoch(&self, runs: &mut [EpochRun<'_, BurnState>]) -> Vec<EpochReport> {
        runs.iter_mut().map(train).collect()
    }

    fn weights(&self, state: &BurnState) -> Arc<[LayerWeights]> {
        state.module.weights().into()
    }

    fn evaluate(&self, training: &Training, weights: &Arc<[LayerWeights]>, part: Part) -> Option<Evaluation> {
        evaluation::evaluate(training, &Mlp::new(&training.network, weights), part)
    }

    fn outputs(&self, training: &Training, weights: &Arc<[LayerWeights]>, part: Part) -> Vec<f32> {
        evaluation::outputs(training, &Mlp::new(&training.network, weights), part)
    }
}

/// One state's epoch and what it came to.
fn train(run: &mut EpochRun<'_, BurnState>) -> EpochReport {
    let training = run.training;
    let BurnState { module, optimizer } = &mut *run.state;
    let (trained, running) = epoch::train(training, module.clone().train(), optimizer, run.epoch, run.rates);
    *module = trained.valid();

    let Some(train_loss_running) = running else { return EpochReport::Diverged };
    if !module.weights().iter().all(LayerWeights::is_finite) {
        return EpochReport::Diverged;
    }
    let train_loss = match training.evaluate_training {
        EvaluateTraining::Last => None,
        EvaluateTraining::Every => evaluation::evaluate(training, module, Part::Train).map(|train| train.loss),
    };
    match evaluation::evaluate(training, module, Part::Validation) {
        Some(validation) if validation.loss.is_finite() && train_loss.is_none_or(f32::is_finite) => {
            EpochReport::Trained { train_loss_running, train_loss, validation }
        }
        _ => EpochReport::Diverged,
    }
}
