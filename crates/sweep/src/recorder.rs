//! The one thread that writes: it takes what workers send, makes it durable in groups, and only then calls it done.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use swath_metrics::Metric;
use swath_results::journal;
use swath_results::row::Ending;
use swath_results::{Journal, Outcome, Outcomes};

use crate::best_by::BestBy;
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
    best_by: BestBy,
    waiting: Vec<Outcome>,
}

impl<'a> Recorder<'a> {
    /// Starts from what is recorded already: `outcomes`, of which `progress` tells the counts. `metric` decides which trial is
    /// the best so far; `None`: the loss.
    pub fn new(
        journal: &'a mut Journal,
        observer: &'a mut dyn Observer,
        trials: &'a [Trial],
        outcomes: &'a mut Outcomes,
        progress: Progress,
        metric: Option<Metric>,
    ) -> Self {
        let best_by = BestBy(metric);
        let mut recorder = Self { journal, observer, trials, outcomes, progress, best_by, waiting: Vec::new() };
        for trial in trials {
            if let Some(value) = recorder.outcomes.get(&trial.key).and_then(|outcome| recorder.value(outcome))
                && recorder.is_best(value)
            {
                recorder.progress.best = Some(best(value, trial));
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
        let values = self.waiting.iter().filter_map(|outcome| Some((self.value(outcome)?, outcome.key)));
        let as_loss = |value| self.best_by.as_loss(value);
        if let Some((value, key)) = values.min_by(|one, other| as_loss(one.0).total_cmp(&as_loss(other.0)))
            && self.is_best(value)
        {
            // Once a group at most, so a search is cheaper than a map of all trials.
            let trial = self.trials.iter().find(|trial| trial.key == key);
            self.progress.best = trial.map(|trial| best(value, trial)).or(self.progress.best);
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

    /// What decides, of a finished trial.
    fn value(&self, outcome: &Outcome) -> Option<f32> {
        match &outcome.ending {
            Ending::Finished(scores) => Some(self.best_by.value(&scores.last)),
            Ending::Diverged { .. } | Ending::Failed { .. } => None,
        }
    }

    fn is_best(&self, value: f32) -> bool {
        let as_loss = |value| self.best_by.as_loss(value);
        self.progress.best.is_none_or(|best| as_loss(value) < as_loss(best.value))
    }
}

fn best(value: f32, trial: &Trial) -> BestSoFar {
    BestSoFar { value, point: trial.point, replicate: trial.replicate }
}
