//! The schedule of one trial while it runs.

use std::num::NonZeroU32;

use super::{PlateauState, rate};
use crate::engine::Rates;
use crate::spec::{Schedule, TimeUnit};

/// Where the schedule of one trial stands. Its caller takes the [`rates`](Self::rates) of the coming epoch, trains it,
/// and tells the validation loss to [`observe`](Self::observe), once per epoch and in order.
///
/// Trials that share a state share their next epoch exactly when their rates for it have the
/// [same bits](Rates::same_bits).
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    rule: Rule,
}

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    /// A function of the time alone.
    Timed {
        schedule: Schedule,
        learning_rate: f64,
        /// Of the whole training, in the schedule's unit.
        length: u64,
        /// Steps of an epoch where the schedule counts in steps.
        steps: Option<u64>,
    },
    Plateau(PlateauState),
}

impl Progress {
    /// Before the first epoch of a training of so many epochs and optimiser steps per epoch (of which there is at least
    /// one; 0 counts as 1).
    pub fn new(schedule: &Schedule, learning_rate: f64, epochs: NonZeroU32, steps_per_epoch: u64) -> Self {
        if let Schedule::ReduceOnPlateau(settings) = schedule {
            return Self { rule: Rule::Plateau(PlateauState::new(*settings, learning_rate)) };
        }
        let steps = match unit(schedule) {
            TimeUnit::Epoch => None,
            TimeUnit::Step => Some(steps_per_epoch.max(1)),
        };
        let length = u64::from(epochs.get()).saturating_mul(steps.unwrap_or(1));
        Self { rule: Rule::Timed { schedule: schedule.clone(), learning_rate, length, steps } }
    }

    /// The learning rates of an epoch (counted from 0), each rounded to f32 once. [`Rates::Constant`] wherever all steps
    /// have the same bits. For `reduce_on_plateau` the epoch is the one after those observed, whatever is passed.
    pub fn rates(&self, epoch: u32) -> Rates {
        match &self.rule {
            Rule::Plateau(state) => Rates::Constant(state.rate() as f32),
            Rule::Timed { schedule, learning_rate, length, steps } => {
                let at = |u| rate(schedule, *learning_rate, u, *length) as f32;
                let epoch = u64::from(epoch);
                let Some(steps) = steps else { return Rates::Constant(at(epoch)) };
                let start = epoch.saturating_mul(*steps);
                let rates: Vec<f32> = (start..start.saturating_add(*steps)).map(at).collect();
                match rates.split_first() {
                    Some((first, rest)) if rest.iter().any(|rate| rate.to_bits() != first.to_bits()) => {
                        Rates::PerStep(rates)
                    }
                    _ => Rates::Constant(at(start)),
                }
            }
        }
    }

    /// Takes the validation loss of the epoch that just ended. Only `reduce_on_plateau` looks at it.
    pub fn observe(&mut self, validation_loss: f64) {
        if let Rule::Plateau(state) = &mut self.rule {
            state.observe(validation_loss);
        }
    }
}

