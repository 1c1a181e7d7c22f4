//! The regularised incomplete beta function, by arithmetic that has the same bits on every machine.
//!
//! Intervals and p values stand in files that are compared byte for byte, so nothing here calls the platform's library.

/// Terms of the continued fraction at most; degrees of freedom up to 1e4 need a few hundred.
const MOST_TERMS: u32 = 10_000;

/// `I_x(a, b)` for positive `a` and `b`, with x = `share` and 1 - x = `rest` given apart, so that neither loses digits.
///
/// By the continued fraction of Abramowitz and Stegun 26.5.8, evaluated by Lentz's method (1976), on the side of the
/// mean where it converges fast.
pub(super) fn regularised_incomplete_beta(a: f64, b: f64, share: f64, rest: f64) -> f64 {
    if share <= 0.0 {
        return 0.0;
    }
    if rest <= 0.0 {
        return 1.0;
    }
    let front =
        libm::exp(libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(share) + b * libm::log(rest));
    if share < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(a, b, share) / a
    } else {
        1.0 - front * continued_fraction(b, a, rest) / b
    }
}

fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_0 = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut numerator = 1.0;
    let mut denominator = 1.0 / away_from_0(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = denominator;
    for term in 1..MOST_TERMS {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for coefficient in [even, odd] {
            denominator = 1.0 / away_from_0(1.0 + coefficient * denominator);
            numerator = away_from_0(1.0 + coefficient / numerator);
            factor = denominator * numerator;
            fraction *= factor;
        }
        if (factor - 1.0).abs() < 3e-16 {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::golden::assert_near;

    #[test]
    fn special_cases_have_their_closed_forms() {
        for x in [0.01, 0.3, 0.5, 0.9] {
            // I_x(1, b) = 1 - (1 - x)^b, I_x(a, 1) = x^a, and I_x(1/2, 1/2) = 2 / pi asin(sqrt x).
            assert_near(regularised_incomplete_beta(1.0, 3.0, x, 1.0 - x), 1.0 - libm::pow(1.0 - x, 3.0), 1e-14);
            assert_near(regularised_incomplete_beta(2.5, 1.0, x, 1.0 - x), libm::pow(x, 2.5), 1e-14);
            let arcsine = 2.0 / std::f64::consts::PI * libm::asin(x.sqrt());
            assert_near(regularised_incomplete_beta(0.5, 0.5, x, 1.0 - x), arcsine, 1e-14);
        }
        assert_near(regularised_incomplete_beta(3.0, 4.0, 0.0, 1.0), 0.0, 0.0);
        assert_near(regularised_incomplete_beta(3.0, 4.0, 1.0, 0.0), 1.0, 0.0);
    }

    #[test]
    fn both_sides_add_up_to_1() {
        for (a, b, x) in [(0.5, 3.5, 0.2), (3500.0, 0.5, 0.999), (12.0, 30.0, 0.28)] {
            let sum = regularised_incomplete_beta(a, b, x, 1.0 - x) + regularised_incomplete_beta(b, a, 1.0 - x, x);
            assert_near(sum, 1.0, 1e-13);
        }
    }
}
