//! Mixup (Zhang et al. 2018): a row and another one, inputs and targets, in random shares.

use swath_lanes::philox::{self, Name};

use super::below;

/// Blocks of random bits that a row has: one for its partner, the others for as many tries to draw its share.
const BLOCKS: u32 = 64;

/// With which row one is mixed, and the share that it keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mixture {
    pub(super) partner: usize,
    pub(super) share: f32,
}

impl Mixture {
    /// Of a row of so many, from its own part of the stream of this name. The partner is any row, the row itself included.
    pub(super) fn new(name: Name, row: u32, rows: u32, alpha: f64) -> Self {
        let [w1, w2, w3] = name.words;
        let block = |index: u32| philox::block([row.wrapping_mul(BLOCKS).wrapping_add(index), w1, w2, w3], name.key);
        let [partner, ..] = block(0);
        let partner = below(partner, rows) as usize;
        let share = (1..BLOCKS).find_map(|attempt| {
            let [first, second, ..] = block(attempt);
            beta(alpha, [unit(first), unit(second)])
        });
        // The last of 63 tries fails less than once in 2^63 rows.
        Self { partner, share: share.unwrap_or(0.5) as f32 }
    }
}

/// A number of the symmetric Beta distribution from two uniform ones; `None` where they are rejected.
///
/// Up to 1 by Jöhnk (1964), in logarithms, as powers of 1 / alpha underflow; above by the polar method of Ulrich (1984).
fn beta(alpha: f64, [first, second]: [f64; 2]) -> Option<f64> {
    if alpha <= 1.0 {
        let (x, y) = (libm::log(first) / alpha, libm::log(second) / alpha);
        let larger = if x > y { x } else { y };
        let sum = larger + libm::log(libm::exp(x - larger) + libm::exp(y - larger));
        return (sum <= 0.0).then(|| libm::exp(x - sum));
    }
    let across = 2.0 * second - 1.0;
    let square = first * first + across * across;
    (square <= 1.0).then(|| {
        let spread = libm::sqrt(1.0 - libm::pow(square, 2.0 / (2.0 * alpha - 1.0)));
        0.5 + first * across / square * spread
    })
}

/// Uniform in `(0, 1)`.
fn unit(word: u32) -> f64 {
    (f64::from(word) + 0.5) * (1.0 / 4_294_967_296.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Stream};

    /// The symmetric Beta distribution has mean 1/2, variance 1 / (4 (2a + 1)) and excess kurtosis -6 / (2a + 3).
    #[test]
    fn shares_have_the_moments_of_the_beta_distribution() {
        let name = Stream::new(5, 1, Purpose::Mixup, 2).name();
        for alpha in [0.2, 0.5, 1.0, 1.5, 4.0] {
            let rows = 40_000_u32;
            let share = |row| f64::from(Mixture::new(name, row, rows, alpha).share);
            let shares: Vec<f64> = (0..rows).map(share).collect();
            let moment =
                |power| shares.iter().map(|share| (share - 0.5_f64).powi(power)).sum::<f64>() / f64::from(rows);
            let variance = 1.0 / (4.0 * (2.0 * alpha + 1.0));
            assert!(moment(1).abs() < 4.0 * (variance / f64::from(rows)).sqrt(), "alpha {alpha}");
            assert!((moment(2) / variance - 1.0).abs() < 0.04, "alpha {alpha}: {}", moment(2));
            let kurtosis = moment(4) / (variance * variance) - 3.0;
            assert!((kurtosis + 6.0 / (2.0 * alpha + 3.0)).abs() < 0.1, "alpha {alpha}: {kurtosis}");
            assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
        }
    }

    #[test]
    fn every_row_is_a_partner_as_often_as_another() {
        let name = Stream::new(5, 1, Purpose::Mixup, 2).name();
        let mut counts = [0_u32; 10];
        for row in 0..10_000 {
            counts[Mixture::new(name, row, 10, 0.2).partner] += 1;
        }
        assert!(counts.iter().all(|&count| count.abs_diff(1000) < 130), "{counts:?}");
    }

    #[test]
    fn a_small_alpha_leaves_rows_nearly_whole_and_no_share_is_lost() {
        let name = Stream::new(5, 1, Purpose::Mixup, 0).name();
        let shares: Vec<f32> = (0..1000).map(|row| Mixture::new(name, row, 1000, 1e-4).share).collect();
        // A share of about alpha * ln(99) lies between.
        assert!(shares.iter().filter(|share| **share < 0.01 || **share > 0.99).count() >= 995);
        assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
        assert!(shares.iter().filter(|share| **share > 0.5).count().abs_diff(500) < 70);
    }
}
