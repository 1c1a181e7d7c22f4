//! How the results of a sweep are to be held against a baseline: `[gate]` of the sweep file.

/// The settings of `swath gate`. They are no part of any trial's key: they say how results are judged, not how they come
/// about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GateSettings {
    /// Differences below this share of the baseline's mean do not matter; at least 0 and below 1.
    pub margin: f64,
    /// The share of false alarms that is allowed; over 0 and below 1.
    pub alpha: f64,
    /// What is compared; `None`: what decides which point is best, on the validation rows, and on the test rows where the sweep
    /// keeps some.
    pub figure: Option<GateFigure>,
}

/// A figure of a trial, at the end of its training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateFigure {
    /// Loss of the whole training set, in evaluation mode.
    TrainLoss,
    /// Loss on the validation rows.
    ValidationLoss,
    /// Loss on the test rows.
    TestLoss,
    /// Metric on the validation rows.
    ValidationMetric,
    /// Metric on the test rows.
    TestMetric,
}

impl GateFigure {
    /// The words of a sweep file, each with its meaning.
    pub const WORDS: [(&'static str, Self); 5] = [
        ("test_loss", Self::TestLoss),
        ("validation_loss", Self::ValidationLoss),
        ("train_loss", Self::TrainLoss),
        ("test_metric", Self::TestMetric),
        ("validation_metric", Self::ValidationMetric),
    ];
}
