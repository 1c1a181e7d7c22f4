//! The fast engine: many states side by side, one in each lane of the processor's vectors.
//!
//! What it computes depends on nothing but the training itself: not on the neighbours, on how many there are, or on the
//! instruction set.

#[cfg(test)]
mod agreement;
mod order;
mod program;
mod states;
#[cfg(test)]
mod tests;

pub use self::states::{LanesEngine, LanesState, LanesWeights};
