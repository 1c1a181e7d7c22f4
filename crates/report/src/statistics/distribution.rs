//! The distributions that tests and intervals lean on: tails and quantiles, each with its domain checked.

use std::cell::RefCell;
use std::collections::HashMap;
use std::f64::consts::{PI, SQRT_2};

use statrs::distribution::{ChiSquared, ContinuousCDF, Normal};

use super::incomplete_beta::regularised_incomplete_beta;

/// Degrees of freedom beyond which expansions about the normal are exact to the last digits, and faster.
const LARGE_DEGREES: f64 = 1e4;

/// Steps of Newton's method at most. A step multiplies a far t by 1 + 1 / degrees, so that few degrees need tens.
const MOST_STEPS: u32 = 2_000;

/// Where the normal density has fallen under 1e-17 of its peak.
const NORMAL_EDGE: f64 = 9.0;

/// Critical values that are remembered; then all are forgotten.
const MOST_KNOWN: usize = 4_096;

thread_local! {
    /// Critical values of Student's t by the bits of tail and degrees of freedom.
    static KNOWN_CRITICAL: RefCell<HashMap<(u64, u64), Option<f64>>> = RefCell::default();
}

/// The density of the standard normal.
pub(super) fn normal_density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// P(Z <= z) of the standard normal; NaN for NaN.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// The quantile of the standard normal; `None` unless `0 < probability < 1`.
pub fn normal_quantile(probability: f64) -> Option<f64> {
    in_open_unit(probability).map(|probability| Normal::standard().inverse_cdf(probability))
}

/// P(T > t) of Student's t; `None` if `t` is NaN or `degrees` is not positive and finite.
///
/// By the incomplete beta function; beyond 1e4 degrees of freedom by the normal approximation of Hill (1970, algorithm
/// 395).
pub fn student_t_upper_tail(t: f64, degrees: f64) -> Option<f64> {
    if t.is_nan() || !is_positive(degrees) {
        return None;
    }
    if degrees > LARGE_DEGREES {
        return Some(normal_cdf(-normal_equivalent(t, degrees)));
    }
    let tail = upper_tail_beyond_0(t.abs(), degrees);
    Some(if t < 0.0 { 1.0 - tail } else { tail })
}

fn upper_tail_beyond_0(t: f64, degrees: f64) -> f64 {
    let square = t * t;
    if square.is_infinite() {
        return 0.0;
    }
    let total = degrees + square;
    0.5 * regularised_incomplete_beta(0.5 * degrees, 0.5, degrees / total, square / total)
}

/// The z whose normal tail is that of `t` for many degrees of freedom.
fn normal_equivalent(t: f64, degrees: f64) -> f64 {
    let reduced = degrees - 0.5;
    let scale = 48.0 * reduced * reduced;
    let y = reduced * libm::log1p(t * t / degrees);
    if !y.is_finite() {
        return t;
    }
    let series = ((-0.4 * y - 3.3) * y - 24.0) * y - 85.5;
    let factor = (series / (0.8 * y * y + 100.0 + scale) + y + 3.0) / scale + 1.0;
    libm::copysign(factor * y.sqrt(), t)
}

/// P(|T| > |t|) of Student's t; `None` as for [`student_t_upper_tail`].
pub fn student_t_two_sided(t: f64, degrees: f64) -> Option<f64> {
    student_t_upper_tail(t.abs(), degrees).map(|tail| (2.0 * tail).min(1.0))
}

/// The quantile of Student's t; `None` unless `0 < probability < 1` and `degrees` is positive and finite.
///
/// At one degree of freedom in closed form (Cauchy); beyond 1e4 the normal's quantile with two terms of the expansion
/// of Fisher and Cornish (1960); else by Newton's method.
pub fn student_t_quantile(probability: f64, degrees: f64) -> Option<f64> {
    let probability = in_open_unit(probability)?;
    if !is_positive(degrees) {
        return None;
    }
    if degrees.to_bits() == 1.0_f64.to_bits() {
        return Some(cauchy_quantile(probability));
    }
    if degrees > LARGE_DEGREES {
        let z = normal_quantile(probability)?;
        let square = z * z;
        let first = z * (square + 1.0) / (4.0 * degrees);
        let second = z * ((5.0 * square + 16.0) * square + 3.0) / (96.0 * degrees * degrees);
        return Some(z + first + second);
    }
    let t = exceeded_with(probability.min(1.0 - probability), degrees);
    Some(libm::copysign(t, probability - 0.5))
}

