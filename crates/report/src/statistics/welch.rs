//! Two points whose replicates have nothing in common: Welch's t test.

use super::alpha::Alpha;
use super::distribution::{student_t_critical, student_t_two_sided};
use super::interval::Interval;
use super::mean_test::standard_deviation;
use super::sum::mean;
use super::verdict::{Direction, Question, Verdict};

/// The difference of two means of independent replicates with variances of their own (Welch 1947): at least two finite
/// values on each side.
///
/// Only where replicates cannot be paired: a paired test ([`super::Pairs`]) sees far smaller differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Welch {
    difference: f64,
    standard_error: f64,
    degrees: f64,
}

impl Welch {
    /// Of a - b; `None` for fewer than two values on a side, for a value that is not finite, or if the sums overflow.
    ///
    /// Sides that are both constant up to rounding have a standard error of 0.
    pub fn new(a: &[f64], b: &[f64]) -> Option<Self> {
        let difference = mean(a)? - mean(b)?;
        let squared_error = |values: &[f64]| {
            let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
            let sd = standard_deviation(values)?;
            let sd = if sd <= largest * f64::EPSILON { 0.0 } else { sd };
            Some(sd * sd / values.len() as f64)
        };
        let (of_a, of_b) = (squared_error(a)?, squared_error(b)?);
        let sum = of_a + of_b;
        let (freedom_a, freedom_b) = ((a.len() - 1) as f64, (b.len() - 1) as f64);
        // Welch and Satterthwaite; written as shares of the sum, so that small variances do not vanish.
        let (share_a, share_b) = (of_a / sum, of_b / sum);
        let degrees = if sum > 0.0 {
            1.0 / (share_a * share_a / freedom_a + share_b * share_b / freedom_b)
        } else {
            freedom_a + freedom_b
        };
        let test = Self { difference, standard_error: sum.sqrt(), degrees };
        (test.difference.is_finite() && test.standard_error.is_finite() && degrees.is_finite()).then_some(test)
    }

    /// Mean of a less mean of b.
    pub fn difference(&self) -> f64 {
        self.difference
    }

    /// The degrees of freedom after Welch and Satterthwaite.
    pub fn degrees(&self) -> f64 {
        self.degrees
    }

    /// The two-sided p of no difference; `None` where both sides are constant.
    pub fn p(&self) -> Option<f64> {
        (self.standard_error > 0.0)
            .then(|| student_t_two_sided(self.difference / self.standard_error, self.degrees))
            .flatten()
    }

    /// As [`Question::verdict`] of paired differences; how many replicates would settle it is not said, as both sides
    /// would need more.
    pub fn verdict(&self, question: &Question, adjusted_p: f64) -> Verdict {
        let is_constant = self.standard_error <= 0.0;
        let excludes_zero = !self.interval(question.alpha).contains(0.0);
        if excludes_zero && (is_constant || adjusted_p < question.alpha.get()) {
            let lower = self.difference < 0.0;
            let is_better = lower == (question.direction == Direction::LowerIsBetter);
            return if is_better { Verdict::Better } else { Verdict::Worse };
        }
        if self.interval(question.alpha.over(question.comparisons)).is_within(question.margin.max(0.0)) {
            return Verdict::SameWithinMargin;
        }
        Verdict::NotEnoughReplicates { needed: None }
    }

    /// The t interval of the difference; the difference alone where both sides are constant.
    pub fn interval(&self, alpha: Alpha) -> Interval {
        let critical = student_t_critical(alpha.get() / 2.0, self.degrees).unwrap_or(f64::INFINITY);
        let half_width = if self.standard_error > 0.0 { critical * self.standard_error } else { 0.0 };
        Interval::around(self.difference, half_width)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Direction, Question, Verdict, Welch};
    use crate::statistics::Alpha;
    use crate::statistics::golden::{A, B, assert_near};

    #[test]
    fn difference_p_degrees_and_interval_are_those_of_scipy() {
        // SciPy 1.17.1: ttest_ind(a, b, equal_var=False), with its confidence_interval(.95).
        for (b, p, degrees, low, high) in [
            (
                &B[..],
                0.093_763_579_061_271_33,
                6.376_573_798_990_444,
                -0.002_392_192_686_644_25,
                0.023_592_192_686_644_246,
            ),
            (
                &B[..3],
                0.170_260_008_674_570_28,
                5.285_686_868_546_896,
                -0.006_268_109_730_566_494,
                0.027_374_776_397_233_1,
            ),
        ] {
            let test = Welch::new(&A, b).unwrap();
            let interval = test.interval(Alpha::FIVE_PERCENT);
            assert_near(test.p().unwrap(), p, 1e-9);
            assert_near(test.degrees(), degrees, 1e-9);
            assert_near(interval.low, low, 1e-9);
            assert_near(interval.high, high, 1e-9);
        }
    }

    #[test]
    fn the_verdict_follows_interval_and_p_and_swapping_mirrors_it() {
        let question = |margin| Question {
            alpha: Alpha::FIVE_PERCENT,
            comparisons: 1,
            margin,
            direction: Direction::LowerIsBetter,
        };
        let verdict = |a: &[f64], b: &[f64], margin| {
            let test = Welch::new(a, b).unwrap();
            test.verdict(&question(margin), test.p().unwrap_or(0.0))
        };
        assert_eq!(verdict(&A, &B, 0.0), Verdict::NotEnoughReplicates { needed: None }, "p is .094");
        assert_eq!(verdict(&A, &B, 0.1), Verdict::SameWithinMargin);
        let lower = B.map(|value| value - 0.05);
        assert_eq!((verdict(&A, &lower, 0.0), verdict(&lower, &A, 0.0)), (Verdict::Worse, Verdict::Better));
        assert_eq!(verdict(&[0.5; 3], &[0.25; 3], 0.0), Verdict::Worse, "constant sides are exact");
    }

    #[test]
    fn too_few_or_infinite_values_give_no_test_and_constant_ones_no_p() {
        assert_eq!(Welch::new(&[1.0], &A), None);
        assert_eq!(Welch::new(&A, &[1.0, f64::NAN]), None);
        let constant = Welch::new(&[0.5; 3], &[0.25; 4]).unwrap();
        assert_eq!((constant.difference(), constant.p()), (0.25, None));
        assert!(constant.interval(Alpha::FIVE_PERCENT).half_width() <= 0.0);
        assert!(Welch::new(&[0.5; 3], &A).unwrap().p().is_some());
    }

    proptest! {
        #[test]
        fn swapping_sides_mirrors_and_scaling_scales(
            a in prop::collection::vec(0.1..10.0_f64, 2..8),
            b in prop::collection::vec(0.1..10.0_f64, 2..8),
            factor in 0.01..100.0_f64,
        ) {
            let scaled = |values: &[f64]| values.iter().map(|value| value * factor).collect::<Vec<_>>();
            let [one, swapped, larger] =
                [Welch::new(&a, &b), Welch::new(&b, &a), Welch::new(&scaled(&a), &scaled(&b))].map(Option::unwrap);
            prop_assert!((one.difference() + swapped.difference()).abs() < 1e-12);
            prop_assert!((one.p().unwrap() - swapped.p().unwrap()).abs() < 1e-9);
            prop_assert!((one.p().unwrap() - larger.p().unwrap()).abs() < 1e-6);
        }
    }
}
