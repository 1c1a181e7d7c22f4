//! Update rules over plain numbers, as burn optimisers.

use burn::optim::{LearningRate, Optimizer, RecordState, StateSink, StateSource};
use burn::tensor::{Device, Tensor, TensorData};

use crate::module::numbers;

/// An update rule of one parameter tensor.
pub(super) trait Rule: Clone + Send + Sync + 'static {
    /// How many numbers it remembers beside each weight; they start at 0.
    fn slots(&self) -> usize;

    /// Moves the weights. All slices are of the same length; `memory.steps` already counts this step.
    fn update(&self, rate: f64, memory: &mut Memory, weights: &mut [f32], gradients: &[f32]);
}

/// What a rule remembers of one parameter tensor.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Memory {
    /// Steps done.
    pub(super) steps: u32,
    /// For each slot one number a weight.
    pub(super) slots: Vec<Vec<f32>>,
}

impl RecordState for Memory {
    fn state_flatten(&self, prefix: &str, out: &mut StateSink) {
        out.push_tensor(prefix, "steps", TensorData::new(vec![self.steps], [1]));
        for (index, slot) in self.slots.iter().enumerate() {
            out.push_tensor(prefix, &index.to_string(), TensorData::new(slot.clone(), [slot.len()]));
        }
    }

    fn state_unflatten(prefix: &str, source: &mut StateSource, _device: &Device) -> Option<Self> {
        let steps = source.take_tensor(prefix, "steps")?.try_into_vec::<u32>().ok()?;
        let mut slots = Vec::new();
        while let Some(slot) = source.take_tensor(prefix, &slots.len().to_string()) {
            slots.push(slot.try_into_vec().ok()?);
        }
        Some(Self { steps: steps.first().copied()?, slots })
    }
}

/// A [`Rule`] as burn takes it.
#[derive(Debug, Clone)]
pub(super) struct ByRule<R>(pub(super) R);

impl<R: Rule> Optimizer for ByRule<R> {
    type State<const D: usize> = Memory;

    fn step<const D: usize>(
        &self,
        rate: LearningRate,
        tensor: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Memory>,
    ) -> (Tensor<D>, Option<Memory>) {
        let (shape, device) = (tensor.shape(), tensor.device());
        let mut weights = numbers(tensor);
        let mut memory =
            state.unwrap_or_else(|| Memory { steps: 0, slots: vec![vec![0.0; weights.len()]; self.0.slots()] });
        memory.steps = memory.steps.saturating_add(1);
        self.0.update(rate, &mut memory, &mut weights, &numbers(gradient));
        (Tensor::from_data(TensorData::new(weights, shape), &device), Some(memory))
    }

    fn to_device<const D: usize>(state: Memory, _device: &Device) -> Memory {
        state
    }
}