/// The t of at least 0 that is exceeded with probability `tail`, at most one half: Newton's method from 0 on. The tail
/// is convex there, so that no step goes too far.
fn exceeded_with(tail: f64, degrees: f64) -> f64 {
    let peak = libm::exp(libm::lgamma(0.5 * (degrees + 1.0)) - libm::lgamma(0.5 * degrees)) / (degrees * PI).sqrt();
    let density = |t: f64| peak * libm::exp(-0.5 * (degrees + 1.0) * libm::log1p(t * t / degrees));
    let mut t = 0.0;
    for _ in 0..MOST_STEPS {
        let step = (upper_tail_beyond_0(t, degrees) - tail) / density(t);
        if step.is_nan() || step <= 4e-16 * t {
            break;
        }
        t += step;
    }
    t
}

/// The t that is exceeded with probability `tail`, which may be far smaller than 1 - `tail` can tell from 1.
///
/// A sweep asks for the same few of them hundreds of thousands of times, once an interval, so they are remembered.
pub(super) fn student_t_critical(tail: f64, degrees: f64) -> Option<f64> {
    let key = (tail.to_bits(), degrees.to_bits());
    KNOWN_CRITICAL.with_borrow_mut(|known| {
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        *known.entry(key).or_insert_with(|| student_t_quantile(tail, degrees).map(|t| -t))
    })
}

fn cauchy_quantile(probability: f64) -> f64 {
    let tail = probability.min(1.0 - probability);
    libm::copysign(1.0 / libm::tan(PI * tail), probability - 0.5)
}

/// P(F > f) of Fisher's F; `None` if `f` is negative or NaN, or degrees of freedom are not positive and finite.
pub fn fisher_f_upper_tail(f: f64, numerator: f64, denominator: f64) -> Option<f64> {
    if f.is_nan() || f < 0.0 || !is_positive(numerator) || !is_positive(denominator) {
        return None;
    }
    let total = denominator + numerator * f;
    if total.is_infinite() {
        return Some(0.0);
    }
    let (share, rest) = (denominator / total, numerator * f / total);
    Some(regularised_incomplete_beta(denominator / 2.0, numerator / 2.0, share, rest))
}

/// P(X > x) of chi squared; `None` if `x` is negative or NaN, or `degrees` is not positive and finite.
pub fn chi_squared_upper_tail(x: f64, degrees: f64) -> Option<f64> {
    if x.is_nan() || x < 0.0 || !is_positive(degrees) {
        return None;
    }
    if x.is_infinite() {
        return Some(0.0);
    }
    ChiSquared::new(degrees).ok().map(|distribution| distribution.sf(x))
}

/// P(Q > q) of the studentised range of `groups` at infinite degrees of freedom; `None` if `q` is NaN or `groups` < 2.
///
/// One minus the integral of groups * phi(z) * (Phi(z) - Phi(z - q))^(groups - 1) (Tukey 1953).
pub fn studentised_range_upper_tail(q: f64, groups: usize) -> Option<f64> {
    if q.is_nan() || groups < 2 {
        return None;
    }
    if q <= 0.0 {
        return Some(1.0);
    }
    let power = (groups - 1) as f64;
    let inside = trapezoid(-NORMAL_EDGE, NORMAL_EDGE, 900, |z| {
        normal_density(z) * libm::pow(normal_cdf(z) - normal_cdf(z - q), power)
    });
    Some((1.0 - groups as f64 * inside).clamp(0.0, 1.0))
}

