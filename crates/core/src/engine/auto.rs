//! The engine that trains every model: on the lanes where they can, on burn elsewhere.

use super::{
    BurnEngine, BurnState, Engine, EpochReport, EpochRun, Evaluation, LanesEngine, LanesState, LanesWeights, Part,
    Training, Unsupported,
};
use crate::spec::{Loss, ModelSpec, Network, Optimizer};

/// Trains each model on the engine that [`AutoEngine::chosen`] says.
#[derive(Debug, Default)]
pub struct AutoEngine {
    lanes: LanesEngine,
    burn: BurnEngine,
}

/// One of the two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chosen {
    /// [`LanesEngine`].
    Lanes,
    /// [`BurnEngine`].
    Burn,
}

/// A state of the engine that was chosen.
#[derive(Debug, Clone)]
pub enum AutoState {
    /// On the lanes.
    Lanes(LanesState),
    /// On burn.
    Burn(Box<BurnState>),
}

/// Weights of the engine that was chosen.
#[derive(Debug, Clone)]
pub enum AutoWeights {
    /// On the lanes.
    Lanes(LanesWeights),
    /// On burn.
    Burn(<BurnEngine as Engine>::Weights),
}

impl AutoEngine {
    /// As the command line and `run.toml` write it.
    pub const NAME: &'static str = "auto";

    /// The engine of a model: the lanes, which are faster, unless it has convolutions or pooling.
    pub fn chosen(model: &ModelSpec) -> Chosen {
        if model.image_layers.is_empty() { Chosen::Lanes } else { Chosen::Burn }
    }
}

impl Engine for AutoEngine {
    type State = AutoState;
    type Weights = AutoWeights;

    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn supports(&self, network: &Network, optimizer: &Optimizer, loss: Loss) -> Result<(), Unsupported> {
        match Self::chosen(&network.model) {
            Chosen::Lanes => self.lanes.supports(network, optimizer, loss),
            Chosen::Burn => self.burn.supports(network, optimizer, loss),
        }
    }

    fn width(&self, training: &Training) -> usize {
        match Self::chosen(&training.network.model) {
            Chosen::Lanes => self.lanes.width(training),
            Chosen::Burn => self.burn.width(training),
        }
    }

    fn start(&self, training: &Training) -> AutoState {
        match Self::chosen(&training.network.model) {
            Chosen::Lanes => AutoState::Lanes(self.lanes.start(training)),
            Chosen::Burn => AutoState::Burn(Box::new(self.burn.start(training))),
        }
    }

    fn train_epoch(&self, runs: &mut [EpochRun<'_, AutoState>]) -> Vec<EpochReport> {
        // All are of one shape, so all are of one engine.
        let (mut on_lanes, mut on_burn) = (Vec::with_capacity(runs.len()), Vec::new());
        for EpochRun { training, state, epoch, rates } in runs {
            let (training, rates, epoch) = (*training, *rates, *epoch);
            match &mut **state {
                AutoState::Lanes(state) => on_lanes.push(EpochRun { training, state, epoch, rates }),
                AutoState::Burn(state) => on_burn.push(EpochRun { training, state: &mut **state, epoch, rates }),
            }
        }
        if on_burn.is_empty() { self.lanes.train_epoch(&mut on_lanes) } else { self.burn.train_epoch(&mut on_burn) }
    }

    fn weights(&self, state: &AutoState) -> AutoWeights {
        match state {
            AutoState::Lanes(state) => AutoWeights::Lanes(self.lanes.weights(state)),
            AutoState::Burn(state) => AutoWeights::Burn(self.burn.weights(state)),
        }
    }

    fn outputs(&self, training: &Training, weights: &AutoWeights, part: Part) -> Vec<f32> {
        match weights {
            AutoWeights::Lanes(weights) => self.lanes.outputs(training, weights, part),
            AutoWeights::Burn(weights) => self.burn.outputs(training, weights, part),
        }
    }

    fn evaluate(&self, training: &Training, weights: &AutoWeights, part: Part) -> Option<Evaluation> {
        match weights {
            AutoWeights::Lanes(weights) => self.lanes.evaluate(training, weights, part),
            AutoWeights::Burn(weights) => self.burn.evaluate(training, weights, part),
        }
    }
}
