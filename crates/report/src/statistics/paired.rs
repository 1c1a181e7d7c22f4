//! Two points, paired replicate by replicate: the difference, the ratio, and how much the pairing is worth.

use super::alpha::Alpha;
use super::interval::Interval;
use super::mean_test::{MeanTest, Replicates, standard_deviation};
use super::sum::{mean, sum};

/// The replicates that two points both finished, with finite values: at least one.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairs {
    a: Vec<f64>,
    b: Vec<f64>,
    left_out: usize,
}

/// A ratio of geometric means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// The geometric mean of b over that of a.
    pub ratio: f64,
    /// The t interval of the mean log ratio, taken back; `None` for one pair.
    pub interval: Option<Interval>,
}

impl Pairs {
    /// Pairs `a` and `b` by place; a replicate that is missing or not finite on either side is left out and counted.
    ///
    /// `None` if the lengths differ or no pair remains.
    pub fn new(a: &[Option<f64>], b: &[Option<f64>]) -> Option<Self> {
        if a.len() != b.len() {
            return None;
        }
        let (a_kept, b_kept): (Vec<f64>, Vec<f64>) = a
            .iter()
            .zip(b)
            .filter_map(|(a, b)| (*a).zip(*b))
            .filter(|(a, b)| a.is_finite() && b.is_finite() && (a - b).is_finite())
            .unzip();
        let left_out = a.len() - a_kept.len();
        (!a_kept.is_empty()).then_some(Self { a: a_kept, b: b_kept, left_out })
    }

    /// As [`Pairs::new`] where every replicate has a value; NaN is a missing one.
    pub fn of_values(a: &[f64], b: &[f64]) -> Option<Self> {
        let present = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        Self::new(&present(a), &present(b))
    }

    /// The number of pairs.
    pub fn n(&self) -> usize {
        self.a.len()
    }

    /// The number of replicates that one side lacks.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The values of the first point.
    pub fn a(&self) -> &[f64] {
        &self.a
    }

    /// The values of the second point.
    pub fn b(&self) -> &[f64] {
        &self.b
    }

    /// a - b, pair by pair.
    pub fn differences(&self) -> Vec<f64> {
        self.a.iter().zip(&self.b).map(|(a, b)| a - b).collect()
    }

    /// The mean of a - b; `None` if the sum overflows.
    pub fn mean_difference(&self) -> Option<f64> {
        mean(&self.differences())
    }

    /// The paired t test of a - b; `None` for one pair.
    ///
    /// Differences that are equal up to the rounding of a and b are constant.
    pub fn test(&self, replicates: Replicates) -> Option<MeanTest> {
        let largest = self.a.iter().chain(&self.b).fold(0.0_f64, |largest, value| largest.max(value.abs()));
        MeanTest::with_noise(&self.differences(), largest * f64::EPSILON, replicates)
    }

    /// b / a on logarithms; `None` unless all values are positive.
    pub fn ratio(&self, alpha: Alpha) -> Option<Ratio> {
        if self.a.iter().chain(&self.b).any(|value| *value <= 0.0) {
            return None;
        }
        let on_logarithms = Self::of_values(&logarithms(&self.b), &logarithms(&self.a))?;
        let interval = on_logarithms.test(Replicates::Independent).map(|test| test.interval(alpha).map(libm::exp));
        Some(Ratio { ratio: libm::exp(on_logarithms.mean_difference()?), interval })
    }

    /// Pearson's correlation of a and b: what pairing lives on. `None` for fewer than two pairs or a constant side.
    pub fn correlation(&self) -> Option<f64> {
        let (mean_a, mean_b) = (mean(&self.a)?, mean(&self.b)?);
        let (sd_a, sd_b) = (standard_deviation(&self.a)?, standard_deviation(&self.b)?);
        if sd_a <= 0.0 || sd_b <= 0.0 {
            return None;
        }
        let products = self.a.iter().zip(&self.b).map(|(a, b)| ((a - mean_a) / sd_a) * ((b - mean_b) / sd_b));
        let correlation = sum(products) / (self.n() - 1) as f64;
        correlation.is_finite().then(|| correlation.clamp(-1.0, 1.0))
    }

    /// var(a - b) / (var a + var b): under 1 the pairing pays. `None` for fewer than two pairs or two constant sides.
    pub fn variance_kept(&self) -> Option<f64> {
        let square = |values: &[f64]| standard_deviation(values).map(|sd| sd * sd);
        let kept = square(&self.differences())? / (square(&self.a)? + square(&self.b)?);
        kept.is_finite().then_some(kept)
    }
}

fn logarithms(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| libm::log(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::golden::{A, B, assert_digits, assert_near};

    #[test]
    fn the_golden_pair_agrees_with_scipy() {
        // SciPy 1.17: ttest_rel, pearsonr, and ttest_1samp of the log ratios.
        let pairs = Pairs::of_values(&A, &B).unwrap();
        assert_near(pairs.mean_difference().unwrap(), 0.0106, 1e-9);
        assert_digits(pairs.test(Replicates::Independent).unwrap().t().unwrap(), "4.435962");
        assert_digits(pairs.correlation().unwrap(), "0.930");
        assert_digits(pairs.variance_kept().unwrap(), "0.197");
        let ratio = pairs.ratio(Alpha::FIVE_PERCENT).unwrap();
        assert_digits(ratio.ratio, "0.959898");
        assert_digits(ratio.interval.unwrap().low, "0.937038");
        assert_digits(ratio.interval.unwrap().high, "0.983316");
    }

    #[test]
    fn a_replicate_missing_on_either_side_is_left_out_and_counted() {
        let a = [Some(1.0), None, Some(3.0), Some(f64::NAN)];
        let b = [Some(0.5), Some(1.0), Some(1.5), Some(2.0)];
        let pairs = Pairs::new(&a, &b).unwrap();
        assert_eq!((pairs.n(), pairs.left_out()), (2, 2));
        assert_near(pairs.mean_difference().unwrap(), 1.0, 1e-15);
        assert_eq!(Pairs::new(&[None], &[Some(1.0)]), None);
        assert_eq!(Pairs::new(&a, &b[..2]), None);
    }

    #[test]
    fn one_pair_has_a_difference_and_a_ratio_but_no_test() {
        let pairs = Pairs::of_values(&[0.4], &[0.2]).unwrap();
        assert_near(pairs.mean_difference().unwrap(), 0.2, 1e-15);
        assert_eq!(pairs.test(Replicates::Independent), None);
        assert_eq!(pairs.correlation(), None);
        let ratio = pairs.ratio(Alpha::FIVE_PERCENT).unwrap();
        assert_near(ratio.ratio, 0.5, 1e-12);
        assert_eq!(ratio.interval, None);
    }

    #[test]
    fn a_shift_that_only_rounding_blurs_is_constant() {
        let shifted: Vec<f64> = A.iter().map(|a| a + 0.1).collect();
        let test = Pairs::of_values(&shifted, &A).unwrap().test(Replicates::Independent).unwrap();
        assert!(test.is_constant());
        assert_near(test.p(), 0.0625, 1e-15);
    }
}
