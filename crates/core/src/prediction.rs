//! What a network says of rows, in the words of its task.

use swath_metrics::Classified;

use crate::data::{TargetScale, Targets};

/// What a network says of rows, one entry a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Predictions {
    /// Numbers in the target's own units: transform and scaling undone. Infinite where that is beyond f64.
    Numbers(Vec<f64>),
    /// Classes.
    Classes {
        /// The class that counts as predicted: of the largest logit, the first on ties.
        classes: Vec<u32>,
        /// Row-major, one a class: they sum to 1.
        probabilities: Vec<f64>,
    },
}

/// What leaves a network, row-major and `width` numbers a row, in the words of the targets' task: logits become
/// probabilities (softmax; of one logit the logistic function, for classes 0 and 1). `None` where an output is no number.
///
/// In f64 with elementary functions of libm, so that the bits are the same everywhere.
pub fn of_outputs(outputs: &[f32], width: usize, targets: &Targets, scale: &TargetScale) -> Option<Predictions> {
    if outputs.iter().any(|output| output.is_nan()) {
        return None;
    }
    match targets {
        Targets::Numbers { .. } => {
            Some(Predictions::Numbers(outputs.iter().map(|&output| scale.to_own_units(f64::from(output))).collect()))
        }
        Targets::Classes(_) => {
            let classified = Classified::from_logits(outputs, width);
            let classes = classified.predicted().iter().copied().collect::<Option<_>>()?;
            let probabilities: Vec<f64> = classified.probabilities().flatten().copied().collect();
            let are_numbers = probabilities.iter().all(|probability| probability.is_finite());
            are_numbers.then_some(Predictions::Classes { classes, probabilities })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spec::Transform;

    fn classes(outputs: &[f32], width: usize) -> (Vec<u32>, Vec<f64>) {
        match of_outputs(outputs, width, &Targets::Classes(Vec::new()), &TargetScale::IDENTITY).unwrap() {
            Predictions::Classes { classes, probabilities } => (classes, probabilities),
            Predictions::Numbers(_) => panic!("numbers"),
        }
    }

    fn is_near(values: &[f64], wanted: &[f64]) -> bool {
        values.len() == wanted.len() && values.iter().zip(wanted).all(|(value, wanted)| (value - wanted).abs() < 1e-12)
    }

    /// Figures by SciPy 1.17 (`scipy.special.softmax`, `expit`).
    #[test]
    fn logits_become_probabilities() {
        let (found, probabilities) = classes(&[1.0, 2.0, 3.0, 0.5, 0.5, -2.0], 3);
        assert_eq!(found, [2, 0]);
        let wanted = [
            0.090_030_573_170_380_46,
            0.244_728_471_054_797_64,
            0.665_240_955_774_821_8,
            0.480_287_788_760_268_95,
            0.480_287_788_760_268_95,
            0.039_424_422_479_462_07,
        ];
        assert!(is_near(&probabilities, &wanted), "{probabilities:?}");
        let (found, probabilities) = classes(&[0.0, 2.0, -800.0], 1);
        assert_eq!(found, [0, 1, 0]);
        assert!(is_near(&probabilities, &[0.5, 0.5, 0.119_202_922_022_117_56, 0.880_797_077_977_882_4, 1.0, 0.0]));
    }

    #[test]
    fn numbers_are_in_the_targets_own_units() {
        let scale = TargetScale { shift: 7.0, factor: 2.0, transform: Some(Transform::Log) };
        let targets = Targets::Numbers { scaled: vec![0.0], own: vec![1.0] };
        let found = of_outputs(&[-1.0], 1, &targets, &scale);
        assert_eq!(found, Some(Predictions::Numbers(vec![libm::exp(5.0)])));
        assert_eq!(of_outputs(&[f32::NAN], 1, &targets, &scale), None);
    }

    proptest! {
        #[test]
        fn probabilities_sum_to_1_and_the_largest_is_the_class(logits in prop::collection::vec(-60.0f32..60.0, 2..8)) {
            let (found, probabilities) = classes(&logits, logits.len());
            prop_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let largest = probabilities.iter().copied().fold(0.0, f64::max);
            prop_assert_eq!(probabilities[found[0] as usize].to_bits(), largest.to_bits());
        }
    }
}
