//! Rayon workers that only compute: they train strands and send away what came of it; they never write or print.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::Instant;

use rayon::{Scope, ThreadPoolBuildError, ThreadPoolBuilder};
use swath_core::engine::{Engine, EpochReport, Rates, Training};
use swath_core::spec::TrainSpec;

use crate::panic::guarded;
use crate::strand::{Advance, Member, Strand};
use crate::trial::Trial;

/// Worker threads are named so, followed by their number.
pub const WORKER_NAME: &str = "swath-worker-";

/// Trials that may share their first epochs, before anything was trained.
#[derive(Debug)]
pub struct Root<'a> {
    /// What they have in common.
    pub training: Arc<Training>,
    /// The trials, with what each alone says.
    pub trials: Vec<(Trial, &'a TrainSpec)>,
}

impl Root<'_> {
    /// Optimiser steps that its trials ask for, together.
    pub fn steps_asked(&self) -> u64 {
        let epochs: u64 = self.trials.iter().map(|(_, train)| u64::from(train.epochs.get())).sum();
        epochs * self.training.steps_per_epoch()
    }

    /// In proportion to the multiply-adds that it asks for.
    fn weight(&self) -> u64 {
        self.steps_asked() * self.training.network.parameters() * u64::from(self.training.batch_size)
    }
}

/// Trains every trial of the roots on `threads` workers, the costliest roots first, and sends what each epoch came to.
/// When `stop` is set, or nobody receives any more, workers stop after the epoch at hand.
///
/// # Errors
/// The thread pool could not be built.
pub fn train<E: Engine>(
    engine: &E,
    mut roots: Vec<Root<'_>>,
    threads: usize,
    stop: &AtomicBool,
    sender: &Sender<Advance>,
) -> Result<(), ThreadPoolBuildError> {
    let pool =
        ThreadPoolBuilder::new().num_threads(threads).thread_name(|index| format!("{WORKER_NAME}{index}")).build()?;
    roots.sort_by_key(|root| std::cmp::Reverse(root.weight()));
    let worker = Worker { engine, stop };
    // Roots are spawned from outside the pool, so they queue in order; forks are spawned by workers, which take their
    // own first: few states are alive at a time, and other workers steal the rest.
    pool.in_place_scope(|scope| {
        for root in roots {
            let sender = sender.clone();
            scope.spawn(move |scope| worker.run_root(scope, &root, &sender));
        }
    });
    Ok(())
}

struct Worker<'a, E> {
    engine: &'a E,
    stop: &'a AtomicBool,
}

impl<E> Clone for Worker<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Worker<'_, E> {}

impl<'scope, 'a: 'scope, E: Engine> Worker<'a, E> {
    fn run_root(self, scope: &Scope<'scope>, root: &Root<'_>, sender: &Sender<Advance>) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let members = root.trials.iter().map(|(trial, train)| Member::new(*trial, train, &root.training)).collect();
        let trials: Vec<Trial> = root.trials.iter().map(|(trial, _)| *trial).collect();
        match guarded(|| Strand::start(self.engine, Arc::clone(&root.training), members)) {
            Ok(strand) => self.run_strand(scope, strand, sender),
            Err(message) => {
                // A receiver that is gone has its reasons, and has set `stop`.
                let _ = sender.send(Advance::failed(&trials, &message, worker_index(), root.steps_asked()));
            }
        }
    }

    fn run_strand(self, scope: &Scope<'scope>, strand: Strand<E>, sender: &Sender<Advance>) {
        let mut strand = strand;
        loop {
            let mut parts = strand.part().into_iter();
            let Some((mine, rates)) = parts.next() else { return };
            for (part, rates) in parts {
                let sender = sender.clone();
                scope.spawn(move |scope| {
                    if let Some(strand) = self.run_epoch(part, &rates, &sender) {
                        self.run_strand(scope, strand, &sender);
                    }
                });
            }
            match self.run_epoch(mine, &rates, sender) {
                Some(trained) => strand = trained,
                None => return,
            }
        }
    }

    /// One epoch; `None` where the strand has come to its end or everything stops.
    fn run_epoch(self, mut strand: Strand<E>, rates: &Rates, sender: &Sender<Advance>) -> Option<Strand<E>> {
        if self.stop.load(Ordering::Relaxed) {
            return None;
        }
        let worker = worker_index();
        let trials: Vec<Trial> = strand.trials().collect();
        let steps_left = strand.steps_left_of_all();
        let advanced = guarded(|| {
            let started = Instant::now();
            let report = self.engine.train_epoch(&mut [strand.epoch_run(rates)]);
            let report = report.first().copied().unwrap_or(EpochReport::Diverged);
            strand.observe(self.engine, rates, report, started.elapsed().as_secs_f64(), worker)
        });
        let (advance, alive) = match advanced {
            Ok(advance) => (advance, !strand.is_done()),
            Err(message) => (Advance::failed(&trials, &message, worker, steps_left), false),
        };
        let received = sender.send(advance).is_ok();
        (alive && received).then_some(strand)
    }
}

fn worker_index() -> u32 {
    rayon::current_thread_index().unwrap_or(0) as u32
}
