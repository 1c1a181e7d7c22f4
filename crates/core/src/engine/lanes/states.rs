//! The engine itself.

use std::sync::{Arc, Mutex, PoisonError};

use swath_lanes::{InstructionSet, Lane, Workspace};

use super::order::Orders;
use super::program::{Program, augmented_rows, rows, suits_one_at_a_time};
use crate::augment::Augmented;
use crate::engine::{Engine, EpochReport, EpochRun, Evaluation, Part, Rates, Training, Unsupported, support};
use crate::initializer::LayerWeights;
use crate::random::{Purpose, Stream};
use crate::spec::{EvaluateTraining, Loss, Network, Optimizer};

/// Trains by lanes.
#[derive(Debug)]
pub struct LanesEngine {
    /// What trains a pack, by its size: the widest first.
    sets: Vec<InstructionSet>,
    orders: Orders,
    /// One for each instruction set and worker, taken while in use.
    spaces: Vec<Mutex<Vec<Workspace>>>,
}

/// Weights and optimiser moments after some epochs.
#[derive(Debug, Clone)]
pub struct LanesState {
    program: Arc<Program>,
    numbers: Vec<f32>,
    steps: u64,
}

/// Weights alone.
#[derive(Debug, Clone)]
pub struct LanesWeights {
    program: Arc<Program>,
    /// Parameters, then moving statistics.
    numbers: Arc<[f32]>,
}

impl LanesWeights {
    /// As other engines and files take them, from the inputs to the outputs.
    pub fn layers(&self) -> Vec<LayerWeights> {
        self.program.layers(&self.numbers)
    }
}

impl LanesEngine {
    /// See [`Engine::name`].
    pub const NAME: &'static str = "lanes";
    /// What its bits depend on besides the training: engine and version. Part of a trial's key.
    pub const ARITHMETIC: &'static str = "lanes/1";

    /// On the instruction sets that this processor has; on none that fuses by software where another does it by itself,
    /// however small the pack.
    pub fn new() -> Self {
        let mut sets = InstructionSet::available();
        if sets.iter().any(|set| set.fuses()) {
            sets.retain(|set| set.fuses());
        }
        Self::on(sets)
    }

    /// On these instruction sets, the widest first; of each pack on the narrowest that holds it.
    pub fn on(sets: Vec<InstructionSet>) -> Self {
        let spaces = sets.iter().map(|_| Mutex::default()).collect();
        Self { sets, orders: Orders::default(), spaces }
    }

    /// The instruction set that trains full packs.
    pub fn instruction_set(&self) -> Option<InstructionSet> {
        self.sets.first().copied()
    }

    fn lanes(&self) -> usize {
        self.instruction_set().map_or(1, InstructionSet::lanes)
    }

    /// Works in a workspace for a pack of this size, and gives it back.
    fn with_workspace<T>(&self, size: usize, work: impl FnOnce(&mut Workspace) -> T) -> Option<T> {
        let index = self.sets.iter().rposition(|set| set.lanes() >= size)?;
        let (set, spaces) = (self.sets.get(index)?, self.spaces.get(index)?);
        let taken = spaces.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut workspace = taken.unwrap_or_else(|| set.workspace());
        let result = work(&mut workspace);
        spaces.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
        Some(result)
    }
}

impl Default for LanesEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine for LanesEngine {
    type State = LanesState;
    type Weights = LanesWeights;

    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn supports(&self, network: &Network, optimizer: &Optimizer, loss: Loss) -> Result<(), Unsupported> {
        let fits = match network.model.image_layers.first() {
            Some(layer) => Err(format!("the lanes have no convolutions and no pooling, such as `{layer}`; burn has")),
            None => support::check(network, optimizer, loss),
        };
        fits.map_err(|reason| Unsupported { engine: self.name(), reason })
    }

    fn width(&self, training: &Training) -> usize {
        if suits_one_at_a_time(training, self.lanes()) { 1 } else { self.lanes() }
    }

    fn start(&self, training: &Training) -> LanesState {
        let program = Program::new(training);
        let numbers = program.start(training);
        LanesState { program: Arc::new(program), numbers, steps: 0 }
    }

