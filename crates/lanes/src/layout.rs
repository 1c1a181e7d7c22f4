//! Where the numbers of a state stand.

use std::ops::Range;

use crate::training::{Normalization, Training};

/// Where the parameters of one layer stand among all parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerPlace {
    /// Units that enter.
    pub inputs: usize,
    /// Units that leave.
    pub outputs: usize,
    /// `inputs * outputs` weights, row-major: one row an input, one column an output.
    pub weights: Range<usize>,
    /// One bias an output.
    pub biases: Range<usize>,
    /// Factor and shift of the normalization, one an output each; empty without.
    pub gamma: Range<usize>,
    /// See `gamma`.
    pub beta: Range<usize>,
    /// Among the moving statistics: means, one an output; empty but for batch normalization.
    pub moving_mean: Range<usize>,
    /// Among the moving statistics: variances.
    pub moving_variance: Range<usize>,
}

/// Where the numbers of a state stand: first all parameters, layer by layer; then for each of the optimiser's slots one
/// number a parameter; then the moving statistics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// From the inputs to the outputs.
    pub layers: Vec<LayerPlace>,
    /// How many parameters.
    pub parameters: usize,
    /// How many numbers the optimiser remembers beside each.
    pub slots: usize,
    /// How many moving statistics.
    pub moving: usize,
}

impl Layout {
    /// The layout of a training's states.
    pub fn new(training: &Training) -> Self {
        let mut layers = Vec::with_capacity(training.layers.len());
        let (mut end, mut moving) = (0, 0);
        let hidden = training.layers.len().saturating_sub(2);
        for (index, pair) in training.layers.windows(2).enumerate() {
            let (inputs, outputs) = (pair[0], pair[1]);
            let normalization = training.normalization.filter(|_| index < hidden);
            let factors = if normalization.is_some() { outputs } else { 0 };
            let statistics = if let Some(Normalization::Batch { .. }) = normalization { outputs } else { 0 };
            let weights = take(&mut end, inputs * outputs);
            let biases = take(&mut end, outputs);
            let gamma = take(&mut end, factors);
            let beta = take(&mut end, factors);
            let moving_mean = take(&mut moving, statistics);
            let moving_variance = take(&mut moving, statistics);
            layers.push(LayerPlace { inputs, outputs, weights, biases, gamma, beta, moving_mean, moving_variance });
        }
        Self { layers, parameters: end, slots: training.optimizer.slots(), moving }
    }

    /// How many numbers a state holds.
    pub fn numbers(&self) -> usize {
        self.parameters * (1 + self.slots) + self.moving
    }

    /// The parameters and the moving statistics of a state: what evaluation needs.
    pub fn evaluated<'a>(&self, numbers: &'a [f32]) -> [&'a [f32]; 2] {
        [&numbers[..self.parameters], &numbers[self.moving_start()..self.numbers()]]
    }

    /// Where the moving statistics begin among all numbers.
    pub fn moving_start(&self) -> usize {
        self.parameters * (1 + self.slots)
    }
}

fn take(end: &mut usize, count: usize) -> Range<usize> {
    let start = *end;
    *end += count;
    start..*end
}
