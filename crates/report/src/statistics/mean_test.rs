//! The t test and t interval of a mean: one loss per replicate, or one difference, contrast or rise per replicate.

use super::alpha::Alpha;
use super::distribution::{student_t_critical, student_t_upper_tail};
use super::interval::Interval;
use super::sum::{mean, sum};

/// How the values of the replicates depend on each other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Replicates {
    /// The same training and test rows in all replicates: the values are independent given the data.
    #[default]
    Independent,
    /// Different splits whose training rows overlap: the variance of the mean is (1/n + test/train) times that of a
    /// value (Nadeau and Bengio 2003).
    Resplit {
        /// Rows trained on in each replicate; zero counts as one.
        training_rows: usize,
        /// Rows tested on in each replicate.
        test_rows: usize,
    },
}

impl Replicates {
    /// What the overlap of training rows adds to 1/n.
    pub(super) fn overlap(self) -> f64 {
        match self {
            Self::Independent => 0.0,
            Self::Resplit { training_rows, test_rows } => test_rows as f64 / training_rows.max(1) as f64,
        }
    }
}

/// A mean over replicates and what is needed to judge it: at least two finite values.
///
/// Values that differ by no more than rounding are constant: `sd` is then 0, there is no t, the interval is the mean
/// alone, and p values are those of the exact sign-flip test (n equal differences: 2 / 2^n on two sides).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanTest {
    n: usize,
    mean: f64,
    sd: f64,
    overlap: f64,
}

/// One side of a t test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneSided {
    /// (mean - bound) / standard error; `None` where the values are constant.
    pub t: Option<f64>,
    /// The p value.
    pub p: f64,
}

impl MeanTest {
    /// `None` for fewer than two values, for a value that is not finite, or if the sums overflow.
    pub fn new(values: &[f64], replicates: Replicates) -> Option<Self> {
        let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        Self::with_noise(values, largest * f64::EPSILON, replicates)
    }

    /// As [`MeanTest::new`] for values that carry a rounding error of `noise`, as differences of larger numbers do.
    pub(super) fn with_noise(values: &[f64], noise: f64, replicates: Replicates) -> Option<Self> {
        let sd = standard_deviation(values)?;
        let sd = if sd <= noise { 0.0 } else { sd };
        Some(Self { n: values.len(), mean: mean(values)?, sd, overlap: replicates.overlap() })
    }

    /// The number of replicates.
    pub fn n(&self) -> usize {
        self.n
    }

    /// The mean of the values.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The standard deviation of the values (n - 1); 0 where they are constant.
    pub fn sd(&self) -> f64 {
        self.sd
    }

    /// The same value in every replicate, up to rounding.
    pub fn is_constant(&self) -> bool {
        self.sd <= 0.0
    }

    /// The degrees of freedom of t: n - 1.
    pub fn degrees(&self) -> f64 {
        (self.n - 1) as f64
    }

    /// The standard error of the mean, with the overlap of training rows if that was asked for.
    pub fn standard_error(&self) -> f64 {
        self.sd * self.error_in_sd(self.n)
    }

    /// mean / standard error; `None` where the values are constant.
    pub fn t(&self) -> Option<f64> {
        self.t_above(0.0)
    }

    /// The two-sided p of a mean of 0.
    pub fn p(&self) -> f64 {
        (2.0 * self.less_than(0.0).p.min(self.greater_than(0.0).p)).min(1.0)
    }

    /// The test that the mean is under `bound`: p is small if it is.
    pub fn less_than(&self, bound: f64) -> OneSided {
        let t = self.t_above(bound);
        OneSided { t, p: self.one_sided_p(t.map(|t| -t), bound - self.mean) }
    }

    /// The test that the mean is over `bound`: p is small if it is.
    pub fn greater_than(&self, bound: f64) -> OneSided {
        let t = self.t_above(bound);
        OneSided { t, p: self.one_sided_p(t, self.mean - bound) }
    }

    /// mean +- t(1 - alpha/2, n - 1) * standard error.
    pub fn interval(&self, alpha: Alpha) -> Interval {
        Interval::around(self.mean, self.half_width(alpha.get() / 2.0))
    }

    /// The upper end of the interval that is open below, wrong with probability `alpha`.
    pub fn upper_bound(&self, alpha: Alpha) -> f64 {
        self.mean + self.half_width(alpha.get())
    }

    /// The lower end of the interval that is open above, wrong with probability `alpha`.
    pub fn lower_bound(&self, alpha: Alpha) -> f64 {
        self.mean - self.half_width(alpha.get())
    }

    /// The standard error that `n` replicates would have, in units of the standard deviation.
    pub(super) fn error_in_sd(&self, n: usize) -> f64 {
        (1.0 / n as f64 + self.overlap).sqrt()
    }

    fn t_above(&self, bound: f64) -> Option<f64> {
        (!self.is_constant()).then(|| (self.mean - bound) / self.standard_error()).filter(|t| !t.is_nan())
    }

