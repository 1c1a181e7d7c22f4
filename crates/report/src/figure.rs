//! The figures of a finished trial: which there are, how their columns are called, where they stand in its scores.
//!
//! Every table and page takes its list of figures from here, so that no second list can disagree.

use swath_results::row::{Score, Scores};

/// One figure of a finished trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Figure {
    /// Loss of the whole training set in evaluation mode, at the end.
    TrainLoss,
    /// A loss or metric on rows that were not trained on.
    Held {
        /// On which rows.
        part: Part,
        /// Of which weights.
        when: When,
        /// Which of the two.
        quantity: Quantity,
    },
}

/// Rows that were not trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The rows that choices are made on.
    Validation,
    /// The rows that no choice is made on.
    Test,
}

/// Whose weights a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// Those that training ended with.
    End,
    /// Those of the epoch with the smallest validation loss.
    BestEpoch,
}

/// Loss or metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// In the units that were trained on.
    Loss,
    /// The metric beside the loss: accuracy, or the mean absolute error in the target's own units, unless the sweep chose another.
    Metric,
}

impl Figure {
    /// Validation loss at the end of training.
    pub const VALIDATION_LOSS: Self = Self::held(Part::Validation, When::End, Quantity::Loss);
    /// Test loss at the end of training.
    pub const TEST_LOSS: Self = Self::held(Part::Test, When::End, Quantity::Loss);
    /// Validation metric at the end of training.
    pub const VALIDATION_METRIC: Self = Self::held(Part::Validation, When::End, Quantity::Metric);
    /// Test metric at the end of training.
    pub const TEST_METRIC: Self = Self::held(Part::Test, When::End, Quantity::Metric);

    const fn held(part: Part, when: When, quantity: Quantity) -> Self {
        Self::Held { part, when, quantity }
    }

    /// All figures, in the order of the columns.
    pub fn all() -> Vec<Self> {
        let mut figures = vec![Self::TrainLoss];
        for quantity in [Quantity::Loss, Quantity::Metric] {
            for when in [When::End, When::BestEpoch] {
                figures.extend([Part::Validation, Part::Test].map(|part| Self::held(part, when, quantity)));
            }
        }
        figures
    }

    /// The name of its column, where the metric is called `metric`: `best_validation_accuracy`.
    pub fn column(self, metric: &str) -> String {
        let Self::Held { part, when, quantity } = self else { return "train_loss".to_owned() };
        let prefix = match when {
            When::End => "",
            When::BestEpoch => "best_",
        };
        let quantity = match quantity {
            Quantity::Loss => "loss",
            Quantity::Metric => metric,
        };
        format!("{prefix}{}_{quantity}", part.word())
    }

    /// Whether it is measured on the test rows.
    pub fn is_test(self) -> bool {
        matches!(self, Self::Held { part: Part::Test, .. })
    }

    /// Whether it is of the weights of the best epoch.
    pub fn is_at_best_epoch(self) -> bool {
        matches!(self, Self::Held { when: When::BestEpoch, .. })
    }

    /// Its value; `None` where it was not measured or is not finite.
    pub fn of(self, scores: &Scores) -> Option<f32> {
        let value = match self {
            Self::TrainLoss => Some(scores.train_loss),
            Self::Held { part, when, quantity } => {
                let score = match when {
                    When::End => &scores.last,
                    When::BestEpoch => &scores.best,
                };
                quantity.of(part, score)
            }
        };
        value.filter(|value| value.is_finite())
    }
}

impl Part {
    /// As columns and sentences name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

impl Quantity {
    fn of(self, part: Part, score: &Score) -> Option<f32> {
        match (part, self) {
            (Part::Validation, Self::Loss) => Some(score.validation_loss),
            (Part::Validation, Self::Metric) => Some(score.validation_metric),
            (Part::Test, Self::Loss) => score.test_loss,
            (Part::Test, Self::Metric) => score.test_metric,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn the_columns_that_others_rely_on_have_their_names() {
        let columns: Vec<String> = Figure::all().into_iter().map(|figure| figure.column("accuracy")).collect();
        assert_eq!(
            columns,
            [
                "train_loss",
                "validation_loss",
                "test_loss",
                "best_validation_loss",
                "best_test_loss",
                "validation_accuracy",
                "test_accuracy",
                "best_validation_accuracy",
                "best_test_accuracy",
            ]
        );
    }
}
