//! Multinomial logistic regression with an L2 penalty, as scikit-learn's `LogisticRegression(C=1)` fits it: the sum of the
//! rows' log losses and half the sum of the squared weights is least; intercepts are not penalised. Two classes share one
//! row of weights.

use swath_metrics::logits::{sigmoid, softmax};

use super::minimize::minimize;

/// Where no component of the gradient is above this, the fit has ended: weights are then as near to the minimum, for the
/// penalty bends the function by at least 1 along each.
const TOLERANCE: f64 = 1e-6;

/// A fitted last layer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Logistic {
    /// The numbers of the classes that occurred among the rows; others have probability 0.
    occurring: Vec<usize>,
    classes: usize,
    features: usize,
    /// Row-major, a row a class with its intercept last; of two classes only that of the second, of one none.
    weights: Vec<f64>,
}

impl Logistic {
    /// Fits rows of `features` numbers each, row-major, whose classes are `truth`, of `classes` classes. `None` without
    /// rows.
    pub(super) fn fit(rows: &[f64], features: usize, truth: &[u32], classes: usize) -> Option<Self> {
        let occurring: Vec<usize> = (0..classes).filter(|class| truth.contains(&(*class as u32))).collect();
        let units = match occurring.len() {
            0 => return None,
            1 => 0,
            2 => 1,
            many => many,
        };
        let truth: Vec<usize> =
            truth.iter().filter_map(|class| occurring.iter().position(|known| *known == *class as usize)).collect();
        let mut fitted = Self { occurring, classes, features, weights: vec![0.0; units * (features + 1)] };
        let start = fitted.weights.clone();
        fitted.weights =
            minimize(start, TOLERANCE, |weights, gradient| objective(rows, features, &truth, units, weights, gradient));
        Some(fitted)
    }

    /// The probabilities of all classes for rows, row-major.
    pub(super) fn probabilities(&self, rows: &[f64]) -> Vec<f64> {
        let units = self.weights.len() / (self.features + 1);
        let mut all = Vec::with_capacity(rows.len() / self.features.max(1) * self.classes);
        for row in rows.chunks_exact(self.features.max(1)) {
            let logits: Vec<f64> = self.weights.chunks_exact(self.features + 1).map(|unit| logit(unit, row)).collect();
            let of_occurring = match (units, logits.as_slice()) {
                (1, [logit]) => vec![sigmoid(-logit), sigmoid(*logit)],
                (0, _) => vec![1.0],
                (_, logits) => softmax(logits),
            };
            let start = all.len();
            all.resize(start + self.classes, 0.0);
            for (class, probability) in self.occurring.iter().zip(of_occurring) {
                if let Some(place) = all.get_mut(start + class) {
                    *place = probability;
                }
            }
        }
        all
    }
}

fn logit(unit: &[f64], row: &[f64]) -> f64 {
    let products: f64 = unit.iter().zip(row).map(|(weight, feature)| weight * feature).sum();
    products + unit.last().copied().unwrap_or(0.0)
}

/// The value of what is minimised; its gradient is written.
fn objective(
    rows: &[f64],
    features: usize,
    truth: &[usize],
    units: usize,
    weights: &[f64],
    gradient: &mut [f64],
) -> f64 {
    gradient.fill(0.0);
    let mut losses = 0.0;
    let mut logits = vec![0.0; units];
    for (row, class) in rows.chunks_exact(features.max(1)).zip(truth) {
        for (to, unit) in logits.iter_mut().zip(weights.chunks_exact(features + 1)) {
            *to = logit(unit, row);
        }
        // From here on `logits` hold the derivatives of the row's loss.
        if let [logit] = logits.as_mut_slice() {
            let is_second = *class == 1;
            let away = if is_second { -*logit } else { *logit };
            losses += away.max(0.0) + libm::log1p(libm::exp(-away.abs()));
            *logit = sigmoid(*logit) - f64::from(u8::from(is_second));
        } else {
            let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let own = logits.get(*class).copied().unwrap_or(0.0);
            let mut total = 0.0;
            for logit in &mut logits {
                *logit = libm::exp(*logit - largest);
                total += *logit;
            }
            losses += libm::log(total) + largest - own;
            for power in &mut logits {
                *power /= total;
            }
            if let Some(own) = logits.get_mut(*class) {
                *own -= 1.0;
            }
        }
        for (derivative, slopes) in logits.iter().zip(gradient.chunks_exact_mut(features + 1)) {
            let Some((intercept, slopes)) = slopes.split_last_mut() else { continue };
            *intercept += derivative;
            for (slope, feature) in slopes.iter_mut().zip(row) {
                *slope += derivative * feature;
            }
        }
    }
    let mut penalty = 0.0;
    for (unit, slopes) in weights.chunks_exact(features + 1).zip(gradient.chunks_exact_mut(features + 1)) {
        for (weight, slope) in unit.iter().zip(slopes).take(features) {
            penalty += weight * weight;
            *slope += weight;
        }
    }
    losses + penalty / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_that_never_occurs_has_probability_0_and_a_single_one_takes_all() {
        let rows = [0.9, 0.1, 0.2, 0.8, 0.8, 0.3];
        let two = Logistic::fit(&rows, 2, &[0, 2, 0], 3).unwrap();
        let probabilities = two.probabilities(&rows);
        assert!(probabilities.chunks(3).all(|row| row[1] == 0.0 && (row[0] + row[2] - 1.0).abs() < 1e-12));
        assert!(probabilities[0] > probabilities[3], "{probabilities:?}");
        let one = Logistic::fit(&rows, 2, &[1, 1, 1], 3).unwrap();
        assert_eq!(one.probabilities(&rows[..2]), [0.0, 1.0, 0.0]);
        assert_eq!(Logistic::fit(&[], 2, &[], 3), None);
    }

    #[test]
    fn the_gradient_is_that_of_the_value() {
        let rows = [0.9, 0.1, 0.2, 0.8, 0.8, 0.3, 0.5, 0.4];
        for (units, truth) in [(1, [0, 1, 1, 0]), (3, [0, 2, 1, 1])] {
            let weights: Vec<f64> = (0..units * 3).map(|index| libm::sin(index as f64 + 1.0)).collect();
            let at = |weights: &[f64]| {
                let mut gradient = vec![0.0; weights.len()];
                let value = objective(&rows, 2, &truth, units, weights, &mut gradient);
                (value, gradient)
            };
            let (_, gradient) = at(&weights);
            for index in 0..weights.len() {
                let moved = |by: f64| {
                    let mut weights = weights.clone();
                    weights[index] += by;
                    at(&weights).0
                };
                let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
                assert!((slope - gradient[index]).abs() < 1e-7, "{units} units, weight {index}: {slope}");
            }
        }
    }
}
