//! One trial, as an epoch takes it.

use crate::philox::Name;
use crate::rows::Rows;

/// One trial of a pack, and what its next epoch needs.
#[derive(Debug)]
pub struct Lane<'a> {
    /// The state's numbers, in the order of the [`Layout`](crate::Layout); advanced by one epoch.
    pub numbers: &'a mut [f32],
    /// Steps done before this epoch.
    pub steps: u64,
    /// The rows to learn from.
    pub rows: Rows<'a>,
    /// The order of the rows in this epoch.
    pub order: &'a [u32],
    /// The learning rates.
    pub rates: Rates<'a>,
    /// How much the rows of each class count in what is minimised; empty: all the same. Above 0.
    pub class_weights: &'a [f32],
    /// The stream of the dropout masks of this epoch.
    pub dropout: Name,
    /// The stream of the masks of dropped weights of this epoch.
    pub drop_connect: Name,
}

/// Learning rates of the steps of one epoch.
#[derive(Debug, Clone, Copy)]
pub enum Rates<'a> {
    /// The same for every step.
    Constant(f32),
    /// One a step; past the last listed one, the last.
    PerStep(&'a [f32]),
}

impl Rates<'_> {
    /// The rate of a step of the epoch.
    pub(crate) fn at(&self, step: usize) -> f32 {
        match self {
            Self::Constant(rate) => *rate,
            Self::PerStep(rates) => rates.get(step).or(rates.last()).copied().unwrap_or(0.0),
        }
    }
}
