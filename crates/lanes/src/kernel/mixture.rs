//! Rows that are in part of another class (mixup, Zhang et al. 2018).
//!
//! Their loss is (1 - s) * loss of the own class + s * loss of the other, s being the share of the other. Cross-entropies
//! are linear in the target, so their gradients are those against the target (1 - s) * own + s * other.

use fearless_simd::{Select, Simd, SimdBase};

use super::panel::ROWS;
use crate::lane::{MOST_LANES, Vector, fused, splat};
use crate::rows::{Rows, Targets};

/// Of the rows of a block, one a row: the other classes, and their shares.
#[derive(Clone, Copy)]
pub(crate) struct Mixture<'a, S: Simd> {
    pub(crate) others: &'a [Vector<S>],
    pub(crate) shares: &'a [Vector<S>],
}

/// Of one row: its class, the other one, and the share of the other.
#[derive(Clone, Copy)]
pub(crate) struct Mixed<S: Simd> {
    own: Vector<S>,
    other: Vector<S>,
    share: Vector<S>,
}

/// Whether rows are in part of other classes.
pub(crate) fn is_mixed(rows: Rows<'_>) -> bool {
    matches!(rows.targets, Targets::Mixed { .. })
}

impl<S: Simd> Mixture<'_, S> {
    /// Of a row of this class.
    #[inline(always)]
    pub(crate) fn of(&self, row: usize, own: Vector<S>) -> Option<Mixed<S>> {
        Some(Mixed { own, other: *self.others.get(row)?, share: *self.shares.get(row)? })
    }
}

impl<S: Simd> Mixed<S> {
    /// How much the row is of a class.
    #[inline(always)]
    pub(crate) fn target(self, simd: S, class: usize) -> Vector<S> {
        let (class, zero) = (splat(simd, class as f32), splat(simd, 0.0));
        let own = self.own.simd_eq(class).select(splat(simd, 1.0) - self.share, zero);
        own + self.other.simd_eq(class).select(self.share, zero)
    }

    /// What its loss by softmax has more than that of its own class: the share of the difference of the two logits. NaN
    /// where one of them is no class.
    #[inline(always)]
    pub(crate) fn surplus(self, simd: S, row: usize, logits: &[[Vector<S>; ROWS]]) -> Vector<S> {
        let nan = splat(simd, f32::NAN);
        let (mut of_own, mut of_other) = (nan, nan);
        for (class, logits) in logits.iter().enumerate() {
            let class = splat(simd, class as f32);
            of_own = self.own.simd_eq(class).select(logits[row], of_own);
            of_other = self.other.simd_eq(class).select(logits[row], of_other);
        }
        self.share * (of_own - of_other)
    }

    /// The target of one output that stands for two classes.
    #[inline(always)]
    pub(crate) fn between(self) -> Vector<S> {
        fused::<S>(self.share, self.other - self.own, self.own)
    }
}

/// The other classes and their shares in the rows `order[lane]` of each lane.
#[inline(always)]
pub(crate) fn gather_mixtures<S: Simd>(
    lanes: usize,
    data: &[Rows<'_>; MOST_LANES],
    order: &[&[u32]; MOST_LANES],
    to_others: &mut [Vector<S>],
    to_shares: &mut [Vector<S>],
) {
    for lane in 0..lanes {
        let Targets::Mixed { others, shares, .. } = data[lane].targets else { continue };
        for ((to_other, to_share), row) in to_others.iter_mut().zip(to_shares.iter_mut()).zip(order[lane]) {
            to_other.as_mut_slice()[lane] = others[*row as usize] as f32;
            to_share.as_mut_slice()[lane] = shares[*row as usize];
        }
    }
}
