//! What a number of replicates can see, and the number that is needed.

use super::alpha::Alpha;
use super::distribution::{normal_cdf, normal_quantile, student_t_critical, trapezoid};

/// The most replicates that a search for a needed number goes up to.
pub const MOST_REPLICATES: usize = 100_000;

/// The power of the two-sided paired t test of `n` replicates at a true effect `d_z`, both tails counted.
///
/// `None` for fewer than two replicates or an effect that is not finite (statsmodels' `TTestPower`).
pub fn power(d_z: f64, n: usize, alpha: Alpha) -> Option<f64> {
    if n < 2 {
        return None;
    }
    power_of(d_z * (n as f64).sqrt(), (n - 1) as f64, alpha)
}

/// The smallest `d_z` that `n` replicates see with probability `wanted`; `None` for fewer than two replicates or unless
/// `alpha < wanted < 1`.
pub fn smallest_effect(n: usize, alpha: Alpha, wanted: f64) -> Option<f64> {
    if !is_power(wanted, alpha) {
        return None;
    }
    let mut low = 0.0;
    let mut high = 1.0;
    while power(high, n, alpha)? < wanted {
        low = high;
        high *= 2.0;
        if high > 1e6 {
            return None;
        }
    }
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if power(middle, n, alpha)? < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high)
}

/// The fewest replicates that see `d_z` with probability `wanted`.
///
/// `None` for no effect, unless `alpha < wanted < 1`, or if [`MOST_REPLICATES`] are too few.
pub fn needed_replicates(d_z: f64, alpha: Alpha, wanted: f64) -> Option<usize> {
    if d_z == 0.0 || !is_power(wanted, alpha) {
        return None;
    }
    let guess = normal_replicates(d_z, alpha, wanted).unwrap_or(2.0);
    fewest(guess, |n| power(d_z, n, alpha).is_some_and(|power| power >= wanted))
}

/// What the normal distribution in place of t would say: ((z + z) / `d_z`)^2.
pub(super) fn normal_replicates(d_z: f64, alpha: Alpha, wanted: f64) -> Option<f64> {
    let root = (normal_quantile(1.0 - alpha.get() / 2.0)? + normal_quantile(wanted)?) / d_z;
    Some(root * root)
}

/// The replicates that tell `probability_better` = P(a beats b) from one half, with error `alpha` on one side and a
/// power of 1 - `miss` (Noether 1987; the 29 of Bouthillier et al. 2021 is .75 with both errors at .05).
///
/// ((z + z) / (sqrt(6) * (p - 1/2)))^2, not rounded up. `None` unless the probability is in 0 ..= 1 and not one half.
pub fn noether(probability_better: f64, alpha: Alpha, miss: Alpha) -> Option<f64> {
    let distance = probability_better - 0.5;
    if distance == 0.0 || !(0.0..=1.0).contains(&probability_better) {
        return None;
    }
    let quantiles = normal_quantile(1.0 - alpha.get())? + normal_quantile(1.0 - miss.get())?;
    let root = quantiles / (6.0_f64.sqrt() * distance);
    Some(root * root)
}

/// The fewest replicates, two to [`MOST_REPLICATES`], for which `holds`, which must stay true once it is. The search
/// spreads from `guess`, which changes nothing but how long it takes.
pub(super) fn fewest(guess: f64, holds: impl Fn(usize) -> bool) -> Option<usize> {
    let guess = (guess as usize).clamp(2, MOST_REPLICATES);
    let mut step = guess / 64 + 2;
    let (mut fails, mut enough) = (1, guess);
    if holds(guess) {
        while enough > 2 {
            let lower = enough.saturating_sub(step).max(2);
            if !holds(lower) {
                fails = lower;
                break;
            }
            enough = lower;
            step *= 2;
        }
    } else {
        fails = guess;
        loop {
            if fails >= MOST_REPLICATES {
                return None;
            }
            enough = (fails + step).min(MOST_REPLICATES);
            if holds(enough) {
                break;
            }
            fails = enough;
            step *= 2;
        }
    }
    while enough - fails > 1 {
        let middle = usize::midpoint(fails, enough);
        if holds(middle) {
            enough = middle;
        } else {
            fails = middle;
        }
    }
    Some(enough)
}

/// The chance that |T| exceeds t(1 - alpha/2), where T has `degrees` degrees of freedom and non-centrality `shift`.
///
/// The normal tails, given the ratio of the observed to the true standard deviation, integrated over that ratio's
/// distribution (chi over its root of degrees) in its logarithm.
pub(super) fn power_of(shift: f64, degrees: f64, alpha: Alpha) -> Option<f64> {
    if !shift.is_finite() {
        return None;
    }
    let critical = student_t_critical(alpha.get() / 2.0, degrees)?;
    // Beyond these ends the density has fallen by exp(-40).
    let narrow = (80.0 / degrees).sqrt();
    let low = if narrow < 0.75 { -narrow } else { -0.5 - 40.0 / degrees };
    let high = (40.0 / degrees).sqrt();
    let width = (0.1 / (2.0 * degrees).sqrt()).min(0.02);
    let half = degrees / 2.0;
    let peak = std::f64::consts::LN_2 + half * (libm::log(half) - 1.0) - libm::lgamma(half);
    let integral = trapezoid(low, high, libm::ceil((high - low) / width) as u32, |logarithm| {
        let bound = critical * libm::exp(logarithm);
        let density = libm::exp(peak + degrees * (logarithm - 0.5 * libm::expm1(2.0 * logarithm)));
        density * (normal_cdf(shift - bound) + normal_cdf(-shift - bound))
    });
    Some(integral.clamp(0.0, 1.0))
}

