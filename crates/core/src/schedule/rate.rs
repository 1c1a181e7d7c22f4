//! The rate of any schedule at any time.

use std::num::NonZeroU32;

use super::{cosine, decay, linear, one_cycle, restarts, step};
use crate::spec::Schedule;

/// The rate at time `u`, for the initial rate `learning_rate` (r0) and a training of the given length; `u` and `length`
/// in the schedule's own unit of time.
///
/// Only a schedule that leaves its decay length out, and `one_cycle`, which has none, depend on `length`. A length of 0 counts as 1, and so does one that
/// leaves nothing for the cosine after its warm-up. `u` may lie past the length: the formulas simply go on.
///
/// [`Schedule::ReduceOnPlateau`] does not depend on the time: the answer is r0, the rate before any cut. The cuts are
/// [`PlateauState`](super::PlateauState)'s.
pub fn rate(schedule: &Schedule, learning_rate: f64, u: u64, length: u64) -> f64 {
    match schedule {
        Schedule::Constant | Schedule::ReduceOnPlateau(_) => learning_rate,
        Schedule::Step { factor, every, by: _ } => step::step(learning_rate, u, every.get().into(), *factor),
        Schedule::MultiStep(milestones) => step::multi_step(learning_rate, u, &milestones.at, milestones.factor),
        Schedule::Exponential(decay) => {
            let over = decay_length(decay.over, length);
            decay::exponential(learning_rate, u, over, decay.rate, decay.staircase)
        }
        Schedule::InverseTime(decay) => {
            let over = decay_length(decay.over, length);
            decay::inverse_time(learning_rate, u, over, decay.rate, decay.staircase)
        }
        Schedule::Polynomial { over, end, power, cycle, by: _ } => {
            let over = decay_length(*over, length);
            let over = if *cycle { decay::cycled(u, over) } else { over };
            decay::polynomial(learning_rate, u, over, *end, *power)
        }
        Schedule::Cosine { over, alpha, warm_up: None, by: _ } => {
            cosine::cosine(learning_rate, u, decay_length(*over, length), *alpha)
        }
        Schedule::Cosine { over, alpha, warm_up: Some(warm_up), by: _ } => {
            let rise = u64::from(warm_up.over.get());
            if u < rise {
                cosine::warm_up(learning_rate, u, rise, warm_up.target)
            } else {
                let over = decay_length(*over, length.saturating_sub(rise));
                cosine::cosine(warm_up.target, u - rise, over, *alpha)
            }
        }
        Schedule::CosineRestarts(settings) => restarts::restarts(learning_rate, u, settings),
        Schedule::CosineAnnealing { over, min_learning_rate, by: _ } => {
            cosine::annealing(learning_rate, u, decay_length(*over, length), *min_learning_rate)
        }
        Schedule::Piecewise(pieces) => step::piecewise(u, &pieces.boundaries, &pieces.values),
        Schedule::Linear(line) => linear::linear(learning_rate, u, line.over.get().into(), line.start, line.end),
        Schedule::OneCycle(cycle) => one_cycle::one_cycle(learning_rate, u, length.max(1), cycle),
    }
}

/// D: as specified, else what is left of the training; at least 1, since the formulas divide by it.
fn decay_length(over: Option<NonZeroU32>, rest_of_training: u64) -> u64 {
    over.map_or(rest_of_training, |over| over.get().into()).max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schedule::golden::any_schedule;
    use crate::spec::{Decay, Plateau, TimeUnit};

    #[test]
    fn constant_and_plateau_do_not_depend_on_the_time() {
        let plateau = Plateau { factor: 0.5, patience: 3, min_delta: 1e-4, cooldown: 0, min_learning_rate: 0.0 };
        for schedule in [Schedule::Constant, Schedule::ReduceOnPlateau(plateau)] {
            for u in [0, 1, 1000] {
                assert_eq!(rate(&schedule, 0.1, u, 30).to_bits(), 0.1_f64.to_bits());
            }
        }
    }

    #[test]
    fn a_decay_length_left_out_is_the_whole_training() {
        let polynomial = |over| Schedule::Polynomial { over, end: 0.01, power: 2.0, cycle: false, by: TimeUnit::Epoch };
        for u in 0..25 {
            let (implied, written) = (polynomial(None), polynomial(NonZeroU32::new(20)));
            assert_eq!(rate(&implied, 0.1, u, 20).to_bits(), rate(&written, 0.1, u, 7).to_bits());
        }
    }

    /// Figures of the libm crate, at times where the C library of a Linux machine gives other last bits.
    #[test]
    fn cosines_and_powers_do_not_come_from_the_machine() {
        let over = NonZeroU32::new(19);
        let cosine = Schedule::Cosine { over, alpha: 0.0, warm_up: None, by: TimeUnit::Epoch };
        assert_eq!(rate(&cosine, 0.1, 6, 1).to_bits(), 0x3fb3_cd0a_2b63_1d1e);
        let decay = Decay { over: NonZeroU32::new(8), rate: 0.5, staircase: false, by: TimeUnit::Epoch };
        assert_eq!(rate(&Schedule::Exponential(decay), 0.1, 3, 1).to_bits(), 0x3fb3_bd84_34ee_e717);
    }

    proptest! {
        #[test]
        fn rates_of_valid_schedules_are_finite_and_not_negative(
            schedule in any_schedule(),
            learning_rate in 1e-8_f64..100.0,
            u in 0_u64..1_000_000_000,
            length in 0_u64..1_000_000_000,
        ) {
            let rate = rate(&schedule, learning_rate, u, length);
            prop_assert!(rate.is_finite() && rate >= 0.0, "{rate}");
        }
    }
}
