//! Early stopping on the validation loss, as Keras' `EarlyStopping` defines it.
//!
//! An *improvement* is a loss strictly below the best one less `min_delta`; the first value always is one. Of equal
//! losses the earliest epoch therefore stays the best.
//!
//! A training or validation loss that is not finite ends a trial as diverged before any of these rules is asked, so none
//! of them should ever see one. They are total all the same: a NaN is no improvement, not even as the first value. (In
//! Keras a first NaN stays the best for ever.)

use crate::spec::EarlyStopping;

/// Where early stopping stands between two epochs of a trial.
#[derive(Debug, Clone, PartialEq)]
pub struct StoppingState {
    settings: EarlyStopping,
    best: Option<f64>,
    wait: u32,
}

/// What follows from an epoch's validation loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub enum Decision {
    /// Training goes on, and this epoch is the best so far: its weights are the ones that
    /// [`EarlyStopping::restore_best_weights`] takes at the end, stopped early or not.
    NewBest,
    /// Training goes on; this epoch is not the best, or not looked at.
    Continue,
    /// Training ends after this epoch, which is not the best.
    Stop,
}

impl StoppingState {
    /// Before the first epoch.
    pub fn new(settings: EarlyStopping) -> Self {
        Self { settings, best: None, wait: 0 }
    }

    /// Takes the validation loss of an epoch (counted from 0) that just ended. To be called once for each, in order.
    ///
    /// Epochs before `start_from_epoch` are not looked at: where no other follows, no epoch is the best, and the last
    /// weights stay. With a baseline, patience is renewed only by an improvement that also lies below the baseline less
    /// `min_delta`; any improvement is the new best, and never the epoch to stop after. Epoch 0 never is, either.
    pub fn observe(&mut self, epoch: u32, validation_loss: f64) -> Decision {
        if epoch < self.settings.start_from_epoch {
            return Decision::Continue;
        }
        self.wait = self.wait.saturating_add(1);
        if improves(validation_loss, self.best, self.settings.min_delta) {
            self.best = Some(validation_loss);
            if improves(validation_loss, self.settings.baseline, self.settings.min_delta) {
                self.wait = 0;
            }
            Decision::NewBest
        } else if self.wait >= self.settings.patience && epoch > 0 {
            Decision::Stop
        } else {
            Decision::Continue
        }
    }
}

/// Whether a loss lies strictly below the reference less `min_delta`; any but NaN does where there is no reference.
pub(crate) fn improves(loss: f64, reference: Option<f64>, min_delta: f64) -> bool {
    reference.map_or(!loss.is_nan(), |reference| loss < reference - min_delta)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NONE: EarlyStopping =
        EarlyStopping { patience: 0, min_delta: 0.0, start_from_epoch: 0, baseline: None, restore_best_weights: true };

    fn patience(patience: u32) -> EarlyStopping {
        EarlyStopping { patience, ..NONE }
    }

    /// The last epoch that is run, and the best one.
    fn run(settings: EarlyStopping, losses: &[f64]) -> (Option<u32>, Option<u32>) {
        let mut state = StoppingState::new(settings);
        let (mut last, mut best) = (None, None);
        for (epoch, &loss) in (0_u32..).zip(losses) {
            last = Some(epoch);
            match state.observe(epoch, loss) {
                Decision::NewBest => best = Some(epoch),
                Decision::Continue => {}
                Decision::Stop => break,
            }
        }
        (last, best)
    }

    fn check(settings: EarlyStopping, losses: &[f64], last: u32, best: impl Into<Option<u32>>) {
        assert_eq!(run(settings, losses), (Some(last), best.into()));
    }

    // Figures of Keras 3.15.

    #[test]
    fn training_stops_when_patience_is_at_an_end() {
        check(patience(2), &[1.0, 0.9, 0.8, 0.85, 0.81, 0.7], 4, 2);
    }

    #[test]
    fn without_patience_the_first_epoch_that_does_not_improve_is_the_last() {
        check(patience(0), &[1.0, 0.9, 0.95], 2, 1);
        check(patience(0), &[1.0, 0.9, 0.95, 0.8], 2, 1);
    }

    #[test]
    fn the_earliest_of_equal_epochs_is_the_best() {
        check(patience(0), &[1.0, 1.0, 1.0], 1, 0);
        check(patience(1), &[1.0, 1.0, 1.0], 1, 0);
    }

    #[test]
    fn a_gain_below_min_delta_is_none() {
        check(EarlyStopping { min_delta: 0.1, ..patience(2) }, &[1.0, 0.95, 0.9], 2, 0);
    }

    #[test]
    fn epochs_before_the_start_are_not_looked_at() {
        check(EarlyStopping { start_from_epoch: 2, ..patience(1) }, &[1.0, 2.0, 3.0, 4.0], 3, 2);
    }

    // Worked out by hand from Keras' source.

    #[test]
    fn where_no_epoch_is_looked_at_none_is_the_best() {
        check(EarlyStopping { start_from_epoch: 9, ..patience(0) }, &[1.0, 2.0, 3.0], 2, None);
    }

    #[test]
    fn an_improvement_above_the_baseline_does_not_renew_patience() {
        let settings = EarlyStopping { baseline: Some(0.5), ..patience(2) };
        check(settings, &[1.0, 0.9, 0.8, 0.85, 0.4], 3, 2);
        check(settings, &[1.0, 0.9, 0.4, 0.5, 0.5, 0.1], 4, 2);
    }

    // Ours.

    #[test]
    fn a_nan_is_no_improvement_and_never_the_best() {
        check(patience(3), &[f64::NAN, 1.0, f64::NAN, 0.9], 3, 3);
        check(patience(1), &[1.0, f64::NAN, 0.5], 1, 0);
        check(patience(0), &[f64::NAN, f64::NAN, 0.5], 1, None);
    }

    proptest! {
        #[test]
        fn without_min_delta_the_best_epoch_is_the_first_minimum_of_those_run(
            losses in proptest::collection::vec((0_u8..20).prop_map(f64::from), 1..40),
            allowed in 0_u32..6,
        ) {
            let (last, best) = run(patience(allowed), &losses);
            let ran = &losses[..=last.unwrap() as usize];
            let minimum = ran.iter().copied().fold(f64::INFINITY, f64::min);
            prop_assert_eq!(best.map(|best| best as usize), ran.iter().position(|&loss| loss <= minimum));
        }

        #[test]
        fn training_stops_exactly_when_patience_many_epochs_have_passed_since_the_best(
            losses in proptest::collection::vec((0_u8..20).prop_map(f64::from), 1..40),
            allowed in 1_u32..6,
        ) {
            let (last, best) = run(patience(allowed), &losses);
            let (last, since) = (last.unwrap(), last.unwrap() - best.unwrap());
            prop_assert!(since <= allowed);
            prop_assert!(since == allowed || last as usize == losses.len() - 1);
        }
    }
}
