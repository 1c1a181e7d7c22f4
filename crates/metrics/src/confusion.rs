//! Counts of rows by true and predicted class, and the metrics that follow from them alone.

/// How many rows of each class are predicted as each class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfusionMatrix {
    classes: usize,
    /// Row-major: a row is a true class, a column a predicted one.
    counts: Vec<u64>,
    /// By true class: rows of which no class is predicted.
    unpredicted: Vec<u64>,
}

impl ConfusionMatrix {
    /// Counts rows. `None` where predictions and truths are not equally many, or where one is no number below `classes`.
    pub fn new(predicted: &[Option<u32>], truth: &[u32], classes: usize) -> Option<Self> {
        if predicted.len() != truth.len() {
            return None;
        }
        let mut matrix = Self { classes, counts: vec![0; classes * classes], unpredicted: vec![0; classes] };
        for (predicted, truth) in predicted.iter().zip(truth) {
            let truth = *truth as usize;
            let unpredicted = matrix.unpredicted.get_mut(truth)?;
            let count = match predicted.map(|class| class as usize) {
                None => unpredicted,
                Some(class) if class < classes => matrix.counts.get_mut(truth * classes + class)?,
                Some(_) => return None,
            };
            *count += 1;
        }
        Some(matrix)
    }

    /// Rows of the class `truth` that are predicted as `predicted`; 0 for numbers of no class.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        self.row(truth).get(predicted).copied().unwrap_or(0)
    }

    /// Rows of the class `truth` by predicted class; empty for a number of no class.
    pub fn row(&self, truth: usize) -> &[u64] {
        let start = truth.saturating_mul(self.classes).min(self.counts.len());
        &self.counts[start..self.counts.len().min(start + self.classes)]
    }

    /// Rows of the class `truth` of which no class is predicted, because a probability is NaN.
    pub fn unpredicted(&self, truth: usize) -> u64 {
        self.unpredicted.get(truth).copied().unwrap_or(0)
    }

    /// Rows of this class, predicted or not.
    pub fn of_truth(&self, class: usize) -> u64 {
        self.row(class).iter().sum::<u64>() + self.unpredicted(class)
    }

    /// Rows that are predicted as this class.
    pub fn of_prediction(&self, class: usize) -> u64 {
        (0..self.classes).map(|truth| self.count(truth, class)).sum()
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.counts.iter().chain(&self.unpredicted).sum()
    }

    /// Rows whose class is predicted.
    pub fn right(&self) -> u64 {
        (0..self.classes).map(|class| self.count(class, class)).sum()
    }

    /// Share of the rows of a class that are predicted as it; `None` where the class does not occur.
    pub fn recall(&self, class: usize) -> Option<f64> {
        share(self.count(class, class), self.of_truth(class))
    }

    /// The harmonic mean of precision (the share of the rows predicted as a class that are of it) and
    /// [`recall`](Self::recall), as twice the rows that are right over the rows of the class and those predicted as it; 0
    /// where one of the two is undefined, `None` where both are: where the class occurs neither in truth nor among
    /// predictions.
    pub fn f1(&self, class: usize) -> Option<f64> {
        share(2 * self.count(class, class), self.of_truth(class) + self.of_prediction(class))
    }

    /// Share of the rows whose class is predicted; `None` without rows. A row with a NaN is never right.
    pub fn accuracy(&self) -> Option<f64> {
        share(self.right(), self.rows())
    }

    /// The mean recall of the classes that occur; `None` without rows. As scikit-learn's `balanced_accuracy_score`.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        mean((0..self.classes).filter_map(|class| self.recall(class)))
    }

    /// The mean F1 of the classes that occur in truth or among predictions; `None` without rows. As scikit-learn's
    /// `f1_score(average="macro", zero_division=0)`.
    pub fn macro_f1(&self) -> Option<f64> {
        mean((0..self.classes).filter_map(|class| self.f1(class)))
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (total, count) = values.fold((0.0, 0_u64), |(total, count), value| (total + value, count + 1));
    (count > 0).then(|| total / count as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_are_true_classes_and_columns_predicted_ones() {
        let predicted = [Some(0), Some(2), Some(2), None, Some(1)];
        let matrix = ConfusionMatrix::new(&predicted, &[0, 0, 2, 2, 0], 3).unwrap();
        assert_eq!([0, 1, 2].map(|truth| matrix.row(truth).to_vec()), [[1, 1, 1], [0, 0, 0], [0, 0, 1]]);
        assert_eq!([0, 1, 2].map(|truth| matrix.unpredicted(truth)), [0, 0, 1]);
        assert_eq!([0, 1, 2].map(|class| matrix.of_truth(class)), [3, 0, 2]);
        assert_eq!([0, 1, 2].map(|class| matrix.of_prediction(class)), [1, 1, 2]);
        assert_eq!((matrix.rows(), matrix.right(), matrix.count(9, 0), matrix.row(9).len()), (5, 2, 0, 0));
    }

    #[test]
    fn a_class_that_is_only_predicted_counts_for_f1_and_not_for_recall() {
        let matrix = ConfusionMatrix::new(&[Some(0), Some(1)], &[0, 0], 3).unwrap();
        assert_eq!((matrix.recall(1), matrix.of_prediction(1), matrix.f1(1)), (None, 1, Some(0.0)));
        assert_eq!((matrix.recall(2), matrix.of_prediction(2), matrix.f1(2)), (None, 0, None));
        assert_eq!((matrix.balanced_accuracy(), matrix.macro_f1()), (Some(0.5), Some(1.0 / 3.0)));
    }

    #[test]
    fn a_row_without_a_prediction_is_wrong() {
        let matrix = ConfusionMatrix::new(&[None, Some(1)], &[1, 1], 2).unwrap();
        assert_eq!((matrix.accuracy(), matrix.recall(1), matrix.f1(1)), (Some(0.5), Some(0.5), Some(2.0 / 3.0)));
    }

    #[test]
    fn without_rows_nothing_is_defined_and_what_does_not_fit_is_refused() {
        let none = ConfusionMatrix::new(&[], &[], 2).unwrap();
        assert_eq!((none.accuracy(), none.balanced_accuracy(), none.macro_f1()), (None, None, None));
        for (predicted, truth) in [(&[Some(0)][..], &[][..]), (&[Some(2)], &[0]), (&[Some(0)], &[2]), (&[None], &[2])] {
            assert_eq!(ConfusionMatrix::new(predicted, truth, 2), None, "{predicted:?} {truth:?}");
        }
    }

    proptest! {
        #[test]
        fn every_row_is_counted_once_and_every_metric_is_a_share(
            rows in prop::collection::vec((prop::option::of(0..4_u32), 0..4_u32), 1..60),
        ) {
            let (predicted, truth): (Vec<_>, Vec<_>) = rows.iter().copied().unzip();
            let matrix = ConfusionMatrix::new(&predicted, &truth, 4).unwrap();
            prop_assert_eq!(matrix.rows(), rows.len() as u64);
            prop_assert_eq!((0..4).map(|class| matrix.of_truth(class)).sum::<u64>(), rows.len() as u64);
            for share in [matrix.accuracy(), matrix.balanced_accuracy(), matrix.macro_f1()] {
                prop_assert!((0.0..=1.0).contains(&share.unwrap()));
            }
        }

        #[test]
        fn renaming_the_classes_changes_no_metric(
            rows in prop::collection::vec((prop::option::of(0..3_u32), 0..3_u32), 1..40),
        ) {
            let (predicted, truth): (Vec<_>, Vec<_>) = rows.iter().copied().unzip();
            let (turned, turned_truth): (Vec<_>, Vec<_>) =
                rows.iter().map(|(p, t)| (p.map(|class| (class + 1) % 3), (t + 1) % 3)).unzip();
            let one = ConfusionMatrix::new(&predicted, &truth, 3).unwrap();
            let other = ConfusionMatrix::new(&turned, &turned_truth, 3).unwrap();
            prop_assert_eq!(one.accuracy(), other.accuracy());
            prop_assert!((one.balanced_accuracy().unwrap() - other.balanced_accuracy().unwrap()).abs() < 1e-15);
            prop_assert!((one.macro_f1().unwrap() - other.macro_f1().unwrap()).abs() < 1e-15);
        }
    }
}
