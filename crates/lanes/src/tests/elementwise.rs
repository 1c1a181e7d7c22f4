//! Activations, losses and dropout masks against the slow twin.

use fearless_simd::{Simd, SimdBase};
use proptest::prelude::*;

use super::matrices::{check_blocks, check_vectors, in_blocks, lists, matrices, vectors};
use super::on_each_instruction_set;
use crate::kernel::activation::{values, values_and_slopes};
use crate::kernel::dropout::Dropout;
use crate::kernel::loss::{losses, losses_and_gradients};
use crate::kernel::panel::ROWS;
use crate::lane::{MOST_LANES, lanes, splat};
use crate::naive::{self, layer, same};
use crate::philox::{self, Name};
use crate::training::{Activation, Loss};

/// Every activation.
pub(super) const ACTIVATIONS: [Activation; 11] = [
    Activation::Relu,
    Activation::LeakyRelu { slope: 0.1 },
    Activation::Tanh,
    Activation::Sigmoid,
    Activation::Gelu,
    Activation::Silu,
    Activation::Elu,
    Activation::Softplus,
    Activation::GeluTanh,
    Activation::Selu,
    Activation::Identity,
];

/// Every loss.
pub(super) const LOSSES: [Loss; 6] =
    [Loss::Mse, Loss::Mae, Loss::Huber { delta: 0.7 }, Loss::LogCosh, Loss::CrossEntropy, Loss::BinaryCrossEntropy];

fn check_activations<S: Simd>(simd: S, count: usize, scale: f32, seed: u64) {
    let numbers: Vec<Vec<f32>> =
        lists(seed, 0, count).into_iter().map(|list| list.into_iter().map(|x| x * scale).collect()).collect();
    for activation in ACTIVATIONS {
        let mut with_slopes = vectors(simd, &numbers);
        let mut alone = with_slopes.clone();
        let mut slopes = with_slopes.clone();
        simd.vectorize(
            #[inline(always)]
            || {
                values_and_slopes(simd, activation, &mut with_slopes, &mut slopes);
                values(simd, activation, &mut alone);
            },
        );
        let wanted = |part: usize| {
            let numbers = &numbers;
            move |lane: usize| numbers[lane].iter().map(|x| layer::activate(activation, *x)[part]).collect()
        };
        check_vectors::<S>(&format!("{activation:?}"), &with_slopes, wanted(0));
        check_vectors::<S>(&format!("{activation:?} alone"), &alone, wanted(0));
        check_vectors::<S>(&format!("slope of {activation:?}"), &slopes, wanted(1));
    }
}

fn check_losses<S: Simd>(simd: S, [rows, batch, classes]: [usize; 3], seed: u64) {
    for loss in LOSSES {
        let width = if loss == Loss::CrossEntropy { classes } else { 1 };
        let outputs = matrices(seed, 0, rows, width);
        let targets: Vec<Vec<f32>> = match loss {
            Loss::CrossEntropy | Loss::BinaryCrossEntropy => (0..MOST_LANES)
                .map(|lane| (0..rows).map(|row| ((row * 7 + lane) % width.max(2)) as f32).collect())
                .collect(),
            // In some rows the prediction is right.
            _ => (0..MOST_LANES)
                .map(|lane| {
                    let mut targets = super::matrices::numbers(seed, 1, lane, rows);
                    targets[rows / 2] = outputs[lane][rows / 2][0];
                    targets
                })
                .collect(),
        };
        let blocks = in_blocks(simd, &outputs, 5.0);
        let of_rows = vectors(simd, &targets);
        let mut gradients = vec![[splat(simd, 9.0); ROWS]; blocks.len()];
        let sum = simd.vectorize(
            #[inline(always)]
            || {
                let start = splat(simd, 0.25);
                losses_and_gradients(simd, loss, width, batch, &blocks, &of_rows, None, &mut gradients, start)
            },
        );
        let row = |lane: usize, row: usize| {
            naive::loss::of_row(loss, &outputs[lane][row], targets[lane][row], 1.0 / batch as f32)
        };
        let total = |lane: usize| vec![(0..rows).fold(0.25, |sum, index| sum + row(lane, index).0)];
        check_vectors::<S>(&format!("{loss:?}"), &[sum], total);
        // Rows that only fill the last block have no gradient.
        let wanted = |lane: usize| {
            let filled = rows.next_multiple_of(ROWS);
            (0..filled).map(|index| if index < rows { row(lane, index).1 } else { vec![0.0; width] }).collect()
        };
        check_blocks::<S>(&format!("gradient of {loss:?}"), &gradients, wanted);

        let mut powers = vec![[splat(simd, 9.0); ROWS]; width];
        let first: [_; ROWS] = std::array::from_fn(|index| of_rows[index.min(rows - 1)]);
        let evaluated = simd.vectorize(
            #[inline(always)]
            || losses(simd, loss, &blocks[..width], &first, &mut powers),
        );
        let wanted = |lane: usize| (0..rows.min(ROWS)).map(|index| row(lane, index).0).collect();
        check_vectors::<S>(&format!("{loss:?} evaluated"), &evaluated[..rows.min(ROWS)], wanted);
    }
}

