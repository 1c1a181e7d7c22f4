//! From the derivatives by a layer's sums to those by what entered it.

use fearless_simd::Simd;

use super::Finish;
use crate::kernel::panel::{ROWS, lines, lines_mut, most_columns, panels};
use crate::lane::{Each, Vector, fused, splat};

/// `out[r][i] = finish(sum over o of deltas[r][o] * weights[i][o])`.
#[inline(always)]
pub(crate) fn backward<S: Simd>(
    simd: S,
    [depth, units]: [usize; 2],
    deltas: &[[Vector<S>; ROWS]],
    weights: &[Vector<S>],
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    let counts = panels(most_columns::<S, Each>(), depth);
    // Small tiles have no time for loops that do nothing.
    match counts {
        _ if units == 1 => backward_from::<S, MIXED>(simd, [depth, units], counts, deltas, weights, finish, out),
        [0, 0, 0, _] => backward_from::<S, ONES>(simd, [depth, units], counts, deltas, weights, finish, out),
        [_, 0, 0, 0] if most_columns::<S, Each>() == 4 => {
            backward_from::<S, FOURS>(simd, [depth, units], counts, deltas, weights, finish, out);
        }
        [0, 0, _, 0] => backward_from::<S, TWOS>(simd, [depth, units], counts, deltas, weights, finish, out),
        _ => backward_from::<S, MIXED>(simd, [depth, units], counts, deltas, weights, finish, out),
    }
}

/// What panels there are.
const ONES: u8 = 0;
const TWOS: u8 = 1;
const FOURS: u8 = 2;
const MIXED: u8 = 3;

#[inline(always)]
fn backward_from<S: Simd, const KIND: u8>(
    simd: S,
    [depth, units]: [usize; 2],
    counts: [usize; 4],
    deltas: &[[Vector<S>; ROWS]],
    weights: &[Vector<S>],
    finish: impl Finish<S>,
    out: &mut [[Vector<S>; ROWS]],
) {
    let weights = Panels::new(weights, units, counts);
    // Tiles are as wide as the panels would be.
    let [fours, threes, twos, _] = panels(most_columns::<S, Each>(), units);
    let (fours, threes, twos) = (fours * 4, fours * 4 + threes * 3, fours * 4 + threes * 3 + twos * 2);
    for (block, (deltas, out)) in lines(deltas, depth).zip(lines_mut(out, units)).enumerate() {
        let deltas = Panels::new(deltas, 1, counts);
        let mut unit = 0;
        macro_rules! tiles {
            ($units:literal, $end:expr) => {
                while unit < $end {
                    let sums = backward_tile::<S, KIND, $units>(simd, units, unit, &deltas, &weights);
                    for (column, out) in out[unit..unit + $units].iter_mut().enumerate() {
                        *out = finish.finish(simd, block, unit + column, units, sums[column]);
                    }
                    unit += $units;
                }
            };
        }
        if most_columns::<S, Each>() == 4 {
            tiles!(4, fours);
        }
        tiles!(3, threes);
        tiles!(2, twos);
        // Where there are others, no tile of one is left.
        if KIND == MIXED {
            tiles!(1, units);
        }
    }
}

/// What lies in panels.
struct Panels<'a, T> {
    fours: &'a [[T; 4]],
    threes: &'a [[T; 3]],
    twos: &'a [[T; 2]],
    ones: &'a [[T; 1]],
}

impl<'a, T> Panels<'a, T> {
    /// Of so many rows; `counts` as [`panels`] has them.
    #[inline(always)]
    fn new(numbers: &'a [T], rows: usize, [fours, threes, twos, _]: [usize; 4]) -> Self {
        let (first, rest) = numbers.split_at(fours * 4 * rows);
        let (second, rest) = rest.split_at(threes * 3 * rows);
        let (third, rest) = rest.split_at(twos * 2 * rows);
        Self {
            fours: first.as_chunks().0,
            threes: second.as_chunks().0,
            twos: third.as_chunks().0,
            ones: rest.as_chunks().0,
        }
    }
}

#[inline(always)]
fn backward_tile<S: Simd, const KIND: u8, const UNITS: usize>(
    simd: S,
    units: usize,
    unit: usize,
    deltas: &Panels<'_, [Vector<S>; ROWS]>,
    weights: &Panels<'_, Vector<S>>,
) -> [[Vector<S>; ROWS]; UNITS] {
    let mut sums = [[splat(simd, 0.0); ROWS]; UNITS];
    if KIND == ONES {
        backward_run(simd, units, unit, deltas.ones, weights.ones, &mut sums);
        return sums;
    }
    if KIND != TWOS && most_columns::<S, Each>() == 4 {
        backward_run(simd, units, unit, deltas.fours, weights.fours, &mut sums);
    }
    if KIND == MIXED {
        backward_run(simd, units, unit, deltas.threes, weights.threes, &mut sums);
    }
    if KIND != FOURS {
        backward_run(simd, units, unit, deltas.twos, weights.twos, &mut sums);
    }
    if KIND == MIXED && UNITS == 1 {
        backward_run(simd, units, unit, deltas.ones, weights.ones, &mut sums);
    }
    sums
}

#[inline(always)]
fn backward_run<S: Simd, const COLUMNS: usize, const UNITS: usize>(
    _: S,
    units: usize,
    unit: usize,
    deltas: &[[[Vector<S>; ROWS]; COLUMNS]],
    weights: &[[Vector<S>; COLUMNS]],
    sums: &mut [[Vector<S>; ROWS]; UNITS],
) {
    for (deltas, weights) in deltas.iter().zip(lines(weights, units)) {
        let weights = &weights[unit..unit + UNITS];
        for column in 0..COLUMNS {
            for row in 0..ROWS {
                for index in 0..UNITS {
                    sums[index][row] = fused::<S>(deltas[column][row], weights[index][column], sums[index][row]);
                }
            }
        }
    }
}
