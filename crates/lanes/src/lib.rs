//! Trains many small neural networks at once, one in each lane of the processor's vectors, with the same bits on every
//! machine.
//!
//! | module | what it holds |
//! |---|---|
//! | [`training`] | what the lanes can train, as plain data |
//! | [`layout`], [`rows`] | where a state's numbers stand; the rows that are learnt from |
//! | `trial` | one trial, as an epoch takes it |
//! | `lane`, `math` | lane vectors; elementary functions of them, by polynomials |
//! | `kernel` | dense layers, activations, losses, dropout, normalization, clipping, gathering: forward and backward together |
//! | `optimizer` | update rules |
//! | `pack`, `step`, `normalize`, `buffers` | trials of one shape side by side: an epoch, a step, the vectors that both need |
//! | `drop_connect` | weights that are dropped in a step |
//! | `wide`, `wide_buffers` | one wide network, its units side by side |
//! | `evaluation` | loss and metric over many rows, which lie side by side |
//! | [`philox`] | random bits by counter |
//! | `dispatch` | instruction sets, chosen when the program runs |
//! | `naive` | the slow twin that tests hold every kernel to |
//!
//! Kernels are written once, over any vector; instruction sets are instances. This crate must never know of trials,
//! schedules, files or threads, and imports nothing of ours.

#![expect(clippy::needless_range_loop, reason = "one index runs over several operands; iterators would hide the order")]
#![expect(clippy::inline_always, reason = "a kernel has the instructions of its caller only where it is inlined")]

mod buffers;
mod dispatch;
mod drop_connect;
mod evaluation;
mod kernel;
mod lane;
pub mod layout;
mod math;
#[cfg(test)]
mod naive;
mod normalize;
mod optimizer;
mod pack;
pub mod philox;
pub mod rows;
mod step;
#[cfg(test)]
mod tests;
pub mod training;
mod trial;
mod wide;
mod wide_buffers;

pub use dispatch::{InstructionSet, Workspace, trains_wide};
pub use evaluation::{Evaluation, Metric, RowsAbreast, Transform};
pub use layout::{LayerPlace, Layout};
pub use optimizer::power;

pub use rows::{Rows, Targets};
pub use training::{Activation, Adagrad, Adam, Clip, Loss, Normalization, Optimizer, RmsProp, Sgd, Training};
pub use trial::{Lane, Rates};
