//! Bootstrap intervals over whole replicates, for statistics that have no t interval: medians and interquartile means.

use super::alpha::Alpha;
use super::describe::sorted;
use super::distribution::{normal_cdf, normal_quantile};
use super::interval::Interval;
use super::multisets::{MOST_ENUMERATED, multisets};
use super::stream::Stream;
use super::sum::{mean, sum};

/// The fewest replicates for an interval by resampling: below, its coverage falls well under the nominal one.
pub const FEWEST_RESAMPLED: usize = 20;

/// The number of seeded resamples.
pub const RESAMPLES: usize = 10_000;

/// Values nearer than this share of their range count as tied.
const TIE: f64 = 1e-12;

/// How the interval is read off the resampled estimates (Efron and Tibshirani 1993).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Their quantiles at alpha/2 and 1 - alpha/2.
    Percentile,
    /// Bias-corrected and accelerated (`BCa`): z0 from the share under the estimate (ties half), a from the jackknife.
    BiasCorrectedAccelerated,
}

/// The estimates of all resamples of a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Resampled {
    estimate: f64,
    /// From the smallest, each with its weight.
    estimates: Vec<(f64, u64)>,
    /// That of the corrected method; `None` where the jackknife gives no estimate.
    acceleration: Option<f64>,
}

/// The bootstrap distribution of `statistic` over `values`, one per replicate.
///
/// Up to 8 replicates all resamples are enumerated: that shows the shape, but is too narrow for an interval in a report
/// (it covers .83 for a nominal .95 at n = 5). From [`FEWEST_RESAMPLED`] on, [`RESAMPLES`] are drawn from the stream of
/// `seed`. The order of the values does not matter. `None` in between, for fewer than two values, if one is not finite,
/// or if `statistic` gives nothing, or nothing finite, for some resample.
pub fn bootstrap(values: &[f64], seed: u64, statistic: impl Fn(&[f64]) -> Option<f64>) -> Option<Resampled> {
    let values = sorted(values)?;
    let n = values.len();
    let finite = |sample: &[f64]| statistic(sample).filter(|estimate| estimate.is_finite());
    let mut estimates: Vec<(f64, u64)> = match n {
        0 | 1 => return None,
        2..=MOST_ENUMERATED => multisets(n)
            .into_iter()
            .map(|(counts, ways)| Some((finite(&repeat(&values, &counts))?, ways)))
            .collect::<Option<_>>()?,
        FEWEST_RESAMPLED.. => {
            let mut stream = Stream::new(seed);
            let mut draw = || values.iter().map(|_| values[stream.below(n)]).collect::<Vec<f64>>();
            (0..RESAMPLES).map(|_| Some((finite(&draw())?, 1))).collect::<Option<_>>()?
        }
        _ => return None,
    };
    estimates.sort_by(|one, other| one.0.total_cmp(&other.0));
    Some(Resampled { estimate: finite(&values)?, estimates, acceleration: acceleration(&values, finite) })
}

impl Resampled {
    /// The statistic of the values themselves.
    pub fn estimate(&self) -> f64 {
        self.estimate
    }

    /// The interval by `method`; by the corrected one `None` if the estimate lies outside all resamples, or if the
    /// jackknife fails.
    pub fn interval(&self, alpha: Alpha, method: Method) -> Option<Interval> {
        let (low, high) = (alpha.get() / 2.0, 1.0 - alpha.get() / 2.0);
        let (low, high) = match method {
            Method::Percentile => (low, high),
            Method::BiasCorrectedAccelerated => (self.corrected(low)?, self.corrected(high)?),
        };
        Some(Interval { low: self.quantile(low)?, high: self.quantile(high)? })
    }

    /// The smallest estimate that at least `probability` of the weight does not exceed.
    fn quantile(&self, probability: f64) -> Option<f64> {
        let wanted = probability * self.weight() as f64;
        let mut passed = 0;
        let found = self.estimates.iter().find(|(_, weight)| {
            passed += weight;
            passed as f64 >= wanted
        });
        found.or(self.estimates.last()).map(|(estimate, _)| *estimate)
    }

    /// The probability that the corrected method reads in place of `probability`.
    fn corrected(&self, probability: f64) -> Option<f64> {
        let bias = normal_quantile(self.share_below())?;
        let shifted = bias + normal_quantile(probability)?;
        let scale = 1.0 - self.acceleration? * shifted;
        (scale > 0.0).then(|| normal_cdf(bias + shifted / scale))
    }

    /// The share of the weight under the estimate, ties counting half.
    fn share_below(&self) -> f64 {
        let range = match (self.estimates.first(), self.estimates.last()) {
            (Some(first), Some(last)) => last.0 - first.0,
            _ => 0.0,
        };
        let halves = |estimate: f64| {
            let above = estimate - self.estimate;
            if above.abs() <= TIE * range { 1 } else { 2 * u64::from(above < 0.0) }
        };
        let below: u64 = self.estimates.iter().map(|(estimate, weight)| halves(*estimate) * weight).sum();
        below as f64 / (2 * self.weight()) as f64
    }

