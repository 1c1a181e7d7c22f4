//! One trial's outcome, as the journal records it and every table is made from it.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The content key of a trial: the hash of everything that determines its result, 128 bits.
///
/// Written as 32 lower-case hexadecimal digits; ordered by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TrialKey(pub u128);

impl fmt::Display for TrialKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

/// A text that is no [`TrialKey`].
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{0}` is no trial key: 32 hexadecimal digits are expected")]
pub struct NoTrialKey(pub String);

impl FromStr for TrialKey {
    type Err = NoTrialKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hexadecimal = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match u128::from_str_radix(text, 16) {
            Ok(value) if hexadecimal => Ok(Self(value)),
            _ => Err(NoTrialKey(text.to_owned())),
        }
    }
}

/// What became of one trial. There is no "running": only outcomes are recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Which trial.
    pub key: TrialKey,
    /// How it ended.
    pub ending: Ending,
    /// Its learning curves: one entry an epoch that was completed; empty for a trial that failed.
    pub curves: PackedCurves,
    /// Where and how long it was computed; the only part that may differ between two runs.
    pub effort: Effort,
}

/// How a trial ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// It was trained to its end (its last epoch, or an early stop).
    Finished(Scores),
    /// A loss or a weight became NaN or infinite during this epoch (counted from 1).
    Diverged {
        /// The epoch, counted from 1, in which it happened.
        epoch: u32,
    },
    /// It could not be trained: the message says why.
    Failed {
        /// What went wrong, in one sentence.
        message: String,
    },
}

/// The scores of a finished trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// Of the weights that training ended with: those of the last epoch, or of
    /// [`Scores::restored_epoch`] where the best weights were restored.
    pub last: Score,
    /// Loss of the whole training set in evaluation mode, same weights as [`Scores::last`].
    pub train_loss: f32,
    /// The epoch, counted from 1, whose weights were restored at the end, if any were.
    pub restored_epoch: Option<u32>,
    /// The epoch, counted from 1, of the smallest validation loss; the earliest on ties.
    pub best_epoch: u32,
    /// Of the weights at [`Scores::best_epoch`].
    pub best: Score,
}

/// Loss and metric of one set of weights, in evaluation mode.
///
/// The loss is in the units that were trained on (scaled targets); the metric is
/// accuracy for classification and the mean absolute error in the target's own units for regression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// On the validation rows.
    pub validation_loss: f32,
    /// On the validation rows.
    pub validation_metric: f32,
    /// On the test rows; `None` where the sweep keeps none.
    pub test_loss: Option<f32>,
    /// On the test rows; `None` where the sweep keeps none.
    pub test_metric: Option<f32>,
}

/// Learning curves in the making: all vectors have one entry per completed epoch, but for `train_loss`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curves {
    /// Row-weighted mean of the batch losses while the weights moved (what Keras logs as `loss`).
    pub train_loss_running: Vec<f32>,
    /// Loss of the whole training set in evaluation mode after each epoch;
    /// empty unless the sweep says `evaluate_training = "every"`.
    pub train_loss: Vec<f32>,
    /// Mean loss of the validation rows in evaluation mode after each epoch.
    pub validation_loss: Vec<f32>,
    /// Metric of the validation rows after each epoch.
    pub validation_metric: Vec<f32>,
    /// Learning rate of each epoch's first step.
    pub learning_rate: Vec<f32>,
}

impl Curves {
    /// The curves as an outcome holds them. Where one is shorter than another, NaN stands for what it lacks.
    pub fn pack(&self) -> PackedCurves {
        let columns = [
            &self.train_loss_running,
            &self.validation_loss,
            &self.validation_metric,
            &self.learning_rate,
            &self.train_loss,
        ];
        let epochs = columns.iter().map(|column| column.len()).max().unwrap_or(0);
        let columns = columns.get(..if self.train_loss.is_empty() { 4 } else { 5 }).unwrap_or_default();
        let mut values = Vec::with_capacity(columns.len() * epochs);
        for (place, column) in columns.iter().enumerate() {
            values.extend_from_slice(column);
            values.resize((place + 1) * epochs, f32::NAN);
        }
        PackedCurves { epochs: epochs as u32, values: values.into() }
    }
}

/// The learning curves of an outcome in one piece of memory, as there may be a million of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PackedCurves {
    epochs: u32,
    /// One curve behind the other, each with one entry an epoch; the last may be missing.
    values: Box<[f32]>,
}

impl PackedCurves {
    /// Number of completed epochs.
    pub fn epochs(&self) -> usize {
        self.epochs as usize
    }

    /// As [`Curves::train_loss_running`].
    pub fn train_loss_running(&self) -> &[f32] {
        self.column(0)
    }

    /// As [`Curves::train_loss`].
    pub fn train_loss(&self) -> &[f32] {
        self.column(4)
    }

    /// As [`Curves::validation_loss`].
    pub fn validation_loss(&self) -> &[f32] {
        self.column(1)
    }

    /// As [`Curves::validation_metric`].
    pub fn validation_metric(&self) -> &[f32] {
        self.column(2)
    }

    /// As [`Curves::learning_rate`].
    pub fn learning_rate(&self) -> &[f32] {
        self.column(3)
    }

    /// The curves one by one, to be changed.
    pub fn unpack(&self) -> Curves {
        Curves {
            train_loss_running: self.train_loss_running().to_vec(),
            train_loss: self.train_loss().to_vec(),
            validation_loss: self.validation_loss().to_vec(),
            validation_metric: self.validation_metric().to_vec(),
            learning_rate: self.learning_rate().to_vec(),
        }
    }

    fn column(&self, place: usize) -> &[f32] {
        self.values.get(place * self.epochs()..(place + 1) * self.epochs()).unwrap_or_default()
    }

    fn same_bits(&self, other: &Self) -> bool {
        let mut pairs = self.values.iter().zip(&other.values);
        self.epochs == other.epochs
            && self.values.len() == other.values.len()
            && pairs.all(|(one, another)| canonical(*one) == canonical(*another))
    }
}

/// Where and how long a trial was computed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Effort {
    /// Seconds of one worker; steps that several trials shared are divided among them.
    pub seconds: f32,
    /// Which worker thread finished it, counted from 0.
    pub worker: u32,
    /// Optimiser steps that were computed for this trial alone or as its share; at most its own steps.
    pub steps_trained: f64,
}

impl Effort {
    /// The effort as the journal keeps it: steps as a 32-bit float, and worker numbers beyond 65,535 as that. What is
    /// negative, NaN or infinite is kept as 0.
    ///
    /// Applying it twice gives the same as once.
    #[must_use]
    pub fn as_recorded(self) -> Self {
        let measured = |value: f32| if value.is_finite() { value.max(0.0) } else { 0.0 };
        Self {
            seconds: measured(self.seconds),
            worker: self.worker.min(u32::from(u16::MAX)),
            steps_trained: f64::from(measured(self.steps_trained as f32)),
        }
    }
}

impl Outcome {
    /// Whether two outcomes of one key are the same result: everything but [`Effort`], bit for bit.
    /// NaN equals NaN.
    pub fn same_result(&self, other: &Self) -> bool {
        self.key == other.key && self.ending == other.ending && self.curves.same_bits(&other.curves)
    }
}

fn canonical(value: f32) -> u32 {
    if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() }
}
