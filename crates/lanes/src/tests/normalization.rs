//! Batch and layer normalization against the slow twin.

use fearless_simd::Simd;
use proptest::prelude::*;

use super::matrices::{check_blocks, check_vectors, in_blocks, lists, matrices, vectors};
use super::on_each_instruction_set;
use crate::kernel::normalization::{Extent, batch, batch_backward, by_moving_statistics, layer, layer_backward};
use crate::kernel::panel::{ROWS, blocks};
use crate::lane::{Each, Shared, splat};
use crate::naive::{Matrix, normalization as twin};

const EPSILON: f32 = 1e-3;

/// What both kinds are tried on.
struct Numbers {
    sums: Vec<Matrix>,
    deltas: Vec<Matrix>,
    gamma: Vec<Vec<f32>>,
    beta: Vec<Vec<f32>>,
}

impl Numbers {
    fn new(rows: usize, units: usize, seed: u64) -> Self {
        Self {
            sums: matrices(seed, 0, rows, units),
            deltas: matrices(seed, 1, rows, units),
            gamma: lists(seed, 2, units),
            beta: lists(seed, 3, units),
        }
    }

    fn factors(&self, lane: usize) -> [&[f32]; 2] {
        [&self.gamma[lane], &self.beta[lane]]
    }
}

fn check_batch<S: Simd>(simd: S, [rows, units]: [usize; 2], seed: u64) {
    let numbers = Numbers::new(rows, units, seed);
    let (gamma, beta) = (vectors(simd, &numbers.gamma), vectors(simd, &numbers.beta));
    // Rows that only fill the last block are infinite and NaN: nothing may come of them.
    let mut values = in_blocks(simd, &numbers.sums, f32::INFINITY);
    let mut plain = vec![[splat(simd, f32::NAN); ROWS]; values.len()];
    let mut scales = vec![splat(simd, 9.0); units];
    let (mut means, mut variances) = (scales.clone(), scales.clone());
    let extent = Extent { rows, units };
    simd.vectorize(
        #[inline(always)]
        || {
            let moving = |unit: usize, mean, variance| (means[unit], variances[unit]) = (mean, variance);
            batch(simd, extent, EPSILON, [&gamma, &beta], &mut values, &mut plain, &mut scales, moving);
        },
    );
    let forward = |lane: usize| twin::batch(&numbers.sums[lane], EPSILON, numbers.factors(lane));
    check_blocks::<S>("values", &values, |lane| forward(lane).values);
    check_blocks::<S>("before gamma and beta", &plain, |lane| {
        let mut plain = forward(lane).plain;
        plain.resize(rows.next_multiple_of(ROWS), vec![0.0; units]);
        plain
    });
    check_vectors::<S>("scales", &scales, |lane| forward(lane).scales);
    check_vectors::<S>("means", &means, |lane| forward(lane).means);
    check_vectors::<S>("variances", &variances, |lane| forward(lane).variances);

    let mut deltas = in_blocks(simd, &numbers.deltas, 0.0);
    let (mut of_gamma, mut of_beta) = (means, variances);
    simd.vectorize(
        #[inline(always)]
        || batch_backward(simd, extent, &gamma, &plain, &scales, &mut deltas, [&mut of_gamma, &mut of_beta]),
    );
    let backward = |lane: usize| {
        let twin::Normalized { plain, scales, .. } = forward(lane);
        twin::batch_backward(&numbers.deltas[lane], &plain, &scales, &numbers.gamma[lane])
    };
    check_blocks::<S>("derivatives", &deltas, |lane| {
        let mut deltas = backward(lane).deltas;
        deltas.resize(rows.next_multiple_of(ROWS), vec![0.0; units]);
        deltas
    });
    check_vectors::<S>("gradient of gamma", &of_gamma, |lane| backward(lane).gamma);
    check_vectors::<S>("gradient of beta", &of_beta, |lane| backward(lane).beta);
}

