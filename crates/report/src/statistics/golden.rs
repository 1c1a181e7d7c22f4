//! What the tests of this module share: the golden data, and comparisons that say what they compared.

/// Losses of two points, replicate by replicate: the data behind most golden figures.
pub(crate) const A: [f64; 5] = [0.2641, 0.2510, 0.2783, 0.2602, 0.2555];
/// The second point of [`A`].
pub(crate) const B: [f64; 5] = [0.2498, 0.2439, 0.2601, 0.2533, 0.2490];

/// Asserts that `actual`, rounded to the decimals that `golden` is written with, is `golden`.
#[track_caller]
pub(crate) fn assert_digits(actual: f64, golden: &str) {
    let decimals = golden.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let unit = 10.0_f64.powi(-i32::try_from(decimals).unwrap());
    let expected: f64 = golden.parse().unwrap();
    assert!((actual - expected).abs() <= 0.500_001 * unit, "{actual} is not {golden} to {decimals} decimals");
}

/// Asserts that `actual` is `expected` to `relative`, or to `relative` itself near zero.
#[track_caller]
pub(crate) fn assert_near(actual: f64, expected: f64, relative: f64) {
    let allowed = relative * expected.abs().max(f64::MIN_POSITIVE.max(relative));
    assert!((actual - expected).abs() <= allowed, "{actual} is not {expected} to {relative}");
}
