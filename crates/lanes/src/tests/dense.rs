//! Dense layers and the gathering of rows against the slow twin.

use fearless_simd::{Simd, SimdBase};
use proptest::prelude::*;

use super::matrices::{check_blocks, check_panels, check_vectors, in_blocks, in_panels, lists, matrices, vectors};
use super::on_each_instruction_set;
use crate::kernel::activation::{Relu, ReluSlope, Slope};
use crate::kernel::dense::{Kept, Plain, forward, gradient, transpose};
use crate::kernel::gather::gather;
use crate::kernel::panel::{ROWS, blocks};
use crate::lane::{Each, MOST_LANES, Shared, lanes, splat};
use crate::naive::{self, layer};
use crate::rows::{Rows, Targets};

/// Rows, units that enter, units that leave.
type Shape = [usize; 3];

fn shapes() -> impl Strategy<Value = Shape> {
    [1..14usize, 1..21, 1..21]
}

fn check_forward<S: Simd>(simd: S, [rows, depth, units]: Shape, seed: u64) {
    let inputs = matrices(seed, 0, rows, depth);
    let weights = lists(seed, 1, depth * units);
    let biases = lists(seed, 2, units);
    let wanted = |lane: usize| layer::forward(&inputs[lane], &weights[lane], &biases[lane]);
    let relu = |lane: usize| {
        let positive = |x: f32| if x < 0.0 { 0.0 } else { x };
        wanted(lane).into_iter().map(|row| row.into_iter().map(positive).collect()).collect()
    };
    let blocks_of_inputs = in_blocks(simd, &inputs, 7.0);
    let (panels, vectors) = (in_panels(simd, [depth, units], &weights), vectors(simd, &biases));
    let mut out = vec![[splat(simd, 9.0); ROWS]; blocks(rows) * units];
    simd.vectorize(
        #[inline(always)]
        || {
            forward::<S, Each, Each>(simd, [depth, units], &blocks_of_inputs, &panels, &vectors, Plain, &mut out);
        },
    );
    check_blocks::<S>("forward", &out, wanted);
    simd.vectorize(
        #[inline(always)]
        || {
            forward::<S, Each, Each>(simd, [depth, units], &blocks_of_inputs, &panels, &vectors, Relu, &mut out);
        },
    );
    check_blocks::<S>("forward with relu", &out, relu);
    // All lanes share the weights of the first.
    let shared: Vec<f32> = panels.iter().map(|panel| panel.as_slice()[0]).collect();
    simd.vectorize(
        #[inline(always)]
        || {
            let sizes = [depth, units];
            forward::<S, Each, Shared>(simd, sizes, &blocks_of_inputs, &shared, &biases[0], Plain, &mut out);
        },
    );
    check_blocks::<S>("forward with shared weights", &out, |lane| {
        layer::forward(&inputs[lane], &weights[0], &biases[0])
    });
}

fn check_backward<S: Simd>(simd: S, [rows, depth, units]: Shape, seed: u64) {
    let deltas = matrices(seed, 3, rows, depth);
    // As the forward pass has them: from `units` to `depth`.
    let weights = lists(seed, 1, units * depth);
    let slopes = matrices(seed, 4, rows, units);
    let with_slopes = |choose: fn(f32, f32) -> f32| {
        let (deltas, weights, slopes) = (&deltas, &weights, &slopes);
        move |lane: usize| {
            let sums = layer::backward(&deltas[lane], &weights[lane], units);
            let row = |(sums, slopes): (Vec<f32>, &Vec<f32>)| {
                sums.into_iter().zip(slopes).map(|(sum, slope)| choose(sum, *slope)).collect()
            };
            sums.into_iter().zip(&slopes[lane]).map(row).collect::<naive::Matrix>()
        }
    };
    let blocks_of_deltas = in_blocks(simd, &deltas, 0.0);
    let blocks_of_slopes = in_blocks(simd, &slopes, 0.5);
    let panels = in_panels(simd, [units, depth], &weights);
    let mut transposed = vec![splat(simd, 9.0); units * depth];
    simd.vectorize(
        #[inline(always)]
        || transpose(simd, [units, depth], &panels, &mut transposed),
    );
    let zeros = vec![splat(simd, 0.0); units];
    let (sizes, deltas) = ([depth, units], &blocks_of_deltas);
    let mut out = vec![[splat(simd, 9.0); ROWS]; blocks(rows) * units];
    simd.vectorize(
        #[inline(always)]
        || {
            let finish = Slope(&blocks_of_slopes);
            forward::<S, Each, Each>(simd, sizes, deltas, &transposed, &zeros, finish, &mut out);
        },
    );
    check_blocks::<S>("backward", &out, with_slopes(|sum, slope| sum * slope));
    simd.vectorize(
        #[inline(always)]
        || {
            let finish = ReluSlope(&blocks_of_slopes);
            forward::<S, Each, Each>(simd, sizes, deltas, &transposed, &zeros, finish, &mut out);
        },
    );
    check_blocks::<S>("backward through relu", &out, with_slopes(|sum, value| if value > 0.0 { sum } else { 0.0 }));
}

