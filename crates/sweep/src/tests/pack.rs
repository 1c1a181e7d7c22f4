use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::ThreadId;
use std::time::Duration;

use proptest::prelude::*;
use swath_core::engine::{Engine, Training};
use swath_core::spec::{Schedule, TrainSpec};

use crate::pack::{Pack, Waiting};
use crate::root::Root;
use crate::strand::{Member, ReadyStrand, Strand};
use crate::tests::fake_engine::{Fake, Run, step, train as settings, training, training_on, trial};
use crate::tests::outcomes::{roots, roots_on, train_all};
use crate::trial::Trial;

fn constant(epochs: &[u32]) -> Vec<TrainSpec> {
    epochs.iter().map(|&epochs| settings(epochs, Schedule::Constant)).collect()
}

/// The numbers of the first trials of all that a pack holds.
fn names(pack: &Pack<'_, Fake>) -> Vec<u32> {
    let strands = pack.strands.iter().filter_map(|ready| ready.strand.trials().next());
    strands.chain(pack.roots.iter().map(|root| root.trials[0].0)).map(|trial| trial.point).collect()
}

/// An epoch of a pack, as a worker would train it.
fn train(engine: &Fake, pack: Pack<'_, Fake>) -> Vec<ReadyStrand<Fake>> {
    let start = |root: Root<'_>| {
        let members = root.trials.iter().map(|(trial, train)| Member::new(*trial, train, &root.training)).collect();
        Strand::start(engine, root.training, members).part()
    };
    let begun = pack.roots.into_iter().flat_map(start);
    let epoch = |ready: ReadyStrand<Fake>| {
        let ReadyStrand { mut strand, rates } = ready;
        let report = engine.train_epoch(&mut [strand.epoch_run(&rates)])[0];
        strand.observe(engine, &rates, report, 0.0, 0);
        strand.part()
    };
    pack.strands.into_iter().chain(begun).flat_map(epoch).collect()
}

/// Sizes of the packs that these roots make when one worker takes them all and brings nothing back.
fn sizes(engine: &Fake, roots: Vec<Root<'_>>) -> Vec<usize> {
    let mut waiting = Waiting::new(engine, roots);
    std::iter::from_fn(|| waiting.take(1)).map(|pack| names(&pack).len()).collect()
}

#[test]
fn packs_are_full_while_there_is_enough() {
    let trains = constant(&[3; 10]);
    assert_eq!(sizes(&Fake::falling().of_width(4), roots(&trains, 1)), [4, 4, 2]);
    assert_eq!(sizes(&Fake::falling().of_width(16), roots(&trains, 1)), [10]);
    assert_eq!(sizes(&Fake::falling(), roots(&trains[..3], 1)), [1, 1, 1]);
    assert!(sizes(&Fake::falling(), Vec::new()).is_empty());
}

#[test]
fn of_a_group_the_longest_come_first_and_those_that_have_begun_before_others() {
    let engine = Fake::falling().of_width(2);
    let trains = constant(&[3, 9, 5, 9, 4]);
    let mut waiting = Waiting::new(&engine, roots(&trains, 1));
    let first = waiting.take(1).unwrap();
    assert_eq!(names(&first), [1, 3], "of equally long ones that which was named first");
    let second = waiting.take(1).unwrap();
    assert_eq!(names(&second), [2, 4]);
    let group = second.group;
    waiting.put_back(group, train(&engine, second));
    waiting.put_back(group, train(&engine, first));
    let mut third = names(&waiting.take(1).unwrap());
    third.sort_unstable();
    assert_eq!(third, [1, 3], "8 epochs are left of them");
    assert_eq!(
        names(&waiting.take(1).unwrap()),
        [2, 4],
        "4 and 3 are left of them, and 3 of the one that has not begun"
    );
    assert_eq!(names(&waiting.take(1).unwrap()), [0]);
    assert!(waiting.take(1).is_none());
}

