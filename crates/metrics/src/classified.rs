//! What is predicted of rows: a class and probabilities each.

use crate::logits::{classes, largest, predicted_classes, rows, sigmoid, softmax};

/// Predicted classes and their probabilities, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Classified {
    classes: usize,
    /// Row-major, `classes` a row.
    probabilities: Vec<f64>,
    /// `None` where a probability or a logit is NaN.
    predicted: Vec<Option<u32>>,
}

impl Classified {
    /// From a network's outputs, row-major: the logits of `width` classes a row, or with a width of 1 the logit of class 1.
    /// The class is that of [`predicted_class`](crate::logits::predicted_class): logits that differ by less than f64 tells in their probabilities still
    /// differ here. A last row that is not whole is left out; a width of 0 gives no rows.
    pub fn from_logits(logits: &[f32], width: usize) -> Self {
        let probabilities = rows(logits, width).flat_map(|row| match row {
            [logit] => vec![sigmoid(-f64::from(*logit)), sigmoid(f64::from(*logit))],
            _ => softmax(&row.iter().copied().map(f64::from).collect::<Vec<_>>()),
        });
        Self {
            classes: classes(width),
            probabilities: probabilities.collect(),
            predicted: predicted_classes(logits, width),
        }
    }

    /// From probabilities, row-major: of `width` classes a row, or with a width of 1 of class 1. The class is the most
    /// probable, the first on ties; of two classes that is class 1 where its probability is above 0.5. A last row that
    /// is not whole is left out; a width of 0 gives no rows.
    pub fn from_probabilities(probabilities: &[f64], width: usize) -> Self {
        let whole = probabilities.len() - probabilities.len() % width.max(1);
        let probabilities: Vec<f64> = match width {
            0 => Vec::new(),
            1 => probabilities.iter().flat_map(|probability| [1.0 - probability, *probability]).collect(),
            _ => probabilities[..whole].to_vec(),
        };
        let classes = classes(width);
        let predicted = probabilities.chunks_exact(classes).map(|row| match row {
            [_, probability] if width == 1 => (!probability.is_nan()).then(|| u32::from(*probability > 0.5)),
            _ => largest(row.iter().copied()),
        });
        Self { classes, predicted: predicted.collect(), probabilities }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.predicted.len()
    }

    /// The predicted class of each row; `None` where a probability is NaN.
    pub fn predicted(&self) -> &[Option<u32>] {
        &self.predicted
    }

    /// The probabilities of the classes, row by row.
    pub fn probabilities(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.probabilities.chunks_exact(self.classes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_output_a_row_is_class_1_and_expands_to_two() {
        let of_logits = Classified::from_logits(&[0.0, 3.0, -3.0, f32::NAN], 1);
        assert_eq!((of_logits.classes(), of_logits.rows()), (2, 4));
        assert_eq!(of_logits.predicted(), [Some(0), Some(1), Some(0), None]);
        let of_probabilities = Classified::from_probabilities(&[0.5, 0.75, 0.25, f64::NAN], 1);
        assert_eq!(of_probabilities.predicted(), [Some(0), Some(1), Some(0), None]);
        let rows: Vec<&[f64]> = of_probabilities.probabilities().take(3).collect();
        assert_eq!(rows, [[0.5, 0.5], [0.25, 0.75], [0.75, 0.25]]);
    }

    #[test]
    fn the_most_probable_class_is_predicted_and_the_first_on_ties() {
        let classified = Classified::from_probabilities(&[0.2, 0.5, 0.3, 0.4, 0.2, 0.4, 0.1, f64::NAN, 0.9], 3);
        assert_eq!(classified.predicted(), [Some(1), Some(0), None]);
    }

    #[test]
    fn logits_too_near_for_their_probabilities_still_differ() {
        assert_eq!(Classified::from_logits(&[0.0, 1e-30], 2).predicted(), [Some(1)]);
        assert_eq!(Classified::from_logits(&[1e-30], 1).predicted(), [Some(1)]);
    }

    #[test]
    fn a_last_row_that_is_not_whole_is_left_out() {
        assert_eq!(Classified::from_logits(&[1.0; 5], 2).rows(), 2);
        assert_eq!(Classified::from_probabilities(&[0.5; 5], 2).probabilities().len(), 2);
        assert_eq!(
            (Classified::from_logits(&[1.0], 0).rows(), Classified::from_probabilities(&[1.0], 0).rows()),
            (0, 0)
        );
    }
}
