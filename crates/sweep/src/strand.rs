//! Strands: a training state, and the trials that still share it.
//!
//! Trials that have been identical so far are trained once. Before each epoch every trial of a strand says its next
//! learning rates; where they differ in a bit, the strand forks, and each part trains on with a clone of the state.
//! After the epoch each trial is told the validation loss and says whether it goes on. Nothing of this is planned
//! ahead: which trials share how much falls out of comparing what comes next.

use std::sync::Arc;

use swath_core::engine::{Engine, EpochReport, EpochRun, Part, Rates, Training};
use swath_core::schedule::Progress;
use swath_core::spec::TrainSpec;
use swath_core::stopping::{Decision, StoppingState};
use swath_results::row::{Curves, Effort, Ending, Outcome, PackedCurves, Score, Scores};

use crate::panic::guarded;
use crate::trial::Trial;

/// A training state and the trials that still share it.
#[derive(Debug)]
pub struct Strand<E: Engine> {
    training: Arc<Training>,
    state: E::State,
    /// Epochs that are done.
    epochs_done: u32,
    members: Vec<Member<E::Weights>>,
    curves: Curves,
    best: Option<Kept<E::Weights>>,
    /// Of one member: seconds and steps of every epoch so far, divided by how many shared it.
    share: Share,
    /// Trials that finished and were not fetched yet.
    finished: Vec<Finished<E::Weights>>,
}

/// A trial that finished, with the weights that its training ended with.
#[derive(Debug, Clone)]
pub struct Finished<Weights> {
    /// The trial.
    pub trial: Trial,
    /// What was trained.
    pub training: Arc<Training>,
    /// What it scored.
    pub scores: Scores,
    /// The weights that [`Scores::last`] is of.
    pub weights: Weights,
}

/// A trial in a strand: what it alone has to say about what comes next.
#[derive(Debug, Clone)]
pub struct Member<Weights> {
    trial: Trial,
    epochs: u32,
    schedule: Progress,
    stopping: Option<StoppingState>,
    /// Where its early stopping restores the best weights: those, and their epoch.
    restorable: Option<Kept<Weights>>,
    restores: bool,
}

impl<Weights> Member<Weights> {
    /// A trial before its first epoch.
    pub fn new(trial: Trial, train: &TrainSpec, training: &Training) -> Self {
        Self {
            trial,
            epochs: train.epochs.get(),
            schedule: Progress::new(&train.schedule, train.learning_rate, train.epochs, training.steps_per_epoch()),
            stopping: train.early_stopping.map(StoppingState::new),
            restorable: None,
            restores: train.early_stopping.is_some_and(|stopping| stopping.restore_best_weights),
        }
    }
}

/// Weights of an epoch, counted from 0.
#[derive(Debug, Clone)]
struct Kept<Weights> {
    epoch: u32,
    weights: Weights,
}

#[derive(Debug, Clone, Copy, Default)]
struct Share {
    seconds: f64,
    steps: f64,
}

/// What an epoch of a strand came to.
#[derive(Debug, Default)]
pub struct Advance {
    /// The trials that ended.
    pub ended: Vec<Outcome>,
    /// Optimiser steps that all members asked for in this epoch, and those that ended members no longer need.
    pub steps_settled: u64,
    /// Steps that were computed.
    pub steps_trained: u64,
}

impl Advance {
    /// Takes in what another strand's epoch came to.
    pub(crate) fn add(&mut self, other: Self) {
        self.ended.extend(other.ended);
        self.steps_settled += other.steps_settled;
        self.steps_trained += other.steps_trained;
    }

    /// Trials that failed together, with the steps that they no longer need.
    pub fn failed(trials: &[Trial], message: &str, worker: u32, steps_settled: u64) -> Self {
        let failure = |trial: &Trial| Outcome {
            key: trial.key,
            ending: Ending::Failed { message: message.to_owned() },
            curves: PackedCurves::default(),
            effort: Effort { worker, ..Effort::default() },
        };
        Self { ended: trials.iter().map(failure).collect(), steps_settled, steps_trained: 0 }
    }
}

/// A strand with the rates of its next epoch.
pub(crate) struct ReadyStrand<E: Engine> {
    pub(crate) strand: Strand<E>,
    pub(crate) rates: Rates,
}

impl<E: Engine> Strand<E> {
    /// A strand before its first epoch.
    pub fn start(engine: &E, training: Arc<Training>, members: Vec<Member<E::Weights>>) -> Self {
        let state = engine.start(&training);
        Self {
            training,
            state,
            epochs_done: 0,
            members,
            curves: Curves::default(),
            best: None,
            share: Share::default(),
            finished: Vec::new(),
        }
    }