/// A training of the same rows, with other hidden layers.
fn with_hidden(hidden: &[u32]) -> Training {
    let mut training = training().as_ref().clone();
    training.network.model.hidden = hidden.to_vec();
    training
}

#[test]
fn the_fullest_group_comes_first_and_of_equally_full_ones_that_with_the_most_work() {
    let engine = Fake::falling().of_width(2);
    let check = |epochs_of_wide: u32, expected: [&[u32]; 3]| {
        let [narrow, wide, deep] = [constant(&[10, 10]), constant(&[epochs_of_wide; 2]), constant(&[1_000])];
        let mut all = roots_on(&with_hidden(&[2, 2]), 20, &deep, 1);
        // 7 and 61 parameters.
        all.extend(roots_on(&with_hidden(&[2]), 0, &narrow, 1));
        all.extend(roots_on(&with_hidden(&[20]), 10, &wide, 1));
        let mut waiting = Waiting::new(&engine, all);
        assert_eq!(std::array::from_fn(|_| names(&waiting.take(1).unwrap())), expected.map(<[u32]>::to_vec));
    };
    check(1, [&[0, 1], &[10, 11], &[20]]);
    check(2, [&[10, 11], &[0, 1], &[20]]);
}

#[test]
fn work_that_is_done_no_longer_counts() {
    let engine = Fake::falling().of_width(2);
    let trains = constant(&[5, 5, 3, 3]);
    let mut all = roots_on(&with_hidden(&[2]), 0, &trains[..2], 1);
    all.extend(roots_on(&with_hidden(&[3]), 2, &trains[2..], 1));
    let mut waiting = Waiting::new(&engine, all);
    let mut order = Vec::new();
    while let Some(pack) = waiting.take(1) {
        order.push(names(&pack).into_iter().min().unwrap());
        let group = pack.group;
        waiting.put_back(group, train(&engine, pack));
    }
    // 7 parameters times 5, 4, 3, ... epochs left against 10 times 3, 2, 1.
    assert_eq!(order, [0, 2, 0, 0, 2, 0, 2, 0]);
}

#[test]
fn idle_workers_share_what_is_left() {
    let engine = Fake::falling().of_width(8);
    let shares = |count: usize, workers: usize| -> Vec<usize> {
        let trains = constant(&vec![3; count]);
        let mut waiting = Waiting::new(&engine, roots(&trains, 1));
        (1..=workers).rev().filter_map(|idle| waiting.take(idle)).map(|pack| names(&pack).len()).collect()
    };
    assert_eq!(shares(6, 1), [6]);
    assert_eq!(shares(6, 2), [3, 3]);
    assert_eq!(shares(7, 3), [3, 2, 2]);
    assert_eq!(shares(2, 4), [1, 1]);
    assert_eq!(shares(40, 2), [8, 8], "as long as there is enough for everybody, packs are full");
}

#[test]
fn two_workers_train_at_once_what_one_pack_would_hold() {
    let workers: Arc<(Mutex<HashSet<ThreadId>>, Condvar)> = Arc::default();
    let engine = Fake::losing(move |_, epochs| {
        let (seen, changed) = &*workers;
        let mut seen = seen.lock().unwrap();
        seen.insert(std::thread::current().id());
        changed.notify_all();
        let (seen, _) = changed.wait_timeout_while(seen, Duration::from_secs(60), |seen| seen.len() < 2).unwrap();
        assert_eq!(seen.len(), 2, "the other worker trains, too");
        1.0 / epochs as f32
    });
    let trains = constant(&[4; 6]);
    let trained = train_all(&engine.of_width(8), roots(&trains, 1), 2);
    assert!(trained.outcomes.values().all(|outcome| outcome.curves.epochs() == 4));
}

