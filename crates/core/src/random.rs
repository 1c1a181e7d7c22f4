//! Counter-based random streams: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
//!
//! A stream is named by (seed, replicate, [`Purpose`], layer or epoch) and is a pure function of that name, so that a
//! draw never depends on what else was drawn, on the grid, on the order of trials or on the number of threads:
//! the key is the seed, and the counter's words are index, layer or epoch, purpose, replicate.

use swath_lanes::philox;

/// What a stream is for. The numbers are part of every result: they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The fixed sample of the data's rows.
    Sample = 1,
    /// The test rows, and each replicate's training and validation rows.
    Split = 2,
    /// Initial weights, by layer.
    Initialize = 3,
    /// The order of the training rows, by epoch.
    Order = 4,
    /// Dropout masks, by epoch.
    Dropout = 5,
    /// Masks of weights, by epoch.
    DropConnect = 6,
    /// The order in which a replicate's training rows are taken where it learns from some of them.
    TrainingRows = 7,
    /// How pictures are turned, moved and blotted, by epoch and row.
    Augmentation = 8,
    /// Noise on the inputs, by epoch and row.
    Noise = 9,
    /// With which row one is mixed, and in which shares, by epoch and row.
    Mixup = 10,
    /// The training rows that are drawn with replacement.
    Bootstrap = 11,
}

/// One stream of random numbers.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    /// The counter's words 1 to 3; word 0 is the block index.
    name: [u32; 3],
    next_block: u32,
    block: [u32; 4],
    used: usize,
}

impl Stream {
    /// The stream of this name. `part` is the layer or the epoch, 0 where there is neither.
    pub fn new(seed: u64, replicate: u32, purpose: Purpose, part: u32) -> Self {
        Self {
            key: [seed as u32, (seed >> 32) as u32],
            name: [part, purpose as u32, replicate],
            next_block: 0,
            block: [0; 4],
            used: 4,
        }
    }

    /// Its name, for what draws from it by itself.
    pub fn name(&self) -> philox::Name {
        philox::Name { key: self.key, words: self.name }
    }

    /// 32 random bits. A stream holds 2^34 of these, then repeats.
    pub fn next_u32(&mut self) -> u32 {
        if self.used == 4 {
            let [part, purpose, replicate] = self.name;
            self.block = philox::block([self.next_block, part, purpose, replicate], self.key);
            self.next_block = self.next_block.wrapping_add(1);
            self.used = 0;
        }
        let word = self.block[self.used];
        self.used += 1;
        word
    }

    /// Uniform in `0..bound`, exactly, by Lemire's rejection ("Fast random integer generation in an interval", 2019).
    /// A bound of 0 is taken as 1.
    pub fn below(&mut self, bound: u32) -> u32 {
        let bound = bound.max(1);
        loop {
            let product = u64::from(self.next_u32()) * u64::from(bound);
            // The threshold is below the bound, so that its division is seldom needed.
            if product as u32 >= bound || product as u32 >= bound.wrapping_neg() % bound {
                return (product >> 32) as u32;
            }
        }
    }

    /// Uniform in `[0, 1)`, one of 2^24 values with equal steps.
    pub fn unit_f32(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// Uniform in `[0, 1)`, one of 2^53 values with equal steps.
    pub fn unit_f64(&mut self) -> f64 {
        let high = u64::from(self.next_u32());
        let low = u64::from(self.next_u32());
        ((high << 32 | low) >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A standard normal number (Box and Muller 1958), with the same bits on every machine. Two uniform draws each.
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit_f64()));
        radius * libm::cos(2.0 * std::f64::consts::PI * self.unit_f64())
    }

    /// The numbers `0..count` in random order (Fisher and Yates, as Durstenfeld 1964).
    pub fn permutation(&mut self, count: u32) -> Vec<u32> {
        let mut order: Vec<u32> = (0..count).collect();
        for last in (1..order.len()).rev() {
            let chosen = self.below(last as u32 + 1) as usize;
            order.swap(last, chosen);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn streams_of_different_names_differ() {
        let first = |stream: &mut Stream| (0..8).map(|_| stream.next_u32()).collect::<Vec<_>>();
        let reference = first(&mut Stream::new(7, 0, Purpose::Order, 0));
        assert_eq!(reference, first(&mut Stream::new(7, 0, Purpose::Order, 0)));
        for mut other in [
            Stream::new(8, 0, Purpose::Order, 0),
            Stream::new(7 + (1 << 32), 0, Purpose::Order, 0),
            Stream::new(7, 1, Purpose::Order, 0),
            Stream::new(7, 0, Purpose::Split, 0),
            Stream::new(7, 0, Purpose::Order, 1),
        ] {
            assert_ne!(reference, first(&mut other));
        }
    }

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1() {
        let mut stream = Stream::new(1, 0, Purpose::Initialize, 0);
        let draws: Vec<f64> = (0..20_000).map(|_| stream.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 4.0 / 20_000f64.sqrt(), "mean {mean}");
        assert!((variance - 1.0).abs() < 4.0 * (2.0 / 20_000f64).sqrt(), "variance {variance}");
    }

    proptest! {
        #[test]
        fn a_permutation_holds_every_number_once(seed: u64, count in 0u32..200) {
            let mut order = Stream::new(seed, 0, Purpose::Order, 0).permutation(count);
            order.sort_unstable();
            prop_assert_eq!(order, (0..count).collect::<Vec<_>>());
        }

        #[test]
        fn a_bounded_number_stays_below_its_bound(seed: u64, bound in 1u32..) {
            let mut stream = Stream::new(seed, 3, Purpose::Split, 1);
            for _ in 0..20 {
                prop_assert!(stream.below(bound) < bound);
            }
        }

        #[test]
        fn a_unit_number_stays_below_1(seed: u64) {
            let mut stream = Stream::new(seed, 3, Purpose::Dropout, 1);
            for _ in 0..20 {
                prop_assert!((0.0..1.0).contains(&stream.unit_f32()));
                prop_assert!((0.0..1.0).contains(&stream.unit_f64()));
            }
        }
    }
}
