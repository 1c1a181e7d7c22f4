//! A loss that falls with the number of rows as a power law: loss = floor + scale * rows^-exponent (Hestness et al. 2017).

use super::alpha::Alpha;
use super::distribution::student_t_critical;
use super::interval::Interval;
use super::mean_test::standard_deviation;
use super::stream::Stream;
use super::sum::mean;

/// Sizes that a fit needs: one more than it has parameters.
pub const FEWEST_SIZES: usize = 4;

/// The exponents that are looked at.
const EXPONENTS: (f64, f64) = (0.01, 4.0);

/// Exponents of the first look, in equal ratios.
const LOOKS: usize = 60;

/// Steps of the second look, each of which leaves 0.618 of what is left.
const STEPS: usize = 60;

/// Resamples of the replicates that an interval is made from.
const RESAMPLES: usize = 300;

/// A fitted law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerLaw {
    /// What no number of rows gets below; at least 0.
    pub floor: f64,
    /// What the loss is above the floor at one row; at least 0.
    pub scale: f64,
    /// How fast that falls: each doubling of the rows divides it by 2^exponent.
    pub exponent: f64,
    /// The root of the mean squared error, as a share of the loss.
    pub error: f64,
}

/// What a law says of a number of rows that was not tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// The loss that it gives.
    pub loss: f64,
    /// The interval of that loss; `None` for fewer than two replicates.
    pub interval: Option<Interval>,
    /// The loss over the law's own at the most rows that were tried.
    pub ratio: f64,
    /// The interval of the ratio; `None` for fewer than two replicates.
    pub ratio_interval: Option<Interval>,
}

impl PowerLaw {
    /// The law with the smallest sum of squared relative errors over (rows, loss).
    ///
    /// For a given exponent the law is linear in floor and scale, so these are solved exactly, with neither below 0 (variable
    /// projection, Golub and Pereyra 1973); the exponent is looked for over [`EXPONENTS`], first in equal ratios, then by
    /// golden sections around the best. `None` for fewer than [`FEWEST_SIZES`] different sizes, or where a number is not
    /// above 0 and finite.
    pub fn fit(points: &[(f64, f64)]) -> Option<Self> {
        let is_positive = |value: f64| value.is_finite() && value > 0.0;
        if !points.iter().all(|(rows, loss)| is_positive(*rows) && is_positive(*loss)) {
            return None;
        }
        let mut sizes: Vec<f64> = points.iter().map(|(rows, _)| *rows).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.dedup();
        if sizes.len() < FEWEST_SIZES {
            return None;
        }
        // In units of the most rows, so that powers stay near 1.
        let most = *sizes.last()?;
        let scaled: Vec<(f64, f64)> = points.iter().map(|(rows, loss)| (rows / most, *loss)).collect();
        let ratio = libm::log(EXPONENTS.1 / EXPONENTS.0);
        let exponent = |share: f64| EXPONENTS.0 * libm::exp(share * ratio);
        let error = |share: f64| at_exponent(&scaled, exponent(share)).1;
        let looks: Vec<f64> = (0..=LOOKS).map(|look| error(look as f64 / LOOKS as f64)).collect();
        let best = (0..looks.len()).min_by(|one, other| looks[*one].total_cmp(&looks[*other]))?;
        let at = |look: usize| look as f64 / LOOKS as f64;
        let (mut low, mut high) = (at(best.saturating_sub(1)), at((best + 1).min(LOOKS)));
        let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
        let (mut one, mut other) = (high - golden * (high - low), low + golden * (high - low));
        let (mut of_one, mut of_other) = (error(one), error(other));
        for _ in 0..STEPS {
            if of_one <= of_other {
                (high, other, of_other) = (other, one, of_one);
                one = high - golden * (high - low);
                of_one = error(one);
            } else {
                (low, one, of_one) = (one, other, of_other);
                other = low + golden * (high - low);
                of_other = error(other);
            }
        }
        let found = exponent(f64::midpoint(low, high));
        let ((floor, scale), squares) = at_exponent(&scaled, found);
        let law = Self {
            floor,
            scale: scale * libm::pow(most, found),
            exponent: found,
            error: (squares / points.len() as f64).sqrt(),
        };
        law.scale.is_finite().then_some(law)
    }

    /// The loss of a number of rows.
    pub fn at(&self, rows: f64) -> f64 {
        self.floor + self.scale * libm::pow(rows, -self.exponent)
    }

    /// Whether the exponent stands at an end of what was looked at, so that the losses do not determine it.
    pub fn is_undetermined(&self) -> bool {
        self.scale <= 0.0 || self.exponent < 1.02 * EXPONENTS.0 || self.exponent > 0.98 * EXPONENTS.1
    }
}

