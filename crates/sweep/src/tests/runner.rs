use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use swath_core::engine::Training;
use swath_core::spec::{Schedule, TimeUnit, TrainSpec, WarmUp};

use crate::runner::train;
use crate::tests::fake_engine::{Fake, step, train as settings, trial};
use crate::tests::outcomes::{in_time, roots, train_all};
use crate::timeline::Timekeeper;

/// Why workers end before their work does.
#[derive(Clone, Copy, PartialEq)]
enum Because {
    /// Somebody says so.
    Stopped,
    /// Whoever received has gone after an epoch, or from the beginning.
    Left,
    Absent,
}

/// Trains these settings, one trial a root, and stops; gives how many trials had ended.
fn ended_before(because: Because, trains: Vec<TrainSpec>, threads: usize) -> usize {
    let slowly = |_: &Training, epochs: u32| {
        std::thread::sleep(Duration::from_millis(1));
        1.0 / epochs as f32
    };
    in_time(move || {
        let (sender, receiver) = channel();
        let mut receiver = Some(receiver).filter(|_| because != Because::Absent);
        let stop = AtomicBool::new(false);
        let timekeeper = Timekeeper::new(Instant::now(), threads);
        std::thread::scope(|scope| {
            let work = || train(&Fake::losing(slowly), roots(&trains, 1), threads, &stop, &sender, &timekeeper, &());
            let workers = scope.spawn(work);
            if let Some(receiver) = &receiver {
                receiver.recv().unwrap();
            }
            if because == Because::Stopped {
                stop.store(true, Ordering::Relaxed);
            } else {
                receiver = None;
            }
            workers.join().unwrap().unwrap();
        });
        drop(sender);
        receiver.into_iter().flatten().map(|advance| advance.ended.len()).sum()
    })
}

#[test]
fn when_stopped_workers_end_after_the_epoch_at_hand() {
    let ended = ended_before(Because::Stopped, vec![settings(1_000, Schedule::Constant); 40], 2);
    assert!(ended < 40, "{ended} of 40 trials of 1,000 epochs had ended");
}

/// One trains these, and all others wait for what never comes.
fn one_trial_for_ever() -> Vec<TrainSpec> {
    vec![settings(100_000_000, Schedule::Constant)]
}

#[test]
fn when_stopped_those_end_too_who_wait_for_work() {
    assert_eq!(ended_before(Because::Stopped, one_trial_for_ever(), 4), 0);
}

#[test]
fn when_nobody_receives_workers_end_and_those_too_who_wait_for_work() {
    for threads in [1, 4] {
        ended_before(Because::Left, one_trial_for_ever(), threads);
        ended_before(Because::Absent, one_trial_for_ever(), threads);
    }
}

#[test]
fn without_anything_to_train_workers_end() {
    in_time(|| assert!(train_all(&Fake::falling(), Vec::new(), 3).outcomes.is_empty()));
}

#[test]
fn strands_that_have_parted_never_join_again() {
    // 0.1, 0.2, 0.15, 0.1, 0.1, ...
    let there_and_back = Schedule::Cosine {
        over: NonZeroU32::new(2),
        alpha: 0.5,
        warm_up: Some(WarmUp { over: NonZeroU32::MIN, target: 0.2 }),
        by: TimeUnit::Epoch,
    };
    let trains = [settings(9, Schedule::Constant), settings(9, there_and_back)];
    for width in [1, 4] {
        let trained = train_all(&Fake::falling().of_width(width), roots(&trains, 2), 1);
        let rates = |number: u32| trained.outcomes[&trial(number).key].curves.learning_rate().to_vec();
        let [constant, other] = [0, 1].map(|number| rates(number).into_iter().map(f32::to_bits).collect::<Vec<_>>());
        assert_eq!((constant[0], &constant[3..]), (other[0], &other[3..]));
        assert_ne!(constant[1], other[1]);
        assert_eq!(trained.computed, 2 * (1 + 8 + 8), "the first epoch alone is shared");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn threads_and_company_change_no_outcome(
        shapes in prop::collection::vec((1u32..12, 1u32..6), 1..24),
        of_root in 1usize..6,
        width in 1usize..9,
        threads in 1usize..4,
    ) {
        let trains: Vec<TrainSpec> = shapes.iter().map(|(epochs, every)| settings(*epochs, step(*every))).collect();
        let together = train_all(&Fake::falling().of_width(width), roots(&trains, of_root), threads);
        let alone = train_all(&Fake::falling(), roots(&trains, 1), 1);
        prop_assert_eq!(together.outcomes.len(), trains.len());
        for (key, outcome) in &together.outcomes {
            prop_assert!(outcome.same_result(&alone.outcomes[key]));
        }
        prop_assert!(together.computed <= alone.computed);
        prop_assert_eq!(together.settled, alone.settled);
        let shares: f64 = together.outcomes.values().map(|outcome| outcome.effort.steps_trained).sum();
        prop_assert!((shares - together.computed as f64).abs() < 1e-6 * shares.max(1.0));
    }
}