/// The quantile of the studentised range of `groups` at infinite degrees of freedom, by bisection; `None` unless
/// `0 < probability < 1` and there are at least two groups.
pub fn studentised_range_quantile(probability: f64, groups: usize) -> Option<f64> {
    let above = 1.0 - in_open_unit(probability)?;
    let mut low = 0.0;
    let mut high = 1.0;
    while studentised_range_upper_tail(high, groups)? > above {
        high *= 2.0;
        if high > 1e3 {
            return None;
        }
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if studentised_range_upper_tail(middle, groups)? > above {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

/// The trapezoid rule, which converges exponentially for smooth integrands that vanish at both ends.
pub(super) fn trapezoid(low: f64, high: f64, steps: u32, integrand: impl Fn(f64) -> f64) -> f64 {
    let width = (high - low) / f64::from(steps);
    let mut total = 0.5 * (integrand(low) + integrand(high));
    for step in 1..steps {
        total += integrand(low + f64::from(step) * width);
    }
    total * width
}

fn in_open_unit(probability: f64) -> Option<f64> {
    (probability > 0.0 && probability < 1.0).then_some(probability)
}

fn is_positive(degrees: f64) -> bool {
    degrees > 0.0 && degrees.is_finite()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::golden::{assert_digits, assert_near};

    #[test]
    fn t_quantiles_agree_with_scipy_on_both_sides_of_ten_thousand_degrees() {
        // SciPy 1.17: stats.t.ppf(0.975, degrees).
        for (degrees, golden) in [
            (1.0, "12.7062047361747"),
            (2.0, "4.3026527297495"),
            (4.0, "2.7764451051978"),
            (29.0, "2.0452296421327"),
            (1_000.0, "1.9623390808264"),
            (9_999.0, "1.9602012636214"),
            (10_001.0, "1.9602012161646"),
            (1e5, "1.9599877075346"),
            (1e6, "1.9599663568141"),
        ] {
            assert_near(student_t_quantile(0.975, degrees).unwrap(), golden.parse().unwrap(), 1e-10);
        }
    }

    #[test]
    fn t_tails_agree_with_scipy_on_both_sides_of_ten_thousand_degrees() {
        // SciPy 1.17: 2 * stats.t.sf(t, degrees).
        for (t, degrees, golden) in [
            (4.435_962, 4.0, "1.1369412087e-02"),
            (0.1, 4.0, "9.2515584094e-01"),
            (0.0, 7.0, "1.0"),
            (-2.5, 1.0, "2.4223788318e-01"),
            (30.0, 9.0, "2.4837047042e-10"),
            (2.0, 9_999.0, "4.5527263362e-02"),
            (2.0, 10_001.0, "4.5527257962e-02"),
            (8.0, 2e4, "1.31148985965e-15"),
            (5.0, 1e5, "5.7427016786e-07"),
            (1.0, 1e6, "3.1731074983e-01"),
        ] {
            assert_near(student_t_two_sided(t, degrees).unwrap(), golden.parse().unwrap(), 1e-9);
        }
    }

    #[test]
    fn far_tails_at_one_degree_of_freedom_agree_with_scipy() {
        // SciPy 1.17: stats.t.isf(tail, 1).
        assert_near(student_t_critical(1e-9, 1.0).unwrap(), 318_309_886.183_790_7, 1e-12);
        assert_near(student_t_critical(5e-14, 1.0).unwrap(), 6_366_197_723_675.813, 1e-12);
    }

    #[test]
    fn a_quantile_of_t_stays_above_that_of_the_normal() {
        let normal = normal_quantile(0.975).unwrap();
        for degrees in [9_999.0, 10_001.0, 1e6, 1e9] {
            assert!(student_t_quantile(0.975, degrees).unwrap() > normal);
        }
    }

    #[test]
    fn normal_quantile_and_tails_agree_with_scipy() {
        // SciPy 1.17: stats.norm.ppf, stats.f.sf, stats.chi2.sf.
        assert_digits(normal_quantile(0.975).unwrap(), "1.959963984540");
        assert_digits(normal_quantile(1e-10).unwrap(), "-6.361340902404");
        assert_digits(chi_squared_upper_tail(15.8, 3.0).unwrap(), "0.00124623");
        assert_near(fisher_f_upper_tail(158.609_294, 1.0, 18.0).unwrap(), 2.309e-10, 5e-4);
        assert_digits(fisher_f_upper_tail(15.375_013, 2.0, 18.0).unwrap(), "0.00012755");
    }

    #[test]
    fn the_studentised_range_agrees_with_scipy_and_inverts() {
        // SciPy 1.17: stats.studentized_range.ppf(0.95, 4, inf) / sqrt(2).
        let quantile = studentised_range_quantile(0.95, 4).unwrap();
        assert_digits(quantile / SQRT_2, "2.569032");
        assert_near(studentised_range_upper_tail(quantile, 4).unwrap(), 0.05, 1e-9);
    }

    #[test]
    fn the_studentised_range_of_two_groups_is_the_normal_of_their_difference() {
        for q in [0.1, 1.0, 3.0, 5.0] {
            assert_near(studentised_range_upper_tail(q, 2).unwrap(), 2.0 * normal_cdf(-q / SQRT_2), 1e-9);
        }
    }

    #[test]
    fn arguments_outside_the_domain_give_nothing() {
        assert_eq!(normal_quantile(0.0), None);
        assert_eq!(normal_quantile(f64::NAN), None);
        assert_eq!(student_t_quantile(1.0, 4.0), None);
        assert_eq!(student_t_quantile(0.5, 0.0), None);
        assert_eq!(student_t_upper_tail(f64::NAN, 4.0), None);
        assert_eq!(fisher_f_upper_tail(-1.0, 1.0, 1.0), None);
        assert_eq!(fisher_f_upper_tail(f64::INFINITY, 1.0, 1.0), Some(0.0));
        assert_eq!(chi_squared_upper_tail(f64::NAN, 1.0), None);
        assert_eq!(studentised_range_upper_tail(1.0, 1), None);
        assert_eq!(studentised_range_quantile(1.0, 3), None);
    }
}
