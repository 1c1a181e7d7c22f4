//! Rayon workers that only compute: they train packs of strands and send away what came of it; they never write or
//! print.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};
use swath_core::engine::{Engine, EpochReport, EpochRun};

use crate::pack::{Pack, Waiting};
use crate::panic::guarded;
use crate::predict::Keeper;
use crate::root::Root;
use crate::strand::{Advance, Member, ReadyStrand, Strand};
use crate::timeline::{Span, Timekeeper};
use crate::trial::Trial;

/// Worker threads are named so, followed by their number.
pub const WORKER_NAME: &str = "swath-worker-";

/// Trains every trial of the roots on `threads` workers, and sends what each epoch of a pack came to. When `stop` is
/// set, or nobody receives any more, workers stop after the epoch at hand. `timekeeper` is told what each worker did, and
/// `keeper` is shown the weights of every trial that finishes.
///
/// # Errors
/// The thread pool could not be built.
pub fn train<E: Engine, K: Keeper<E>>(
    engine: &E,
    roots: Vec<Root<'_>>,
    threads: usize,
    stop: &AtomicBool,
    sender: &Sender<Advance>,
    timekeeper: &Timekeeper,
    keeper: &K,
) -> Result<(), ThreadPoolBuildError> {
    let pool =
        ThreadPoolBuilder::new().num_threads(threads).thread_name(|index| format!("{WORKER_NAME}{index}")).build()?;
    let waiting = Waiting::new(engine, roots);
    let labels = timekeeper.places(&waiting.labels());
    let desk = Desk { waiting: Mutex::new((waiting, 0)), changed: Condvar::new(), threads };
    let worker = Worker { engine, stop, desk: &desk, timekeeper, labels: &labels, keeper };
    pool.in_place_scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            scope.spawn(move |_| worker.work(&sender));
        }
    });
    Ok(())
}

/// Where workers fetch packs.
struct Desk<'a, E: Engine> {
    /// What waits, and how many packs are being trained.
    waiting: Mutex<(Waiting<'a, E>, usize)>,
    changed: Condvar,
    threads: usize,
}