fn check_gradient<S: Simd>(simd: S, [rows, depth, units]: Shape, seed: u64) {
    let inputs = matrices(seed, 0, rows, depth);
    let deltas = matrices(seed, 3, rows, units);
    let (blocks_of_inputs, blocks_of_deltas) = (in_blocks(simd, &inputs, 7.0), in_blocks(simd, &deltas, 0.0));
    for cut in (0..rows).step_by(ROWS) {
        let mut gradients = vec![splat(simd, 9.0); depth * units + units];
        let (first_inputs, last_inputs) = blocks_of_inputs.split_at(cut / ROWS * depth);
        let (first_deltas, last_deltas) = blocks_of_deltas.split_at(cut / ROWS * units);
        simd.vectorize(
            #[inline(always)]
            || {
                let sizes = [depth, units];
                let mut sink = Kept { gradients: &mut gradients, goes_on: false };
                gradient::<S, Each>(simd, sizes, first_inputs, first_deltas, &mut sink);
                sink.goes_on = cut > 0;
                gradient::<S, Each>(simd, sizes, last_inputs, last_deltas, &mut sink);
            },
        );
        let (weights, biases) = gradients.split_at(depth * units);
        let wanted = |lane: usize| layer::gradient(&inputs[lane], &deltas[lane]);
        check_panels::<S>("gradient", [depth, units], weights, |lane| wanted(lane)[0].clone());
        check_vectors::<S>("gradient of biases", biases, |lane| wanted(lane)[1].clone());
    }
}

fn check_gather<S: Simd>(simd: S, [rows, columns, known]: Shape, seed: u64) {
    let numbers = lists(seed, 0, known * columns);
    let targets = lists(seed, 1, known);
    let classes: Vec<u32> = (0..known as u32).rev().collect();
    let orders: Vec<Vec<u32>> = (0..MOST_LANES)
        .map(|lane| (0..rows).map(|row| ((row * (lane + 3) + lane * lane) % known) as u32).collect())
        .collect();
    // Every third lane has classes.
    let rows_of = |lane: usize| Rows {
        inputs: &numbers[lane],
        targets: if lane % 3 == 1 { Targets::Classes(&classes) } else { Targets::Numbers(&targets[lane]) },
    };
    let mut inputs = vec![[splat(simd, 9.0); ROWS]; blocks(rows) * columns];
    let mut gathered = vec![splat(simd, 9.0); rows];
    simd.vectorize(
        #[inline(always)]
        || {
            let orders = std::array::from_fn(|lane| orders[lane].as_slice());
            gather(simd, columns, &std::array::from_fn(rows_of), &orders, 0..rows, &mut inputs, &mut gathered);
        },
    );
    // Rows that only fill the last block repeat the last.
    check_blocks::<S>("inputs", &inputs, |lane| {
        let row = |row: usize| orders[lane][row.min(rows - 1)] as usize;
        let filled = 0..rows.next_multiple_of(ROWS);
        filled.map(|index| numbers[lane][row(index) * columns..][..columns].to_vec()).collect()
    });
    check_vectors::<S>("targets", &gathered, |lane| {
        let target = |row: &u32| naive::epoch::target(rows_of(lane), *row as usize);
        orders[lane].iter().map(target).collect()
    });
    assert!(gathered.iter().all(|vector| vector.as_slice().len() == lanes::<S>()));
}

proptest! {
    #[test]
    fn the_forward_product_is_that_of_the_twin(shape in shapes(), seed: u64) {
        on_each_instruction_set!(check_forward(shape, seed));
    }

    #[test]
    fn the_backward_product_is_that_of_the_twin(shape in shapes(), seed: u64) {
        on_each_instruction_set!(check_backward(shape, seed));
    }

    #[test]
    fn gradients_are_those_of_the_twin_wherever_the_rows_are_cut(shape in shapes(), seed: u64) {
        on_each_instruction_set!(check_gradient(shape, seed));
    }

    #[test]
    fn every_lane_gathers_its_own_rows(shape in shapes(), seed: u64) {
        on_each_instruction_set!(check_gather(shape, seed));
    }
}
