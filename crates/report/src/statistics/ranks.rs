//! Ranks of points over data sets, or over replicates, and their tests (Demsar 2006).

use super::alpha::Alpha;
use super::distribution::{
    chi_squared_upper_tail, fisher_f_upper_tail, studentised_range_quantile, studentised_range_upper_tail,
};
use super::sum::{mean, sum};

/// Friedman's test of whether points rank differently, with the sharper form of Iman and Davenport.
#[derive(Clone, Debug, PartialEq)]
pub struct Friedman {
    /// The number of blocks: data sets, or replicates.
    pub blocks: usize,
    /// The mean rank of each point; 1 is the smallest value.
    pub mean_ranks: Vec<f64>,
    /// Chi squared with points - 1 degrees of freedom, corrected for ties (SciPy's `friedmanchisquare`).
    pub chi_squared: f64,
    /// Its p value: an approximation, rough for few blocks.
    pub p: f64,
    /// F of Iman and Davenport (1980) with its p; `None` for one block or if all blocks agree wholly.
    pub iman_davenport: Option<(f64, f64)>,
}

/// The ranks of the values, from 1 for the smallest; tied values share the mean of their ranks. NaN ranks last.
pub fn average_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    // Adding 0 makes -0 and 0 tie.
    let key = |place: usize| values[place] + 0.0;
    order.sort_by(|one, other| key(*one).total_cmp(&key(*other)));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for tied in order.chunk_by(|one, other| key(*one).total_cmp(&key(*other)).is_eq()) {
        let rank = start as f64 + (tied.len() + 1) as f64 / 2.0;
        for place in tied {
            ranks[*place] = rank;
        }
        start += tied.len();
    }
    ranks
}

/// Ranks the points within each block and tests the ranks; `blocks[block][point]`.
///
/// `None` for fewer than two points or no block, for rows of different lengths, if a value is not finite, or if all
/// values of every block are tied.
pub fn friedman(blocks: &[Vec<f64>]) -> Option<Friedman> {
    let points = blocks.first()?.len();
    let whole = |block: &Vec<f64>| block.len() == points && block.iter().all(|value| value.is_finite());
    if points < 2 || !blocks.iter().all(whole) {
        return None;
    }
    let ranks: Vec<Vec<f64>> = blocks.iter().map(|block| average_ranks(block)).collect();
    let mean_ranks = (0..points)
        .map(|point| mean(&ranks.iter().map(|ranks| ranks[point]).collect::<Vec<_>>()))
        .collect::<Option<Vec<f64>>>()?;
    let (n, k) = (blocks.len() as f64, points as f64);
    let centre = f64::midpoint(k, 1.0);
    let between = n * sum(mean_ranks.iter().map(|rank| (rank - centre) * (rank - centre)));
    let within = sum(ranks.iter().flatten().map(|rank| (rank - centre) * (rank - centre)));
    if within <= 0.0 {
        return None;
    }
    let chi_squared = n * (k - 1.0) * between / within;
    let rest = n * (k - 1.0) - chi_squared;
    let iman_davenport = (n > 1.0 && rest > 1e-9 * n * k)
        .then(|| (n - 1.0) * chi_squared / rest)
        .and_then(|f| Some((f, fisher_f_upper_tail(f, k - 1.0, (k - 1.0) * (n - 1.0))?)));
    let p = chi_squared_upper_tail(chi_squared, k - 1.0)?;
    Some(Friedman { blocks: blocks.len(), mean_ranks, chi_squared, p, iman_davenport })
}

impl Friedman {
    /// The difference of two mean ranks from which they are told apart (Nemenyi 1963); `None` if `alpha` is too small
    /// for a quantile.
    pub fn critical_difference(&self, alpha: Alpha) -> Option<f64> {
        let quantile = studentised_range_quantile(1.0 - alpha.get(), self.mean_ranks.len())?;
        Some(quantile / 2.0_f64.sqrt() * self.rank_error())
    }

    /// Nemenyi's p for two points (scikit-posthocs' `posthoc_nemenyi_friedman`); `None` if there is no such point.
    pub fn nemenyi_p(&self, one: usize, other: usize) -> Option<f64> {
        let distance = (self.mean_ranks.get(one)? - self.mean_ranks.get(other)?).abs();
        studentised_range_upper_tail(distance / self.rank_error() * 2.0_f64.sqrt(), self.mean_ranks.len())
    }