fn is_power(wanted: f64, alpha: Alpha) -> bool {
    alpha.get() < wanted && wanted < 1.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{assert_digits, assert_near};

    #[test]
    fn the_power_of_no_effect_is_alpha() {
        for n in [2, 3, 5, 20, 400, 20_000] {
            assert_near(power(0.0, n, Alpha::FIVE_PERCENT).unwrap(), 0.05, 1e-8);
        }
    }

    #[test]
    fn powers_agree_with_the_noncentral_t_of_scipy() {
        // SciPy 1.17: stats.nct.sf(t, n - 1, d * sqrt(n)) + stats.nct.cdf(-t, n - 1, d * sqrt(n)).
        for (d_z, n, golden) in [
            (1.0, 2, "0.0928091551"),
            (3.26, 3, "0.7992268860"),
            (1.0, 5, "0.4013899174"),
            (0.5, 30, "0.7539647157"),
            (0.05, 5_000, "0.9423591728"),
        ] {
            assert_digits(power(d_z, n, Alpha::FIVE_PERCENT).unwrap(), golden);
        }
    }

    #[test]
    fn the_smallest_effects_seen_agree_with_statsmodels() {
        // statsmodels 0.15: TTestPower().solve_power(power=.8, nobs=n, alpha=.05) and at .05 / 6.
        let plain = [(3, "3.26"), (5, "1.68"), (8, "1.16"), (10, "1.00"), (15, "0.78"), (20, "0.66"), (30, "0.53")];
        for (n, golden) in plain {
            assert_digits(smallest_effect(n, Alpha::FIVE_PERCENT, 0.8).unwrap(), golden);
        }
        for (n, golden) in [(5, "2.76"), (8, "1.65"), (10, "1.37"), (20, "0.86")] {
            assert_digits(smallest_effect(n, Alpha::FIVE_PERCENT.over(6), 0.8).unwrap(), golden);
        }
    }

    #[test]
    fn needed_replicates_agree_with_statsmodels() {
        // statsmodels 0.15: TTestPower().solve_power(effect_size=d, power=.8, alpha=.05), rounded up.
        for (d_z, golden) in [(0.5, 34), (0.8, 15), (1.0, 10), (1.5, 6)] {
            assert_eq!(needed_replicates(d_z, Alpha::FIVE_PERCENT, 0.8), Some(golden));
            assert_eq!(needed_replicates(-d_z, Alpha::FIVE_PERCENT, 0.8), Some(golden));
        }
    }

    proptest! {
        #[test]
        fn wherever_the_search_begins_it_finds_the_first_that_is_enough(
            first in prop_oneof![2..200_usize, 2..=MOST_REPLICATES], guess in prop_oneof![0.0..300.0_f64, 0.0..2e5],
        ) {
            prop_assert_eq!(fewest(guess, |n| n >= first), Some(first));
            prop_assert_eq!(fewest(guess, |_| false), None);
        }
    }

    #[test]
    fn noether_gives_the_often_quoted_twenty_nine() {
        // Bouthillier et al. 2021, with SciPy 1.17's normal quantiles.
        let needed = noether(0.75, Alpha::FIVE_PERCENT, Alpha::FIVE_PERCENT).unwrap();
        assert_digits(needed, "28.86");
        assert_eq!(needed.ceil() as usize, 29);
    }

    #[test]
    fn what_cannot_be_seen_gives_nothing() {
        assert_eq!(power(1.0, 1, Alpha::FIVE_PERCENT), None);
        assert_eq!(power(f64::NAN, 5, Alpha::FIVE_PERCENT), None);
        assert_eq!(smallest_effect(1, Alpha::FIVE_PERCENT, 0.8), None);
        assert_eq!(smallest_effect(5, Alpha::FIVE_PERCENT, 1.0), None);
        assert_eq!(needed_replicates(0.0, Alpha::FIVE_PERCENT, 0.8), None);
        assert_eq!(needed_replicates(1e-6, Alpha::FIVE_PERCENT, 0.8), None);
        assert_eq!(needed_replicates(f64::NAN, Alpha::FIVE_PERCENT, 0.8), None);
        assert_eq!(noether(0.5, Alpha::FIVE_PERCENT, Alpha::FIVE_PERCENT), None);
        assert_eq!(noether(f64::NAN, Alpha::FIVE_PERCENT, Alpha::FIVE_PERCENT), None);
    }
}
