//! What the processor can do at most.

use std::hint::black_box;

use fearless_simd::{Simd, SimdBase};

use crate::fastest;
use crate::lane::{fused, lanes, splat};

/// Sums that depend on none of the others: as many as two units of four cycles each need, and half as many more.
const SUMS: usize = 12;
const REPETITIONS: usize = 20_000;

/// Fused multiply-adds a second, over all lanes.
pub(crate) fn measure<S: Simd>(simd: S) -> f64 {
    let seconds = fastest(|| {
        simd.vectorize(
            #[inline(always)]
            || {
                let (factor, addend) = (splat(simd, black_box(0.999)), splat(simd, black_box(0.001)));
                let mut sums = [splat(simd, black_box(1.0)); SUMS];
                for _ in 0..REPETITIONS {
                    for sum in &mut sums {
                        *sum = fused::<S>(*sum, factor, addend);
                    }
                }
                for sum in sums {
                    black_box(sum.as_slice()[0]);
                }
            },
        );
    });
    (SUMS * REPETITIONS * lanes::<S>()) as f64 / seconds
}
