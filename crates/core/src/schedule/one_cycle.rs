//! One rise and one fall over the whole training, each half a cosine, as PyTorch's `OneCycleLR` defines them (Smith and
//! Topin, "Super-convergence", 2019). Momentum stays as it is, unlike PyTorch's default.

use std::f64::consts::PI;

use crate::spec::OneCycle;

/// From max / `start_divisor` up to max by u = rise * length - 1, then down to max / `start_divisor` / `end_divisor` at
/// u = length - 1, where it stays. `length` is at least 1; max is r0 unless the settings say otherwise.
///
/// In a training of which the rise is less than one time, the fall has begun at u = 0, as in PyTorch.
pub(super) fn one_cycle(r0: f64, u: u64, length: u64, settings: &OneCycle) -> f64 {
    let OneCycle { max_learning_rate, rise, start_divisor, end_divisor, by: _ } = *settings;
    let max = max_learning_rate.unwrap_or(r0);
    let start = max / start_divisor;
    let (top, end) = (rise * length as f64 - 1.0, (length - 1) as f64);
    let u = (u as f64).min(end);
    if u < top {
        between(start, max, u / top)
    } else {
        // In a training so long that rounding moves the top to the end, nothing is left of the fall.
        let done = if top < end { (u - top) / (end - top) } else { 1.0 };
        between(max, start / end_divisor, done)
    }
}

/// From one rate to another by half a cosine.
fn between(from: f64, to: f64, done: f64) -> f64 {
    to + (from - to) / 2.0 * (1.0 + libm::cos(PI * done))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::golden::check_figures;
    use crate::spec::TimeUnit;

    const MAX_1: OneCycle = OneCycle {
        max_learning_rate: Some(1.0),
        rise: 0.3,
        start_divisor: 25.0,
        end_divisor: 1e4,
        by: TimeUnit::Epoch,
    };

    fn rates(settings: &OneCycle, length: u64) -> Vec<f64> {
        (0..length).map(|u| one_cycle(0.1, u, length, settings)).collect()
    }

    // Figures of PyTorch 2.15.

    #[test]
    fn one_cycle_is_pytorch() {
        let golden =
            [0.04, 0.52, 1.0, 0.950_484_6, 0.811_745_6, 0.611_262_0, 0.388_742_0, 0.188_258_4, 0.049_519_4, 4e-6];
        check_figures(&rates(&MAX_1, 10), &golden);
    }

    #[test]
    fn one_cycle_with_other_settings_is_pytorch() {
        let settings = OneCycle { rise: 0.45, start_divisor: 10.0, end_divisor: 50.0, ..MAX_1 };
        check_figures(
            &rates(&settings, 7),
            &[0.1, 0.500_783, 0.989_234_1, 0.884_706_3, 0.531_519_7, 0.159_114_3, 0.002],
        );
    }

    #[test]
    fn trainings_of_a_few_epochs_are_pytorch() {
        check_figures(&rates(&MAX_1, 1), &[4e-6]);
        check_figures(&rates(&MAX_1, 2), &[0.811_745_7, 4e-6]);
        check_figures(&rates(&MAX_1, 3), &[0.994_415_4, 0.462_637_1, 4e-6]);
        check_figures(&rates(&MAX_1, 4), &[0.04, 0.811_745_7, 0.283_061, 4e-6]);
    }

    #[test]
    fn without_a_maximum_the_learning_rate_is_the_top() {
        let settings = OneCycle { max_learning_rate: None, ..MAX_1 };
        let tenth: Vec<f64> = rates(&MAX_1, 10).iter().map(|rate| rate / 10.0).collect();
        check_figures(&rates(&settings, 10), &tenth);
    }

    #[test]
    fn behind_the_training_the_rate_stays() {
        assert_eq!(one_cycle(0.1, 9, 10, &MAX_1).to_bits(), one_cycle(0.1, 1000, 10, &MAX_1).to_bits());
    }
}
