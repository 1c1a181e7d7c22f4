//! The metrics of predicted classes.

use crate::classified::Classified;
use crate::confusion::ConfusionMatrix;
use crate::logits::{classes, predicted_classes};
use crate::metric::ClassificationMetric;

impl ClassificationMetric {
    /// Its value; `None` where there are no rows, where predictions and truths are not equally many, or where a truth is
    /// no number of a class.
    pub fn of(self, classified: &Classified, truth: &[u32]) -> Option<f64> {
        match self.ingredient() {
            Ingredient::Counts(metric) => {
                metric(&ConfusionMatrix::new(classified.predicted(), truth, classified.classes())?)
            }
            Ingredient::Probabilities(metric) => metric(classified, truth),
        }
    }

    /// Its value for a network's outputs, as [`Self::of`] has it for [`Classified::from_logits`] of them. Probabilities are
    /// made only where the metric is of them: each takes exponentials, and a metric is taken of all rows after every epoch.
    pub fn of_logits(self, logits: &[f32], width: usize, truth: &[u32]) -> Option<f64> {
        match self.ingredient() {
            Ingredient::Counts(metric) => {
                metric(&ConfusionMatrix::new(&predicted_classes(logits, width), truth, classes(width))?)
            }
            Ingredient::Probabilities(metric) => metric(&Classified::from_logits(logits, width), truth),
        }
    }

    fn ingredient(self) -> Ingredient {
        match self {
            Self::Accuracy => Ingredient::Counts(ConfusionMatrix::accuracy),
            Self::BalancedAccuracy => Ingredient::Counts(ConfusionMatrix::balanced_accuracy),
            Self::MacroF1 => Ingredient::Counts(ConfusionMatrix::macro_f1),
            Self::LogLoss => Ingredient::Probabilities(log_loss),
            Self::Brier => Ingredient::Probabilities(brier),
        }
    }
}

/// What a metric is made of.
enum Ingredient {
    /// The predicted classes, counted.
    Counts(fn(&ConfusionMatrix) -> Option<f64>),
    /// The probabilities of all classes, and the truth.
    Probabilities(fn(&Classified, &[u32]) -> Option<f64>),
}

/// The mean of -ln of the probability of the true class, which is kept within eps and 1 - eps, so that a class said to be
/// impossible costs 36.04 and not infinity; eps is 2^-52. As scikit-learn's `log_loss` of probabilities in f64. NaN where
/// such a probability is; `None` as [`ClassificationMetric::of`].
pub fn log_loss(classified: &Classified, truth: &[u32]) -> Option<f64> {
    mean_over_rows(classified, truth, |probabilities, class| {
        let probability = probabilities.get(class)?;
        // `clamp` keeps NaN.
        Some(-libm::log(probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON)))
    })
}

/// The mean over rows of the sum over classes of (probability - 1 for the true class, 0 for others)^2: 0 at best and 2 at
/// worst, however many classes there are (Brier 1950). scikit-learn's `brier_score_loss(scale_by_half=False)`; for two
/// classes its default is half of this. NaN where a probability is; `None` as [`ClassificationMetric::of`].
pub fn brier(classified: &Classified, truth: &[u32]) -> Option<f64> {
    mean_over_rows(classified, truth, |probabilities, truth| {
        (truth < probabilities.len()).then(|| {
            let wanted = |class| if class == truth { 1.0 } else { 0.0 };
            probabilities.iter().enumerate().map(|(class, probability)| (probability - wanted(class)).powi(2)).sum()
        })
    })
}

