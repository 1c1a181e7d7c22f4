//! Roots for tests, trained by workers, and what came of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use swath_core::engine::{Engine, Training};
use swath_core::spec::TrainSpec;
use swath_results::{Outcome, TrialKey};

use crate::root::Root;
use crate::runner::train;
use crate::tests::fake_engine::{training, trial};
use crate::timeline::Timekeeper;

/// Roots of so many trials each. A root's replicate is its number, so that an engine can tell roots apart.
pub(crate) fn roots(trains: &[TrainSpec], of_root: usize) -> Vec<Root<'_>> {
    roots_on(&training(), 0, trains, of_root)
}

/// The same of any training, counted from any number.
pub(crate) fn roots_on<'a>(training: &Training, first: u32, trains: &'a [TrainSpec], of_root: usize) -> Vec<Root<'a>> {
    let numbered: Vec<_> = (first..).map(trial).zip(trains).collect();
    let root = |(trials, replicate): (&[_], u32)| Root {
        training: Arc::new(Training { replicate, ..training.clone() }),
        trials: trials.to_vec(),
    };
    numbered.chunks(of_root).zip(first..).map(root).collect()
}

/// What came of training.
pub(crate) struct Trained {
    /// Of every trial that ended.
    pub(crate) outcomes: HashMap<TrialKey, Outcome>,
    /// The trials in the order in which they ended.
    pub(crate) order: Vec<TrialKey>,
    pub(crate) settled: u64,
    pub(crate) computed: u64,
}

/// Trains roots to their end.
pub(crate) fn train_all<E: Engine>(engine: &E, roots: Vec<Root<'_>>, threads: usize) -> Trained {
    let (sender, receiver) = channel();
    let timekeeper = Timekeeper::new(Instant::now(), threads);
    train(engine, roots, threads, &AtomicBool::new(false), &sender, &timekeeper, &()).unwrap();
    drop(sender);
    let mut trained = Trained { outcomes: HashMap::new(), order: Vec::new(), settled: 0, computed: 0 };
    for advance in receiver {
        trained.settled += advance.steps_settled;
        trained.computed += advance.steps_trained;
        for outcome in advance.ended {
            trained.order.push(outcome.key);
            assert!(trained.outcomes.insert(outcome.key, outcome).is_none(), "every trial ends once");
        }
    }
    trained
}

/// Does the work on a thread of its own, so that a worker who waits for ever fails the test instead of hanging it.
pub(crate) fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    let working = std::thread::spawn(move || sender.send(work()));
    let result = receiver.recv_timeout(Duration::from_secs(60)).expect("the work comes to its end");
    working.join().unwrap().unwrap();
    result
}
