//! Where strands begin: trials that may share their first epochs.

use std::sync::Arc;

use swath_core::engine::Training;
use swath_core::spec::TrainSpec;

use crate::trial::Trial;

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

    /// The most epochs that one of its trials asks for.
    pub(crate) fn longest(&self) -> u32 {
        self.trials.iter().map(|(_, train)| train.epochs.get()).max().unwrap_or(0)
    }
}