    fn train_epoch(&self, runs: &mut [EpochRun<'_, LanesState>]) -> Vec<EpochReport> {
        let orders: Vec<Arc<[u32]>> = runs.iter().map(|run| self.orders.of(run.training, run.epoch)).collect();
        let augmented = augmented(runs);
        let count = runs.len();
        let Some(first) = runs.first() else { return Vec::new() };
        let program = Arc::clone(&first.state.program);
        let is_wide = suits_one_at_a_time(first.training, count);
        // Copies are trained, so that a panic, even one of the evaluation, leaves every state as it was.
        let mut trained: Vec<Vec<f32>> = runs.iter().map(|run| run.state.numbers.clone()).collect();
        let reports = self.with_workspace(if is_wide { self.lanes() } else { count }, |workspace| {
            let lanes = runs.iter().zip(&mut trained).zip(&orders).zip(&augmented);
            let mut pack: Vec<Lane<'_>> = lanes
                .map(|(((run, numbers), order), augmented)| lane(run, numbers, order, augmented.as_deref()))
                .collect();
            let Program { training, layout, .. } = &*program;
            let losses = if is_wide {
                pack.iter_mut().map(|lane| workspace.train_wide_epoch(training, layout, lane)).collect()
            } else {
                workspace.train_epoch(training, layout, &mut pack)
            };
            let reports = runs.iter().zip(&trained).zip(losses);
            reports.map(|((run, numbers), loss)| report(workspace, run, numbers, loss)).collect::<Vec<_>>()
        });
        for (run, numbers) in runs.iter_mut().zip(trained) {
            run.state.numbers = numbers;
            run.state.steps += run.training.steps_per_epoch();
        }
        reports.unwrap_or_default()
    }

    fn weights(&self, state: &LanesState) -> LanesWeights {
        let numbers = state.program.layout.evaluated(&state.numbers).concat();
        LanesWeights { program: Arc::clone(&state.program), numbers: numbers.into() }
    }

    fn evaluate(&self, _: &Training, weights: &LanesWeights, part: Part) -> Option<Evaluation> {
        let numbers = weights.numbers.split_at_checked(weights.program.layout.parameters)?;
        let evaluate = |workspace: &mut Workspace| weights.program.evaluate(workspace, numbers.into(), part);
        self.with_workspace(self.lanes(), evaluate)?
    }

    fn outputs(&self, _: &Training, weights: &LanesWeights, part: Part) -> Vec<f32> {
        let Some(numbers) = weights.numbers.split_at_checked(weights.program.layout.parameters) else {
            return Vec::new();
        };
        let outputs = |workspace: &mut Workspace| weights.program.outputs(workspace, numbers.into(), part);
        self.with_workspace(self.lanes(), outputs).unwrap_or_default()
    }
}

/// The training rows of each run as they are in its epoch; states that differ in neither rows nor augmentation share them.
fn augmented(runs: &[EpochRun<'_, LanesState>]) -> Vec<Option<Arc<Augmented>>> {
    let mut augmented: Vec<Option<Arc<Augmented>>> = Vec::with_capacity(runs.len());
    for run in runs {
        if run.training.augmentation.is_none() {
            augmented.push(None);
            continue;
        }
        let is_alike = |other: &EpochRun<'_, LanesState>| {
            let (one, another) = (run.training, other.training);
            Arc::ptr_eq(&one.data, &another.data)
                && (one.seed, one.replicate, run.epoch) == (another.seed, another.replicate, other.epoch)
                && one.augmentation == another.augmentation
        };
        let known = runs.iter().zip(&augmented).find(|(other, _)| is_alike(other));
        let rows = match known {
            Some((_, known)) => known.clone(),
            None => run.training.augmented(run.epoch).map(Arc::new),
        };
        augmented.push(rows);
    }
    augmented
}

fn lane<'a>(
    run: &'a EpochRun<'_, LanesState>,
    numbers: &'a mut [f32],
    order: &'a [u32],
    augmented: Option<&'a Augmented>,
) -> Lane<'a> {
    let EpochRun { training, state, epoch, rates } = run;
    let rates = match rates {
        Rates::Constant(rate) => swath_lanes::Rates::Constant(*rate),
        Rates::PerStep(rates) => swath_lanes::Rates::PerStep(rates),
    };
    let stream = |purpose| Stream::new(training.seed, training.replicate, purpose, *epoch);
    Lane {
        numbers,
        steps: state.steps,
        rows: augmented.map_or_else(|| rows(&training.data.train), augmented_rows),
        order,
        rates,
        class_weights: training.class_weights.as_deref().unwrap_or_default(),
        dropout: stream(Purpose::Dropout).name(),
        drop_connect: stream(Purpose::DropConnect).name(),
    }
}

fn report(
    workspace: &mut Workspace,
    run: &EpochRun<'_, LanesState>,
    numbers: &[f32],
    running: Option<f32>,
) -> EpochReport {
    let program = &run.state.program;
    let Some(train_loss_running) = running else { return EpochReport::Diverged };
    let numbers = program.layout.evaluated(numbers);
    let train_loss = match run.training.evaluate_training {
        EvaluateTraining::Last => None,
        EvaluateTraining::Every => program.evaluate(workspace, numbers, Part::Train).map(|train| train.loss),
    };
    match program.evaluate(workspace, numbers, Part::Validation) {
        Some(validation) if validation.loss.is_finite() && train_loss.is_none_or(f32::is_finite) => {
            EpochReport::Trained { train_loss_running, train_loss, validation }
        }
        _ => EpochReport::Diverged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_packs_are_not_left_to_an_instruction_set_without_fused_multiply_adds() {
        let sets = LanesEngine::new().sets;
        assert!(!sets.is_empty());
        assert!(sets.iter().all(|set| set.fuses()) || InstructionSet::available().iter().all(|set| !set.fuses()));
    }
}
