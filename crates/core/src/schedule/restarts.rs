//! Cosines one after the other, each from its own start, as Keras' `CosineDecayRestarts` defines them (Loshchilov and
//! Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017).

use std::f64::consts::PI;

use crate::spec::CosineRestarts;

/// In the ith period, of over * `t_mul`^i times, r0 * ((1 - alpha) * `m_mul`^i * (1 + cos(pi * f)) / 2 + alpha), where f
/// is the part of the period that is done.
pub(super) fn restarts(r0: f64, u: u64, settings: &CosineRestarts) -> f64 {
    let CosineRestarts { over, t_mul, m_mul, alpha, by: _ } = *settings;
    let over = u64::from(over.get());
    let (period, done) = if t_mul > 1.0 {
        place(u as f64 / over as f64, t_mul)
    } else {
        // In whole numbers, so that no quotient just below a whole one can miss a restart.
        ((u / over) as f64, (u % over) as f64 / over as f64)
    };
    r0 * ((1.0 - alpha) * libm::pow(m_mul, period) * (0.5 * (1.0 + libm::cos(PI * done))) + alpha)
}

/// Which period it is after so many first lengths, and which part of it is done; `t_mul` is above 1.
fn place(lengths: f64, t_mul: f64) -> (f64, f64) {
    let start = |period: f64| (libm::pow(t_mul, period) - 1.0) / (t_mul - 1.0);
    // The quotient of two logarithms may be just below the whole number that it stands for, or just above.
    let mut period = libm::floor(libm::log1p(lengths * (t_mul - 1.0)) / libm::log(t_mul));
    if start(period + 1.0) <= lengths {
        period += 1.0;
    } else if start(period) > lengths {
        period -= 1.0;
    }
    let done = (lengths - start(period)) / libm::pow(t_mul, period);
    (period, done.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use proptest::prelude::*;

    use super::*;
    use crate::schedule::golden::{TIMES, check};
    use crate::spec::{Schedule, TimeUnit};

    fn settings(over: u32, t_mul: f64, m_mul: f64, alpha: f64) -> CosineRestarts {
        CosineRestarts { over: NonZeroU32::new(over).unwrap(), t_mul, m_mul, alpha, by: TimeUnit::Epoch }
    }

    // Figures of Keras 3.15.

    #[test]
    fn restarts_of_growing_periods_and_falling_height_are_keras() {
        let golden = [0.1, 0.090_450_8, 0.05, 0.032_725_4, 0.025, 0.017_274_6, 0.022_612_7, 0.021_338_8, 0.012_5];
        check(&Schedule::CosineRestarts(settings(5, 2.0, 0.5, 0.0)), 0.1, TIMES, &golden);
    }

    #[test]
    fn restarts_of_equal_periods_are_keras() {
        let golden =
            [0.1, 0.086_819_8, 0.055, 0.023_180_2, 0.082, 0.071_455_9, 0.046, 0.020_544_2, 0.067_6, 0.059_164_7];
        check(&Schedule::CosineRestarts(settings(4, 1.0, 0.8, 0.1)), 0.1, 0..10, &golden);
    }

    proptest! {
        #[test]
        fn every_period_starts_at_its_height(
            over in 1_u32..50,
            t_mul in 1_u32..5,
            m_mul in 0.1_f64..=1.0,
            restart in 0_u32..6,
        ) {
            let start: u64 = (0..restart).map(|period| u64::from(over) * u64::from(t_mul).pow(period)).sum();
            let rate = restarts(1.0, start, &settings(over, t_mul.into(), m_mul, 0.0));
            let height = libm::pow(m_mul, restart.into());
            prop_assert!((rate - height).abs() < 1e-12, "{rate} for {height}");
        }
    }
}
