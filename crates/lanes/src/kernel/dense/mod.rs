//! Dense layers, forward and backward, in register tiles.
//!
//! Three products. Each sums one number after the other, in order and by fused multiply-adds, so that neither tiles nor
//! lanes change a bit. Matrices lie as [`super::panel`] says, and tiles run straight through them. The loops of a tile are
//! in such an order that its sums, one operand of each and one number of the other fill the 16 registers of AVX2.

mod backward;
mod forward;
mod gradient;

use fearless_simd::Simd;

pub(crate) use self::backward::backward;
pub(crate) use self::forward::forward;
pub(crate) use self::gradient::{Kept, Sink, begin_from, gradient};
use super::panel::ROWS;
use crate::lane::{Operand, Vector};

/// What becomes of a sum before it is stored.
pub(crate) trait Finish<S: Simd>: Copy {
    /// `block` and `unit` are the place in the product, whose rows have `units` numbers.
    fn finish(self, simd: S, block: usize, unit: usize, units: usize, sums: [Vector<S>; ROWS]) -> [Vector<S>; ROWS];
}

/// Numbers of an operand, in blocks of rows.
pub(crate) type Blocks<'a, S, O> = &'a [[<O as Operand<S>>::Number; ROWS]];

/// The sum as it is.
#[derive(Clone, Copy)]
pub(crate) struct Plain;

impl<S: Simd> Finish<S> for Plain {
    #[inline(always)]
    fn finish(self, _: S, _: usize, _: usize, _: usize, sums: [Vector<S>; ROWS]) -> [Vector<S>; ROWS] {
        sums
    }
}
