//! `[data]`: which rows and columns are learnt from, and how they are cut and scaled.

use std::num::NonZeroU32;
use std::path::PathBuf;

use swath_metrics::Task;

use super::ImageShape;

/// Everything that `[data]` says.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSpec {
    /// CSV or Parquet file, resolved against the sweep file's folder. Its content, not its path, identifies the data.
    pub path: PathBuf,
    /// The predicted column.
    pub target: String,
    /// The columns that enter the network, in this order; `None`: every column but the target, in the file's order.
    pub inputs: Option<Vec<String>>,
    /// Regression or classification.
    pub task: Task,
    /// What happens to empty cells.
    pub missing: Missing,
    /// Size of a fixed random sample of the rows; `None`: all rows.
    pub rows: Option<NonZeroU32>,
    /// How many of its training rows a replicate learns from, the first ones in an order of its own; `None`: all.
    pub training_rows: Option<NonZeroU32>,
    /// Which rows choose: a share of all (sampled) rows, or folds.
    pub validation: Validation,
    /// Share of all (sampled) rows that are kept for the test, the same in every replicate; 0: none. In `0.0..1.0`.
    pub test: f64,
    /// Whether each replicate draws its own training and validation rows.
    pub resplit: bool,
    /// Whether each replicate learns from rows that are drawn with replacement from its training rows, as many as those
    /// are: one member of a bagged ensemble (Breiman 1996).
    pub bootstrap: bool,
    /// How numeric and ordinal inputs and a regression target are scaled, fitted on the training rows alone.
    pub scale: Scale,
    /// The image that the inputs are the pixels of, if they are. Then all are columns of numbers without a transform, and
    /// those of a channel are scaled alike.
    pub image: Option<ImageShape>,
    /// Functions applied to numeric columns before scaling, by column name, in the file's order.
    pub transform: Vec<(String, Transform)>,
    /// Columns whose words have an order: name, and the words from lowest (0) to highest.
    /// Columns of words that are not named here are one-hot.
    pub ordinal: Vec<(String, Vec<String>)>,
}

/// What happens to empty cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Missing {
    /// They are an error that names column and first row.
    Error,
    /// Their rows are left out.
    Drop,
    /// A numeric or ordinal input takes the mean of the training rows; other columns: an error.
    Mean,
}

/// Which rows validate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Validation {
    /// This share of all rows; in `0.0..1.0`, above 0.
    Share(f64),
    /// The rows besides the test are cut into this many folds (at least 2); replicate r validates on fold r mod k.
    Folds(NonZeroU32),
}

/// How columns are scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// (x - mean) / sd with the population sd (divided by n), as scikit-learn's `StandardScaler`.
    Standard,
    /// (x - min) / (max - min), as scikit-learn's `MinMaxScaler`.
    MinMax,
    /// Not at all.
    None,
}

/// A function of a numeric column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transform {
    /// Natural logarithm; every value must be above 0.
    Log,
    /// ln(1 + x); every value must be above -1.
    Log1p,
    /// Square root; no value may be below 0.
    Sqrt,
}
