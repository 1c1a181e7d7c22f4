//! The seeded stream of the bootstrap.

/// `SplitMix64` (Steele, Lea and Flood 2014): the same numbers on every machine and in every version.
#[derive(Clone, Debug)]
pub(super) struct Stream(u64);

impl Stream {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number under `bound`, uniform but for a share of 2^-64 per value; 0 for a bound of 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Stream;

    #[test]
    fn the_first_numbers_are_those_of_the_reference_program() {
        // Vigna's splitmix64.c with the state 1234567.
        let mut stream = Stream::new(1_234_567);
        let golden = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(golden.map(|_| stream.next()), golden);
    }

    #[test]
    fn numbers_stay_under_their_bound_and_reach_all_of_it() {
        let mut stream = Stream::new(7);
        let mut seen = [false; 5];
        for _ in 0..200 {
            seen[stream.below(5)] = true;
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(stream.below(0), 0);
    }
}