fn check_layer<S: Simd>(simd: S, [rows, units]: [usize; 2], seed: u64) {
    let numbers = Numbers::new(rows, units, seed);
    let (gamma, beta) = (vectors(simd, &numbers.gamma), vectors(simd, &numbers.beta));
    let forward = |lane: usize| twin::layer(&numbers.sums[lane], EPSILON, numbers.factors(lane));
    let backward = |lane: usize| {
        let twin::Normalized { plain, scales, .. } = forward(lane);
        twin::layer_backward(&numbers.deltas[lane], &plain, &scales, &numbers.gamma[lane])
    };
    let mut values = in_blocks(simd, &numbers.sums, 0.5);
    let mut plain = vec![[splat(simd, 9.0); ROWS]; values.len()];
    let mut scales = vec![[splat(simd, 9.0); ROWS]; blocks(rows)];
    let extent = Extent { rows, units };
    simd.vectorize(
        #[inline(always)]
        || {
            let factors: [&[_]; 2] = [&gamma, &beta];
            layer::<S, Each>(simd, extent, EPSILON, factors, &mut values, &mut plain, &mut scales);
        },
    );
    check_blocks::<S>("values", &values, |lane| forward(lane).values);
    check_blocks::<S>("before gamma and beta", &plain, |lane| forward(lane).plain);

    for cut in (0..rows).step_by(ROWS) {
        let mut deltas = in_blocks(simd, &numbers.deltas, 0.0);
        let (mut of_gamma, mut of_beta) = (vec![splat(simd, 9.0); units], vec![splat(simd, 9.0); units]);
        let (first, last) = deltas.split_at_mut(cut / ROWS * units);
        let (first_plain, last_plain) = plain.split_at(cut / ROWS * units);
        let (first_scales, last_scales) = scales.split_at(cut / ROWS);
        simd.vectorize(
            #[inline(always)]
            || {
                let mut gradients = |rows, goes_on, deltas: &mut _, plain, scales| {
                    let gradients = [&mut of_gamma[..], &mut of_beta[..]];
                    layer_backward(simd, Extent { rows, units }, goes_on, &gamma, plain, scales, deltas, gradients);
                };
                gradients(cut, false, first, first_plain, first_scales);
                gradients(rows - cut, cut > 0, last, last_plain, last_scales);
            },
        );
        check_blocks::<S>("derivatives", &deltas, |lane| backward(lane).deltas);
        check_vectors::<S>("gradient of gamma", &of_gamma, |lane| backward(lane).gamma);
        check_vectors::<S>("gradient of beta", &of_beta, |lane| backward(lane).beta);
    }
}

fn check_moving<S: Simd>(simd: S, [rows, units]: [usize; 2], seed: u64) {
    let numbers = Numbers::new(rows, units, seed);
    let means = &numbers.deltas[0][0];
    let variances: Vec<f32> = numbers.beta[1].iter().map(|number| number.abs()).collect();
    let mut values = in_blocks(simd, &numbers.sums, 0.5);
    simd.vectorize(
        #[inline(always)]
        || {
            let statistics: [&[f32]; 2] = [means, &variances];
            by_moving_statistics::<S, Shared>(simd, units, EPSILON, numbers.factors(0), statistics, &mut values);
        },
    );
    check_blocks::<S>("values", &values, |lane| {
        twin::by_moving_statistics(&numbers.sums[lane], EPSILON, numbers.factors(0), [means, &variances])
    });
}

proptest! {
    #[test]
    fn batch_normalization_is_that_of_the_twin_and_heeds_no_row_beyond_the_last(
        extent in [1..14usize, 1..21],
        seed: u64,
    ) {
        on_each_instruction_set!(check_batch(extent, seed));
    }

    #[test]
    fn layer_normalization_is_that_of_the_twin_wherever_the_rows_are_cut(extent in [1..14usize, 1..21], seed: u64) {
        on_each_instruction_set!(check_layer(extent, seed));
    }

    #[test]
    fn normalization_by_moving_statistics_is_that_of_the_twin(extent in [1..14usize, 1..21], seed: u64) {
        on_each_instruction_set!(check_moving(extent, seed));
    }
}
