//! Metrics of classification and regression: pure functions of predictions, each defined once.
//!
//! | module | what it holds |
//! |---|---|
//! | `metric` | which metrics there are: names, tasks, directions |
//! | [`logits`] | from a network's outputs to probabilities and classes |
//! | `classified` | what is predicted of rows: a class and probabilities each |
//! | `confusion` | counts by true and predicted class, and the metrics that follow from them |
//! | `classification`, `regression` | the metrics of each task |
//!
//! All sums are in f64 and run over the rows in order, so that a figure has the same bits on every machine. A metric is
//! `None` where it is undefined: where there are no rows, or where predictions and targets are not equally many. A NaN
//! among probabilities or numbers makes a mean NaN; as a prediction of a class it is never right.
//!
//! This crate must never know where predictions come from, and imports nothing of ours.

#![forbid(unsafe_code)]

mod classification;
mod classified;
mod confusion;
#[cfg(test)]
mod golden;
pub mod logits;
mod metric;
mod regression;

pub use classification::{brier, log_loss};
pub use classified::Classified;
pub use confusion::ConfusionMatrix;
pub use metric::{ClassificationMetric, Direction, Metric, RegressionMetric, Task};
pub use regression::{mean_absolute_error, mean_squared_error, r2, root_mean_squared_error};
