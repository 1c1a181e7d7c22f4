//! How matrices lie in memory, so that every kernel runs straight through them.
//!
//! Rows of a batch come in blocks of [`ROWS`]: a matrix of `[row][unit]` is stored as `[block][unit][row in block]`. The
//! columns of a weight matrix come in panels: `[panel][input][column in panel]`, first the widest; [`panels`] says how many
//! there are of each width.

use fearless_simd::Simd;

use crate::lane::{Operand, lanes};

/// Rows of a block.
pub(crate) const ROWS: usize = 4;

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

/// The most columns of a panel that is multiplied by such an operand. With [`ROWS`] they are as many sums as the registers
/// of the instruction set hold beside what is multiplied. Eight sums keep two units of four cycles each busy only if
/// nothing ever comes late: on an Intel Xeon, loads included, tiles of 4 by 2 reach 85 % of the peak of AVX2, those of 4 by
/// 3 all of it.
pub(crate) const fn most_columns<S: Simd, L: Operand<S>>() -> usize {
    // Sixteen lanes come with 32 registers. NEON has as many, but its speed is not measured yet.
    if lanes::<S>() == 16 { 4 } else { L::COLUMNS_OF_A_PANEL }
}

/// Of fewer columns too many would stand in other panels than those of three.
const FEW_COLUMNS: usize = 12;

/// How many panels of 4, of 3, of 2 columns and of one column hold so many columns, in this order: none of one where
/// there are others. `most` is [`most_columns`].
pub(crate) const fn panels(most: usize, columns: usize) -> [usize; 4] {
    let most = match most {
        3 if columns < FEW_COLUMNS => 2,
        most => most,
    };
    let mut counts = [0; 4];
    let mut full = columns / most;
    let mut rest = columns % most;
    if rest == 1 && full > 0 {
        full -= 1;
        rest += most;
    }
    counts[4 - most] = full;
    match rest {
        5 => (counts[1], counts[2]) = (1, 1),
        4 => counts[2] = 2,
        3 => counts[1] = 1,
        2 => counts[2] += 1,
        1 => counts[3] = 1,
        _ => (),
    }
    counts
}

/// Where the weights of an input stand: of the output `output`, from the first input on, and how far apart from each
/// other.
pub(crate) fn column(most: usize, inputs: usize, outputs: usize, output: usize) -> [usize; 2] {
    let mut first = 0;
    for (count, columns) in panels(most, outputs).into_iter().zip([4, 3, 2, 1]) {
        if output < first + count * columns {
            let panel = (output - first) / columns;
            let start = (first + panel * columns) * inputs;
            return [start + (output - first) % columns, columns];
        }
        first += count * columns;
    }
    [outputs * inputs, 1]
}

/// Where the weight of an input and an output stands.
pub(crate) fn position(most: usize, [inputs, outputs]: [usize; 2], input: usize, output: usize) -> usize {
    let [start, apart] = column(most, inputs, outputs, output);
    start + input * apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weight_has_its_own_place() {
        for most in [2, 3, 4] {
            for (inputs, outputs) in [(1, 1), (3, 7), (5, 8), (4, 5), (2, 3), (6, 4), (3, 9), (2, 2), (1, 13), (2, 6)] {
                let mut seen = vec![false; inputs * outputs];
                for input in 0..inputs {
                    for output in 0..outputs {
                        let place = &mut seen[position(most, [inputs, outputs], input, output)];
                        assert!(!*place);
                        *place = true;
                    }
                }
            }
        }
    }
}
