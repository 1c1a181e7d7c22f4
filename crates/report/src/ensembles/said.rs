//! What a member, or an ensemble, says of rows, and how it scores.

use std::borrow::Cow;

use swath_metrics::{Classified, ConfusionMatrix, log_loss, mean_absolute_error, root_mean_squared_error};
use swath_results::predictions::{Predicted, PredictedRows};

use super::quality::Quality;

/// What is said of rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said<'a> {
    /// The class of each row; none for a regression.
    pub(super) classes: Cow<'a, [u32]>,
    /// Of a classification the probabilities, row-major, or none where only classes are said; of a regression one number a
    /// row.
    pub(super) numbers: Cow<'a, [f64]>,
}

/// What is true of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Truth<'a> {
    /// The class of each row, and how many classes there are.
    Classes(&'a [u32], usize),
    /// The target of each row.
    Numbers(&'a [f64]),
}

impl<'a> Said<'a> {
    pub(super) fn of(rows: &'a PredictedRows) -> Self {
        match &rows.values {
            Predicted::Numbers { predictions, .. } => {
                Self { classes: Cow::Borrowed(&[]), numbers: Cow::Borrowed(predictions) }
            }
            Predicted::Classes { predictions, probabilities, .. } => {
                Self { classes: Cow::Borrowed(predictions), numbers: Cow::Borrowed(probabilities) }
            }
        }
    }

    /// From the probabilities of `classes` classes, row-major: the class is the most probable, the first on ties.
    pub(super) fn of_probabilities(probabilities: Vec<f64>, classes: usize) -> Said<'static> {
        let predicted = Classified::from_probabilities(&probabilities, classes);
        let predicted = predicted.predicted().iter().map(|class| class.unwrap_or(0)).collect::<Vec<u32>>();
        Said { classes: Cow::Owned(predicted), numbers: Cow::Owned(probabilities) }
    }

    /// Numbers of a regression.
    pub(super) fn of_numbers(numbers: Vec<f64>) -> Said<'static> {
        Said { classes: Cow::Borrowed(&[]), numbers: Cow::Owned(numbers) }
    }

    /// Classes without probabilities.
    pub(super) fn of_classes(classes: Vec<u32>) -> Said<'static> {
        Said { classes: Cow::Owned(classes), numbers: Cow::Borrowed(&[]) }
    }
}

impl<'a> Truth<'a> {
    pub(super) fn of(rows: &'a PredictedRows, classes: usize) -> Self {
        match &rows.values {
            Predicted::Numbers { targets, .. } => Self::Numbers(targets),
            Predicted::Classes { targets, .. } => Self::Classes(targets, classes),
        }
    }

    /// How many rows.
    pub(super) fn rows(self) -> usize {
        match self {
            Self::Classes(classes, _) => classes.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    /// How good that is which is said; `None` where it is not defined: a vote has no log loss.
    pub(super) fn score(self, said: &Said<'_>, quality: Quality) -> Option<f64> {
        let score = match (self, quality) {
            (Self::Classes(truth, classes), Quality::Accuracy) => {
                let predicted: Vec<Option<u32>> = said.classes.iter().copied().map(Some).collect();
                ConfusionMatrix::new(&predicted, truth, classes)?.accuracy()
            }
            (Self::Classes(truth, classes), Quality::LogLoss) => {
                log_loss(&Classified::from_probabilities(&said.numbers, classes), truth)
            }
            (Self::Numbers(truth), Quality::AbsoluteError) => mean_absolute_error(&said.numbers, truth),
            (Self::Numbers(truth), Quality::SquaredError) => root_mean_squared_error(&said.numbers, truth),
            _ => None,
        };
        score.filter(|score| score.is_finite())
    }

    /// Rows that `one` has right and `other` has not, and the other way round; nothing for a regression.
    pub(super) fn discordant(self, one: &Said<'_>, other: &Said<'_>) -> Option<(u64, u64)> {
        let Self::Classes(truth, _) = self else { return None };
        let (mut only_one, mut only_other) = (0, 0);
        for ((truth, one), other) in truth.iter().zip(&*one.classes).zip(&*other.classes) {
            match (one == truth, other == truth) {
                (true, false) => only_one += 1,
                (false, true) => only_other += 1,
                _ => {}
            }
        }
        Some((only_one, only_other))
    }
}
