//! Dense layers, forward and backward, in register tiles.
//!
//! Two products, of which one also leads back, by transposed weights. Each sums one number after the other, in order and
//! by fused multiply-adds, so that neither tiles nor lanes change a bit. Matrices lie as [`super::panel`] says, and tiles run straight through them. The loops of a tile are
//! in such an order that its sums, one operand of each and one number of the other fill the 16 registers of AVX2.

mod forward;
mod gradient;
mod transposed;

use fearless_simd::Simd;

pub(crate) use self::forward::forward;
pub(crate) use self::gradient::{Kept, Sink, begin_from, gradient};
pub(crate) use self::transposed::transpose;
use super::panel::ROWS;
use crate::lane::{Operand, Vector};

/// What becomes of a sum before it is stored.
pub(crate) trait Finish<S: Simd>: Copy {
    /// Sums of some units that stand side by side in the product, from `place` on.
    fn finish<const UNITS: usize>(
        self,
        simd: S,
        place: usize,
        sums: [[Vector<S>; ROWS]; UNITS],
    ) -> [[Vector<S>; ROWS]; UNITS];
}

/// Numbers of an operand, in blocks of rows.
pub(crate) type Blocks<'a, S, O> = &'a [[<O as Operand<S>>::Number; ROWS]];

/// The sum as it is.
#[derive(Clone, Copy)]
pub(crate) struct Plain;

impl<S: Simd> Finish<S> for Plain {
    #[inline(always)]
    fn finish<const UNITS: usize>(
        self,
        _: S,
        _: usize,
        sums: [[Vector<S>; ROWS]; UNITS],
    ) -> [[Vector<S>; ROWS]; UNITS] {
        sums
    }
}
