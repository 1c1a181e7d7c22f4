//! What the tests of several schedules share: the comparison with golden figures, and valid schedules at random.

use std::num::NonZeroU32;

use proptest::prelude::*;

use super::rate;
use crate::spec::{
    CosineRestarts, Decay, Linear, Milestones, OneCycle, Piecewise, Plateau, Schedule, TimeUnit, WarmUp,
};

/// The times at which most golden figures were taken.
pub(super) const TIMES: [u64; 9] = [0, 1, 5, 9, 10, 11, 19, 20, 25];

/// Golden figures come from programs that keep the rate as f32.
const TOLERANCE: f64 = 2e-6;

/// The schedule's rates at these times are the golden figures. Its decay length must not be left out.
pub(super) fn check(schedule: &Schedule, r0: f64, times: impl IntoIterator<Item = u64>, golden: &[f64]) {
    let rates: Vec<f64> = times.into_iter().map(|u| rate(schedule, r0, u, 1)).collect();
    check_figures(&rates, golden);
}

/// Figure by figure within the tolerance, and as many.
pub(super) fn check_figures(actual: &[f64], golden: &[f64]) {
    let close = |(a, g): (&f64, &f64)| (a - g).abs() <= TOLERANCE;
    let all = actual.len() == golden.len() && actual.iter().zip(golden).all(close);
    assert!(all, "\nactual {actual:?}\ngolden {golden:?}");
}

/// Any valid schedule, in either unit.
pub(super) fn any_schedule() -> impl Strategy<Value = Schedule> {
    prop_oneof![
        9 => any_schedule_with(proptest::option::of(length()).boxed()),
        1 => one_cycle().prop_map(Schedule::OneCycle),
    ]
}

/// As [`any_schedule`], less those that depend on the length of the training: exponential, inverse time, polynomial,
/// cosine and cosine annealing that leave their length out, and one cycle. Restarts, pieces, a linear rise, steps and
/// milestones have times of their own.
pub(super) fn any_schedule_that_ignores_the_length() -> impl Strategy<Value = Schedule> {
    any_schedule_with(length().prop_map(Some).boxed())
}

fn any_schedule_with(over: BoxedStrategy<Option<NonZeroU32>>) -> impl Strategy<Value = Schedule> {
    let decay = (over.clone(), 1e-3_f64..=1.0, any::<bool>(), unit())
        .prop_map(|(over, rate, staircase, by)| Decay { over, rate, staircase, by })
        .boxed();
    let milestones = (proptest::collection::vec(0_u32..50, 0..6), factor(), unit()).prop_map(|(mut at, factor, by)| {
        at.sort_unstable();
        Milestones { at, factor, by }
    });
    let polynomial = (over.clone(), 0.0_f64..1.0, 0.0_f64..5.0, any::<bool>(), unit())
        .prop_map(|(over, end, power, cycle, by)| Schedule::Polynomial { over, end, power, cycle, by });
    let warm_up = (length(), 1e-6_f64..10.0).prop_map(|(over, target)| WarmUp { over, target });
    let annealing = (over.clone(), 0.0_f64..0.1, unit())
        .prop_map(|(over, min_learning_rate, by)| Schedule::CosineAnnealing { over, min_learning_rate, by });
    let cosine = (over, 0.0_f64..=1.0, proptest::option::of(warm_up), unit())
        .prop_map(|(over, alpha, warm_up, by)| Schedule::Cosine { over, alpha, warm_up, by });
    prop_oneof![
        Just(Schedule::Constant),
        (factor(), length(), unit()).prop_map(|(factor, every, by)| Schedule::Step { factor, every, by }),
        milestones.prop_map(Schedule::MultiStep),
        decay.clone().prop_map(Schedule::Exponential),
        decay.prop_map(Schedule::InverseTime),
        polynomial,
        cosine,
        annealing,
        restarts().prop_map(Schedule::CosineRestarts),
        pieces().prop_map(Schedule::Piecewise),
        line().prop_map(Schedule::Linear),
        plateau().prop_map(Schedule::ReduceOnPlateau),
    ]
}

fn restarts() -> impl Strategy<Value = CosineRestarts> {
    let t_mul = prop_oneof![Just(1.0), 1.0_f64..5.0];
    (length(), t_mul, 0.0_f64..=1.0, 0.0_f64..=1.0, unit()).prop_map(|(over, t_mul, m_mul, alpha, by)| CosineRestarts {
        over,
        t_mul,
        m_mul,
        alpha,
        by,
    })
}

fn pieces() -> impl Strategy<Value = Piecewise> {
    let boundaries = proptest::collection::btree_set(0_u32..50, 1..6);
    (boundaries, proptest::collection::vec(0.0_f64..1.0, 6), unit()).prop_map(|(boundaries, mut values, by)| {
        values.truncate(boundaries.len() + 1);
        Piecewise { boundaries: boundaries.into_iter().collect(), values, by }
    })
}

fn line() -> impl Strategy<Value = Linear> {
    (0.0_f64..=1.0, 0.0_f64..=1.0, length(), unit()).prop_map(|(start, end, over, by)| Linear { start, end, over, by })
}

fn one_cycle() -> impl Strategy<Value = OneCycle> {
    (proptest::option::of(1e-6_f64..10.0), 0.01_f64..0.99, 1.0_f64..100.0, 1.0_f64..1e5, unit()).prop_map(
        |(max_learning_rate, rise, start_divisor, end_divisor, by)| OneCycle {
            max_learning_rate,
            rise,
            start_divisor,
            end_divisor,
            by,
        },
    )
}

fn plateau() -> impl Strategy<Value = Plateau> {
    (1e-3_f64..1.0, 0_u32..5, 0.0_f64..0.1, 0_u32..4, 0.0_f64..0.01).prop_map(
        |(factor, patience, min_delta, cooldown, min_learning_rate)| Plateau {
            factor,
            patience,
            min_delta,
            cooldown,
            min_learning_rate,
        },
    )
}

fn factor() -> impl Strategy<Value = f64> {
    1e-3_f64..=1.0
}

fn length() -> impl Strategy<Value = NonZeroU32> {
    (1_u32..60).prop_map(|length| NonZeroU32::MIN.saturating_add(length - 1))
}

fn unit() -> impl Strategy<Value = TimeUnit> {
    prop_oneof![Just(TimeUnit::Epoch), Just(TimeUnit::Step)]
}