impl<'a, E: Engine> Desk<'a, E> {
    fn lock(&self) -> MutexGuard<'_, (Waiting<'a, E>, usize)> {
        // Nothing that runs under the lock leaves it half-changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a pack; `None` when there is nothing left to wait for, or everything stops. It waits only while a pack is
    /// in training, which is brought back sooner or later: whoever waits is told then, and looks again.
    fn fetch(&self, stop: &AtomicBool) -> Option<Pack<'a, E>> {
        let mut waiting = self.lock();
        loop {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let training = waiting.1;
            if let Some(pack) = waiting.0.take(self.threads.saturating_sub(training)) {
                waiting.1 += 1;
                return Some(pack);
            }
            if training == 0 {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Brings back what goes on of a pack.
    fn bring_back(&self, group: usize, strands: Vec<ReadyStrand<E>>) {
        let mut waiting = self.lock();
        waiting.0.put_back(group, strands);
        waiting.1 -= 1;
        drop(waiting);
        self.changed.notify_all();
    }
}

struct Worker<'w, 'a, E: Engine, K> {
    engine: &'w E,
    stop: &'w AtomicBool,
    desk: &'w Desk<'a, E>,
    timekeeper: &'w Timekeeper,
    /// For each group the place of its label.
    labels: &'w [u32],
    keeper: &'w K,
}

impl<E: Engine, K> Clone for Worker<'_, '_, E, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: Engine, K> Copy for Worker<'_, '_, E, K> {}

impl<E: Engine, K: Keeper<E>> Worker<'_, '_, E, K> {
    fn work(self, sender: &Sender<Advance>) {
        let worker = rayon::current_thread_index().unwrap_or(0);
        let mut spans = self.timekeeper.take(worker);
        while let Some(pack) = self.desk.fetch(self.stop) {
            let group = pack.group;
            let mut advance = Advance::default();
            let started = Instant::now();
            let (ready, lanes) = self.train(pack, &mut advance);
            let (start, end) = (self.timekeeper.seconds(started), self.timekeeper.seconds(Instant::now()));
            let busy = end - start;
            let label = self.labels.get(group).copied().unwrap_or(0);
            spans.add(Span { group: label, start, end, busy, lane_seconds: busy * lanes as f64 });
            self.desk.bring_back(group, ready);
            if sender.send(advance).is_err() {
                // A receiver that is gone has its reasons, and wants nothing more.
                self.stop.store(true, Ordering::Relaxed);
            }
        }
        self.timekeeper.bring_back(worker, spans);
    }

    /// Trains an epoch of a pack. Gives back the strands that go on, and those that found no place in it; and how many
    /// were trained.
    fn train(self, pack: Pack<'_, E>, advance: &mut Advance) -> (Vec<ReadyStrand<E>>, usize) {
        let Pack { width, mut strands, roots, .. } = pack;
        for root in roots {
            strands.extend(self.start(&root, advance));
        }
        let mut ready = strands.split_off(width.min(strands.len()));
        let started = Instant::now();
        let mut reports = self.epoch(&mut strands);
        if reports.iter().any(Result::is_err) && strands.len() > 1 {
            // One of them panicked. Which, each alone will show; the others are as they were.
            reports = strands.iter_mut().flat_map(|strand| self.epoch(std::slice::from_mut(strand))).collect();
        }
        let trained = strands.len();
        let seconds = started.elapsed().as_secs_f64() / trained.max(1) as f64;
        for (strand, report) in strands.into_iter().zip(reports) {
            ready.extend(self.observe(strand, report, seconds, advance));
        }
        (ready, trained)
    }

    fn start(self, root: &Root<'_>, advance: &mut Advance) -> Vec<ReadyStrand<E>> {
        let members = root.trials.iter().map(|(trial, train)| Member::new(*trial, train, &root.training)).collect();
        let started = guarded(|| Strand::start(self.engine, Arc::clone(&root.training), members).part());
        started.unwrap_or_else(|message| {
            let trials: Vec<Trial> = root.trials.iter().map(|(trial, _)| *trial).collect();
            advance.add(Advance::failed(&trials, &message, worker_index(), root.steps_asked()));
            Vec::new()
        })
    }

    /// One epoch of strands together. One report for each, or the message of a panic.
    fn epoch(self, strands: &mut [ReadyStrand<E>]) -> Vec<Result<EpochReport, String>> {
        let count = strands.len();
        let trained = guarded(|| {
            let mut runs: Vec<EpochRun<'_, E::State>> =
                strands.iter_mut().map(|ready| ready.strand.epoch_run(&ready.rates)).collect();
            self.engine.train_epoch(&mut runs)
        });
        match trained {
            Ok(reports) => reports.into_iter().map(Ok).collect(),
            Err(message) => vec![Err(message); count],
        }
    }

    /// Tells a strand what its epoch came to. Gives back what goes on.
    fn observe(
        self,
        ready: ReadyStrand<E>,
        report: Result<EpochReport, String>,
        seconds: f64,
        advance: &mut Advance,
    ) -> Vec<ReadyStrand<E>> {
        let ReadyStrand { mut strand, rates } = ready;
        let worker = worker_index();
        let trials: Vec<Trial> = strand.trials().collect();
        let steps_left = strand.steps_left_of_all();
        let observe = |report| {
            guarded(|| {
                let observed = strand.observe(self.engine, &rates, report, seconds, worker);
                for finished in strand.take_finished() {
                    // The trial has its outcome, whatever the keeper makes of it.
                    let _ = guarded(|| self.keeper.finished(self.engine, &finished));
                }
                (observed, strand.part())
            })
        };
        match report.and_then(observe) {
            Ok((observed, going_on)) => {
                advance.add(observed);
                going_on
            }
            Err(message) => {
                advance.add(Advance::failed(&trials, &message, worker, steps_left));
                Vec::new()
            }
        }
    }
}

fn worker_index() -> u32 {
    rayon::current_thread_index().unwrap_or(0) as u32
}
