//! Whole epochs and evaluations against the slow twin.

use proptest::prelude::*;

use super::sets;
use super::trials::{Trial, lanes, trainings};
use crate::evaluation::RowsAbreast;
use crate::layout::Layout;
use crate::naive::{self, same};
use crate::training::Training;

fn check_epochs(training: &Training, rows: usize, count: usize, first_step: u64, seed: u64) {
    let layout = Layout::new(training);
    for set in sets() {
        let count = count.min(set.lanes());
        let mut workspace = set.workspace();
        let mut trials = Trial::pack(training, rows, seed, count);
        for trial in &mut trials {
            trial.steps = first_step;
        }
        let mut twins = trials.clone();
        for epoch in 0..2 {
            let losses = workspace.train_epoch(training, &layout, &mut lanes(&mut trials, training.loss));
            assert_eq!(losses.len(), count);
            for (lane, (trial, twin)) in trials.iter_mut().zip(&mut twins).enumerate() {
                let wanted = naive::epoch::train(training, &mut twin.lane(training.loss));
                let place = format!("lane {lane} of {count} on {}, epoch {epoch}", set.name());
                let loss = losses[lane];
                assert_eq!(loss.is_some(), wanted.is_some(), "{place}: {loss:?} for {wanted:?}");
                if let (Some(loss), Some(wanted)) = (loss, wanted) {
                    assert!(same(loss, wanted), "{place}: {loss:e} for {wanted:e}");
                    for (index, (number, wanted)) in trial.numbers.iter().zip(&twin.numbers).enumerate() {
                        assert!(same(*number, *wanted), "{place}: {number:e} for {wanted:e}, number {index}");
                    }
                }
                for trial in [trial, twin] {
                    trial.steps += (rows / training.batch_size) as u64;
                    trial.dropout.words[0] += 100;
                    trial.drop_connect.words[0] += 100;
                }
            }
        }
    }
}

fn check_evaluation(training: &Training, rows: usize, seed: u64) {
    let layout = Layout::new(training);
    let mut trial = Trial::new(training, rows, seed, 0);
    // In some cases a few rows are not finite: they are never right.
    if seed.is_multiple_of(4) {
        let values = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY];
        for (index, input) in trial.inputs.iter_mut().step_by(7).enumerate() {
            *input = values[index % 3];
        }
    }
    let (own_rows, own, metric) = trial.evaluated(training.loss);
    let numbers = layout.evaluated(&trial.numbers);
    let wanted = naive::evaluation::evaluate(training, numbers, own_rows, own, metric);
    let outputs = naive::evaluation::outputs(training, numbers, own_rows);
    let abreast = RowsAbreast::new(own_rows, training.inputs(), own);
    assert_eq!(abreast.rows(), rows);
    for set in sets() {
        let mut workspace = set.workspace();
        for _ in 0..2 {
            let evaluation = workspace.evaluate(training, &layout, numbers, &abreast, metric);
            for (value, wanted) in [(evaluation.loss, wanted.loss), (evaluation.metric, wanted.metric)] {
                let is_same = value.to_bits() == wanted.to_bits() || value.is_nan() && wanted.is_nan();
                assert!(is_same, "{value:e} for {wanted:e} on {}, {metric:?}", set.name());
            }
            let (again, kept) = workspace.evaluate_with_outputs(training, &layout, numbers, &abreast, metric);
            assert_eq!(again.loss.to_bits(), evaluation.loss.to_bits());
            assert_eq!(kept.len(), outputs.len());
            for (row, (value, wanted)) in kept.iter().zip(&outputs).enumerate() {
                assert!(same(*value, *wanted), "{value:e} for {wanted:e} on {}, output {row}", set.name());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn epochs_are_those_of_the_twin(
        training in trainings(),
        rows in 1..60usize,
        count in 1..17usize,
        first_step in prop_oneof![3 => Just(0u64), 1 => 65_530..65_540u64],
        seed: u64,
    ) {
        check_epochs(&training, rows, count, first_step, seed);
    }

    #[test]
    fn evaluations_are_those_of_the_twin(training in trainings(), rows in 1..200usize, seed: u64) {
        check_evaluation(&training, rows, seed);
    }
}
