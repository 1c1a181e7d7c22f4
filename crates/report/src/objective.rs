//! What decides which point is best, the loss or a metric, and which way it improves: every ranking, comparison and
//! sentence takes it from here.

use std::cmp::Ordering;

use swath_metrics::Metric;
use swath_results::Manifest;
use swath_results::manifest::BestBy;

use crate::figure::{Figure, Part, Quantity, When};
use crate::statistics::{Direction, Interval};

/// What decides which point is best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objective {
    quantity: Quantity,
    direction: Direction,
    /// The metric beside the loss, as sentences call it.
    metric: String,
}

impl Objective {
    /// What a sweep chose.
    pub fn of(manifest: &Manifest) -> Self {
        let objective = &manifest.objective;
        let quantity = match objective.best_by {
            BestBy::Loss => Quantity::Loss,
            BestBy::Metric => Quantity::Metric,
        };
        let direction = direction(quantity, &objective.metric);
        Self { quantity, direction, metric: label(&objective.metric) }
    }

    /// Whether the loss decides.
    pub fn is_loss(&self) -> bool {
        self.quantity == Quantity::Loss
    }

    /// Which way it improves.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The metric beside the loss, as sentences call it: `macro F1`.
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// The figure that chooses: on validation rows, at the end of training.
    pub fn validation(&self) -> Figure {
        self.on(Part::Validation)
    }

    /// The same on test rows.
    pub fn test(&self) -> Figure {
        self.on(Part::Test)
    }

    /// The figure that levels are compared by: on test rows where there are any.
    pub fn compared(&self, is_tested: bool) -> Figure {
        self.on(if is_tested { Part::Test } else { Part::Validation })
    }

    /// The other one of loss and metric, on test rows where there are any.
    pub fn beside(&self, is_tested: bool) -> Figure {
        let quantity = if self.is_loss() { Quantity::Metric } else { Quantity::Loss };
        let part = if is_tested { Part::Test } else { Part::Validation };
        Figure::Held { part, when: When::End, quantity }
    }

    fn on(&self, part: Part) -> Figure {
        Figure::Held { part, when: When::End, quantity: self.quantity }
    }

    /// A figure as sentences call it: `validation loss`, `test macro F1`.
    pub fn words(&self, figure: Figure) -> String {
        words(figure, &self.metric)
    }

    /// The figure that chooses as sentences call it: `validation macro F1`.
    pub fn validation_words(&self) -> String {
        self.words(self.validation())
    }

    /// What is chosen by, without the rows: `loss`, `macro F1`.
    pub fn quantity_words(&self) -> &str {
        if self.is_loss() { "loss" } else { &self.metric }
    }

    /// The better one first.
    pub fn order(&self, one: f64, other: f64) -> Ordering {
        self.as_loss(one).total_cmp(&self.as_loss(other))
    }

    /// Whether a value is better than another.
    pub fn is_better(&self, one: f64, other: f64) -> bool {
        self.as_loss(one) < self.as_loss(other)
    }

    /// The end of an interval at which the figure is worse.
    pub fn worse_end(&self, interval: Interval) -> f64 {
        match self.direction {
            Direction::LowerIsBetter => interval.high,
            Direction::HigherIsBetter => interval.low,
        }
    }

    /// A value that falls as the figure improves: itself or, where more is better, what is below 0 by as much.
    pub fn as_loss(&self, value: f64) -> f64 {
        match self.direction {
            Direction::LowerIsBetter => value,
            Direction::HigherIsBetter => -value,
        }
    }

    /// The best value in a word.
    pub fn best_word(&self) -> &'static str {
        self.either("smallest", "largest")
    }

    /// The worst value in a word.
    pub fn worst_word(&self) -> &'static str {
        self.either("largest", "smallest")
    }

    /// A better value in a word.
    pub fn better_word(&self) -> &'static str {
        self.either("smaller", "larger")
    }

    /// Where the better values lie, in a word.
    pub fn better_side(&self) -> &'static str {
        self.either("lower", "higher")
    }

    /// Which way the best of many reads wrong.
    pub fn flattered_word(&self) -> &'static str {
        self.either("too low", "too high")
    }

    /// The first where less is better, else the second.
    pub fn either<T>(&self, lower_is_better: T, higher_is_better: T) -> T {
        match self.direction {
            Direction::LowerIsBetter => lower_is_better,
            Direction::HigherIsBetter => higher_is_better,
        }
    }
}

/// Which way a figure improves, where the metric has this name. Of a metric that is not known, less is taken to be better.
pub fn direction_of(figure: Figure, metric: &str) -> Direction {
    match figure {
        Figure::TrainLoss => Direction::LowerIsBetter,
        Figure::Held { quantity, .. } => direction(quantity, metric),
    }
}

/// A figure as sentences call it, where the metric is called `metric` there.
pub fn words(figure: Figure, metric: &str) -> String {
    match figure {
        Figure::TrainLoss => "train loss".to_owned(),
        Figure::Held { part, quantity: Quantity::Loss, .. } => format!("{} loss", part.word()),
        Figure::Held { part, quantity: Quantity::Metric, .. } => format!("{} {metric}", part.word()),
    }
}

/// A metric as sentences call it, by its name in columns; of a metric that is not known, the name.
pub fn label(metric: &str) -> String {
    Metric::parse(metric).map_or_else(|| metric.to_owned(), |known| known.label().to_owned())
}

fn direction(quantity: Quantity, metric: &str) -> Direction {
    let known = match quantity {
        Quantity::Loss => None,
        Quantity::Metric => Metric::parse(metric).map(Metric::direction),
    };
    match known {
        Some(swath_metrics::Direction::HigherIsBetter) => Direction::HigherIsBetter,
        Some(swath_metrics::Direction::LowerIsBetter) | None => Direction::LowerIsBetter,
    }
}

#[cfg(test)]
mod tests {
    use swath_results::manifest::Task;

    use super::*;
    use crate::tests::fixture::Sweep;

    fn objective(best_by: BestBy, metric: &str) -> Objective {
        let mut manifest = Sweep::new(Task::Classification, &[], 1).manifest;
        manifest.objective.best_by = best_by;
        manifest.objective.metric = metric.to_owned();
        Objective::of(&manifest)
    }

    #[test]
    fn the_loss_decides_whatever_metric_stands_beside_it() {
        let loss = objective(BestBy::Loss, "macro_f1");
        assert_eq!((loss.validation(), loss.compared(true)), (Figure::VALIDATION_LOSS, Figure::TEST_LOSS));
        assert_eq!((loss.is_better(0.1, 0.2), loss.best_word()), (true, "smallest"));
        assert_eq!((loss.words(loss.beside(true)).as_str(), loss.quantity_words()), ("test macro F1", "loss"));
    }

    #[test]
    fn a_metric_decides_in_its_own_direction() {
        let rising = objective(BestBy::Metric, "balanced_accuracy");
        assert_eq!((rising.validation(), rising.beside(false)), (Figure::VALIDATION_METRIC, Figure::VALIDATION_LOSS));
        assert_eq!((rising.is_better(0.1, 0.2), rising.order(0.1, 0.2)), (false, Ordering::Greater));
        assert_eq!(rising.validation_words(), "validation balanced accuracy");
        let falling = objective(BestBy::Metric, "log_loss");
        assert_eq!((falling.is_better(0.1, 0.2), falling.flattered_word()), (true, "too low"));
    }
}