    fn weight(&self) -> u64 {
        self.estimates.iter().map(|(_, weight)| weight).sum()
    }
}

/// The values, each as often as its count says.
fn repeat(values: &[f64], counts: &[usize]) -> Vec<f64> {
    values.iter().zip(counts).flat_map(|(value, count)| std::iter::repeat_n(*value, *count)).collect()
}

/// The acceleration from leaving out one value at a time; 0 where that changes nothing.
fn acceleration(values: &[f64], statistic: impl Fn(&[f64]) -> Option<f64>) -> Option<f64> {
    let without = |place: usize| {
        let mut rest = values.to_vec();
        rest.remove(place);
        statistic(&rest)
    };
    let estimates = (0..values.len()).map(without).collect::<Option<Vec<f64>>>()?;
    let centre = mean(&estimates)?;
    let largest = estimates.iter().fold(0.0_f64, |largest, estimate| largest.max((centre - estimate).abs()));
    if largest <= 0.0 {
        return Some(0.0);
    }
    let moved: Vec<f64> = estimates.iter().map(|estimate| (centre - estimate) / largest).collect();
    let squares = sum(moved.iter().map(|moved| moved * moved));
    let cubes = sum(moved.iter().map(|moved| moved * moved * moved));
    Some(cubes / (6.0 * squares * squares.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::describe::median;
    use crate::statistics::golden::{A, B, assert_digits, assert_near};

    fn resampled_difference() -> Resampled {
        let differences: Vec<f64> = A.iter().zip(B).map(|(a, b)| a - b).collect();
        bootstrap(&differences, 0, mean).unwrap()
    }

    #[test]
    fn the_exact_bootstrap_of_the_golden_difference_agrees_with_an_enumeration_in_scipy() {
        // NumPy 2.4 and SciPy 1.17 over all 5^5 resamples, quantiles by inverted_cdf.
        let resampled = resampled_difference();
        assert_near(resampled.estimate(), 0.0106, 1e-9);
        let percentile = resampled.interval(Alpha::FIVE_PERCENT, Method::Percentile).unwrap();
        assert_digits(percentile.low, "0.00678000");
        assert_digits(percentile.high, "0.01516000");
        let corrected = resampled.interval(Alpha::FIVE_PERCENT, Method::BiasCorrectedAccelerated).unwrap();
        assert_digits(corrected.low, "0.00682000");
        assert_digits(corrected.high, "0.01520000");
    }

    #[test]
    fn the_probabilities_that_bca_reads_agree_with_scipy() {
        // SciPy 1.17: stats.norm over the same enumeration.
        let resampled = resampled_difference();
        assert_near(resampled.corrected(0.025).unwrap(), 0.038_215_222_1, 1e-6);
        assert_near(resampled.corrected(0.975).unwrap(), 0.985_529_779_5, 1e-6);
    }

    #[test]
    fn between_nine_and_nineteen_replicates_and_for_one_there_is_no_bootstrap() {
        for n in [0, 1, 9, 19] {
            let values: Vec<f64> = (0..n).map(f64::from).collect();
            assert_eq!(bootstrap(&values, 0, mean), None, "{n}");
        }
        assert_eq!(bootstrap(&[1.0, f64::NAN], 0, mean), None);
    }

    #[test]
    fn the_seed_decides_and_the_order_of_the_replicates_does_not() {
        let values: Vec<f64> = (0..20).map(|place| f64::from(place * place)).collect();
        let mut turned = values.clone();
        turned.reverse();
        assert_eq!(bootstrap(&values, 3, median), bootstrap(&turned, 3, median));
        assert_ne!(bootstrap(&values, 3, median), bootstrap(&values, 4, median));
    }

    #[test]
    fn a_resampled_mean_has_nearly_the_spread_of_its_standard_error() {
        let values: Vec<f64> = (0..30).map(f64::from).collect();
        let interval = bootstrap(&values, 1, mean).unwrap().interval(Alpha::FIVE_PERCENT, Method::Percentile).unwrap();
        // By hand: 1.96 * sqrt((30^2 - 1) / 12 / 30).
        assert!((interval.half_width() - 3.097).abs() < 0.1, "{interval:?}");
        assert!((f64::midpoint(interval.low, interval.high) - 14.5).abs() < 0.1, "{interval:?}");
    }

    #[test]
    fn constant_values_have_an_interval_of_themselves() {
        for n in [5, 20] {
            for method in [Method::Percentile, Method::BiasCorrectedAccelerated] {
                let interval =
                    bootstrap(&vec![0.5; n], 0, mean).unwrap().interval(Alpha::FIVE_PERCENT, method).unwrap();
                assert_near(interval.low, 0.5, 1e-15);
                assert_near(interval.high, 0.5, 1e-15);
            }
        }
    }
}