/// What the schedule counts in; epochs for those that need no time.
fn unit(schedule: &Schedule) -> TimeUnit {
    match schedule {
        Schedule::Constant | Schedule::ReduceOnPlateau(_) => TimeUnit::Epoch,
        Schedule::Step { by, .. }
        | Schedule::Polynomial { by, .. }
        | Schedule::Cosine { by, .. }
        | Schedule::CosineAnnealing { by, .. } => *by,
        Schedule::CosineRestarts(restarts) => restarts.by,
        Schedule::Piecewise(pieces) => pieces.by,
        Schedule::Linear(line) => line.by,
        Schedule::OneCycle(cycle) => cycle.by,
        Schedule::MultiStep(milestones) => milestones.by,
        Schedule::Exponential(decay) | Schedule::InverseTime(decay) => decay.by,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schedule::golden::{any_schedule, any_schedule_that_ignores_the_length};
    use crate::spec::{CosineRestarts, Decay, Linear, Milestones, OneCycle, Piecewise, Plateau};

    fn epochs(count: u32) -> NonZeroU32 {
        NonZeroU32::new(count).unwrap()
    }

    /// All epochs' rates, when these are the validation losses after them.
    fn run(mut progress: Progress, losses: &[f64]) -> Vec<Rates> {
        let epoch = |(epoch, &loss)| {
            let rates = progress.rates(epoch);
            progress.observe(loss);
            rates
        };
        (0_u32..).zip(losses).map(epoch).collect()
    }

    fn same(some: &[Rates], others: &[Rates]) -> bool {
        some.len() == others.len() && some.iter().zip(others).all(|(one, other)| one.same_bits(other))
    }

    fn set_unit(schedule: &mut Schedule, unit: TimeUnit) {
        match schedule {
            Schedule::Constant | Schedule::ReduceOnPlateau(_) => {}
            Schedule::Step { by, .. }
            | Schedule::MultiStep(Milestones { by, .. })
            | Schedule::Exponential(Decay { by, .. })
            | Schedule::InverseTime(Decay { by, .. })
            | Schedule::Polynomial { by, .. }
            | Schedule::Cosine { by, .. }
            | Schedule::CosineAnnealing { by, .. }
            | Schedule::CosineRestarts(CosineRestarts { by, .. })
            | Schedule::Piecewise(Piecewise { by, .. })
            | Schedule::Linear(Linear { by, .. })
            | Schedule::OneCycle(OneCycle { by, .. }) => *by = unit,
        }
    }

    #[test]
    fn steps_with_one_rate_are_constant_and_the_others_are_listed() {
        let schedule = Schedule::Step { factor: 0.5, every: epochs(6), by: TimeUnit::Step };
        let progress = Progress::new(&schedule, 0.1, epochs(3), 4);
        assert_eq!(progress.rates(0), Rates::Constant(0.1));
        assert_eq!(progress.rates(1), Rates::PerStep(vec![0.1, 0.1, 0.05, 0.05]));
        assert_eq!(progress.rates(2), Rates::Constant(0.05));
    }

    #[test]
    fn a_decay_by_step_lasts_all_steps_of_the_training() {
        let schedule = Schedule::Polynomial { over: None, end: 0.0, power: 1.0, cycle: false, by: TimeUnit::Step };
        let progress = Progress::new(&schedule, 0.8, epochs(2), 4);
        assert_eq!(progress.rates(0), Rates::PerStep(vec![0.8, 0.7, 0.6, 0.5]));
        assert_eq!(progress.rates(1), Rates::PerStep(vec![0.4, 0.3, 0.2, 0.1]));
    }

    #[test]
    fn a_cut_acts_from_the_next_epoch() {
        let plateau = Plateau { factor: 0.5, patience: 1, min_delta: 0.0, cooldown: 0, min_learning_rate: 0.0 };
        let progress = Progress::new(&Schedule::ReduceOnPlateau(plateau), 0.1, epochs(4), 7);
        let golden = [0.1, 0.1, 0.05, 0.05].map(Rates::Constant);
        assert!(same(&run(progress, &[1.0, 1.0, 0.9, 0.9]), &golden));
    }

    #[test]
    fn constant_step_and_plateau_share_their_first_epochs() {
        let plateau = Plateau { factor: 0.5, patience: 3, min_delta: 1e-4, cooldown: 0, min_learning_rate: 0.0 };
        let step = Schedule::Step { factor: 0.5, every: epochs(10), by: TimeUnit::Epoch };
        let losses = [1.0; 12];
        let [constant, step, plateau] = [Schedule::Constant, step, Schedule::ReduceOnPlateau(plateau)]
            .map(|schedule| run(Progress::new(&schedule, 0.01, epochs(12), 5), &losses));
        assert!(same(&constant[..10], &step[..10]) && !constant[10].same_bits(&step[10]));
        assert!(same(&constant[..4], &plateau[..4]) && !constant[4].same_bits(&plateau[4]));
    }

    #[test]
    fn rates_are_compared_by_their_bits() {
        let listed = |rates: &[f32]| Rates::PerStep(rates.to_vec());
        assert!(Rates::Constant(f32::NAN).same_bits(&Rates::Constant(f32::NAN)));
        assert!(!Rates::Constant(0.0).same_bits(&Rates::Constant(-0.0)));
        assert!(!Rates::Constant(0.1).same_bits(&Rates::Constant(0.1_f32.next_up())));
        assert!(listed(&[0.1, 0.2]).same_bits(&listed(&[0.1, 0.2])));
        assert!(!listed(&[0.1, 0.2]).same_bits(&listed(&[0.1, 0.2, 0.2])));
        assert!(!listed(&[0.1, 0.2]).same_bits(&listed(&[0.1, 0.3])));
        assert!(!listed(&[0.1, 0.2]).same_bits(&Rates::Constant(0.1)));
    }

    proptest! {
        #[test]
        fn a_schedule_with_its_own_length_does_not_depend_on_that_of_the_training(
            schedule in any_schedule_that_ignores_the_length(),
            learning_rate in 1e-6_f64..10.0,
            losses in proptest::collection::vec(0.0_f64..1.0, 1..30),
            more in 1_u32..30,
            steps in 1_u64..5,
        ) {
            let length = u32::try_from(losses.len()).unwrap();
            let short = Progress::new(&schedule, learning_rate, epochs(length), steps);
            let long = Progress::new(&schedule, learning_rate, epochs(length + more), steps);
            prop_assert!(same(&run(short, &losses), &run(long, &losses)));
        }

        /// But for one cycle, which in a training of up to three times does not begin at its start.
        #[test]
        fn any_two_lengths_agree_in_their_first_step(
            schedule in any_schedule().prop_filter("one cycle", |schedule| !matches!(schedule, Schedule::OneCycle(_))),
            learning_rate in 1e-6_f64..10.0,
            short in 1_u32..30,
            long in 1_u32..30,
            steps in 1_u64..5,
        ) {
            let first = |length| Progress::new(&schedule, learning_rate, epochs(length), steps).rates(0).at(0).to_bits();
            prop_assert_eq!(first(short), first(long));
        }

        #[test]
        fn steps_and_epochs_are_one_unit_where_an_epoch_is_one_step(
            mut schedule in any_schedule(),
            learning_rate in 1e-6_f64..10.0,
            losses in proptest::collection::vec(0.0_f64..1.0, 1..30),
        ) {
            let length = epochs(u32::try_from(losses.len()).unwrap());
            let [by_epoch, by_step] = [TimeUnit::Epoch, TimeUnit::Step].map(|unit| {
                set_unit(&mut schedule, unit);
                run(Progress::new(&schedule, learning_rate, length, 1), &losses)
            });
            prop_assert!(same(&by_epoch, &by_step));
        }

        #[test]
        fn every_step_has_the_rate_of_its_time_and_equal_steps_are_never_listed(
            mut schedule in any_schedule(),
            learning_rate in 1e-6_f64..10.0,
            length in 1_u32..30,
            steps in 1_u16..9,
        ) {
            set_unit(&mut schedule, TimeUnit::Step);
            let progress = Progress::new(&schedule, learning_rate, epochs(length), steps.into());
            let all = u64::from(length) * u64::from(steps);
            for epoch in 0..length {
                let rates = progress.rates(epoch);
                for step in 0..steps {
                    let u = u64::from(epoch) * u64::from(steps) + u64::from(step);
                    let expected = rate(&schedule, learning_rate, u, all) as f32;
                    prop_assert_eq!(rates.at(step.into()).to_bits(), expected.to_bits());
                }
                if let Rates::PerStep(listed) = &rates {
                    prop_assert_eq!(listed.len(), usize::from(steps));
                    prop_assert!(listed.iter().any(|rate| rate.to_bits() != listed[0].to_bits()));
                }
            }
        }

        #[test]
        fn rates_are_finite_and_not_negative(
            schedule in any_schedule(),
            learning_rate in 1e-6_f64..10.0,
            losses in proptest::collection::vec(0.0_f64..1.0, 1..30),
            steps in 1_u16..5,
        ) {
            let length = epochs(u32::try_from(losses.len()).unwrap());
            for rates in run(Progress::new(&schedule, learning_rate, length, steps.into()), &losses) {
                for step in 0..steps {
                    let rate = rates.at(step.into());
                    prop_assert!(rate.is_finite() && rate >= 0.0, "{rate}");
                }
            }
        }
    }
}
