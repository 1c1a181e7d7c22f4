//! What decides which trial is best: its validation loss, or its metric.

use swath_metrics::{Direction, Metric};
use swath_results::row::Score;

/// The metric that decides; `None`: the loss does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BestBy(pub(crate) Option<Metric>);

impl BestBy {
    /// What decides, on the validation rows.
    pub(crate) fn value(self, score: &Score) -> f32 {
        match self.0 {
            None => score.validation_loss,
            Some(_) => score.validation_metric,
        }
    }

    /// A value that falls as what decides improves.
    pub(crate) fn as_loss(self, value: f32) -> f32 {
        match self.0.map(Metric::direction) {
            Some(Direction::HigherIsBetter) => -value,
            Some(Direction::LowerIsBetter) | None => value,
        }
    }
}
