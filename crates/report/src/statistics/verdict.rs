//! The verdict on two points, in words.

use super::alpha::Alpha;
use super::distribution::{normal_quantile, student_t_critical};
use super::interval::Interval;
use super::mean_test::MeanTest;
use super::power::{fewest, normal_replicates, power_of};

/// The power at which a number of replicates is said to settle a comparison.
const SETTLING_POWER: f64 = 0.8;

/// Which way a metric improves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Losses and errors.
    LowerIsBetter,
    /// Accuracies.
    HigherIsBetter,
}

/// What is asked of each comparison of a family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    /// The error allowed to the family.
    pub alpha: Alpha,
    /// The comparisons in the family; zero counts as one.
    pub comparisons: usize,
    /// Differences within -margin ..= margin do not matter; negative or NaN counts as 0.
    pub margin: f64,
    /// Which way the metric improves.
    pub direction: Direction,
}

/// How the first point stands to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Told apart, and better.
    Better,
    /// Told apart, and worse.
    Worse,
    /// The whole interval lies within the margin.
    SameWithinMargin,
    /// Neither told apart nor shown to be the same.
    NotEnoughReplicates {
        /// The replicates that would settle it at the mean and spread seen so far, with power .8 if it is a difference;
        /// `None` if that cannot be said (one replicate) or exceeds [`super::power::MOST_REPLICATES`].
        needed: Option<usize>,
    },
}

impl Question {
    /// The interval shown beside a verdict: Bonferroni's, and to be labelled so.
    pub fn interval(&self, difference: &MeanTest) -> Interval {
        difference.interval(self.alpha.over(self.comparisons))
    }

    /// The verdict on the difference first - second, whose Holm-adjusted p is `adjusted_p`; `None` as the difference
    /// stands for fewer than two replicates.
    ///
    /// Better or worse if the plain interval excludes 0 and `adjusted_p < alpha`; else the same if Bonferroni's is
    /// inside the margin. Constant differences are exact: their sign decides, whatever the sign-flip p.
    pub fn verdict(&self, difference: Option<&MeanTest>, adjusted_p: f64) -> Verdict {
        let Some(difference) = difference else { return Verdict::NotEnoughReplicates { needed: None } };
        let excludes_zero = !difference.interval(self.alpha).contains(0.0);
        if excludes_zero && (difference.is_constant() || adjusted_p < self.alpha.get()) {
            let lower = difference.mean() < 0.0;
            return if lower == (self.direction == Direction::LowerIsBetter) {
                Verdict::Better
            } else {
                Verdict::Worse
            };
        }
        if self.interval(difference).is_within(self.margin.max(0.0)) {
            return Verdict::SameWithinMargin;
        }
        Verdict::NotEnoughReplicates { needed: self.needed(difference) }
    }

