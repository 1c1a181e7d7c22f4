//! How often replicates diverge or fail: a rate of its own, never hidden by leaving them out.

use super::alpha::Alpha;
use super::distribution::normal_quantile;
use super::interval::Interval;

/// A share of replicates with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// events / n.
    pub share: f64,
    /// The score interval of Wilson (1927), without correction for continuity.
    pub interval: Interval,
}

/// The rate of `events` among `n` replicates (statsmodels' `proportion_confint(method="wilson")`).
///
/// `None` for no replicates or more events than replicates.
pub fn rate(events: usize, n: usize, alpha: Alpha) -> Option<Rate> {
    if n == 0 || events > n {
        return None;
    }
    let z = -normal_quantile(alpha.get() / 2.0)?;
    let (count, share) = (n as f64, events as f64 / n as f64);
    let scale = 1.0 + z * z / count;
    let centre = (share + z * z / (2.0 * count)) / scale;
    let half_width = z * (share * (1.0 - share) / count + z * z / (4.0 * count * count)).sqrt() / scale;
    // The ends at none and at all are 0 and 1 exactly; rounding must not take them past.
    let low = if events == 0 { 0.0 } else { centre - half_width };
    let high = if events == n { 1.0 } else { centre + half_width };
    Some(Rate { share, interval: Interval { low, high } })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::rate;
    use crate::statistics::alpha::Alpha;
    use crate::statistics::golden::assert_digits;

    #[test]
    fn wilson_intervals_agree_with_scipy() {
        // SciPy 1.17: binomtest(k, n).proportion_ci(method="wilson").
        for (events, n, low, high) in [
            (0, 5, "0.0000000000", "0.4344824648"),
            (1, 5, "0.0362241086", "0.6244653702"),
            (3, 20, "0.0523687459", "0.3604188647"),
            (5, 5, "0.5655175352", "1.0000000000"),
        ] {
            let interval = rate(events, n, Alpha::FIVE_PERCENT).unwrap().interval;
            assert_digits(interval.low, low);
            assert_digits(interval.high, high);
        }
    }

    #[test]
    fn no_replicates_have_no_rate() {
        assert_eq!(rate(0, 0, Alpha::FIVE_PERCENT), None);
        assert_eq!(rate(2, 1, Alpha::FIVE_PERCENT), None);
    }

    proptest! {
        #[test]
        fn events_and_their_absence_mirror_and_the_share_is_inside(n in 1..200_usize, part in 0.0..=1.0_f64) {
            let events = (part * n as f64) as usize;
            let (one, other) =
                (rate(events, n, Alpha::FIVE_PERCENT).unwrap(), rate(n - events, n, Alpha::FIVE_PERCENT).unwrap());
            prop_assert!((one.interval.low + other.interval.high - 1.0).abs() < 1e-12);
            prop_assert!(one.interval.contains(one.share));
            prop_assert!(0.0 <= one.interval.low && one.interval.high <= 1.0);
        }
    }
}
