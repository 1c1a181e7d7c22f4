//! `train.schedule`: how the learning rate changes.

use std::num::NonZeroU32;

/// What a schedule counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Epochs from 0 (ours by default, as Keras' `LearningRateScheduler`).
    Epoch,
    /// Optimiser steps from 0 (as Keras' schedule objects).
    Step,
}

/// How the learning rate changes. Decay lengths are in the schedule's own unit of time.
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    /// It does not.
    Constant,
    /// r0 * factor^floor(u / every), as PyTorch's `StepLR`.
    Step {
        /// 0.1 by default.
        factor: f64,
        /// First drop at u = every.
        every: NonZeroU32,
        /// Epochs or steps.
        by: TimeUnit,
    },
    /// r0 * factor^(milestones at or before u), as PyTorch's `MultiStepLR`.
    MultiStep(Milestones),
    /// r0 * rate^(u / D), as Keras' `ExponentialDecay`.
    Exponential(Decay),
    /// r0 / (1 + rate * u / D), as Keras' `InverseTimeDecay`.
    InverseTime(Decay),
    /// (r0 - end) * (1 - min(u, D) / D)^power + end, as Keras' `PolynomialDecay`.
    Polynomial {
        /// D; `None`: the whole training.
        over: Option<NonZeroU32>,
        /// 1e-4 by default (Keras).
        end: f64,
        /// 1 by default.
        power: f64,
        /// Whether it starts again at longer periods.
        cycle: bool,
        /// Epochs or steps.
        by: TimeUnit,
    },
    /// r0 * ((1 - alpha) * (1 + cos(pi * min(u, D) / D)) / 2 + alpha), as Keras' `CosineDecay`.
    Cosine {
        /// D; `None`: the whole training less the warm-up.
        over: Option<NonZeroU32>,
        /// The rate at the end, as a share of the rate at the start; 0 by default.
        alpha: f64,
        /// A linear rise before it.
        warm_up: Option<WarmUp>,
        /// Epochs or steps.
        by: TimeUnit,
    },
    /// Cosines one after the other, as Keras' `CosineDecayRestarts`.
    CosineRestarts(CosineRestarts),
    /// min + (r0 - min) * (1 + cos(pi * u / D)) / 2, as PyTorch's `CosineAnnealingLR`: from u = D on it rises again.
    CosineAnnealing {
        /// D; `None`: the whole training.
        over: Option<NonZeroU32>,
        /// The lowest rate, itself and no share of r0; 0 by default.
        min_learning_rate: f64,
        /// Epochs or steps.
        by: TimeUnit,
    },
    /// The rates themselves, by the time, as Keras' `PiecewiseConstantDecay`.
    Piecewise(Piecewise),
    /// r0 * (start + (end - start) * min(u, N) / N), as PyTorch's `LinearLR`.
    Linear(Linear),
    /// Up and down again over the whole training, as PyTorch's `OneCycleLR`.
    OneCycle(OneCycle),
    /// Falls when the validation loss no longer does, as Keras' `ReduceLROnPlateau`.
    ReduceOnPlateau(Plateau),
}

/// Rates by the time; r0 is not among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Piecewise {
    /// In ascending order, each once.
    pub boundaries: Vec<u32>,
    /// One more than boundaries: the rate up to the first boundary, that time included, up to the second, ..., and after
    /// the last.
    pub values: Vec<f64>,
    /// Epochs or steps.
    pub by: TimeUnit,
}

/// Cosines one after the other; the defaults are Keras'.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CosineRestarts {
    /// Length of the first period.
    pub over: NonZeroU32,
    /// How many times as long each period is as the one before; 2; at least 1.
    pub t_mul: f64,
    /// How many times as high; 1; from 0 to 1.
    pub m_mul: f64,
    /// The lowest rate, as a share of r0; 0.
    pub alpha: f64,
    /// Epochs or steps.
    pub by: TimeUnit,
}

/// A straight line between two shares of r0; the defaults are PyTorch's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linear {
    /// 1/3; from 0 to 1.
    pub start: f64,
    /// 1; from 0 to 1.
    pub end: f64,
    /// Its length N; 5.
    pub over: NonZeroU32,
    /// Epochs or steps.
    pub by: TimeUnit,
}

/// A rise and a fall, each half a cosine; the defaults are PyTorch's. Momentum stays as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneCycle {
    /// The rate at the top; `None`: r0.
    pub max_learning_rate: Option<f64>,
    /// Share of the training in which the rate rises; 0.3; above 0 and below 1.
    pub rise: f64,
    /// The first rate is that at the top divided by this; 25; at least 1.
    pub start_divisor: f64,
    /// The last rate is the first divided by this; 10,000; at least 1.
    pub end_divisor: f64,
    /// Epochs or steps.
    pub by: TimeUnit,
}

/// Drops at listed times.
#[derive(Debug, Clone, PartialEq)]
pub struct Milestones {
    /// In ascending order; one that is listed twice counts twice.
    pub at: Vec<u32>,
    /// 0.1 by default.
    pub factor: f64,
    /// Epochs or steps.
    pub by: TimeUnit,
}

/// A decay by a rate over a length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decay {
    /// D; `None`: the whole training.
    pub over: Option<NonZeroU32>,
    /// Above 0.
    pub rate: f64,
    /// Whether u / D is rounded down.
    pub staircase: bool,
    /// Epochs or steps.
    pub by: TimeUnit,
}

/// A linear rise of the rate from the learning rate to a target, before the decay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarmUp {
    /// Length W, in the schedule's unit.
    pub over: NonZeroU32,
    /// The rate that it reaches, from which the cosine then falls.
    pub target: f64,
}

/// Settings of `reduce_on_plateau`; the defaults are Keras'.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plateau {
    /// 0.1; above 0 and below 1.
    pub factor: f64,
    /// 10.
    pub patience: u32,
    /// 1e-4.
    pub min_delta: f64,
    /// 0.
    pub cooldown: u32,
    /// 0.
    pub min_learning_rate: f64,
}