fn mean_over_rows(
    classified: &Classified,
    truth: &[u32],
    of_row: impl Fn(&[f64], usize) -> Option<f64>,
) -> Option<f64> {
    if truth.is_empty() || classified.rows() != truth.len() {
        return None;
    }
    let mut total = 0.0;
    for (probabilities, class) in classified.probabilities().zip(truth) {
        total += of_row(probabilities, *class as usize)?;
    }
    Some(total / truth.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metric::Metric;

    fn of_classes() -> impl Iterator<Item = ClassificationMetric> {
        Metric::ALL.into_iter().filter_map(|metric| match metric {
            Metric::Classification(metric) => Some(metric),
            Metric::Regression(_) => None,
        })
    }

    #[test]
    fn a_class_said_to_be_impossible_costs_36() {
        let certain = Classified::from_probabilities(&[0.0, 1.0], 1);
        let cost = log_loss(&certain, &[1, 0]).unwrap();
        assert!((cost - 36.043_653_389_117_15).abs() < 1e-12, "{cost}");
        assert!(log_loss(&certain, &[0, 1]).unwrap() < 1e-15);
    }

    #[test]
    fn the_brier_score_reaches_from_0_to_2() {
        let certain = Classified::from_probabilities(&[1.0, 0.0, 0.0], 3);
        assert_eq!((brier(&certain, &[0]), brier(&certain, &[2])), (Some(0.0), Some(2.0)));
        assert_eq!(brier(&Classified::from_probabilities(&[0.5], 1), &[1]), Some(0.5));
    }

    #[test]
    fn a_nan_makes_means_nan_and_is_never_right() {
        let classified = Classified::from_logits(&[f32::NAN, 1.0, 3.0, 0.0], 2);
        let values = of_classes().map(|metric| (metric.name(), metric.of(&classified, &[1, 0]).unwrap()));
        for (name, value) in values {
            match name {
                "accuracy" | "balanced_accuracy" => assert_eq!(value.to_bits(), 0.5_f64.to_bits(), "{name}"),
                "macro_f1" => assert!((value - 0.5).abs() < 1e-15),
                _ => assert!(value.is_nan(), "{name}"),
            }
        }
    }

    #[test]
    fn what_has_no_rows_or_does_not_fit_is_undefined() {
        let two = Classified::from_probabilities(&[0.1, 0.9], 1);
        for metric in of_classes() {
            assert_eq!(metric.of(&Classified::from_probabilities(&[], 2), &[]), None, "{}", metric.name());
            assert_eq!(metric.of(&two, &[1]), None, "{}", metric.name());
            assert_eq!(metric.of(&two, &[1, 2]), None, "{}", metric.name());
        }
    }

    proptest! {
        #[test]
        fn a_metric_of_logits_is_that_of_their_classes_and_probabilities(
            logits in prop::collection::vec(prop_oneof![4 => (-3_i16..3).prop_map(f32::from), 1 => Just(f32::NAN)], 0..24),
            width in 0..4_usize,
            truth in prop::collection::vec(0..4_u32, 0..12),
        ) {
            let classified = Classified::from_logits(&logits, width);
            // As many truths as rows, but for some that do not fit.
            let truth = if truth.len() > 10 { truth } else { truth.into_iter().cycle().take(classified.rows()).collect() };
            for metric in of_classes() {
                let (own, of_both) = (metric.of_logits(&logits, width, &truth), metric.of(&classified, &truth));
                prop_assert_eq!(own.map(f64::to_bits), of_both.map(f64::to_bits), "{}", metric.name());
            }
        }

        #[test]
        fn one_logit_and_two_logits_of_the_same_odds_agree(
            rows in prop::collection::vec((-20_i16..20, 0..2_u32), 1..30),
        ) {
            // A logit of 0 is a tie, and class 0 in both forms.
            let (logits, truth): (Vec<f32>, Vec<u32>) = rows.iter().map(|(logit, class)| (f32::from(*logit) / 4.0, *class)).unzip();
            let one = Classified::from_logits(&logits, 1);
            let two = Classified::from_logits(&logits.iter().flat_map(|logit| [0.0, *logit]).collect::<Vec<_>>(), 2);
            for metric in of_classes() {
                let (of_one, of_two) = (metric.of(&one, &truth).unwrap(), metric.of(&two, &truth).unwrap());
                prop_assert!((of_one - of_two).abs() < 1e-12, "{}: {of_one} and {of_two}", metric.name());
            }
        }
    }
}
