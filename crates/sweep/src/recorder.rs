//! The one thread that writes: it takes what workers send, makes it durable in groups, and only then calls it done.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use swath_results::journal;
use swath_results::row::Ending;
use swath_results::{Journal, Outcome, TrialKey};

use crate::event::{BestSoFar, Observer, Progress};
use crate::strand::Advance;
use crate::trial::Trial;

/// The longest time that an outcome waits for its group. With the sync itself, at most 200 ms of work are lost.
const GROUP_TIME: Duration = Duration::from_millis(100);

/// The most outcomes of one group.
const GROUP_OUTCOMES: usize = 256;

/// Writes outcomes and tells how far the run is.
pub struct Recorder<'a> {
    journal: &'a mut Journal,
    observer: &'a mut dyn Observer,
    /// Where a trial stands in the sweep, by key.
    places: &'a HashMap<TrialKey, Trial>,
    outcomes: &'a mut HashMap<TrialKey, Outcome>,
    progress: Progress,
    waiting: Vec<Outcome>,
}

impl<'a> Recorder<'a> {
    /// Starts from what is recorded already: `outcomes`, of which `progress` tells the counts.
    pub fn new(
        journal: &'a mut Journal,
        observer: &'a mut dyn Observer,
        places: &'a HashMap<TrialKey, Trial>,
        outcomes: &'a mut HashMap<TrialKey, Outcome>,
        progress: Progress,
    ) -> Self {
        let mut recorder = Self { journal, observer, places, outcomes, progress, waiting: Vec::new() };
        let mut places: Vec<&Trial> = recorder.places.values().collect();
        places.sort_by_key(|trial| (trial.point, trial.replicate));
        for trial in places {
            if let Some(outcome) = recorder.outcomes.get(&trial.key) {
                recorder.progress.best = better(recorder.progress.best, outcome, trial);
            }
        }
        recorder.observer.progress(&recorder.progress);
        recorder
    }

    /// Records until every sender is gone. With `fail_fast`, the first failed trial sets `stop`.
    ///
    /// # Errors
    /// The journal could not be written: `stop` is set, and nothing after the last durable group counts.
    pub fn record(
        mut self,
        receiver: &Receiver<Advance>,
        stop: &AtomicBool,
        fail_fast: bool,
    ) -> Result<Progress, journal::Error> {
        let mut due = Instant::now() + GROUP_TIME;
        loop {
            let received = receiver.recv_timeout(due.saturating_duration_since(Instant::now()));
            let ended = matches!(received, Err(RecvTimeoutError::Disconnected));
            if let Ok(advance) = received {
                self.take(advance, stop, fail_fast);
            }
            if ended || self.waiting.len() >= GROUP_OUTCOMES || Instant::now() >= due {
                self.commit().inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
                self.observer.progress(&self.progress);
                due = Instant::now() + GROUP_TIME;
            }
            if ended {
                return Ok(self.progress);
            }
        }
    }

    fn take(&mut self, advance: Advance, stop: &AtomicBool, fail_fast: bool) {
        self.progress.steps_settled += advance.steps_settled;
        self.progress.steps_trained += advance.steps_trained;
        let failed = advance.ended.iter().any(|outcome| matches!(outcome.ending, Ending::Failed { .. }));
        if fail_fast && failed {
            stop.store(true, Ordering::Relaxed);
        }
        self.waiting.extend(advance.ended);
    }

    fn commit(&mut self) -> Result<(), journal::Error> {
        self.journal.append(&self.waiting)?;
        for outcome in self.waiting.drain(..) {
            self.progress.recorded += 1;
            match outcome.ending {
                Ending::Finished(_) => {}
                Ending::Diverged { .. } => self.progress.diverged += 1,
                Ending::Failed { .. } => self.progress.failed += 1,
            }
            if let Some(trial) = self.places.get(&outcome.key) {
                self.progress.best = better(self.progress.best, &outcome, trial);
            }
            self.outcomes.insert(outcome.key, outcome);
        }
        Ok(())
    }
}

fn better(best: Option<BestSoFar>, outcome: &Outcome, trial: &Trial) -> Option<BestSoFar> {
    let Ending::Finished(scores) = &outcome.ending else { return best };
    let validation_loss = scores.last.validation_loss;
    if best.is_some_and(|best| best.validation_loss <= validation_loss) {
        return best;
    }
    Some(BestSoFar { validation_loss, point: trial.point, replicate: trial.replicate })
}