/// Floor and scale at an exponent, neither below 0, and the sum of squared relative errors.
fn at_exponent(points: &[(f64, f64)], exponent: f64) -> ((f64, f64), f64) {
    // Relative errors: every equation is divided by its loss.
    let rows: Vec<(f64, f64)> =
        points.iter().map(|(rows, loss)| (1.0 / loss, libm::pow(*rows, -exponent) / loss)).collect();
    // A handful of numbers of one size in the order of the sizes: a plain sum is exact enough, and as fixed.
    let total = |read: fn(&(f64, f64)) -> f64| rows.iter().map(read).sum::<f64>();
    let (ones, powers) = (total(|row| row.0 * row.0), total(|row| row.1 * row.1));
    let (both, one, power) = (total(|row| row.0 * row.1), total(|row| row.0), total(|row| row.1));
    let determinant = ones * powers - both * both;
    let (mut floor, mut scale) =
        ((one * powers - power * both) / determinant, (power * ones - one * both) / determinant);
    if !(floor.is_finite() && scale.is_finite()) || scale < 0.0 {
        (floor, scale) = (one / ones, 0.0);
    } else if floor < 0.0 {
        (floor, scale) = (0.0, power / powers);
    }
    let squares = rows
        .iter()
        .map(|(one, power)| {
            let error = 1.0 - floor * one - scale * power;
            error * error
        })
        .sum();
    ((floor, scale), squares)
}

