use proptest::prelude::*;
use swath_core::spec::{Schedule, TrainSpec};
use swath_results::row::Ending;
use swath_results::{Disk, Journal, Outcome, TrialKey};

use crate::tests::fake_engine::{Fake, step, train as settings};
use crate::tests::outcomes::{Trained, roots, train_all};

const MESSAGE: &str = "panicked: the disk of lies";

/// Panics where it must.
fn lie(must: bool) {
    assert!(!must, "the disk of lies");
}

fn key(number: u128) -> TrialKey {
    TrialKey(number)
}

/// Asserts that these trials failed with the message, and that all others are as if nothing had happened.
fn check(trained: &Trained, trains: &[TrainSpec], of_root: usize, failed: &[u128]) {
    let undisturbed = train_all(&Fake::falling(), roots(trains, of_root), 1);
    assert_eq!(trained.outcomes.len(), trains.len());
    for (key, outcome) in &trained.outcomes {
        if failed.contains(&key.0) {
            assert_eq!(outcome.ending, Ending::Failed { message: MESSAGE.to_owned() }, "{key}");
            assert_eq!(outcome.curves.epochs(), 0, "of a failed trial no curves are kept");
        } else {
            assert!(outcome.same_result(&undisturbed.outcomes[key]), "{outcome:?}");
        }
    }
    assert_eq!(trained.settled, undisturbed.settled, "what failed is settled too");
}

fn lengths(epochs: &[u32]) -> Vec<TrainSpec> {
    epochs.iter().map(|&epochs| settings(epochs, Schedule::Constant)).collect()
}

#[test]
fn a_panic_fails_the_trials_of_its_strand_and_no_other() {
    let trains = lengths(&[2, 5, 2, 5, 2, 5]);
    for (width, threads) in [(1, 1), (1, 2), (3, 1), (8, 2)] {
        let engine = Fake::losing(|training, epochs| {
            lie(training.replicate == 1 && epochs == 3);
            1.0 / epochs as f32
        });
        let trained = train_all(&engine.of_width(width), roots(&trains, 2), threads);
        check(&trained, &trains, 2, &[3]);
    }
}

#[test]
fn after_a_panic_each_of_a_pack_trains_alone_and_then_together_again() {
    let trains = lengths(&[4; 5]);
    let engine = Fake::losing(|training, epochs| {
        lie(training.replicate == 2 && epochs == 3);
        1.0 / epochs as f32
    });
    let engine = engine.of_width(8);
    check(&train_all(&engine, roots(&trains, 1), 1), &trains, 1, &[2]);
    let packs = engine.packs();
    assert_eq!(packs.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5, 5, 1, 1, 1, 1, 1, 4]);
}

#[test]
fn a_panic_at_the_start_fails_all_trials_of_its_root_and_no_other() {
    let trains = lengths(&[2, 5, 2, 5, 2, 5]);
    for width in [1, 8] {
        let engine = Fake::falling().of_width(width).at_start(|training| lie(training.replicate == 1));
        check(&train_all(&engine, roots(&trains, 2), 2), &trains, 2, &[2, 3]);
    }
}

#[test]
fn a_panic_in_an_evaluation_fails_the_trials_that_end_there_and_lets_the_others_go_on() {
    let trains = lengths(&[2, 5, 2, 2, 5, 2]);
    for width in [1, 8] {
        let engine = Fake::falling().of_width(width);
        let engine = engine.at_evaluation(|training, epochs| lie(training.replicate == 0 && epochs == 2));
        check(&train_all(&engine, roots(&trains, 3), 2), &trains, 3, &[0, 2]);
    }
}

#[test]
fn a_trial_that_failed_at_its_end_is_recorded_as_it_was_sent() {
    let trains = lengths(&[2]);
    let engine = Fake::falling().at_evaluation(|_, _| lie(true));
    let sent: Vec<Outcome> = train_all(&engine, roots(&trains, 1), 1).outcomes.into_values().collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.jsonl");
    let (mut journal, _) = Journal::open(std::sync::Arc::new(Disk), &path).unwrap();
    journal.append(&sent).unwrap();
    let kept = Journal::read(&Disk, &path).unwrap().outcomes;
    assert!(kept.get(&key(0)).unwrap().same_result(&sent[0]));
}

/// What becomes of a root at an epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Well,
    Diverges(u32),
    Panics(u32),
    PanicsAtStart,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Well),
        1 => (1_u32..9).prop_map(Fate::Diverges),
        1 => (1_u32..9).prop_map(Fate::Panics),
        1 => Just(Fate::PanicsAtStart),
    ]
}

/// An engine on which roots meet their fates, whatever the company.
fn fateful(fates: &[Fate]) -> Fake {
    let (at_start, fates) = (fates.to_vec(), fates.to_vec());
    let engine = Fake::losing(move |training, epochs| {
        let fate = fates[training.replicate as usize];
        lie(fate == Fate::Panics(epochs));
        // Neither falling nor rising, so that early stopping has something to do.
        let loss = ((epochs * 7 + training.replicate * 5) % 11) as f32 + 1.0;
        if fate == Fate::Diverges(epochs) { f32::NAN } else { loss }
    });
    engine.at_start(move |training| lie(at_start[training.replicate as usize] == Fate::PanicsAtStart))
}

fn any_settings() -> impl Strategy<Value = TrainSpec> {
    let stopping = prop::option::of((0_u32..3, prop::bool::ANY));
    let plateau =
        swath_core::spec::Plateau { factor: 0.5, patience: 1, min_delta: 1e-4, cooldown: 0, min_learning_rate: 0.0 };
    let schedule =
        prop_oneof![Just(Schedule::Constant), (1_u32..6).prop_map(step), Just(Schedule::ReduceOnPlateau(plateau)),];
    (1_u32..9, schedule, stopping).prop_map(|(epochs, schedule, stopping)| {
        let early_stopping = stopping.map(|(patience, restore_best_weights)| swath_core::spec::EarlyStopping {
            patience,
            min_delta: 0.0,
            start_from_epoch: 0,
            baseline: None,
            restore_best_weights,
        });
        TrainSpec { early_stopping, ..settings(epochs, schedule) }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_trial_ends_once_and_as_it_does_alone_whatever_befalls_its_neighbours(
        trains in prop::collection::vec(any_settings(), 1..40),
        fates in prop::collection::vec(fate(), 40),
        of_root in 1_usize..6,
        width in 1_usize..=16,
        threads in 1_usize..=4,
    ) {
        let together = train_all(&fateful(&fates).of_width(width), roots(&trains, of_root), threads);
        prop_assert_eq!(together.outcomes.len(), trains.len());
        for root in roots(&trains, of_root) {
            for (trial, train) in &root.trials {
                let alone = crate::root::Root { training: root.training.clone(), trials: vec![(*trial, train)] };
                let alone = train_all(&fateful(&fates), vec![alone], 1);
                let outcome = &together.outcomes[&trial.key];
                prop_assert!(outcome.same_result(&alone.outcomes[&trial.key]), "{:?}", outcome);
            }
        }
        let asked: u64 = trains.iter().map(|train| 2 * u64::from(train.epochs.get())).sum();
        prop_assert_eq!(together.settled, asked);
        prop_assert!(together.computed <= asked);
    }
}