    /// The fewest replicates that would tell the points apart, or show them the same, at the mean and spread seen.
    fn needed(&self, difference: &MeanTest) -> Option<usize> {
        if difference.is_constant() {
            return None;
        }
        let alpha = self.alpha.over(self.comparisons);
        let effect = difference.mean().abs() / difference.sd();
        let room = (self.margin.max(0.0) - difference.mean().abs()) / difference.sd();
        // The normal distribution says nearly how many a difference takes, and a sameness in reach no more.
        let of_difference = normal_replicates(effect, alpha, SETTLING_POWER).unwrap_or(f64::INFINITY);
        let of_sameness = normal_quantile(1.0 - alpha.get() / 2.0).map_or(f64::INFINITY, |z| (z / room) * (z / room));
        let guess = if room > 0.0 { of_difference.min(of_sameness) } else { of_difference };
        fewest(guess, |n| {
            let (error, degrees) = (difference.error_in_sd(n), (n - 1) as f64);
            let half_width = student_t_critical(alpha.get() / 2.0, degrees).map(|t| t * error);
            half_width.is_some_and(|half_width| half_width <= room)
                || power_of(effect / error, degrees, alpha).is_some_and(|power| power >= SETTLING_POWER)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{A, B};
    use crate::statistics::mean_test::Replicates;
    use crate::statistics::paired::Pairs;

    fn question(margin: f64) -> Question {
        Question { alpha: Alpha::FIVE_PERCENT, comparisons: 1, margin, direction: Direction::LowerIsBetter }
    }

    fn check(question: &Question, a: &[f64], b: &[f64], expected: Verdict) {
        assert_eq!(judge(question, a, b), expected);
    }

    fn judge(question: &Question, a: &[f64], b: &[f64]) -> Verdict {
        let test = Pairs::of_values(a, b).unwrap().test(Replicates::Independent);
        question.verdict(test.as_ref(), test.as_ref().map_or(1.0, MeanTest::p))
    }

    #[test]
    fn the_golden_pair_is_told_apart_and_swapping_or_turning_the_direction_mirrors() {
        check(&question(0.0), &A, &B, Verdict::Worse);
        check(&question(0.0), &B, &A, Verdict::Better);
        let accuracy = Question { direction: Direction::HigherIsBetter, ..question(0.0) };
        check(&accuracy, &A, &B, Verdict::Better);
    }

    #[test]
    fn a_family_of_six_leaves_the_golden_pair_open_and_says_what_would_settle_it() {
        let test = Pairs::of_values(&A, &B).unwrap().test(Replicates::Independent).unwrap();
        let family = Question { comparisons: 6, ..question(0.0) };
        // statsmodels 0.15: TTestPower().solve_power(effect_size=1.983822, power=.8, alpha=.05/6), rounded up.
        assert_eq!(family.verdict(Some(&test), 6.0 * test.p()), Verdict::NotEnoughReplicates { needed: Some(7) });
    }

    #[test]
    fn an_interval_inside_the_margin_is_the_same() {
        let near = [0.2642, 0.2509, 0.2784, 0.2601, 0.2555];
        check(&question(0.001), &A, &near, Verdict::SameWithinMargin);
    }

    #[test]
    fn a_sameness_in_reach_needs_fewer_replicates_than_a_tiny_difference() {
        let near = [0.2642, 0.2509, 0.2784, 0.2601, 0.2555];
        let Verdict::NotEnoughReplicates { needed: Some(needed) } = judge(&question(0.0001), &A, &near) else {
            panic!("not settled")
        };
        assert!((6..20).contains(&needed), "{needed}");
    }

    #[test]
    fn constant_differences_are_decided_exactly() {
        check(&question(0.0), &[0.3, 0.4, 0.5], &[0.2, 0.3, 0.4], Verdict::Worse);
        check(&question(0.0), &A, &A, Verdict::SameWithinMargin);
    }

    #[test]
    fn one_replicate_is_never_enough() {
        check(&question(1.0), &[0.1], &[0.1], Verdict::NotEnoughReplicates { needed: None });
    }

    proptest! {
        #[test]
        fn identical_samples_are_the_same_with_no_difference_and_a_p_of_one(
            values in prop::collection::vec(-1e3..1e3_f64, 2..12), margin in 0.0..1.0_f64
        ) {
            let test = Pairs::of_values(&values, &values).unwrap().test(Replicates::Independent).unwrap();
            prop_assert_eq!(test.mean().to_bits(), 0.0_f64.to_bits());
            prop_assert_eq!(test.p().to_bits(), 1.0_f64.to_bits());
            prop_assert_eq!(question(margin).verdict(Some(&test), test.p()), Verdict::SameWithinMargin);
        }

        #[test]
        fn scaling_losses_scales_the_difference_and_leaves_t_p_and_verdict(
            pairs in prop::collection::vec((0.1..1.0_f64, 0.1..1.0_f64), 2..9), scale in 0.01..100.0_f64
        ) {
            let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
            let scaled = |values: &[f64]| values.iter().map(|value| scale * value).collect::<Vec<_>>();
            let before = Pairs::of_values(&a, &b).unwrap().test(Replicates::Independent).unwrap();
            let after = Pairs::of_values(&scaled(&a), &scaled(&b)).unwrap().test(Replicates::Independent).unwrap();
            let spread = before.sd().max(1e-12);
            prop_assert!((after.mean() - scale * before.mean()).abs() <= 1e-9 * scale * spread);
            prop_assert!((after.t().unwrap() - before.t().unwrap()).abs() <= 1e-6 * (1.0 + before.t().unwrap().abs()));
            prop_assert!((after.p() - before.p()).abs() <= 1e-6);
            if (before.p() - 0.05).abs() > 1e-4 {
                let (one, other) = (question(0.02), question(0.02 * scale));
                let same_kind = |one: Verdict, other: Verdict| {
                    std::mem::discriminant(&one) == std::mem::discriminant(&other)
                };
                prop_assert!(same_kind(
                    one.verdict(Some(&before), before.p()),
                    other.verdict(Some(&after), after.p())
                ));
            }
        }

        #[test]
        fn permuting_replicates_changes_no_bit_and_swapping_points_mirrors(
            pairs in prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), 2..9), turn in 0..9_usize
        ) {
            let mut turned = pairs.clone();
            turned.reverse();
            turned.rotate_left(turn % pairs.len());
            let test = |pairs: &[(f64, f64)], swap: bool| {
                let (a, b): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
                let pairs = if swap { Pairs::of_values(&b, &a) } else { Pairs::of_values(&a, &b) };
                pairs.unwrap().test(Replicates::Independent).unwrap()
            };
            let (plain, swapped) = (test(&pairs, false), test(&pairs, true));
            prop_assert_eq!(plain, test(&turned, false));
            prop_assert!(plain.mean() + swapped.mean() == 0.0);
            prop_assert_eq!(plain.sd().to_bits(), swapped.sd().to_bits());
            prop_assert_eq!(plain.p().to_bits(), swapped.p().to_bits());
            let mirrored = match question(0.1).verdict(Some(&plain), plain.p()) {
                Verdict::Better => Verdict::Worse,
                Verdict::Worse => Verdict::Better,
                other => other,
            };
            prop_assert_eq!(question(0.1).verdict(Some(&swapped), swapped.p()), mirrored);
        }

        #[test]
        fn constant_differences_never_divide_by_zero(
            values in prop::collection::vec(0.1..1.0_f64, 2..9), shift in -1.0..1.0_f64
        ) {
            let shifted: Vec<f64> = values.iter().map(|value| value + shift).collect();
            let test = Pairs::of_values(&shifted, &values).unwrap().test(Replicates::Independent).unwrap();
            prop_assert!(test.p().is_finite() && test.mean().is_finite() && test.standard_error().is_finite());
            let interval = question(0.0).interval(&test);
            prop_assert!(interval.low.is_finite() && interval.high.is_finite());
        }
    }
}
