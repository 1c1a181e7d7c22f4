//! What is minimised besides the plain loss: smoothed labels, and classes that count more than others.
//!
//! The gradient of the smoothed loss is that of the plain one plus a * (y - 1 / classes) * share, with y 1 for the row's
//! class and 0 for the others; that of the weighted mean, sum of w * loss / sum of w, has each row times w * rows / (sum
//! of w). Losses themselves stay plain: they are what is reported. A row of two classes has its shares of each for y, and
//! the weight of each in that share.

use fearless_simd::{Select, Simd, SimdBase};

use super::mixture::Mixture;
use super::panel::{ROWS, lines_mut};
use crate::lane::{Vector, fused, splat};
use crate::rows::Targets;

/// What smoothing adds to a row's gradients: to that of its class, and to the others.
pub(crate) fn tilts(smoothing: f64, width: usize, batch_rows: usize) -> [f32; 2] {
    // A single output stands for two classes.
    let classes = width.max(2) as f64;
    let share = smoothing / batch_rows as f64;
    [(share * (1.0 - 1.0 / classes)) as f32, (-share / classes) as f32]
}

/// What the gradients of each row of a batch are multiplied by: its weight over the mean weight of the batch.
pub(crate) struct Factors<'a> {
    weights: &'a [f32],
    targets: Targets<'a>,
    /// Rows over the sum of their weights, which is taken in order.
    scale: f64,
}

impl<'a> Factors<'a> {
    /// Of a batch, by the weights of the classes; without any, every factor is 1.
    pub(crate) fn new(weights: &'a [f32], targets: Targets<'a>, batch: &[u32]) -> Self {
        let mut factors = Self { weights, targets, scale: 1.0 };
        let total: f64 = batch.iter().map(|row| factors.weight(*row)).sum();
        factors.scale = batch.len() as f64 / total;
        factors
    }

    fn weight(&self, row: u32) -> f64 {
        match self.targets {
            _ if self.weights.is_empty() => 1.0,
            Targets::Numbers(_) => 1.0,
            Targets::Classes(classes) => self.of_class(classes[row as usize]),
            Targets::Mixed { classes, others, shares } => {
                let share = f64::from(shares[row as usize]);
                (1.0 - share) * self.of_class(classes[row as usize]) + share * self.of_class(others[row as usize])
            }
        }
    }

    fn of_class(&self, class: u32) -> f64 {
        self.weights.get(class as usize).map_or(f64::NAN, |weight| f64::from(*weight))
    }

    /// Of a row.
    pub(crate) fn of(&self, row: u32) -> f32 {
        (self.weight(row) * self.scale) as f32
    }
}

/// Turns gradients of the plain loss into those of the smoothed and weighted one. `targets`, and `mixture` and `factors`
/// if there are any, are one a row; rows that only fill the last block stay as they are.
#[inline(always)]
pub(crate) fn smooth_and_weigh<S: Simd>(
    simd: S,
    width: usize,
    tilts: Option<[f32; 2]>,
    targets: &[Vector<S>],
    mixture: Option<Mixture<'_, S>>,
    factors: Option<&[Vector<S>]>,
    gradients: &mut [[Vector<S>; ROWS]],
) {
    for (block, (gradients, targets)) in lines_mut(gradients, width).zip(targets.chunks(ROWS)).enumerate() {
        for (row, target) in targets.iter().enumerate() {
            if let Some(tilts) = tilts {
                let [own, other] = tilts.map(|tilt| splat(simd, tilt));
                let mixed = mixture.and_then(|mixture| mixture.of(block * ROWS + row, *target));
                for (class, gradient) in gradients.iter_mut().enumerate() {
                    // A single output is that of class 1.
                    let class = if width == 1 { 1 } else { class };
                    if let Some(mixed) = mixed {
                        gradient[row] += fused::<S>(mixed.target(simd, class), own - other, other);
                        continue;
                    }
                    let is_target = target.simd_eq(splat(simd, class as f32));
                    gradient[row] += is_target.select(own, other);
                }
            }
            if let Some(factor) = factors.and_then(|factors| factors.get(block * ROWS + row)) {
                for gradient in gradients.iter_mut() {
                    gradient[row] *= *factor;
                }
            }
        }
    }
}
