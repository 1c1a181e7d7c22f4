//! Trains many small neural networks at once, one per SIMD lane, with the same bits on every machine.

// Kernels are indexed loops: the same index runs over several operands, and iterators would hide the order of sums.
#![allow(clippy::needless_range_loop)]
#![allow(clippy::inline_always)]

mod buffers;
mod dispatch;
mod evaluation;
mod kernel;
mod lane;
mod layout;
mod math;
#[cfg(test)]
mod naive;
mod optimizer;
mod pack;
pub mod philox;
mod rows;
mod step;
#[cfg(test)]
mod tests;
mod training;
mod wide;
mod wide_buffers;

pub use dispatch::{InstructionSet, Workspace, trains_wide};
pub use evaluation::{Evaluation, Metric, RowsAbreast, Transform};
pub use layout::{LayerPlace, Layout};
pub use pack::{Lane, Rates};
pub use rows::{Rows, Targets};
pub use training::*;
