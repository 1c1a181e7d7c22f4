//! What a run tells whoever shows how far it is.

/// How far a run is. What it calls recorded is on disk.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// Distinct trials of the sweep; with those that confirm the winner, once it is known.
    pub trials: u64,
    /// Of these, those that confirm the winner.
    pub confirming: u64,
    /// Of these, found in the journal when the run began.
    pub reused: u64,
    /// Of these, recorded by this run.
    pub recorded: u64,
    /// Trials recorded by this run that diverged.
    pub diverged: u64,
    /// Trials recorded by this run that failed.
    pub failed: u64,
    /// Optimiser steps that the trials of this run ask for.
    pub steps: u64,
    /// Of these, those that are done, or no longer needed because their trial has ended.
    pub steps_settled: u64,
    /// Steps that were computed; fewer, because trials share.
    pub steps_trained: u64,
    /// The best single trial so far, old ones included.
    pub best: Option<BestSoFar>,
}

/// The best single trial so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BestSoFar {
    /// Its validation loss at the end of training, or the metric that decides which point is best.
    pub value: f32,
    /// Which of the sweep's points.
    pub point: u32,
    /// Which replicate.
    pub replicate: u32,
}

/// Whoever shows how far a run is. Called by the recorder's thread alone, about ten times a second at most.
pub trait Observer {
    /// The run begins, goes on, or has come to its end.
    fn progress(&mut self, progress: &Progress);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn progress(&mut self, _: &Progress) {}
}