    fn rank_error(&self) -> f64 {
        let k = self.mean_ranks.len() as f64;
        (k * (k + 1.0) / (6.0 * self.blocks as f64)).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::golden::{assert_digits, assert_near};

    fn golden_blocks() -> Vec<Vec<f64>> {
        [
            [0.26, 0.25, 0.30, 0.24],
            [0.25, 0.26, 0.31, 0.23],
            [0.27, 0.24, 0.29, 0.25],
            [0.26, 0.25, 0.33, 0.24],
            [0.28, 0.26, 0.30, 0.25],
            [0.25, 0.24, 0.32, 0.23],
        ]
        .map(|block| block.to_vec())
        .to_vec()
    }

    #[test]
    fn friedman_and_nemenyi_of_the_golden_matrix_agree_with_scipy_and_scikit_posthocs() {
        // SciPy 1.17: friedmanchisquare, studentized_range; scikit-posthocs 0.17: posthoc_nemenyi_friedman.
        let friedman = friedman(&golden_blocks()).unwrap();
        assert_near(friedman.chi_squared, 15.8, 1e-9);
        assert_digits(friedman.p, "0.00124623");
        for (rank, golden) in friedman.mean_ranks.iter().zip(["2.8333", "2.0", "4.0", "1.1667"]) {
            assert_digits(*rank, golden);
        }
        assert_digits(friedman.critical_difference(Alpha::FIVE_PERCENT).unwrap(), "1.914843");
        assert_digits(friedman.nemenyi_p(0, 1).unwrap(), "0.678388");
        assert_digits(friedman.nemenyi_p(1, 2).unwrap(), "0.036648");
        assert_digits(friedman.nemenyi_p(2, 3).unwrap(), "0.000829");
        assert_eq!(friedman.nemenyi_p(0, 4), None);
    }

    #[test]
    fn iman_and_davenport_follow_from_chi_squared() {
        // By hand from chi squared 15.8 with 6 blocks and 4 points: 5 * 15.8 / (18 - 15.8); SciPy 1.17: stats.f.sf.
        let (f, p) = friedman(&golden_blocks()).unwrap().iman_davenport.unwrap();
        assert_near(f, 79.0 / 2.2, 1e-9);
        assert_near(p, 4.361_314_539e-7, 1e-6);
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(average_ranks(&[2.0, 1.0, 2.0, 3.0]), [2.5, 1.0, 2.5, 4.0]);
        assert_eq!(average_ranks(&[0.0, -0.0]), [1.5, 1.5]);
    }

    #[test]
    fn tied_blocks_agree_with_scipy() {
        // SciPy 1.17: friedmanchisquare over the columns.
        let blocks = [vec![1.0, 1.0, 2.0], vec![1.0, 2.0, 3.0], vec![2.0, 2.0, 2.0], vec![3.0, 1.0, 4.0]];
        let friedman = friedman(&blocks).unwrap();
        assert_near(friedman.chi_squared, 4.909_090_909_090_909, 1e-9);
        assert_near(friedman.p, 0.085_902_233_037_876_3, 1e-6);
    }

    #[test]
    fn what_cannot_be_ranked_gives_nothing() {
        assert_eq!(friedman(&[]), None);
        assert_eq!(friedman(&[vec![1.0]]), None);
        assert_eq!(friedman(&[vec![1.0, 2.0], vec![1.0]]), None);
        assert_eq!(friedman(&[vec![1.0, f64::NAN]]), None);
        assert_eq!(friedman(&[vec![1.0, 1.0], vec![2.0, 2.0]]), None);
    }

    #[test]
    fn blocks_that_agree_wholly_have_no_f() {
        assert_eq!(friedman(&[vec![1.0, 2.0], vec![3.0, 4.0]]).unwrap().iman_davenport, None);
    }

    proptest! {
        #[test]
        fn permuting_blocks_or_points_permutes_the_ranks_and_leaves_p(
            blocks in prop::collection::vec(prop::collection::vec(-1.0..1.0_f64, 4), 2..8), turn in 0..8_usize
        ) {
            let before = friedman(&blocks).unwrap();
            let mut turned = blocks.clone();
            turned.rotate_left(turn % blocks.len());
            prop_assert_eq!(&friedman(&turned).unwrap(), &before);
            for block in &mut turned {
                block.rotate_left(turn % 4);
            }
            let after = friedman(&turned).unwrap();
            let mut ranks = before.mean_ranks.clone();
            ranks.rotate_left(turn % 4);
            prop_assert_eq!(after.mean_ranks, ranks);
            prop_assert_eq!(after.p.to_bits(), before.p.to_bits());
        }
    }
}
