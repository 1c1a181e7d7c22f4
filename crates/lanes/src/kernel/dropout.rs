//! Dropout (Srivastava et al. 2014): in training each element is kept with probability 1 - rate and multiplied by
//! 1 / (1 - rate).

use fearless_simd::{Simd, SimdBase};

use crate::lane::{Vector, lanes, splat};
use crate::philox::{self, Name};

/// The widest lane vector.
const WIDEST: usize = 16;

/// Masks of one epoch, each lane's from its own stream: step by step, within a step layer by layer from the inputs on,
/// within a layer row by row in the order of the batch, within a row unit by unit. An element is dropped where its 24
/// random bits, as a number in `[0, 1)`, are below the rate.
pub(crate) struct Dropout {
    /// Numbers of 24 bits below this drop.
    threshold: u32,
    kept: f32,
    keys: [[u32; WIDEST]; 2],
    words: [[u32; WIDEST]; 3],
}

impl Dropout {
    /// The masks of these streams; of as many as there are lanes.
    pub(crate) fn new(rate: f64, names: &[Name]) -> Self {
        let mut dropout = Self {
            // A whole number is below rate * 2^24 where it is below the next whole number at or above that.
            threshold: (rate * f64::from(1u32 << 24)).ceil() as u32,
            kept: (1.0 / (1.0 - rate)) as f32,
            keys: [[0; WIDEST]; 2],
            words: [[0; WIDEST]; 3],
        };
        for (lane, name) in names.iter().enumerate().take(WIDEST) {
            for word in 0..2 {
                dropout.keys[word][lane] = name.key[word];
            }
            for word in 0..3 {
                dropout.words[word][lane] = name.words[word];
            }
        }
        dropout
    }

    /// Calls `apply` with the index and the mask of each of `count` elements, which begin at `start` in the epoch.
    #[inline(always)]
    pub(crate) fn masks<S: Simd>(&self, simd: S, start: u64, count: usize, mut apply: impl FnMut(usize, Vector<S>)) {
        let mut index = 0;
        let mut within = (start % 4) as usize;
        let mut number = (start / 4) as u32;
        let (kept, zero) = (self.kept, splat(simd, 0.0));
        while index < count {
            let words = philox::blocks([[number; WIDEST], self.words[0], self.words[1], self.words[2]], self.keys);
            while within < 4 && index < count {
                let mut mask = zero;
                for lane in 0..lanes::<S>() {
                    let is_kept = words[within][lane] >> 8 >= self.threshold;
                    mask.as_mut_slice()[lane] = if is_kept { kept } else { 0.0 };
                }
                apply(index, mask);
                index += 1;
                within += 1;
            }
            within = 0;
            number = number.wrapping_add(1);
        }
    }
}

/// The masks of one stream, one after the other; see [`Dropout`].
pub(crate) struct Masks {
    threshold: u32,
    kept: f32,
    name: Name,
    next: u64,
    words: [u32; 4],
}

impl Masks {
    /// Those from `start` on.
    pub(crate) fn new(rate: f64, name: Name, start: u64) -> Self {
        let Dropout { threshold, kept, .. } = Dropout::new(rate, &[]);
        let mut masks = Self { threshold, kept, name, next: start, words: [0; 4] };
        masks.words = masks.block();
        masks
    }

    fn block(&self) -> [u32; 4] {
        let [first, second, third] = self.name.words;
        philox::block([(self.next / 4) as u32, first, second, third], self.name.key)
    }
}

impl Iterator for Masks {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.next.is_multiple_of(4) {
            self.words = self.block();
        }
        let word = self.words[(self.next % 4) as usize];
        self.next += 1;
        Some(if word >> 8 >= self.threshold { self.kept } else { 0.0 })
    }
}