fn name(seed: u32, lane: u32) -> Name {
    Name { key: [seed, lane], words: [lane / 2, 5, seed] }
}

fn check_masks<S: Simd>(simd: S, rate: f64, start: u64, count: usize, seed: u32) {
    let names: Vec<Name> = (0..MOST_LANES as u32).map(|lane| name(seed, lane)).collect();
    let dropout = Dropout::new(rate, &names);
    let mut masks = Vec::new();
    simd.vectorize(
        #[inline(always)]
        || {
            dropout.masks(simd, start, count, |index, mask| {
                assert_eq!(index, masks.len());
                masks.push(mask);
            });
        },
    );
    assert_eq!(masks.len(), count);
    for (index, mask) in masks.iter().enumerate() {
        for lane in 0..lanes::<S>() {
            let wanted = layer::mask(rate, names[lane], start + index as u64);
            assert!(same(mask.as_slice()[lane], wanted), "element {index} of lane {lane}");
        }
    }
}

proptest! {
    #[test]
    fn activations_and_slopes_are_those_of_the_twin(count in 1..40usize, size in 0..5i32, seed: u64) {
        on_each_instruction_set!(check_activations(count, 4f32.powi(size), seed));
    }

    #[test]
    fn losses_and_gradients_are_those_of_the_twin(rows in 1..14usize, more in 0..9usize, classes in 2..7usize, seed: u64) {
        on_each_instruction_set!(check_losses([rows, rows + more, classes], seed));
    }

    #[test]
    fn masks_are_those_of_the_twin(
        rate in prop_oneof![0.0..1.0f64, Just(0.5), Just(0.999_999_99)],
        start in prop_oneof![0..100u64, (1 << 34) - 40..(1 << 34) - 20u64],
        count in 0..50usize,
        seed: u32,
    ) {
        on_each_instruction_set!(check_masks(rate, start, count, seed));
    }
}

#[test]
fn masks_at_the_ends_of_their_range_are_those_of_the_twin() {
    for rate in [0.0, 1.0 / f64::from(1 << 24), 0.5, 1.0 - 1.0 / f64::from(1 << 24)] {
        on_each_instruction_set!(check_masks(rate, 3, 4000, 11));
    }
}

#[test]
fn a_number_that_equals_the_rate_is_kept_and_one_just_below_it_is_dropped() {
    let (seed, element) = (11, 6);
    let Name { key, words: [first, second, third] } = name(seed, 0);
    let number = f64::from(philox::block([element / 4, first, second, third], key)[element as usize % 4] >> 8);
    for above in [0.0, 0.01, 1.0] {
        let rate = (number + above) / f64::from(1 << 24);
        assert_eq!(layer::mask(rate, name(seed, 0), u64::from(element)) > 0.0, above <= 0.0);
        on_each_instruction_set!(check_masks(rate, 0, 20, seed));
    }
}
