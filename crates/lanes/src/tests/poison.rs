//! A lane with NaN or infinity leaves its neighbours' bits as they are.

use proptest::prelude::*;

use super::bits::train;
use super::sets;
use super::trials::{Trial, trainings};
use crate::training::Training;

/// What a lane is poisoned by.
#[derive(Debug, Clone, Copy)]
enum Poison {
    Weight(f32),
    Input(f32),
    Target(f32),
    Rate(f32),
}

const POISONS: [Poison; 8] = [
    Poison::Weight(f32::NAN),
    Poison::Weight(f32::INFINITY),
    Poison::Weight(1e38),
    Poison::Input(f32::NAN),
    Poison::Input(f32::NEG_INFINITY),
    Poison::Target(f32::NAN),
    Poison::Target(f32::INFINITY),
    Poison::Rate(1e30),
];

impl Poison {
    fn put(self, trial: &mut Trial, at: usize) {
        let spoil = |numbers: &mut [f32], value: f32| numbers[at % numbers.len()] = value;
        match self {
            Self::Weight(value) => spoil(&mut trial.numbers, value),
            Self::Input(value) => spoil(&mut trial.inputs, value),
            Self::Target(value) => {
                spoil(&mut trial.scaled, value);
                // A class that has no output.
                let row = at % trial.classes.len();
                trial.classes[row] = 77;
            }
            Self::Rate(value) => trial.rates = vec![value],
        }
    }
}

fn check(training: &Training, rows: usize, at: usize, seed: u64) {
    for set in sets() {
        let trials = Trial::pack(training, rows, seed, set.lanes());
        let wanted = train(&mut set.workspace(), training, trials.clone());
        let mut workspace = set.workspace();
        for lane in 0..set.lanes() {
            let poison = POISONS[(at + lane) % POISONS.len()];
            let mut poisoned = trials.clone();
            poison.put(&mut poisoned[lane], at);
            let bits = train(&mut workspace, training, poisoned);
            for other in (0..set.lanes()).filter(|other| *other != lane) {
                let is_same = bits[other] == wanted[other];
                assert!(is_same, "lane {other} is not the same beside {lane} with {poison:?} on {}", set.name());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_not_finite_in_one_lane_leaves_the_others_as_they_are(
        training in trainings(),
        rows in 1..40usize,
        at in 0..10_000usize,
        seed: u64,
    ) {
        check(&training, rows, at, seed);
    }
}
