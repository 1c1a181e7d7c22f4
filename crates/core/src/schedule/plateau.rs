//! A rate that falls when the validation loss no longer does, as Keras' `ReduceLROnPlateau` defines it.
//!
//! PyTorch's scheduler of that name waits one epoch longer, takes its threshold as a share of the best loss, and skips
//! cuts below 1e-8: not this one.

use crate::spec::Plateau;
use crate::stopping::improves;

/// Where `reduce_on_plateau` stands between two epochs of a trial.
#[derive(Debug, Clone, PartialEq)]
pub struct PlateauState {
    settings: Plateau,
    best: Option<f64>,
    wait: u32,
    cooldown: u32,
    rate: f64,
}

impl PlateauState {
    /// Before the first epoch, at the initial rate.
    pub fn new(settings: Plateau, learning_rate: f64) -> Self {
        Self { settings, best: None, wait: 0, cooldown: 0, rate: learning_rate }
    }

    /// The rate of the coming epoch, not yet rounded to f32.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Takes the validation loss of the epoch that just ended; a cut acts from the next epoch on.
    ///
    /// The rule for an improvement is [`stopping`](crate::stopping)'s. At the lowest rate nothing is cut any more. A NaN
    /// should not come here, because a trial with one has ended as diverged; it would count as no improvement.
    pub fn observe(&mut self, validation_loss: f64) {
        if self.cooldown > 0 {
            self.cooldown -= 1;
            self.wait = 0;
        }
        if improves(validation_loss, self.best, self.settings.min_delta) {
            self.best = Some(validation_loss);
            self.wait = 0;
        } else if self.cooldown == 0 {
            self.wait = self.wait.saturating_add(1);
            if self.wait >= self.settings.patience && self.rate > self.settings.min_learning_rate {
                self.rate = (self.rate * self.settings.factor).max(self.settings.min_learning_rate);
                self.cooldown = self.settings.cooldown;
                self.wait = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::golden::check_figures;

    const HALVING: Plateau = Plateau { factor: 0.5, patience: 3, min_delta: 1e-4, cooldown: 0, min_learning_rate: 0.0 };

    /// The rates after each epoch, from 0.1.
    fn check(settings: Plateau, losses: &[f64], golden: &[f64]) {
        let mut state = PlateauState::new(settings, 0.1);
        let observed = losses.iter().map(|&loss| {
            state.observe(loss);
            state.rate()
        });
        check_figures(&observed.collect::<Vec<_>>(), golden);
    }

    /// 1, then 0.9 for ever.
    fn one_drop(epochs: usize) -> Vec<f64> {
        (0..epochs).map(|epoch| if epoch == 0 { 1.0 } else { 0.9 }).collect()
    }

    // Figures of Keras 3.15.

    #[test]
    fn patience_counts_the_epochs_without_improvement() {
        let golden = [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.012_5, 0.012_5];
        check(HALVING, &one_drop(12), &golden);
    }

    #[test]
    fn nothing_is_counted_during_the_cooldown() {
        let golden = [0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025];
        check(Plateau { cooldown: 2, ..HALVING }, &one_drop(12), &golden);
    }

    #[test]
    fn without_patience_every_epoch_that_does_not_improve_cuts() {
        check(Plateau { patience: 0, ..HALVING }, &one_drop(5), &[0.1, 0.1, 0.05, 0.025, 0.012_5]);
    }

    #[test]
    fn the_rate_stays_at_its_minimum() {
        let settings = Plateau { patience: 1, min_learning_rate: 0.02, ..HALVING };
        check(settings, &one_drop(8), &[0.1, 0.1, 0.05, 0.025, 0.02, 0.02, 0.02, 0.02]);
    }

    #[test]
    fn a_gain_of_exactly_min_delta_is_none() {
        let losses = [1.0, 0.999_95, 0.999_9, 0.999_85, 0.9];
        check(Plateau { patience: 2, ..HALVING }, &losses, &[0.1, 0.1, 0.05, 0.05, 0.05]);
    }

    // Ours.

    #[test]
    fn a_rate_below_its_minimum_is_left_alone() {
        let settings = Plateau { patience: 0, min_learning_rate: 0.2, ..HALVING };
        check(settings, &one_drop(4), &[0.1, 0.1, 0.1, 0.1]);
    }

    #[test]
    fn a_nan_is_no_improvement_and_never_the_best() {
        let settings = Plateau { patience: 2, ..HALVING };
        check(settings, &[f64::NAN, 1.0, f64::NAN, 0.9, 0.9], &[0.1, 0.1, 0.1, 0.1, 0.1]);
        check(settings, &[1.0, f64::NAN, f64::NAN], &[0.1, 0.1, 0.05]);
    }
}
