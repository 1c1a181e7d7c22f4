//! Outcomes to test with, and the tests of the journal by what they disturb.

mod damage;
mod document;
mod faults;
mod lines;

use std::path::Path;
use std::sync::Arc;

use super::Journal;
use crate::faulty_disk::FaultyDisk;
use crate::row::{Curves, Effort, Ending, Outcome, PackedCurves, Score, Scores, TrialKey};
use crate::storage::Storage;

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    /// From 0 to 1.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn curve(&mut self, epochs: usize) -> Vec<f32> {
        (0..epochs).map(|_| self.next()).collect()
    }
}

/// A finished trial with test figures and figures of full length.
fn finished(number: u64, epochs: usize) -> Outcome {
    let mut numbers = Numbers(number);
    let key = TrialKey((u128::from(number) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
    let curves = Curves {
        train_loss_running: numbers.curve(epochs),
        train_loss: Vec::new(),
        validation_loss: numbers.curve(epochs),
        validation_metric: numbers.curve(epochs),
        learning_rate: (0..epochs).map(|epoch| if epoch < epochs / 2 { 0.01 } else { 0.005 }).collect(),
    };
    let losses = &curves.validation_loss;
    let best = (0..epochs).min_by(|left, right| losses[*left].total_cmp(&losses[*right])).unwrap();
    let mut score = |epoch: usize| Score {
        validation_loss: curves.validation_loss[epoch],
        validation_metric: curves.validation_metric[epoch],
        test_loss: Some(numbers.next()),
        test_metric: Some(numbers.next()),
    };
    let last_score = score(epochs - 1);
    let best_score = if best == epochs - 1 { last_score } else { score(best) };
    let scores = Scores {
        last: last_score,
        train_loss: numbers.next(),
        restored_epoch: None,
        best_epoch: u32::try_from(best).unwrap() + 1,
        best: best_score,
    };
    let effort = Effort { seconds: numbers.next() / 10.0, worker: 1, steps_trained: f64::from(numbers.next()) * 600.0 };
    Outcome { key, ending: Ending::Finished(scores), curves: curves.pack(), effort: effort.as_recorded() }
}

fn failed(key: TrialKey, message: &str) -> Outcome {
    let ending = Ending::Failed { message: message.to_owned() };
    Outcome { key, ending, curves: PackedCurves::default(), effort: Effort::default() }
}

fn change_curves(outcome: &mut Outcome, change: impl FnOnce(&mut Curves)) {
    let mut curves = outcome.curves.unpack();
    change(&mut curves);
    outcome.curves = curves.pack();
}

fn path() -> &'static Path {
    Path::new("journal.jsonl")
}

/// A disk with a file of these bytes in the journal's place.
fn disk_with(bytes: &[u8]) -> Arc<FaultyDisk> {
    let disk = Arc::new(FaultyDisk::default());
    disk.write_atomically(path(), bytes).unwrap();
    disk
}

/// The bytes of a journal of these outcomes.
fn journal_of(outcomes: &[Outcome]) -> Vec<u8> {
    let disk = Arc::new(FaultyDisk::default());
    let (mut journal, _) = Journal::open(disk.clone(), path()).unwrap();
    journal.append(outcomes).unwrap();
    disk.read(path()).unwrap()
}
