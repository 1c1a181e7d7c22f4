//! The reference engine: burn's autodiff on burn-ndarray, one state at a time.
//!
//! A state holds its own tensors and nothing of it is process-wide, so that its bits are the same alone or beside
//! others, on any thread. Between epochs it stands outside burn's autodiff: burn keeps one lock for each graph of
//! tensors that share a parameter, and clones that trained in the same graph on two threads could wait for each other
//! for ever.

mod epoch;
mod evaluation;
mod reference;
#[cfg(test)]
mod tests;

pub use self::reference::{BurnEngine, BurnState};
