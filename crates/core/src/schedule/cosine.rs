//! Half a cosine from the start to a share of it, after a linear rise if wanted, as Keras' `CosineDecay` defines both;
//! and the cosine to an absolute minimum and back of PyTorch's `CosineAnnealingLR`. Every length is at least 1.

use std::f64::consts::PI;

/// r0 * ((1 - alpha) * (1 + cos(pi * min(u, over) / over)) / 2 + alpha): alpha is a share of r0, and the rate is
/// constant from u = over on.
pub(super) fn cosine(r0: f64, u: u64, over: u64, alpha: f64) -> f64 {
    let done = u.min(over) as f64 / over as f64;
    r0 * ((1.0 - alpha) * (0.5 * (1.0 + libm::cos(PI * done))) + alpha)
}

/// minimum + (r0 - minimum) * (1 + cos(pi * u / over)) / 2: from u = over on it rises again, and is r0 at 2 * over.
pub(super) fn annealing(r0: f64, u: u64, over: u64, minimum: f64) -> f64 {
    // Whole waves are taken off while the time is a whole number: the cosine of a large one would be less exact.
    let done = (u % over.saturating_mul(2)) as f64 / over as f64;
    minimum + (r0 - minimum) * (0.5 * (1.0 + libm::cos(PI * done)))
}

/// r0 + (target - r0) * u / over, for u before `over`.
pub(super) fn warm_up(r0: f64, u: u64, over: u64, target: f64) -> f64 {
    r0 + (target - r0) * (u as f64 / over as f64)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use proptest::prelude::*;

    use crate::schedule::golden::{TIMES, check};
    use crate::schedule::rate;
    use crate::spec::{Schedule, TimeUnit, WarmUp};

    fn schedule(over: Option<u32>, alpha: f64, warm_up: Option<WarmUp>) -> Schedule {
        Schedule::Cosine { over: over.and_then(NonZeroU32::new), alpha, warm_up, by: TimeUnit::Epoch }
    }

    fn five_to_a_tenth() -> WarmUp {
        WarmUp { over: NonZeroU32::new(5).unwrap(), target: 0.1 }
    }

    // Figures of Keras 3.15.

    #[test]
    fn cosine_is_keras() {
        check(
            &schedule(Some(20), 0.1, None),
            0.1,
            TIMES,
            &[0.1, 0.099_446_0, 0.086_819_8, 0.062_039_6, 0.055, 0.047_960_4, 0.010_554_0, 0.01, 0.01],
        );
    }

    #[test]
    fn cosine_with_warm_up_is_keras() {
        check(
            &schedule(Some(20), 0.0, Some(five_to_a_tenth())),
            0.0,
            TIMES,
            &[0.0, 0.02, 0.1, 0.090_450_8, 0.085_355_3, 0.079_389_3, 0.020_610_7, 0.014_644_7, 0.0],
        );
    }

    /// Figures of PyTorch 2.15.
    #[test]
    fn annealing_is_pytorch_and_rises_again() {
        let schedule =
            Schedule::CosineAnnealing { over: NonZeroU32::new(5), min_learning_rate: 0.01, by: TimeUnit::Epoch };
        let fall = [0.1, 0.091_405_8, 0.068_905_8, 0.041_094_2, 0.018_594_2, 0.01];
        let rise_and_fall = fall.iter().chain(fall.iter().rev().skip(1)).chain(&fall[1..2]);
        check(&schedule, 0.1, 0..12, &rise_and_fall.copied().collect::<Vec<_>>());
    }

    #[test]
    fn by_default_warm_up_and_cosine_together_fill_the_training() {
        let (implied, written) =
            (schedule(None, 0.0, Some(five_to_a_tenth())), schedule(Some(20), 0.0, Some(five_to_a_tenth())));
        for u in 0..30 {
            assert_eq!(rate(&implied, 0.01, u, 25).to_bits(), rate(&written, 0.01, u, 25).to_bits(), "u = {u}");
        }
    }

    #[test]
    fn a_warm_up_longer_than_the_training_only_rises() {
        let schedule = schedule(None, 0.0, Some(five_to_a_tenth()));
        let rates: Vec<f64> = (0..3).map(|u| rate(&schedule, 0.01, u, 3)).collect();
        assert!(rates.is_sorted_by(|before, after| before < after), "{rates:?}");
    }

    proptest! {
        #[test]
        fn cosines_of_any_length_agree_at_the_start_and_part_at_once(
            learning_rate in 1e-6_f64..10.0,
            alpha in 0.0_f64..0.9,
            short in 1_u64..500,
            more in 1_u64..500,
        ) {
            let schedule = schedule(None, alpha, None);
            let at = |u, length| rate(&schedule, learning_rate, u, length);
            prop_assert_eq!(at(0, short).to_bits(), at(0, short + more).to_bits());
            prop_assert!(at(1, short) < at(1, short + more));
        }
    }
}
