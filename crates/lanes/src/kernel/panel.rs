//! How matrices lie in memory, so that every kernel runs straight through them.
//!
//! Rows of a batch come in blocks of [`ROWS`]: a matrix of `[row][unit]` is stored as `[block][unit][row in block]`. The
//! columns of a weight matrix come in panels: `[panel][input][column in panel]`, first panels of [`columns`] columns,
//! then, for what is left, panels of one.

use fearless_simd::Simd;

use crate::lane::lanes;

/// Rows of a block.
pub(crate) const ROWS: usize = 4;

/// Columns of a panel: with [`ROWS`], as many sums as the registers of the instruction set hold.
pub(crate) const fn columns<S: Simd>() -> usize {
    columns_of(lanes::<S>())
}

/// Columns of a panel for so many lanes.
pub(crate) const fn columns_of(lanes: usize) -> usize {
    // Sixteen lanes come with 32 registers. NEON has as many, but is not measured yet.
    if lanes == 16 { 4 } else { 2 }
}

/// Blocks of so many rows.
pub(crate) const fn blocks(rows: usize) -> usize {
    rows.div_ceil(ROWS)
}

/// A slice cut into lines of equal length. Unlike `chunks_exact`, which counts its chunks by a division at the start:
/// that takes as long as a small tile.
#[derive(Clone)]
pub(crate) struct Lines<'a, T> {
    rest: &'a [T],
    length: usize,
}

/// The lines of this length, without what is left at the end.
#[inline(always)]
pub(crate) fn lines<T>(numbers: &[T], length: usize) -> Lines<'_, T> {
    Lines { rest: numbers, length }
}

impl<'a, T> Iterator for Lines<'a, T> {
    type Item = &'a [T];

    #[inline(always)]
    fn next(&mut self) -> Option<&'a [T]> {
        let (line, rest) = self.rest.split_at_checked(self.length)?;
        self.rest = rest;
        Some(line)
    }
}

/// See [`Lines`].
pub(crate) struct LinesMut<'a, T> {
    rest: &'a mut [T],
    length: usize,
}

/// The lines of this length, without what is left at the end.
#[inline(always)]
pub(crate) fn lines_mut<T>(numbers: &mut [T], length: usize) -> LinesMut<'_, T> {
    LinesMut { rest: numbers, length }
}

impl<'a, T> Iterator for LinesMut<'a, T> {
    type Item = &'a mut [T];

    #[inline(always)]
    fn next(&mut self) -> Option<&'a mut [T]> {
        let (line, rest) = std::mem::take(&mut self.rest).split_at_mut_checked(self.length)?;
        self.rest = rest;
        Some(line)
    }
}

/// Where the weight of an input and an output stands.
pub(crate) fn position(inputs: usize, outputs: usize, columns: usize, input: usize, output: usize) -> usize {
    let in_panels = outputs - outputs % columns;
    if output < in_panels {
        (output / columns * inputs + input) * columns + output % columns
    } else {
        output * inputs + input
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_has_its_own_place() {
        for (inputs, outputs, columns) in [(1, 1, 4), (3, 7, 4), (5, 8, 4), (4, 5, 2), (2, 3, 2)] {
            let mut seen = vec![false; inputs * outputs];
            for input in 0..inputs {
                for output in 0..outputs {
                    let place = &mut seen[position(inputs, outputs, columns, input, output)];
                    assert!(!*place);
                    *place = true;
                }
            }
        }
    }
}