#[test]
fn neither_shapes_nor_numbers_of_rows_are_mixed() {
    let trains = constant(&[2; 3]);
    let mut batches_of_two = training().as_ref().clone();
    batches_of_two.batch_size = 2;
    let trainings = [with_hidden(&[2]), with_hidden(&[3]), batches_of_two, training_on(9).as_ref().clone()];
    let mut all: Vec<Root<'_>> = Vec::new();
    for replicate in 0..3 {
        for (training, point) in trainings.iter().zip([0, 1, 2, 0]) {
            let mut roots = roots_on(training, replicate, &trains[..1], 1);
            // Folds of one point differ in their number of rows.
            roots[0].trials[0].0 = Trial { point, replicate, ..trial(all.len() as u32) };
            all.append(&mut roots);
        }
    }
    let engine = Fake::falling().of_width(16);
    assert_eq!(train_all(&engine, all, 1).outcomes.len(), 12);
    let packs = engine.packs();
    assert_eq!(packs.iter().map(Vec::len).collect::<Vec<_>>(), [3; 8]);
    for pack in &packs {
        assert!(pack.iter().all(|run| run.shape == pack[0].shape), "{pack:?}");
    }
}

/// The replicates of each pack, ascending.
fn replicates(packs: &[Vec<Run>]) -> Vec<Vec<u32>> {
    let sorted = |pack: &Vec<Run>| {
        let mut replicates: Vec<u32> = pack.iter().map(|run| run.replicate).collect();
        replicates.sort_unstable();
        replicates
    };
    packs.iter().map(sorted).collect()
}

#[test]
fn trials_that_have_not_begun_fill_lanes_that_have_become_free() {
    let engine = Fake::falling().of_width(4);
    let trains = constant(&[3, 3, 1, 1, 2, 2]);
    train_all(&engine, roots(&trains, 1), 1);
    assert_eq!(replicates(&engine.packs()), [[0, 1, 4, 5], [0, 1, 4, 5], [0, 1, 2, 3]]);
}

#[test]
fn forks_fill_lanes_that_have_become_free_and_wait_where_there_are_none() {
    let trains = [settings(3, Schedule::Constant), settings(3, step(1)), settings(3, Schedule::Constant)];
    let engine = Fake::falling().of_width(4);
    train_all(&engine, roots(&trains, 2), 1);
    assert_eq!(replicates(&engine.packs()), [vec![0, 1], vec![0, 0, 1], vec![0, 0, 1]]);
    // Trials of one root that part before the first epoch are more than the pack that starts them can hold.
    let trains: Vec<TrainSpec> =
        (1..=5).map(|rate| TrainSpec { learning_rate: f64::from(rate), ..settings(1, Schedule::Constant) }).collect();
    let engine = Fake::falling().of_width(2);
    assert_eq!(train_all(&engine, roots(&trains, 5), 1).outcomes.len(), 5);
    assert_eq!(engine.packs().iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_pack_of_one_worker_is_as_full_as_any_group_could_make_it(
        lengths in prop::collection::vec((1_u32..8, 0_usize..3), 1..40),
        width in 1_usize..17,
    ) {
        let trainings = [&[2_u32][..], &[3], &[4, 4]].map(with_hidden);
        let trains: Vec<TrainSpec> = lengths.iter().map(|(epochs, _)| settings(*epochs, Schedule::Constant)).collect();
        let mut all = Vec::new();
        for (index, (_, shape)) in lengths.iter().enumerate() {
            all.extend(roots_on(&trainings[*shape], index as u32, &trains[index..=index], 1));
        }
        let engine = Fake::falling().of_width(width);
        train_all(&engine, all, 1);
        let mut left: Vec<u32> = lengths.iter().map(|(epochs, _)| *epochs).collect();
        for pack in engine.packs() {
            let mut alive: HashMap<usize, usize> = HashMap::new();
            for (index, (_, shape)) in lengths.iter().enumerate() {
                *alive.entry(*shape).or_default() += usize::from(left[index] > 0);
            }
            prop_assert_eq!(Some(pack.len()), alive.values().map(|count| *count.min(&width)).max());
            for run in &pack {
                left[run.replicate as usize] -= 1;
            }
        }
        prop_assert!(left.iter().all(|epochs| *epochs == 0));
    }
}
