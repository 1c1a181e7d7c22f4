//! Rates that fall by a power or a fraction of the time, as Keras' `ExponentialDecay`, `InverseTimeDecay` and
//! `PolynomialDecay` define them. Every decay length is at least 1.

/// r0 * rate^(u / over), with u / over rounded down for a staircase. (PyTorch's `ExponentialLR` is this with `over` 1.)
pub(super) fn exponential(r0: f64, u: u64, over: u64, rate: f64, staircase: bool) -> f64 {
    r0 * libm::pow(rate, lengths_passed(u, over, staircase))
}

/// r0 / (1 + rate * u / over), with u / over rounded down for a staircase.
pub(super) fn inverse_time(r0: f64, u: u64, over: u64, rate: f64, staircase: bool) -> f64 {
    r0 / (1.0 + rate * lengths_passed(u, over, staircase))
}

/// (r0 - end) * (1 - min(u, over) / over)^power + end: `end` from u = over on.
pub(super) fn polynomial(r0: f64, u: u64, over: u64, end: f64, power: f64) -> f64 {
    let left = 1.0 - u.min(over) as f64 / over as f64;
    (r0 - end) * libm::pow(left, power) + end
}

/// The decay length of a cycling polynomial at `u`: over * max(1, ceil(u / over)), so that each period reaches `end` at
/// a multiple of `over` and the next one starts from a longer line.
pub(super) fn cycled(u: u64, over: u64) -> u64 {
    over.saturating_mul(u.div_ceil(over).max(1))
}

/// u / over; rounded down in whole numbers, so that no quotient just below a whole one can move a stair.
fn lengths_passed(u: u64, over: u64, staircase: bool) -> f64 {
    if staircase { (u / over) as f64 } else { u as f64 / over as f64 }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use crate::schedule::golden::{TIMES, check};
    use crate::spec::{Decay, Schedule, TimeUnit};

    // Figures of Keras 3.15.

    fn decay(staircase: bool) -> Decay {
        Decay { over: NonZeroU32::new(10), rate: 0.5, staircase, by: TimeUnit::Epoch }
    }

    fn polynomial(over: u32, power: f64, cycle: bool) -> Schedule {
        Schedule::Polynomial { over: NonZeroU32::new(over), end: 0.01, power, cycle, by: TimeUnit::Epoch }
    }

    #[test]
    fn exponential_is_keras() {
        check(
            &Schedule::Exponential(decay(false)),
            0.1,
            TIMES,
            &[0.1, 0.093_303_3, 0.070_710_7, 0.053_588_7, 0.05, 0.046_651_6, 0.026_794_3, 0.025, 0.017_677_7],
        );
    }

    #[test]
    fn exponential_staircase_is_keras() {
        let golden = [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025];
        check(&Schedule::Exponential(decay(true)), 0.1, TIMES, &golden);
    }

    #[test]
    fn inverse_time_is_keras() {
        check(
            &Schedule::InverseTime(decay(false)),
            0.1,
            TIMES,
            &[0.1, 0.095_238_1, 0.08, 0.068_965_5, 0.066_666_7, 0.064_516_1, 0.051_282_1, 0.05, 0.044_444_4],
        );
    }

    #[test]
    fn inverse_time_staircase_counts_whole_lengths() {
        let third = 0.1 / 1.5;
        let golden = [0.1, 0.1, 0.1, 0.1, third, third, third, 0.05, 0.05];
        check(&Schedule::InverseTime(decay(true)), 0.1, TIMES, &golden);
    }

    #[test]
    fn polynomial_is_keras() {
        check(
            &polynomial(20, 2.0, false),
            0.1,
            TIMES,
            &[0.1, 0.091_225, 0.060_625, 0.037_225, 0.032_5, 0.028_225, 0.010_225, 0.01, 0.01],
        );
    }

    #[test]
    fn cycling_polynomial_is_keras() {
        let golden = [0.1, 0.091, 0.055, 0.019, 0.01, 0.050_5, 0.014_5, 0.01, 0.025];
        check(&polynomial(10, 1.0, true), 0.1, TIMES, &golden);
    }
}
