//! Two programs timed in turn: whether the second is slower, freed of what the machine does meanwhile.
//!
//! They run in blocks of old, new, new, old, so that a machine that warms up or fills up evenly favours neither. Of each
//! block only the logarithm of the ratio of its times is taken, and blocks are the unit of analysis. What the machine
//! shows where nothing differs (old against itself in the same blocks) sets the least slowdown that is called one.

use super::alpha::Alpha;
use super::mean_test::{MeanTest, Replicates};

/// The fewest blocks that a judgement is founded on.
pub const FEWEST_BLOCKS: usize = 10;

/// Of the half width of the interval of a program against itself, the least that a threshold may be.
const HALF_WIDTHS: f64 = 3.0;

/// The order of the runs of a block: whether each is of the new program.
pub const BLOCK: [bool; 4] = [false, true, true, false];

/// The logarithm of how many times as long the new program takes, from the seconds of one block in the order of
/// [`BLOCK`]; `None` unless all are above 0.
pub fn log_ratio(seconds: [f64; 4]) -> Option<f64> {
    let [first_old, first_new, second_new, second_old] = seconds;
    let is_sound = seconds.iter().all(|seconds| *seconds > 0.0 && seconds.is_finite());
    is_sound.then(|| libm::log((first_new + second_new) / (first_old + second_old)))
}

/// What blocks say of two programs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slowdown {
    /// Blocks.
    pub blocks: usize,
    /// How many times as long the new program takes, less 1.
    pub mean: f64,
    /// The lower bound of that, wrong with probability alpha.
    pub low: f64,
    /// The upper bound of that, wrong with probability alpha.
    pub high: f64,
    /// The slowdown from which on the new program is called slower.
    pub threshold: f64,
    /// The smallest true slowdown that would be called so in at least half of all such runs.
    pub smallest_seen: f64,
    /// Whether it is.
    pub is_slower: bool,
}

/// Judges the log ratios of blocks of two programs, beside those of blocks of the old program against itself. `least` is
/// the least threshold, as a share; the machine may ask for a larger one. `None` for fewer than [`FEWEST_BLOCKS`] of
/// either, or a value that is not finite.
pub fn slowdown(ratios: &[f64], against_itself: &[f64], least: f64, alpha: Alpha) -> Option<Slowdown> {
    let test = |ratios: &[f64]| MeanTest::new(ratios, Replicates::Independent).filter(|test| test.n() >= FEWEST_BLOCKS);
    let (found, itself) = (test(ratios)?, test(against_itself)?);
    let threshold = libm::log1p(least.max(0.0)).max(HALF_WIDTHS * itself.interval(alpha).half_width());
    let low = found.lower_bound(alpha);
    Some(Slowdown {
        blocks: found.n(),
        mean: libm::expm1(found.mean()),
        low: libm::expm1(low),
        high: libm::expm1(found.upper_bound(alpha)),
        threshold: libm::expm1(threshold),
        smallest_seen: libm::expm1(threshold + found.mean() - low),
        is_slower: low > threshold,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::golden::assert_near;

    const NOISE: [f64; 10] = [0.01, -0.01, 0.005, -0.005, 0.0, 0.01, -0.01, 0.005, -0.005, 0.0];

    fn judged(by: f64) -> Slowdown {
        let ratios = NOISE.map(|noise| noise + libm::log1p(by));
        slowdown(&ratios, &NOISE, 0.01, Alpha::new(0.002).unwrap()).unwrap()
    }

    #[test]
    fn a_drift_within_a_block_cancels() {
        // Each run takes a tenth longer than the one before.
        assert_near(log_ratio([1.0, 1.1, 1.2, 1.3]).unwrap(), 0.0, 1e-12);
        assert_near(log_ratio([1.0, 2.0, 2.0, 1.0]).unwrap(), std::f64::consts::LN_2, 1e-12);
        assert_eq!(log_ratio([1.0, 0.0, 1.0, 1.0]), None);
    }

    #[test]
    fn a_slowdown_is_told_from_three_half_widths_on_and_no_smaller_one() {
        // SciPy 1.17: t.ppf(.999, 9) = 4.296805662729918; three half widths .03038300421557082.
        let none = judged(0.0);
        assert!(!none.is_slower);
        assert_near(libm::log1p(none.threshold), 0.030_383_004_215_570_82, 1e-9);
        assert!(none.smallest_seen > none.threshold);
        assert!(!judged(none.smallest_seen - 1e-4).is_slower);
        assert!(judged(none.smallest_seen + 1e-4).is_slower);
    }

    #[test]
    fn a_machine_without_noise_is_held_to_the_least_threshold() {
        let alpha = Alpha::new(0.002).unwrap();
        let found = slowdown(&[libm::log1p(0.02); 10], &[0.0; 10], 0.01, alpha).unwrap();
        assert_near(found.threshold, 0.01, 1e-9);
        assert!(found.is_slower);
    }

    #[test]
    fn fewer_than_ten_blocks_judge_nothing() {
        assert_eq!(slowdown(&NOISE[..9], &NOISE, 0.01, Alpha::FIVE_PERCENT), None);
        assert_eq!(slowdown(&NOISE, &NOISE[..9], 0.01, Alpha::FIVE_PERCENT), None);
    }
}
