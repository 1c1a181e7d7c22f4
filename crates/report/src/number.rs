//! How figures are written for people: the one place that rounds.

/// Digits that a figure keeps.
const SIGNIFICANT: i32 = 4;

/// Decimals beyond which an exponent reads better.
const MOST_DECIMALS: i32 = 8;

/// A figure with four significant digits: `0.1234`, `12.30`, `1,234`, `123,400`; below 0.0001 and from a billion on
/// with an exponent, as `1.234e-5`. What is not finite is a dash: it was not measured.
pub fn figure(value: f64) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", SIGNIFICANT as usize - 1);
    let decimals = decimals(value, SIGNIFICANT);
    if !(SIGNIFICANT - 9..SIGNIFICANT + 4).contains(&decimals) {
        return scientific;
    }
    // From ten thousand on the digits that are not kept are zeros.
    let rounded = if decimals < 0 { scientific.parse().unwrap_or(value) } else { value };
    fixed(rounded, usize::try_from(decimals).unwrap_or(0))
}

/// A number with the significant digits that a figure keeps; what is not finite stays so.
pub fn significant(value: f64) -> f64 {
    format!("{value:.*e}", SIGNIFICANT as usize - 1).parse().unwrap_or(value)
}

/// A figure that was perhaps not measured.
pub fn figure_or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| MISSING.to_owned(), figure)
}

/// A value with the half width of its interval, both to the same decimal: `0.2451 ± 0.0026`. There are as many decimals
/// as the value needs for four significant digits and the half width for two; a value that is smaller than its half
/// width has as many as that needs for three.
pub fn plus_minus(value: f64, half_width: f64) -> String {
    let apart = || format!("{} ± {}", figure(value), figure(half_width));
    if !value.is_finite() || !half_width.is_finite() {
        return apart();
    }
    let decimals = if half_width >= value.abs() {
        decimals(half_width, SIGNIFICANT - 1)
    } else {
        decimals(value, SIGNIFICANT).max(decimals(half_width, 2))
    };
    match usize::try_from(decimals) {
        Ok(places) if decimals <= MOST_DECIMALS => format!("{} ± {}", fixed(value, places), fixed(half_width, places)),
        Ok(_) => apart(),
        Err(_) => format!("{} ± {}", figure(value), fixed(half_width, 0)),
    }
}

/// A count, in groups of three digits.
pub fn count(value: u64) -> String {
    group(&value.to_string())
}

/// A p value: three significant digits, and never smaller than what is worth reading.
pub fn p_value(p: f64) -> String {
    if !p.is_finite() {
        MISSING.to_owned()
    } else if p < 0.0001 {
        "<0.0001".to_owned()
    } else if p >= 0.9995 {
        "1".to_owned()
    } else if p < 0.001 {
        format!("{p:.5}")
    } else if p < 0.01 {
        format!("{p:.4}")
    } else {
        format!("{p:.3}")
    }
}

/// A share of one, as a percentage with one digit after the point.
pub fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.1} %", share * 100.0) } else { MISSING.to_owned() }
}

/// What stands where nothing was measured.
pub const MISSING: &str = "-";

/// The decimals with which `value` shows `significant` digits after rounding; below 0 where it is so large that its last
/// digits are not kept. 0 has one digit, before the point.
fn decimals(value: f64, significant: i32) -> i32 {
    let scientific = format!("{value:.*e}", usize::try_from(significant - 1).unwrap_or(0));
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok()).unwrap_or(0);
    if value == 0.0 { 0 } else { significant - 1 - exponent }
}

fn fixed(value: f64, decimals: usize) -> String {
    group(&format!("{value:.decimals$}"))
}

fn group(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn figures_keep_four_significant_digits() {
        for (value, shown) in [
            (0.123_449, "0.1234"),
            (0.12, "0.1200"),
            (-12.3, "-12.30"),
            (1_234.4, "1,234"),
            (123_449.0, "123,400"),
            (0.999_96, "1.000"),
            (9_999.6, "10,000"),
            (0.000_123_45, "0.0001234"),
            (0.000_012_345, "1.234e-5"),
            (2.5e9, "2.500e9"),
            (0.0, "0"),
            (-0.0, "0"),
            (f64::NAN, "-"),
        ] {
            assert_eq!(figure(value), shown);
        }
    }

    #[test]
    fn p_values_are_short_and_have_a_floor() {
        for (p, shown) in
            [(0.011_369, "0.011"), (0.001_26, "0.0013"), (1e-9, "<0.0001"), (1.0, "1"), (0.000_25, "0.00025")]
        {
            assert_eq!(p_value(p), shown);
        }
    }

    #[test]
    fn a_half_width_has_the_decimals_of_its_value_or_two_digits_of_its_own() {
        for (value, half_width, shown) in [
            (0.245_1, 0.002_63, "0.2451 ± 0.0026"),
            (-0.020_03, 0.001_77, "-0.02003 ± 0.00177"),
            (0.25, 0.000_012, "0.250000 ± 0.000012"),
            (741.7, 9.0, "741.7 ± 9.0"),
            (12_345.0, 120.0, "12,340 ± 120"),
            (123_456.0, 12_000.0, "123,500 ± 12,000"),
            (0.5, 0.0, "0.5000 ± 0.0000"),
            (0.0, 0.25, "0.000 ± 0.250"),
            (0.000_039_58, 0.000_997, "0.000040 ± 0.000997"),
            (1e-7, 2e-8, "1.000e-7 ± 2.000e-8"),
            (1.0, f64::INFINITY, "1.000 ± -"),
        ] {
            assert_eq!(plus_minus(value, half_width), shown);
        }
    }

    #[test]
    fn counts_are_grouped_by_three() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_within_half_of_the_last_digit(value in prop::num::f64::NORMAL) {
            let shown: f64 = figure(value).replace(',', "").parse().unwrap();
            prop_assert!((shown - value).abs() <= value.abs() * 0.000_501);
        }
    }
}
