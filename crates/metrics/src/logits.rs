//! From a network's outputs to probabilities and classes.

/// Probability of class 1 of one logit: 1 / (1 + exp(-logit)). NaN for NaN.
pub fn sigmoid(logit: f64) -> f64 {
    // Never the exponential of a large number, whose quotient would lose what is near 0.
    let small = libm::exp(-logit.abs());
    if logit >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) }
}

/// Probabilities of the classes of a row of logits: exp of each, divided by their sum, with the largest logit taken off
/// first. All are NaN where a logit is NaN or the largest is infinite.
pub fn softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| libm::exp(logit - largest)).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / total).collect()
}

/// The class that a row of logits says: the largest, the first on ties; with one logit, class 1 where it is above 0.
/// `None` where one is NaN, and for a row without logits.
pub fn predicted_class(logits: &[f32]) -> Option<u32> {
    if let [logit] = logits {
        return (!logit.is_nan()).then(|| u32::from(*logit > 0.0));
    }
    largest(logits.iter().copied().map(f64::from))
}

/// The classes that a network's outputs say, row-major: of `width` logits a row, each as [`predicted_class`] says. A last
/// row that is not whole is left out; a width of 0 gives no rows.
pub fn predicted_classes(logits: &[f32], width: usize) -> Vec<Option<u32>> {
    rows(logits, width).map(predicted_class).collect()
}

/// The whole rows of outputs of this width; none of a width of 0.
pub(crate) fn rows(logits: &[f32], width: usize) -> impl Iterator<Item = &[f32]> {
    logits.chunks_exact(width.max(1)).take(if width == 0 { 0 } else { usize::MAX })
}

/// How many classes outputs of this width are of: one logit a row is that of class 1 of two.
pub(crate) fn classes(width: usize) -> usize {
    width.max(2)
}

/// The number of the largest value, the first on ties; `None` where one is NaN or there is none.
pub(crate) fn largest(values: impl Iterator<Item = f64>) -> Option<u32> {
    let mut best: Option<(u32, f64)> = None;
    for (class, value) in (0..).zip(values) {
        if value.is_nan() {
            return None;
        }
        if best.is_none_or(|(_, most)| value > most) {
            best = Some((class, value));
        }
    }
    best.map(|(class, _)| class)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_logit_is_the_class_and_the_first_on_ties() {
        let rows: [([f32; 3], u32); 5] = [
            ([0.0, 1.0, 0.5], 1),
            ([2.0, 2.0, 1.0], 0),
            ([-1.0, -3.0, -1.0], 0),
            ([f32::NEG_INFINITY, 0.0, f32::INFINITY], 2),
            ([f32::NEG_INFINITY; 3], 0),
        ];
        for (row, class) in rows {
            assert_eq!(predicted_class(&row), Some(class), "{row:?}");
        }
    }

    #[test]
    fn one_logit_of_exactly_0_is_class_0() {
        let classes = [0.0, -0.0, 1e-30, -1e-30].map(|logit| predicted_class(&[logit]));
        assert_eq!(classes, [Some(0), Some(0), Some(1), Some(0)]);
    }

    #[test]
    fn a_row_with_nan_or_without_logits_says_no_class() {
        for row in [&[f32::NAN, 1.0][..], &[1.0, f32::NAN], &[f32::NAN], &[]] {
            assert_eq!(predicted_class(row), None, "{row:?}");
        }
        assert!(sigmoid(f64::NAN).is_nan());
        assert!(softmax(&[0.0, f64::NAN]).iter().all(|probability| probability.is_nan()));
        assert!(softmax(&[]).is_empty());
    }

    #[test]
    fn far_logits_give_0_and_1_and_not_nan() {
        assert_eq!([sigmoid(1e4), sigmoid(-1e4), sigmoid(0.0)].map(f64::to_bits), [1.0, 0.0, 0.5].map(f64::to_bits));
        assert_eq!(softmax(&[-1e4, 1e4]).iter().map(|p| p.to_bits()).collect::<Vec<_>>(), [0.0, 1.0].map(f64::to_bits));
        assert!(sigmoid(-700.0) > 0.0);
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_1_and_are_ordered_as_their_logits(logits in prop::collection::vec(-30.0..30.0f64, 1..7)) {
            let probabilities = softmax(&logits);
            prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            for (one, p) in logits.iter().zip(&probabilities) {
                for (other, q) in logits.iter().zip(&probabilities) {
                    prop_assert!(one > other || p <= q);
                }
            }
        }

        #[test]
        fn a_sigmoid_is_the_softmax_of_its_logit_and_0(logit in -40.0..40.0f64) {
            let two = softmax(&[0.0, logit]);
            prop_assert!((sigmoid(logit) - two[1]).abs() <= 1e-15);
            prop_assert!((sigmoid(-logit) - two[0]).abs() <= 1e-15);
        }
    }
}
