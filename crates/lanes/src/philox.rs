//! Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): random bits as a pure function of
//! a counter and a key.

const ROUNDS: usize = 10;
const FACTORS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Four words of random bits.
#[inline]
pub fn block(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    blocks::<1>([[counter[0]], [counter[1]], [counter[2]], [counter[3]]], [[key[0]], [key[1]]]).map(|[word]| word)
}

/// `N` blocks at once: word by word, each with its own counter and key.
#[inline(always)]
pub fn blocks<const N: usize>(mut counter: [[u32; N]; 4], mut key: [[u32; N]; 2]) -> [[u32; N]; 4] {
    for round in 0..ROUNDS {
        if round > 0 {
            for index in 0..N {
                key[0][index] = key[0][index].wrapping_add(STEPS[0]);
                key[1][index] = key[1][index].wrapping_add(STEPS[1]);
            }
        }
        let mut next = [[0; N]; 4];
        for index in 0..N {
            let first = u64::from(counter[0][index]) * u64::from(FACTORS[0]);
            let second = u64::from(counter[2][index]) * u64::from(FACTORS[1]);
            next[0][index] = (second >> 32) as u32 ^ counter[1][index] ^ key[0][index];
            next[1][index] = second as u32;
            next[2][index] = (first >> 32) as u32 ^ counter[3][index] ^ key[1][index];
            next[3][index] = first as u32;
        }
        counter = next;
    }
    counter
}

/// The name of a stream: everything of counter and key but the number of the block, which is the counter's first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Name {
    /// The key.
    pub key: [u32; 2],
    /// The counter's last three words.
    pub words: [u32; 3],
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three known-answer vectors of Random123 1.14 (`kat_vectors`, philox4x32 10).
    #[test]
    fn blocks_are_the_published_ones() {
        assert_eq!(block([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(block([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            block([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn blocks_side_by_side_are_those_alone() {
        let counter: [[u32; 5]; 4] = [[1, 2, 3, 4, 5], [9, 8, 7, 6, 5], [0, 0, 1, 1, 1], [4, 4, 4, 4, 5]];
        let key: [[u32; 5]; 2] = [[1, 1, 1, 2, 2], [7, 8, 9, 10, 11]];
        let together = blocks(counter, key);
        for index in 0..5 {
            let alone = block(counter.map(|words| words[index]), key.map(|words| words[index]));
            assert_eq!(together.map(|words| words[index]), alone);
        }
    }
}