    /// The trials that finished since they were fetched last.
    pub fn take_finished(&mut self) -> Vec<Finished<E::Weights>> {
        std::mem::take(&mut self.finished)
    }

    /// Whether every trial has ended.
    pub fn is_done(&self) -> bool {
        self.members.is_empty()
    }

    /// The trials that still share it.
    pub fn trials(&self) -> impl Iterator<Item = Trial> + '_ {
        self.members.iter().map(|member| member.trial)
    }

    /// Optimiser steps that its members still ask for, together.
    pub fn steps_left_of_all(&self) -> u64 {
        self.members.iter().map(|member| self.steps_spared(member)).sum()
    }

    /// The most epochs that one of its members still asks for.
    pub(crate) fn epochs_left(&self) -> u32 {
        self.members.iter().map(|member| member.epochs.saturating_sub(self.epochs_done)).max().unwrap_or(0)
    }

    /// Forks: parts by the next learning rates, each part with those rates. The first part goes on with this strand's
    /// state, the others with clones of it. Empty when every trial has ended.
    pub(crate) fn part(mut self) -> Vec<ReadyStrand<E>> {
        let mut parts: Vec<(Rates, Vec<Member<E::Weights>>)> = Vec::new();
        for member in std::mem::take(&mut self.members) {
            let rates = member.schedule.rates(self.epochs_done);
            match parts.iter_mut().find(|(known, _)| known.same_bits(&rates)) {
                Some((_, members)) => members.push(member),
                None => parts.push((rates, vec![member])),
            }
        }
        let mut parts = parts.into_iter();
        let Some((rates, members)) = parts.next() else { return Vec::new() };
        let others: Vec<_> = parts.map(|(rates, members)| ReadyStrand { strand: self.fork(members), rates }).collect();
        self.members = members;
        let mut all = Vec::with_capacity(1 + others.len());
        all.push(ReadyStrand { strand: self, rates });
        all.extend(others);
        all
    }

    fn fork(&self, members: Vec<Member<E::Weights>>) -> Self {
        Self {
            training: Arc::clone(&self.training),
            state: self.state.clone(),
            epochs_done: self.epochs_done,
            members,
            curves: self.curves.clone(),
            best: self.best.clone(),
            share: self.share,
            finished: Vec::new(),
        }
    }

    /// The next epoch, to be handed to the engine.
    pub fn epoch_run<'a>(&'a mut self, rates: &'a Rates) -> EpochRun<'a, E::State> {
        EpochRun { training: &self.training, state: &mut self.state, epoch: self.epochs_done, rates }
    }

    /// Takes in what that epoch came to: curves grow, schedules and stopping rules are told, and the trials that are
    /// at their end leave the strand. `seconds` is what the epoch took, `worker` who did it.
    pub fn observe(&mut self, engine: &E, rates: &Rates, report: EpochReport, seconds: f64, worker: u32) -> Advance {
        let steps = self.training.steps_per_epoch();
        let sharers = self.members.len().max(1) as f64;
        self.share.seconds += seconds / sharers;
        self.share.steps += steps as f64 / sharers;
        let mut advance =
            Advance { ended: Vec::new(), steps_settled: steps * self.members.len() as u64, steps_trained: steps };
        let epoch = self.epochs_done;
        self.epochs_done += 1;
        let EpochReport::Trained { train_loss_running, train_loss, validation } = report else {
            let ending = Ending::Diverged { epoch: epoch + 1 };
            for member in std::mem::take(&mut self.members) {
                advance.steps_settled += self.steps_spared(&member);
                advance.ended.push(self.outcome(member.trial, ending.clone(), worker));
            }
            return advance;
        };
        self.curves.train_loss_running.push(train_loss_running);
        self.curves.train_loss.extend(train_loss);
        self.curves.validation_loss.push(validation.loss);
        self.curves.validation_metric.push(validation.metric);
        self.curves.learning_rate.push(rates.at(0));
        let is_best = self.best.as_ref().is_none_or(|best| {
            self.curves.validation_loss.get(best.epoch as usize).is_none_or(|loss| validation.loss < *loss)
        });
        if is_best {
            self.best = Some(Kept { epoch, weights: engine.weights(&self.state) });
        }
        let mut going_on = Vec::with_capacity(self.members.len());
        let mut plain_ending = None;
        for mut member in std::mem::take(&mut self.members) {
            member.schedule.observe(f64::from(validation.loss));
            let decision = member.stopping.as_mut().map(|rule| rule.observe(epoch, f64::from(validation.loss)));
            if member.restores && decision == Some(Decision::NewBest) {
                member.restorable = Some(Kept { epoch, weights: engine.weights(&self.state) });
            }
            if self.epochs_done < member.epochs && decision != Some(Decision::Stop) {
                going_on.push(member);
                continue;
            }
            // Trials that end together without restored weights end alike: their scores are computed once.
            let (ending, weights) = match (&member.restorable, &plain_ending) {
                (None, Some(ending)) => <(Ending, Option<E::Weights>)>::clone(ending),
                (None, None) => plain_ending.insert(self.guarded_score(engine, None)).clone(),
                (Some(kept), _) => self.guarded_score(engine, Some(kept)),
            };
            if let (Ending::Finished(scores), Some(weights)) = (&ending, weights) {
                let (trial, training) = (member.trial, Arc::clone(&self.training));
                self.finished.push(Finished { trial, training, scores: *scores, weights });
            }
            advance.steps_settled += self.steps_spared(&member);
            advance.ended.push(self.outcome(member.trial, ending, worker));
        }
        self.members = going_on;
        advance
    }

    fn steps_spared(&self, member: &Member<E::Weights>) -> u64 {
        u64::from(member.epochs.saturating_sub(self.epochs_done)) * self.training.steps_per_epoch()
    }

    /// How training ended, and with which weights where it is known.
    fn guarded_score(&self, engine: &E, restored: Option<&Kept<E::Weights>>) -> (Ending, Option<E::Weights>) {
        let scored = guarded(|| {
            let (epoch, weights) = match restored {
                Some(kept) => (kept.epoch, kept.weights.clone()),
                None => (self.epochs_done.saturating_sub(1), engine.weights(&self.state)),
            };
            (self.score(engine, epoch, &weights, restored.is_some()), Some(weights))
        });
        scored.unwrap_or_else(|message| (Ending::Failed { message }, None))
    }

    /// The scores of the weights that training ended with, which are those of an epoch, counted from 0.
    fn score(&self, engine: &E, epoch: u32, weights: &E::Weights, is_restored: bool) -> Ending {
        let last_epoch = self.epochs_done.saturating_sub(1);
        let diverged = Ending::Diverged { epoch: last_epoch + 1 };
        let train_loss = match self.curves.train_loss.get(epoch as usize) {
            Some(loss) => Some(*loss),
            None => engine.evaluate(&self.training, weights, Part::Train).map(|evaluation| evaluation.loss),
        };
        let (Some(train_loss), Some(last), Some(best)) =
            (train_loss, self.score_of(engine, epoch, weights), self.best.as_ref())
        else {
            return diverged;
        };
        let best_score =
            if best.epoch == epoch { Some(last) } else { self.score_of(engine, best.epoch, &best.weights) };
        let Some(best_score) = best_score else { return diverged };
        let scores = Scores {
            last,
            train_loss,
            restored_epoch: is_restored.then_some(epoch + 1),
            best_epoch: best.epoch + 1,
            best: best_score,
        };
        let test_losses = last.test_loss.into_iter().chain(best_score.test_loss);
        let test_metrics = last.test_metric.into_iter().chain(best_score.test_metric);
        if test_losses.chain(test_metrics).chain([train_loss]).all(f32::is_finite) {
            Ending::Finished(scores)
        } else {
            diverged
        }
    }

    fn score_of(&self, engine: &E, epoch: u32, weights: &E::Weights) -> Option<Score> {
        let test = engine.evaluate(&self.training, weights, Part::Test);
        Some(Score {
            validation_loss: *self.curves.validation_loss.get(epoch as usize)?,
            validation_metric: *self.curves.validation_metric.get(epoch as usize)?,
            test_loss: test.map(|evaluation| evaluation.loss),
            test_metric: test.map(|evaluation| evaluation.metric),
        })
    }

    fn outcome(&self, trial: Trial, ending: Ending, worker: u32) -> Outcome {
        let has_failed = matches!(ending, Ending::Failed { .. });
        Outcome {
            key: trial.key,
            ending,
            curves: if has_failed { PackedCurves::default() } else { self.curves.pack() },
            effort: Effort { seconds: self.share.seconds as f32, worker, steps_trained: self.share.steps },
        }
    }
}
