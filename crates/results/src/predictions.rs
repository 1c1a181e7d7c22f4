//! What finished trials say of validation and test rows.

use crate::row::TrialKey;

/// Predictions of finished trials: point by point, the best first, then replicate by replicate.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Predictions {
    /// Names of the classes, in the order of their numbers; none for a regression.
    pub classes: Vec<String>,
    /// The trials.
    pub trials: Vec<PredictedTrial>,
}

/// What one trial says.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictedTrial {
    /// Its content key.
    pub key: TrialKey,
    /// Its point, counted from 0 in the manifest's order.
    pub point: u32,
    /// Its replicate, counted from 0.
    pub replicate: u32,
    /// Of the rows that choose.
    pub validation: PredictedRows,
    /// Of the rows that had no part in choosing; empty where the sweep keeps none.
    pub test: PredictedRows,
}

/// Targets of rows, and what is said of them.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictedRows {
    /// Where each row stands in the data file, counted from 0 without its header.
    pub places: Vec<u32>,
    /// One entry a row.
    pub values: Predicted,
}

/// Targets and predictions, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicted {
    /// Of a regression, in the target's own units.
    Numbers {
        /// What was measured.
        targets: Vec<f64>,
        /// What the network says.
        predictions: Vec<f64>,
    },
    /// Of a classification, by the numbers of the classes.
    Classes {
        /// The class that it is.
        targets: Vec<u32>,
        /// The class that the network says.
        predictions: Vec<u32>,
        /// Row-major, one a class.
        probabilities: Vec<f64>,
    },
}

impl PredictedRows {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
