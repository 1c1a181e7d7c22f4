//! Lane vectors, and numbers that become one.

use fearless_simd::{Bytes, Simd, SimdBase, SimdFloat, SimdMask, f32x4};

/// As many f32 as a register of the instruction set holds.
pub(crate) type Vector<S> = <S as Simd>::f32s;

/// The most lanes of any instruction set.
pub(crate) const MOST_LANES: usize = 16;

/// Lanes of the instruction set.
pub(crate) const fn lanes<S: Simd>() -> usize {
    <Vector<S> as SimdBase<S>>::LEN
}

/// The same number in every lane.
#[inline(always)]
pub(crate) fn splat<S: Simd>(simd: S, value: f32) -> Vector<S> {
    Vector::<S>::splat(simd, value)
}

/// `factor * other + addend`, rounded once.
#[inline(always)]
pub(crate) fn fused<S: Simd>(factor: Vector<S>, other: Vector<S>, addend: Vector<S>) -> Vector<S> {
    factor.mul_add_precise(other, addend)
}

/// The value where the mask holds, else 0.
#[inline(always)]
pub(crate) fn masked<S: Simd>(mask: S::mask32s, value: Vector<S>) -> Vector<S> {
    let bits: S::i32s = value.bitcast();
    (mask.to_vector() & bits).bitcast()
}

/// Four rows of four numbers as their columns.
#[inline(always)]
pub(crate) fn transposed<S: Simd>([first, second, third, fourth]: [f32x4<S>; 4]) -> [f32x4<S>; 4] {
    let (even_low, even_high) = (first.zip_low(third), first.zip_high(third));
    let (odd_low, odd_high) = (second.zip_low(fourth), second.zip_high(fourth));
    [even_low.zip_low(odd_low), even_low.zip_high(odd_low), even_high.zip_low(odd_high), even_high.zip_high(odd_high)]
}

/// Four lanes of a vector.
#[inline(always)]
pub(crate) fn quad_of<S: Simd>(vector: &mut Vector<S>, quad: usize) -> &mut [f32] {
    &mut vector.as_mut_slice()[quad * 4..][..4]
}

/// Whose numbers an operand of a kernel holds.
pub(crate) trait Operand<S: Simd> {
    /// A number as it is stored.
    type Number: Copy + Send;
    /// The most columns of a panel that is multiplied by it, with 16 registers: where a number must first be put in every
    /// lane, compilers take a register more.
    const COLUMNS_OF_A_PANEL: usize;
    /// The number in every lane.
    fn vector(simd: S, number: Self::Number) -> Vector<S>;
}

/// Each lane has its own.
pub(crate) struct Each;

impl<S: Simd> Operand<S> for Each {
    type Number = Vector<S>;
    const COLUMNS_OF_A_PANEL: usize = 3;

    #[inline(always)]
    fn vector(_: S, number: Vector<S>) -> Vector<S> {
        number
    }
}

/// All lanes share one.
pub(crate) struct Shared;

impl<S: Simd> Operand<S> for Shared {
    type Number = f32;
    const COLUMNS_OF_A_PANEL: usize = 2;

    #[inline(always)]
    fn vector(simd: S, number: f32) -> Vector<S> {
        splat(simd, number)
    }
}
