//! Scaling, fitted on training rows alone.

use crate::spec::Scale;

/// scaled = (x - shift) / factor, or 0 for a column that is constant over the training rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fit {
    pub(super) shift: f64,
    /// Never 0.
    pub(super) factor: f64,
    pub(super) is_constant: bool,
}

impl Fit {
    /// Nothing is changed.
    pub(super) const IDENTITY: Self = Self { shift: 0.0, factor: 1.0, is_constant: false };

    /// Fits values in their order, so that the sums have the same bits everywhere. A column whose spread vanishes in
    /// 64-bit floating point counts as constant. Figures may be infinite or NaN where values near 1e308 add up; what
    /// is scaled by them then is not finite.
    pub(super) fn new(scale: Scale, values: &[f64]) -> Self {
        let (low, high) = range(values);
        let (shift, factor) = match scale {
            Scale::None => return Self::IDENTITY,
            Scale::MinMax => (low, high - low),
            Scale::Standard => {
                let count = values.len() as f64;
                let mean = values.iter().sum::<f64>() / count;
                let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
                (mean, libm::sqrt(variance))
            }
        };
        if low >= high || factor == 0.0 {
            return Self { shift: low, factor: 1.0, is_constant: true };
        }
        Self { shift, factor, is_constant: false }
    }

    /// The scaled value; `None` where it is no finite 32-bit number.
    pub(super) fn apply(self, value: f64) -> Option<f32> {
        if self.is_constant {
            return Some(0.0);
        }
        let scaled = ((value - self.shift) / self.factor) as f32;
        (scaled.is_finite() && self.factor.is_finite()).then_some(scaled)
    }
}

/// Least and greatest value.
pub(super) fn range(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
        (if value < low { value } else { low }, if value > high { value } else { high })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean is 5, the squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32, and 32 / 8 = 4 (by hand).
    #[test]
    fn standard_scaling_divides_by_the_population_deviation() {
        let fit = Fit::new(Scale::Standard, &[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!(fit, Fit { shift: 5.0, factor: 2.0, is_constant: false });
        assert_eq!(fit.apply(9.0), Some(2.0));
        assert_eq!(fit.apply(0.0), Some(-2.5));
    }

    #[test]
    fn min_max_scaling_maps_the_training_range_to_0_and_1() {
        let fit = Fit::new(Scale::MinMax, &[-1.0, 3.0, 1.0]);
        assert_eq!([-1.0, 1.0, 3.0, 7.0].map(|value| fit.apply(value)), [Some(0.0), Some(0.5), Some(1.0), Some(2.0)]);
        assert_eq!(Fit::new(Scale::None, &[1.0, 1.0]), Fit::IDENTITY);
    }

    #[test]
    fn a_constant_column_becomes_0_even_where_its_mean_is_rounded() {
        for scale in [Scale::Standard, Scale::MinMax] {
            for values in [vec![0.1; 7], vec![5.0], vec![0.0, -0.0], vec![1e308; 3]] {
                let fit = Fit::new(scale, &values);
                assert!(fit.is_constant, "{values:?}");
                assert_eq!(fit.apply(123.0), Some(0.0));
            }
        }
        assert!(Fit::new(Scale::Standard, &[0.0, 5e-324]).is_constant);
    }

    #[test]
    fn what_does_not_fit_32_bits_is_no_number() {
        assert_eq!(Fit::IDENTITY.apply(1e39), None);
        assert_eq!(Fit::new(Scale::Standard, &[1e308, -1e308]).apply(1.0), None);
        assert_eq!(Fit::new(Scale::MinMax, &[f64::MAX, -f64::MAX]).apply(1.0), None);
        assert_eq!(Fit::new(Scale::Standard, &[1e308, 1e308, 0.0]).apply(1.0), None);
    }
}
