//! A closed range of values, as intervals of confidence are.

/// From `low` to `high`, both included; units are those of the estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    pub(super) fn around(centre: f64, half_width: f64) -> Self {
        Self { low: centre - half_width, high: centre + half_width }
    }

    /// Whether `value` is inside, ends included; false for NaN.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Whether all of it lies in -margin ..= margin; false for NaN.
    pub fn is_within(&self, margin: f64) -> bool {
        -margin <= self.low && self.high <= margin
    }

    /// Half the distance of the ends.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    pub(super) fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self { low: change(self.low), high: change(self.high) }
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn ends_belong_to_the_interval_and_nan_does_not() {
        let interval = Interval { low: -1.0, high: 2.0 };
        assert!(interval.contains(-1.0) && interval.contains(2.0) && !interval.contains(2.5));
        assert!(!interval.contains(f64::NAN));
        assert!(interval.is_within(2.0) && !interval.is_within(1.5) && !interval.is_within(f64::NAN));
    }
}
