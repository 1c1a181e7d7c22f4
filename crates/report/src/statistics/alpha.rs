//! The error that a statement is allowed.

/// A probability of error, over 0 and under 1: alpha of a test, 1 - confidence of an interval.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Alpha(f64);

impl Alpha {
    /// The convention of the field: tests at .05, intervals that hold 95 % of the time.
    pub const FIVE_PERCENT: Self = Self(0.05);

    /// `None` unless `0 < alpha < 1` (so `None` for NaN).
    pub fn new(alpha: f64) -> Option<Self> {
        (alpha > 0.0 && alpha < 1.0).then_some(Self(alpha))
    }

    /// The probability itself.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The share of one of `comparisons` after Bonferroni; no comparison counts as one.
    #[must_use]
    pub fn over(self, comparisons: usize) -> Self {
        Self(self.0 / comparisons.max(1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::Alpha;

    #[test]
    fn only_probabilities_strictly_between_zero_and_one_are_taken() {
        for wrong in [0.0, 1.0, -0.1, 1.5, f64::NAN, f64::INFINITY] {
            assert_eq!(Alpha::new(wrong), None);
        }
        assert_eq!(Alpha::new(0.05), Some(Alpha::FIVE_PERCENT));
    }

    #[test]
    fn bonferroni_divides_and_no_comparison_counts_as_one() {
        assert_eq!(Alpha::FIVE_PERCENT.over(5), Alpha(0.05 / 5.0));
        assert_eq!(Alpha::FIVE_PERCENT.over(0), Alpha::FIVE_PERCENT);
    }
}
