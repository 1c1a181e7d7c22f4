//! The one thread that writes: it takes what workers send, makes it durable in groups, and only then calls it done.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use swath_results::journal;
use swath_results::row::Ending;
use swath_results::{Journal, Outcome, Outcomes};

use crate::event::{BestSoFar, Observer, Progress};
use crate::strand::Advance;
use crate::trial::Trial;

/// The longest time that an outcome waits for its group. With the sync itself, at most 200 ms of work are lost.
const GROUP_TIME: Duration = Duration::from_millis(100);

/// The most outcomes of one group, so that what waits for a slow disk takes a bounded part of memory.
const GROUP_OUTCOMES: usize = 1 << 16;

/// The most messages that are taken between two looks at the clock.
const AT_ONCE: usize = 256;

/// Writes outcomes and tells how far the run is.
pub struct Recorder<'a> {
    journal: &'a mut Journal,
    observer: &'a mut dyn Observer,
    /// The sweep's distinct trials, in order.
    trials: &'a [Trial],
    outcomes: &'a mut Outcomes,
    progress: Progress,
    waiting: Vec<Outcome>,
}

impl<'a> Recorder<'a> {
    /// Starts from what is recorded already: `outcomes`, of which `progress` tells the counts.
    pub fn new(
        journal: &'a mut Journal,
        observer: &'a mut dyn Observer,
        trials: &'a [Trial],
        outcomes: &'a mut Outcomes,
        progress: Progress,
    ) -> Self {
        let mut recorder = Self { journal, observer, trials, outcomes, progress, waiting: Vec::new() };
        for trial in trials {
            if let Some(loss) = recorder.outcomes.get(&trial.key).and_then(validation_loss)
                && is_better(loss, recorder.progress.best)
            {
                recorder.progress.best = Some(best(loss, trial));
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
                // Looking at the clock once for many is what lets one thread keep up with fast engines.
                receiver.try_iter().take(AT_ONCE).for_each(|advance| self.take(advance, stop, fail_fast));
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
        let losses = self.waiting.iter().filter_map(|outcome| Some((validation_loss(outcome)?, outcome.key)));
        if let Some((loss, key)) = losses.min_by(|one, other| one.0.total_cmp(&other.0))
            && is_better(loss, self.progress.best)
        {
            // Once a group at most, so a search is cheaper than a map of all trials.
            let trial = self.trials.iter().find(|trial| trial.key == key);
            self.progress.best = trial.map(|trial| best(loss, trial)).or(self.progress.best);
        }
        for outcome in self.waiting.drain(..) {
            self.progress.recorded += 1;
            match outcome.ending {
                Ending::Finished(_) => {}
                Ending::Diverged { .. } => self.progress.diverged += 1,
                Ending::Failed { .. } => self.progress.failed += 1,
            }
            self.outcomes.insert(outcome);
        }
        Ok(())
    }
}

fn validation_loss(outcome: &Outcome) -> Option<f32> {
    match &outcome.ending {
        Ending::Finished(scores) => Some(scores.last.validation_loss),
        _ => None,
    }
}

fn is_better(loss: f32, best: Option<BestSoFar>) -> bool {
    best.is_none_or(|best| loss < best.validation_loss)
}

fn best(validation_loss: f32, trial: &Trial) -> BestSoFar {
    BestSoFar { validation_loss, point: trial.point, replicate: trial.replicate }
}
