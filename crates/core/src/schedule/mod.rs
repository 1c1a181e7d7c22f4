//! The learning rate of every step: schedules of the time, and the one that looks at the validation loss.
//!
//! A schedule counts in epochs or in optimiser steps, as its [`TimeUnit`](crate::spec::TimeUnit) says; `u` is that count
//! from 0, before the update that uses the rate. `D` is the decay length in the same unit; where the specification
//! leaves it out, it is the whole training (for cosine: less the warm-up).
//!
//! | schedule | rate at `u` | as in | file |
//! |---|---|---|---|
//! | `constant` | r0 | | `rate` |
//! | `step` | r0 * factor^floor(u / every) | PyTorch `StepLR` | `step` |
//! | `multi_step` | r0 * factor^(milestones at or before u) | PyTorch `MultiStepLR` | `step` |
//! | `exponential` | r0 * rate^(u / D) | Keras `ExponentialDecay` | `decay` |
//! | `inverse_time` | r0 / (1 + rate * u / D) | Keras `InverseTimeDecay` | `decay` |
//! | `polynomial` | (r0 - end) * (1 - min(u, D) / D)^power + end | Keras `PolynomialDecay` | `decay` |
//! | `cosine` | r0 * ((1 - alpha) * (1 + cos(pi * min(u, D) / D)) / 2 + alpha) | Keras `CosineDecay` | `cosine` |
//! | `cosine_restarts` | cosines one after the other, longer and lower | Keras `CosineDecayRestarts` | `restarts` |
//! | `cosine_annealing` | min + (r0 - min) * (1 + cos(pi * u / D)) / 2 | PyTorch `CosineAnnealingLR` | `cosine` |
//! | `piecewise` | the listed one | Keras `PiecewiseConstantDecay` | `step` |
//! | `linear` | r0 * (start + (end - start) * min(u, N) / N) | PyTorch `LinearLR` | `linear` |
//! | `one_cycle` | up and down again by half a cosine each | PyTorch `OneCycleLR` | `one_cycle` |
//! | `reduce_on_plateau` | falls when the validation loss no longer does | Keras `ReduceLROnPlateau` | `plateau` |
//!
//! Rates are computed in f64, with the `libm` crate's `cos` and `pow` so that every machine gets the same bits, and are
//! rounded to f32 once, by [`Progress`]. Two trials have the same rate when those f32 bits agree.

mod cosine;
mod decay;
#[cfg(test)]
mod golden;
mod linear;
mod one_cycle;
mod plateau;
mod progress;
mod rate;
mod restarts;
mod step;

pub use plateau::PlateauState;
pub use progress::Progress;
pub use rate::rate;
