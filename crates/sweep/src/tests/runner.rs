use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;

use proptest::prelude::*;
use swath_core::engine::Training;
use swath_core::spec::{Schedule, TrainSpec};
use swath_results::row::Ending;
use swath_results::{Outcome, TrialKey};

use crate::root::Root;
use crate::runner::train;
use crate::tests::fake_engine::{Fake, step, train as settings, training, trial};

/// Roots of one trial each for every number; the replicate of a root's training is its number.
fn roots(trains: &[TrainSpec], of_root: usize) -> Vec<Root<'_>> {
    let mut number = 0;
    trains
        .chunks(of_root)
        .enumerate()
        .map(|(replicate, chunk)| {
            let training = Training { replicate: replicate as u32, ..training().as_ref().clone() };
            let trials = chunk
                .iter()
                .map(|train| {
                    number += 1;
                    (trial(number - 1), train)
                })
                .collect();
            Root { training: Arc::new(training), trials }
        })
        .collect()
}

struct Trained {
    outcomes: HashMap<TrialKey, Outcome>,
    settled: u64,
    computed: u64,
}

fn train_all(engine: &Fake, roots: Vec<Root<'_>>, threads: usize) -> Trained {
    let (sender, receiver) = channel();
    train(engine, roots, threads, &AtomicBool::new(false), &sender).unwrap();
    drop(sender);
    let mut trained = Trained { outcomes: HashMap::new(), settled: 0, computed: 0 };
    for advance in receiver {
        trained.settled += advance.steps_settled;
        trained.computed += advance.steps_trained;
        for outcome in advance.ended {
            assert!(trained.outcomes.insert(outcome.key, outcome).is_none(), "every trial ends once");
        }
    }
    trained
}

#[test]
fn a_panic_fails_the_trials_of_its_strand_and_no_other() {
    let engine = Fake {
        loss: |training, epochs| {
            assert!(training.replicate != 1 || epochs < 3, "the disk of lies");
            1.0 / epochs as f32
        },
    };
    let trains = [settings(2, Schedule::Constant), settings(5, Schedule::Constant)];
    let trains: Vec<TrainSpec> = trains.iter().cycle().take(6).cloned().collect();
    let trained = train_all(&engine, roots(&trains, 2), 2);
    let alone = train_all(&Fake::FALLING, roots(&trains, 2), 2);
    assert_eq!(trained.outcomes.len(), 6);
    for (key, outcome) in &trained.outcomes {
        if key.0 == 3 {
            let Ending::Failed { message } = &outcome.ending else { panic!("{outcome:?}") };
            assert_eq!(message, "panicked: the disk of lies");
        } else {
            assert!(outcome.same_result(&alone.outcomes[key]), "{outcome:?}");
        }
    }
    assert_eq!(trained.settled, 2 * 3 * (2 + 5), "what failed is settled too");
}

#[test]
fn when_stopped_workers_end_after_the_epoch_at_hand() {
    let trains: Vec<TrainSpec> = (0..40).map(|_| settings(1_000, Schedule::Constant)).collect();
    let (sender, receiver) = channel();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let workers = scope.spawn(|| train(&Fake::FALLING, roots(&trains, 1), 2, &stop, &sender));
        receiver.recv().unwrap();
        stop.store(true, Ordering::Relaxed);
        workers.join().unwrap().unwrap();
    });
    drop(sender);
    let ended: usize = receiver.iter().map(|advance| advance.ended.len()).sum();
    assert!(ended < 40, "{ended} of 40 trials of 1,000 epochs had ended");
}

#[test]
fn when_nobody_receives_workers_end() {
    let trains = vec![settings(1_000_000, Schedule::Constant)];
    let (sender, receiver) = channel();
    drop(receiver);
    train(&Fake::FALLING, roots(&trains, 1), 1, &AtomicBool::new(false), &sender).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn threads_and_company_change_no_outcome(
        shapes in prop::collection::vec((1u32..12, 1u32..6), 1..24),
        of_root in 1usize..6,
        threads in 1usize..4,
    ) {
        let trains: Vec<TrainSpec> = shapes.iter().map(|(epochs, every)| settings(*epochs, step(*every))).collect();
        let together = train_all(&Fake::FALLING, roots(&trains, of_root), threads);
        let alone = train_all(&Fake::FALLING, roots(&trains, 1), 1);
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