/// The law through the means of `losses`, and what it says of `rows`, with intervals over replicates: `losses[size][replicate]`
/// are those of `sizes[size]`.
///
/// Replicates are drawn again, jointly for all sizes, from the stream of `seed`. Of a few replicates the quantiles of resamples
/// are too narrow, so the interval is that of t in logarithms: estimate ± t(n - 1) · s · √(n / (n - 1)), where s is the standard
/// deviation over resamples. For a plain mean that is the t interval. `None` where no law can be fitted, or a size lacks a
/// replicate.
pub fn forecast(
    sizes: &[f64],
    losses: &[Vec<f64>],
    rows: f64,
    alpha: Alpha,
    seed: u64,
) -> Option<(PowerLaw, Forecast)> {
    let n = losses.first()?.len();
    if sizes.len() != losses.len() || n == 0 || losses.iter().any(|losses| losses.len() != n) {
        return None;
    }
    let most = sizes.iter().copied().reduce(f64::max)?;
    let fit_of = |drawn: &[usize]| -> Option<PowerLaw> {
        let points = sizes.iter().zip(losses).map(|(size, losses)| {
            let values: Vec<f64> = drawn.iter().filter_map(|replicate| losses.get(*replicate).copied()).collect();
            Some((*size, mean(&values)?))
        });
        PowerLaw::fit(&points.collect::<Option<Vec<_>>>()?)
    };
    let says = |law: &PowerLaw| (law.at(rows), law.at(rows) / law.at(most));
    let law = fit_of(&(0..n).collect::<Vec<_>>())?;
    let (loss, ratio) = says(&law);
    let alone = Forecast { loss, interval: None, ratio, ratio_interval: None };
    if n < 2 {
        return Some((law, alone));
    }
    let mut stream = Stream::new(seed);
    let resamples: Vec<(f64, f64)> = (0..RESAMPLES)
        .filter_map(|_| fit_of(&(0..n).map(|_| stream.below(n)).collect::<Vec<_>>()))
        .map(|law| {
            let (loss, ratio) = says(&law);
            (libm::log(loss), libm::log(ratio))
        })
        .collect();
    let t = student_t_critical(alpha.get() / 2.0, (n - 1) as f64)?;
    let widen = t * (n as f64 / (n - 1) as f64).sqrt();
    let around = |estimate: f64, read: fn(&(f64, f64)) -> f64| -> Option<Interval> {
        let half_width = widen * standard_deviation(&resamples.iter().map(read).collect::<Vec<_>>())?;
        Some(Interval::around(libm::log(estimate), half_width).map(libm::exp))
    };
    let [interval, ratio_interval] = [around(loss, |found| found.0), around(ratio, |found| found.1)];
    Some((law, Forecast { interval, ratio_interval, ..alone }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::assert_near;

    const ROWS: [f64; 6] = [50.0, 100.0, 200.0, 400.0, 800.0, 1_600.0];

    fn points(losses: [f64; 6]) -> Vec<(f64, f64)> {
        ROWS.into_iter().zip(losses).collect()
    }

    #[test]
    fn laws_agree_with_scipy() {
        // SciPy 1.17: tests/golden/power_law.py, optimize.curve_fit with sigma = losses.
        let exact = ROWS.map(|rows| 0.02 + 3.0 * libm::pow(rows, -0.7));
        let golden = [
            (exact, [0.02, 3.0, 0.7, 0.0], 0.030_556_410_5),
            (
                [0.2310, 0.1405, 0.0981, 0.0652, 0.0499, 0.0432],
                [0.031_616_048_7, 5.336_840_89, 0.840_285_617, 0.023_576_986_4],
                0.037_668_860_1,
            ),
            (
                [0.2310, 0.1405, 0.0851, 0.0515, 0.0309, 0.0189],
                [4.097_758_73e-5, 3.940_590_12, 0.724_458_247, 0.003_653_844_48],
                0.011_423_183_9,
            ),
        ];
        for (losses, [floor, scale, exponent, error], at_3200) in golden {
            let law = PowerLaw::fit(&points(losses)).unwrap();
            assert!((law.floor - floor).abs() < 2e-7, "{law:?}");
            assert_near(law.scale, scale, 1e-5);
            assert_near(law.exponent, exponent, 1e-6);
            assert!((law.error - error).abs() < 1e-8, "{law:?}");
            assert_near(law.at(3_200.0), at_3200, 1e-5);
            assert!(!law.is_undetermined());
        }
    }

    #[test]
    fn a_loss_that_does_not_fall_has_no_law_that_says_so() {
        let flat = PowerLaw::fit(&points([0.5; 6])).unwrap();
        assert!(flat.is_undetermined() && (flat.at(1e6) - 0.5).abs() < 1e-2, "{flat:?}");
        let rising = PowerLaw::fit(&points([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])).unwrap();
        assert!(rising.is_undetermined(), "{rising:?}");
    }

    #[test]
    fn three_sizes_and_losses_that_are_not_positive_are_not_fitted() {
        assert_eq!(PowerLaw::fit(&[(10.0, 0.3), (20.0, 0.2), (40.0, 0.1)]), None);
        assert_eq!(PowerLaw::fit(&[(10.0, 0.3), (20.0, 0.2), (40.0, 0.1), (40.0, 0.11)]), None);
        assert_eq!(PowerLaw::fit(&points([0.5, 0.4, 0.3, 0.2, 0.1, 0.0])), None);
        assert_eq!(PowerLaw::fit(&points([0.5, 0.4, 0.3, 0.2, 0.1, f64::NAN])), None);
    }

    #[test]
    fn equal_replicates_leave_no_doubt_and_one_alone_has_no_interval() {
        let losses = ROWS.map(|rows| vec![0.02 + 3.0 * libm::pow(rows, -0.7); 4]).to_vec();
        let (law, found) = forecast(&ROWS, &losses, 3_200.0, Alpha::FIVE_PERCENT, 1).unwrap();
        assert_near(law.at(3_200.0), found.loss, 1e-15);
        let interval = found.interval.unwrap();
        assert_near(found.loss, 0.030_556_410_5, 1e-6);
        assert!((interval.high - interval.low).abs() < 1e-6, "{interval:?}");
        assert_near(found.ratio, 0.030_556_410_5 / (0.02 + 3.0 * libm::pow(1_600.0, -0.7)), 1e-6);
        let one: Vec<Vec<f64>> = losses.iter().map(|losses| losses[..1].to_vec()).collect();
        assert_eq!(forecast(&ROWS, &one, 3_200.0, Alpha::FIVE_PERCENT, 1).unwrap().1.interval, None);
        assert_eq!(forecast(&ROWS, &losses[..5], 3_200.0, Alpha::FIVE_PERCENT, 1), None);
    }

    #[test]
    fn the_interval_of_a_doubling_holds_the_truth_about_as_often_as_it_says() {
        // A law known to be true, with a common factor of each replicate of 5 %: 5 replicates, 30 sweeps.
        let mut stream = Stream::new(3);
        let mut noise = || (0..12).map(|_| stream.below(1_000_001) as f64 / 1e6).sum::<f64>() - 6.0;
        let truth = 0.02 + 3.0 * libm::pow(3_200.0, -0.7);
        let mut held = 0;
        for sweep in 0..30 {
            let common: Vec<f64> = (0..5).map(|_| 1.0 + 0.05 * noise()).collect();
            let losses: Vec<Vec<f64>> = ROWS
                .iter()
                .map(|rows| common.iter().map(|factor| factor * (0.02 + 3.0 * libm::pow(*rows, -0.7))).collect())
                .collect();
            let (_, found) = forecast(&ROWS, &losses, 3_200.0, Alpha::FIVE_PERCENT, sweep).unwrap();
            held += usize::from(found.interval.unwrap().contains(truth));
        }
        assert!((26..=30).contains(&held), "{held} of 30");
    }

    proptest! {
        #[test]
        fn scaling_the_rows_or_the_losses_scales_the_law(
            exponent in 0.2..1.5_f64, floor in 0.01..0.5_f64, by_rows in 0.1..100.0_f64, by_loss in 0.1..10.0_f64
        ) {
            let of = |rows: f64| floor + 2.0 * libm::pow(rows / 50.0, -exponent);
            let plain: Vec<(f64, f64)> = ROWS.into_iter().map(|rows| (rows, of(rows))).collect();
            let scaled: Vec<(f64, f64)> = plain.iter().map(|(rows, loss)| (rows * by_rows, loss * by_loss)).collect();
            let (one, other) = (PowerLaw::fit(&plain).unwrap(), PowerLaw::fit(&scaled).unwrap());
            prop_assert!((one.exponent - other.exponent).abs() < 1e-4, "{:?} {:?}", one, other);
            prop_assert!((other.at(3_200.0 * by_rows) / (by_loss * one.at(3_200.0)) - 1.0).abs() < 1e-4);
        }
    }
}
