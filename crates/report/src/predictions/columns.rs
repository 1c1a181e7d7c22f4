//! How the columns of the file are called.

/// Content key of the trial.
pub(super) const KEY: &str = "key";
/// Its point, counted from 0.
pub(super) const POINT: &str = "point";
/// Its replicate.
pub(super) const REPLICATE: &str = "replicate";
/// [`VALIDATION`] or [`TEST`].
pub(super) const PART: &str = "part";
/// Place of the row in the data file.
pub(super) const ROW: &str = "row";
/// What was measured: a number, or the name of a class.
pub(super) const TARGET: &str = "target";
/// What is predicted, likewise.
pub(super) const PREDICTION: &str = "prediction";
/// What the name of a class follows in the column of its probability.
pub(super) const PROBABILITY: &str = "probability_";

/// Rows that choose.
pub(super) const VALIDATION: &str = "validation";
/// Rows that had no part in choosing.
pub(super) const TEST: &str = "test";

/// The key under which the file's metadata hold its version and checksum.
pub(super) const METADATA: &str = "swath.predictions";
/// The version of the file.
pub(super) const VERSION: &str = "1";