    fn one_sided_p(&self, t: Option<f64>, excess: f64) -> f64 {
        match t.and_then(|t| student_t_upper_tail(t, self.degrees())) {
            Some(p) => p,
            // Of 2^n flips of equal differences only the observed one reaches their sum.
            None if excess > 0.0 => libm::pow(0.5, self.n as f64),
            None => 1.0,
        }
    }

    fn half_width(&self, tail: f64) -> f64 {
        if self.is_constant() {
            return 0.0;
        }
        student_t_critical(tail, self.degrees()).map_or(f64::INFINITY, |t| t * self.standard_error())
    }
}

/// The standard deviation with n - 1; `None` for fewer than two values or if a value or a sum is not finite.
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let mean = mean(values)?;
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max((value - mean).abs()));
    if largest <= 0.0 {
        return Some(0.0);
    }
    // Scaled by a power of two, which is exact, so that squares neither overflow nor vanish.
    let (_, exponent) = libm::frexp(largest);
    let squares = values.iter().map(|value| {
        let scaled = libm::ldexp(value - mean, -exponent);
        scaled * scaled
    });
    let variance = sum(squares) / (values.len() - 1) as f64;
    let sd = libm::ldexp(variance.sqrt(), exponent);
    sd.is_finite().then_some(sd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::golden::{A, B, assert_digits, assert_near};

    fn difference(replicates: Replicates) -> MeanTest {
        let differences: Vec<f64> = A.iter().zip(B).map(|(a, b)| a - b).collect();
        MeanTest::new(&differences, replicates).unwrap()
    }

    #[test]
    fn the_t_test_of_the_golden_difference_agrees_with_scipy() {
        // SciPy 1.17: stats.ttest_rel(a, b) and its confidence_interval().
        let test = difference(Replicates::Independent);
        assert_near(test.mean(), 0.0106, 1e-9);
        assert_digits(test.t().unwrap(), "4.435962");
        assert_digits(test.p(), "0.01136941");
        let interval = test.interval(Alpha::FIVE_PERCENT);
        assert_digits(interval.low, "0.00396552");
        assert_digits(interval.high, "0.01723448");
    }

    #[test]
    fn overlapping_splits_widen_the_error_as_nadeau_and_bengio_say() {
        // SciPy 1.17: stats.t with the variance of Nadeau and Bengio (2003) for 800 training and 200 test rows.
        let test = difference(Replicates::Resplit { training_rows: 800, test_rows: 200 });
        assert_digits(test.t().unwrap(), "2.957308");
        assert_digits(test.p(), "0.041666");
    }

    #[test]
    fn the_bounds_are_the_ends_of_the_interval_at_twice_the_error() {
        let test = difference(Replicates::Independent);
        let interval = test.interval(Alpha::new(0.1).unwrap());
        assert_near(test.lower_bound(Alpha::FIVE_PERCENT), interval.low, 1e-12);
        assert_near(test.upper_bound(Alpha::FIVE_PERCENT), interval.high, 1e-12);
    }

    #[test]
    fn constant_values_never_divide_by_zero_and_take_the_sign_flip_p() {
        let test = MeanTest::new(&[0.1; 5], Replicates::Independent).unwrap();
        assert!(test.is_constant());
        assert_eq!(test.t(), None);
        assert_near(test.p(), 0.0625, 1e-15);
        assert_near(test.greater_than(0.0).p, 0.03125, 1e-15);
        assert_near(test.less_than(0.0).p, 1.0, 1e-15);
        let interval = test.interval(Alpha::FIVE_PERCENT);
        assert_eq!((interval.low.to_bits(), interval.high.to_bits()), (0.1_f64.to_bits(), 0.1_f64.to_bits()));
    }

    #[test]
    fn no_difference_at_all_has_a_p_of_one() {
        assert_near(MeanTest::new(&[0.0; 3], Replicates::Independent).unwrap().p(), 1.0, 1e-15);
    }

    #[test]
    fn one_value_or_one_that_is_not_finite_gives_no_test() {
        assert_eq!(MeanTest::new(&[], Replicates::Independent), None);
        assert_eq!(MeanTest::new(&[1.0], Replicates::Independent), None);
        assert_eq!(MeanTest::new(&[1.0, f64::NAN], Replicates::Independent), None);
        assert_eq!(MeanTest::new(&[1.0, f64::INFINITY], Replicates::Independent), None);
    }

    #[test]
    fn tiny_and_huge_values_keep_their_standard_deviation() {
        assert_near(standard_deviation(&[1e-200, 3e-200]).unwrap(), 2.0_f64.sqrt() * 1e-200, 1e-12);
        assert_near(standard_deviation(&[1e200, 3e200]).unwrap(), 2.0_f64.sqrt() * 1e200, 1e-12);
    }
}
