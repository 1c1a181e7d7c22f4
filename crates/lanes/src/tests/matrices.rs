//! Numbers of each lane as kernels take them, and back.

use fearless_simd::{Simd, SimdBase};

use crate::kernel::panel::{ROWS, blocks, most_columns, position};
use crate::lane::{Each, MOST_LANES, Vector, lanes, splat};
use crate::naive::{Matrix, same};
use crate::philox;

/// Numbers that come out otherwise than others.
const SPECIAL: [f32; 8] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE, 1e-40, 0.0, -0.0];

/// Numbers of one lane, drawn from -2 .. 2. In some lanes a few are NaN, infinite, huge, denormal or zero.
pub(super) fn numbers(seed: u64, purpose: u32, lane: usize, count: usize) -> Vec<f32> {
    let block = |index: usize, purpose| {
        philox::block([index as u32, purpose, lane as u32, 0], [seed as u32, (seed >> 32) as u32])
    };
    let is_special = block(0, u32::MAX)[0] % 4 == 0;
    let number = |index: usize| {
        let [word, choice, special, _] = block(index, purpose);
        if is_special && choice % 16 == 0 { SPECIAL[special as usize % 8] } else { word as f32 / 2f32.powi(30) - 2.0 }
    };
    (0..count).map(number).collect()
}

/// One matrix a lane.
pub(super) fn matrices(seed: u64, purpose: u32, rows: usize, units: usize) -> Vec<Matrix> {
    let rows_of = |lane| numbers(seed, purpose, lane, rows * units).chunks(units).map(<[f32]>::to_vec).collect();
    (0..MOST_LANES).map(rows_of).collect()
}

/// One list a lane.
pub(super) fn lists(seed: u64, purpose: u32, count: usize) -> Vec<Vec<f32>> {
    (0..MOST_LANES).map(|lane| numbers(seed, purpose, lane, count)).collect()
}

/// The same place of every lane.
pub(super) fn vector<S: Simd>(simd: S, number: impl Fn(usize) -> f32) -> Vector<S> {
    let mut vector = splat(simd, 0.0);
    for (lane, to) in vector.as_mut_slice().iter_mut().enumerate() {
        *to = number(lane);
    }
    vector
}

/// A list of vectors.
pub(super) fn vectors<S: Simd>(simd: S, lists: &[Vec<f32>]) -> Vec<Vector<S>> {
    (0..lists[0].len()).map(|index| vector(simd, |lane| lists[lane][index])).collect()
}

/// Blocks of rows; rows that only fill the last block hold `filler`.
pub(super) fn in_blocks<S: Simd>(simd: S, matrices: &[Matrix], filler: f32) -> Vec<[Vector<S>; ROWS]> {
    let (rows, units) = (matrices[0].len(), matrices[0][0].len());
    let mut out = vec![[splat(simd, filler); ROWS]; blocks(rows) * units];
    for row in 0..rows {
        for unit in 0..units {
            out[row / ROWS * units + unit][row % ROWS] = vector(simd, |lane| matrices[lane][row][unit]);
        }
    }
    out
}

/// Row-major weights in panels.
pub(super) fn in_panels<S: Simd>(simd: S, [inputs, outputs]: [usize; 2], weights: &[Vec<f32>]) -> Vec<Vector<S>> {
    let mut out = vec![splat(simd, 0.0); inputs * outputs];
    for index in 0..inputs * outputs {
        let place = position(most_columns::<S, Each>(), [inputs, outputs], index / outputs, index % outputs);
        out[place] = vector(simd, |lane| weights[lane][index]);
    }
    out
}

/// Whether blocks hold these matrices.
pub(super) fn check_blocks<S: Simd>(what: &str, blocks: &[[Vector<S>; ROWS]], wanted: impl Fn(usize) -> Matrix) {
    for lane in 0..lanes::<S>() {
        for (row, numbers) in wanted(lane).iter().enumerate() {
            for (unit, wanted) in numbers.iter().enumerate() {
                let value = blocks[row / ROWS * numbers.len() + unit][row % ROWS].as_slice()[lane];
                assert!(same(value, *wanted), "{what}: {value:e} for {wanted:e}, lane {lane}, row {row}, unit {unit}");
            }
        }
    }
}

/// Whether vectors hold these lists.
pub(super) fn check_vectors<S: Simd>(what: &str, vectors: &[Vector<S>], wanted: impl Fn(usize) -> Vec<f32>) {
    for lane in 0..lanes::<S>() {
        let wanted = wanted(lane);
        assert_eq!(vectors.len(), wanted.len(), "{what}");
        for (index, (vector, wanted)) in vectors.iter().zip(wanted).enumerate() {
            let value = vector.as_slice()[lane];
            assert!(same(value, wanted), "{what}: {value:e} for {wanted:e}, lane {lane}, place {index}");
        }
    }
}

/// Whether panels hold these row-major weights.
pub(super) fn check_panels<S: Simd>(
    what: &str,
    [inputs, outputs]: [usize; 2],
    panels: &[Vector<S>],
    wanted: impl Fn(usize) -> Vec<f32>,
) {
    let places = (0..inputs * outputs)
        .map(|index| panels[position(most_columns::<S, Each>(), [inputs, outputs], index / outputs, index % outputs)]);
    check_vectors::<S>(what, &places.collect::<Vec<_>>(), wanted);
}
